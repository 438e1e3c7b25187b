//! Finds sensitive values inside other text, also encoded.

use base64::Engine as _;
use base64::engine::general_purpose::{STANDARD_NO_PAD, URL_SAFE_NO_PAD};

use crate::json::ToJson;

/// Shorter values are not searched for, since they occur by chance.
const FINDABLE: usize = 4;

/// Messages cut long values, so their beginning is searched for too, up to this length in bytes.
const BEGINNING: usize = 64;

/// The size of the table of beginnings, 4096 bits.
const WORDS: usize = 64;

/// Returns a bit of the table of beginnings.
fn hash(begin: [u8; 4]) -> usize {
    (u32::from_le_bytes(begin).wrapping_mul(0x9e37_79b1) >> 20) as usize
}

/// Sensitive values with their pseudonyms. A search takes time in proportion to the text, times the logarithm of the number
/// of values.
pub(super) struct Finder {
    /// Sorted by text.
    patterns: Vec<Pattern>,
    /// A bit for each hash of the four bytes with which a pattern begins.
    begins: [u64; WORDS],
}

struct Pattern {
    text: String,
    /// What follows the text in a value that is too long to be searched for as a whole.
    rest: String,
    pseudonym: String,
    /// The longest other pattern that this one begins with.
    shorter: Option<usize>,
}

impl Finder {
    /// Creates the finder of these values, each with its pseudonym.
    pub(super) fn new(values: &[(String, String)]) -> Finder {
        let mut patterns: Vec<Pattern> = values.iter().flat_map(|(value, pseudonym)| forms(value, pseudonym)).collect();
        patterns.sort_by(|a, b| (&a.text, &a.rest).cmp(&(&b.text, &b.rest)));
        patterns.dedup_by(|a, b| a.text == b.text);
        let mut finder = Finder { patterns, begins: [0; WORDS] };
        let mut open: Vec<usize> = Vec::new();
        for index in 0..finder.patterns.len() {
            let text = finder.patterns[index].text.as_str();
            while open.last().is_some_and(|last| !text.starts_with(&finder.patterns[*last].text)) {
                open.pop();
            }
            if let Some(begin) = text.as_bytes().first_chunk() {
                let hash = hash(*begin);
                finder.begins[hash / 64] |= 1 << (hash % 64);
            }
            finder.patterns[index].shorter = open.last().copied();
            open.push(index);
        }
        finder
    }

    pub(super) fn is_empty(&self) -> bool {
        self.patterns.is_empty()
    }

    /// Returns true if the text contains a value.
    pub(super) fn is_in(&self, text: &str) -> bool {
        let found = |text: &str| {
            let mut candidates = std::iter::successors(self.candidate(text, 0), |at| self.candidate(text, at + 1));
            candidates.any(|at| self.at(text, at).is_some())
        };
        found(text) || (text.contains('%') && found(&Decoded::new(text).text))
    }

    /// Returns the text with pseudonyms in place of all values; `None` if there are none.
    pub(super) fn replace(&self, text: &str) -> Option<String> {
        let plain = self.replaced(text, text, |at| at);
        let rest = plain.as_deref().unwrap_or(text);
        if !rest.contains('%') {
            return plain;
        }
        let decoded = Decoded::new(rest);
        self.replaced(&decoded.text, rest, |at| decoded.offsets[at]).or(plain)
    }

    /// Searches in one text and replaces in another; `offset` returns where a byte of the first begins in the second.
    fn replaced(&self, searched: &str, written: &str, offset: impl Fn(usize) -> usize) -> Option<String> {
        let (mut out, mut copied, mut at) = (String::new(), 0, 0);
        while let Some(next) = self.candidate(searched, at) {
            at = next;
            let Some((pattern, length)) = self.at(searched, at) else {
                at += 1;
                continue;
            };
            out.push_str(&written[copied..offset(at)]);
            out.push_str(&pattern.pseudonym);
            at += length;
            copied = offset(at);
        }
        (copied > 0).then(|| out + &written[copied..])
    }

