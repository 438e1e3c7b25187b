//! What the spec says of operations and services, and how bodies of responses are read and written.

mod media;
mod responses;

pub(crate) use media::{Media, json_as_text, text_as_json};
pub use responses::{ResponseBody, ToResponse, content, no_content};

use std::convert::Infallible;
use std::fmt::Debug;
use std::hash::{Hash, Hasher};
use std::str::FromStr;

use http::HeaderMap;

use crate::encoding::{HeaderError, header_list, optional_header};
use crate::json::{FromJson, Reader};

/// An operation of a service, as a type: what it answers, what it can refuse, and its static description.
///
/// Generated code implements it for one unit type per operation (`users::PutByGuid`).
pub trait Operation: Sized + 'static {
    /// The client that has this operation.
    type Client;
    /// What a success response carries.
    type Output: FromResponse + Send;
    /// The error responses that the spec declares; [`Infallible`] where it declares none.
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
    /// Whether requests or responses have values that the spec marks as sensitive. Then errors show no body of a response, and
    /// reports of failures no text of errors.
    pub sensitive: bool,
    /// The names of the parameters whose values are sensitive.
    pub sensitive_parameters: &'static [&'static str],
}

impl OperationInfo {
    /// Returns the description of an operation. It has side effects if its method is not `GET`, `HEAD` or `OPTIONS`, and is
    /// sensitive if one of its responses is.
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

    /// The same, said to have side effects or none, whatever its method: a search by `POST` has none. It matters where
    /// [`guard_side_effects`](crate::client::ClientBuilder::guard_side_effects) is on.
    pub const fn side_effects(mut self, any: bool) -> Self {
        self.side_effects = any;
        self
    }

    /// The same, said to be sensitive, with the names of its sensitive parameters; none if only its body is.
    pub const fn sensitive(mut self, parameters: &'static [&'static str]) -> Self {
        (self.sensitive, self.sensitive_parameters) = (true, parameters);
        self
    }

    /// Whether the values of a parameter are not to be shown.
    pub(crate) fn is_sensitive(&self, parameter: &str) -> bool {
        self.sensitive_parameters.contains(&parameter)
    }

    /// Whether its responses have no body, whatever is declared of them (RFC 9110, 9.3.2).
    pub(crate) fn is_head(&self) -> bool {
        self.method == "HEAD"
    }

    /// The declaration that covers `status`, and whether it makes the call a success.
    ///
    /// A declared status is a success if it is marked so. `default` covers every status that is not listed: as a success
    /// when it is marked so and the status is 2xx, else as a declared error.
    pub(crate) fn response(&self, status: u16) -> Option<(&'static ResponseInfo, bool)> {
        let responses = self.responses;
        if let Some(info) = responses.iter().find(|info| info.status == Some(status)) {
            return Some((info, info.success));
        }
        let info = responses.iter().find(|info| info.status.is_none())?;
        Some((info, info.success && (200..300).contains(&status)))
    }

    /// The first status that is declared as a success: what a mock answers with.
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
    /// Whether it carries nothing: its body, if any, is not looked at.
    pub unit: bool,
    /// Whether its body is a `string`, which may come as text (`text/plain`, `text/csv`) in place of JSON.
    pub text: bool,
    /// Whether its body has values that the spec marks as sensitive: errors do not show it.
    pub sensitive: bool,
    /// The headers that it declares.
    pub headers: &'static [HeaderInfo],
}

impl ResponseInfo {
    /// A declared success with a body.
    pub const fn success(status: u16) -> Self {
        Self { status: Some(status), success: true, unit: false, text: false, sensitive: false, headers: &[] }
    }

    /// A declared error with a body.
    pub const fn error(status: u16) -> Self {
        Self { status: Some(status), success: false, unit: false, text: false, sensitive: false, headers: &[] }
    }

    /// Every status that is not listed, with a body; `success` says whether a 2xx among them is a success.
    pub const fn others(success: bool) -> Self {
        Self { status: None, success, unit: false, text: false, sensitive: false, headers: &[] }
    }

