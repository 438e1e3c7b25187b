//! Machine-readable reports: JSON, and workflow annotations of GitHub.

use std::fmt::Write as _;

use serde_json::json;

use super::lines::Place;
use super::{Document, DocumentId, Report, Severity};
use crate::source::json::Span;

impl Report {
    /// Formats all problems as a JSON array of objects with `code`, `severity`, `message` and, if known, `help`,
    /// `file`, `line`, `column`, `end_line`, `end_column` (from 1, columns in characters; the end is after the last character).
    pub fn to_json(&self) -> String {
        let objects = self.diagnostics().into_iter().map(|d| {
            let mut object = json!({ "code": d.code, "severity": d.severity.word(), "message": d.message });
            if let Some(help) = &d.help {
                object["help"] = help.as_str().into();
            }
            if let Some((document, from, to)) = self.range(d.document, d.span) {
                object["file"] = document.name.as_str().into();
                object["line"] = from.line.into();
                object["column"] = from.column.into();
                object["end_line"] = to.line.into();
                object["end_column"] = to.column.into();
            }
            object
        });
        // serde_json can always serialise objects with string keys.
        format!("{:#}\n", serde_json::Value::Array(objects.collect()))
    }

    /// Formats all problems as workflow commands of GitHub, one per line.
    pub fn to_github(&self) -> String {
        let mut text = String::new();
        for d in self.diagnostics() {
            let _ = write!(text, "::{} ", d.severity.word());
            if let Some((document, from, to)) = self.range(d.document, d.span) {
                let _ = write!(text, "file={},line={},", property(&document.name), from.line);
                if from.line == to.line {
                    let _ = write!(text, "col={},endColumn={},", from.column, to.column);
                }
            }
            let help = d.help.as_ref().map(|help| format!("\n{help}")).unwrap_or_default();
            let _ = writeln!(text, "title={}::{}", d.code, data(&format!("{}{help}", d.message)));
        }
        text
    }

    fn range(&self, document: Option<DocumentId>, span: Span) -> Option<(&Document, Place, Place)> {
        let document = self.documents.get(document?.0)?;
        let place = |at: usize| document.lines.place(&document.text, at);
        Some((document, place(span.start), place(span.end)))
    }
}

impl Severity {
    /// Returns the name of the severity, as GitHub spells it, too.
    pub fn word(self) -> &'static str {
        match self {
            Self::Error => "error",
            Self::Warning => "warning",
        }
    }
}

/// Escapes the text of a workflow command.
fn data(text: &str) -> String {
    text.replace('%', "%25").replace('\r', "%0D").replace('\n', "%0A")
}

fn property(text: &str) -> String {
    data(text).replace(':', "%3A").replace(',', "%2C")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn workflow_commands_are_escaped() {
        assert_eq!(data("100%\nx"), "100%25%0Ax");
        assert_eq!(property("a:b,c"), "a%3Ab%2Cc");
    }
}
