use std::fmt;

use bytes::Bytes;
use http::header::{ACCEPT, CONTENT_LENGTH, CONTENT_TYPE};
use http::{HeaderMap, HeaderValue, Method, Uri};

use crate::encoding::{Form, Query, ToParam, WITHHELD, form, headers, path};
#[cfg(feature = "testing")]
use crate::json::SensitiveField;
use crate::json::{ToJson, counted, encode};
use crate::operation::OperationInfo;

/// A request that is being encoded.
///
/// Values that cannot be encoded (an empty path value, a header value with a line break, NaN) do not fail at once:
/// awaiting the call returns an [invalid request](crate::client::Failure::is_invalid_request).
#[must_use]
pub struct Request {
    parts: Box<Parts>,
}

struct Parts {
    info: &'static OperationInfo,
    path: Vec<(String, Option<String>)>,
    query: Query,
    headers: HeaderMap,
    body: Body,
    error: Option<String>,
    deprecated: bool,
    #[cfg(feature = "testing")]
    recorded_input: crate::call::RecordedInput,
}

enum Body {
    None,
    Json(String),
    Form(Form),
}

/// The default `Accept` header. Where a `string` is declared, text is accepted too.
pub(crate) const ACCEPTED: &str = "application/json";

impl Request {
    /// Creates a request for an operation, without values.
    pub fn new(info: &'static OperationInfo) -> Request {
        let parts = Parts {
            info,
            path: Vec::new(),
            query: Query::default(),
            headers: HeaderMap::new(),
            body: Body::None,
            error: None,
            deprecated: false,
            #[cfg(feature = "testing")]
            recorded_input: crate::call::RecordedInput::default(),
        };
        Request { parts: Box::new(parts) }
    }

