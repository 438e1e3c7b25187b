//! The content type of a body.

use bytes::Bytes;
use http::HeaderMap;
use http::header::CONTENT_TYPE;

use super::{OperationInfo, ResponseInfo};
use crate::json::{Code, ToJson, Violation, Violations};

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Media<'h> {
    /// Unspecified: there is no content type, or `application/octet-stream`.
    Unknown,
    /// `application/json`, `text/json`, and all that end in `+json`.
    Json,
    /// `application/x-www-form-urlencoded`
    Form,
    /// `text/…`, with its charset.
    Text(Option<&'h str>),
    Other,
}

impl Media<'_> {
    /// Returns the type that headers declare. Case and parameters are ignored.
    pub(crate) fn of(headers: &HeaderMap) -> Media<'_> {
        let Some(value) = headers.get(CONTENT_TYPE) else { return Media::Unknown };
        let Ok(text) = value.to_str() else { return Media::Other };
        let mut parts = text.split(';').map(str::trim);
        let essence = parts.next().unwrap_or_default();
        let is = |known: &str| essence.eq_ignore_ascii_case(known);
        match essence.split_once('/') {
            None if essence.is_empty() => Media::Unknown,
            _ if is("application/json") || is("text/json") => Media::Json,
            _ if is("application/octet-stream") => Media::Unknown,
            _ if is("application/x-www-form-urlencoded") => Media::Form,
            Some((_, subtype)) if subtype.to_ascii_lowercase().ends_with("+json") => Media::Json,
            Some((kind, _)) if kind.eq_ignore_ascii_case("text") => Media::Text(parts.find_map(charset)),
            _ => Media::Other,
        }
    }
}

/// Returns the value of the parameter `charset`, which may be quoted.
fn charset(parameter: &str) -> Option<&str> {
    let (name, value) = parameter.split_once('=')?;
    name.trim().eq_ignore_ascii_case("charset").then(|| value.trim().trim_matches('"'))
}

/// Converts a response body of type `string` that is text, or that has neither content nor content type, to a JSON string;
/// returns `None` for every other body, which is JSON already. Fails if the text is not UTF-8.
pub(crate) fn text_as_json(
    declared: &ResponseInfo,
    headers: &HeaderMap,
    body: &[u8],
) -> Result<Option<String>, Violations> {
    if !declared.text {
        return Ok(None);
    }
    let charset = match Media::of(headers) {
        Media::Text(charset) => charset,
        // An empty body cannot be JSON, so it is an empty text.
        Media::Unknown if body.is_empty() => None,
        _ => return Ok(None),
    };
    // ASCII is part of UTF-8.
    let is_utf8 =
        |charset: &&str| ["utf-8", "utf8", "us-ascii"].iter().any(|known| charset.eq_ignore_ascii_case(known));
    if let Some(charset) = charset.filter(|charset| !is_utf8(charset)) {
        return Err(not_utf8(&format!("the charset {charset}")));
    }
    let text = std::str::from_utf8(body).map_err(|_| not_utf8("other bytes"))?;
    Ok(Some(text.to_owned().to_json()))
}

/// Converts the JSON of a `string` to text if the content type is text: the reverse of [`text_as_json`].
pub(crate) fn json_as_text(info: &OperationInfo, status: u16, headers: &HeaderMap, json: Bytes) -> Bytes {
    let declared = info.response(status).is_some_and(|(declared, _)| declared.text);
    if !declared || !matches!(Media::of(headers), Media::Text(_)) {
        return json;
    }
    serde_json::from_slice::<String>(&json).map(Bytes::from).unwrap_or(json)
}

fn not_utf8(found: &str) -> Violations {
    Violations { list: vec![Violation::of_media("text in UTF-8", found, None)], truncated: false }
}

impl Violation {
    /// Creates the violation for a body with an unsupported content type or encoding. `probably` is the content type
    /// that was meant.
    pub(crate) fn of_media(expected: &str, found: &str, probably: Option<&str>) -> Violation {
        let advice = probably.map(|one| format!("; the body looks like JSON: send it with Content-Type: {one}"));
        Violation {
            pointer: String::new(),
            code: Code::ContentType,
            message: format!("expected {expected}, found {found}{}", advice.unwrap_or_default()),
            expected: expected.to_owned(),
            found: found.to_owned(),
            suggestion: probably.map(str::to_owned),
            offset: 0,
            line: 1,
            column: 1,
        }
    }
}

#[cfg(test)]
mod tests {
    use http::HeaderValue;

    use super::*;

    #[test]
    fn content_types() {
        for (text, expected) in [
            ("application/json", Media::Json),
            ("Application/JSON ; charset=UTF-8", Media::Json),
            ("text/json", Media::Json),
            ("application/problem+JSON", Media::Json),
            ("text/x+json;q=1", Media::Json),
            ("application/octet-stream", Media::Unknown),
            ("", Media::Unknown),
            (" ; charset=utf-8", Media::Unknown),
            ("application/x-www-form-urlencoded;charset=utf-8", Media::Form),
            ("text/plain", Media::Text(None)),
            ("TEXT/csv; header=present; Charset=\"utf-8\"", Media::Text(Some("utf-8"))),
            ("text/plain;charset=latin1", Media::Text(Some("latin1"))),
            ("json", Media::Other),
            ("+json", Media::Other),
            ("application/jsonp", Media::Other),
            ("application/json, text/plain", Media::Other),
            ("multipart/form-data; boundary=x", Media::Other),
        ] {
            let headers = HeaderMap::from_iter([(CONTENT_TYPE, HeaderValue::from_str(text).unwrap())]);
            assert_eq!(Media::of(&headers), expected, "{text}");
        }
        assert_eq!(Media::of(&HeaderMap::new()), Media::Unknown);
        let headers = HeaderMap::from_iter([(CONTENT_TYPE, HeaderValue::from_bytes(b"text/\xfc").unwrap())]);
        assert_eq!(Media::of(&headers), Media::Other);
    }
}
