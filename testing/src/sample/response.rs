//! Responses that are valid by the spec, and repeat what their requests say.

use apigen_runtime::FromJson;
use apigen_runtime::bytes::Bytes;
use apigen_runtime::http::header::CONTENT_TYPE;
use apigen_runtime::http::{HeaderMap, HeaderValue, Response, StatusCode};
use apigen_runtime::validate::MessageLocation;
use serde_json::value::RawValue;

use super::make::{Echoed, Maker};
use super::operation::{self, ResponseHeader};
use super::request::texts;
use super::tables::{Node, Slot, Value};
use super::{KnownValue, Options, Sampling};
use apigen_model::api::{Location, Primitive};

impl Sampling {
    /// Returns a valid response to an operation with this status, which the spec declares or covers by `default`. Its
    /// body has the values of path variables and filters that are known.
    ///
    /// Required headers are there, and with [`Profile::Full`](super::Profile::Full) all declared ones. A response to
    /// `HEAD`, and a status without content, has no body. Returns `None` if there is no such operation or status, or no
    /// valid response.
    pub fn response(&self, operation: &str, status: u16, options: &Options<'_>) -> Option<Response<Bytes>> {
        let operation = self.operations.find(operation)?;
        let declared = operation.response(status)?;
        let slot = declared.body.as_ref().ok()?;
        let mut response = Response::new(Bytes::new());
        *response.status_mut() = StatusCode::from_u16(status).ok()?;
        let mut maker = self.maker(options);
        for header in &declared.headers {
            if header.required || maker.present() {
                header.write(&mut maker, response.headers_mut());
            }
        }
        let is_empty =
            matches!(slot.node, Node::Primitive(Primitive::Unit)) || matches!(status, 100..=199 | 204 | 205 | 304);
        if is_empty || operation.info.method == "HEAD" {
            return Some(response);
        }
        let known = Known::new(operation, options.known);
        let echoes = known.echoes(&declared.echoes);
        let json = Maker::new(&self.tables, self.sampler(options)).echoing(&echoes, known.most(&echoes)).whole(slot);
        *response.body_mut() = Bytes::from(body(json, slot, response.headers_mut()));
        Some(response)
    }
}

/// Returns the body in the form that the content type declares: JSON, unless a text is declared as one.
fn body(json: String, slot: &Slot, headers: &mut HeaderMap) -> String {
    let is_text = matches!(slot.node, Node::Primitive(Primitive::String));
    let declared = headers.get(CONTENT_TYPE).and_then(|value| value.to_str().ok()).unwrap_or_default();
    if is_text && declared.starts_with("text/") {
        return String::from_json(&json).unwrap_or(json);
    }
    headers.insert(CONTENT_TYPE, HeaderValue::from_static("application/json"));
    json
}

impl ResponseHeader {
    fn write(&self, maker: &mut Maker<'_>, headers: &mut HeaderMap) {
        let json = match &self.value {
            Value::Nothing => return,
            Value::Literal(json) => json.clone(),
            Value::Made(slot) => maker.whole(slot),
        };
        let values = texts(&json).unwrap_or_default();
        for text in values.iter().filter(|text| self.is_list || !text.is_empty()) {
            headers.extend(HeaderValue::from_bytes(text.as_bytes()).map(|value| (self.name.clone(), value)));
        }
    }
}

/// The values that a request says, by the position of the parameter.
struct Known<'k> {
    values: Vec<Vec<&'k str>>,
    /// The maximum number of elements that the request wants.
    limit: Option<i64>,
}

impl<'k> Known<'k> {
    fn new(operation: &operation::Operation, known: &[KnownValue<'k>]) -> Self {
        let values = operation.parameters.iter().map(|parameter| {
            let location = match parameter.location {
                Location::Path => MessageLocation::Path,
                Location::Query => MessageLocation::Query,
                Location::Header | Location::Form => return Vec::new(),
            };
            let same = known.iter().find(|value| value.location == location && value.name == parameter.name);
            same.map_or_else(Vec::new, |value| elements(value.json))
        });
        let limit = known.iter().find(|value| value.location == MessageLocation::Query && value.name == "limit");
        Self { values: values.collect(), limit: limit.and_then(|limit| limit.json.parse().ok()) }
    }

    fn echoes(&self, declared: &[(usize, apigen_model::behaviour::Echo)]) -> Vec<Echoed<'_>> {
        let echoes = declared.iter().filter_map(|(model, echo)| {
            let values = self.values.get(echo.parameter)?.as_slice();
            let echoed = Echoed { model: *model, field: echo.field, inner: echo.inner, values };
            (!values.is_empty()).then_some(echoed)
        });
        echoes.collect()
    }

    /// Returns the maximum number of elements of a list: as many as are asked for.
    fn most(&self, echoes: &[Echoed<'_>]) -> Option<i64> {
        let listed = echoes.iter().map(|echo| echo.values.len()).filter(|count| *count > 1).max();
        listed.and_then(|count| i64::try_from(count).ok()).into_iter().chain(self.limit).min()
    }
}

/// Splits a list into the JSON of its elements; another value is one.
fn elements(json: &str) -> Vec<&str> {
    if !json.starts_with('[') {
        return vec![json];
    }
    let elements: Vec<&RawValue> = serde_json::from_str(json).unwrap_or_default();
    elements.into_iter().map(RawValue::get).collect()
}
