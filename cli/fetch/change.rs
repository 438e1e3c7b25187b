//! What an update did.

use std::fmt;

/// What happened to one URI.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Change {
    /// As imports write it.
    pub uri: String,
    /// What.
    pub kind: Kind,
}

/// Kinds of changes.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub enum Kind {
    /// New, or its file was missing.
    Fetched {
        /// The version that the URI means.
        version: String,
    },
    /// As it was locked.
    Kept {
        /// The version that is locked.
        version: String,
    },
    /// The URI means another document than before.
    Updated {
        /// The version that was locked.
        from: String,
        /// The version that is locked now.
        to: String,
    },
    /// Nothing imports it any longer.
    Removed {
        /// Whether its file is gone too; a file that somebody changed stays.
        file: bool,
    },
}

/// All changes, by URI. `Display` gives a line for each, and a summary.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Changes {
    /// By URI.
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
