//! Configuration of a client: base URL and build errors.

use std::error::Error;
use std::fmt;

use http::Uri;

/// Checks the base URL and removes its trailing slash. Errors do not repeat the URL, which may contain a password.
pub(crate) fn parse_base_url(text: &str) -> Result<String, String> {
    let text = text.trim_end_matches('/');
    if text.contains(['?', '#']) {
        return Err("the base URL must have no query and no fragment".into());
    }
    let uri: Uri = text.parse().map_err(|error| format!("the base URL is not a URL: {error}"))?;
    if !matches!(uri.scheme_str(), Some("http" | "https")) {
        return Err("the base URL must begin with http:// or https://".into());
    }
    // Credentials in a URL end up in logs and errors.
    if uri.authority().is_none_or(|authority| authority.as_str().contains('@')) {
        return Err("the base URL must hold no user name or password: pass them as Auth::basic".into());
    }
    Ok(text.to_owned())
}

/// Why a client could not be built. Contains nothing sensitive.
#[derive(Debug)]
pub struct BuildError {
    message: String,
    source: Option<Box<dyn Error + Send + Sync>>,
}

impl BuildError {
    pub(crate) fn new(message: String) -> BuildError {
        BuildError { message, source: None }
    }

    #[cfg(feature = "reqwest")]
    pub(crate) fn caused(message: &str, source: Box<dyn Error + Send + Sync>) -> BuildError {
        BuildError { message: message.to_owned(), source: Some(source) }
    }
}

impl fmt::Display for BuildError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.message)
    }
}

impl Error for BuildError {
    fn source(&self) -> Option<&(dyn Error + 'static)> {
        self.source.as_deref().map(|source| source as _)
    }
}

#[cfg(test)]
mod tests {
    use super::parse_base_url;

    #[test]
    fn accepts_and_trims() {
        for (text, base) in [
            ("https://api.flow.io", "https://api.flow.io"),
            ("http://localhost:8080/", "http://localhost:8080"),
            ("https://x.org/a/b//", "https://x.org/a/b"),
            ("http://[::1]:80", "http://[::1]:80"),
        ] {
            assert_eq!(parse_base_url(text).as_deref(), Ok(base));
        }
    }

    #[test]
    fn refuses() {
        let bad = [
            "",
            "api.flow.io",
            "/x",
            "ftp://x",
            "https://",
            "https://x?a=b",
            "https://x#f",
            "http://u:hunter2@x",
            "http://a b",
        ];
        for text in bad {
            let error = parse_base_url(text).unwrap_err();
            assert!(!error.contains("hunter2"), "{text}: {error}");
        }
    }
}
