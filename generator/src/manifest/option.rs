//! The table of all options, from which the keys of `apigen.toml`, its JSON Schema and the flags are derived.

use std::path::{Path, PathBuf};

use self::Effect::{All, Each, Flag, Lints, Pair, Text};
use self::OptionKind as Kind;
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
    effect: Effect,
}

/// How a value changes a configuration.
#[derive(Debug, Clone, Copy)]
enum Effect {
    Text(fn(Config, String) -> Config),
    Flag(fn(Config, bool) -> Config),
    /// For each of several texts.
    Each(fn(Config, String) -> Config),
    /// For several texts together.
    All(fn(Config, Vec<String>) -> Config),
    Pair(fn(Config, String, String) -> Config),
    Lints,
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
    option("out", Kind::Path, Text(Config::out)).about("Folder to write to"),
    option("crate", Kind::Text, Text(Config::crate_name))
        .about("Generate a whole crate of this name, with Cargo.toml and README"),
    option("runtime-path", Kind::Text, Text(Config::runtime_path))
        .about("Path to `apigen-runtime`, if it is not taken from the registry; relative to the crate"),
    option("templates", Kind::Path, Text(Config::templates))
        .about("Folder of templates for the non-Rust files of a crate: see `apigen templates`"),
    option("crate-version", Kind::Text, Text(Config::crate_version))
        .about("Version of the crate, by default 0.1.0; `spec` takes the version of the spec"),
    option("publish", Kind::Flag, Flag(Config::publish)).about("Allow publishing the crate"),
    option("dependencies", Kind::Packages("money=1.2"), Pair(Config::dependency)).about(
        "Dependencies of the crate, in the syntax of Cargo.toml: the crates that `extern`, `replace` \
         and `derive` name. Paths are relative to the crate",
    ),
    option("name", Kind::Text, Text(Config::name))
        .about("Name of the module, by default the spec's name in snake case"),
    reading("imports", Kind::Paths, Each(Config::import_path))
        .about("Where to find imported services: folders, or JSON files that map URIs to files"),
    reading("org", Kind::Text, Text(Config::organization))
        .about("Key of the organisation that publishes the spec, if an api.json does not contain it"),
    reading("namespace", Kind::Text, Text(Config::namespace)).about("Namespace of the organisation"),
    reading("version", Kind::Text, Text(Config::version)).about("Version of the spec"),
    reading("migration", Kind::Flag, Flag(Config::migration))
        .about("Treat fields with defaults as required (API Builder's migration mode)"),
    option("extern", Kind::Pairs("NAMESPACE=PATH", "io.flow.common.v0=::flow_common"), Pair(Config::extern_path))
        .about("Use an existing Rust module for an imported namespace"),
    option("derive", Kind::Pairs("PATTERN=PATH", "models.user=Hash"), Pair(Config::derive))
        .about("Derive another trait on matching types: `user`, `models.user`, `io.flow.*.v0.enums.*`"),
    option("attribute", Kind::Pairs("PATTERN=ATTRIBUTE", "models.user*=#[non_exhaustive]"), Pair(Config::attribute))
        .about("Add an attribute to matching types"),
    option("replace", Kind::Pairs("PATTERN=PATH", "models.price=::money::Price"), Pair(Config::replace))
        .about("Use an existing Rust type in place of matching types"),
    option("include", Kind::Texts, Each(Config::include))
        .about("Generate only matching operations: `users`, `users.get_by_guid`, `GET /users/*`"),
    option("exclude", Kind::Texts, Each(Config::exclude)).about("Omit matching operations"),
    option("rename", Kind::Pairs("OPERATION=NAME", "GET /users/:guid=find"), Pair(Config::rename))
        .about("Set the method name of an operation; by default it is derived from HTTP method and path"),
    option("types-only", Kind::Flag, Flag(Config::types_only))
        .about("Generate all types and no operations: no client, mock client or server"),
    option("sensitive", Kind::Texts, All(Config::sensitive))
        .about("Annotations that mark sensitive fields, in place of the default ones"),
    option("mocks", Kind::Choice(EMIT), Text(|config, choice| config.mocks(included(&choice, "mock")))).about(
        "Whether to generate mocks; `feature`, the default for crates, puts them behind the cargo \
         feature `mock`",
    ),
    option("server", Kind::Choice(EMIT), Text(|config, choice| config.server(included(&choice, "server")))).about(
        "Whether to generate server traits and the message validator; `feature`, the default for \
         crates, puts them behind the cargo feature `server`",
    ),
    option("dates", Kind::Choice(&["jiff", "chrono"]), Text(dates))
        .about("Crate whose types represent dates and date-times"),
    option("format", Kind::Choice(&["prettyplease", "rustfmt"]), Text(format)).about(
        "What formats generated code: `prettyplease`, the same on every machine, or your `rustfmt` \
         with its configuration",
    ),
    option("lint", Kind::Pairs("RULE=LEVEL", "unused-type=deny"), Lints).about(
        "Set the level of a lint to `allow`, `warn` or `deny`, by its name or code, or for `all` or \
         `warnings`",
    ),
];

