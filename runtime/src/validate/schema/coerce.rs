//! Converts requests to what a strict server accepts.

use std::collections::BTreeMap;

use http::header::CONTENT_TYPE;
use http::{HeaderMap, HeaderValue, Request};
use serde_json::value::RawValue;

use super::Schema;
use super::define::ParameterDefinition;
use super::message::Operation;
use crate::encoding::push_encoded;
use crate::json::{Mode, ToJson, Value, Writer};
use crate::operation::Media;
use crate::validate::request::{RequestReader, query_to_json};
use crate::validate::request_error::{RequestError, found};
use crate::validate::routing::decode;
use crate::validate::violation::{MessageLocation as At, MessageViolations};

/// What [`Schema::coerce`] changes in a request.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
#[non_exhaustive]
pub struct Coerced {
    /// The new query string, without `?`; `None` if it stays as it is.
    pub query: Option<String>,
    /// The new body, which is JSON; `None` if it stays as it is.
    pub body: Option<String>,
}

/// The JSON of the parameters that a request has, by name.
type Converted = BTreeMap<&'static str, String>;

impl Schema {
    /// Converts query, form and body as [`Mode::coerce`] does: numbers and booleans in text, one value for a list. A
    /// form becomes a JSON object, also where the operation takes a JSON body. What the spec does not declare is kept.
    ///
    /// # Errors
    /// Returns an error if there is no such operation, or all violations that no conversion removes.
    pub fn coerce<B>(&self, request: &Request<B>, body: &[u8]) -> Result<Coerced, RequestError> {
        let (index, captures) = found(&self.table, request.method(), request.uri().path())?;
        let operation = &self.operations[*index];
        let query = request.uri().query().unwrap_or_default();
        let json = form_as_json(operation, request.headers(), body);
        let headers = json.as_ref().map(|_| with_json(request.headers()));
        let headers = headers.as_ref().unwrap_or(request.headers());
        let body = json.as_deref().map_or(body, str::as_bytes);
        let mut reader = RequestReader::new(&captures, query, headers, body, Mode::coerce());
        let (mut in_query, mut in_form, mut converted) = (Converted::new(), Converted::new(), None);
        for parameter in &operation.parameters {
            let Some(text) = self.parameter_json(&mut reader, parameter) else { continue };
            match parameter.location {
                At::Query => drop(in_query.insert(parameter.name, text)),
                At::Form => drop(in_form.insert(parameter.name, text)),
                _ => {}
            }
        }
        if let Some(ty) = &operation.body {
            reader.body_by(&mut |r| {
                converted = self.text(r, ty);
                converted.as_ref().map(drop)
            });
        }
        MessageViolations::of(reader.into_violations()).map_err(RequestError::Invalid)?;
        let has_form = operation.parameters.iter().any(|parameter| parameter.location == At::Form);
        if has_form && !body.trim_ascii().is_empty() {
            converted = Some(form_object(in_form, &Media::of(headers), body));
        }
        let is_new = |text: &String| json.is_some() || !same_json(text, body);
        Ok(Coerced {
            query: rewritten(query, &in_query),
            body: converted.filter(|_| !body.trim_ascii().is_empty()).filter(is_new),
        })
    }

    fn parameter_json(&self, reader: &mut RequestReader<'_>, definition: &ParameterDefinition) -> Option<String> {
        let mut text = None;
        let read = self.parameter_by(reader, definition, &mut |r, ty| text = self.text(r, ty));
        text.filter(|_| read)
    }
}

/// Returns a form as JSON for an operation with a JSON body.
fn form_as_json(operation: &Operation, headers: &HeaderMap, body: &[u8]) -> Option<String> {
    let is_form = operation.body.is_some() && matches!(Media::of(headers), Media::Form);
    let form = std::str::from_utf8(body).ok().filter(|text| is_form && !text.trim_start().starts_with(['{', '[']))?;
    Some(query_to_json(form).ok()?.to_json())
}

