//! The command itself: where it listens, how it ends, and what it occupies.

use std::fs;
use std::io::{BufRead as _, BufReader, Read as _, Write as _};
use std::net::{SocketAddr, TcpListener, TcpStream};
use std::process::{Child, Command, ExitStatus, Stdio};
use std::thread::JoinHandle;
use std::time::{Duration, Instant};

use super::client::{Client, PATIENCE, connect, read_reply, request};
use super::kept::spec;
use crate::common::{root, scratch};

struct Process {
    child: Child,
    addr: SocketAddr,
    /// Reads stderr, since a full pipe would stop the process.
    stderr: Option<JoinHandle<String>>,
}

fn command() -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_apigen"));
    command.arg("mock").current_dir(scratch("mock-server-process")).env_remove("APIGEN_CONTROL_KEY");
    command
}

impl Process {
    fn of(mut child: Child, addr: SocketAddr) -> Process {
        let mut pipe = child.stderr.take().unwrap();
        let read = move || {
            let mut text = String::new();
            pipe.read_to_string(&mut text).unwrap();
            text
        };
        Process { child, addr, stderr: Some(std::thread::spawn(read)) }
    }

    fn start(arguments: &[&str]) -> Process {
        let location = root().join("specs/location.json");
        let mut command = command();
        if !arguments.iter().any(|argument| argument.ends_with(".json")) {
            command.arg(location);
        }
        command.args(["--port", "0", "--print-url"]).args(arguments);
        let mut child = command.stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap();
        let mut line = String::new();
        BufReader::new(child.stdout.take().unwrap()).read_line(&mut line).unwrap();
        let addr = line.trim_end().strip_prefix("http://").unwrap_or_else(|| panic!("{line:?}")).parse().unwrap();
        Process::of(child, addr)
    }

    #[cfg(unix)]
    fn signal(&self, name: &str) {
        assert!(Command::new("kill").args([name, &self.child.id().to_string()]).status().unwrap().success());
    }

    /// Waits for the end; returns how it ended, how long it took, and what was written to stderr.
    fn end(&mut self) -> (ExitStatus, Duration, String) {
        let begun = Instant::now();
        while self.child.try_wait().unwrap().is_none() {
            assert!(begun.elapsed() < PATIENCE, "it does not end");
            std::thread::sleep(Duration::from_millis(10));
        }
        let text = self.stderr.take().unwrap().join().unwrap();
        (self.child.wait().unwrap(), begun.elapsed(), text)
    }

    /// Returns the memory of the process in bytes.
    #[cfg(target_os = "linux")]
    fn memory(&self) -> usize {
        let status = fs::read_to_string(format!("/proc/{}/status", self.child.id())).unwrap();
        let line = status.lines().find_map(|line| line.strip_prefix("VmRSS:")).unwrap();
        line.trim().trim_end_matches(" kB").parse::<usize>().unwrap() << 10
    }
}

