//! The tokenizer: exactly RFC 8259, on valid UTF-8. It knows positions, but neither paths nor types.

use std::borrow::Cow;

#[derive(Debug, Clone, Copy)]
pub(crate) struct SyntaxError {
    pub(crate) at: usize,
    pub(crate) what: &'static str,
    /// The document is well formed, but nested more deeply than allowed.
    pub(crate) too_deep: bool,
}

pub(crate) type Scan<T> = Result<T, SyntaxError>;

#[derive(Debug, Clone, Copy)]
pub(crate) struct Number<'a> {
    pub(crate) text: &'a str,
    /// It has neither a point nor an exponent.
    pub(crate) whole: bool,
}

/// A position in a text. Copy it to look ahead.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Scanner<'a> {
    pub(crate) text: &'a str,
    pub(crate) at: usize,
}

impl<'a> Scanner<'a> {
    pub(crate) fn new(text: &'a str) -> Self {
        Scanner { text, at: 0 }
    }

    /// Returns the next byte; 0 at the end (wherever this is called, a NUL is as invalid as the end).
    #[inline]
    pub(crate) fn byte(&self) -> u8 {
        self.text.as_bytes().get(self.at).copied().unwrap_or(0)
    }

    /// Skips white space and returns the byte after it.
    #[inline]
    pub(crate) fn space(&mut self) -> u8 {
        loop {
            match self.byte() {
                b' ' | b'\n' | b'\r' | b'\t' => self.at += 1,
                other => return other,
            }
        }
    }

    #[cold]
    pub(crate) fn broken<T>(&self, what: &'static str) -> Scan<T> {
        let what = if self.at >= self.text.len() { "the text ends too early" } else { what };
        Err(SyntaxError { at: self.at, what, too_deep: false })
    }

    /// Skips `: ` after a key and returns the first byte of the value.
    #[inline]
    pub(crate) fn colon(&mut self) -> Scan<u8> {
        if self.space() != b':' {
            return self.broken("expected a colon after the key");
        }
        self.at += 1;
        Ok(self.space())
    }

    /// Skips `true`, `false` or `null`.
    #[inline]
    pub(crate) fn word(&mut self, word: &'static str) -> Scan<()> {
        let end = self.at + word.len();
        if self.text.as_bytes().get(self.at..end) != Some(word.as_bytes()) {
            return self.broken("expected a JSON value");
        }
        self.at = end;
        Ok(())
    }

    /// Reads a string that begins here. Without escapes nothing is copied.
    #[inline]
    pub(crate) fn string(&mut self) -> Scan<Cow<'a, str>> {
        let start = self.open()?;
        if self.plain() == b'"' {
            let text = &self.text[start..self.at];
            self.at += 1;
            return Ok(Cow::Borrowed(text));
        }
        self.escaped(start).map(Cow::Owned)
    }

    #[inline]
    fn skip_string(&mut self) -> Scan<()> {
        self.open()?;
        loop {
            match self.plain() {
                b'"' => break self.at += 1,
                b'\\' => drop(self.escape()?),
                _ => return self.broken("a control character in a string must be escaped"),
            }
        }
        Ok(())
    }

    fn open(&mut self) -> Scan<usize> {
        if self.byte() != b'"' {
            return self.broken("expected a string in double quotes");
        }
        self.at += 1;
        Ok(self.at)
    }

    #[cold]
    fn escaped(&mut self, start: usize) -> Scan<String> {
        let mut out = String::from(&self.text[start..self.at]);
        loop {
            match self.byte() {
                b'"' => {
                    self.at += 1;
                    return Ok(out);
                }
                b'\\' => out.push(self.escape()?),
                _ => return self.broken("a control character in a string must be escaped"),
            }
            let from = self.at;
            self.plain();
            out.push_str(&self.text[from..self.at]);
        }
    }

    /// Skips literal characters and returns the byte after them: a quote, a backslash, a control character.
    #[inline]
    fn plain(&mut self) -> u8 {
        self.at = plain(self.text.as_bytes(), self.at);
        self.byte()
    }

    /// Reads one escape, including both halves of a surrogate pair.
    fn escape(&mut self) -> Scan<char> {
        let kind = self.text.as_bytes().get(self.at + 1).copied().unwrap_or(0);
        let plain = match kind {
            b'"' | b'\\' | b'/' => char::from(kind),
            b'b' => '\u{8}',
            b'f' => '\u{c}',
            b'n' => '\n',
            b'r' => '\r',
            b't' => '\t',
            b'u' => return self.unicode(),
            _ => return self.broken("unknown escape in a string"),
        };
        self.at += 2;
        Ok(plain)
    }

    fn unicode(&mut self) -> Scan<char> {
        let start = self.at;
        let first = self.hex()?;
        if let Some(char) = char::from_u32(first) {
            return Ok(char);
        }
        if first < 0xdc00 && self.text.as_bytes()[self.at..].starts_with(b"\\u") {
            let low = self.hex()?.checked_sub(0xdc00).filter(|low| *low < 0x400);
            if let Some(char) = low.and_then(|low| char::from_u32(0x10000 + ((first - 0xd800) << 10) + low)) {
                return Ok(char);
            }
        }
        self.at = start;
        self.broken("a lone surrogate is not a character")
    }

    fn hex(&mut self) -> Scan<u32> {
        let digits = self.text.as_bytes().get(self.at + 2..self.at + 6).unwrap_or_default();
        let value = digits.iter().try_fold(0, |sum, digit| Some(sum * 16 + char::from(*digit).to_digit(16)?));
        match value {
            Some(value) if digits.len() == 4 => {
                self.at += 6;
                Ok(value)
            }
            _ => self.broken("expected four hexadecimal digits in an escape"),
        }
    }

    /// Reads a number that begins here, by the grammar of RFC 8259 section 6.
    pub(crate) fn number(&mut self) -> Scan<Number<'a>> {
        let start = self.at;
        let mut whole = true;
        if self.byte() == b'-' {
            self.at += 1;
        }
        if self.byte() == b'0' {
            self.at += 1;
            if self.byte().is_ascii_digit() {
                return self.broken("a number must not begin with a zero");
            }
        } else {
            self.digits()?;
        }
        if self.byte() == b'.' {
            whole = false;
            self.at += 1;
            self.digits()?;
        }
        if matches!(self.byte(), b'e' | b'E') {
            whole = false;
            self.at += 1;
            if matches!(self.byte(), b'+' | b'-') {
                self.at += 1;
            }
            self.digits()?;
        }
        Ok(Number { text: &self.text[start..self.at], whole })
    }

    #[inline]
    fn digits(&mut self) -> Scan<()> {
        if !self.byte().is_ascii_digit() {
            return self.broken("expected a digit");
        }
        while self.byte().is_ascii_digit() {
            self.at += 1;
        }
        Ok(())
    }

    /// Skips any value. `depth` is how many more levels of arrays and objects are allowed.
    pub(crate) fn skip(&mut self, depth: usize) -> Scan<()> {
        match self.space() {
            b'"' => self.skip_string(),
            b'{' => self.skip_all(b'}', depth),
            b'[' => self.skip_all(b']', depth),
            b't' => self.word("true"),
            b'f' => self.word("false"),
            b'n' => self.word("null"),
            b'-' | b'0'..=b'9' => self.number().map(|_| ()),
            _ => self.broken("expected a JSON value"),
        }
    }

    fn skip_all(&mut self, close: u8, depth: usize) -> Scan<()> {
        let Some(depth) = depth.checked_sub(1) else {
            return Err(SyntaxError { at: self.at, what: TOO_DEEP, too_deep: true });
        };
        self.at += 1;
        let mut first = true;
        while self.more(close, first)? {
            first = false;
            if close == b'}' {
                self.skip_string()?;
                self.colon()?;
            }
            self.skip(depth)?;
        }
        Ok(())
    }

    /// Moves to the next element of an array or key of an object, or past its end.
    #[inline]
    pub(crate) fn more(&mut self, close: u8, first: bool) -> Scan<bool> {
        let byte = self.space();
        if byte == close {
            self.at += 1;
            return Ok(false);
        }
        if first {
            return Ok(true);
        }
        if byte != b',' {
            return self.broken(if close == b'}' { "expected `,` or `}`" } else { "expected `,` or `]`" });
        }
        self.at += 1;
        if self.space() == close {
            return self.broken("a comma must be followed by another element");
        }
        Ok(true)
    }
}

