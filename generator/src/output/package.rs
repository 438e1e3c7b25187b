//! The options of a generated crate, for its manifest.

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};

use semver::Version;
use serde_json::Value;

use super::dependency;
use crate::Error;
use crate::option_error::OptionError;

const VERSION: &str = "0.1.0";
/// The value that stands for the version of the spec.
const SPEC: &str = "spec";
const NUMBERS: &str = "a version has three numbers, such as `1.2.0` or `1.2.0-beta.1`; set one with `crate-version`";

/// Creates the non-Rust files of a crate from the folder with the user's templates and the data for them: paths in the
/// crate, and texts.
pub type CrateFiles = fn(Option<&Path>, &Value) -> Result<Vec<(PathBuf, String)>, Error>;

/// The user's options for a crate.
#[derive(Debug, Clone, Default)]
pub struct Crate {
    pub files: Option<CrateFiles>,
    /// The path of `apigen-runtime`, if it is not from the registry.
    pub runtime: Option<PathBuf>,
    pub templates: Option<PathBuf>,
    /// The version, or `spec` for the version of the spec.
    pub version: Option<String>,
    pub publish: bool,
    /// Names of dependencies, with versions or TOML tables.
    pub dependencies: Vec<(String, String)>,
}

impl Crate {
    pub fn version(&self, specs: &[String]) -> Result<String, Vec<OptionError>> {
        let error = |text: &str, message: String, help: &str| {
            Err(vec![OptionError::new("E053", "crate-version", text, message, help)])
        };
        let own = specs.first().filter(|first| specs.iter().all(|other| other == *first));
        match (self.version.as_deref(), own) {
            (None, _) => Ok(VERSION.to_owned()),
            (Some(SPEC), Some(own)) if is_version(own) => Ok(own.clone()),
            (Some(SPEC), Some(own)) => {
                error(SPEC, format!("the version {own:?} of the spec is not a valid crate version"), NUMBERS)
            }
            (Some(SPEC), None) => {
                let message = format!("the specs have several versions, {}", specs.join(", "));
                error(SPEC, message, "set the version of the crate")
            }
            (Some(version), _) if is_version(version) => Ok(version.to_owned()),
            (Some(version), _) => error(version, format!("{version:?} is not a valid crate version"), NUMBERS),
        }
    }

    /// Returns the errors in the version and the dependencies that do not depend on the specs; `name` is the name of the
    /// crate, if it is known.
    pub fn errors(&self, name: Option<&str>) -> Vec<OptionError> {
        let version = self.version.as_deref().filter(|version| *version != SPEC);
        let mut errors = version.and_then(|_| self.version(&[]).err()).unwrap_or_default();
        errors.extend(self.dependencies.iter().flat_map(|(of, spec)| dependency::errors(of, spec, name)));
        errors
    }

    /// Adds a dependency, replacing one of the same name.
    pub fn add_dependency(&mut self, name: String, spec: String) {
        self.dependencies.retain(|(known, _)| !dependency::same(known, &name));
        self.dependencies.push((name, spec));
    }

    /// Returns the given options that apply to crates only.
    pub fn given_options(&self) -> impl Iterator<Item = &'static str> {
        let given = [
            ("runtime-path", self.runtime.is_some()),
            ("templates", self.templates.is_some()),
            ("crate-version", self.version.is_some()),
            ("publish", self.publish),
            ("dependencies", !self.dependencies.is_empty()),
        ];
        given.into_iter().filter(|(_, is_given)| *is_given).map(|(option, _)| option)
    }

    /// Returns the dependencies of the crate `name` that provide the types of these paths, and an error for every crate
    /// that is not a dependency. Each path comes with the option and the key that it belongs to.
    pub fn needed<'k>(
        &'k self,
        name: &str,
        paths: impl Iterator<Item = (&'static str, &'k str, &'k str)>,
    ) -> (BTreeSet<&'k str>, Vec<OptionError>) {
        // A template for the manifest has its own dependencies.
        let own = self.templates.as_ref().is_some_and(|folder| folder.join("Cargo.toml.hbs").exists());
        let (mut found, mut errors) = (BTreeSet::new(), Vec::new());
        for (option, key, path) in paths {
            for needed in crates(path) {
                match self.dependency(needed) {
                    Some(dependency) => drop(found.insert(dependency)),
                    None if own => {}
                    None => {
                        let message = format!(
                            "the crate `{name}` takes `{path}` from the crate `{needed}`, which is not among its dependencies"
                        );
                        let help = format!(
                            "add it: `--dependencies {needed}=1.0`, or in apigen.toml \
                             `dependencies = {{ {needed} = {{ path = \"../{needed}\" }} }}`"
                        );
                        errors.push(OptionError::new("E060", option, path, message, help).of_value(key));
                    }
                }
            }
        }
        (found, errors)
    }

    /// Returns the name, as written, of the dependency on a crate that generated code names.
    pub fn dependency(&self, name: &str) -> Option<&str> {
        self.dependencies.iter().find(|(known, _)| dependency::same(known, name)).map(|(name, _)| name.as_str())
    }
}

/// Returns the crates that a Rust path names: `::money::Price<::units::Eur>` names `money` and `units`.
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

fn is_version(text: &str) -> bool {
    Version::parse(text).is_ok()
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
