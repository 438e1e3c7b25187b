//! What is wrong with a text of rules.

use apigen_model::diagnostic::{Diagnostic, DocumentId, Report};
use apigen_model::source::json::{Node, Span, Value};
use apigen_model::vocabulary::suggestions::{meant, shown};

/// The rules cannot be read: not UTF-8, neither TOML nor JSON.
pub(super) const UNREADABLE: &str = "E070";
/// A rule has an unknown key, or a value that its key does not take.
pub(super) const FORM: &str = "E071";
/// The spec has no such operation.
pub(super) const OPERATION: &str = "E072";
/// A condition is not one that requests can meet.
pub(super) const CONDITION: &str = "E073";
/// A response violates the spec.
pub(super) const RESPONSE: &str = "E074";
/// There are too many rules, or they are too large.
pub(super) const LIMIT: &str = "E075";

/// Rules after this many problems are not checked: nobody reads more, and suggestions take time.
const MAX: usize = 100;

/// Collects the problems of one text.
pub(super) struct Problems {
    report: Report,
    document: DocumentId,
    count: usize,
    /// Set while one of several types is tried: a problem then says only that the value is not of this type.
    trial: bool,
}

impl Problems {
    pub(super) fn new(name: &str, text: &str) -> Problems {
        let mut report = Report::default();
        let document = report.add_document(name, text);
        Problems { report, document, count: 0, trial: false }
    }

    pub(super) fn add(&mut self, code: &'static str, at: Span, message: impl Into<String>, help: Option<String>) {
        self.count += 1;
        if (!self.trial && self.count <= MAX) || code == LIMIT {
            self.report.push(Diagnostic::error(code, at, message).help(help).in_document(self.document));
        }
    }

    pub(super) fn are_there(&self) -> bool {
        self.count > 0
    }

    pub(super) fn is_full(&self) -> bool {
        self.count >= MAX
    }

    /// Suggests a known name in place of an unknown one, or lists all.
    pub(super) fn suggestion(&self, name: &str, known: &[&str], all: &str) -> Option<String> {
        if self.is_full() || known.is_empty() {
            return None;
        }
        Some(match meant(name, known) {
            Some(near) => format!("did you mean `{near}`?"),
            None => format!("{all}: {}", shown(known)),
        })
    }

    /// Begins to try one of several types: until [`end_trial`](Self::end_trial), problems are not reported.
    pub(super) fn begin_trial(&mut self) -> Trial {
        Trial { count: self.count, outer: std::mem::replace(&mut self.trial, true) }
    }

    /// Returns true if the trial found no problem.
    pub(super) fn end_trial(&mut self, trial: Trial) -> bool {
        let passed = self.count == trial.count;
        (self.count, self.trial) = (trial.count, trial.outer);
        passed
    }

    /// Returns the report if there are problems.
    pub(super) fn outcome(self) -> Result<(), Report> {
        if self.report.has_errors() { Err(self.report) } else { Ok(()) }
    }
}

/// The state before a trial.
pub(super) struct Trial {
    count: usize,
    outer: bool,
}

/// Returns the place of a value: all of a text or number, the bracket of an object or array.
pub(super) fn place(node: &Node) -> Span {
    match node.value {
        Value::Object(_) | Value::Array(_) => Span { end: node.span.end.min(node.span.start + 1), ..node.span },
        _ => node.span,
    }
}
