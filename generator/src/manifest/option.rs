//! The table of all options: the keys of `apigen.toml`, the flags of the command line and the JSON Schema are derived
//! from it.

use std::path::{Path, PathBuf};

use crate::{Config, Dates, Emit, Error, Format};
use apigen_model::is_uri;
use apigen_model::lint::{Level, Settings};
use apigen_model::vocabulary::suggestions::closest;

/// An option.
#[derive(Debug)]
pub struct OptionSpec {
    /// The key in `apigen.toml`; the flag is the same with `--` in front.
    pub name: &'static str,
    /// The kind of its value.
    pub kind: OptionKind,
    /// One sentence that describes the option.
    pub about: &'static str,
    /// Whether all commands that read specs accept it, not only those that generate.
    pub reading: bool,
    apply: fn(Config, OptionValue) -> Result<Config, Error>,
}

/// The kind of value that an option takes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum OptionKind {
    /// A text.
    Text,
    /// A file or folder; in `apigen.toml` relative to its folder.
    Path,
    /// Yes or no.
    Flag,
    /// One of these.
    Choice(&'static [&'static str]),
    /// Several texts.
    Texts,
    /// Several files or folders.
    Paths,
    /// Texts by key, several per key if wanted: a name for both, and an example.
    Pairs(&'static str, &'static str),
    /// Dependencies in cargo's notation: versions or tables by package name; with an example.
    Packages(&'static str),
}

/// The value of an option, of the option's kind.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum OptionValue {
    /// For [`OptionKind::Flag`].
    Flag(bool),
    /// For [`OptionKind::Text`], [`OptionKind::Path`] and [`OptionKind::Choice`].
    Text(String),
    /// For [`OptionKind::Texts`] and [`OptionKind::Paths`].
    Texts(Vec<String>),
    /// For [`OptionKind::Pairs`] and [`OptionKind::Packages`].
    Pairs(Vec<(String, String)>),
}

const EMIT: &[&str] = &["always", "never", "feature"];

