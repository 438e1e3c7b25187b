//! Files for tests that end in the middle of their work.

use std::cell::Cell;
use std::io;
use std::path::Path;

use apigen_build::write::{Disk, FileSystem};

/// A file system that stops doing anything after so many operations: as a killed run does, or a full disk.
pub struct InterruptedDisk {
    left: Cell<usize>,
}

impl InterruptedDisk {
    pub fn after(operations: usize) -> Self {
        InterruptedDisk { left: Cell::new(operations) }
    }

    /// Whether the operation is still done.
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
        // The last write is done by half.
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
