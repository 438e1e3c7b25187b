use std::fmt;

/// Stands in messages for what must not be shown.
pub(crate) const REDACTED: &str = "[REDACTED]";

/// What `Debug` shows in place of a value that must not be logged: `[REDACTED]`.
pub struct Redacted;

impl fmt::Debug for Redacted {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(REDACTED)
    }
}
