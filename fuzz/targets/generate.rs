//! The whole generation: bytes that are no text of a document make one.
#![no_main]

#[path = "../../tests/document_fuzz/arbitrary.rs"]
mod arbitrary;
#[path = "../../tests/document_fuzz/invariants.rs"]
#[allow(dead_code, reason = "shared with the tests")]
mod invariants;

use apigen_model::Imports;
use libfuzzer_sys::fuzz_target;

fuzz_target!(|bytes: &[u8]| {
    let text = match std::str::from_utf8(bytes) {
        Ok(text) if text.starts_with('{') => text.to_owned(),
        _ => arbitrary::document(bytes),
    };
    if let Err(words) = invariants::judge(&text, &Imports::default(), true) {
        panic!("{words}\n{text}");
    }
});
