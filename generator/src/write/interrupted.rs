//! A file system for tests that stops in the middle of its work.

use std::cell::Cell;
use std::io;
use std::path::Path;

use apigen_build::write::{Disk, FileSystem};

/// A file system that fails after a number of operations, like a killed run or a full disk.
pub struct InterruptedDisk {
    left: Cell<usize>,
}

impl InterruptedDisk {
    pub fn after(operations: usize) -> Self {
        InterruptedDisk { left: Cell::new(operations) }
    }

    /// Counts an operation, and fails if none is left.
    fn lives(&self) -> io::Result<()> {
        let left = self.left.get().checked_sub(1).ok_or_else(|| io::Error::other("killed"))?;
        self.left.set(left);
        Ok(())
    }
}

impl FileSystem for InterruptedDisk {
    fn create_folder(&self, folder: &Path) -> io::Result<()> {
        self.lives().and_then(|()| Disk.create_folder(folder))
    }

    fn create(&self, file: &Path, bytes: &[u8]) -> io::Result<()> {
        if self.lives().is_ok() {
            return Disk.create(file, bytes);
        }
        // The last write stops halfway.
        if self.left.replace(usize::MAX) == 0 {
            drop(Disk.create(file, &bytes[..bytes.len() / 2]));
        }
        self.left.set(0);
        Err(io::Error::other("killed"))
    }

    fn rename(&self, from: &Path, to: &Path) -> io::Result<()> {
        self.lives().and_then(|()| Disk.rename(from, to))
    }

    fn remove(&self, file: &Path) -> io::Result<()> {
        self.lives().and_then(|()| Disk.remove(file))
    }

    fn remove_folder(&self, folder: &Path) -> io::Result<()> {
        self.lives().and_then(|()| Disk.remove_folder(folder))
    }
}
