//! Form parameters: from a form, or from a JSON object, which API Builder's clients for Play send.

use std::collections::BTreeMap;

use http::HeaderMap;
use http::header::CONTENT_TYPE;
use serde_json::value::RawValue;

use super::pairs::Pairs;
use crate::json::{FromJson, Mode, Reader, Room, Value, Violation, Violations, shorten};
use crate::operation::Media;
use crate::validate::violation::MessageViolation;

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum ExpectedBody {
    Json,
    Form,
}

/// The form parameters of a body.
#[derive(Debug)]
pub(crate) enum Form<'r> {
    Pairs(Pairs<'r>),
    /// The members of a JSON object that are not `null`.
    Members(BTreeMap<String, &'r RawValue>),
}

impl<'r> Form<'r> {
    /// Parses a body; returns violations if it is neither a form nor a JSON object.
    pub(crate) fn new(
        body: &'r [u8],
        media: Media<'_>,
        mode: &Mode,
        room: Room,
    ) -> Result<Form<'r>, Vec<MessageViolation>> {
        let text = body.trim_ascii();
        let is_json = match media {
            Media::Json => !text.is_empty(),
            Media::Unknown => text.starts_with(b"{"),
            _ => false,
        };
        if !is_json {
            let text = std::str::from_utf8(body).map_err(|_| vec![MessageViolation::not_utf8()])?;
            return Ok(Form::Pairs(Pairs::new(text)));
        }
        // This first pass is for its violations. It does not coerce, so a list with one object is not an object.
        let mode = Mode { coerce: false, ..*mode };
        let mut reader = Reader::new(body, &mode);
        reader.room = room;
        let value = BTreeMap::<String, Value>::read(&mut reader);
        let body_violations = |violations: Violations| violations.into_iter().map(MessageViolation::body).collect();
        reader.outcome(value).map_err::<Vec<_>, _>(body_violations)?;
        let mut members: BTreeMap<String, &RawValue> =
            serde_json::from_slice(body).map_err(|_| vec![MessageViolation::not_utf8()])?;
        members.retain(|_, value| value.get() != "null");
        Ok(Form::Members(members))
    }
}

/// Returns the violation if the content type of a body cannot be accepted. An empty body needs none.
pub(crate) fn refusal(wanted: ExpectedBody, headers: &HeaderMap, body: &[u8]) -> Option<MessageViolation> {
    let text = body.trim_ascii();
    let looks_like_json = text.starts_with(b"{") || text.starts_with(b"[");
    let taken = match Media::of(headers) {
        _ if text.is_empty() => true,
        Media::Json | Media::Unknown => true,
        // `curl --data '{…}'` declares a form.
        Media::Form => wanted == ExpectedBody::Form && !looks_like_json,
        Media::Text(_) | Media::Other => false,
    };
    (!taken).then(|| {
        let expected = match wanted {
            ExpectedBody::Json => "application/json",
            ExpectedBody::Form => "application/x-www-form-urlencoded or application/json",
        };
        let given = headers.get(CONTENT_TYPE).map(|given| String::from_utf8_lossy(given.as_bytes()));
        let given = shorten(given.as_deref().unwrap_or_default(), 80);
        let probably = looks_like_json.then_some("application/json");
        MessageViolation::content_type(Violation::of_media(expected, &given, probably))
    })
}
