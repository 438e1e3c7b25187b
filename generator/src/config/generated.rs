//! What a run made.

use std::path::{Path, PathBuf};

use crate::Error;
use crate::option_use::OptionUse;
use crate::write::{self, Difference, GeneratedFiles, Written};

/// What a run made: files in memory, and what is worth knowing about them.
#[derive(Debug)]
pub struct Generated {
    /// The files, relative to the output folder.
    pub files: GeneratedFiles,
    /// Name of the module or crate.
    pub name: String,
    /// How many types there are in it.
    pub types: usize,
    /// How many operations.
    pub operations: usize,
    /// Rendered warnings about the specs; empty if there are none.
    pub warnings: String,
    /// What could not be named or done as one would expect.
    pub notes: Vec<String>,
    /// Every file and folder that was read.
    pub inputs: Vec<PathBuf>,
    pub(crate) option_use: OptionUse,
}

impl Generated {
    /// Writes the files to a folder; those that somebody has edited since they were generated with `force` only.
    ///
    /// # Errors
    /// What the file system refused, files that are not ours, or that somebody has edited. Then nothing is written.
    pub fn write(&self, out: &Path, force: bool) -> Result<Written, Error> {
        Ok(write::write(out, &self.files, force)?)
    }

    /// Every file of a folder that [`write`](Self::write) would write or remove.
    ///
    /// # Errors
    /// What the file system refused.
    pub fn differences(&self, out: &Path) -> Result<Vec<Difference>, Error> {
        write::differences(out, &self.files).map_err(Error::io)
    }
}