/// Creates an option of the commands that generate.
const fn option(name: &'static str, kind: OptionKind, effect: Effect) -> OptionSpec {
    OptionSpec { name, kind, about: "", reading: false, effect }
}

/// Creates an option of all commands that read specs.
const fn reading(name: &'static str, kind: OptionKind, effect: Effect) -> OptionSpec {
    OptionSpec { reading: true, ..option(name, kind, effect) }
}

/// Returns the option of this name.
pub fn find(name: &str) -> Option<&'static OptionSpec> {
    OPTIONS.iter().find(|option| option.name == name)
}

impl OptionSpec {
    const fn about(self, about: &'static str) -> Self {
        OptionSpec { about, ..self }
    }

    /// Applies a value to a configuration.
    ///
    /// # Errors
    /// Returns an error if the value names something that does not exist.
    pub fn apply(&self, config: Config, value: OptionValue) -> Result<Config, Error> {
        Ok(match (self.effect, value) {
            (Text(set), OptionValue::Text(text)) => set(config, text),
            (Flag(set), OptionValue::Flag(flag)) => set(config, flag),
            (Each(add), OptionValue::Texts(texts)) => texts.into_iter().fold(config, add),
            (All(set), OptionValue::Texts(texts)) => set(config, texts),
            (Pair(add), OptionValue::Pairs(pairs)) => {
                pairs.into_iter().fold(config, |config, (key, value)| add(config, key, value))
            }
            (Lints, OptionValue::Pairs(pairs)) => config.lints(lints(pairs)?),
            // A value of another kind, which neither flags nor files give.
            _ => config,
        })
    }
}

impl OptionValue {
    /// Parses one text: several texts or pairs are separated by semicolons, `models.user=Hash; enums.*=Ord`.
    ///
    /// # Errors
    /// Returns what is wrong with the text.
    pub fn parse(kind: OptionKind, text: &str) -> Result<Self, String> {
        let several = || text.split(';').map(str::trim).filter(|part| !part.is_empty());
        match kind {
            Kind::Text | Kind::Path => Ok(Self::Text(text.to_owned())),
            Kind::Flag => {
                text.parse().map(Self::Flag).map_err(|_| format!("{text:?} is not a boolean; expected true or false"))
            }
            Kind::Choice(choices) if choices.contains(&text) => Ok(Self::Text(text.to_owned())),
            Kind::Choice(choices) => {
                Err(format!("{text:?} is not a valid choice; expected one of {}", choices.join(", ")))
            }
            Kind::Texts | Kind::Paths => Ok(Self::Texts(several().map(str::to_owned).collect())),
            Kind::Pairs(_, example) | Kind::Packages(example) => {
                several().map(|text| pair(text, example)).collect::<Result<_, _>>().map(Self::Pairs)
            }
        }
    }

    /// Makes paths relative to another folder.
    pub(super) fn below(self, folder: &Path, kind: OptionKind) -> Self {
        let below = |text: String| Self::path(folder, &text).display().to_string();
        match (kind, self) {
            (Kind::Path, Self::Text(text)) => Self::Text(below(text)),
            (Kind::Paths, Self::Texts(texts)) => Self::Texts(texts.into_iter().map(below).collect()),
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

fn dates(config: Config, choice: String) -> Config {
    config.dates(if choice == "chrono" { Dates::Chrono } else { Dates::Jiff })
}

fn format(config: Config, choice: String) -> Config {
    config.format(if choice == "rustfmt" { Format::Rustfmt } else { Format::Prettyplease })
}

fn included(choice: &str, feature: &str) -> Emit {
    match choice {
        "never" => Emit::Never,
        "feature" => Emit::Feature(feature.to_owned()),
        _ => Emit::Always,
    }
}

const LEVELS: [(&str, Level); 3] = [("allow", Level::Allow), ("warn", Level::Warn), ("deny", Level::Deny)];

fn lints(pairs: Vec<(String, String)>) -> Result<Settings, Error> {
    let mut settings = Settings::default();
    for (rule, level) in pairs {
        let Some((_, found)) = LEVELS.iter().find(|(name, _)| *name == level) else {
            let near = closest(&level, &LEVELS.map(|(name, _)| name)).map(|near| format!("; did you mean `{near}`?"));
            let near = near.unwrap_or_default();
            let message = format!("{level:?} is not a lint level for {rule}; expected allow, warn or deny{near}");
            return Err(Error::usage(message));
        };
        settings.set(*found, &rule).map_err(|unknown| Error::usage(unknown.to_string()))?;
    }
    Ok(settings)
}
