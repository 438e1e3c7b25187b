//! A URL that may be fetched: `http` or `https`, without credentials.

use std::fmt;

use ureq::http::Uri;

#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Location {
    /// Whether the connection is encrypted.
    pub secure: bool,
    /// In lower case, without a trailing dot; IPv6 addresses without brackets.
    pub host: String,
    pub port: Option<u16>,
    path: String,
    query: Option<String>,
}

impl Location {
    /// Parses an absolute URI.
    ///
    /// # Errors
    /// Returns the reason why it cannot be fetched, worded to follow a colon.
    pub fn parse(text: &str) -> Result<Self, String> {
        let scheme = scheme(text).ok_or("it does not begin with https://")?.to_ascii_lowercase();
        if scheme != "http" && scheme != "https" {
            return Err(format!("only https is fetched, not {scheme}"));
        }
        let text = text.split('#').next().unwrap_or_default();
        let uri: Uri = text.parse().map_err(|error| format!("it is not a URI: {error}"))?;
        let authority = uri.authority().ok_or("it has no host")?;
        if authority.as_str().contains('@') {
            return Err("it contains credentials; remove them, and use APIBUILDER_TOKEN".to_owned());
        }
        let host = plain_host(authority.host());
        if host.is_empty() {
            return Err("it has no host".to_owned());
        }
        let rest = authority.as_str().get(authority.host().len()..).unwrap_or_default();
        if !rest.is_empty() && authority.port_u16().is_none() {
            return Err(format!("{rest:?} is not a port"));
        }
        let (path, query) = (uri.path().to_owned(), uri.query().map(str::to_owned));
        Ok(Self { secure: scheme == "https", host, port: authority.port_u16(), path, query })
    }

    /// Resolves the text of a `Location` header.
    pub fn join(&self, text: &str) -> Result<Self, String> {
        if scheme(text).is_some() {
            return Self::parse(text);
        }
        let scheme = if self.secure { "https" } else { "http" };
        if text.starts_with("//") {
            return Self::parse(&format!("{scheme}:{text}"));
        }
        let path = match text {
            _ if text.starts_with('/') => text.to_owned(),
            _ if text.is_empty() || text.starts_with(['?', '#']) => format!("{}{text}", self.path),
            _ => format!("{}/{text}", self.path.rsplit_once('/').map_or("", |(folder, _)| folder)),
        };
        Self::parse(&format!("{scheme}://{}{path}", self.authority()))
    }

    /// Returns true if both are on one server, so that both may receive the same credentials.
    pub fn same_server(&self, other: &Self) -> bool {
        (self.secure, &self.host, self.port) == (other.secure, &other.host, other.port)
    }

    /// Returns the whole text, as sent.
    pub fn uri(&self) -> String {
        let query = self.query.iter().map(|query| format!("?{query}")).collect::<String>();
        format!("{self}{query}")
    }

    fn authority(&self) -> String {
        let host = if self.host.contains(':') { format!("[{}]", self.host) } else { self.host.clone() };
        self.port.map_or(host.clone(), |port| format!("{host}:{port}"))
    }
}

/// Omits the query: signed URLs contain credentials there.
impl fmt::Display for Location {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}://{}{}", if self.secure { "https" } else { "http" }, self.authority(), self.path)
    }
}

/// Returns the host in the form used for comparison.
pub fn plain_host(text: &str) -> String {
    text.trim_matches(['[', ']']).trim_end_matches('.').to_ascii_lowercase()
}

fn scheme(text: &str) -> Option<&str> {
    let (scheme, _) = text.split_once(':')?;
    let plain = |c: char| c.is_ascii_alphanumeric() || matches!(c, '+' | '-' | '.');
    (scheme.starts_with(|c: char| c.is_ascii_alphabetic()) && scheme.chars().all(plain)).then_some(scheme)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn redirects_are_joined() {
        let base = Location::parse("https://A.example.:8443/org/app/latest/service.json?x=1#y").unwrap();
        assert_eq!((base.host.as_str(), base.port), ("a.example", Some(8443)));
        for (text, expected) in [
            ("/b?c", "https://a.example:8443/b?c"),
            ("//b.example/c", "https://b.example/c"),
            ("http://[::1]/x", "http://[::1]/x"),
            ("other.json", "https://a.example:8443/org/app/latest/other.json"),
            ("?q", "https://a.example:8443/org/app/latest/service.json?q"),
        ] {
            assert_eq!(base.join(text).unwrap().uri(), expected, "{text}");
        }
        assert_eq!(base.to_string(), "https://a.example:8443/org/app/latest/service.json");
    }

    #[test]
    fn what_cannot_be_asked_for_is_refused() {
        for (text, why) in [
            ("file:///etc/passwd", "not file"),
            ("FTP://a/b", "not ftp"),
            ("javascript:alert(1)", "not javascript"),
            ("https://user:secret@a/b", "credentials"),
            ("https:///b", "no"),
            ("https://a:99999/b", "not a port"),
            ("https://a b/c", "not a URI"),
            ("service.json", "does not begin"),
            ("", "does not begin"),
        ] {
            let error = Location::parse(text).unwrap_err();
            assert!(error.contains(why) && !error.contains("secret"), "{text}: {error}");
        }
    }
}
