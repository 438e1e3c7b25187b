//! An index of the lines of a text, so that many positions are located without reading the text again for each.

/// Bytes between two counts of characters.
const STRIDE: usize = 4096;

/// Line and column, both from 1; columns count characters.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Place {
    pub line: usize,
    pub column: usize,
}

/// An index of a text, which it does not contain.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Lines {
    /// The first byte of each line.
    starts: Vec<usize>,
    /// The number of characters that begin before each multiple of the stride.
    characters: Vec<usize>,
}

impl Lines {
    /// Indexes a text.
    pub fn new(text: &str) -> Self {
        let bytes = text.as_bytes();
        let breaks = bytes.iter().enumerate().filter(|(_, byte)| **byte == b'\n').map(|(at, _)| at + 1);
        let mut characters = Vec::with_capacity(bytes.len() / STRIDE + 1);
        let mut count = 0;
        for chunk in bytes.chunks(STRIDE) {
            characters.push(count);
            count += begun(chunk);
        }
        characters.push(count);
        Self { starts: std::iter::once(0).chain(breaks).collect(), characters }
    }

    /// Returns the line number of a byte of the text, and the position where the visible line begins.
    pub fn line(&self, text: &str, at: usize) -> (usize, usize) {
        let number = self.starts.partition_point(|start| *start <= at).max(1);
        // A byte-order mark is not visible.
        let is_marked = number == 1 && at > 0 && text.starts_with('\u{feff}');
        (number, if is_marked { 3 } else { self.starts[number - 1] })
    }

    /// Returns the number of characters that begin between two bytes of the text.
    pub fn characters(&self, text: &str, from: usize, to: usize) -> usize {
        let before = |at: usize| {
            let at = at.min(text.len());
            let known = at / STRIDE;
            self.characters.get(known).copied().unwrap_or_default() + begun(&text.as_bytes()[known * STRIDE..at])
        };
        before(to).saturating_sub(before(from))
    }

    /// Returns the line and column of a byte.
    pub fn place(&self, text: &str, at: usize) -> Place {
        let at = at.min(text.len());
        let (line, start) = self.line(text, at);
        Place { line, column: self.characters(text, start, at) + 1 }
    }
}

/// Returns the number of characters that begin in these bytes.
fn begun(bytes: &[u8]) -> usize {
    bytes.iter().filter(|byte| **byte & 0xc0 != 0x80).count()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn places_count_characters() {
        let text = "ab\r\nläx\n";
        let lines = Lines::new(text);
        for (at, line, column) in [(0, 1, 1), (1, 1, 2), (4, 2, 1), (7, 2, 3), (9, 3, 1), (99, 3, 1)] {
            assert_eq!(lines.place(text, at), Place { line, column }, "{at}");
        }
        assert_eq!(Lines::new("\u{feff}{").place("\u{feff}{", 3).column, 1);
    }

    #[test]
    fn long_lines_are_counted_in_pieces() {
        let text = format!("x\n{}", "äb".repeat(10_000));
        let lines = Lines::new(&text);
        for count in [0, 1, 4095, 4096, 5000, 19_999] {
            let at = 2 + text[2..].char_indices().nth(count).map_or(0, |(at, _)| at);
            assert_eq!(lines.place(&text, at), Place { line: 2, column: count + 1 });
        }
    }
}
