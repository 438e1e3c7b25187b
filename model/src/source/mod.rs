//! Text of documents: files, and JSON in which every part has its position.

pub mod json;
pub(crate) mod number;

use std::fs::File;
use std::io::{self, Read};
use std::path::Path;

/// The maximum size of a document, in bytes.
const LARGEST_DOCUMENT: u64 = 64 << 20;

/// Reads the bytes of a document from a file, or from anything else that can be read to its end.
///
/// # Errors
/// Returns the error of the file system, or an error if the document is too large.
pub fn read_document(path: &Path) -> io::Result<Vec<u8>> {
    let mut bytes = Vec::new();
    File::open(path)?.take(LARGEST_DOCUMENT + 1).read_to_end(&mut bytes)?;
    if bytes.len() as u64 > LARGEST_DOCUMENT {
        let text = format!("the document has more than {} MiB", LARGEST_DOCUMENT >> 20);
        return Err(io::Error::new(io::ErrorKind::FileTooLarge, text));
    }
    Ok(bytes)
}

/// Reads a document as text.
///
/// # Errors
/// As [`read_document`], and if the bytes are not UTF-8.
pub fn read_text(path: &Path) -> io::Result<String> {
    let invalid = |_| io::Error::new(io::ErrorKind::InvalidData, "not UTF-8 text");
    String::from_utf8(read_document(path)?).map_err(invalid)
}
