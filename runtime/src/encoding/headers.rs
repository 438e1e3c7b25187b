use std::fmt;

use http::header::{AUTHORIZATION, CONTENT_LENGTH, COOKIE, PROXY_AUTHORIZATION, SET_COOKIE, TRANSFER_ENCODING};
use http::{HeaderMap, HeaderName, HeaderValue};

use super::ToParam;
use crate::json::SensitiveValue;

pub(crate) fn name(text: &str) -> Result<HeaderName, String> {
    HeaderName::from_bytes(text.as_bytes()).map_err(|_| format!("{text:?} is not a header name"))
}

/// Parses the value of a header: visible UTF-8 characters, spaces and tabs (RFC 9110, section 5.5).
pub(crate) fn value(text: &str) -> Option<HeaderValue> {
    HeaderValue::from_bytes(text.as_bytes()).ok()
}

/// Sets a header to all values of `param`; without a value, nothing changes. The error does not repeat the value.
pub(crate) fn set(map: &mut HeaderMap, header: &str, param: &dyn ToParam) -> Result<(), String> {
    set_unless(map, header, param, &|_| None)
}

/// Sets a header of a request. Headers that frame a message belong to the connection: with another length, a server
/// would see two requests.
pub(crate) fn set_in_request(map: &mut HeaderMap, header: &str, param: &dyn ToParam) -> Result<(), String> {
    if is_of_connection(header) {
        return Err(format!("`{header}` is set by the connection"));
    }
    set(map, header, param)
}

/// Sets a header that the spec declares for a request; one without a value is not sent.
pub(crate) fn set_declared_in_request(map: &mut HeaderMap, header: &str, param: &dyn ToParam) -> Result<(), String> {
    if is_of_connection(header) {
        let mut sent = Ok(());
        param.values(&mut |_| sent = Err(format!("`{header}` is set by the connection")));
        return sent;
    }
    set_declared(map, header, param)
}

fn is_of_connection(header: &str) -> bool {
    [CONTENT_LENGTH, TRANSFER_ENCODING].iter().any(|own| header.eq_ignore_ascii_case(own.as_str()))
}

/// Sets a header that the spec declares, as [`set`] does, but only to values that survive a round trip.
pub(crate) fn set_declared(map: &mut HeaderMap, header: &str, param: &dyn ToParam) -> Result<(), String> {
    let list = param.is_list();
    set_unless(map, header, param, &|text| loss(text, list))
}

fn set_unless(
    map: &mut HeaderMap,
    header: &str,
    param: &dyn ToParam,
    wrong: &dyn Fn(&str) -> Option<&'static str>,
) -> Result<(), String> {
    let key = name(header)?;
    let mut values = Vec::new();
    if !param.is_finite() {
        return Err(format!("the value of header `{header}` is NaN or infinite, which cannot be sent"));
    }
    param.values(&mut |text| {
        values.push(match (wrong(text), value(text)) {
            (None, Some(value)) => Ok(value),
            (wrong, _) => Err(wrong.unwrap_or("contains a control character")),
        });
    });
    if values.is_empty() {
        return Ok(());
    }
    map.remove(&key);
    for value in values {
        let mut value = value.map_err(|what| format!("the value of header `{header}` {what}"))?;
        value.set_sensitive(is_sensitive(&key));
        map.append(key.clone(), value);
    }
    Ok(())
}

/// Checks that credentials in this header stay with their host if the transport may follow redirects: only some headers
/// are removed on a redirect.
pub(crate) fn must_stay(name: &HeaderName, redirects: bool) -> Result<(), String> {
    if !redirects || [AUTHORIZATION, PROXY_AUTHORIZATION, COOKIE].contains(name) {
        return Ok(());
    }
    Err(format!(
        "the transport may follow redirects, with which the credentials in `{name}` would go to other hosts: pass a \
         `reqwest::ClientBuilder` to `reqwest_builder`, or call `trust_redirects` if no other host is redirected to"
    ))
}

