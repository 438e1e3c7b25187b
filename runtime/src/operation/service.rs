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
        let major = |version| ServiceInfo { name: "", namespace: "", version, user_agent: "", headers: &[] }.major();
        assert_eq!(major("0.1.2"), Some("0"));
        assert_eq!(major("v12.1"), Some("12"));
        assert_eq!(major("3"), Some("3"));
        assert_eq!(major("dev-1"), None);
        assert_eq!(major("vnext"), None);
        assert_eq!(major(""), None);
    }
}
