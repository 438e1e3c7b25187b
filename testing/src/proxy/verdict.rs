//! What was found in a message.

use apigen_runtime::validate::MessageViolations;

/// What was found in a message.
#[derive(Debug, Clone)]
pub(super) enum Verdict {
    Valid,
    Invalid(MessageViolations),
    /// Not checked, for this reason.
    NotChecked(&'static str),
    /// Not to be checked.
    Skipped,
}

impl Verdict {
    pub fn violations(&self) -> Option<&MessageViolations> {
        match self {
            Verdict::Invalid(violations) => Some(violations),
            _ => None,
        }
    }

    pub fn is_checked(&self) -> bool {
        matches!(self, Verdict::Valid | Verdict::Invalid(_))
    }
}
