//! The audit log: one line of JSON for each use of production, written before anything is sent.

use std::fs::{File, OpenOptions};
use std::io::{self, Read, Seek, SeekFrom, Write};
use std::path::Path;
use std::time::SystemTime;

use super::refusal::Refusal;
use super::resolved::Environment;
use crate::exchange::format_instant;

/// Records who uses an environment, and why, and waits until the line is on the disk.
pub(super) fn record(command: &str, environment: &Environment, reason: &str, effects: bool) -> Result<(), Refusal> {
    let user = ["USER", "LOGNAME", "USERNAME"].into_iter().find_map(|name| std::env::var(name).ok());
    let line = serde_json::json!({
        "v": 1,
        "at": format_instant(SystemTime::now()),
        "command": command,
        "environment": environment.name,
        "kind": environment.kind.as_str(),
        "url": environment.url,
        "service": environment.service,
        "reason": reason,
        "side_effects": effects,
        "user": user,
        "process": std::process::id(),
    });
    append(&environment.audit_log, &line.to_string())
        .map_err(|error| Refusal::Audit(environment.audit_log.clone(), error))
}

fn append(path: &Path, line: &str) -> io::Result<()> {
    let mut file = OpenOptions::new().create(true).append(true).read(true).open(path)?;
    // A run that was killed may have left half a line.
    let begin = if ends_line(&mut file)? { "" } else { "\n" };
    file.write_all(format!("{begin}{line}\n").as_bytes())?;
    file.sync_data()
}

fn ends_line(file: &mut File) -> io::Result<bool> {
    if file.metadata()?.len() == 0 {
        return Ok(true);
    }
    let mut last = [0];
    file.seek(SeekFrom::End(-1))?;
    file.read_exact(&mut last)?;
    Ok(last == *b"\n")
}
