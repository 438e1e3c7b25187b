//! Data that stays in memory until the program ends, like statics.

/// Leaks text.
pub(super) fn text(text: &str) -> &'static str {
    Box::leak(Box::from(text))
}

/// Leaks a list.
pub(super) fn list<T>(items: Vec<T>) -> &'static [T] {
    Box::leak(items.into_boxed_slice())
}
