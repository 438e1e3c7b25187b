//! Who may use the control interface.

use std::net::IpAddr;

use http::header::{HOST, ORIGIN};
use http::{HeaderMap, Uri};

/// The header that carries the control key.
pub(crate) const CONTROL_KEY: &str = "x-apigen-control-key";

/// Returns why a request may not use the control interface; `None` if it may.
///
/// A request with the right key may. Without a key, the client must be on this machine and must have asked for this
/// machine: a page whose host name was made to point here has a foreign `Host` (DNS rebinding), and a page of another
/// origin has a foreign `Origin` (cross-site request forgery).
pub(crate) fn refusal(
    (uri, headers): (&Uri, &HeaderMap),
    peer: Option<IpAddr>,
    key: Option<&str>,
) -> Option<&'static str> {
    match headers.contains_key(CONTROL_KEY) {
        true if has_key(headers, key) => return None,
        true => return Some("the control key is wrong"),
        false => {}
    }
    if !peer.is_some_and(is_this_machine) {
        return Some("only clients on this machine may use the control interface without a control key");
    }
    // A target with a host takes precedence over `Host` (RFC 9112, 3.2.2).
    if uri.authority().is_some_and(|authority| !is_loopback(authority.as_str())) {
        return Some("the host of the request is not this machine; use localhost or 127.0.0.1, or a control key");
    }
    let mut hosts = headers.get_all(HOST).iter();
    let host = hosts.next().and_then(|host| host.to_str().ok());
    let Some(host) = host.filter(|host| hosts.next().is_none() && is_loopback(host)) else {
        return Some("the `Host` of the request is not this machine; use localhost or 127.0.0.1, or a control key");
    };
    let site = headers.get("sec-fetch-site").map(http::HeaderValue::as_bytes);
    if site.is_some_and(|site| site != b"same-origin" && site != b"none") {
        return Some("pages of other origins may not use the control interface without a control key");
    }
    let mut origins = headers.get_all(ORIGIN).iter();
    let is_own = |origin: &http::HeaderValue| origin.to_str().is_ok_and(|origin| origin == format!("http://{host}"));
    if !origins.all(is_own) {
        return Some("pages of other origins may not use the control interface without a control key");
    }
    None
}

/// Returns true if the headers have the control key.
pub(crate) fn has_key(headers: &HeaderMap, key: Option<&str>) -> bool {
    let given = headers.get(CONTROL_KEY).map(http::HeaderValue::as_bytes);
    key.zip(given).is_some_and(|(key, given)| same(key.as_bytes(), given))
}

/// Returns true if a peer is a program on this machine.
pub(crate) fn is_this_machine(peer: IpAddr) -> bool {
    peer.to_canonical().is_loopback()
}

/// Returns true if the host of `Host` names this machine, with any port.
fn is_loopback(host: &str) -> bool {
    let name = match host.strip_prefix('[') {
        Some(rest) => rest.split_once(']').map_or("", |(name, _)| name),
        None => host.rsplit_once(':').map_or(host, |(name, _)| name),
    };
    name.eq_ignore_ascii_case("localhost") || name.parse::<IpAddr>().is_ok_and(|ip| ip.is_loopback())
}

/// Compares in a time that does not depend on where the texts differ.
fn same(a: &[u8], b: &[u8]) -> bool {
    a.len() == b.len() && a.iter().zip(b).fold(0, |difference, (a, b)| difference | (a ^ b)) == 0
}

#[cfg(test)]
mod tests {
    use std::net::SocketAddr;

    use http::Request;

    use super::*;

    fn asked(peer: &str, headers: &[(&str, &str)], key: Option<&str>) -> bool {
        let mut request = Request::builder();
        for (name, value) in headers {
            request = request.header(*name, *value);
        }
        let peer: SocketAddr = peer.parse().unwrap();
        let request = request.body(()).unwrap();
        refusal((request.uri(), request.headers()), Some(peer.ip()), key).is_none()
    }

    #[test]
    fn only_this_machine_or_the_key_is_let_in() {
        let local = "127.0.0.1:5000";
        for (peer, headers, key, expected) in [
            (local, &[("host", "localhost:4010")][..], None, true),
            (local, &[("host", "127.0.0.1:4010")], None, true),
            ("[::1]:5000", &[("host", "[::1]:4010")], None, true),
            ("[::ffff:127.0.0.1]:5000", &[("host", "localhost")], None, true),
            (local, &[("host", "localhost:4010"), ("origin", "http://localhost:4010")], None, true),
            (local, &[("host", "localhost:4010"), ("origin", "http://localhost:3000")], None, false),
            (local, &[("host", "localhost:4010"), ("origin", "null")], None, false),
            (local, &[("host", "localhost:4010"), ("sec-fetch-site", "cross-site")], None, false),
            (local, &[("host", "localhost:4010"), ("sec-fetch-site", "same-site")], None, false),
            (local, &[("host", "evil.example:4010")], None, false),
            (local, &[("host", "localhost.evil.example")], None, false),
            (local, &[("host", "127.0.0.1.evil.example")], None, false),
            (local, &[("host", "localhost"), ("host", "evil.example")], None, false),
            (local, &[], None, false),
            ("10.0.0.7:5000", &[("host", "localhost:4010")], None, false),
            ("10.0.0.7:5000", &[("host", "mock:4010"), (CONTROL_KEY, "s3cret")], Some("s3cret"), true),
            ("10.0.0.7:5000", &[("host", "mock:4010"), (CONTROL_KEY, "s3cres")], Some("s3cret"), false),
            (local, &[("host", "localhost:4010"), (CONTROL_KEY, "guess")], None, false),
            (local, &[("host", "localhost:4010")], Some("s3cret"), true),
        ] {
            assert_eq!(asked(peer, headers, key), expected, "{peer} {headers:?} {key:?}");
        }
    }
}
