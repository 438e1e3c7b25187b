//! Records and replays exchanges.

mod check;
mod example;
mod folder;
mod input;
mod library;
mod node;
mod observed;
mod redact;

use std::fmt;
use std::path::PathBuf;
use std::sync::{Arc, Mutex};

use bytes::Bytes;
use http::{HeaderMap, Request, Response, StatusCode};

use crate::call::{ReadBody, RecordedInput, TRANSIENT};
use crate::json::Mode;
use crate::lock;
use crate::operation::{OperationInfo, json_as_text};
use crate::testing::pseudonym::Pseudonyms;
use crate::transport::{Transport, TransportError, TransportFuture};
use check::check;
use example::{Example, Exchange};
use input::Call;
use library::Search;
use node::Node;
use redact::{Redaction, SensitiveTexts, parse_with};

/// Whether a [`Recorder`] sends requests.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum RecordMode {
    /// Sends every request and records its exchange, replacing an older one.
    Record,
    /// Sends nothing. A call without a recorded exchange fails, and reports the nearest one.
    Replay,
    /// Replays what was recorded; sends and records everything else.
    ReplayOrRecord,
}

/// A transport that records exchanges as files, and replays them.
///
/// An example is `<folder>/<method>/<path>/<name>.response.json`, with `.request.json` if there is a body and
/// `.meta.json` for status, headers, and the values of path and query: `examples/get/users/:guid/simple.response.json`.
/// On Windows the colon is written `%3A`.
///
/// Examples are matched by operation and typed input, not by URL or headers. Files may be written by hand: parts that
/// they do not specify (no request, no meta file) match everything, the default status is the first declared success,
/// and a folder may have the value of a variable in place of its name.
///
/// Only exchanges that the spec declares are recorded and replayed. Request headers are never recorded; response
/// headers only if declared. Sensitive values are replaced by pseudonyms: the same one for the same value, everywhere.
/// A guessed value can be confirmed by its pseudonym, unless there is a [`key`](Self::key).
///
/// Files are read and written on the thread that sends.
pub struct Recorder {
    folder: PathBuf,
    mode: RecordMode,
    inner: Option<Box<dyn Transport>>,
    name: Option<String>,
    names: Pseudonyms,
    sensitive: Vec<String>,
    headers: Vec<String>,
    reading: Mode,
    /// Held while a name is chosen and files are written.
    writing: Mutex<()>,
}

impl Recorder {
    /// Creates a recorder with this folder; `inner` sends requests.
    pub fn new(folder: impl Into<PathBuf>, mode: RecordMode, inner: impl Transport) -> Recorder {
        Recorder { mode, inner: Some(Box::new(inner)), ..Recorder::replay(folder) }
    }

    /// Creates a recorder that replays the examples of this folder, and sends nothing.
    pub fn replay(folder: impl Into<PathBuf>) -> Recorder {
        Recorder {
            folder: folder.into(),
            mode: RecordMode::Replay,
            inner: None,
            name: None,
            names: Pseudonyms::default(),
            sensitive: Vec::new(),
            headers: Vec::new(),
            reading: Mode::strict(),
            writing: Mutex::new(()),
        }
    }

    /// Names recorded examples: the first of an operation gets this name, others the name and a hash of their input.
    /// Existing examples keep their names. By default names are hashes, except for calls without input (`simple`).
    /// [`Call::example`](crate::Call::example) names a single call.
    pub fn named(self, name: impl Into<String>) -> Recorder {
        Recorder { name: Some(name.into()), ..self }
    }

    /// Makes pseudonyms depend on a key, so that values cannot be guessed without it. Replaying requires the same key.
    pub fn key(self, key: &str) -> Recorder {
        Recorder { names: Pseudonyms::keyed(key), ..self }
    }

    /// Treats path, query and form parameters with this name as sensitive, ignoring case: specs can declare only fields
    /// as sensitive.
    pub fn hide_parameter(mut self, name: &str) -> Recorder {
        self.sensitive.push(name.to_owned());
        self
    }

    /// Keeps this response header too, which the spec does not declare.
    pub fn keep_header(mut self, name: &str) -> Recorder {
        self.headers.push(name.to_owned());
        self
    }

    /// Records and replays everything that a client can decode: limits are not checked, unknown values of enums are
    /// kept.
    pub fn lenient(self) -> Recorder {
        Recorder { reading: Mode::lenient(), ..self }
    }

