//! Examples, as the recorder writes them: which one answers a request.

use std::collections::BTreeSet;
use std::fs;
use std::path::{Path, PathBuf};

use apigen_runtime::Mode;
use apigen_runtime::validate::MessageLocation;
use apigen_runtime::validate::schema::{Operation, SchemaInput};
use bytes::Bytes;
use http::header::{CONTENT_TYPE, HeaderName};
use http::{HeaderMap, HeaderValue, Response, StatusCode};
use serde_json::Value;

use super::decision::AnsweredBy;
use crate::service::LoadedService;

/// The largest file of an example, in bytes.
const MAX_BYTES: u64 = 16 << 20;

/// Headers of a connection, which the server sets itself.
const FRAMING: [&str; 6] = ["connection", "content-length", "keep-alive", "trailer", "transfer-encoding", "upgrade"];

/// The examples of all operations, by position.
#[derive(Debug, Default)]
pub(super) struct Examples {
    operations: Vec<Vec<Example>>,
}

/// A recorded or written exchange.
#[derive(Debug)]
pub(super) struct Example {
    name: String,
    /// What the request must have; parts that are absent may be anything.
    path: Option<Value>,
    query: Option<Value>,
    body: Option<Value>,
    status: StatusCode,
    headers: HeaderMap,
    response: Bytes,
}

impl Examples {
    /// Reads the examples of a folder, `<method>/<path>/<name>.response.json`. Without a folder there are none.
    ///
    /// # Errors
    /// Returns all files that cannot be read, or whose responses violate the spec.
    pub(super) fn load(service: &LoadedService, root: Option<&Path>) -> Result<Examples, String> {
        let Some(root) = root else { return Ok(Examples::default()) };
        if !root.is_dir() {
            return Err(format!("{}: there is no such folder of examples", root.display()));
        }
        let mut problems = Vec::new();
        let operations = service.schema().operations().iter();
        let operations = operations.map(|operation| {
            let (examples, wrong) = read_all(service, operation, root);
            problems.extend(wrong);
            examples
        });
        let operations = operations.collect();
        if problems.is_empty() { Ok(Examples { operations }) } else { Err(problems.join("\n")) }
    }

    /// Returns true if an operation has examples.
    pub(super) fn any(&self, index: usize) -> bool {
        !self.all(index).is_empty()
    }

    fn all(&self, index: usize) -> &[Example] {
        self.operations.get(index).map_or(&[], Vec::as_slice)
    }

    pub(super) fn named(&self, index: usize, name: &str) -> Option<&Example> {
        self.all(index).iter().find(|example| example.name == name)
    }

    pub(super) fn with_status(&self, index: usize, status: u16) -> Option<&Example> {
        self.all(index).iter().find(|example| example.status == status)
    }

    /// Returns the example with this input: the one that states most of it. Otherwise returns the first success, as an
    /// example of the operation.
    pub(super) fn of(&self, index: usize, input: &SchemaInput) -> Option<&Example> {
        let path = object(input, MessageLocation::Path);
        let query = object(input, MessageLocation::Query);
        let body = input.body.as_deref().and_then(|body| serde_json::from_str(body).ok()).unwrap_or(Value::Null);
        let fits = |wanted: &Option<Value>, own: &Value| wanted.as_ref().is_none_or(|wanted| wanted == own);
        let matching = self
            .all(index)
            .iter()
            .filter(|example| fits(&example.path, &path) && fits(&example.query, &query) && fits(&example.body, &body));
        // Of equally exact ones, the first.
        let exact = matching.rev().max_by_key(|example| example.rank()).filter(|example| example.rank() > 0);
        exact.or_else(|| self.all(index).iter().find(|example| example.status.is_success()))
    }
}

impl Example {
    /// Returns how many parts of the request it states.
    fn rank(&self) -> usize {
        [&self.path, &self.query, &self.body].into_iter().flatten().count()
    }

    pub(super) fn response(&self) -> Response<Bytes> {
        let mut response = Response::new(self.response.clone());
        *response.status_mut() = self.status;
        *response.headers_mut() = self.headers.clone();
        if !self.response.is_empty() {
            response.headers_mut().entry(CONTENT_TYPE).or_insert(HeaderValue::from_static("application/json"));
        }
        response.extensions_mut().insert(AnsweredBy::Example(self.name.clone()));
        response
    }
}

