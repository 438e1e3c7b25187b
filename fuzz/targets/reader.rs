//! Any text as a document: it is read or refused, and every problem can be shown.
#![no_main]

#[path = "../../tests/document_fuzz/invariants.rs"]
#[allow(dead_code, reason = "shared with the tests")]
mod invariants;

use apigen_model::Imports;
use libfuzzer_sys::fuzz_target;

fuzz_target!(|text: &str| {
    if let Err(words) = invariants::judge(text, &Imports::default(), false) {
        panic!("{words}");
    }
});
