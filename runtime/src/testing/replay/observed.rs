//! Records exchanges that somebody else has sent, by a service that is known at run time only.

use http::{Request, Response};

use super::Recorder;
use super::library::Search;
use crate::call::{RecordedInput, RecordedJson};
use crate::json::{Mark, Marked, Mode, Reader};
use crate::validate::MessageLocation as At;
use crate::validate::schema::{InputParameter, Operation, RequestParts, Schema, texts};
use bytes::Bytes;

impl Recorder {
    /// Records an exchange that was observed, as if a generated client had sent it; the mode of the recorder does not
    /// matter. Nothing is recorded for a request that fits no operation, and for `HEAD`. Bodies must be decoded
    /// (`Content-Encoding`).
    ///
    /// # Errors
    /// Returns an error if the spec does not declare the response, or files cannot be written.
    pub fn keep(&self, schema: &Schema, request: &Request<Bytes>, response: &Response<Bytes>) -> Result<(), String> {
        let (method, path) = (request.method().as_str(), request.uri().path());
        let Some(operation) = schema.operation(method, path).filter(|operation| !operation.info().is_head()) else {
            return Ok(());
        };
        let recorded_input = recorded_input(schema, operation, request);
        let info = operation.info();
        let call = self.call(info, &recorded_input)?;
        let read = |_: bool, status: u16, reader: &mut Reader<'_>| {
            operation.response(status).is_some_and(|ty| schema.check(reader, ty).is_some())
        };
        let search = Search { root: &self.folder, info, recorded_input: &recorded_input, call: &call, read: &read };
        self.record(&search, response)
    }
}

/// Returns the input of a valid request.
fn recorded_input(schema: &Schema, operation: &Operation, request: &Request<Bytes>) -> RecordedInput {
    let query = request.uri().query().unwrap_or_default();
    let parts = RequestParts { path: request.uri().path(), query, headers: request.headers(), body: request.body() };
    let input = schema.input(operation, parts);
    let sensitive = operation.info().sensitive_parameters;
    let mut recorded = RecordedInput { sensitive, ..RecordedInput::default() };
    for InputParameter { location, name, json } in input.parameters {
        let pairs = || texts(&json).unwrap_or_else(|| vec![json.clone()]).into_iter();
        let pairs = || pairs().map(|text| (name.to_owned(), text));
        match location {
            At::Path => recorded.path.extend(pairs()),
            At::Query => recorded.query.extend(pairs()),
            At::Form => {
                let own = operation.parameters.iter().find(|own| own.location == At::Form && own.name == name);
                let mut marks = own.map_or_else(Vec::new, |own| marks(schema, &own.ty, &json));
                let (min, max) = own.map_or((None, None), |own| (own.minimum, own.maximum));
                if sensitive.contains(&name) {
                    marks.insert(0, Mark { at: 0, what: Marked::Value { min, max } });
                }
                recorded.form.get_or_insert_default().push((name.to_owned(), RecordedJson { json, marks }));
            }
            _ => {}
        }
    }
    recorded.body = input.body.zip(operation.body()).map(|(json, ty)| {
        let marks = marks(schema, ty, &json);
        RecordedJson { json, marks }
    });
    recorded
}

/// Returns the positions of sensitive values.
fn marks(schema: &Schema, ty: &crate::validate::schema::Type, json: &str) -> Vec<Mark> {
    let mut reader = Reader::new(json.as_bytes(), &Mode::strict());
    reader.marks = Some(Vec::new());
    schema.check(&mut reader, ty);
    let mut marks = reader.marks.take().unwrap_or_default();
    marks.sort_by_key(|mark| mark.at);
    marks
}
