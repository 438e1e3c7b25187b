//! CPU seconds and memory of generating the largest real document: `APIGEN_CORPUS=… cargo bench --bench generate`.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, reason = "a failure ends the run")]

mod common;

use std::process::{Command, Stdio};
use std::time::Duration;
use std::{fs, thread};

use common::{corpus, cpu, median, scratch};

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

/// The greatest resident size of a run, in MB, sampled from `/proc` while it lasts.
fn peak(mut command: Command) -> u64 {
    let mut child = command.stdout(Stdio::null()).stderr(Stdio::null()).spawn().unwrap();
    let status = format!("/proc/{}/status", child.id());
    let mut kilobytes = 0;
    while child.try_wait().unwrap().is_none() {
        let text = fs::read_to_string(&status).unwrap_or_default();
        let peak = text.lines().find_map(|line| line.strip_prefix("VmHWM:"));
        kilobytes = kilobytes.max(peak.and_then(|p| p.trim().trim_end_matches(" kB").parse().ok()).unwrap_or(0));
        thread::sleep(Duration::from_millis(2));
    }
    kilobytes / 1024
}
