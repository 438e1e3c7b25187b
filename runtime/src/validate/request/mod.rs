//! Reads path, query, headers and body of a request.

mod form;
mod pairs;
mod query;
mod source;
mod tree;

pub(crate) use form::{ExpectedBody, refusal};
#[cfg(test)]
pub(crate) use query::cases;
#[cfg(feature = "axum")]
pub(crate) use query::query_to_tree;
pub use query::{ListIndexes, json_to_query, query_to_json};
pub(crate) use source::Values;
pub use tree::QueryError;

use std::fmt;

use http::HeaderMap;

use crate::json::{Field, FromJson, Mode, REDACTED, Reader, Room, Violations};
use crate::operation::Media;
use crate::validate::routing::Capture;
use crate::validate::violation::{MessageLocation as At, MessageViolation};
use form::Form;
use pairs::Pairs;
use source::Source;
use tree::Tree;

/// The default limit of a [`Router`](crate::server::Router) for the size of a request body: 2 MiB, as in axum.
pub const MAX_REQUEST_BYTES: usize = 2 << 20;

const MAX: usize = 100;

/// The maximum ratio of the memory of a request's values to the size of its body, or to the default body limit of a
/// [`Router`](crate::server::Router), if that is larger: at least 64 MiB.
const GROWTH: usize = 32;

/// Reads parameters and body of one request, and collects all violations.
///
/// Text is coerced to the type of the parameter ([`Mode::coerce`]); a body is read [strictly](Mode::strict). Every
/// method returns `None` for an absent value, and for one that violates the spec, which is then recorded.
pub struct RequestReader<'r> {
    path: &'r [Capture<'r>],
    query: &'r str,
    headers: &'r HeaderMap,
    body: &'r [u8],
    mode: Mode,
    query_pairs: Option<Pairs<'r>>,
    /// The form parameters of the body; the inner `None` means that it cannot be read, which was recorded.
    form: Option<Option<Form<'r>>>,
    next: Parameter,
    /// The memory that the values take, and its limit.
    room: Room,
    violations: Vec<MessageViolation>,
}

/// The meaning of the absence of a parameter in a request.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub enum Presence {
    /// Nothing is passed; a path parameter is always present.
    #[default]
    Optional,
    /// The request violates the spec.
    Required,
    /// The list is empty. A header may hold several values.
    List,
    /// The list has its default, which is not empty. A header may hold several values.
    PresetList,
    /// The object is empty.
    Object,
}

/// The properties of a parameter.
#[derive(Debug, Clone, Copy, Default)]
pub(crate) struct Parameter {
    pub(crate) presence: Presence,
    pub(crate) sensitive: bool,
    pub(crate) min: Option<i64>,
    pub(crate) max: Option<i64>,
}

pub(crate) type Read<'a> = dyn FnMut(&mut Reader<'_>) -> Option<()> + 'a;