    /// Returns the operation.
    pub fn info(&self) -> &'static OperationInfo {
        self.parts.info
    }

    /// Records that the operation is deprecated, for observers.
    pub fn deprecated(mut self) -> Request {
        self.parts.deprecated = true;
        self
    }

    /// Makes the request invalid if a list is empty: nothing would be sent, and a server would read the parameter's
    /// default.
    pub fn not_empty(mut self, name: &str, count: usize) -> Request {
        if count == 0 {
            let text = || format!("parameter {name} cannot be an empty list: a server would read its default instead");
            self.parts.error.get_or_insert_with(text);
        }
        self
    }

    /// Makes the request invalid if a parameter has more values than the spec allows.
    pub fn at_most(mut self, name: &str, count: usize, maximum: usize) -> Request {
        if count > maximum {
            let maximum = counted(&maximum, "values");
            self.parts.error.get_or_insert_with(|| format!("parameter {name} takes at most {maximum}, not {count}"));
        }
        self
    }

    /// Sets how to read the body of a response, and the caller's name for the recorded example.
    #[cfg(feature = "testing")]
    pub(crate) fn read_by(&mut self, read: crate::call::ReadBody, example: Option<String>) {
        (self.parts.recorded_input.read, self.parts.recorded_input.example) = (Some(read), example);
    }

    pub(crate) fn is_deprecated(&self) -> bool {
        self.parts.deprecated
    }

    /// Sets the value of a path variable, which must be exactly one and not empty.
    pub fn path(mut self, name: &str, value: &dyn ToParam) -> Request {
        self.must_be_finite("path", name, value);
        let mut text: Option<String> = None;
        value.values(&mut |value| text = Some(value.to_owned()));
        self.parts.path.push((name.to_owned(), text));
        self
    }

    /// Appends `name=value` to the query string for each value: nothing for an absent one or an empty list.
    pub fn query(mut self, name: &str, value: &dyn ToParam) -> Request {
        self.must_be_finite("query", name, value);
        value.values(&mut |value| {
            self.parts.query.push(name, value);
            #[cfg(feature = "testing")]
            self.parts.recorded_input.query.push((name.to_owned(), value.to_owned()));
        });
        if self.parts.query.has_too_many() {
            self.parts.error.get_or_insert_with(|| format!("query parameter `{name}` has {}", form::TOO_MANY));
        }
        self
    }

    /// Sets a header, once per value; an absent value or an empty list changes nothing. `Content-Length` and
    /// `Transfer-Encoding` make the request invalid: the connection sets them.
    pub fn header(mut self, name: &str, value: &dyn ToParam) -> Request {
        if let Err(error) = headers::set_declared_in_request(&mut self.parts.headers, name, value) {
            self.parts.error.get_or_insert(error);
        }
        self
    }

    /// Adds a form parameter; the body is `application/x-www-form-urlencoded`, with nested values as `a[b][0]`. Values
    /// that would not survive a round trip make the request invalid: for example the keys `1` and `a[b]`, and nested
    /// empty lists.
    pub fn form(mut self, name: &str, value: &dyn ToJson) -> Request {
        let mut form = match self.parts.body {
            Body::Form(form) => form,
            _ => Form::default(),
        };
        if !value.is_absent() {
            let encoded = form.push(name, value);
            if let Err(error) = encoded {
                self.parts.error.get_or_insert(format!("form parameter `{name}` cannot be encoded: {error}"));
            }
            #[cfg(feature = "testing")]
            {
                let value = match self.parts.info.is_sensitive(name) {
                    true => crate::call::RecordedJson::of(&SensitiveField::new(value)),
                    false => crate::call::RecordedJson::of(value),
                };
                self.parts.recorded_input.form.get_or_insert_default().push((name.to_owned(), value));
            }
        }
        self.parts.body = Body::Form(form);
        self
    }

    /// Sets a JSON body; an absent value sends none.
    pub fn body(mut self, value: &dyn ToJson) -> Request {
        if !value.is_absent() {
            match encode(value) {
                Ok(json) => self.parts.body = Body::Json(json),
                Err(error) => {
                    self.parts.error.get_or_insert(format!("the body cannot be encoded: {error}"));
                }
            }
            #[cfg(feature = "testing")]
            {
                self.parts.recorded_input.body = Some(crate::call::RecordedJson::of(value));
            }
        }
        self
    }

    fn must_be_finite(&mut self, place: &str, name: &str, value: &dyn ToParam) {
        if !value.is_finite() {
            let error = || format!("{place} parameter `{name}` is NaN or infinite, which cannot be sent");
            self.parts.error.get_or_insert_with(error);
        }
    }

    /// Returns the URL under `base`, or why the request is invalid.
    pub(crate) fn url(&self, base: &str) -> Result<String, String> {
        let Parts { info, path, query, error, .. } = &*self.parts;
        if let Some(error) = error {
            return Err(error.clone());
        }
        let query = query.as_str();
        let mut url = String::with_capacity(base.len() + info.path.len() + query.len() + 64);
        url.push_str(base);
        path::expand(&mut url, info.path, path)?;
        if !query.is_empty() {
            url.push('?');
            url.push_str(query);
        }
        Ok(url)
    }

    /// Returns the URL for errors if it has sensitive values, which are replaced.
    pub(crate) fn shown(&self, base: &str) -> Option<String> {
        let Parts { info, path, query, .. } = &*self.parts;
        if info.sensitive_parameters.is_empty() {
            return None;
        }
        let path: Vec<(String, Option<String>)> = path
            .iter()
            .map(|(name, value)| match info.is_sensitive(name) {
                true => (name.clone(), Some(WITHHELD.to_owned())),
                false => (name.clone(), value.clone()),
            })
            .collect();
        let mut shown = base.to_owned();
        if path::expand(&mut shown, info.path, &path).is_err() {
            shown.push_str(info.path);
        }
        for (index, pair) in query.as_str().split('&').filter(|pair| !pair.is_empty()).enumerate() {
            shown.push(if index == 0 { '?' } else { '&' });
            match pair.split_once('=') {
                Some((name, _)) if info.sensitive_parameters.iter().any(|known| form::is_query_name(name, known)) => {
                    shown.push_str(&format!("{name}={WITHHELD}"));
                }
                _ => shown.push_str(pair),
            }
        }
        Some(shown)
    }

    /// Encodes the request as it is sent, with only a path in its URI.
    ///
    /// # Errors
    /// Returns why the request is invalid.
    pub fn to_http(self) -> Result<http::Request<Bytes>, String> {
        let url = self.url("")?;
        Ok(self.encode(&url, HeaderMap::new())?.to_http(HeaderMap::new()))
    }

    /// Encodes the request for all attempts. The headers of the call replace those of the parameters.
    pub(crate) fn encode(self, url: &str, over: HeaderMap) -> Result<Encoded, String> {
        #[cfg(feature = "testing")]
        let recorded_input = crate::call::RecordedInput {
            sensitive: self.parts.info.sensitive_parameters,
            path: self.parts.path.into_iter().filter_map(|(name, value)| Some((name, value?))).collect(),
            ..self.parts.recorded_input
        };
        let Parts { info, mut headers, body, .. } = *self.parts;
        let method = Method::from_bytes(info.method.as_bytes()).map_err(|error| format!("{}: {error}", info.method))?;
        let uri: Uri = url.parse().map_err(|error| format!("the URL cannot be sent: {error}"))?;
        headers::overlay(&mut headers, &over);
        let (body, content_type) = body.into_bytes();
        Ok(Encoded {
            info,
            method,
            uri,
            headers,
            body,
            content_type,
            #[cfg(feature = "testing")]
            recorded_input: std::sync::Arc::new(recorded_input),
        })
    }
}

