//! The user's options for the output.

use apigen_model::behaviour::SensitiveAnnotations;

use super::type_override::TypeOverride;
use super::{Rename, Selection};

/// Options of planning and emission.
#[derive(Debug, Clone)]
pub struct Options {
    /// The name of the module or crate; by default the snake case of the spec's name.
    pub name: Option<String>,
    pub mocks: Emit,
    pub server: Emit,
    pub selection: Selection,
    pub renames: Vec<Rename>,
    pub sensitive: SensitiveAnnotations,
    pub dates: Dates,
    pub types: Vec<TypeOverride>,
    pub format: Format,
    /// Whether to write a whole crate: a library in which nothing can be unused.
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

/// The crate that provides dates and date-times. Both read and write the same texts.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub enum Dates {
    /// `jiff::civil::Date` and `jiff::Timestamp`: the feature `jiff` of the runtime, which is on by default.
    #[default]
    Jiff,
    /// `chrono::NaiveDate` and `chrono::DateTime<Utc>`: the feature `chrono` of the runtime.
    Chrono,
}

impl Dates {
    /// Returns the runtime's names of the types for dates and for date-times.
    pub fn types(self) -> [&'static str; 2] {
        match self {
            Self::Jiff => ["Date", "Timestamp"],
            Self::Chrono => ["NaiveDate", "UtcDateTime"],
        }
    }

    /// Returns the runtime's functions that create them from literals.
    pub fn literals(self) -> [&'static str; 2] {
        match self {
            Self::Jiff => ["date", "date_time"],
            Self::Chrono => ["naive_date", "utc_date_time"],
        }
    }
}

/// The formatter of generated code.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub enum Format {
    /// The crate prettyplease: fast, with the same output on every machine.
    #[default]
    Prettyplease,
    /// The user's rustfmt, with the `rustfmt.toml` that applies to the output folder.
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
    /// Returns true if anything is generated.
    pub fn wanted(&self) -> bool {
        *self != Self::Never
    }
}
