//! This program as another process, observed through `/proc`.

use std::fs;
use std::io::{BufRead, BufReader};
use std::net::SocketAddr;
use std::process::{Child, Command, Stdio};

pub struct Process {
    child: Child,
    pub addr: SocketAddr,
}

impl Process {
    /// Starts it with this argument; it writes its address.
    pub fn start(argument: &str) -> Process {
        let mut command = Command::new(std::env::current_exe().unwrap());
        let mut child = command.arg(argument).stdin(Stdio::piped()).stdout(Stdio::piped()).spawn().unwrap();
        let mut line = String::new();
        BufReader::new(child.stdout.take().unwrap()).read_line(&mut line).unwrap();
        Process { addr: line.trim().parse().unwrap(), child }
    }

    /// Returns the user and system seconds that it has used.
    pub fn cpu(&self) -> f64 {
        let stat = self.file("stat");
        let fields: Vec<&str> = stat.rsplit(')').next().unwrap().split_whitespace().collect();
        let ticks = |index: usize| fields[index].parse::<f64>().unwrap();
        (ticks(11) + ticks(12)) / 100.0
    }

    /// Returns the resident megabytes.
    pub fn memory(&self) -> f64 {
        self.megabytes("VmRSS:")
    }

    /// Returns the maximum of resident megabytes.
    pub fn peak(&self) -> f64 {
        self.megabytes("VmHWM:")
    }

    fn megabytes(&self, key: &str) -> f64 {
        let status = self.file("status");
        let line = status.lines().find_map(|line| line.strip_prefix(key)).unwrap();
        line.trim().trim_end_matches(" kB").parse::<f64>().unwrap() / 1024.0
    }

    fn file(&self, name: &str) -> String {
        fs::read_to_string(format!("/proc/{}/{name}", self.child.id())).unwrap()
    }
}

impl Drop for Process {
    fn drop(&mut self) {
        self.child.stdin.take();
        self.child.wait().unwrap();
    }
}
