//! Withholds sensitive values, and records their positions in a JSON text.

use std::cell::Cell;
use std::fmt;

use super::wording::REDACTED;
use super::writer::{ToJson, Writer};

/// The `Debug` text in place of a sensitive value: `[REDACTED]`.
pub struct SensitiveValue;

impl fmt::Debug for SensitiveValue {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(REDACTED)
    }
}

/// The maximum nesting of recursive values in `Debug`.
const DEEPEST: usize = 64;

/// Shows a recursive value by `write`, or as `…` inside 64 such values: the stack is finite, and deeper output is of no
/// use.
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

/// A sensitive field: its value is written unchanged, and its position is recorded for recorders.
#[derive(Clone, Copy)]
pub struct SensitiveField<'a> {
    value: &'a dyn ToJson,
    min: Option<i64>,
    max: Option<i64>,
}

impl<'a> SensitiveField<'a> {
    /// Creates a field without limits.
    pub const fn new(value: &'a dyn ToJson) -> Self {
        SensitiveField { value, min: None, max: None }
    }

    /// Sets the minimum, as [`Field::min`](super::Field::min) does.
    pub const fn min(self, min: i64) -> Self {
        SensitiveField { min: Some(min), ..self }
    }

    /// Sets the maximum, as [`Field::max`](super::Field::max) does.
    pub const fn max(self, max: i64) -> Self {
        SensitiveField { max: Some(max), ..self }
    }
}

impl ToJson for SensitiveField<'_> {
    fn write(&self, w: &mut Writer) {
        w.sensitive(self.min, self.max, self.value);
    }

    fn is_absent(&self) -> bool {
        self.value.is_absent()
    }

    fn is_optional(&self) -> bool {
        self.value.is_optional()
    }
}