/// Returns the parameters of one location by name.
fn object(input: &SchemaInput, location: MessageLocation) -> Value {
    let own = input.parameters.iter().filter(|parameter| parameter.location == location);
    let own = own.map(|own| (own.name.to_owned(), serde_json::from_str(&own.json).unwrap_or(Value::Null)));
    Value::Object(own.filter(|(_, value)| *value != Value::Array(Vec::new())).collect())
}

fn read_all(service: &LoadedService, operation: &Operation, root: &Path) -> (Vec<Example>, Vec<String>) {
    let info = operation.info();
    let segments = info.path.split('/').filter(|segment| !segment.is_empty()).map(folder_name);
    let folder = segments.fold(root.join(info.method.to_ascii_lowercase()), |folder, segment| folder.join(segment));
    let Ok(entries) = fs::read_dir(&folder) else { return (Vec::new(), Vec::new()) };
    let names: BTreeSet<String> = entries
        .flatten()
        .filter_map(|entry| Some(entry.file_name().to_str()?.strip_suffix(".response.json")?.to_owned()))
        .collect();
    let (mut examples, mut problems) = (Vec::new(), Vec::new());
    for name in names {
        match read(service, operation, &folder, name) {
            Ok(example) => examples.push(example),
            Err(problem) => problems.push(problem),
        }
    }
    (examples, problems)
}

/// Returns the name of the folder of a segment; Windows has no colons in names.
fn folder_name(segment: &str) -> String {
    if cfg!(windows) { segment.replace(':', "%3A") } else { segment.to_owned() }
}

fn read(service: &LoadedService, operation: &Operation, folder: &Path, name: String) -> Result<Example, String> {
    let file = |end: &str| folder.join(format!("{name}.{end}.json"));
    let meta = json(&file("meta"))?.unwrap_or(Value::Null);
    let given = json(&file("request"))?;
    let response = text(&file("response"))?.unwrap_or_default();
    let status = meta.get("status").map_or(operation.success().map(u64::from).or(Some(200)), Value::as_u64);
    let status = status.and_then(|status| StatusCode::from_u16(u16::try_from(status).ok()?).ok());
    let status = status.filter(|status| !status.is_informational());
    let status = status.ok_or_else(|| format!("{}: `status` must be a status code", file("meta").display()))?;
    let example = Example {
        path: meta.get("path").cloned(),
        query: meta.get("query").cloned(),
        body: given.or_else(|| meta.get("body").filter(|body| body.is_null()).cloned()),
        headers: headers(&meta),
        status,
        response: Bytes::from(response.trim().to_owned()),
        name,
    };
    let checked = service.schema().response(operation, &example.response(), &Mode::strict());
    let broken = |violations| {
        format!("{}: the response violates the spec: {violations}", file_of(folder, &example.name).display())
    };
    checked.map_err(broken)?;
    Ok(example)
}

fn file_of(folder: &Path, name: &str) -> PathBuf {
    folder.join(format!("{name}.response.json"))
}

fn headers(meta: &Value) -> HeaderMap {
    let mut headers = HeaderMap::new();
    for (name, value) in meta.get("headers").and_then(Value::as_object).into_iter().flatten() {
        let values = value.as_array().map_or(std::slice::from_ref(value), Vec::as_slice);
        for value in values.iter().filter_map(Value::as_str) {
            if let (Ok(name), Ok(value)) = (HeaderName::from_bytes(name.as_bytes()), HeaderValue::from_str(value))
                && !FRAMING.contains(&name.as_str())
            {
                headers.append(name, value);
            }
        }
    }
    headers
}

fn json(path: &Path) -> Result<Option<Value>, String> {
    let Some(text) = text(path)? else { return Ok(None) };
    serde_json::from_str(&text).map(Some).map_err(|error| format!("{}: {error}", path.display()))
}

fn text(path: &Path) -> Result<Option<String>, String> {
    let broken = |error: std::io::Error| format!("{}: {error}", path.display());
    match fs::metadata(path) {
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => return Ok(None),
        Err(error) => return Err(broken(error)),
        Ok(metadata) if metadata.len() > MAX_BYTES => return Err(format!("{}: larger than 16 MiB", path.display())),
        Ok(_) => {}
    }
    fs::read_to_string(path).map(Some).map_err(broken)
}
