//! `Debug` texts of inputs, cut at a limit, and their lengths.

use std::fmt::{self, Write as _};

/// A text that is cut at a limit. Further writes fail, so that formatting can stop early.
pub(super) struct Shown {
    text: String,
    left: usize,
    cut: bool,
}

impl Shown {
    /// Creates an empty text for up to `most` bytes.
    pub(super) fn new(most: usize) -> Shown {
        Shown { text: String::new(), left: most, cut: false }
    }

    /// Returns the text, with an ellipsis if it was cut.
    pub(super) fn into_text(mut self) -> String {
        if self.cut {
            self.text.push_str(" …");
        }
        self.text
    }
}

impl fmt::Write for Shown {
    fn write_str(&mut self, piece: &str) -> fmt::Result {
        if let Some(left) = self.left.checked_sub(piece.len()).filter(|_| !self.cut) {
            self.left = left;
            self.text.push_str(piece);
            return Ok(());
        }
        if !self.cut {
            let end = (0..=self.left).rev().find(|end| piece.is_char_boundary(*end)).unwrap_or(0);
            self.text.push_str(&piece[..end]);
        }
        self.cut = true;
        Err(fmt::Error)
    }
}

/// Formats a text and cuts it after `most` bytes.
pub(super) fn within(most: usize, text: fmt::Arguments<'_>) -> String {
    let mut shown = Shown::new(most);
    // An error means only that the text was cut.
    let _ = shown.write_fmt(text);
    shown.into_text()
}

/// Counts the bytes of a text without storing it. Stops at a limit, and where the text nests so deeply that the stack
/// could overflow.
pub(super) struct Length {
    bytes: usize,
    most: usize,
    depth: usize,
}

/// Twice the maximum nesting of all readers.
const DEEPEST: usize = 512;

impl Length {
    /// Returns the length of a value's `Debug` text in bytes, or `most` if it is longer.
    pub(super) fn of(value: &dyn fmt::Debug, most: usize) -> usize {
        let mut length = Length { bytes: 0, most, depth: 0 };
        // An error means only that a limit was reached.
        let _ = write!(length, "{value:?}");
        length.bytes
    }
}

impl fmt::Write for Length {
    fn write_str(&mut self, piece: &str) -> fmt::Result {
        self.bytes = self.bytes.saturating_add(piece.len()).min(self.most);
        // Structs, lists and maps write their brackets as separate pieces, apart from white space; strings rarely do.
        if piece.len() <= 3 {
            match piece.trim_ascii() {
                "{" | "[" | "(" => self.depth += 1,
                "}" | "]" | ")" => self.depth = self.depth.saturating_sub(1),
                _ => {}
            }
        }
        if self.bytes >= self.most || self.depth > DEEPEST { Err(fmt::Error) } else { Ok(()) }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn texts_are_cut_between_characters() {
        assert_eq!(within(3, format_args!("{}{}", "ab", "c")), "abc");
        assert_eq!(within(3, format_args!("{}{}", "ab", "éé")), "ab …");
        assert_eq!(within(4, format_args!("{}{}{}", "ab", "éé", "x")), "abé …");
    }

    #[test]
    fn lengths_end_early() {
        assert_eq!(Length::of(&vec![1, 2], 100), "[1, 2]".len());
        assert_eq!(Length::of(&"x".repeat(1000), 100), 100);
        let mut deep = serde_json::Value::Null;
        for _ in 0..5_000 {
            deep = serde_json::Value::Array(vec![deep]);
        }
        assert!(Length::of(&deep, usize::MAX) < 10_000);
    }
}
