//! Who listens on a port that is taken.

use std::collections::HashSet;
use std::fs;

/// Returns which process listens on a port: its name and number. Known on Linux only, and only for processes that the
/// user may look at.
pub fn holder(port: u16) -> Option<String> {
    let sockets: HashSet<String> =
        ["/proc/net/tcp", "/proc/net/tcp6"].iter().flat_map(|file| listening(file, port)).collect();
    if sockets.is_empty() {
        return None;
    }
    let processes = fs::read_dir("/proc").ok()?.flatten();
    let holder = processes.filter_map(|entry| entry.file_name().into_string().ok()).find(|id| {
        let files = fs::read_dir(format!("/proc/{id}/fd")).into_iter().flatten().flatten();
        let mut targets = files.filter_map(|file| fs::read_link(file.path()).ok());
        targets.any(|target| sockets.contains(&*target.to_string_lossy()))
    })?;
    let name = fs::read_to_string(format!("/proc/{holder}/comm")).unwrap_or_default();
    Some(format!("process {holder} ({}) listens on it", name.trim()))
}

/// Returns the sockets that listen on a port, as links of open files name them.
fn listening(file: &str, port: u16) -> Vec<String> {
    /// The state of a listening socket in the tables of Linux.
    const LISTEN: &str = "0A";
    let text = fs::read_to_string(file).unwrap_or_default();
    let rows = text.lines().skip(1).filter_map(|line| {
        let columns: Vec<&str> = line.split_whitespace().collect();
        let (_, own) = columns.get(1)?.rsplit_once(':')?;
        let is_own = u16::from_str_radix(own, 16) == Ok(port) && columns.get(3) == Some(&LISTEN);
        is_own.then(|| columns.get(9).map(|inode| format!("socket:[{inode}]")))?
    });
    rows.collect()
}

/// Returns the command that shows which process listens on a port.
pub fn how_to_find(port: u16) -> String {
    match () {
        () if cfg!(windows) => format!("`netstat -ano | findstr :{port}` shows which process listens on it"),
        () if cfg!(target_os = "linux") => format!("`ss -ltnp 'sport = :{port}'` shows which process listens on it"),
        () => format!("`lsof -nP -iTCP:{port} -sTCP:LISTEN` shows which process listens on it"),
    }
}
