//! Lays out what prettyplease prints as rustfmt would: it breaks lines earlier, and knows nothing of our macros.

mod chains;
mod groups;
mod macro_tables;

/// The lines of formatted code, broken where rustfmt would break them.
pub fn layout(code: &str) -> Vec<String> {
    macro_tables::tidy(groups::join(code))
}
