use std::fmt;

use bytes::Bytes;
use http::header::{CONTENT_LENGTH, CONTENT_TYPE};
use http::{HeaderMap, HeaderValue, Method, Uri};
use serde_json::value::RawValue;

use super::operation::OperationInfo;
use super::options::CallOptions;
use super::param::ToParam;
use super::{form, headers, path};
use crate::ToJson;

/// A call that is being encoded.
///
/// What cannot be encoded (an empty path value, a header value with a line break) is remembered, and comes out as an
/// [invalid request](crate::Failure::is_invalid_request) when the call is awaited.
#[must_use]
pub struct Request {
    parts: Box<Parts>,
}

struct Parts {
    info: &'static OperationInfo,
    path: Vec<(String, Option<String>)>,
    query: String,
    headers: HeaderMap,
    body: Body,
    error: Option<String>,
    deprecated: bool,
    #[cfg(feature = "testing")]
    typed: super::typed::Typed,
}

enum Body {
    None,
    Json(String),
    Form(String),
}

impl Request {
    /// A request for an operation, without any value yet.
    pub fn new(info: &'static OperationInfo) -> Request {
        let parts = Parts {
            info,
            path: Vec::new(),
            query: String::new(),
            headers: HeaderMap::new(),
            body: Body::None,
            error: None,
            deprecated: false,
            #[cfg(feature = "testing")]
            typed: super::typed::Typed::default(),
        };
        Request { parts: Box::new(parts) }
    }

