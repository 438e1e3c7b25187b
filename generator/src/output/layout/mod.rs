//! Lays out prettyplease's output as rustfmt would: prettyplease breaks lines earlier, and does not know our macros.

mod chains;
mod groups;
mod macro_tables;

/// Returns the lines of formatted code, broken where rustfmt would break them.
pub fn layout(code: &str) -> Vec<String> {
    macro_tables::tidy(groups::join(code))
}
