//! Values that an `api.json` does not contain.

/// Set by the server in API Builder; set by options here.
#[derive(Debug, Clone, Default)]
pub struct SpecDefaults {
    pub organization: Option<String>,
    /// Namespace of the organisation, which computed namespaces begin with.
    pub namespace: Option<String>,
    pub version: Option<String>,
    /// Treats fields with defaults as required, as a server does with documents that it stored long ago (format
    /// reference, 5.9).
    pub migration: bool,
}

impl SpecDefaults {
    pub fn organization(&self) -> String {
        self.organization.clone().unwrap_or_else(|| "local".to_owned())
    }

    pub fn version(&self) -> String {
        self.version.clone().unwrap_or_else(|| "0.0.1".to_owned())
    }

    /// Computes the namespace of a service that declares none (format reference, 5.2).
    pub fn namespace(&self, application: &str) -> String {
        let root = self.namespace.clone().unwrap_or_else(|| self.organization());
        let words = application.split(['_', '-', '.', ':', '/', ' ']).filter(|w| !w.is_empty());
        let major = major(&self.version()).map(|major| format!("v{major}"));
        let parts: Vec<String> = std::iter::once(root).chain(words.map(str::to_lowercase)).chain(major).collect();
        let mut namespace = String::new();
        for part in parts.join(".").split('.') {
            if !namespace.is_empty() && part.starts_with(|c: char| c.is_ascii_alphabetic()) {
                namespace.push('.');
            }
            namespace.push_str(part);
        }
        namespace
    }
}

/// Returns the major version, if the text begins with a number or `v` and a number.
fn major(version: &str) -> Option<&str> {
    let first = version.split('-').next().unwrap_or_default();
    let digits = |text: &&str| !text.is_empty() && text.chars().all(|c| c.is_ascii_digit());
    let head = first.split('.').next().unwrap_or_default();
    if first.split('.').all(|part| digits(&part)) { Some(head) } else { head.strip_prefix('v').filter(digits) }
}

/// Computes the key of an application (format reference, 5.1): lower case, `-` for every special character.
pub fn application_key(name: &str) -> String {
    let mut key = String::new();
    for c in name.trim().to_lowercase().chars() {
        let c = if c.is_ascii_alphanumeric() || c == '_' { c } else { '-' };
        if !(matches!(c, '-' | '_') && key.ends_with(c)) {
            key.push(c);
        }
    }
    let mut key = key.trim_matches('-').to_owned();
    while key.len() < 3 {
        key.push_str("-1");
    }
    key
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn keys_and_namespaces() {
        for (name, key) in
            [("API Builder Spec", "api-builder-spec"), ("ab", "ab-1"), ("Q", "q-1"), ("a  !b", "a-b"), ("!!!", "-1-1")]
        {
            assert_eq!(application_key(name), key, "{name}");
        }
        let context = |version: &str| SpecDefaults {
            namespace: Some("io.acme".to_owned()),
            version: Some(version.to_owned()),
            ..SpecDefaults::default()
        };
        assert_eq!(context("1.0.0").namespace("postal-2-door"), "io.acme.postal2.door.v1");
        assert_eq!(context("v12.1").namespace("a_b"), "io.acme.a.b.v12");
        assert_eq!(context("dev").namespace("a"), "io.acme.a");
    }
}
