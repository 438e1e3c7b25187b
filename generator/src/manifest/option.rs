//! Every option of a run, once: the keys of `apigen.toml`, the flags of the command line and the JSON Schema are made of this table.

use std::path::{Path, PathBuf};

use crate::{Config, Dates, Emit, Error};
use apigen_model::is_uri;
use apigen_model::lint::{Level, Settings};
use apigen_model::vocabulary::advice::closest;

/// An option.
#[derive(Debug)]
pub struct Setting {
    /// The key in `apigen.toml`; the flag is the same with `--` in front.
    pub name: &'static str,
    /// What it takes.
    pub kind: Kind,
    /// What it is for, in a sentence.
    pub about: &'static str,
    /// Whether every command takes it that reads specs, not those that generate only.
    pub reading: bool,
    apply: fn(Config, Given) -> Result<Config, Error>,
}

/// What an option takes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Kind {
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
    /// Texts by key, several for a key if that is wanted: what both are called, and an example.
    Pairs(&'static str, &'static str),
    /// Dependencies, as cargo has them: versions or tables by the names of packages; with an example.
    Packages(&'static str),
}

/// What was given for an option: of its kind.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Given {
    /// For [`Kind::Flag`].
    Flag(bool),
    /// For [`Kind::Text`], [`Kind::Path`] and [`Kind::Choice`].
    Text(String),
    /// For [`Kind::Texts`] and [`Kind::Paths`].
    Texts(Vec<String>),
    /// For [`Kind::Pairs`] and [`Kind::Packages`].
    Pairs(Vec<(String, String)>),
}

const EMIT: &[&str] = &["always", "never", "feature"];

