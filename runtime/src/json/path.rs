//! Where the reader is. A stack of small values on the good path; text only when there is something to report.

use super::reader::shorten;
use super::scan::Scanner;
use std::fmt::Write;

/// Keys are cut behind this many characters, or a hundred violations below a key of a megabyte would take a hundred of them.
const LONGEST: usize = 200;

/// One step from a value to a value inside it.
#[derive(Debug, Clone, Copy)]
pub(crate) enum Segment {
    /// A field that a table names.
    Field(&'static str),
    /// A field whose value is not to be shown.
    Secret(&'static str),
    /// Any other key: where its opening quote is in the text.
    Key(usize),
    /// An element of an array.
    Index(usize),
    /// Inside an object or array, at no member yet.
    Here,
}

impl Segment {
    fn text(self, json: &str) -> Option<String> {
        match self {
            Segment::Field(name) | Segment::Secret(name) => Some(name.to_owned()),
            Segment::Key(at) => Scanner { text: json, at }.string().ok().map(|key| shorten(&key, LONGEST)),
            Segment::Index(index) => Some(index.to_string()),
            Segment::Here => None,
        }
    }
}

/// The JSON Pointer (RFC 6901).
pub(crate) fn pointer(path: &[Segment], json: &str) -> String {
    let mut out = String::new();
    for segment in path.iter().filter_map(|segment| segment.text(json)) {
        out.push('/');
        out.push_str(&segment.replace('~', "~0").replace('/', "~1"));
    }
    out
}

/// The path as people write it: `items[0].price`, `labels["k/1"]`. Empty for the whole document.
pub(crate) fn readable(path: &[Segment], json: &str) -> String {
    let mut out = String::new();
    for segment in path {
        let Some(text) = segment.text(json) else { continue };
        let simple = text.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'_' || byte == b'-');
        let _ = match segment {
            Segment::Index(index) => write!(out, "[{index}]"),
            _ if !simple || text.is_empty() => write!(out, "[{text:?}]"),
            _ if out.is_empty() => write!(out, "{text}"),
            _ => write!(out, ".{text}"),
        };
    }
    out
}
