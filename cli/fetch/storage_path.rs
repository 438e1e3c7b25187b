//! The storage path of a document, by its own keys and version; and the version in its URI.

use apigen_model::lock::{ImportError, sha256};
use apigen_model::{DocumentHead, ServiceUri};

/// Returns true if the version of a URI may mean another document later (format reference, 14.1).
pub fn moves(uri: &str) -> bool {
    ServiceUri::new(uri).is_some_and(|uri| uri.version == "latest" || uri.version.starts_with('~'))
}

/// Returns the URI with an exact version in place of one that may change.
pub fn pinned(uri: &str, version: &str) -> String {
    match (moves(uri), uri.rsplit_once('/')) {
        (true, Some((head, file))) => {
            let head = head.rsplit_once('/').map_or(head, |(head, _)| head);
            format!("{head}/{version}/{file}")
        }
        _ => uri.to_owned(),
    }
}

/// Returns the file of a document, relative to the folder of fetched documents:
/// `organisation/application/version/service.json` if the URI names the same organisation and application as the
/// document, else a name derived from the URI.
///
/// # Errors
/// Returns `E008` if a key or version cannot be the name of a folder on every system, or is not the version that the
/// URI requests.
pub fn stored(uri: &str, service: &DocumentHead) -> Result<String, ImportError> {
    let own =
        [("organisation", &service.organization), ("application", &service.application), ("version", &service.version)];
    for (what, text) in own {
        if let Err(why) = folder(text) {
            return Err(ImportError::new("E008", format!("{uri} gives a document whose {what} {text:?} {why}")));
        }
    }
    let same = |uri: &ServiceUri<'_>| {
        uri.organization.eq_ignore_ascii_case(&service.organization)
            && uri.application.eq_ignore_ascii_case(&service.application)
    };
    let Some(ServiceUri { version, .. }) = ServiceUri::new(uri).filter(same) else {
        return Ok(format!("_other/{}/service.json", &sha256::hex(uri.as_bytes())[..16]));
    };
    if version != service.version && !moves(uri) {
        return Err(ImportError::new("E008", format!("{uri} gives a document of version {} instead", service.version)));
    }
    Ok(format!("{}/{}/{}/service.json", service.organization, service.application, service.version))
}

/// Checks that a text can be the name of a folder on every system.
fn folder(text: &str) -> Result<(), &'static str> {
    const RESERVED: &[&str] = &["con", "prn", "aux", "nul"];
    let stem = text.split('.').next().unwrap_or_default().to_ascii_lowercase();
    let numbered = |stem: &str| stem.len() == 4 && (stem.starts_with("com") || stem.starts_with("lpt"));
    if text.is_empty() || text.len() > 100 {
        Err("is not between 1 and 100 characters long")
    } else if !text.chars().all(|c| c.is_ascii_alphanumeric() || matches!(c, '.' | '_' | '-' | '+')) {
        Err("has characters other than letters, digits and `.`, `_`, `-`, `+`")
    } else if text.starts_with('.') || text.ends_with('.') {
        Err("begins or ends with a dot")
    } else if RESERVED.contains(&stem.as_str()) || numbered(&stem) {
        Err("is a reserved name on Windows")
    } else {
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn service(organization: &str, application: &str, version: &str) -> DocumentHead {
        DocumentHead {
            organization: organization.to_owned(),
            application: application.to_owned(),
            version: version.to_owned(),
            ..DocumentHead::default()
        }
    }

    #[test]
    fn documents_are_stored_by_what_they_are() {
        let geo = service("acme", "geo", "1.2.4");
        for version in ["latest", "~1.2.3", "1.2.4"] {
            let uri = format!("https://a/acme/geo/{version}/service.json");
            assert_eq!(stored(&uri, &geo).unwrap(), "acme/geo/1.2.4/service.json");
            assert_eq!(pinned(&uri, "1.2.4"), "https://a/acme/geo/1.2.4/service.json");
        }
        assert!(stored("https://a/acme/geo/1.2.3/service.json", &geo).unwrap_err().message.contains("1.2.4"));
        let other = stored("https://a/spec.json", &geo).unwrap();
        assert!(other.starts_with("_other/") && other.len() == "_other//service.json".len() + 16, "{other}");
        assert_eq!(pinned("https://a/spec.json", "1"), "https://a/spec.json");
    }

    #[test]
    fn no_text_leaves_the_folder() {
        let long = "a".repeat(101);
        for text in ["", "..", ".", ".git", "a/b", "a\\b", "C:", "a\0", "nul", "CON.txt", "lpt1", "a.", "é", &long] {
            for hostile in [service(text, "geo", "1"), service("acme", text, "1"), service("acme", "geo", text)] {
                let uri = format!(
                    "https://a/{}/{}/{}/service.json",
                    hostile.organization, hostile.application, hostile.version
                );
                assert!(stored(&uri, &hostile).is_err(), "{text:?}");
                assert!(stored("https://a/spec.json", &hostile).is_err(), "{text:?}");
            }
        }
        assert!(
            stored("https://a/acme/geo/1.0.0-rc.1+5/service.json", &service("acme", "geo", "1.0.0-rc.1+5")).is_ok()
        );
    }
}