    /// The operation it is for.
    pub fn info(&self) -> &'static OperationInfo {
        self.parts.info
    }

    /// Marks the operation as deprecated, which observers are told.
    pub fn deprecated(mut self) -> Request {
        self.parts.deprecated = true;
        self
    }

    /// Refuses to send more values of a parameter than the spec allows.
    pub fn at_most(mut self, name: &str, count: usize, maximum: usize) -> Request {
        if count > maximum {
            self.parts
                .error
                .get_or_insert_with(|| format!("parameter {name} takes at most {maximum} values, not {count}"));
        }
        self
    }

    /// Says that the values of this parameter must not be shown: recorded examples have something else in their place.
    #[cfg_attr(not(feature = "testing"), expect(unused_mut, unused_variables, reason = "nothing is recorded"))]
    pub fn secret(mut self, name: &str) -> Request {
        #[cfg(feature = "testing")]
        self.parts.typed.hidden.push(name.to_owned());
        self
    }

    /// Says how the body of a response is read.
    #[cfg(feature = "testing")]
    pub(super) fn read_by(&mut self, read: super::typed::ReadBody) {
        self.parts.typed.read = Some(read);
    }

    pub(super) fn is_deprecated(&self) -> bool {
        self.parts.deprecated
    }

    /// Gives a path variable its value, which must be exactly one, and not empty.
    pub fn path(mut self, name: &str, value: &dyn ToParam) -> Request {
        let mut text: Option<String> = None;
        value.values(&mut |value| text = Some(value.to_owned()));
        self.parts.path.push((name.to_owned(), text));
        self
    }

    /// Appends to the query string: one `name=value` for each value, so nothing for an absent one or an empty list.
    pub fn query(mut self, name: &str, value: &dyn ToParam) -> Request {
        value.values(&mut |value| {
            form::push_query(&mut self.parts.query, name, value);
            #[cfg(feature = "testing")]
            self.parts.typed.query.push((name.to_owned(), value.to_owned()));
        });
        self
    }

    /// Sets a header: once for each value; an absent one or an empty list changes nothing.
    pub fn header(mut self, name: &str, value: &dyn ToParam) -> Request {
        if let Err(error) = headers::set(&mut self.parts.headers, name, value) {
            self.parts.error.get_or_insert(error);
        }
        self
    }

    /// Adds a form parameter; the body is `application/x-www-form-urlencoded`, with nested values as `a[b][0]`.
    pub fn form(mut self, name: &str, value: &dyn ToJson) -> Request {
        let mut text = match self.parts.body {
            Body::Form(text) => text,
            _ => String::new(),
        };
        if !value.is_absent() {
            let json = serde_json::from_str::<&RawValue>(&value.to_json())
                .and_then(|json| form::push_json(&mut text, name, json));
            if let Err(error) = json {
                self.parts.error.get_or_insert(format!("form parameter `{name}` cannot be encoded: {error}"));
            }
            #[cfg(feature = "testing")]
            {
                let value = super::typed::Text::of(value);
                self.parts.typed.form.get_or_insert_default().push((name.to_owned(), value));
            }
        }
        self.parts.body = Body::Form(text);
        self
    }

    /// Sets a JSON body; an absent value sends none.
    pub fn body(mut self, value: &dyn ToJson) -> Request {
        if !value.is_absent() {
            self.parts.body = Body::Json(value.to_json());
            #[cfg(feature = "testing")]
            {
                self.parts.typed.body = Some(super::typed::Text::of(value));
            }
        }
        self
    }

    /// The URL below `base`, or what is wrong with the request.
    pub(super) fn url(&self, base: &str) -> Result<String, String> {
        if let Some(error) = &self.parts.error {
            return Err(error.clone());
        }
        let mut url = format!("{base}{}", path::expand(self.parts.info.path, &self.parts.path)?);
        if !self.parts.query.is_empty() {
            url.push('?');
            url.push_str(&self.parts.query);
        }
        Ok(url)
    }

    /// The HTTP request. `defaults` are the client's headers, which those of the call replace.
    pub(super) fn into_http(
        self,
        url: &str,
        mut defaults: HeaderMap,
        options: CallOptions,
    ) -> Result<http::Request<Bytes>, String> {
        #[cfg(feature = "testing")]
        let typed = super::typed::Typed {
            path: self.parts.path.into_iter().filter_map(|(name, value)| Some((name, value?))).collect(),
            example: options.example,
            ..self.parts.typed
        };
        let Parts { info, headers: parameters, body, .. } = *self.parts;
        let method = Method::from_bytes(info.method.as_bytes()).map_err(|error| format!("{}: {error}", info.method))?;
        let uri: Uri = url.parse().map_err(|error| format!("the URL cannot be sent: {error}"))?;
        headers::overlay(&mut defaults, parameters);
        headers::overlay(&mut defaults, options.headers);
        let mut request = http::Request::new(body.into_bytes(&method, &mut defaults));
        *request.method_mut() = method;
        *request.uri_mut() = uri;
        *request.headers_mut() = defaults;
        request.extensions_mut().insert(info);
        #[cfg(feature = "testing")]
        request.extensions_mut().insert(std::sync::Arc::new(typed));
        Ok(request)
    }
}

impl fmt::Debug for Request {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        // No values: any of them may be a secret.
        let names: Vec<_> = self.parts.headers.keys().collect();
        f.debug_struct("Request")
            .field("operation", &self.parts.info.id)
            .field("headers", &names)
            .finish_non_exhaustive()
    }
}

impl Body {
    /// The bytes, with the headers that describe them, unless the caller has set those.
    fn into_bytes(self, method: &Method, headers: &mut HeaderMap) -> Bytes {
        let (content_type, text) = match self {
            Body::None => {
                // RFC 9110, section 8.6: a server may wait for the body that these methods normally have.
                if [Method::POST, Method::PUT, Method::PATCH].contains(method) {
                    headers.insert(CONTENT_LENGTH, HeaderValue::from_static("0"));
                }
                return Bytes::new();
            }
            // RFC 8259 defines no charset for JSON, but API Builder's own clients have always sent it.
            Body::Json(text) => ("application/json; charset=UTF-8", text),
            Body::Form(text) => ("application/x-www-form-urlencoded", text),
        };
        headers.entry(CONTENT_TYPE).or_insert(HeaderValue::from_static(content_type));
        Bytes::from(text)
    }
}
