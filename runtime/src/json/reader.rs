//! The reader: decodes and validates in one pass.
//!
//! Deliberately not generic: a generated `read` calls these functions and does not instantiate them, which keeps
//! generated crates cheap to compile.

use std::fmt;

use super::field::Field;
use super::kind::Kind;
use super::mode::Mode;
use super::path::Segment;
use super::scan::{Scan, Scanner, SyntaxError};
use super::violation::{Code, Violation, Violations};
use super::wording::{QUOTED, REDACTED, counted, shorten};
use super::{kind, path, violation};

/// Reads one JSON text and collects its violations.
pub struct Reader<'a> {
    pub(crate) scan: Scanner<'a>,
    pub(crate) mode: Mode,
    pub(crate) path: Vec<Segment>,
    /// The field that the next value belongs to, if its limits are to be checked.
    pub(crate) limits: Option<&'a Field>,
    /// The discriminator of the union around the next object: a key that no model declares.
    pub(crate) tag: &'static str,
    pub(crate) member: Found,
    pub(crate) depth: usize,
    /// After a syntax error or too many violations nothing more is read or reported.
    pub(crate) aborted: bool,
    pub(crate) room: Room,
    /// The number of undeclared values of enums and unions that were kept.
    pub(crate) unknown_values: u32,
    /// The text is the value of a program: a [`Writer`](crate::Writer) has written NaN and infinities as words.
    pub(crate) made: bool,
    #[cfg(feature = "testing")]
    pub(crate) marks: Option<Vec<super::field::Mark>>,
    bytes: &'a [u8],
    log: Vec<Violation>,
    truncated: bool,
}

/// A violation without its location and the path in its message.
pub(crate) struct Problem {
    pub(crate) code: Code,
    pub(crate) expected: String,
    pub(crate) found: String,
    pub(crate) suggestion: Option<String>,
    /// The message after the path.
    pub(crate) text: String,
}

/// The findings of `union`, for the function that reads the member.
#[derive(Debug, Default)]
pub(crate) struct Found {
    /// The member's discriminator value or key.
    pub(crate) name: &'static str,
    /// The offset of the value of that key.
    pub(super) value: usize,
    /// A text that no member has.
    pub(super) unknown: Option<String>,
}

/// The memory that values may take. The size of the text says little about it: `{}` can become a model of a hundred
/// fields.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Room {
    pub(super) most: usize,
    /// The approximate memory in bytes.
    pub(crate) taken: usize,
}

impl Room {
    pub(crate) const fn of(bytes: usize) -> Room {
        Room { most: bytes, taken: 0 }
    }
}

impl<'a> Reader<'a> {
    /// Creates a reader at the beginning of `json`.
    pub fn new(json: &'a [u8], mode: &Mode) -> Self {
        let (text, invalid) = match std::str::from_utf8(if json.len() > mode.max_bytes { b"" } else { json }) {
            Ok(text) => (text, None),
            Err(error) => ("", Some(error.valid_up_to())),
        };
        let mut reader = Reader {
            scan: Scanner::new(text),
            mode: *mode,
            path: Vec::with_capacity(8),
            limits: None,
            tag: "",
            member: Found::default(),
            depth: 0,
            aborted: false,
            room: Room::of(usize::MAX),
            unknown_values: 0,
            made: false,
            #[cfg(feature = "testing")]
            marks: None,
            bytes: json,
            log: Vec::new(),
            truncated: false,
        };
        if json.len() > mode.max_bytes {
            reader.too_large(json.len());
        } else if let Some(at) = invalid {
            reader.syntax_error(SyntaxError { at, what: "the text is not UTF-8", too_deep: false });
        } else if json.starts_with("\u{feff}".as_bytes()) {
            let what = "the text begins with a byte order mark, which JSON does not allow: send UTF-8 without one";
            reader.syntax_error(SyntaxError { at: 0, what, too_deep: false });
        }
        reader
    }

