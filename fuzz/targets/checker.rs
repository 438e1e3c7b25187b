//! Documents made of bytes: what is accepted can be published, and published again.
#![no_main]

#[path = "../../tests/document_fuzz/arbitrary.rs"]
mod arbitrary;
#[path = "../../tests/document_fuzz/invariants.rs"]
#[allow(dead_code, reason = "shared with the tests")]
mod invariants;

use apigen_model::Imports;
use libfuzzer_sys::fuzz_target;

fuzz_target!(|bytes: &[u8]| {
    let text = arbitrary::document(bytes);
    if let Err(words) = invariants::judge(&text, &Imports::default(), false) {
        panic!("{words}\n{text}");
    }
});
