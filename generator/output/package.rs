//! What is said about a generated crate beside its code: for its manifest.

use std::path::PathBuf;

use crate::Error;

/// The version unless another one is said.
const VERSION: &str = "0.1.0";

/// What users say about a crate.
#[derive(Debug, Clone, Default)]
pub struct Crate {
    /// Where `apigen-runtime` is, if not in the registry.
    pub runtime: Option<PathBuf>,
    /// A folder of templates.
    pub templates: Option<PathBuf>,
    /// The version, or `spec` for that of the spec.
    pub version: Option<String>,
    /// Whether registries may have it.
    pub publish: bool,
    /// Names, and versions or tables of TOML.
    pub dependencies: Vec<(String, String)>,
}

impl Crate {
    /// The version, where the specs have these.
    ///
    /// # Errors
    /// It is none that cargo takes, or the specs have several.
    pub fn version(&self, specs: &[String]) -> Result<String, Error> {
        let wanted = match self.version.as_deref() {
            None => return Ok(VERSION.to_owned()),
            Some("spec") => match specs {
                [first, others @ ..] if others.iter().all(|other| other == first) => first,
                _ => {
                    let specs = specs.join(", ");
                    return Err(Error::usage(format!(
                        "the specs have several versions, {specs}: say which one with `crate-version`"
                    )));
                }
            },
            Some(version) => version,
        };
        if is_version(wanted) {
            return Ok(wanted.to_owned());
        }
        let whose = if self.version.as_deref() == Some("spec") { "of the spec " } else { "" };
        Err(Error::usage(format!(
            "the version {wanted:?} {whose}cannot be that of a crate, which has three numbers, such as 1.2.0 or 1.2.0-beta.1; say another one with `crate-version`"
        )))
    }

    /// The dependency on a crate that generated code names; cargo takes `-` and `_` in names for the same.
    pub fn dependency(&self, name: &str) -> Option<&str> {
        let is_it = |known: &&(String, String)| known.0.replace('-', "_") == name;
        self.dependencies.iter().rev().find(is_it).map(|(name, _)| name.as_str())
    }
}

/// The crates that a path of Rust names: `::money::Price<::units::Eur>` is of `money` and `units`.
pub fn crates(path: &str) -> Vec<&str> {
    let paths = path.split(|c: char| !c.is_alphanumeric() && !"_:".contains(c));
    let first = paths.filter_map(|path| match path.strip_prefix("::") {
        Some(path) => path.split("::").next(),
        None => path.split_once("::").map(|(first, _)| first),
    });
    first
        .filter(|name| !["", "alloc", "apigen_runtime", "core", "crate", "self", "std", "super"].contains(name))
        .collect()
}

/// Whether a text is a version as cargo has them (semver.org).
fn is_version(text: &str) -> bool {
    let (text, build) = text.split_once('+').map_or((text, None), |(text, build)| (text, Some(build)));
    let (numbers, before) = text.split_once('-').map_or((text, None), |(numbers, before)| (numbers, Some(before)));
    let is_number = |text: &str| {
        let digits = !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit());
        digits && (text == "0" || !text.starts_with('0')) && text.parse::<u64>().is_ok()
    };
    let is_word =
        |text: &str| !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'-');
    let all_digits = |text: &str| text.bytes().all(|byte| byte.is_ascii_digit());
    numbers.split('.').count() == 3
        && numbers.split('.').all(is_number)
        && before.is_none_or(|text| text.split('.').all(|word| is_word(word) && (!all_digits(word) || is_number(word))))
        && build.is_none_or(|text| text.split('.').all(is_word))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn versions_are_those_of_cargo() {
        for good in ["0.0.1", "1.2.3-alpha.1", "1.2.3-0a.b-c+20.x-y", "10.20.30+001"] {
            assert!(is_version(good), "{good}");
        }
        for bad in [
            "",
            "1",
            "1.2",
            "1.2.3.4",
            "v1.2.3",
            "01.2.3",
            "1.2.3-",
            "1.2.3-01",
            "1.2.3-a..b",
            "1.2.3+",
            "1.2.x",
            "1.2.3 ",
            "18446744073709551616.0.0",
        ] {
            assert!(!is_version(bad), "{bad}");
        }
    }

    #[test]
    fn paths_name_crates() {
        assert_eq!(crates("::money::Price<::units::Eur, ::std::vec::Vec<other::X>>"), ["money", "units", "other"]);
        assert_eq!(crates("crate::Money"), [] as [&str; 0]);
        assert_eq!((crates("Hash"), crates("::serde::Serialize")), (vec![], vec!["serde"]));
    }
}
