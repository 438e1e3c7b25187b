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
    let depth = DEPTH.get();
    if depth >= DEEPEST {
        return f.write_str("…");
    }
    let _outer = Outer(depth);
    DEPTH.set(depth + 1);
    write(f)
}

thread_local! {
    /// The number of recursive values that are being shown.
    static DEPTH: Cell<usize> = const { Cell::new(0) };
}

/// Restores the depth, after a panic too.
struct Outer(usize);

impl Drop for Outer {
    fn drop(&mut self) {
        DEPTH.set(self.0);
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