/// All options, in the order in which they are explained.
pub static SETTINGS: &[Setting] = &[
    Setting {
        name: "out",
        kind: Kind::Path,
        about: "Folder to write to",
        reading: false,
        apply: |config, given| Ok(config.out(given.text())),
    },
    Setting {
        name: "crate",
        kind: Kind::Text,
        about: "Write a whole crate of this name, with Cargo.toml and README",
        reading: false,
        apply: |config, given| Ok(config.crate_name(given.text())),
    },
    Setting {
        name: "runtime-path",
        kind: Kind::Text,
        about: "Where the crate finds `apigen-runtime`, if not in the registry; relative to the crate",
        reading: false,
        apply: |config, given| Ok(config.runtime_path(given.text())),
    },
    Setting {
        name: "templates",
        kind: Kind::Path,
        about: "Folder of templates for the files of a crate other than Rust: see `apigen templates`",
        reading: false,
        apply: |config, given| Ok(config.templates(given.text())),
    },
    Setting {
        name: "crate-version",
        kind: Kind::Text,
        about: "Version of the crate, 0.1.0 unless it is given; `spec` for that of the spec",
        reading: false,
        apply: |config, given| Ok(config.crate_version(given.text())),
    },
    Setting {
        name: "publish",
        kind: Kind::Flag,
        about: "Allow publishing the crate",
        reading: false,
        apply: |config, given| Ok(config.publish(given == Given::Flag(true))),
    },
    Setting {
        name: "dependencies",
        kind: Kind::Packages("money=1.2"),
        about: "Dependencies of the crate, as its manifest has them: what `extern`, `replace` and `derive` name. Paths are relative to the crate",
        reading: false,
        apply: |config, given| dependencies(config, given.pairs()),
    },
    Setting {
        name: "name",
        kind: Kind::Text,
        about: "Name of the module; by default the snake case of the spec's name",
        reading: false,
        apply: |config, given| Ok(config.name(given.text())),
    },
    Setting {
        name: "imports",
        kind: Kind::Paths,
        about: "Where imported services are found: folders, or JSON files from URI to file",
        reading: true,
        apply: |config, given| Ok(given.texts().into_iter().fold(config, Config::imports)),
    },
    Setting {
        name: "org",
        kind: Kind::Text,
        about: "Key of the organisation that publishes the spec, where an api.json does not say it",
        reading: true,
        apply: |config, given| Ok(config.organization(given.text())),
    },
    Setting {
        name: "namespace",
        kind: Kind::Text,
        about: "Namespace of the organisation",
        reading: true,
        apply: |config, given| Ok(config.namespace(given.text())),
    },
    Setting {
        name: "version",
        kind: Kind::Text,
        about: "Version of the spec",
        reading: true,
        apply: |config, given| Ok(config.version(given.text())),
    },
    Setting {
        name: "migration",
        kind: Kind::Flag,
        about: "Read as a server does that recompiles a spec which it stored long ago: whatever has a default is required",
        reading: true,
        apply: |config, given| Ok(config.migration(given == Given::Flag(true))),
    },
    Setting {
        name: "extern",
        kind: Kind::Pairs("NAMESPACE=PATH", "io.flow.common.v0=::flow_common"),
        about: "Take an imported namespace from an existing Rust path",
        reading: false,
        apply: |config, given| {
            Ok(given.pairs().into_iter().fold(config, |config, (from, to)| config.extern_path(from, to)))
        },
    },
    Setting {
        name: "derive",
        kind: Kind::Pairs("PATTERN=PATH", "models.user=Hash"),
        about: "Derive one more trait for the types that match: `user`, `models.user`, `io.flow.*.v0.enums.*`",
        reading: false,
        apply: |config, given| {
            Ok(given.pairs().into_iter().fold(config, |config, (pattern, path)| config.derive(pattern, path)))
        },
    },
    Setting {
        name: "attribute",
        kind: Kind::Pairs("PATTERN=ATTRIBUTE", "models.user*=#[non_exhaustive]"),
        about: "Put an attribute on the types that match",
        reading: false,
        apply: |config, given| {
            Ok(given.pairs().into_iter().fold(config, |config, (pattern, text)| config.attribute(pattern, text)))
        },
    },
    Setting {
        name: "replace",
        kind: Kind::Pairs("PATTERN=PATH", "models.price=::money::Price"),
        about: "Use an existing Rust type in place of the types that match",
        reading: false,
        apply: |config, given| {
            Ok(given.pairs().into_iter().fold(config, |config, (pattern, path)| config.replace(pattern, path)))
        },
    },
    Setting {
        name: "include",
        kind: Kind::Texts,
        about: "Generate only operations that match: `users`, `users.get_by_guid`, `GET /users/*`",
        reading: false,
        apply: |config, given| Ok(given.texts().into_iter().fold(config, Config::include)),
    },
    Setting {
        name: "exclude",
        kind: Kind::Texts,
        about: "Leave out operations that match",
        reading: false,
        apply: |config, given| Ok(given.texts().into_iter().fold(config, Config::exclude)),
    },
    Setting {
        name: "rename",
        kind: Kind::Pairs("OPERATION=NAME", "GET /users/:guid=find"),
        about: "Name the method of an operation, which is otherwise named after HTTP method and path",
        reading: false,
        apply: |config, given| {
            Ok(given.pairs().into_iter().fold(config, |config, (operation, name)| config.rename(operation, name)))
        },
    },
    Setting {
        name: "types-only",
        kind: Kind::Flag,
        about: "Generate all types and no operation: neither client nor mock client nor server",
        reading: false,
        apply: |config, given| Ok(config.types_only(given == Given::Flag(true))),
    },
    Setting {
        name: "sensitive",
        kind: Kind::Texts,
        about: "Annotations that mark fields which must not be logged, in place of the usual ones",
        reading: false,
        apply: |config, given| Ok(config.sensitive(given.texts())),
    },
    Setting {
        name: "mocks",
        kind: Kind::Choice(EMIT),
        about: "Whether mocks are generated; `feature`, the default for crates, puts them behind the cargo feature `mock`",
        reading: false,
        apply: |config, given| Ok(config.mocks(included(&given.text(), "mock"))),
    },
    Setting {
        name: "server",
        kind: Kind::Choice(EMIT),
        about: "Whether server traits and the validator of messages are generated; `feature`, the default for crates, puts them behind the cargo feature `server`",
        reading: false,
        apply: |config, given| Ok(config.server(included(&given.text(), "server"))),
    },
    Setting {
        name: "dates",
        kind: Kind::Choice(&["jiff", "chrono"]),
        about: "Which crate's types stand for dates and date-times",
        reading: false,
        apply: |config, given| Ok(config.dates(if given.text() == "chrono" { Dates::Chrono } else { Dates::Jiff })),
    },
    Setting {
        name: "lint",
        kind: Kind::Pairs("RULE=LEVEL", "unused-type=deny"),
        about: "Look for what compiles but hurts: `allow`, `warn` or `deny` a lint, by its name or code, `all` or `warnings`",
        reading: false,
        apply: |config, given| Ok(config.lints(lints(given.pairs())?)),
    },
];