    /// Ends reading: only white space may be left.
    ///
    /// # Errors
    /// Returns all violations.
    pub fn finish(mut self) -> Result<(), Violations> {
        if !self.aborted {
            self.scan.space();
            if self.scan.at < self.scan.text.len() {
                self.path.clear();
                let at = self.scan.at;
                self.syntax_error(SyntaxError { at, what: "there is text after the value", too_deep: false });
            }
        }
        if self.log.is_empty() {
            return Ok(());
        }
        violation::locate(&mut self.log, self.bytes);
        Err(Violations { list: self.log, truncated: self.truncated })
    }

    /// Ends reading as [`Reader::finish`] does, and returns the value if there is no violation.
    ///
    /// # Errors
    /// Returns all violations; a `read` that returns `None` without recording one is an error too.
    pub fn outcome<T>(mut self, value: Option<T>) -> Result<T, Violations> {
        if value.is_none() && self.log.is_empty() {
            let at = self.scan.at;
            self.syntax_error(SyntaxError { at, what: "the value was refused", too_deep: false });
        }
        let truncated = self.truncated;
        self.finish()?;
        value.ok_or(Violations { list: Vec::new(), truncated })
    }

    #[cfg(feature = "testing")]
    pub(crate) fn mark(&mut self, mark: super::field::Mark) {
        self.marks.iter_mut().for_each(|marks| marks.push(mark));
    }

    /// Records a part of a value, if it is inside a sensitive one.
    #[cfg(feature = "testing")]
    pub(crate) fn mark_part(&mut self, mark: super::field::Mark) {
        if self.marks.is_some() && self.is_sensitive() {
            self.mark(mark);
        }
    }

    pub(crate) fn is_sensitive(&self) -> bool {
        self.path.iter().any(|segment| matches!(segment, Segment::Sensitive(_)))
    }

    /// Skips white space and returns the first byte of the next value (0 if there is none).
    #[inline]
    pub(crate) fn start(&mut self) -> u8 {
        self.scan.space()
    }

    #[inline]
    pub(crate) fn start_at(&mut self) -> (u8, usize) {
        (self.scan.space(), self.scan.at)
    }

    /// Returns the value of a scan; a syntax error ends reading.
    #[inline]
    pub(crate) fn syntax<T>(&mut self, scan: Scan<T>) -> Option<T> {
        match scan {
            Ok(value) => Some(value),
            Err(syntax_error) => {
                self.syntax_error(syntax_error);
                None
            }
        }
    }

    #[cold]
    pub(crate) fn syntax_error(&mut self, syntax_error: SyntaxError) {
        if syntax_error.too_deep {
            let limit = format!("at most {} levels of arrays and objects", self.mode.max_depth);
            let text = format!("nested too deeply, expected {limit}");
            self.report(syntax_error.at, Problem::new(Code::Depth, limit, "more", text));
        } else {
            let text = format!("invalid JSON: {}", syntax_error.what);
            let rest = self.bytes.get(syntax_error.at..).unwrap_or_default();
            let found: String = String::from_utf8_lossy(&rest[..rest.len().min(4)]).chars().take(1).collect();
            let expected = syntax_error.what.strip_prefix("expected ").unwrap_or(syntax_error.what);
            self.report(syntax_error.at, Problem::new(Code::Syntax, expected, found, text));
        }
        self.abort();
    }

    #[cold]
    fn too_large(&mut self, size: usize) {
        let limit = format!("at most {}", counted(&self.mode.max_bytes, "bytes"));
        let text = format!("the text has {}, expected {limit}", counted(&size, "bytes"));
        self.report(0, Problem::new(Code::Size, limit, size.to_string(), text));
        self.abort();
    }

    pub(super) fn abort(&mut self) {
        self.aborted = true;
        self.scan.at = self.scan.text.len();
    }

    /// Records a violation in the value at the current path.
    #[cold]
    pub(crate) fn report(&mut self, offset: usize, problem: Problem) {
        if self.aborted {
            return;
        }
        if self.log.len() >= self.mode.max_violations {
            self.truncated = true;
            return self.abort();
        }
        let Problem { code, expected, found, suggestion, text } =
            if self.is_sensitive() { problem.sensitive() } else { problem };
        let pointer = path::pointer(&self.path, self.scan.text);
        let mut message = path::readable(&self.path, self.scan.text, text.len() + 2);
        if message.is_empty() {
            message = text;
        } else {
            message.push_str(": ");
            message.push_str(&text);
        }
        if let Some(suggestion) = &suggestion {
            message.push_str(&format!("; did you mean {suggestion:?}?"));
        }
        self.log.push(Violation { pointer, code, message, expected, found, offset, suggestion, line: 1, column: 1 });
    }

