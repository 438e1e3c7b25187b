//! The position of the reader: a stack of small values, converted to text only for violations.

use std::borrow::Cow;
use std::fmt::Write;

use super::scan::Scanner;
use super::wording::{REDACTED, shorten};

/// The maximum length of a key in characters: otherwise a hundred violations below a key of a megabyte would take a
/// hundred megabytes.
const LONGEST: usize = 200;

/// A step from a value to a value inside it.
#[derive(Debug, Clone, Copy)]
pub(crate) enum Segment {
    Field(&'static str),
    Sensitive(&'static str),
    /// Any other key: the offset of its opening quote.
    Key(usize),
    Index(usize),
    /// Inside an object or array, before its first member.
    Here,
}

impl Segment {
    fn key(self, json: &str) -> Option<Cow<'_, str>> {
        match self {
            Segment::Field(name) | Segment::Sensitive(name) => Some(Cow::Borrowed(name)),
            Segment::Key(at) => match (Scanner { text: json, at }).string().ok()? {
                key if key.len() > LONGEST => Some(Cow::Owned(shorten(&key, LONGEST))),
                key => Some(key),
            },
            Segment::Index(_) | Segment::Here => None,
        }
    }
}

/// Returns the keys of a path, outermost first. Keys inside a sensitive value are withheld: the keys of a map are
/// values too.
fn keys<'a>(path: &'a [Segment], json: &'a str) -> impl Iterator<Item = (Segment, Option<Cow<'a, str>>)> {
    let mut sensitive = false;
    path.iter().map(move |segment| {
        let key = match segment {
            Segment::Key(_) if sensitive => Some(Cow::Borrowed(REDACTED)),
            segment => segment.key(json),
        };
        sensitive |= matches!(segment, Segment::Sensitive(_));
        (*segment, key)
    })
}

/// Returns the JSON Pointer (RFC 6901).
pub(crate) fn pointer(path: &[Segment], json: &str) -> String {
    let mut out = String::with_capacity(12 * path.len());
    for (segment, key) in keys(path, json) {
        if let Segment::Index(index) = segment {
            out.push('/');
            out.push_str(itoa::Buffer::new().format(index));
        } else if let Some(key) = key {
            out.push('/');
            match key.contains(['~', '/']) {
                true => out.push_str(&key.replace('~', "~0").replace('/', "~1")),
                false => out.push_str(&key),
            }
        }
    }
    out
}

/// Returns the path in readable form: `items[0].price`, `labels["k/1"]`; empty for the whole document. Reserves `more`
/// further bytes.
pub(crate) fn readable(path: &[Segment], json: &str, more: usize) -> String {
    let mut out = String::with_capacity(12 * path.len() + more);
    for (segment, key) in keys(path, json) {
        if let Segment::Index(index) = segment {
            out.push('[');
            out.push_str(itoa::Buffer::new().format(index));
            out.push(']');
        } else if let Some(key) = key {
            let simple = key.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'_' || byte == b'-');
            if !simple || key.is_empty() {
                let _ = write!(out, "[{key:?}]");
                continue;
            }
            if !out.is_empty() {
                out.push('.');
            }
            out.push_str(&key);
        }
    }
    out
}