/// Returns the offset of the first quote, backslash or control character from `at` on, or the end. Eight bytes at a
/// time: strings are most of a document.
#[inline]
pub(crate) fn plain(bytes: &[u8], mut at: usize) -> usize {
    while let Some(chunk) = bytes.get(at..).and_then(|rest| rest.first_chunk::<8>()) {
        let hits = specials(u64::from_le_bytes(*chunk));
        if hits != 0 {
            return at + hits.trailing_zeros() as usize / 8;
        }
        at += 8;
    }
    let special = |byte: &u8| *byte < 0x20 || matches!(byte, b'"' | b'\\');
    bytes[at..].iter().position(special).map_or(bytes.len(), |more| at + more)
}

/// Returns true if the text has no quote, backslash or control character. Its last eight bytes are read at once, even
/// where they overlap others: most texts of a program are short.
#[inline]
pub(crate) fn is_plain(text: &[u8]) -> bool {
    let (mut rest, mut hits) = (text, 0);
    while let Some((chunk, more)) = rest.split_first_chunk::<8>() {
        hits |= specials(u64::from_le_bytes(*chunk));
        rest = more;
    }
    match (text.last_chunk::<8>(), rest.first_chunk::<4>(), rest.last_chunk::<4>()) {
        (Some(last), ..) => hits |= specials(u64::from_le_bytes(*last)),
        (None, Some(first), Some(last)) => {
            hits |= specials(u64::from(u32::from_le_bytes(*first)) << 32 | u64::from(u32::from_le_bytes(*last)));
        }
        _ => return !rest.iter().any(|byte| *byte < 0x20 || matches!(byte, b'"' | b'\\')),
    }
    hits == 0
}

/// Returns a word with a bit in the highest place of every byte that is a quote, a backslash or a control character.
/// Only the lowest one is exact: a borrow can only come from a byte that is a hit itself.
#[inline]
const fn specials(word: u64) -> u64 {
    const ONES: u64 = 0x0101_0101_0101_0101;
    const HIGH: u64 = 0x8080_8080_8080_8080;
    let (quote, slash) = (word ^ (ONES * 0x22), word ^ (ONES * 0x5c));
    (word.wrapping_sub(ONES * 0x20) & !word | quote.wrapping_sub(ONES) & !quote | slash.wrapping_sub(ONES) & !slash)
        & HIGH
}

pub(crate) const TOO_DEEP: &str = "nested too deeply";

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn special_characters_are_found_at_every_place_of_texts_of_every_length() {
        for length in 0..40 {
            let text = vec![b'x'; length];
            assert_eq!((plain(&text, 0), is_plain(&text)), (length, true), "{length}");
            for at in 0..length {
                for byte in 0..=u8::MAX {
                    let mut text = text.clone();
                    text[at] = byte;
                    let special = byte < 0x20 || byte == b'"' || byte == b'\\';
                    let found = if special { at } else { length };
                    assert_eq!((plain(&text, 0), is_plain(&text)), (found, !special), "{byte:#x} at {at} of {length}");
                }
            }
        }
    }
}
