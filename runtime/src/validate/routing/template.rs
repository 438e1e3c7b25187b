//! Path templates, matched against the segments of a path (behaviour, section 5).

use std::borrow::Cow;
use std::cmp::Ordering;

use percent_encoding::percent_decode_str;

use crate::encoding::variable;

/// A decoded segment of a path, or the raw segment if it cannot be decoded.
pub(crate) type Given<'r> = Result<Cow<'r, str>, &'r str>;

#[derive(Debug)]
pub(crate) struct Template {
    segments: Vec<Segment>,
}

#[derive(Debug)]
enum Segment {
    Static(String),
    /// A variable, and the text after it, which may be empty.
    Variable(&'static str, String),
}

/// What a template says about a segment of a path.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Known {
    Nothing,
    /// It is, or would be, the value of a sensitive variable.
    Sensitive,
    /// It is a segment of the template itself.
    Own,
}

/// Splits a path into segments and then decodes them, so that an encoded slash is not a separator.
pub(crate) fn segments(path: &str) -> Vec<Given<'_>> {
    path.split('/').map(|segment| decode(segment).ok_or(segment)).collect()
}

/// A variable of the path with its decoded value, or the raw value if it cannot be decoded.
pub(crate) type Capture<'r> = (&'static str, Result<Cow<'r, str>, &'r str>);

/// Decodes percent-encoded text; `None` if two hexadecimal digits do not follow each `%`, or the bytes are not UTF-8.
pub(crate) fn decode(text: &str) -> Option<Cow<'_, str>> {
    if memchr::memchr(b'%', text.as_bytes()).is_none() {
        return Some(Cow::Borrowed(text));
    }
    let complete = text.split('%').skip(1).all(|rest| {
        let digits = rest.as_bytes().get(..2);
        digits.is_some_and(|digits| digits.iter().all(u8::is_ascii_hexdigit))
    });
    if complete { percent_decode_str(text).decode_utf8().ok() } else { None }
}

impl Template {
    pub(crate) fn new(path: &'static str) -> Self {
        Template { segments: path.split('/').map(Segment::new).collect() }
    }

    pub(crate) fn len(&self) -> usize {
        self.segments.len()
    }

    /// Returns the precedence if several templates match: first those without variables, then those with the most
    /// static segments, then those whose static segments are further to the left. A variable with a suffix precedes one
    /// without.
    pub(crate) fn rank(&self) -> (usize, Vec<u8>) {
        let kinds = self.segments.iter().map(Segment::kind).collect::<Vec<_>>();
        (kinds.iter().filter(|kind| **kind > 0).count(), kinds)
    }

    pub(crate) fn texts(&self) -> Vec<String> {
        let texts = self.segments.iter().filter_map(|segment| match segment {
            Segment::Static(text) => Some(text.clone()),
            Segment::Variable(..) => None,
        });
        texts.collect()
    }

    pub(crate) fn compare(&self, given: &[Given<'_>]) -> Ordering {
        let mut each = self.segments.iter().zip(given).map(|(segment, given)| match (segment, given) {
            (Segment::Static(text), given) => text.as_str().cmp(given.as_deref().unwrap_or_else(|raw| raw)),
            (Segment::Variable(..), _) => Ordering::Equal,
        });
        each.find(|order| order.is_ne()).unwrap_or(Ordering::Equal)
    }

    /// Returns a key that is equal for templates that match the same paths, regardless of the names of variables:
    /// whether each segment is a variable, and its text.
    pub(crate) fn shape(&self) -> Vec<(bool, String)> {
        let shape = self.segments.iter().map(|segment| match segment {
            Segment::Static(text) => (false, text.clone()),
            Segment::Variable(_, suffix) => (true, suffix.clone()),
        });
        shape.collect()
    }

    /// Returns what it says about the segments of a path, up to the first one that does not match.
    pub(crate) fn known<'t>(
        &'t self,
        given: &'t [Given<'_>],
        is_sensitive: impl Fn(&str) -> bool + 't,
    ) -> impl Iterator<Item = Known> + 't {
        self.segments.iter().zip(given).map_while(move |(segment, given)| match segment {
            Segment::Variable(name, _) if is_sensitive(name) => Some(Known::Sensitive),
            Segment::Variable(..) => Some(Known::Nothing),
            Segment::Static(text) => given.as_ref().is_ok_and(|given| text == given).then_some(Known::Own),
        })
    }

    /// Returns the variables if the template matches; it must have as many segments as the path.
    pub(crate) fn captures<'r>(&self, given: &[Given<'r>]) -> Option<Vec<Capture<'r>>> {
        let mut captures = Vec::new();
        let matches = self.segments.iter().zip(given).all(|(segment, given)| segment.matches(given, &mut captures));
        matches.then_some(captures)
    }
}

impl Segment {
    fn new(text: &'static str) -> Self {
        let decoded = |text: &'static str| decode(text).unwrap_or(Cow::Borrowed(text)).into_owned();
        match variable(text) {
            Some((name, suffix)) => Segment::Variable(name, decoded(suffix)),
            None => Segment::Static(decoded(text)),
        }
    }

    fn kind(&self) -> u8 {
        match self {
            Segment::Static(_) => 0,
            Segment::Variable(_, suffix) if suffix.is_empty() => 2,
            Segment::Variable(..) => 1,
        }
    }

    /// Matches a segment and records its variable, which must have at least one character.
    fn matches<'r>(&self, given: &Given<'r>, captures: &mut Vec<Capture<'r>>) -> bool {
        let (name, suffix) = match self {
            Segment::Static(text) => return given.as_ref().is_ok_and(|given| text == given),
            Segment::Variable(name, suffix) => (*name, suffix.as_str()),
        };
        let text = given.as_deref().unwrap_or_else(|raw| raw);
        let Some(length) = text.strip_suffix(suffix).map(str::len).filter(|length| *length > 0) else { return false };
        captures.push((name, given.clone().map(|text| shortened(text, length))));
        true
    }
}

fn shortened(text: Cow<'_, str>, length: usize) -> Cow<'_, str> {
    match text {
        Cow::Borrowed(text) => Cow::Borrowed(&text[..length]),
        Cow::Owned(mut text) => {
            text.truncate(length);
            Cow::Owned(text)
        }
    }
}
