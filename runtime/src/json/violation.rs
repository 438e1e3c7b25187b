//! Violations in JSON.

use std::fmt;

use super::writer::{ToJson, Writer};

/// The kind of a violation. The text of [`Code::as_str`] is stable.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum Code {
    /// The text is not JSON.
    Syntax,
    /// Arrays and objects are nested deeper than [`Mode::max_depth`](crate::Mode::max_depth).
    Depth,
    /// The value has another JSON type than expected.
    Type,
    /// The JSON type is right, but the text or number is invalid for the type.
    Format,
    /// A number beyond the range of the type.
    Range,
    /// A required field is missing.
    Missing,
    /// A key occurs twice.
    Duplicate,
    /// The enum has no such value.
    Enum,
    /// The union's discriminator is missing or not text.
    Discriminator,
    /// The union has no such member.
    Member,
    /// Less than the minimum.
    Minimum,
    /// More than the maximum.
    Maximum,
    /// The operation declares no response with this status.
    Status,
    /// No model declares the field, and [`UnknownFields::Refuse`](crate::validate::UnknownFields::Refuse) is set.
    Unknown,
    /// The text is larger than [`Mode::max_bytes`](crate::Mode::max_bytes).
    Size,
    /// The content type or encoding of a request or response is not accepted.
    ContentType,
}

impl Code {
    /// All codes.
    pub const ALL: [Code; 16] = [
        Code::Syntax,
        Code::Depth,
        Code::Type,
        Code::Format,
        Code::Range,
        Code::Missing,
        Code::Duplicate,
        Code::Enum,
        Code::Discriminator,
        Code::Member,
        Code::Minimum,
        Code::Maximum,
        Code::Status,
        Code::Unknown,
        Code::Size,
        Code::ContentType,
    ];

    /// Returns the code as text, in snake case.
    pub const fn as_str(self) -> &'static str {
        match self {
            Code::Syntax => "syntax",
            Code::Depth => "depth",
            Code::Type => "type",
            Code::Format => "format",
            Code::Range => "range",
            Code::Missing => "missing",
            Code::Duplicate => "duplicate",
            Code::Enum => "enum",
            Code::Discriminator => "discriminator",
            Code::Member => "member",
            Code::Minimum => "minimum",
            Code::Maximum => "maximum",
            Code::Status => "status",
            Code::Unknown => "unknown",
            Code::Size => "size",
            Code::ContentType => "content_type",
        }
    }
}

impl fmt::Display for Code {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

/// A violation in a JSON text.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct Violation {
    /// JSON Pointer to the value; for a missing field, to where it should be. Empty for the whole document. A key of
    /// more than 200 characters is cut and ends in `…`.
    pub pointer: String,
    /// The kind of violation.
    pub code: Code,
    /// A message for people, including the path.
    pub message: String,
    /// What was expected: a type, all valid choices, or a limit.
    pub expected: String,
    /// What was found.
    pub found: String,
    /// What was probably meant.
    pub suggestion: Option<String>,
    /// Byte offset in the text.
    pub offset: usize,
    /// Line, from 1; 0 if there is no text, as for a missing header.
    pub line: usize,
    /// Column in characters, from 1; 0 if the line is.
    pub column: usize,
}

/// Sets line and column of each violation, in one pass over the text.
pub(crate) fn locate(list: &mut [Violation], json: &[u8]) {
    let mut sorted: Vec<&mut Violation> = list.iter_mut().collect();
    sorted.sort_by_key(|violation| violation.offset);
    let (mut at, mut line, mut column) = (0, 1, 1);
    for violation in sorted {
        let between = &json[at..violation.offset.min(json.len())];
        at += between.len();
        let start = memchr::memrchr(b'\n', between).map(|end| end + 1);
        if start.is_some() {
            line += memchr::memchr_iter(b'\n', between).count();
            column = 1;
        }
        column += characters(&between[start.unwrap_or(0)..]);
        (violation.line, violation.column) = (line, column);
    }
}

/// Counts characters: continuation bytes of UTF-8 do not begin one.
fn characters(text: &[u8]) -> usize {
    // Counts of bytes are summed sixteen at a time.
    let count = |piece: &[u8]| piece.iter().map(|byte| u8::from(*byte & 0xc0 != 0x80)).sum::<u8>();
    text.chunks(192).map(|piece| usize::from(count(piece))).sum()
}

impl fmt::Display for Violation {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} (line {}, column {})", self.message, self.line, self.column)
    }
}

/// All violations in a JSON text, or in a whole message: at least one, in the order of their detection.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Violations<V = Violation> {
    pub(crate) list: Vec<V>,
    pub(crate) truncated: bool,
}

impl<V> Violations<V> {
    /// Returns `Ok` if there are none.
    pub(crate) fn of(list: Vec<V>) -> Result<(), Self> {
        if list.is_empty() { Ok(()) } else { Err(Violations { list, truncated: false }) }
    }

    /// Returns all violations.
    pub fn as_slice(&self) -> &[V] {
        &self.list
    }

    /// Iterates over the violations.
    pub fn iter(&self) -> std::slice::Iter<'_, V> {
        self.list.iter()
    }

    /// Returns true if reading stopped because there were too many.
    pub fn is_truncated(&self) -> bool {
        self.truncated
    }
}

impl<V: fmt::Display + ToJson> Violations<V> {
    /// Returns the body of an `application/problem+json` response (RFC 9457) with this status and `title`; the member
    /// `violations` lists all violations.
    pub fn to_problem(&self, status: u16, title: &str) -> String {
        let mut writer = Writer::new();
        writer.object(&[
            ("type", &"about:blank"),
            ("title", &title),
            ("status", &i64::from(status)),
            ("detail", &self.to_string()),
            ("violations", self),
        ]);
        writer.into_string()
    }
}

impl<V: fmt::Display> fmt::Display for Violations<V> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (index, violation) in self.list.iter().enumerate() {
            let separator = if index == 0 { "" } else { "; " };
            write!(f, "{separator}{violation}")?;
        }
        if self.truncated { f.write_str("; and more") } else { Ok(()) }
    }
}

impl<V: fmt::Debug + fmt::Display> std::error::Error for Violations<V> {}

impl<V> IntoIterator for Violations<V> {
    type Item = V;
    type IntoIter = std::vec::IntoIter<V>;

    fn into_iter(self) -> Self::IntoIter {
        self.list.into_iter()
    }
}

impl<'a, V> IntoIterator for &'a Violations<V> {
    type Item = &'a V;
    type IntoIter = std::slice::Iter<'a, V>;

    fn into_iter(self) -> Self::IntoIter {
        self.iter()
    }
}

impl<V: ToJson> ToJson for Violations<V> {
    fn write(&self, w: &mut Writer) {
        self.list.write(w);
    }
}

/// Writes `{"pointer": "/age", "code": "maximum", "message": …, "expected": …, "found": …, "offset": 7, "line": 1,
/// "column": 8}`.
impl ToJson for Violation {
    fn write(&self, w: &mut Writer) {
        let [offset, line, column] = [self.offset, self.line, self.column].map(|number| number as i64);
        w.object(&[
            ("pointer", &self.pointer),
            ("code", &self.code.as_str()),
            ("message", &self.message),
            ("expected", &self.expected),
            ("found", &self.found),
            ("suggestion", &self.suggestion),
            ("offset", &offset),
            ("line", &line),
            ("column", &column),
        ]);
    }
}
