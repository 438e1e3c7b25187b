//! Text of documents: files, and JSON whose every part knows its place.

pub mod json;
pub(crate) mod number;

use std::fs::File;
use std::io::{self, Read};
use std::path::Path;

/// The most bytes of a document.
const LARGEST_DOCUMENT: u64 = 64 << 20;

/// The bytes of a document, which is a file or whatever else can be read to its end.
///
/// # Errors
/// What the file system says, or the document is too large.
pub fn read_document(path: &Path) -> io::Result<Vec<u8>> {
    let mut bytes = Vec::new();
    File::open(path)?.take(LARGEST_DOCUMENT + 1).read_to_end(&mut bytes)?;
    if bytes.len() as u64 > LARGEST_DOCUMENT {
        let text = format!("the document has more than {} MiB", LARGEST_DOCUMENT >> 20);
        return Err(io::Error::new(io::ErrorKind::FileTooLarge, text));
    }
    Ok(bytes)
}

/// The same as text.
///
/// # Errors
/// As [`read_document`], or the bytes are not UTF-8.
pub fn read_text(path: &Path) -> io::Result<String> {
    let invalid = |_| io::Error::new(io::ErrorKind::InvalidData, "not UTF-8 text");
    String::from_utf8(read_document(path)?).map_err(invalid)
}
