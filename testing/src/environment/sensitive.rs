//! Keeps secrets that somebody wrote into `apigen.toml` out of the excerpts of diagnostics.

use std::ops::Range;

/// Parts of names of keys that hold secrets in other files.
const SECRET_WORDS: [&str; 11] =
    ["bearer", "basic", "token", "pass", "secret", "key", "auth", "credential", "header", "cookie", "user"];

/// Returns true if a key with this name may hold a secret.
pub(super) fn is_suspicious(key: &str) -> bool {
    let key = key.to_ascii_lowercase();
    SECRET_WORDS.iter().any(|word| key.contains(word))
}

/// Returns what follows the keys that may hold secrets, in a text that is not TOML.
pub(super) fn suspicious(text: &str) -> Vec<Range<usize>> {
    let mut at = 0;
    let mut found = Vec::new();
    for line in text.split_inclusive('\n') {
        if let Some((key, _)) = line.split_once('=').filter(|(key, _)| is_suspicious(key)) {
            found.push(at + key.len() + 1..at + line.len());
        }
        at += line.len();
    }
    found
}

/// Returns the text with these parts replaced by asterisks, and every other byte at its place.
pub(super) fn masked(text: &str, parts: Vec<Range<usize>>) -> String {
    let mut bytes = text.as_bytes().to_vec();
    for part in parts {
        let hidden = bytes.get_mut(part).into_iter().flatten();
        hidden.filter(|byte| !b"\n\r\"' ".contains(byte)).for_each(|byte| *byte = b'*');
    }
    String::from_utf8_lossy(&bytes).into_owned()
}
