//! Static descriptions of operations and services, and reading and writing of response bodies.

mod media;
mod responses;

pub(crate) use media::{Media, json_as_text, text_as_json};
pub use responses::{ResponseBody, ToResponse, content, no_content};

use std::convert::Infallible;
use std::fmt::Debug;
use std::str::FromStr;

use http::HeaderMap;

use crate::encoding::{HeaderError, header_list, optional_header};
use crate::json::{FromJson, Reader};

/// An operation of a service, as a type: its result, its declared errors, and its static description.
///
/// Generated code implements it for one type per operation (`users::PutByGuid`), whose fields are its input.
pub trait Operation: Sized + 'static {
    /// The client that has this operation.
    type Client;
    /// The value of a success response.
    type Output: FromResponse + Send;
    /// The error responses that the spec declares; [`Infallible`] if it declares none.
    type Error: DeclaredError;
    /// The static description.
    const INFO: &'static OperationInfo;
}

/// The static description of an operation.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct OperationInfo {
    /// Resource and method name: `addresses.get_by_id`.
    pub id: &'static str,
    /// The HTTP method, in capitals.
    pub method: &'static str,
    /// The whole path template: `/users/:guid.csv`.
    pub path: &'static str,
    /// The responses that the spec declares.
    pub responses: &'static [ResponseInfo],
    /// Whether a call may change something; see [`side_effects`](Self::side_effects()).
    pub side_effects: bool,
    /// Whether requests or responses have sensitive values. If so, errors show no body of a response, and reports of
    /// failures no text of errors.
    pub sensitive: bool,
    /// The names of sensitive parameters.
    pub sensitive_parameters: &'static [&'static str],
}

impl OperationInfo {
    /// Creates the description of an operation. It has side effects if its method is not `GET`, `HEAD` or `OPTIONS`,
    /// and is sensitive if one of its responses is.
    pub const fn new(
        id: &'static str,
        method: &'static str,
        path: &'static str,
        responses: &'static [ResponseInfo],
    ) -> Self {
        let side_effects = !matches!(method.as_bytes(), b"GET" | b"HEAD" | b"OPTIONS");
        let (mut sensitive, mut rest) = (false, responses);
        while let Some((first, others)) = rest.split_first() {
            (sensitive, rest) = (sensitive | first.sensitive, others);
        }
        Self { id, method, path, responses, side_effects, sensitive, sensitive_parameters: &[] }
    }

    /// Sets whether the operation has side effects, regardless of its method: a search by `POST` has none. Used by
    /// [`guard_side_effects`](crate::client::ClientBuilder::guard_side_effects).
    pub const fn side_effects(self, any: bool) -> Self {
        Self { side_effects: any, ..self }
    }

    /// Makes the operation sensitive, with the names of its sensitive parameters; none if only its body is.
    pub const fn sensitive(self, parameters: &'static [&'static str]) -> Self {
        Self { sensitive: true, sensitive_parameters: parameters, ..self }
    }

    pub(crate) fn is_sensitive(&self, parameter: &str) -> bool {
        self.sensitive_parameters.contains(&parameter)
    }

    /// Returns true if its responses have no body, even if one is declared (RFC 9110, 9.3.2).
    pub(crate) fn is_head(&self) -> bool {
        self.method == "HEAD"
    }

    /// Returns the declaration that covers `status`, and whether it is a success.
    ///
    /// A declared status is a success if it is flagged so. `default` covers every status that is not listed: as a
    /// success if it is flagged so and the status is 2xx, else as a declared error.
    pub(crate) fn response(&self, status: u16) -> Option<(&'static ResponseInfo, bool)> {
        let responses = self.responses;
        if let Some(info) = responses.iter().find(|info| info.status == Some(status)) {
            return Some((info, info.success));
        }
        let info = responses.iter().find(|info| info.status.is_none())?;
        Some((info, info.success && (200..300).contains(&status)))
    }

    /// Returns the first status that is declared as a success, which mocks use.
    pub(crate) fn success_status(&self) -> Option<u16> {
        self.responses.iter().filter(|info| info.success).find_map(|info| info.status)
    }
}

/// One declared response of an operation.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct ResponseInfo {
    /// The status code; `None` is `default`.
    pub status: Option<u16>,
    /// Whether this response makes the call a success.
    pub success: bool,
    /// Whether it has no value: its body, if any, is ignored.
    pub unit: bool,
    /// Whether its body is a `string`, which may be text (`text/plain`, `text/csv`) instead of JSON.
    pub text: bool,
    /// Whether its body has sensitive values: errors do not show it.
    pub sensitive: bool,
    /// The headers that it declares.
    pub headers: &'static [HeaderInfo],
}

impl ResponseInfo {
    /// Creates a declared success with a body.
    pub const fn success(status: u16) -> Self {
        Self { status: Some(status), success: true, unit: false, text: false, sensitive: false, headers: &[] }
    }

    /// Creates a declared error with a body.
    pub const fn error(status: u16) -> Self {
        Self { success: false, ..Self::success(status) }
    }

    /// Creates the declaration of all unlisted statuses, with a body; `success` makes those that are 2xx a success.
    pub const fn others(success: bool) -> Self {
        Self { status: None, success, ..Self::success(0) }
    }

