//! Measurements: CPU seconds of child processes, alternating between candidates.
#![allow(dead_code, reason = "each benchmark uses its own part")]

use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::time::Duration;
use std::{fs, thread};

/// Returns the folder of API Builder documents, if `APIGEN_CORPUS` is set.
pub fn corpus() -> Option<PathBuf> {
    std::env::var_os("APIGEN_CORPUS").map(PathBuf::from)
}

/// Returns the root of this repository.
pub fn root() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR"))
}

/// Returns a folder of this name below `target`.
pub fn scratch(name: &str) -> PathBuf {
    let folder = root().join("target/bench").join(name);
    fs::create_dir_all(&folder).unwrap();
    folder
}

/// Returns the user and system seconds that all finished children of this process have used, from `/proc`; zero without it.
pub fn children_cpu() -> f64 {
    let Ok(stat) = fs::read_to_string("/proc/self/stat") else { return 0.0 };
    // Fields after the parenthesised name: cutime and cstime are the 14th and 15th of them.
    let fields: Vec<&str> = stat.rsplit(')').next().unwrap_or_default().split_whitespace().collect();
    let ticks = |index: usize| fields.get(index).and_then(|f| f.parse::<f64>().ok()).unwrap_or_default();
    (ticks(13) + ticks(14)) / 100.0
}

/// Returns the CPU seconds of one command; panics if it fails.
pub fn cpu(command: &mut Command) -> f64 {
    let before = children_cpu();
    let output = command.output().unwrap();
    assert!(output.status.success(), "{command:?}:\n{}", String::from_utf8_lossy(&output.stderr));
    children_cpu() - before
}

/// Returns the median.
pub fn median(mut values: Vec<f64>) -> f64 {
    values.sort_by(f64::total_cmp);
    values[values.len() / 2]
}

/// Returns the lower quartile, the median and the upper quartile.
pub fn quartiles(mut values: Vec<f64>) -> [f64; 3] {
    values.sort_by(f64::total_cmp);
    [1, 2, 3].map(|quarter| values[(values.len() - 1) * quarter / 4])
}

/// Returns the maximum resident size of a run, in MB, sampled from `/proc` while it runs.
pub fn peak(mut command: Command) -> u64 {
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