/// The option of this name.
pub fn find(name: &str) -> Option<&'static Setting> {
    SETTINGS.iter().find(|setting| setting.name == name)
}

impl Setting {
    /// Says it to a configuration.
    ///
    /// # Errors
    /// What was given names something that does not exist.
    pub fn apply(&self, config: Config, given: Given) -> Result<Config, Error> {
        (self.apply)(config, given)
    }
}

impl Given {
    /// From one text: several texts or pairs are between semicolons, `models.user=Hash; enums.*=Ord`.
    ///
    /// # Errors
    /// What is wrong with it.
    #[cfg(feature = "manifest")]
    pub fn parse(kind: Kind, text: &str) -> Result<Given, String> {
        let several = || text.split(';').map(str::trim).filter(|part| !part.is_empty());
        match kind {
            Kind::Text | Kind::Path => Ok(Given::Text(text.to_owned())),
            Kind::Flag => text.parse().map(Given::Flag).map_err(|_| format!("{text:?} is neither true nor false")),
            Kind::Choice(choices) if choices.contains(&text) => Ok(Given::Text(text.to_owned())),
            Kind::Choice(choices) => Err(format!("{text:?} is none of {}", choices.join(", "))),
            Kind::Texts | Kind::Paths => Ok(Given::Texts(several().map(str::to_owned).collect())),
            Kind::Pairs(_, example) | Kind::Packages(example) => {
                several().map(|text| pair(text, example)).collect::<Result<_, _>>().map(Given::Pairs)
            }
        }
    }

    fn text(self) -> String {
        match self {
            Given::Text(text) => text,
            Given::Flag(_) | Given::Texts(_) | Given::Pairs(_) => String::new(),
        }
    }

    fn texts(self) -> Vec<String> {
        match self {
            Given::Texts(texts) => texts,
            Given::Flag(_) | Given::Text(_) | Given::Pairs(_) => Vec::new(),
        }
    }

    fn pairs(self) -> Vec<(String, String)> {
        match self {
            Given::Pairs(pairs) => pairs,
            Given::Flag(_) | Given::Text(_) | Given::Texts(_) => Vec::new(),
        }
    }

    /// Paths, seen from another folder.
    pub(super) fn below(self, folder: &Path, kind: Kind) -> Given {
        let below = |text: String| Given::path(folder, &text).display().to_string();
        match (kind, self) {
            (Kind::Path, Given::Text(text)) => Given::Text(below(text)),
            (Kind::Paths, Given::Texts(texts)) => Given::Texts(texts.into_iter().map(below).collect()),
            (_, given) => given,
        }
    }

    /// A path, seen from another folder; a URI stays as it is.
    pub(super) fn path(folder: &Path, text: &str) -> PathBuf {
        if is_uri(Path::new(text)) || folder.as_os_str().is_empty() { PathBuf::from(text) } else { folder.join(text) }
    }
}

/// Both sides of the first `=`.
///
/// # Errors
/// One of them is missing; the example shows how it is meant.
pub fn pair(text: &str, example: &str) -> Result<(String, String), String> {
    match text.split_once('=').map(|(from, to)| (from.trim(), to.trim())) {
        Some((from, to)) if !from.is_empty() && !to.is_empty() => Ok((from.to_owned(), to.to_owned())),
        _ => Err(format!("there must be text on both sides of a `=`, for example {example}")),
    }
}

/// Adds dependencies that cargo would take.
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
                "{name}={spec}: this is no dependency; examples are money=1.2 and money={{ path = \"../money\" }}"
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
                    "{other:?} is no level of the lint {rule}: allow, warn or deny{near}"
                )));
            }
        };
        settings.set(level, &rule).map_err(|unknown| Error::usage(unknown.to_string()))?;
    }
    Ok(settings)
}