    /// Records a violation in a member of the value at the current path.
    #[cold]
    pub(crate) fn report_at(&mut self, segment: Segment, offset: usize, problem: Problem) {
        self.path.push(segment);
        self.report(offset, problem);
        self.path.pop();
    }

    /// Skips a `null`; returns false if the next value is another one.
    #[inline]
    pub(crate) fn null(&mut self) -> Option<bool> {
        if self.start() != b'n' {
            return Some(false);
        }
        self.limits = None;
        syntax!(self.word("null")).map(|()| true)
    }

    pub(crate) fn skip(&mut self) -> Option<()> {
        self.limits = None;
        let left = self.mode.max_depth.saturating_sub(self.depth);
        syntax!(self.skip(left))
    }

    /// Records that the next value has the wrong JSON type, and skips it. `what` is the declared type, if it has a
    /// name.
    #[cold]
    pub(crate) fn mismatch<T>(&mut self, kind: Kind, what: &str) -> Option<T> {
        let (byte, offset) = self.start_at();
        self.skip()?;
        let (word, phrase) = kind.names();
        let (found, found_phrase) = kind::found(byte);
        let what = if what.is_empty() { String::new() } else { format!(" ({what})") };
        let literal = match byte {
            // A string in place of an object or list may contain its sensitive parts: the same object as text.
            _ if matches!(kind, Kind::Object | Kind::Array) => String::new(),
            b'"' | b't' | b'f' | b'-' | b'0'..=b'9' => {
                format!(" ({})", shorten(&self.scan.text[offset..self.scan.at], QUOTED))
            }
            _ => String::new(),
        };
        let text = format!("expected {phrase}{what}, found {found_phrase}{literal}");
        self.report(offset, Problem::new(Code::Type, word, found, text));
        None
    }

    /// Records that a value of the right JSON type (from `offset` to here) is invalid for its type.
    #[cold]
    pub(crate) fn malformed<T>(&mut self, code: Code, kind: Kind, offset: usize) -> Option<T> {
        let literal = shorten(&self.scan.text[offset..self.scan.at], QUOTED);
        let (word, phrase) = kind.names();
        let text = format!("expected {phrase}, found {literal}");
        self.report(offset, Problem::new(code, word, literal, text));
        None
    }

    #[inline]
    pub(crate) fn enter(&mut self) -> Option<()> {
        self.deeper()?;
        self.scan.at += 1;
        Some(())
    }

    /// Descends one level, unless that is too deep.
    #[inline]
    pub(crate) fn deeper(&mut self) -> Option<()> {
        if self.depth >= self.mode.max_depth {
            let at = self.scan.at;
            self.syntax_error(SyntaxError { at, what: super::scan::TOO_DEEP, too_deep: true });
            return None;
        }
        self.depth += 1;
        Some(())
    }
}

impl fmt::Debug for Reader<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        // Not the text, which may have sensitive values.
        f.debug_struct("Reader").field("at", &self.scan.at).field("violations", &self.log).finish_non_exhaustive()
    }
}

impl Problem {
    pub(crate) fn new(code: Code, expected: impl Into<String>, found: impl Into<String>, text: String) -> Self {
        Problem { code, expected: expected.into(), found: found.into(), suggestion: None, text }
    }

    /// Removes what was found, which may be sensitive.
    fn sensitive(self) -> Self {
        match self.code {
            Code::Missing => return self,
            // The message states what JSON requires, not what was found.
            Code::Syntax => return Problem { found: REDACTED.to_owned(), ..self },
            _ => {}
        }
        let article = match self.code {
            Code::Type | Code::Format | Code::Range if self.expected.starts_with(['a', 'i', 'o']) => "an ",
            Code::Type | Code::Format | Code::Range => "a ",
            _ => "",
        };
        let text = format!("expected {article}{}, found a sensitive value (withheld)", self.expected);
        Problem { found: REDACTED.to_owned(), suggestion: None, text, ..self }
    }
}
