//! Requests that are valid by the spec.

use apigen_model::api::Location;
use apigen_runtime::bytes::Bytes;
use apigen_runtime::codegen::{self, Profile, RawJson, Sampler};
use apigen_runtime::http::Request;
use apigen_runtime::{FromJson, Mode};
use serde_json::value::RawValue;

use super::Sampling;
use super::make::Maker;
use super::operation::{Operation, Parameter};
use super::tables::Value;

/// After this many attempts there is no request: a value may not fit into a path, or the path be that of another
/// operation.
const ATTEMPTS: u64 = 16;
/// After this many attempts, texts are random letters, which go over the wire in every place.
const PLAUSIBLE_ATTEMPTS: u64 = 8;

impl Sampling {
    /// Returns a valid request for an operation, by a seed: with all parameters and fields, with the required ones only, or
    /// with some, in turn. Its URI has a path and a query.
    ///
    /// Returns `None` if there is no such operation, or nothing that can be sent is a valid request.
    pub fn request(&self, operation: &str, seed: u64) -> Option<Request<Bytes>> {
        let operation = self.operations.find(operation)?;
        let profile = [Profile::Full, Profile::Minimal, Profile::Mixed][usize::try_from(seed % 3).unwrap_or(0)];
        let mut seeds = Sampler::new(seed, Profile::Mixed, None);
        (0..ATTEMPTS).find_map(|attempt| {
            let sampler = Sampler::new(seeds.bits(), profile, None);
            let maker = Maker::new(&self.tables, sampler).plain(attempt >= PLAUSIBLE_ATTEMPTS);
            let request = Input::new(operation, maker)?.to_http(operation)?;
            let taken = self.schema.request(&request, &Mode::strict());
            taken.is_ok_and(|taken| taken.info().id == operation.info.id).then_some(request)
        })
    }
}

/// The input of an operation, as JSON text.
struct Input<'a> {
    parameters: Vec<(&'a Parameter, String)>,
    body: Option<String>,
}

impl<'a> Input<'a> {
    /// Makes the input up; `None` if a required part of it has no value.
    fn new(operation: &'a Operation, mut maker: Maker<'_>) -> Option<Self> {
        let mut parameters = Vec::new();
        for parameter in &operation.parameters {
            let is_sent = parameter.required || maker.present();
            let json = match &parameter.value {
                _ if !is_sent => continue,
                Value::Nothing if parameter.required => return None,
                Value::Nothing => continue,
                Value::Literal(json) => json.clone(),
                Value::Made(slot) => maker.whole(slot),
            };
            if !(parameter.has_elements && json == "[]") {
                parameters.push((parameter, json));
            }
        }
        let body = match &operation.body {
            None => None,
            Some(slot) => Some(maker.whole(slot.as_ref().ok()?)),
        };
        Some(Self { parameters, body })
    }

    /// Encodes the input; `None` if it cannot be sent. Form parameters that a form would change are sent as JSON, which
    /// servers accept in its place.
    fn to_http(&self, operation: &Operation) -> Option<Request<Bytes>> {
        self.encoded(operation, false).or_else(|| self.encoded(operation, true))
    }

    fn encoded(&self, operation: &Operation, form_as_json: bool) -> Option<Request<Bytes>> {
        let mut request = codegen::Request::new(operation.info);
        let mut form = Vec::new();
        for (Parameter { name, location, is_list, .. }, json) in &self.parameters {
            let mut texts = texts(json)?;
            request = match location {
                Location::Path => request.path(name, &texts.pop()?),
                Location::Query => request.query(name, &texts),
                Location::Header if *is_list => request.header(name, &texts),
                Location::Header => request.header(name, &texts.pop()?),
                Location::Form => {
                    form.push((name, json));
                    if form_as_json { request } else { request.form(name, &RawJson(json)) }
                }
            };
        }
        if form_as_json && !form.is_empty() {
            let members = form.iter().map(|(name, json)| format!("{}:{json}", serde_json::Value::from(name.as_str())));
            let object = format!("{{{}}}", members.collect::<Vec<_>>().join(","));
            request = request.body(&RawJson(&object));
        }
        if let Some(json) = &self.body {
            request = request.body(&RawJson(json));
        }
        request.to_http().ok()
    }
}

/// Returns the texts of a value in a path, a query or a header: several for a list.
pub(super) fn texts(json: &str) -> Option<Vec<String>> {
    let text = |json: &str| if json.starts_with('"') { String::from_json(json).ok() } else { Some(json.to_owned()) };
    if !json.starts_with('[') {
        return Some(vec![text(json)?]);
    }
    let elements: Vec<&RawValue> = serde_json::from_str(json).ok()?;
    elements.into_iter().map(|element| text(element.get())).collect()
}