    async fn answer(&self, request: Request<Bytes>) -> Result<Response<Bytes>, TransportError> {
        let known =
            (request.extensions().get::<&'static OperationInfo>().copied(), request.extensions().get().cloned());
        let (Some(info), Some(recorded_input)) = known as (_, Option<Arc<RecordedInput>>) else {
            return Err(TransportError::told("only calls of generated clients can be recorded and replayed".into()));
        };
        let (call, read) = self.input(info, &recorded_input).map_err(TransportError::told)?;
        let search = Search { root: &self.folder, info, recorded_input: &recorded_input, call: &call, read: &read };
        if let Some(response) = self.replayed(&search).map_err(TransportError::told)? {
            return Ok(response);
        }
        let Some(inner) = &self.inner else {
            return Err(TransportError::told("there is no transport to record from".into()));
        };
        let response = inner.send(request).await?;
        self.record(&search, &response).map_err(TransportError::told)?;
        Ok(response)
    }

    fn input(&self, info: &OperationInfo, recorded_input: &RecordedInput) -> Result<(Call, ReadBody), String> {
        let read = recorded_input.read.ok_or_else(|| format!("no decoder for responses of {}", info.id))?;
        Ok((self.call(info, recorded_input)?, read))
    }

    fn call(&self, info: &OperationInfo, recorded_input: &RecordedInput) -> Result<Call, String> {
        let unreadable = || format!("the input of {} is not JSON", info.id);
        let call = Call::new(recorded_input, &self.names, &self.sensitive).ok_or_else(unreadable)?;
        match recorded_input.example.iter().chain(&self.name).find(|name| !folder::is_name(name)) {
            Some(name) => {
                Err(format!("{name:?} cannot be the name of an example: letters, digits, space, `_`, `-` and `.` can"))
            }
            None => Ok(call),
        }
    }

    /// Returns the response to replay, unless the exchange is to be recorded.
    fn replayed(&self, search: &Search<'_>) -> Result<Option<Response<Bytes>>, String> {
        if self.mode == RecordMode::Record {
            return Ok(None);
        }
        match (search.find()?, self.mode) {
            (Some(example), _) => self.play(&example, search).map(Some),
            (None, RecordMode::Replay) => Err(search.missing()),
            (None, _) => Ok(None),
        }
    }

    fn play(&self, example: &Example, search: &Search<'_>) -> Result<Response<Bytes>, String> {
        let (response, info) = (&example.response, search.info);
        match check(info, search.read, &self.reading, response.status(), &HeaderMap::new(), response.body()) {
            Ok(_) => {
                // The file has JSON, regardless of the content type.
                let (head, body) = response.clone().into_parts();
                let body = json_as_text(info, head.status.as_u16(), &head.headers, body);
                Ok(Response::from_parts(head, body))
            }
            Err(wrong) => Err(format!("the example {} violates the spec: {}", example.place.display(), wrong.text)),
        }
    }

    /// Records an exchange. Undeclared responses that a client retries are passed on and not recorded.
    fn record(&self, search: &Search<'_>, response: &Response<Bytes>) -> Result<(), String> {
        let (info, status) = (search.info, response.status());
        let is_retried = status == StatusCode::UNAUTHORIZED || TRANSIENT.contains(&status.as_u16());
        let body = match check(info, search.read, &self.reading, status, response.headers(), response.body()) {
            Ok(body) => body,
            Err(wrong) if wrong.undeclared && is_retried => return Ok(()),
            Err(wrong) => return Err(format!("not recorded: {}", wrong.text)),
        };
        let mut sensitive_texts = search.call.sensitive_texts.clone();
        let body = match body {
            Some((text, marks)) => {
                let redaction =
                    &mut Redaction { marks: &marks, names: &self.names, sensitive_texts: &mut sensitive_texts };
                let node = parse_with(&text, redaction).ok_or("not recorded: the body is not JSON")?;
                Some(self.cleaned(node, &sensitive_texts, search, status)?)
            }
            None => None,
        };
        let headers = self.headers(info, response, &sensitive_texts);
        let _writing = lock(&self.writing);
        let place = search.place(self.name.as_deref())?;
        Exchange { info, input: &search.call.shown, status, headers, body }.write(&place)
    }

    /// Also replaces sensitive values inside other text, unless the body would no longer be valid.
    fn cleaned(
        &self,
        node: Node,
        texts: &SensitiveTexts,
        search: &Search<'_>,
        status: StatusCode,
    ) -> Result<Node, String> {
        let valid = |node: &Node| {
            let json = node.pretty();
            let checked = check(search.info, search.read, &self.reading, status, &HeaderMap::new(), json.as_bytes());
            checked.map(drop).map_err(|wrong| wrong.text)
        };
        let mut clean = node.clone();
        clean.replace(&texts.sorted());
        if valid(&clean).is_ok() {
            return Ok(clean);
        }
        valid(&node).map_err(|what| format!("not recorded: with pseudonyms in place of sensitive values, {what}"))?;
        Ok(node)
    }

    fn headers(&self, info: &OperationInfo, response: &Response<Bytes>, sensitive_texts: &SensitiveTexts) -> Node {
        let declared = info.response(response.status().as_u16()).map_or(&[][..], |(declared, _)| declared.headers);
        let sensitive = |name: &str| declared.iter().any(|h| h.sensitive && h.name.eq_ignore_ascii_case(name));
        let mut wanted: Vec<&str> =
            declared.iter().map(|header| header.name).chain(self.headers.iter().map(String::as_str)).collect();
        wanted.sort_by_key(|name| name.to_lowercase());
        wanted.dedup_by(|a, b| a.eq_ignore_ascii_case(b));
        let members = wanted.into_iter().filter_map(|name| {
            let values = response.headers().get_all(name).iter();
            let shown = |value: Node| if sensitive(name) { value.pseudonym(&self.names, (None, None)) } else { value };
            let values = values.filter_map(|value| value.to_str().ok()).map(Node::text).map(shown);
            let mut values: Vec<Node> = values.collect();
            let value = if values.len() > 1 { Node::List(values) } else { values.pop()? };
            Some((name.to_owned(), value))
        });
        let mut headers = Node::Object(members.collect());
        headers.replace(&sensitive_texts.sorted());
        headers
    }
}

impl Transport for Recorder {
    fn send(&self, request: Request<Bytes>) -> TransportFuture<'_> {
        Box::pin(self.answer(request))
    }

    fn may_redirect(&self) -> bool {
        self.inner.as_ref().is_some_and(|inner| inner.may_redirect())
    }
}

impl fmt::Debug for Recorder {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Recorder").field("folder", &self.folder).field("mode", &self.mode).finish_non_exhaustive()
    }
}
