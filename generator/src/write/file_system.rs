//! File operations, each of which can fail; tests substitute implementations that do.

use std::fs::{self, FileType, Metadata, OpenOptions};
use std::io::{self, Write};
use std::path::Path;

/// All operations that change the disk while a folder is written.
pub trait FileSystem {
    /// Creates a folder and its parents.
    fn create_folder(&self, folder: &Path) -> io::Result<()>;

    /// Writes a new file; anything at its path, even a link, is an error.
    fn create(&self, file: &Path, bytes: &[u8]) -> io::Result<()>;

    /// Renames a file, replacing an existing one.
    fn rename(&self, from: &Path, to: &Path) -> io::Result<()>;

    /// Removes a file or a link.
    fn remove(&self, file: &Path) -> io::Result<()>;

    /// Removes an empty folder.
    fn remove_folder(&self, folder: &Path) -> io::Result<()>;
}

/// The real file system.
#[derive(Debug, Clone, Copy)]
pub struct Disk;

impl FileSystem for Disk {
    fn create_folder(&self, folder: &Path) -> io::Result<()> {
        fs::create_dir_all(folder)
    }

    fn create(&self, file: &Path, bytes: &[u8]) -> io::Result<()> {
        OpenOptions::new().write(true).create_new(true).open(file)?.write_all(bytes)
    }

    fn rename(&self, from: &Path, to: &Path) -> io::Result<()> {
        fs::rename(from, to)
    }

    fn remove(&self, file: &Path) -> io::Result<()> {
        fs::remove_file(file)
    }

    fn remove_folder(&self, folder: &Path) -> io::Result<()> {
        fs::remove_dir(folder)
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
        Ok(metadata) if !metadata.is_file() => return Err(no_file(path, &metadata)),
        Ok(_) => {}
    }
    fs::read(path).map(Some).map_err(|error| at(path, &error))
}

/// Adds the path to an error.
pub fn at(path: &Path, error: &io::Error) -> io::Error {
    io::Error::new(error.kind(), format!("{}: {error}", path.display()))
}

fn no_file(path: &Path, metadata: &Metadata) -> io::Error {
    let text = format!("{} is {}, not a file; move it away or choose another folder", path.display(), kind(metadata));
    io::Error::new(io::ErrorKind::AlreadyExists, text)
}

fn kind(metadata: &Metadata) -> &'static str {
    if metadata.is_dir() { "a folder" } else { special(metadata.file_type()) }
}

#[cfg(unix)]
fn special(file_type: FileType) -> &'static str {
    use std::os::unix::fs::FileTypeExt;
    if file_type.is_fifo() {
        "a pipe"
    } else if file_type.is_socket() {
        "a socket"
    } else {
        "a device"
    }
}

#[cfg(not(unix))]
fn special(_: FileType) -> &'static str {
    "a device"
}