/// Checks that all credentials in the headers of a request stay with their host: headers whose names say that they are
/// credentials, and those of sensitive parameters.
pub(crate) fn all_stay(headers: [&HeaderMap; 2], sensitive_parameters: &[&str], redirects: bool) -> Result<(), String> {
    if !redirects {
        return Ok(());
    }
    let is_sensitive = |name: &str| sensitive_parameters.iter().any(|known| known.eq_ignore_ascii_case(name));
    let mut names = headers.into_iter().flat_map(HeaderMap::keys);
    let credentials =
        names.find(|name| (is_credential(name) || is_sensitive(name.as_str())) && must_stay(name, redirects).is_err());
    credentials.map_or(Ok(()), |name| must_stay(name, redirects))
}

/// Returns true if the name of a header says that its value is a credential: `X-Api-Key`, `X-Auth-Token`,
/// `Client-Secret`.
fn is_credential(name: &HeaderName) -> bool {
    const WHOLE: [&str; 9] =
        ["token", "secret", "password", "passphrase", "apikey", "credential", "credentials", "authorization", "jwt"];
    const KEYS: [&str; 8] = ["api", "access", "auth", "secret", "private", "client", "subscription", "signing"];
    // Tokens of these kinds mark a position in a list or a version of an object; they are not credentials.
    const HARMLESS: [&str; 5] = ["page", "next", "continuation", "sync", "cancel"];
    let mut words = name.as_str().rsplit(['-', '_', '.']);
    match (words.next().unwrap_or_default(), words.next().unwrap_or_default()) {
        ("token", before) => !HARMLESS.contains(&before),
        ("key", before) => KEYS.contains(&before),
        (last, _) => WHOLE.contains(&last),
    }
}

/// Returns what would be lost in transit (RFC 9110, sections 5.5 and 5.6.1).
fn loss(text: &str, list: bool) -> Option<&'static str> {
    match text {
        "" if list => Some("has an empty element, which HTTP leaves out"),
        _ if list && text.contains(',') => Some("has a comma in an element, which would be two"),
        _ if text.starts_with([' ', '\t']) || text.ends_with([' ', '\t']) => {
            Some("begins or ends with white space, which HTTP leaves out")
        }
        _ => None,
    }
}

/// Adds the headers of `over` to `base`: where both have a name, ignoring case, only the values of `over` stay.
pub(crate) fn overlay(base: &mut HeaderMap, over: &HeaderMap) {
    for key in over.keys() {
        base.remove(key);
    }
    for (key, value) in over {
        base.append(key.clone(), value.clone());
    }
}

/// Headers that describe a message, not its content: their values may be logged.
const DESCRIPTIVE: [&str; 17] = [
    "age",
    "allow",
    "cache-control",
    "connection",
    "content-encoding",
    "content-length",
    "content-type",
    "date",
    "expires",
    "retry-after",
    "server",
    "traceparent",
    "transfer-encoding",
    "vary",
    "via",
    "x-correlation-id",
    "x-request-id",
];

/// Shows headers by `Debug`: any value may be sensitive, so only those of descriptive headers appear.
pub(crate) struct Shown<'h>(pub(crate) &'h HeaderMap);

impl fmt::Debug for Shown<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mut map = f.debug_map();
        for (name, value) in self.0 {
            match DESCRIPTIVE.contains(&name.as_str()) {
                true => map.entry(&name.as_str(), value),
                false => map.entry(&name.as_str(), &SensitiveValue),
            };
        }
        map.finish()
    }
}

/// Flags response headers as sensitive, so that the headers' own `Debug` does not show them.
pub(crate) fn mark_sensitive(map: &mut HeaderMap) {
    map.iter_mut().filter(|(key, _)| is_sensitive(key)).for_each(|(_, value)| value.set_sensitive(true));
}

fn is_sensitive(name: &HeaderName) -> bool {
    [AUTHORIZATION, PROXY_AUTHORIZATION, COOKIE, SET_COOKIE].contains(name)
}