    /// Returns the first byte from `at` on where a pattern may begin.
    fn candidate(&self, text: &str, at: usize) -> Option<usize> {
        let mut windows = text.as_bytes().get(at..)?.windows(4);
        let found = windows.position(|window| {
            window.first_chunk().is_some_and(|begin| {
                let hash = hash(*begin);
                self.begins[hash / 64] >> (hash % 64) & 1 == 1
            })
        });
        found.map(|more| at + more)
    }

    /// Returns the longest pattern at a byte of the text, and the length of the match.
    fn at(&self, text: &str, at: usize) -> Option<(&Pattern, usize)> {
        // Patterns begin with the first byte of a character.
        let rest = text.get(at..)?;
        let index = self.longest(rest.as_bytes())?;
        let pattern = &self.patterns[index];
        let more = rest[pattern.text.len()..].chars().zip(pattern.rest.chars()).take_while(|(a, b)| a == b);
        let more: usize = more.map(|(c, _)| c.len_utf8()).sum();
        Some((pattern, pattern.text.len() + more))
    }
}

impl Finder {
    /// Returns the longest pattern that the text begins with.
    fn longest(&self, text: &[u8]) -> Option<usize> {
        let mut text = text;
        loop {
            // The last pattern that is not after the text begins with every pattern that the text begins with.
            let last = self.patterns.partition_point(|pattern| pattern.text.as_bytes() <= text).checked_sub(1)?;
            let pattern = self.patterns[last].text.as_bytes();
            if text.starts_with(pattern) {
                return Some(last);
            }
            let shorter = self.patterns[last].shorter?;
            let common = pattern.iter().zip(text).take_while(|(a, b)| a == b).count();
            if self.patterns[shorter].text.len() <= common {
                return Some(shorter);
            }
            text = &text[..common];
        }
    }
}

/// Percent-encoded text, decoded as far as it is UTF-8.
struct Decoded {
    text: String,
    /// Where each byte begins in the encoded text, and the end of that.
    offsets: Vec<usize>,
}

impl Decoded {
    fn new(encoded: &str) -> Decoded {
        let (bytes, mut at) = (encoded.as_bytes(), 0);
        let mut decoded =
            Decoded { text: String::with_capacity(bytes.len()), offsets: Vec::with_capacity(bytes.len() + 1) };
        while let Some(c) = encoded[at..].chars().next() {
            let run: Vec<u8> =
                std::iter::successors(Some(at), |at| Some(at + 3)).take(4).map_while(|at| octet(bytes, at)).collect();
            // The longest prefix that is UTF-8; the sign itself if there is none.
            let valid = match std::str::from_utf8(&run) {
                Ok(text) => text,
                Err(error) => std::str::from_utf8(&run[..error.valid_up_to()]).unwrap_or_default(),
            };
            if valid.is_empty() {
                decoded.offsets.extend((0..c.len_utf8()).map(|index| at + index));
                decoded.text.push(c);
                at += c.len_utf8();
            } else {
                decoded.offsets.extend((0..valid.len()).map(|index| at + 3 * index));
                decoded.text.push_str(valid);
                at += 3 * valid.len();
            }
        }
        decoded.offsets.push(at);
        decoded
    }
}

/// Returns the byte that is encoded here.
fn octet(bytes: &[u8], at: usize) -> Option<u8> {
    let digit = |byte: &u8| char::from(*byte).to_digit(16).and_then(|digit| u8::try_from(digit).ok());
    match bytes.get(at..at + 3)? {
        [b'%', high, low] => Some(digit(high)? << 4 | digit(low)?),
        _ => None,
    }
}

/// Returns the forms in which a value may occur.
fn forms(value: &str, pseudonym: &str) -> Vec<Pattern> {
    if value == pseudonym || value.chars().count() < FINDABLE {
        return Vec::new();
    }
    let quoted = value.to_json();
    let texts = [
        value.to_owned(),
        quoted[1..quoted.len() - 1].to_owned(),
        // In forms; all else that is percent-encoded is decoded before the search.
        value.replace(' ', "+"),
        STANDARD_NO_PAD.encode(value),
        URL_SAFE_NO_PAD.encode(value),
    ];
    let pattern = |text: &str, rest: &str| {
        let [text, rest, pseudonym] = [text, rest, pseudonym].map(str::to_owned);
        Pattern { text, rest, pseudonym, shorter: None }
    };
    let mut patterns = Vec::new();
    for (index, text) in texts.iter().enumerate() {
        if texts[..index].contains(text) {
            continue;
        }
        patterns.push(pattern(text, ""));
        if let Some((begin, rest)) =
            text.split_at_checked(boundary(text, BEGINNING)).filter(|(_, rest)| !rest.is_empty())
        {
            patterns.push(pattern(begin, rest));
        }
    }
    patterns
}

