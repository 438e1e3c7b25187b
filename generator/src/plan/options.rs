//! What users decide about the shape of the output.

use apigen_model::behaviour::SensitiveAnnotations;

use super::type_override::TypeOverride;
use super::{Rename, Selection};

/// Options of the `rust` stage and of emission.
#[derive(Debug, Clone)]
pub struct Options {
    /// Name of the module or crate; by default the snake case of the spec's name.
    pub name: Option<String>,
    /// Whether mocks are generated, and behind which feature.
    pub mocks: Emit,
    /// Whether what servers and validators of messages need is generated, and behind which feature.
    pub server: Emit,
    /// Which operations are generated.
    pub selection: Selection,
    /// What methods are called that shall not be called as the rule says.
    pub renames: Vec<Rename>,
    /// Names of annotations that mark fields whose values must not be logged.
    pub sensitive: SensitiveAnnotations,
    /// Which crate's types stand for dates and date-times.
    pub dates: Dates,
    /// What is decided about single types.
    pub types: Vec<TypeOverride>,
    /// What formats the output.
    pub format: Format,
    /// A whole crate is written: a library of its own, which nothing can be unused in.
    pub krate: bool,
}

impl Default for Options {
    fn default() -> Self {
        Self {
            name: None,
            mocks: Emit::Always,
            server: Emit::Never,
            selection: Selection::default(),
            renames: Vec::new(),
            sensitive: SensitiveAnnotations::default(),
            dates: Dates::default(),
            types: Vec::new(),
            format: Format::default(),
            krate: false,
        }
    }
}

/// Which crate's types stand for dates and date-times. Both read and write the same texts.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub enum Dates {
    /// `jiff::civil::Date` and `jiff::Timestamp`: the feature `jiff` of the runtime, which is on by default.
    #[default]
    Jiff,
    /// `chrono::NaiveDate` and `chrono::DateTime<Utc>`: the feature `chrono` of the runtime.
    Chrono,
}

impl Dates {
    /// The runtime's names of the types for dates and for date-times.
    pub fn types(self) -> [&'static str; 2] {
        match self {
            Self::Jiff => ["Date", "Timestamp"],
            Self::Chrono => ["NaiveDate", "UtcDateTime"],
        }
    }

    /// The runtime's functions that make them of literals.
    pub fn literals(self) -> [&'static str; 2] {
        match self {
            Self::Jiff => ["date", "date_time"],
            Self::Chrono => ["naive_date", "utc_date_time"],
        }
    }
}

/// What formats generated code.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub enum Format {
    /// The crate prettyplease: fast, and the same bytes on every machine.
    #[default]
    Prettyplease,
    /// The rustfmt of whoever generates, with the `rustfmt.toml` that holds for the output folder.
    Rustfmt,
}

/// Whether a part of the code is generated.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Emit {
    /// Always compiled.
    Always,
    /// Not generated.
    Never,
    /// Behind this cargo feature of the crate that holds the generated code.
    Feature(String),
}

impl Emit {
    /// Whether there is anything to generate.
    pub fn wanted(&self) -> bool {
        *self != Self::Never
    }
}
