//! Path templates, matched against the segments of a path (behaviour, section 5).

use std::borrow::Cow;

use super::percent;
use super::reader::Capture;

/// A segment of a path, or, if it cannot be decoded, the segment as it came.
pub(crate) type Given<'r> = Result<Cow<'r, str>, &'r str>;

/// `/users/:guid.csv`
#[derive(Debug)]
pub(crate) struct Template {
    segments: Vec<Segment>,
}

#[derive(Debug)]
enum Segment {
    Static(String),
    /// Variables, and the texts between and around them.
    Parts(Vec<Part>),
}

#[derive(Debug)]
enum Part {
    Text(String),
    Variable(&'static str),
}

/// The segments of a path: divided first, decoded then, so that an encoded slash divides nothing.
pub(crate) fn segments(path: &str) -> Vec<Given<'_>> {
    path.split('/').map(|segment| percent::decode(segment).ok_or(segment)).collect()
}

impl Template {
    pub(crate) fn new(path: &'static str) -> Self {
        Template { segments: path.split('/').map(Segment::new).collect() }
    }

    pub(crate) fn len(&self) -> usize {
        self.segments.len()
    }

    /// What comes first when several templates match: one without variables, then most static segments, then the one whose
    /// segments are static further to the left. A variable with a suffix goes before one without.
    pub(crate) fn rank(&self) -> (usize, Vec<u8>) {
        let kinds = self.segments.iter().map(Segment::kind).collect::<Vec<_>>();
        (kinds.iter().filter(|kind| **kind > 0).count(), kinds)
    }

    /// The variables, if the template matches. There are as many segments as it has.
    pub(crate) fn captures<'r>(&self, given: &[Given<'r>]) -> Option<Vec<Capture<'r>>> {
        let mut captures = Vec::new();
        self.segments
            .iter()
            .zip(given)
            .all(|(segment, given)| segment.matches(given, &mut captures))
            .then_some(captures)
    }
}

impl Segment {
    fn new(text: &'static str) -> Self {
        let mut parts = Vec::new();
        // As it is written by the client: a variable ends at a dot.
        for (index, part) in text.split('.').enumerate() {
            if index > 0 {
                push_text(&mut parts, ".");
            }
            match part.strip_prefix(':') {
                Some(name) if !name.is_empty() => parts.push(Part::Variable(name)),
                _ => push_text(&mut parts, &percent::decode(part).unwrap_or(Cow::Borrowed(part))),
            }
        }
        match parts.as_slice() {
            [] => Segment::Static(String::new()),
            [Part::Text(text)] => Segment::Static(text.clone()),
            _ => Segment::Parts(parts),
        }
    }

    fn kind(&self) -> u8 {
        match self {
            Segment::Static(_) => 0,
            Segment::Parts(parts) if parts.len() > 1 => {
                let variables = parts.iter().filter(|part| matches!(part, Part::Variable(_))).count();
                u8::try_from(variables).unwrap_or(u8::MAX - 1)
            }
            Segment::Parts(_) => u8::MAX,
        }
    }

    fn matches<'r>(&self, given: &Given<'r>, captures: &mut Vec<Capture<'r>>) -> bool {
        match (self, given) {
            (Segment::Static(text), Ok(given)) => text == given,
            (Segment::Static(_), Err(_)) => false,
            // The usual case: a variable alone.
            (Segment::Parts(parts), _) => match (parts.as_slice(), given) {
                ([Part::Variable(name)], given) => {
                    captures.push((name, given.clone()));
                    given.as_ref().is_ok_and(|text| !text.is_empty()) || given.is_err()
                }
                (parts, Ok(text)) => capture(parts, text, captures).is_some(),
                (parts, Err(raw)) => {
                    let from = captures.len();
                    let matched = capture(parts, raw, captures).is_some();
                    captures[from..].iter_mut().for_each(|(_, value)| *value = Err(raw));
                    matched
                }
            },
        }
    }
}

fn push_text(parts: &mut Vec<Part>, text: &str) {
    match parts.last_mut() {
        Some(Part::Text(last)) => last.push_str(text),
        _ if text.is_empty() => {}
        _ => parts.push(Part::Text(text.to_owned())),
    }
}

/// Matches texts from left to right, each at its first place, the last one at the end; a variable has what is between, at
/// least one character.
fn capture(parts: &[Part], text: &str, captures: &mut Vec<Capture<'_>>) -> Option<()> {
    let mut rest = text;
    let mut parts = parts.iter().peekable();
    while let Some(part) = parts.next() {
        let name = match part {
            Part::Text(text) => {
                rest = rest.strip_prefix(text.as_str())?;
                continue;
            }
            Part::Variable(name) => *name,
        };
        let first = rest.chars().next()?.len_utf8();
        let length = match parts.next() {
            None => rest.len(),
            Some(Part::Text(text)) if parts.peek().is_none() => {
                let value = rest.strip_suffix(text.as_str()).filter(|value| !value.is_empty())?;
                captures.push((name, Ok(Cow::Owned(value.to_owned()))));
                return Some(());
            }
            Some(Part::Text(text)) => {
                let length = first + rest[first..].find(text.as_str())?;
                captures.push((name, Ok(Cow::Owned(rest[..length].to_owned()))));
                rest = &rest[length + text.len()..];
                continue;
            }
            // Two variables are never neighbours: each begins a part between dots.
            Some(Part::Variable(_)) => return None,
        };
        captures.push((name, Ok(Cow::Owned(rest[..length].to_owned()))));
        rest = "";
    }
    rest.is_empty().then_some(())
}
