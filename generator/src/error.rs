//! The error type of the library.

use std::path::PathBuf;
use std::{fmt, io};

use apigen_model::Report;

/// The reason why nothing was generated. `Debug` prints the same text as `Display`, since build scripts show `Debug`.
pub struct Error {
    kind: Kind,
}

enum Kind {
    Spec(Report),
    Usage(String),
    Io(io::Error),
    Edited(Vec<Difference>),
    TooLarge(String),
    Internal(String),
}

/// A file that a run would change.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Difference {
    /// Relative to the output folder.
    pub path: PathBuf,
    /// The current contents; `None` if there is no file.
    pub old: Option<String>,
    /// The new contents; `None` if the file would be removed.
    pub new: Option<String>,
}

impl Error {
    /// Creates an error for a request that cannot be fulfilled; the text is a sentence.
    pub fn usage(text: impl Into<String>) -> Self {
        Self { kind: Kind::Usage(text.into()) }
    }

    /// Creates an error of the file system.
    pub fn io(error: io::Error) -> Self {
        Self { kind: Kind::Io(error) }
    }

    /// Creates an error for a bug in apigen; the text is a sentence.
    pub fn internal(text: impl Into<String>) -> Self {
        Self { kind: Kind::Internal(text.into()) }
    }

    /// Creates an error for code that takes more memory to generate than the limit; both are in bytes.
    pub(crate) fn too_large(memory: usize, limit: usize) -> Self {
        let mebi = |bytes: usize| bytes.div_ceil(1 << 20);
        let (memory, limit) = (mebi(memory), mebi(limit));
        let text = format!("generating code takes about {memory} MiB of memory, more than {limit} MiB");
        Self { kind: Kind::TooLarge(text) }
    }

    /// Creates an error for files that were edited since they were generated.
    pub(crate) fn of_edited(files: Vec<Difference>) -> Self {
        Self { kind: Kind::Edited(files) }
    }

    /// Returns true if generating the code takes more memory than allowed.
    #[doc(hidden)]
    pub fn is_too_large(&self) -> bool {
        matches!(self.kind, Kind::TooLarge(_))
    }

    /// Returns the files that were edited since they were generated, if that is the reason.
    pub fn edited(&self) -> &[Difference] {
        match &self.kind {
            Kind::Edited(files) => files,
            _ => &[],
        }
    }

    /// Returns the problems of the specs, if they are the reason.
    pub fn report(&self) -> Option<&Report> {
        match &self.kind {
            Kind::Spec(report) => Some(report),
            _ => None,
        }
    }

    /// Combines the errors of several outputs; all problems of specs and options are reported at once.
    pub fn all(errors: impl IntoIterator<Item = Error>) -> Option<Self> {
        let (mut report, mut other) = (Report::default(), None);
        for error in errors {
            match error.kind {
                Kind::Spec(own) => report.append(own),
                _ => other = other.or(Some(error)),
            }
        }
        if report.has_errors() { Some(report.into()) } else { other }
    }

    /// Returns the text without the leading `error: `.
    pub fn sentence(&self) -> String {
        let text = self.to_string();
        text.strip_prefix("error: ").map(str::to_owned).unwrap_or(text)
    }

    /// Formats the text for a terminal, with optional colours.
    pub fn render(&self, color: bool) -> String {
        match &self.kind {
            Kind::Spec(report) => report.render(color),
            Kind::Usage(text) | Kind::TooLarge(text) => format!("error: {text}"),
            Kind::Io(error) => format!("error: {error}"),
            Kind::Edited(files) => {
                let paths: Vec<String> = files.iter().map(|file| file.path.display().to_string()).collect();
                format!("error: edited since it was generated: {}; nothing was written", paths.join(", "))
            }
            Kind::Internal(text) => format!("internal error: {text}; please report this bug, nothing was written"),
        }
    }
}

impl From<io::Error> for Error {
    fn from(error: io::Error) -> Self {
        Self::io(error)
    }
}

impl From<Report> for Error {
    fn from(report: Report) -> Self {
        Self { kind: Kind::Spec(report) }
    }
}

impl fmt::Display for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.render(false))
    }
}

impl fmt::Debug for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "\n{self}")
    }
}

impl std::error::Error for Error {
    fn source(&self) -> Option<&(dyn std::error::Error + 'static)> {
        match &self.kind {
            Kind::Io(error) => Some(error),
            _ => None,
        }
    }
}
