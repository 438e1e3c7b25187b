//! URLs of servers.

use std::net::IpAddr;

use apigen_runtime::http::Uri;

/// Checks a URL and returns it without a slash at its end. Errors do not repeat it, because it may contain a password.
pub(super) fn parse(text: &str) -> Result<String, &'static str> {
    let text = text.trim_end_matches('/');
    if text.contains(['?', '#']) {
        return Err("the URL must have no query and no fragment");
    }
    let uri: Uri = text.parse().map_err(|_| "not a URL, such as \"https://api.example.org\"")?;
    if !matches!(uri.scheme_str(), Some("http" | "https")) {
        return Err("the URL must begin with http:// or https://");
    }
    if has_user(text) {
        return Err("the URL must contain no user name and no password");
    }
    Ok(text.to_owned())
}

/// Returns true if a URL has a user name, and maybe a password.
pub(super) fn has_user(text: &str) -> bool {
    let rest = text.split_once("://").map_or(text, |(_, rest)| rest);
    rest.split(['/', '?', '#']).next().is_some_and(|authority| authority.contains('@'))
}

/// Returns true if the host of a URL is this machine.
pub(super) fn is_loopback(url: &str) -> bool {
    let Ok(uri) = url.parse::<Uri>() else { return false };
    let host = uri.host().unwrap_or_default().trim_start_matches('[').trim_end_matches(']').to_ascii_lowercase();
    host == "localhost" || host.ends_with(".localhost") || host.parse::<IpAddr>().is_ok_and(|ip| ip.is_loopback())
}

/// Returns a text that is equal for URLs that lead to the same place.
pub(super) fn normalized(url: &str) -> String {
    let Ok(uri) = url.parse::<Uri>() else { return url.to_owned() };
    let (scheme, host) = (uri.scheme_str().unwrap_or_default(), uri.host().unwrap_or_default());
    let port = uri.port_u16().unwrap_or(if scheme == "https" { 443 } else { 80 });
    format!("{}:{port}{}", host.to_ascii_lowercase(), uri.path().trim_end_matches('/'))
}

/// Returns scheme, host and port of a URL.
pub(super) fn origin(url: &str) -> &str {
    let start = url.find("://").map_or(0, |at| at + 3);
    let end = url[start..].find('/').map_or(url.len(), |at| start + at);
    &url[..end]
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_this_machine_is_loopback() {
        for url in [
            "http://localhost:80",
            "http://LOCALHOST/v1",
            "https://127.9.9.9",
            "http://[::1]:4010",
            "http://a.localhost",
        ] {
            assert!(is_loopback(url), "{url}");
        }
        for url in [
            "http://127.0.0.1.example.org",
            "http://localhost.example.org",
            "http://10.0.0.1",
            "http://0.0.0.0",
            "http://example.org/localhost",
            "http://[::2]",
        ] {
            assert!(!is_loopback(url), "{url}");
        }
    }

    #[test]
    fn urls_are_checked_without_repeating_them() {
        assert_eq!(parse("https://x.org/v1/"), Ok("https://x.org/v1".to_owned()));
        for url in [
            "",
            "x.org",
            "ftp://x.org",
            "https://",
            "https://x.org?a",
            "https://x.org#f",
            "https://u:hunter2@x.org",
            "http://localhost\\@x.org",
        ] {
            assert!(!parse(url).unwrap_err().contains("hunter2"), "{url}");
        }
        assert!(has_user("https://u:hunter2@x.org/") && !has_user("https://x.org/@a"));
    }

    #[test]
    fn spellings_of_one_url_are_equal() {
        assert_eq!(normalized("https://API.org"), normalized("https://api.org:443/"));
        assert_ne!(normalized("https://api.org"), normalized("https://api.org/sandbox"));
        assert_eq!(origin("https://api.org:8443/v1/x"), "https://api.org:8443");
        assert_eq!(origin("http://[::1]"), "http://[::1]");
    }
}
