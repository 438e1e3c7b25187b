//! Declared response headers as typed values.

use std::fmt;
use std::str::FromStr;

use http::HeaderMap;

/// The declared headers of an operation's responses. Generated `…Headers` implement it.
///
/// ```
/// # use apigen_runtime::{codegen, client::{FromHeaders, HeaderError}, http::HeaderMap};
/// # struct GetHeaders { total: String }
/// # impl FromHeaders for GetHeaders {
/// #     fn from_headers(headers: &HeaderMap) -> Result<Self, HeaderError> {
/// #         Ok(Self { total: codegen::header(headers, "X-Total")? })
/// #     }
/// # }
/// # let mut headers = HeaderMap::new();
/// # headers.insert("x-total", "42".parse().unwrap());
/// let declared = GetHeaders::from_headers(&headers)?; // `response.headers()`, or `error.headers()`
/// assert_eq!(declared.total, "42");
/// # Ok::<(), HeaderError>(())
/// ```
pub trait FromHeaders: Sized {
    /// Reads the declared headers, and ignores all others.
    ///
    /// # Errors
    /// Returns an error if a required header is missing, or a value is not of its type.
    fn from_headers(headers: &HeaderMap) -> Result<Self, HeaderError>;
}

/// A header that violates its declaration.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct HeaderError {
    name: &'static str,
    what: &'static str,
}

impl HeaderError {
    /// Returns the name of the header, as the spec writes it.
    pub fn name(&self) -> &'static str {
        self.name
    }
}

impl fmt::Display for HeaderError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "header {} {}", self.name, self.what)
    }
}

impl std::error::Error for HeaderError {}

/// Reads a required header.
///
/// # Errors
/// Returns an error if it is missing, or its value is not of the type.
pub fn header<T: FromStr>(headers: &HeaderMap, name: &'static str) -> Result<T, HeaderError> {
    optional_header(headers, name)?.ok_or(HeaderError { name, what: "is missing" })
}

/// Reads an optional header; of several lines the first is used.
///
/// # Errors
/// Returns an error if the value is not of the type.
pub fn optional_header<T: FromStr>(headers: &HeaderMap, name: &'static str) -> Result<Option<T>, HeaderError> {
    headers.get(name).map(|value| element(value.as_bytes(), name)).transpose()
}

/// Reads a list: one element per line, or several separated by commas (RFC 9110, 5.6.1).
///
/// # Errors
/// Returns an error if an element is not of the type.
pub fn header_list<T: FromStr>(headers: &HeaderMap, name: &'static str) -> Result<Vec<T>, HeaderError> {
    let elements = headers.get_all(name).iter().flat_map(|value| value.as_bytes().split(|byte| *byte == b','));
    let elements = elements.map(<[u8]>::trim_ascii).filter(|text| !text.is_empty());
    elements.map(|text| element(text, name)).collect()
}

fn element<T: FromStr>(text: &[u8], name: &'static str) -> Result<T, HeaderError> {
    let text = std::str::from_utf8(text).map_err(|_| HeaderError { name, what: "is not UTF-8 text" })?;
    text.parse().map_err(|_| HeaderError { name, what: "has a value that its type does not take" })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn declared_headers_are_read() {
        let mut headers = HeaderMap::new();
        for (name, value) in [("x-one", "a, b"), ("x-many", "a,b"), ("x-many", " c ,"), ("x-number", "7")] {
            headers.append(name, value.parse().unwrap());
        }
        headers.append("x-odd", http::HeaderValue::from_bytes(b"\xff").unwrap());
        assert_eq!(header::<String>(&headers, "X-One").unwrap(), "a, b");
        assert_eq!(header_list::<String>(&headers, "X-Many").unwrap(), ["a", "b", "c"]);
        assert_eq!(header_list::<String>(&headers, "X-None").unwrap(), Vec::<String>::new());
        assert_eq!(optional_header::<String>(&headers, "X-None").unwrap(), None);
        assert_eq!(header::<u8>(&headers, "X-Number").unwrap(), 7);
        let told = |error: HeaderError| error.to_string();
        assert_eq!(told(header::<String>(&headers, "X-None").unwrap_err()), "header X-None is missing");
        assert_eq!(told(header::<String>(&headers, "X-Odd").unwrap_err()), "header X-Odd is not UTF-8 text");
        assert!(told(header::<u8>(&headers, "X-One").unwrap_err()).contains("X-One has a value"));
    }
}