fn boundary(text: &str, mut at: usize) -> usize {
    at = at.min(text.len());
    while !text.is_char_boundary(at) {
        at -= 1;
    }
    at
}

#[cfg(test)]
mod tests {
    use super::*;

    fn finder(values: &[&str]) -> Finder {
        let named = |(index, value): (usize, &&str)| ((*value).to_owned(), format!("<{index}>"));
        Finder::new(&values.iter().enumerate().map(named).collect::<Vec<_>>())
    }

    #[test]
    fn the_longest_value_is_replaced() {
        let found = finder(&["hunter", "hunter2 & co", "hunt", "ünter", "abc"]);
        for (text, expected) in [
            ("hunter2 & co.", Some("<1>.")),
            ("hunter2 &", Some("<0>2 &")),
            ("xhunte, hunthunter", Some("x<2>e, <2><0>")),
            ("münter Müntz", Some("m<3> Müntz")),
            ("abc hun", None),
            ("", None),
        ] {
            assert_eq!(found.replace(text).as_deref(), expected, "{text}");
            assert_eq!(found.is_in(text), expected.is_some(), "{text}");
        }
        assert!(finder(&["abc"]).is_empty());
    }

    #[test]
    fn encoded_values_are_replaced() {
        let found = finder(&["jo+1@example.com", "a \"b\" ü/?"]);
        for text in [
            "u=jo%2B1%40example.com",
            "u=jo+1%40example.com",
            "u=jo+1@example.com",
            "%ff%6a%6F%2b%31@example%2Ecom%zz%",
            "am8rMUBleGFtcGxlLmNvbQ==",
            r#"{"a":"a \"b\" ü/?"}"#,
            "a+%22b%22+%C3%BC%2F%3F",
            "a%20%22b%22%20%C3%BC%2F%3F",
        ] {
            let replaced = found.replace(text).unwrap_or_default();
            assert!(replaced.contains("<0>") || replaced.contains("<1>"), "{text}: {replaced}");
        }
    }

    #[test]
    fn what_is_around_an_encoded_value_stays() {
        let found = finder(&["a ü/b"]);
        for (text, expected) in [
            ("x=%ff%61+%C3%BC%2Fb%ff&ä%2F", "x=%ff<0>%ff&ä%2F"),
            ("%61%20%c3%bc/b%61%20%c3%bc/b", "<0><0>"),
            ("a ü/b%20a%20ü/b%", "<0>%20<0>%"),
        ] {
            assert_eq!(found.replace(text).as_deref(), Some(expected));
        }
        for text in ["%", "%6", "%6ü", "%ff", "ü%C3", "%61 %C3/b", "100%"] {
            assert_eq!((found.replace(text), found.is_in(text)), (None, false), "{text}");
        }
    }

    #[test]
    fn the_beginning_of_a_long_value_is_enough() {
        let long = "secret ü ".repeat(40);
        let cut: String = long.chars().take(80).collect();
        assert_eq!(finder(&[&long]).replace(&format!("found \"{cut}…")).as_deref(), Some("found \"<0>…"));
        assert_eq!(finder(&[&long]).replace(&format!("found {long}.")).as_deref(), Some("found <0>."));
    }

    #[test]
    fn many_values_are_found_as_fast_as_few() {
        let values: Vec<String> = (0..20_000).map(|number| format!("user-{number}@example.com")).collect();
        let found = finder(&values.iter().map(String::as_str).collect::<Vec<_>>());
        let text = values.join(", ");
        let replaced = found.replace(&text).unwrap();
        assert!(replaced.starts_with("<0>, <1>, ") && replaced.ends_with(", <19999>"));
    }
}
