//! The HTTP vocabulary of documents: methods, locations of parameters, names of headers.

use std::borrow::Cow;

/// The nine methods of the format.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
#[expect(missing_docs, reason = "they are the names of HTTP")]
pub enum Method {
    Get,
    Post,
    Put,
    Patch,
    Delete,
    Head,
    Connect,
    Options,
    Trace,
}

impl Method {
    /// All methods with their names.
    pub const ALL: [(Self, &'static str); 9] = [
        (Self::Get, "GET"),
        (Self::Post, "POST"),
        (Self::Put, "PUT"),
        (Self::Patch, "PATCH"),
        (Self::Delete, "DELETE"),
        (Self::Head, "HEAD"),
        (Self::Connect, "CONNECT"),
        (Self::Options, "OPTIONS"),
        (Self::Trace, "TRACE"),
    ];

    /// Returns the name in upper case.
    pub fn as_str(self) -> &'static str {
        Self::ALL[self as usize].1
    }

    /// Returns the method of this name, in upper or lower case.
    pub fn named(name: &str) -> Option<Self> {
        Self::ALL.iter().find(|(_, known)| known.eq_ignore_ascii_case(name)).map(|(method, _)| *method)
    }

    /// Returns true if calls change nothing, unless a spec says otherwise.
    pub fn is_safe(self) -> bool {
        matches!(self, Self::Get | Self::Head | Self::Options)
    }
}

/// Returns a text with the method of a route or its pattern (`get /users/*`) in upper case, as routes are shown. Other
/// texts, which contain no blank, are returned as they are.
pub fn with_upper_method(text: &str) -> Cow<'_, str> {
    match text.split_once(' ') {
        Some((method, path)) => Cow::Owned(format!("{} {path}", method.to_ascii_uppercase())),
        None => Cow::Borrowed(text),
    }
}

/// Where a parameter is sent.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[expect(missing_docs, reason = "they are the names of the format")]
pub enum Location {
    Path,
    Query,
    Form,
    Header,
}

/// Returns true if this can be the name of a header (RFC 9110, 5.6.2).
pub fn is_token(name: &str) -> bool {
    !name.is_empty() && name.chars().all(|c| c.is_ascii_alphanumeric() || "!#$%&'*+-.^_`|~".contains(c))
}