/// All options, in the order in which help lists them.
pub static OPTIONS: &[OptionSpec] = &[
    OptionSpec {
        name: "out",
        kind: OptionKind::Path,
        about: "Folder to write to",
        reading: false,
        apply: |config, value| Ok(config.out(value.text())),
    },
    OptionSpec {
        name: "crate",
        kind: OptionKind::Text,
        about: "Generate a whole crate of this name, with Cargo.toml and README",
        reading: false,
        apply: |config, value| Ok(config.crate_name(value.text())),
    },
    OptionSpec {
        name: "runtime-path",
        kind: OptionKind::Text,
        about: "Path to `apigen-runtime`, if it is not taken from the registry; relative to the crate",
        reading: false,
        apply: |config, value| Ok(config.runtime_path(value.text())),
    },
    OptionSpec {
        name: "templates",
        kind: OptionKind::Path,
        about: "Folder of templates for the non-Rust files of a crate: see `apigen templates`",
        reading: false,
        apply: |config, value| Ok(config.templates(value.text())),
    },
    OptionSpec {
        name: "crate-version",
        kind: OptionKind::Text,
        about: "Version of the crate, by default 0.1.0; `spec` takes the version of the spec",
        reading: false,
        apply: |config, value| Ok(config.crate_version(value.text())),
    },
    OptionSpec {
        name: "publish",
        kind: OptionKind::Flag,
        about: "Allow publishing the crate",
        reading: false,
        apply: |config, value| Ok(config.publish(value == OptionValue::Flag(true))),
    },
    OptionSpec {
        name: "dependencies",
        kind: OptionKind::Packages("money=1.2"),
        about: "Dependencies of the crate, in the syntax of Cargo.toml: the crates that `extern`, `replace` and `derive` name. Paths are relative to the crate",
        reading: false,
        apply: |config, value| dependencies(config, value.pairs()),
    },
    OptionSpec {
        name: "name",
        kind: OptionKind::Text,
        about: "Name of the module, by default the spec's name in snake case",
        reading: false,
        apply: |config, value| Ok(config.name(value.text())),
    },
    OptionSpec {
        name: "imports",
        kind: OptionKind::Paths,
        about: "Where to find imported services: folders, or JSON files that map URIs to files",
        reading: true,
        apply: |config, value| Ok(value.texts().into_iter().fold(config, Config::import_path)),
    },
    OptionSpec {
        name: "org",
        kind: OptionKind::Text,
        about: "Key of the organisation that publishes the spec, if an api.json does not contain it",
        reading: true,
        apply: |config, value| Ok(config.organization(value.text())),
    },
    OptionSpec {
        name: "namespace",
        kind: OptionKind::Text,
        about: "Namespace of the organisation",
        reading: true,
        apply: |config, value| Ok(config.namespace(value.text())),
    },
    OptionSpec {
        name: "version",
        kind: OptionKind::Text,
        about: "Version of the spec",
        reading: true,
        apply: |config, value| Ok(config.version(value.text())),
    },
    OptionSpec {
        name: "migration",
        kind: OptionKind::Flag,
        about: "Treat fields with defaults as required (API Builder's migration mode)",
        reading: true,
        apply: |config, value| Ok(config.migration(value == OptionValue::Flag(true))),
    },
    OptionSpec {
        name: "extern",
        kind: OptionKind::Pairs("NAMESPACE=PATH", "io.flow.common.v0=::flow_common"),
        about: "Use an existing Rust module for an imported namespace",
        reading: false,
        apply: |config, value| {
            Ok(value.pairs().into_iter().fold(config, |config, (from, to)| config.extern_path(from, to)))
        },
    },
    OptionSpec {
        name: "derive",
        kind: OptionKind::Pairs("PATTERN=PATH", "models.user=Hash"),
        about: "Derive another trait on matching types: `user`, `models.user`, `io.flow.*.v0.enums.*`",
        reading: false,
        apply: |config, value| {
            Ok(value.pairs().into_iter().fold(config, |config, (pattern, path)| config.derive(pattern, path)))
        },
    },
    OptionSpec {
        name: "attribute",
        kind: OptionKind::Pairs("PATTERN=ATTRIBUTE", "models.user*=#[non_exhaustive]"),
        about: "Add an attribute to matching types",
        reading: false,
        apply: |config, value| {
            Ok(value.pairs().into_iter().fold(config, |config, (pattern, text)| config.attribute(pattern, text)))
        },
    },
    OptionSpec {
        name: "replace",
        kind: OptionKind::Pairs("PATTERN=PATH", "models.price=::money::Price"),
        about: "Use an existing Rust type in place of matching types",
        reading: false,
        apply: |config, value| {
            Ok(value.pairs().into_iter().fold(config, |config, (pattern, path)| config.replace(pattern, path)))
        },
    },
    OptionSpec {
        name: "include",
        kind: OptionKind::Texts,
        about: "Generate only matching operations: `users`, `users.get_by_guid`, `GET /users/*`",
        reading: false,
        apply: |config, value| Ok(value.texts().into_iter().fold(config, Config::include)),
    },
    OptionSpec {
        name: "exclude",
        kind: OptionKind::Texts,
        about: "Omit matching operations",
        reading: false,
        apply: |config, value| Ok(value.texts().into_iter().fold(config, Config::exclude)),
    },
    OptionSpec {
        name: "rename",
        kind: OptionKind::Pairs("OPERATION=NAME", "GET /users/:guid=find"),
        about: "Set the method name of an operation; by default it is derived from HTTP method and path",
        reading: false,
        apply: |config, value| {
            Ok(value.pairs().into_iter().fold(config, |config, (operation, name)| config.rename(operation, name)))
        },
    },
    OptionSpec {
        name: "types-only",
        kind: OptionKind::Flag,
        about: "Generate all types and no operations: no client, mock client or server",
        reading: false,
        apply: |config, value| Ok(config.types_only(value == OptionValue::Flag(true))),
    },
    OptionSpec {
        name: "sensitive",
        kind: OptionKind::Texts,
        about: "Annotations that mark sensitive fields, in place of the default ones",
        reading: false,
        apply: |config, value| Ok(config.sensitive(value.texts())),
    },
    OptionSpec {
        name: "mocks",
        kind: OptionKind::Choice(EMIT),
        about: "Whether to generate mocks; `feature`, the default for crates, puts them behind the cargo feature `mock`",
        reading: false,
        apply: |config, value| Ok(config.mocks(included(&value.text(), "mock"))),
    },
    OptionSpec {
        name: "server",
        kind: OptionKind::Choice(EMIT),
        about: "Whether to generate server traits and the message validator; `feature`, the default for crates, puts them behind the cargo feature `server`",
        reading: false,
        apply: |config, value| Ok(config.server(included(&value.text(), "server"))),
    },
    OptionSpec {
        name: "dates",
        kind: OptionKind::Choice(&["jiff", "chrono"]),
        about: "Crate whose types represent dates and date-times",
        reading: false,
        apply: |config, value| Ok(config.dates(if value.text() == "chrono" { Dates::Chrono } else { Dates::Jiff })),
    },
    OptionSpec {
        name: "format",
        kind: OptionKind::Choice(&["prettyplease", "rustfmt"]),
        about: "What formats generated code: `prettyplease`, the same on every machine, or your `rustfmt` with its configuration",
        reading: false,
        apply: |config, value| {
            Ok(config.format(if value.text() == "rustfmt" { Format::Rustfmt } else { Format::Prettyplease }))
        },
    },
    OptionSpec {
        name: "lint",
        kind: OptionKind::Pairs("RULE=LEVEL", "unused-type=deny"),
        about: "Set the level of a lint to `allow`, `warn` or `deny`, by its name or code, or for `all` or `warnings`",
        reading: false,
        apply: |config, value| Ok(config.lints(lints(value.pairs())?)),
    },
];

