//! What stays in memory until the program ends, as statics do.

/// A text that stays.
pub(super) fn text(text: &str) -> &'static str {
    Box::leak(Box::from(text))
}

/// A list that stays.
pub(super) fn list<T>(items: Vec<T>) -> &'static [T] {
    Box::leak(items.into_boxed_slice())
}