/// A request without the headers of its client, from which each attempt is created: most calls need only one.
pub(crate) struct Encoded {
    info: &'static OperationInfo,
    pub(crate) method: Method,
    uri: Uri,
    pub(crate) headers: HeaderMap,
    body: Bytes,
    /// The type of the body, unless a header sets it.
    content_type: Option<HeaderValue>,
    #[cfg(feature = "testing")]
    recorded_input: std::sync::Arc<crate::call::RecordedInput>,
}

impl Encoded {
    /// Creates the HTTP request. The headers of the call replace `headers`, those of the client.
    pub(crate) fn to_http(&self, mut headers: HeaderMap) -> http::Request<Bytes> {
        if headers.get(ACCEPT).is_some_and(|accepted| accepted == ACCEPTED)
            && self.info.responses.iter().any(|r| r.text)
        {
            headers.insert(ACCEPT, HeaderValue::from_static("application/json, text/*;q=0.9"));
        }
        headers::overlay(&mut headers, &self.headers);
        if let Some(content_type) = &self.content_type {
            headers.entry(CONTENT_TYPE).or_insert_with(|| content_type.clone());
        }
        // RFC 9110, section 8.6: a server may wait for the body that these methods normally have.
        if self.body.is_empty() && [Method::POST, Method::PUT, Method::PATCH].contains(&self.method) {
            headers.insert(CONTENT_LENGTH, HeaderValue::from_static("0"));
        }
        let mut request = http::Request::new(self.body.clone());
        *request.method_mut() = self.method.clone();
        *request.uri_mut() = self.uri.clone();
        *request.headers_mut() = headers;
        request.extensions_mut().insert(self.info);
        #[cfg(feature = "testing")]
        request.extensions_mut().insert(std::sync::Arc::clone(&self.recorded_input));
        request
    }
}

impl fmt::Debug for Request {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        // No values: any of them may be sensitive.
        let names: Vec<_> = self.parts.headers.keys().collect();
        f.debug_struct("Request")
            .field("operation", &self.parts.info.id)
            .field("headers", &names)
            .finish_non_exhaustive()
    }
}

impl Body {
    fn into_bytes(self) -> (Bytes, Option<HeaderValue>) {
        let (content_type, text) = match self {
            Body::None => return (Bytes::new(), None),
            // RFC 8259 defines no charset for JSON, but API Builder's own clients have always sent it.
            Body::Json(text) => ("application/json; charset=UTF-8", text),
            Body::Form(form) => ("application/x-www-form-urlencoded", form.into_text()),
        };
        (Bytes::from(text), Some(HeaderValue::from_static(content_type)))
    }
}
