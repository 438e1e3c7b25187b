//! Header fields of forwarded messages (RFC 9110, 7.6).

use std::net::{IpAddr, SocketAddr};

use http::header::{CONNECTION, CONTENT_LENGTH, HOST, TE, TRANSFER_ENCODING, UPGRADE, VIA};
use http::{HeaderMap, HeaderName, HeaderValue, Version};

/// Fields about one connection, besides those that `Connection` names.
const HOP_BY_HOP: [HeaderName; 6] = [
    CONNECTION,
    HeaderName::from_static("proxy-connection"),
    HeaderName::from_static("keep-alive"),
    TE,
    TRANSFER_ENCODING,
    UPGRADE,
];

const FORWARDED: HeaderName = HeaderName::from_static("forwarded");
const FORWARDED_FOR: HeaderName = HeaderName::from_static("x-forwarded-for");
const FORWARDED_HOST: HeaderName = HeaderName::from_static("x-forwarded-host");
const FORWARDED_PROTO: HeaderName = HeaderName::from_static("x-forwarded-proto");

/// Removes the fields about one connection.
pub(super) fn end_to_end(headers: &mut HeaderMap) {
    if headers.contains_key(CONNECTION) {
        let named: Vec<HeaderName> = tokens(headers, &CONNECTION).filter_map(|name| name.parse().ok()).collect();
        // The length frames the message, whatever `Connection` says.
        named.iter().filter(|name| **name != CONTENT_LENGTH).for_each(|name| drop(headers.remove(name)));
    }
    if headers.contains_key(TRANSFER_ENCODING) {
        // Of both, the encoding frames the message (RFC 9112, 6.3); the length must not reach the next recipient.
        headers.remove(CONTENT_LENGTH);
    }
    HOP_BY_HOP.iter().for_each(|name| drop(headers.remove(name)));
}

/// Returns the protocol that a message wants to change to, if it says so in both fields.
pub(super) fn upgrade(headers: &HeaderMap) -> Option<HeaderValue> {
    let named = tokens(headers, &CONNECTION).any(|token| token.eq_ignore_ascii_case("upgrade"));
    headers.get(UPGRADE).filter(|_| named).cloned()
}

/// Sets the fields about the change to another protocol.
pub(super) fn set_upgrade(headers: &mut HeaderMap, protocol: HeaderValue) {
    headers.insert(CONNECTION, HeaderValue::from_static("upgrade"));
    headers.insert(UPGRADE, protocol);
}

/// Makes the fields of a received request those of the request to a server.
pub(super) fn to_server(headers: &mut HeaderMap, peer: SocketAddr, version: Version, server: &HeaderValue) {
    let trailers = tokens(headers, &TE).any(|coding| coding.eq_ignore_ascii_case("trailers"));
    let protocol = upgrade(headers);
    end_to_end(headers);
    if let Some(protocol) = protocol {
        set_upgrade(headers, protocol);
    } else if trailers {
        headers.insert(CONNECTION, HeaderValue::from_static("te"));
    }
    if trailers {
        headers.insert(TE, HeaderValue::from_static("trailers"));
    }
    forwarded(headers, peer);
    append(headers, VIA, if version == Version::HTTP_10 { "1.0 apigen" } else { "1.1 apigen" });
    headers.insert(HOST, server.clone());
}

/// Says who sent the request, and for which host, as RFC 7239 and older software do.
fn forwarded(headers: &mut HeaderMap, peer: SocketAddr) {
    let host = headers.get(HOST).cloned();
    let address = peer.ip().to_canonical();
    let node = match address {
        IpAddr::V4(address) => address.to_string(),
        IpAddr::V6(address) => format!("\"[{address}]\""),
    };
    let quoted = host.as_ref().and_then(|host| host.to_str().ok()).filter(|host| !host.contains(['"', '\\']));
    let quoted = quoted.map_or_else(String::new, |host| format!(";host=\"{host}\""));
    append(headers, FORWARDED, &format!("for={node}{quoted};proto=http"));
    append(headers, FORWARDED_FOR, &address.to_string());
    // The first proxy knows what the client wanted.
    if let Some(host) = host {
        headers.entry(FORWARDED_HOST).or_insert(host);
    }
    headers.entry(FORWARDED_PROTO).or_insert(HeaderValue::from_static("http"));
}

/// Adds an element to a list, in the last line of the field.
fn append(headers: &mut HeaderMap, name: HeaderName, element: &str) {
    if let Ok(value) = HeaderValue::from_str(element) {
        headers.append(name, value);
    }
}

/// Iterates over the elements of a list in all lines of a field.
pub(super) fn tokens<'h>(headers: &'h HeaderMap, name: &HeaderName) -> impl Iterator<Item = &'h str> + use<'h> {
    let lines = headers.get_all(name).iter().filter_map(|line| line.to_str().ok());
    lines.flat_map(|line| line.split(',')).map(str::trim).filter(|token| !token.is_empty())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn map(fields: &[(&'static str, &str)]) -> HeaderMap {
        let mut all = HeaderMap::new();
        for (name, value) in fields {
            all.append(HeaderName::from_static(name), value.parse().unwrap());
        }
        all
    }

    fn shown(headers: &HeaderMap) -> Vec<String> {
        headers.iter().map(|(name, value)| format!("{name}: {}", value.to_str().unwrap())).collect()
    }

    #[test]
    fn fields_about_one_connection_end_there() {
        let mut headers = map(&[
            ("accept", "a"),
            ("connection", "close, X-Own"),
            ("connection", "content-length"),
            ("x-own", "1"),
            ("keep-alive", "timeout=5"),
            ("proxy-connection", "close"),
            ("te", "gzip"),
            ("upgrade", "h2c"),
            ("trailer", "x-sum"),
            ("content-length", "3"),
        ]);
        end_to_end(&mut headers);
        assert_eq!(shown(&headers), ["accept: a", "trailer: x-sum", "content-length: 3"]);
        let mut both = map(&[("content-length", "3"), ("transfer-encoding", "chunked")]);
        end_to_end(&mut both);
        assert!(both.is_empty(), "{both:?}");
    }

    #[test]
    fn requests_say_where_they_come_from() {
        let server = HeaderValue::from_static("upstream:80");
        let mut headers = map(&[("host", "api.example.org"), ("te", "trailers"), ("x-forwarded-for", "10.0.0.1")]);
        to_server(&mut headers, "[2001:db8::7]:9".parse().unwrap(), Version::HTTP_11, &server);
        let mut all = shown(&headers);
        all.sort();
        assert_eq!(
            all,
            [
                "connection: te",
                r#"forwarded: for="[2001:db8::7]";host="api.example.org";proto=http"#,
                "host: upstream:80",
                "te: trailers",
                "via: 1.1 apigen",
                "x-forwarded-for: 10.0.0.1",
                "x-forwarded-for: 2001:db8::7",
                "x-forwarded-host: api.example.org",
                "x-forwarded-proto: http",
            ]
        );
        let mut wants = map(&[("host", "x"), ("connection", "keep-alive, Upgrade"), ("upgrade", "websocket")]);
        to_server(&mut wants, "127.0.0.1:9".parse().unwrap(), Version::HTTP_10, &server);
        assert_eq!(
            (&wants["connection"], &wants["upgrade"]),
            (&"upgrade".parse().unwrap(), &"websocket".parse().unwrap())
        );
        assert_eq!(
            (&wants["forwarded"], &wants["via"]),
            (&r#"for=127.0.0.1;host="x";proto=http"#.parse().unwrap(), &"1.0 apigen".parse().unwrap())
        );
    }
}