/// Returns the option of this name.
pub fn find(name: &str) -> Option<&'static OptionSpec> {
    OPTIONS.iter().find(|option| option.name == name)
}

impl OptionSpec {
    /// Applies a value to a configuration.
    ///
    /// # Errors
    /// Returns an error if the value names something that does not exist.
    pub fn apply(&self, config: Config, value: OptionValue) -> Result<Config, Error> {
        (self.apply)(config, value)
    }
}

impl OptionValue {
    /// Parses one text: several texts or pairs are separated by semicolons, `models.user=Hash; enums.*=Ord`.
    ///
    /// # Errors
    /// Returns what is wrong with the text.
    #[cfg(feature = "manifest")]
    pub fn parse(kind: OptionKind, text: &str) -> Result<OptionValue, String> {
        let several = || text.split(';').map(str::trim).filter(|part| !part.is_empty());
        match kind {
            OptionKind::Text | OptionKind::Path => Ok(OptionValue::Text(text.to_owned())),
            OptionKind::Flag => text
                .parse()
                .map(OptionValue::Flag)
                .map_err(|_| format!("{text:?} is not a boolean; expected true or false")),
            OptionKind::Choice(choices) if choices.contains(&text) => Ok(OptionValue::Text(text.to_owned())),
            OptionKind::Choice(choices) => {
                Err(format!("{text:?} is not a valid choice; expected one of {}", choices.join(", ")))
            }
            OptionKind::Texts | OptionKind::Paths => Ok(OptionValue::Texts(several().map(str::to_owned).collect())),
            OptionKind::Pairs(_, example) | OptionKind::Packages(example) => {
                several().map(|text| pair(text, example)).collect::<Result<_, _>>().map(OptionValue::Pairs)
            }
        }
    }

    fn text(self) -> String {
        match self {
            OptionValue::Text(text) => text,
            OptionValue::Flag(_) | OptionValue::Texts(_) | OptionValue::Pairs(_) => String::new(),
        }
    }

