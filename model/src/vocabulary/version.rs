//! Version texts: their order, and what an import may request (format reference, 14.1 and 14.3).

/// The version that an import's URI requests.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Wanted<'a> {
    /// Exactly this version.
    Exact(&'a str),
    /// The greatest version.
    Latest,
    /// `~1.2.3`: the greatest of `1.2` that is not less than `1.2.3`.
    Near(&'a str),
}

impl<'a> Wanted<'a> {
    /// Parses the version part of a URI.
    pub fn of(text: &'a str) -> Self {
        match text.strip_prefix('~') {
            Some(version) => Self::Near(version),
            None if text == "latest" => Self::Latest,
            None => Self::Exact(text),
        }
    }

    /// Returns true if a version satisfies the request.
    pub fn accepts(self, version: &str) -> bool {
        match self {
            Self::Exact(wanted) => version == wanted,
            Self::Latest => true,
            Self::Near(least) => {
                let leading = least.rsplit_once('.').map_or("", |(leading, _)| leading);
                let parts = |text: &'a str| text.split('.').filter(|part| !part.is_empty());
                let same = version.split('.').zip(parts(leading)).all(|(a, b)| a == b);
                same && version.split('.').count() >= parts(leading).count() && !newer(least, version)
            }
        }
    }
}

/// Returns true if `left` is greater: numbers compare as numbers, `1.0.0-dev` comes before `1.0.0`, text before numbers.
///
/// As in the reference, the longer of two versions with more than three numbers is the smaller one.
pub fn newer(left: &str, right: &str) -> bool {
    fn key(version: &str) -> Vec<(bool, Vec<u64>, String)> {
        let piece = |piece: &str| {
            let numbers: Option<Vec<u64>> = piece.split('.').map(|n| n.parse().ok()).collect();
            match numbers {
                Some(mut numbers) => {
                    numbers.resize(numbers.len().max(3), 0);
                    numbers.push(u64::MAX);
                    (true, numbers, String::new())
                }
                None => (false, Vec::new(), piece.to_lowercase()),
            }
        };
        let mut key: Vec<_> = version.trim().split('-').map(piece).collect();
        key.push((true, vec![u64::MAX], String::new()));
        key
    }
    key(left) > key(right)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn versions_are_ordered() {
        for (older, later) in [
            ("1.2.0", "1.2.1"),
            ("1.9.0", "1.10.0"),
            ("1.0.0-dev", "1.0.0"),
            ("1.0.0-rc1", "1.0.0-rc2"),
            ("dev", "0.0.1"),
            ("1.2.1.1", "1.2.1"),
        ] {
            assert!(newer(later, older) && !newer(older, later), "{older} {later}");
        }
        assert!(!newer("1.2", "1.2.0"));
    }

    #[test]
    fn imports_ask_for_versions() {
        for (wanted, version, accepted) in [
            ("1.2.3", "1.2.3", true),
            ("1.2.3", "1.2.4", false),
            ("latest", "0.0.1-dev", true),
            ("~1.2.3", "1.2.3", true),
            ("~1.2.3", "1.2.10", true),
            ("~1.2.3", "1.2.2", false),
            ("~1.2.3", "1.20.0", false),
            ("~1.2.3", "1.3.0", false),
            ("~1", "7.0.0", true),
        ] {
            assert_eq!(Wanted::of(wanted).accepts(version), accepted, "{wanted} {version}");
        }
    }
}
