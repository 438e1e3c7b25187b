use http::Uri;

/// Checks the URL that every path is appended to, and takes off its trailing slash. Errors never repeat the URL, which
/// may hold a password.
pub(super) fn parse(text: &str) -> Result<String, String> {
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

#[cfg(test)]
mod tests {
    use super::parse;

    #[test]
    fn accepts_and_trims() {
        for (text, base) in [
            ("https://api.flow.io", "https://api.flow.io"),
            ("http://localhost:8080/", "http://localhost:8080"),
            ("https://x.org/a/b//", "https://x.org/a/b"),
            ("http://[::1]:80", "http://[::1]:80"),
        ] {
            assert_eq!(parse(text).as_deref(), Ok(base));
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
            let error = parse(text).unwrap_err();
            assert!(!error.contains("hunter2"), "{text}: {error}");
        }
    }
}
