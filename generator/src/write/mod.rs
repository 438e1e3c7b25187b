//! Writes generated files: only changed ones, only our own, completely or not at all.

mod difference;
mod file_list;
mod file_system;
mod folder;
mod folder_lock;
mod generated_files;
#[cfg(test)]
pub mod interrupted;
mod rustfmt;
mod transaction;

pub use difference::differences;
pub use file_list::MARK;
pub use file_list::{LIST, entries as list_entries, hash};
pub use file_system::read;
pub use file_system::{Disk, FileSystem, Operation};
pub use folder::{Written, write};
pub use folder_lock::FolderLock;
pub use generated_files::GeneratedFiles;
pub use rustfmt::{RUSTFMT, Rustfmt, config as rustfmt_config};
pub use transaction::{Change, Transaction, is_interrupted};
