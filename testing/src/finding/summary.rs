//! How a run ends: what was checked, what was skipped and why, and the exit code.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt;
use std::process::ExitCode;

use super::{Code, Fault, Finding};

/// The maximum number of different reasons to skip something; further ones are counted together.
const REASONS: usize = 100;
const OTHER_REASONS: &str = "other reasons";

/// How a command ends.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum ExitStatus {
    /// Everything was checked, and nothing found: exit code 0.
    Clean,
    /// There are findings, or nothing was checked: exit code 1.
    Findings,
    /// The command could not run: exit code 2.
    Failed,
}

impl ExitStatus {
    /// Returns the exit code of the process.
    pub const fn code(self) -> u8 {
        match self {
            ExitStatus::Clean => 0,
            ExitStatus::Findings => 1,
            ExitStatus::Failed => 2,
        }
    }
}

impl From<ExitStatus> for ExitCode {
    fn from(status: ExitStatus) -> ExitCode {
        ExitCode::from(status.code())
    }
}

/// What a run has checked and what it has skipped. Its size depends on the spec, not on the traffic.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RunSummary {
    name: String,
    unit: &'static str,
    checked: usize,
    operations: BTreeSet<String>,
    skipped: BTreeMap<String, usize>,
    warnings: Vec<String>,
}

impl RunSummary {
    /// Creates the summary of a run with this name; `unit` is the singular noun for what it checks, such as `request`.
    pub fn new(name: impl Into<String>, unit: &'static str) -> RunSummary {
        let (operations, skipped, warnings) = (BTreeSet::new(), BTreeMap::new(), Vec::new());
        RunSummary { name: name.into(), unit, checked: 0, operations, skipped, warnings }
    }

    /// Counts something that was checked.
    pub fn checked(&mut self, operation: Option<&str>) {
        self.checked_times(operation, 1);
    }

    /// Counts several things that were checked.
    pub fn checked_times(&mut self, operation: Option<&str>, times: u64) {
        self.checked = self.checked.saturating_add(usize::try_from(times).unwrap_or(usize::MAX));
        // An operation is mostly known already, and looking it up needs no copy.
        if let Some(operation) = operation.filter(|operation| !self.operations.contains(*operation)) {
            self.operations.insert(operation.to_owned());
        }
    }

    /// Counts something that was skipped, for a reason that is a phrase such as `the body is too large`.
    pub fn skip(&mut self, reason: &str) {
        self.skip_times(reason, 1);
    }

    /// Counts several things that were skipped for the same reason.
    pub fn skip_times(&mut self, reason: &str, times: u64) {
        let times = usize::try_from(times).unwrap_or(usize::MAX);
        let reason = match self.skipped.contains_key(reason) || self.skipped.len() < REASONS {
            true => reason,
            false => OTHER_REASONS,
        };
        match self.skipped.get_mut(reason) {
            Some(count) => *count = count.saturating_add(times),
            None => drop(self.skipped.insert(reason.to_owned(), times)),
        }
    }

    /// Adds a sentence that says why less was tested than one might think: `only 401 was seen from users.get`.
    pub fn warn(&mut self, warning: impl Into<String>) {
        self.warnings.push(warning.into());
    }

    /// Returns the name of the run.
    pub fn name(&self) -> &str {
        &self.name
    }

    /// Returns the number of checks.
    pub fn checks(&self) -> usize {
        self.checked
    }

    /// Returns the operations that were checked, sorted.
    pub fn operations(&self) -> impl Iterator<Item = &str> {
        self.operations.iter().map(String::as_str)
    }

    /// Returns the reasons why something was skipped, sorted, each with its count.
    pub fn skipped(&self) -> impl Iterator<Item = (&str, usize)> {
        self.skipped.iter().map(|(reason, count)| (reason.as_str(), *count))
    }

    pub(super) fn unit(&self) -> &'static str {
        self.unit
    }

    /// Returns the finding that nothing was checked, if that is so and not allowed.
    pub fn nothing_checked(&self, allow_empty: bool) -> Option<Finding> {
        let message = || format!("{}: no {} was checked; --allow-empty accepts that", self.name, self.unit);
        (self.checked == 0 && !allow_empty).then(|| Finding::new(Code::NOTHING_CHECKED, Fault::Tool, message()))
    }

    /// Returns how the run ends with these findings. A run in which nothing was checked fails, unless that is allowed.
    pub fn status(&self, findings: &[Finding], allow_empty: bool) -> ExitStatus {
        match findings.is_empty() && self.nothing_checked(allow_empty).is_none() {
            true => ExitStatus::Clean,
            false => ExitStatus::Findings,
        }
    }
}

/// Writes what was checked and skipped, one line each, then the warnings.
impl fmt::Display for RunSummary {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let operations = counted(self.operations.len(), "operation");
        writeln!(f, "{}: checked {} of {operations}", self.name, counted(self.checked, self.unit))?;
        for (reason, count) in &self.skipped {
            writeln!(f, "skipped {}: {reason}", counted(*count, self.unit))?;
        }
        self.warnings.iter().try_for_each(|warning| writeln!(f, "warning: {warning}"))
    }
}

pub(super) fn counted(count: usize, noun: &str) -> String {
    format!("{count} {noun}{}", if count == 1 { "" } else { "s" })
}
