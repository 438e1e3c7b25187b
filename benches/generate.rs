//! CPU seconds and memory of generating the largest real document: `APIGEN_CORPUS=… cargo bench --bench generate`.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, reason = "a failure ends the run")]

mod common;

use std::fs;
use std::process::Command;

use common::{corpus, cpu, median, peak, scratch};

#[expect(clippy::print_stdout, reason = "a benchmark prints its table")]
fn main() {
    let Some(corpus) = corpus() else {
        println!("skipped: APIGEN_CORPUS names no folder of API Builder documents");
        return;
    };
    let out = scratch("generate");
    let command = || {
        fs::remove_dir_all(&out).ok();
        let mut command = Command::new(env!("CARGO_BIN_EXE_apigen"));
        command.arg("generate").arg(corpus.join("specs/flow-api-0.7.78.service.json")).arg("--out").arg(&out);
        command.arg("--imports").arg(corpus.join("specs/imports.json"));
        command
    };
    let seconds: Vec<f64> = (0..5).map(|_| cpu(&mut command())).collect();
    println!("921 models, 515 operations: {:.2} CPU s (median of 5), at most {} MB", median(seconds), peak(command()));
}
