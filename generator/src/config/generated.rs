//! The result of a run.

use std::path::{Path, PathBuf};

use crate::Error;
use crate::error::Difference;
use crate::option_use::OptionUse;
use crate::write::{self, GeneratedFiles, Written};

/// The result of a run: files in memory, with statistics and warnings.
#[derive(Debug)]
pub struct Generated {
    /// The files, relative to the output folder.
    pub files: GeneratedFiles,
    /// The name of the module or crate.
    pub name: String,
    /// The number of types.
    pub types: usize,
    /// The number of operations.
    pub operations: usize,
    /// Rendered warnings about the specs; empty if there are none.
    pub warnings: String,
    /// Notes on unexpected names and other surprises.
    pub notes: Vec<String>,
    /// All files and folders that were read.
    pub inputs: Vec<PathBuf>,
    pub(crate) option_use: OptionUse,
}

impl Generated {
    /// Writes the files to a folder. Without `force`, files that were edited since they were generated are an error.
    ///
    /// # Errors
    /// Returns an error of the file system, or the files that are not generated or were edited. Nothing is written then.
    pub fn write(&self, out: &Path, force: bool) -> Result<Written, Error> {
        write::write(out, &self.files, force)
    }

    /// Returns every file of a folder that [`write`](Self::write) would write or remove.
    ///
    /// # Errors
    /// Returns an error of the file system.
    pub fn differences(&self, out: &Path) -> Result<Vec<Difference>, Error> {
        write::differences(out, &self.files).map_err(Error::io)
    }
}