    /// The same without a body.
    pub const fn unit(mut self) -> Self {
        self.unit = true;
        self
    }

    /// The same with a body that is a `string`.
    pub const fn text(mut self) -> Self {
        self.text = true;
        self
    }

    /// The same with a body that errors do not show.
    pub const fn sensitive(mut self) -> Self {
        self.sensitive = true;
        self
    }

    /// The same with these declared headers.
    pub const fn headers(mut self, headers: &'static [HeaderInfo]) -> Self {
        self.headers = headers;
        self
    }
}

/// A header that a response declares.
#[derive(Debug, Clone, Copy)]
pub struct HeaderInfo {
    /// Its name, as the spec writes it.
    pub name: &'static str,
    /// Whether it must be there.
    pub required: bool,
    /// Whether its value is sensitive.
    pub sensitive: bool,
    /// Whether it has a value of its type; several values if that is a list.
    pub(crate) check: fn(&HeaderMap, &'static str) -> Result<(), HeaderError>,
}

impl PartialEq for HeaderInfo {
    fn eq(&self, other: &Self) -> bool {
        let facts = |of: &Self| (of.name, of.required, of.sensitive);
        facts(self) == facts(other) && std::ptr::fn_addr_eq(self.check, other.check)
    }
}

impl Eq for HeaderInfo {}

impl Hash for HeaderInfo {
    fn hash<H: Hasher>(&self, state: &mut H) {
        (self.name, self.required, self.sensitive).hash(state);
    }
}

impl HeaderInfo {
    /// A header with values of this type, which may be left out.
    pub const fn of<T: FromStr>(name: &'static str) -> Self {
        let check = |headers: &HeaderMap, name| optional_header::<T>(headers, name).map(drop);
        HeaderInfo { name, required: false, sensitive: false, check }
    }

    /// A header with a list of values of this type.
    pub const fn list<T: FromStr>(name: &'static str) -> Self {
        let check = |headers: &HeaderMap, name| header_list::<T>(headers, name).map(drop);
        HeaderInfo { name, required: false, sensitive: false, check }
    }

    /// The same, which must be there.
    pub const fn required(mut self) -> Self {
        self.required = true;
        self
    }

    /// The same, whose value is sensitive: recorded examples have a pseudonym in its place.
    pub const fn sensitive(mut self) -> Self {
        self.sensitive = true;
        self
    }
}

/// What can be read from a response: everything that [`FromJson`] reads, and enums over several statuses.
pub trait FromResponse: Sized + 'static {
    /// Reads the body of a response with this status; `None` means that a violation was recorded in `r`.
    fn read(status: u16, r: &mut Reader<'_>) -> Option<Self>;
}

impl<T: FromJson> FromResponse for T {
    fn read(_status: u16, r: &mut Reader<'_>) -> Option<Self> {
        T::read(r)
    }
}

/// The error of an operation without declared errors. Never read: no response is declared that would lead here.
impl FromResponse for Infallible {
    fn read(_status: u16, _r: &mut Reader<'_>) -> Option<Self> {
        None
    }
}

/// The declared error responses of an operation.
pub trait DeclaredError: FromResponse + Debug + Send + 'static {
    /// The status that this error came with, or, in a mock, would come with.
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
    /// Sent as `User-Agent`, unless it is empty.
    pub user_agent: &'static str,
    /// The headers that the spec declares with a default.
    pub headers: &'static [(&'static str, &'static str)],
}

impl ServiceInfo {
    /// The number that a version starts with, after an optional `v`: what API Builder's servers expect in
    /// `X-Apidoc-Version-Major`. A version that starts otherwise has none.
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
        let major = |version| ServiceInfo { name: "", namespace: "", version, user_agent: "", headers: &[] }.major();
        assert_eq!(major("0.1.2"), Some("0"));
        assert_eq!(major("v12.1"), Some("12"));
        assert_eq!(major("3"), Some("3"));
        assert_eq!(major("dev-1"), None);
        assert_eq!(major("vnext"), None);
        assert_eq!(major(""), None);
    }
}