impl Drop for Process {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

/// Sends a request that gets no response.
fn hang(addr: SocketAddr) -> TcpStream {
    let mut stream = connect(addr);
    stream.write_all(request(addr, "GET", "/users", &[], "").as_bytes()).unwrap();
    // The next request is answered, so this one has most likely arrived, too.
    assert_eq!(Client::new(addr).get("/timezones").status, 200);
    std::thread::sleep(Duration::from_millis(300));
    stream
}

#[cfg(unix)]
#[test]
fn signals_end_it_with_a_summary() {
    for signal in ["-INT", "-TERM"] {
        let mut process = Process::start(&[]);
        assert_eq!(Client::new(process.addr).get("/users").status, 200);
        process.signal(signal);
        let (status, time, text) = process.end();
        assert!(status.success() && time < Duration::from_secs(2), "{status} {time:?}");
        assert!(text.contains("GET    /users 200") && text.contains("answered 1 request: 1 by state"), "{text}");
    }
}

#[cfg(unix)]
#[test]
fn requests_that_hang_delay_the_end_by_five_seconds_at_most() {
    let mut process = Process::start(&["--fault", "hang 100% users.get"]);
    let _hanging = hang(process.addr);
    process.signal("-TERM");
    let (status, time, text) = process.end();
    assert!(status.success() && time < Duration::from_secs(6), "{status} {time:?}");
    assert!(text.contains("answered 1 request: 1 by samples"), "{text}");
}

#[cfg(unix)]
#[test]
fn a_second_signal_ends_it_at_once() {
    let mut process = Process::start(&["--fault", "hang 100% users.get"]);
    let _hanging = hang(process.addr);
    process.signal("-INT");
    std::thread::sleep(Duration::from_millis(300));
    assert!(process.child.try_wait().unwrap().is_none(), "it waits for the request");
    process.signal("-INT");
    let (_, time, text) = process.end();
    assert!(time < Duration::from_secs(1) && text.contains("answered 1 request"), "{time:?} {text}");
}

/// A request in progress is answered, and is in the summary.
#[cfg(unix)]
#[test]
fn requests_in_progress_are_answered() {
    let mut process = Process::start(&["--latency", "500ms"]);
    let addr = process.addr;
    let asked = std::thread::spawn(move || Client::new(addr).get("/users").status);
    std::thread::sleep(Duration::from_millis(200));
    process.signal("-INT");
    assert_eq!(asked.join().unwrap(), 200);
    let (status, _, text) = process.end();
    assert!(status.success() && text.contains("answered 1 request: 1 by state"), "{text}");
}

#[test]
fn a_taken_port_is_an_error_that_says_so() {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let port = listener.local_addr().unwrap().port().to_string();
    let output = command().arg(root().join("specs/location.json")).args(["--port", &port]).output().unwrap();
    let text = String::from_utf8_lossy(&output.stderr);
    assert_eq!(output.status.code(), Some(2), "{text}");
    assert!(text.contains(&format!("port {port} is taken")) && text.contains("--port 0"), "{text}");
}

#[test]
fn wrong_arguments_are_errors() {
    let location = root().join("specs/location.json");
    for (arguments, part) in [
        (&["--examples", "nowhere"][..], "nowhere"),
        (&["--rules", "nowhere.toml"], "nowhere.toml"),
        (&["--fault", "503 5% nobody"], "nobody"),
        (&["--fault", "503"], "how often"),
        (&["--latency", "20"], "is not a delay"),
        (&["--log", "no/such/folder/log"], "no/such/folder/log"),
    ] {
        let mut command = command();
        command.arg(&location).args(["--port", "0"]).args(arguments);
        let child = command.stdout(Stdio::null()).stderr(Stdio::piped()).spawn().unwrap();
        // One that serves never ends.
        let (status, _, text) = Process::of(child, ([127, 0, 0, 1], 0).into()).end();
        assert_eq!(status.code(), Some(2), "{arguments:?}: {text}");
        assert!(text.contains(part), "{arguments:?}: {text}");
    }
}

/// More than it serves at once, opened and left, in any phase of a request.
#[cfg(target_os = "linux")]
#[test]
fn ten_thousand_connections_leave_the_memory_bounded() {
    let process = Process::start(&["--quiet"]);
    let mut most = 0;
    for batch in 0..50 {
        let open: Vec<TcpStream> = (0..200).map(|_| TcpStream::connect(process.addr).unwrap()).collect();
        for (index, mut stream) in open.iter().enumerate() {
            let _ = match (index + batch) % 4 {
                0 => stream.write_all(b"GET /users HTTP/1.1\r\nHost: localhost\r\nX:"),
                1 => stream.write_all(b"POST /users HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\nContent-Length: 100000\r\n\r\n{"),
                2 => stream.write_all(request(process.addr, "GET", "/users", &[], "").as_bytes()),
                _ => Ok(()),
            };
        }
        most = most.max(process.memory());
    }
    assert!(most < 96 << 20, "{} MiB", most >> 20);
    let begun = Instant::now();
    // It may have noticed only some of the clients that have left.
    let ask = || {
        let mut stream = connect(process.addr);
        stream.write_all(request(process.addr, "GET", "/users", &[], "").as_bytes()).ok()?;
        read_reply(&mut stream, "GET").ok().map(|reply| reply.status)
    };
    while ask() != Some(200) {
        assert!(begun.elapsed() < PATIENCE);
    }
}

/// 70 in every run, 1 000 with `APIGEN_RELOADS=1000`.
#[cfg(target_os = "linux")]
#[test]
fn reloads_leave_the_memory_flat() {
    let count = std::env::var("APIGEN_RELOADS").ok().and_then(|count| count.parse().ok()).unwrap_or(70);
    let folder = scratch("mock-server-reloads");
    let path = folder.join("api.json");
    let text = fs::read_to_string(spec("board.json")).unwrap();
    fs::write(&path, &text).unwrap();
    let process = Process::start(&["--quiet", "--watch", path.to_str().unwrap()]);
    let mut client = Client::new(process.addr);
    let mut reload = |number: usize| {
        let version = format!("loads {number}");
        let text =
            text.replace("\"name\": \"Boards\"", &format!("\"name\": \"Boards\", \"description\": \"{version}\""));
        let folder = if number.is_multiple_of(2) { "/teams/" } else { "/groups/" };
        // The path changes, so that a client sees whether the new spec is served.
        fs::write(&path, text.replace("/teams/", folder)).unwrap();
        let known = format!("{folder}red/boards");
        let begun = Instant::now();
        while client.get(&known).status != 200 {
            assert!(begun.elapsed() < PATIENCE, "reload {number}");
            std::thread::sleep(Duration::from_millis(2));
        }
    };
    (0..30).for_each(&mut reload);
    let before = process.memory();
    (30..count).for_each(&mut reload);
    let after = process.memory();
    assert!(after < before + (4 << 20), "{} KiB, then {} KiB", before >> 10, after >> 10);
}