impl<'r> RequestReader<'r> {
    pub(crate) fn new(
        path: &'r [Capture<'r>],
        query: &'r str,
        headers: &'r HeaderMap,
        body: &'r [u8],
        mode: Mode,
    ) -> Self {
        let (query_pairs, form, violations) = (None, None, Vec::new());
        let (next, room) = (Parameter::default(), Room::of(GROWTH.saturating_mul(body.len().max(MAX_REQUEST_BYTES))));
        RequestReader { path, query, headers, body, mode, query_pairs, form, next, room, violations }
    }

    pub(crate) fn taken(&self) -> usize {
        self.room.taken
    }

    pub(crate) fn into_violations(self) -> Vec<MessageViolation> {
        self.violations
    }

    /// Makes the next parameter required.
    pub fn required(&mut self) -> &mut Self {
        self.next.presence = Presence::Required;
        self
    }

    /// Makes the next parameter a list: an absent one is empty, and a header may hold several values.
    pub fn list(&mut self) -> &mut Self {
        self.next.presence = Presence::List;
        self
    }

    /// Makes the next parameter a list whose default is not empty: an absent one is not read, and a header may hold
    /// several values.
    pub fn preset_list(&mut self) -> &mut Self {
        self.next.presence = Presence::PresetList;
        self
    }

    /// Makes the next parameter a required object; an empty one may be absent.
    pub fn object(&mut self) -> &mut Self {
        self.next.presence = Presence::Object;
        self
    }

    /// Makes the next parameter sensitive.
    pub fn sensitive(&mut self) -> &mut Self {
        self.next.sensitive = true;
        self
    }

    /// Sets the minimum value, number of characters or number of elements of the next parameter.
    pub fn min(&mut self, min: i64) -> &mut Self {
        self.next.min = Some(min);
        self
    }

    /// Sets the maximum value, number of characters or number of elements of the next parameter.
    pub fn max(&mut self, max: i64) -> &mut Self {
        self.next.max = Some(max);
        self
    }

    /// Reads a variable of the path.
    pub fn path<T: FromJson>(&mut self, name: &'static str) -> Option<T> {
        self.parameter(At::Path, name)
    }

    /// Reads a parameter of the query string.
    pub fn query<T: FromJson>(&mut self, name: &'static str) -> Option<T> {
        self.parameter(At::Query, name)
    }

    /// Reads a header.
    pub fn header<T: FromJson>(&mut self, name: &'static str) -> Option<T> {
        self.parameter(At::Header, name)
    }

    /// Reads a form parameter.
    pub fn form<T: FromJson>(&mut self, name: &'static str) -> Option<T> {
        self.parameter(At::Form, name)
    }

    /// Reads the JSON body.
    pub fn body<T: FromJson>(&mut self) -> Option<T> {
        let mut value = None;
        self.body_by(&mut |r| {
            value = T::read(r);
            if value.is_some() { Some(()) } else { None }
        })?;
        value
    }

    pub(crate) fn body_by(&mut self, read: &mut Read<'_>) -> Option<()> {
        if !self.takes(ExpectedBody::Json) {
            return None;
        }
        let body = if self.body.trim_ascii().is_empty() { &b"null"[..] } else { self.body };
        let mut reader = Reader::new(body, &self.mode);
        reader.room = self.room;
        let value = read(&mut reader);
        self.room = reader.room;
        reader.outcome(value).map_err(|violations| self.refuse_body(violations)).ok()
    }

    // The only part that is compiled for each type of a parameter.
    fn parameter<T: FromJson>(&mut self, at: At, name: &'static str) -> Option<T> {
        let (mut value, next) = (None, std::mem::take(&mut self.next));
        let read = self.parameter_by(at, name, next, &mut |r| {
            value = T::read(r);
            Some(())
        });
        read.then_some(value).flatten()
    }

    /// Reads a parameter; returns true if it is present and valid.
    pub(crate) fn parameter_by(&mut self, at: At, name: &'static str, next: Parameter, read: &mut Read<'_>) -> bool {
        let Some(source) = self.source(at, name, next) else { return false };
        let mut outcome = Ok(());
        // The schema decides whether empty text is a value.
        for json in [Some(&source.json), source.blank.as_ref()].into_iter().flatten() {
            let mut reader = Reader::new(json.as_bytes(), &source.mode);
            reader.path.push(source.field.segment());
            reader.limits = source.field.limited().then_some(&source.field);
            reader.room = self.room;
            read(&mut reader);
            self.room = reader.room;
            outcome = reader.finish();
            if outcome.is_ok() {
                return true;
            }
        }
        // Of the last text, which has no alternative.
        outcome.map_err(|violations| self.refuse(&source, violations)).is_ok()
    }

    /// Returns a parameter as JSON text; `None` if it is absent, or cannot be decoded, which is recorded.
    fn source(&mut self, at: At, name: &'static str, next: Parameter) -> Option<Source> {
        let Parameter { presence, sensitive, min, max } = next;
        let (required, list) =
            (presence == Presence::Required, matches!(presence, Presence::List | Presence::PresetList));
        let field = Field { name, required, nullable: false, sensitive, min, max };
        // Text is coerced to the type; JSON is read in the mode of a body.
        let mut mode = Mode::coerce();
        if at == At::Form {
            mode = match self.form_values()? {
                Form::Members(_) => self.mode,
                Form::Pairs(_) => Mode { guess: true, ..mode },
            };
        }
        let absent = match presence {
            Presence::List => Some("[]"),
            Presence::Object => Some("{}"),
            Presence::Optional | Presence::Required | Presence::PresetList => None,
        };
        match self.values(at, name, list).map(|values| values.json(list, absent)) {
            Ok(Some((json, blank))) => Some(Source { at, field, json, blank, mode }),
            Ok(None) => {
                if required {
                    self.record(MessageViolation::missing(at, name));
                }
                None
            }
            Err((expected, found)) => {
                let found = if sensitive { REDACTED } else { &found };
                self.record(MessageViolation::malformed(at, name, &expected, found));
                None
            }
        }
    }

    fn values(&mut self, at: At, name: &'static str, list: bool) -> Result<Values<'_>, (String, String)> {
        match at {
            At::Path => match self.path.iter().find(|(known, _)| *known == name) {
                Some((_, Ok(text))) => Ok(Values::Texts(vec![text])),
                Some((_, Err(raw))) => Err(encoding(raw)),
                None => Ok(Values::Texts(Vec::new())),
            },
            At::Header => self.header_values(name, list),
            At::Query => {
                let text = self.query;
                nested(self.query_pairs.get_or_insert_with(|| Pairs::new(text)), name)
            }
            At::Form | At::Body | At::Status => match self.form_values() {
                Some(Form::Pairs(pairs)) => nested(pairs, name),
                Some(Form::Members(members)) => {
                    Ok(members.get(name).map_or(Values::Texts(Vec::new()), |json| Values::Json(json.get())))
                }
                None => Ok(Values::Texts(Vec::new())),
            },
        }
    }

    /// Returns the form parameters, unless the body cannot be read.
    fn form_values(&mut self) -> Option<&Form<'r>> {
        if self.form.is_none() {
            let form = match self.takes(ExpectedBody::Form) {
                true => Form::new(self.body, Media::of(self.headers), &self.mode, self.room),
                false => Err(Vec::new()),
            };
            let record = |violations: Vec<_>| violations.into_iter().for_each(|violation| self.record(violation));
            self.form = Some(form.map_err(record).ok());
        }
        self.form.as_ref()?.as_ref()
    }

    /// Returns true if the content type of the body is accepted; otherwise records the violation before all others.
    fn takes(&mut self, wanted: ExpectedBody) -> bool {
        let refusal = refusal(wanted, self.headers, self.body);
        let taken = refusal.is_none();
        self.violations.splice(0..0, refusal);
        taken
    }

    /// Returns the lines of a header; the elements of a list may also be separated by commas (RFC 9110, 5.6.1).
    fn header_values(&self, name: &str, list: bool) -> Result<Values<'_>, (String, String)> {
        let mut texts = Vec::new();
        for line in self.headers.get_all(name) {
            let Ok(text) = std::str::from_utf8(line.as_bytes()) else {
                return Err(("UTF-8 text".to_owned(), "other bytes".to_owned()));
            };
            let elements = text.split(',').map(|element| element.trim_matches([' ', '\t']));
            match list {
                true => texts.extend(elements.filter(|element| !element.is_empty())),
                false => texts.push(text),
            }
        }
        Ok(Values::Texts(texts))
    }

    fn refuse(&mut self, source: &Source, violations: Violations) {
        let (location, name) = (source.at, source.field.name);
        // One empty text: `limit=` is not an invalid number, but no limit.
        match source.blank.as_deref() == Some("null") {
            true if source.field.required => self.record(MessageViolation::missing(location, name)),
            true => {}
            false => violations.into_iter().for_each(|violation| {
                self.record(MessageViolation { location, name: name.to_owned(), violation });
            }),
        }
    }

    fn refuse_body(&mut self, violations: Violations) {
        if self.body.trim_ascii().is_empty() {
            return self.record(MessageViolation::missing(At::Body, ""));
        }
        for violation in violations {
            self.record(MessageViolation::body(violation));
        }
    }

    fn record(&mut self, violation: MessageViolation) {
        if self.violations.len() < MAX {
            self.violations.push(violation);
        }
    }
}

impl fmt::Debug for RequestReader<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        // Nothing of the request: any part may have sensitive values.
        f.debug_struct("RequestReader").field("violations", &self.violations).finish_non_exhaustive()
    }
}

/// Returns the values of a name, or the tree of its brackets.
fn nested<'p>(pairs: &'p Pairs<'_>, name: &'p str) -> Result<Values<'p>, (String, String)> {
    if pairs.too_many {
        return Err(("at most 10000 pairs".to_owned(), "more".to_owned()));
    }
    if !pairs.has_nested(name) {
        return pairs.values(name).map(|value| value.map_err(encoding)).collect::<Result<_, _>>().map(Values::Texts);
    }
    let decoded: Result<Vec<_>, _> =
        pairs.of(Some(name)).map(|(key, value)| value.map(|value| (key, value)).map_err(encoding)).collect();
    let mut tree =
        Tree::new(decoded?.into_iter(), &pairs.values_left).map_err(|error| (error.expected(), "more".to_owned()))?;
    Ok(tree.remove(name).map_or(Values::Texts(Vec::new()), Values::Tree))
}

fn encoding(raw: &str) -> (String, String) {
    ("percent-encoded UTF-8".to_owned(), raw.to_owned())
}
