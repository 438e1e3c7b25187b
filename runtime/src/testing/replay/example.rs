//! A recorded or hand-written exchange, stored as files.

use std::collections::BTreeSet;
use std::fs;
use std::path::{Path, PathBuf};

use bytes::Bytes;
use http::{HeaderMap, HeaderName, HeaderValue, Response, StatusCode};

use super::folder;
use super::input::{Expected, Input};
use super::node::Node;
use super::redact::parse;
use crate::operation::OperationInfo;

const REQUEST: &str = ".request.json";
const RESPONSE: &str = ".response.json";
const META: &str = ".meta.json";

pub(super) struct Example {
    /// Folder and name, without the suffixes of its files.
    pub(super) place: PathBuf,
    pub(super) name: String,
    pub(super) expected: Expected,
    pub(super) response: Response<Bytes>,
}

/// Reads all examples of a folder, sorted by name. Errors name the file.
pub(super) fn read_all(folder: &Path, info: &OperationInfo) -> Result<Vec<Example>, String> {
    let broken = |error| format!("{}: {error}", folder.display());
    let mut names = BTreeSet::new();
    for entry in fs::read_dir(folder).map_err(broken)? {
        let file = entry.map_err(broken)?.file_name();
        let Some(file) = file.to_str() else { continue };
        // A request alone is not an exchange.
        names.extend([RESPONSE, META].iter().filter_map(|end| file.strip_suffix(end)).map(str::to_owned));
    }
    names.into_iter().map(|name| read(folder, name, info)).collect()
}

fn read(folder: &Path, name: String, info: &OperationInfo) -> Result<Example, String> {
    let place = folder.join(&name);
    let request = json(&with_end(&place, REQUEST))?;
    let meta = json(&with_end(&place, META))?;
    let body = text(&with_end(&place, RESPONSE))?.unwrap_or_default();
    let meta = meta.unwrap_or(Node::Object(Vec::new()));
    let stated = |key| meta.get(key).cloned();
    let body_expected = match (request, stated("body")) {
        (Some(body), _) => Some(Some(body)),
        (None, Some(Node::Null)) => Some(None),
        _ => None,
    };
    let expected = Expected { path: stated("path"), query: stated("query"), body: body_expected };
    let status = match meta.get("status") {
        Some(Node::Number(digits)) => digits.parse().ok(),
        Some(_) => None,
        None => Some(info.success_status().unwrap_or(200)),
    };
    let status = status.and_then(|status| StatusCode::from_u16(status).ok());
    let status =
        status.ok_or_else(|| format!("{}: `status` must be a status code", with_end(&place, META).display()))?;
    let mut response = Response::new(Bytes::from(body));
    *response.status_mut() = status;
    *response.headers_mut() = headers(&meta);
    Ok(Example { place, name, expected, response })
}

fn headers(meta: &Node) -> HeaderMap {
    let mut headers = HeaderMap::new();
    let Some(Node::Object(members)) = meta.get("headers") else { return headers };
    for (name, value) in members {
        let all = if let Node::List(values) = value { values.as_slice() } else { std::slice::from_ref(value) };
        for one in all {
            let Node::Text(text) = one else { continue };
            if let (Ok(name), Ok(value)) = (HeaderName::from_bytes(name.as_bytes()), HeaderValue::from_str(text)) {
                headers.append(name, value);
            }
        }
    }
    headers
}

fn text(path: &Path) -> Result<Option<String>, String> {
    match fs::read_to_string(path) {
        Ok(text) => Ok(Some(text)),
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => Ok(None),
        Err(error) => Err(format!("{}: {error}", path.display())),
    }
}

fn json(path: &Path) -> Result<Option<Node>, String> {
    let Some(text) = text(path)? else { return Ok(None) };
    parse(&text).map(Some).ok_or_else(|| format!("{}: not valid JSON", path.display()))
}

fn with_end(place: &Path, end: &str) -> PathBuf {
    let mut path = place.as_os_str().to_owned();
    path.push(end);
    PathBuf::from(path)
}

impl Example {
    pub(super) fn rank(&self) -> usize {
        let Expected { path, query, body } = &self.expected;
        usize::from(path.is_some()) + usize::from(query.is_some()) + usize::from(body.is_some())
    }
}

pub(super) struct Exchange<'a> {
    pub(super) info: &'static OperationInfo,
    pub(super) input: &'a Input,
    pub(super) status: StatusCode,
    pub(super) headers: Node,
    pub(super) body: Option<Node>,
}

impl Exchange<'_> {
    /// Writes the files of an example. Files with equal JSON stay unchanged, regardless of key order and white space.
    pub(super) fn write(&self, place: &Path) -> Result<(), String> {
        let folder = place.parent().unwrap_or(place);
        fs::create_dir_all(folder).map_err(|error| format!("{}: {error}", folder.display()))?;
        // The file that specifies the input comes first: an example without it would match every call.
        for (end, node) in
            [(META, Some(&self.meta())), (REQUEST, self.input.body.as_ref()), (RESPONSE, self.body.as_ref())]
        {
            let path = with_end(place, end);
            let outcome = match node {
                Some(node)
                    if text(&path).ok().flatten().and_then(|old| parse(&old)).is_some_and(|old| old.equals(node)) =>
                {
                    Ok(())
                }
                Some(node) => folder::write(&path, &node.pretty()),
                None => folder::remove(&path),
            };
            outcome.map_err(|error| format!("{}: {error}", path.display()))?;
        }
        Ok(())
    }

    fn meta(&self) -> Node {
        let mut members = vec![
            ("operation".to_owned(), Node::text(self.info.id)),
            ("status".to_owned(), Node::Number(self.status.as_u16().to_string())),
            ("path".to_owned(), self.input.path.clone()),
            ("query".to_owned(), self.input.query.clone()),
        ];
        if self.input.body.is_none() && !["GET", "HEAD", "DELETE"].contains(&self.info.method) {
            members.push(("body".to_owned(), Node::Null));
        }
        if matches!(&self.headers, Node::Object(headers) if !headers.is_empty()) {
            members.push(("headers".to_owned(), self.headers.clone()));
        }
        Node::Object(members)
    }
}
