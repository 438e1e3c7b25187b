//! What `Debug` of generated types shows in place of something.

use std::cell::Cell;
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

/// How many recursive values `Debug` shows inside one another.
const DEEPEST: usize = 64;

/// Shows a value that may hold others of its type by `write`, or as `…` if it is inside of 64 such values: the stack is finite, and
/// nobody reads that far.
pub fn nested(f: &mut fmt::Formatter<'_>, write: &dyn Fn(&mut fmt::Formatter<'_>) -> fmt::Result) -> fmt::Result {
    match Level::enter() {
        Some(_level) => write(f),
        None => f.write_str("…"),
    }
}

/// A recursive value that is being shown on this thread.
struct Level;

thread_local! {
    static DEPTH: Cell<usize> = const { Cell::new(0) };
}

impl Level {
    fn enter() -> Option<Level> {
        let depth = DEPTH.with(Cell::get);
        (depth < DEEPEST).then(|| {
            DEPTH.with(|known| known.set(depth + 1));
            Level
        })
    }
}

impl Drop for Level {
    fn drop(&mut self) {
        DEPTH.with(|depth| depth.set(depth.get().saturating_sub(1)));
    }
}
