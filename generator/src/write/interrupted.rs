//! A file system for tests that stops in the middle of its work.

use std::cell::Cell;
use std::io;

use apigen_build::write::{Disk, FileSystem, Operation};

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
    fn run(&self, operation: Operation<'_>) -> io::Result<()> {
        let alive = self.lives();
        // The last write stops halfway.
        if let (Err(_), Operation::Create(file, bytes)) = (&alive, operation) {
            drop(Disk.run(Operation::Create(file, &bytes[..bytes.len() / 2])));
        }
        alive.and_then(|()| Disk.run(operation))
    }
}