    fn texts(self) -> Vec<String> {
        match self {
            OptionValue::Texts(texts) => texts,
            OptionValue::Flag(_) | OptionValue::Text(_) | OptionValue::Pairs(_) => Vec::new(),
        }
    }

    fn pairs(self) -> Vec<(String, String)> {
        match self {
            OptionValue::Pairs(pairs) => pairs,
            OptionValue::Flag(_) | OptionValue::Text(_) | OptionValue::Texts(_) => Vec::new(),
        }
    }

    /// Makes paths relative to another folder.
    pub(super) fn below(self, folder: &Path, kind: OptionKind) -> OptionValue {
        let below = |text: String| OptionValue::path(folder, &text).display().to_string();
        match (kind, self) {
            (OptionKind::Path, OptionValue::Text(text)) => OptionValue::Text(below(text)),
            (OptionKind::Paths, OptionValue::Texts(texts)) => {
                OptionValue::Texts(texts.into_iter().map(below).collect())
            }
            (_, value) => value,
        }
    }

    /// Makes a path relative to another folder; a URI is left as it is.
    pub(super) fn path(folder: &Path, text: &str) -> PathBuf {
        if is_uri(Path::new(text)) || folder.as_os_str().is_empty() { PathBuf::from(text) } else { folder.join(text) }
    }
}

/// Splits a text at the first `=`.
///
/// # Errors
/// Returns an error if a side is missing; the example shows the right form.
pub fn pair(text: &str, example: &str) -> Result<(String, String), String> {
    match text.split_once('=').map(|(from, to)| (from.trim(), to.trim())) {
        Some((from, to)) if !from.is_empty() && !to.is_empty() => Ok((from.to_owned(), to.to_owned())),
        _ => Err(format!("expected text on both sides of `=`, for example {example}")),
    }
}

/// Adds dependencies, if cargo would accept them.
fn dependencies(config: Config, pairs: Vec<(String, String)>) -> Result<Config, Error> {
    pairs.into_iter().try_fold(config, |config, (name, spec)| {
        let is_name = |c: char| c.is_ascii_alphanumeric() || c == '-' || c == '_';
        let is_table =
            || toml::de::DeTable::parse(&format!("it = {spec}")).is_ok_and(|table| table.get_ref().len() == 1);
        let is_version =
            || !spec.is_empty() && spec.chars().all(|c| c.is_ascii_alphanumeric() || "^~<>=*.,+- ".contains(c));
        let is_spec = if spec.starts_with('{') { !spec.contains(['\n', '\r']) && is_table() } else { is_version() };
        match is_spec && !name.is_empty() && name.chars().all(is_name) {
            true => Ok(config.dependency(name, spec)),
            false => Err(Error::usage(format!(
                "{name}={spec}: not a valid dependency; examples are money=1.2 and money={{ path = \"../money\" }}"
            ))),
        }
    })
}

fn included(choice: &str, feature: &str) -> Emit {
    match choice {
        "never" => Emit::Never,
        "feature" => Emit::Feature(feature.to_owned()),
        _ => Emit::Always,
    }
}

fn lints(pairs: Vec<(String, String)>) -> Result<Settings, Error> {
    let mut settings = Settings::default();
    for (rule, level) in pairs {
        let level = match level.as_str() {
            "allow" => Level::Allow,
            "warn" => Level::Warn,
            "deny" => Level::Deny,
            other => {
                let near = closest(other, &["allow", "warn", "deny"]).map(|near| format!("; did you mean `{near}`?"));
                let near = near.unwrap_or_default();
                return Err(Error::usage(format!(
                    "{other:?} is not a lint level for {rule}; expected allow, warn or deny{near}"
                )));
            }
        };
        settings.set(level, &rule).map_err(|unknown| Error::usage(unknown.to_string()))?;
    }
    Ok(settings)
}