fn with_json(headers: &HeaderMap) -> HeaderMap {
    let mut headers = headers.clone();
    headers.insert(CONTENT_TYPE, HeaderValue::from_static("application/json"));
    headers
}

/// Returns the JSON object of form parameters: the declared ones as converted, the others as they look.
fn form_object(declared: Converted, media: &Media<'_>, body: &[u8]) -> String {
    let text = String::from_utf8_lossy(body);
    let is_json = matches!(media, Media::Json) || text.trim_start().starts_with('{');
    let given = if is_json { serde_json::from_str(&text).ok() } else { query_to_json(&text).ok() };
    let mut members: BTreeMap<String, String> = match given {
        Some(Value::Object(members)) => members.into_iter().map(|(name, value)| (name, value.to_json())).collect(),
        _ => BTreeMap::new(),
    };
    members.extend(declared.into_iter().map(|(name, json)| (name.to_owned(), json)));
    let mut writer = Writer::new();
    writer.raw("{");
    for (index, (name, json)) in members.iter().enumerate() {
        writer.raw(if index == 0 { "" } else { "," });
        writer.string(name);
        writer.raw(":");
        writer.raw(json);
    }
    writer.raw("}");
    writer.into_string()
}

/// Returns true if both have the same tokens; white space between them may differ.
fn same_json(text: &str, body: &[u8]) -> bool {
    let mut quoted = false;
    let mut escaped = false;
    let significant = |byte: &u8| {
        let keep = quoted || !byte.is_ascii_whitespace();
        match byte {
            _ if escaped => escaped = false,
            b'\\' if quoted => escaped = true,
            b'"' => quoted = !quoted,
            _ => {}
        }
        keep
    };
    text.bytes().eq(body.iter().copied().filter(significant))
}

/// Returns the query string with these parameters in canonical form; `None` if it has it already.
fn rewritten(query: &str, parameters: &Converted) -> Option<String> {
    let (mut parts, mut written, mut changed) = (Vec::new(), Vec::new(), false);
    for part in query.split('&').filter(|part| !part.is_empty()) {
        let raw = part.split_once('=').map_or(part, |(key, _)| key).replace('+', " ");
        let key = decode(&raw).unwrap_or_default();
        let owner = parameters.iter().find(|(name, _)| key.strip_prefix(**name).is_some_and(is_suffix));
        let Some((name, texts)) = owner.and_then(|(name, json)| Some((name, texts(json)?))) else {
            parts.push(part.to_owned());
            continue;
        };
        if !written.contains(name) {
            written.push(name);
            changed |= texts != given(query, name);
            parts.extend(texts.iter().map(|text| pair(name, text)));
        }
    }
    changed.then(|| parts.join("&"))
}

fn is_suffix(rest: &str) -> bool {
    rest.is_empty() || rest.starts_with('[')
}

/// Returns the values of a name without brackets, decoded.
fn given(query: &str, name: &str) -> Vec<String> {
    let plain = |text: &str| decode(&text.replace('+', " ")).map(|text| text.into_owned());
    let pairs = query.split('&').filter_map(|part| part.split_once('='));
    pairs.filter(|(key, _)| plain(key).is_some_and(|key| key == name)).filter_map(|(_, value)| plain(value)).collect()
}

/// Returns the texts of a JSON value as values of one name; `None` for what needs brackets.
pub(crate) fn texts(json: &str) -> Option<Vec<String>> {
    let text = |json: &str| match json.as_bytes().first()? {
        b'"' => serde_json::from_str(json).ok(),
        b'{' | b'[' => None,
        _ => Some(json.to_owned()),
    };
    if !json.starts_with('[') {
        return text(json).map(|text| vec![text]);
    }
    let items: Vec<&RawValue> = serde_json::from_str(json).ok()?;
    items.into_iter().map(|item| text(item.get())).collect()
}

fn pair(name: &str, text: &str) -> String {
    let mut pair = String::new();
    push_encoded(&mut pair, name);
    pair.push('=');
    push_encoded(&mut pair, text);
    pair
}