    /// Removes the body.
    pub const fn unit(self) -> Self {
        Self { unit: true, ..self }
    }

    /// Makes the body a `string`.
    pub const fn text(self) -> Self {
        Self { text: true, ..self }
    }

    /// Makes the body sensitive: errors do not show it.
    pub const fn sensitive(self) -> Self {
        Self { sensitive: true, ..self }
    }

    /// Sets the declared headers.
    pub const fn headers(self, headers: &'static [HeaderInfo]) -> Self {
        Self { headers, ..self }
    }
}

/// Short names of the constructors, for the tables of generated code.
pub const fn success(status: u16) -> ResponseInfo {
    ResponseInfo::success(status)
}

/// See [`success`].
pub const fn error(status: u16) -> ResponseInfo {
    ResponseInfo::error(status)
}

/// See [`success`].
pub const fn others(success: bool) -> ResponseInfo {
    ResponseInfo::others(success)
}

/// A header that a response declares.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[allow(unpredictable_function_pointer_comparisons, reason = "only tables that are equal by chance are shared")]
pub struct HeaderInfo {
    /// Its name, as the spec writes it.
    pub name: &'static str,
    /// Whether it is required.
    pub required: bool,
    /// Whether its value is sensitive.
    pub sensitive: bool,
    /// Checks that its value is of its type; several values if that is a list.
    pub(crate) check: fn(&HeaderMap, &'static str) -> Result<(), HeaderError>,
}

impl HeaderInfo {
    /// Creates an optional header with a value of this type.
    pub const fn of<T: FromStr>(name: &'static str) -> Self {
        let check = |headers: &HeaderMap, name| optional_header::<T>(headers, name).map(drop);
        HeaderInfo { name, required: false, sensitive: false, check }
    }

    /// Creates a header with a list of values of this type.
    pub const fn list<T: FromStr>(name: &'static str) -> Self {
        let check = |headers: &HeaderMap, name| header_list::<T>(headers, name).map(drop);
        HeaderInfo { name, required: false, sensitive: false, check }
    }

    /// Makes the header required.
    pub const fn required(self) -> Self {
        Self { required: true, ..self }
    }

    /// Makes the header sensitive: recorded examples have a pseudonym in place of its value.
    pub const fn sensitive(self) -> Self {
        Self { sensitive: true, ..self }
    }
}

/// A type that can be read from a response: everything that [`FromJson`] reads, and enums over several statuses.
pub trait FromResponse: Sized + 'static {
    /// Reads the body of a response with this status; `None` means that a violation was recorded in `r`.
    fn read(status: u16, r: &mut Reader<'_>) -> Option<Self>;
}

impl<T: FromJson> FromResponse for T {
    fn read(_status: u16, r: &mut Reader<'_>) -> Option<Self> {
        T::read(r)
    }
}

/// The error of an operation without declared errors. Never read, since no response is declared as an error.
impl FromResponse for Infallible {
    fn read(_status: u16, _r: &mut Reader<'_>) -> Option<Self> {
        None
    }
}

/// The declared error responses of an operation.
pub trait DeclaredError: FromResponse + Debug + Send + 'static {
    /// Returns the status of this error: as received, or, in a mock, as declared.
    fn status(&self) -> u16;
}

impl DeclaredError for Infallible {
    fn status(&self) -> u16 {
        match *self {}
    }
}

/// The static description of a service.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct ServiceInfo {
    /// The name in the spec.
    pub name: &'static str,
    /// The namespace in the spec.
    pub namespace: &'static str,
    /// The version of the spec; sent as `X-Apidoc-Version`.
    pub version: &'static str,
    /// The `User-Agent`; not sent if empty.
    pub user_agent: &'static str,
    /// The headers that the spec declares with a default.
    pub headers: &'static [(&'static str, &'static str)],
    /// Method and path of the operations that a value in the path of another one could lead to: `/users/search`, if
    /// there is `/users/:id`. Clients refuse such values.
    pub overlapping: &'static [(&'static str, &'static str)],
}

impl ServiceInfo {
    /// Returns the leading number of the version, after an optional `v`, as API Builder's servers expect it in
    /// `X-Apidoc-Version-Major`. A version without one has none.
    pub(crate) fn major(&self) -> Option<&'static str> {
        let text = self.version.strip_prefix(['v', 'V']).unwrap_or(self.version);
        let end = text.find(|c: char| !c.is_ascii_digit()).unwrap_or(text.len());
        (end > 0).then(|| &text[..end])
    }
}

#[cfg(test)]
mod tests {
    use super::ServiceInfo;

    #[test]
    fn major_is_the_leading_number() {
        let major = |version| {
            ServiceInfo { name: "", namespace: "", version, user_agent: "", headers: &[], overlapping: &[] }.major()
        };
        assert_eq!(major("0.1.2"), Some("0"));
        assert_eq!(major("v12.1"), Some("12"));
        assert_eq!(major("3"), Some("3"));
        assert_eq!(major("dev-1"), None);
        assert_eq!(major("vnext"), None);
        assert_eq!(major(""), None);
    }
}
