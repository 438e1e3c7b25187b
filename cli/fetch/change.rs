//! The changes of an update.

use std::fmt;

/// The change of one URI.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Change {
    /// The URI as written in imports.
    pub uri: String,
    /// The kind of change.
    pub kind: Kind,
}

/// Kinds of changes.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub enum Kind {
    /// New, or the file was missing.
    Fetched {
        /// The version that the URI was resolved to.
        version: String,
    },
    /// Unchanged.
    Kept {
        /// The locked version.
        version: String,
    },
    /// The URI resolves to another document than before.
    Updated {
        /// The previously locked version.
        from: String,
        /// The version that is locked now.
        to: String,
    },
    /// No longer imported.
    Removed {
        /// Whether the file was removed, too; an edited file is left in place.
        file: bool,
    },
}

/// All changes, by URI. `Display` prints a line for each, and a summary.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Changes {
    /// The changes, sorted by URI.
    pub changes: Vec<Change>,
}

impl fmt::Display for Change {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let uri = &self.uri;
        match &self.kind {
            Kind::Fetched { version } => write!(f, "fetched {uri} ({version})"),
            Kind::Kept { version } => write!(f, "kept {uri} ({version})"),
            Kind::Updated { from, to } => write!(f, "updated {uri} {from} → {to}"),
            Kind::Removed { file: true } => write!(f, "removed {uri}"),
            Kind::Removed { file: false } => write!(f, "removed {uri} (its file was edited, and is kept)"),
        }
    }
}

impl fmt::Display for Changes {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for change in &self.changes {
            writeln!(f, "{change}")?;
        }
        let count = |wanted: fn(&Kind) -> bool| self.changes.iter().filter(|change| wanted(&change.kind)).count();
        write!(
            f,
            "{} fetched, {} kept, {} updated, {} removed",
            count(|kind| matches!(kind, Kind::Fetched { .. })),
            count(|kind| matches!(kind, Kind::Kept { .. })),
            count(|kind| matches!(kind, Kind::Updated { .. })),
            count(|kind| matches!(kind, Kind::Removed { .. })),
        )
    }
}
