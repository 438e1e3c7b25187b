//! File operations, each of which can fail; tests substitute implementations that do.

use std::fs::{self, FileType, OpenOptions};
use std::io::{self, Write};
use std::path::Path;

/// An operation that changes the disk while a folder is written.
#[derive(Debug, Clone, Copy)]
pub enum Operation<'a> {
    /// Creates a folder and its parents.
    CreateFolder(&'a Path),
    /// Writes a new file; anything at its path, even a link, is an error.
    Create(&'a Path, &'a [u8]),
    /// Renames the first file to the second, replacing an existing one.
    Rename(&'a Path, &'a Path),
    /// Removes a file or a link.
    Remove(&'a Path),
    /// Removes an empty folder.
    RemoveFolder(&'a Path),
}

pub trait FileSystem {
    /// Performs an operation.
    ///
    /// # Errors
    /// Returns the error of the file system, without the path.
    fn run(&self, operation: Operation<'_>) -> io::Result<()>;
}

#[derive(Debug, Clone, Copy)]
pub struct Disk;

impl FileSystem for Disk {
    fn run(&self, operation: Operation<'_>) -> io::Result<()> {
        match operation {
            Operation::CreateFolder(folder) => fs::create_dir_all(folder),
            Operation::Create(file, bytes) => {
                OpenOptions::new().write(true).create_new(true).open(file)?.write_all(bytes)
            }
            Operation::Rename(from, to) => fs::rename(from, to),
            Operation::Remove(file) => fs::remove_file(file),
            Operation::RemoveFolder(folder) => fs::remove_dir(folder),
        }
    }
}

/// Reads a file, if it exists. Links are followed; anything other than a file or a link to one is not opened, since a
/// pipe might block and a device never end.
///
/// # Errors
/// Returns the error of the file system, or says what is there instead of a file; with the path.
pub fn read(path: &Path) -> io::Result<Option<Vec<u8>>> {
    match fs::metadata(path) {
        Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(None),
        Err(error) => return Err(at(path, &error)),
        Ok(metadata) if !metadata.is_file() => return Err(no_file(path, metadata.file_type())),
        Ok(_) => {}
    }
    fs::read(path).map(Some).map_err(|error| at(path, &error))
}

/// Adds the path to an error.
pub fn at(path: &Path, error: &io::Error) -> io::Error {
    io::Error::new(error.kind(), format!("{}: {error}", path.display()))
}

fn no_file(path: &Path, file_type: FileType) -> io::Error {
    let kind = if file_type.is_dir() { "a folder" } else { special(file_type) };
    let text = format!("{} is {kind}, not a file; move it away or choose another folder", path.display());
    io::Error::new(io::ErrorKind::AlreadyExists, text)
}

#[cfg_attr(not(unix), expect(unused_variables, reason = "other systems do not tell"))]
fn special(file_type: FileType) -> &'static str {
    #[cfg(unix)]
    {
        use std::os::unix::fs::FileTypeExt;
        if file_type.is_fifo() {
            return "a pipe";
        } else if file_type.is_socket() {
            return "a socket";
        }
    }
    "a device"
}
