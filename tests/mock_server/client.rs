//! A small HTTP client that sends what it is told to, right or wrong.

use std::io::{ErrorKind, Read, Write};
use std::net::{Shutdown, SocketAddr, TcpStream};
use std::time::Duration;

use serde_json::Value;

/// Longer than any machine hesitates.
pub const PATIENCE: Duration = Duration::from_secs(20);

pub struct Client {
    addr: SocketAddr,
    stream: Option<TcpStream>,
}

#[derive(Debug)]
pub struct Reply {
    pub status: u16,
    /// Names in lower case.
    pub headers: Vec<(String, String)>,
    pub body: String,
}

impl Reply {
    pub fn header(&self, name: &str) -> Option<&str> {
        self.headers.iter().find(|(known, _)| known == name).map(|(_, value)| value.as_str())
    }

    /// Returns the body as JSON; `null` if there is none.
    pub fn json(&self) -> Value {
        match self.body.as_str() {
            "" => Value::Null,
            body => serde_json::from_str(body).unwrap_or_else(|error| panic!("{error}: {self:?}")),
        }
    }
}

impl Client {
    pub fn new(addr: SocketAddr) -> Client {
        Client { addr, stream: None }
    }

    pub fn get(&mut self, target: &str) -> Reply {
        self.send("GET", target, &[], "")
    }

    /// Sends a request on the open connection, or on a new one. `Host` and `Content-Type` are added if they are not given.
    pub fn send(&mut self, method: &str, target: &str, headers: &[(&str, &str)], body: &str) -> Reply {
        let request = request(self.addr, method, target, headers, body);
        let mut stream = self.stream.take().unwrap_or_else(|| connect(self.addr));
        stream.write_all(request.as_bytes()).unwrap();
        let reply =
            read_reply(&mut stream, method).unwrap_or_else(|read| panic!("{method} {target}: closed after {read:?}"));
        if reply.header("connection") != Some("close") {
            self.stream = Some(stream);
        }
        reply
    }
}

/// Returns the text of a request.
pub fn request(addr: SocketAddr, method: &str, target: &str, headers: &[(&str, &str)], body: &str) -> String {
    let given = |name: &str| headers.iter().any(|(known, _)| known.eq_ignore_ascii_case(name));
    let mut text = format!("{method} {target} HTTP/1.1\r\n");
    if !given("host") {
        text.push_str(&format!("Host: {addr}\r\n"));
    }
    if !body.is_empty() && !given("content-type") {
        text.push_str("Content-Type: application/json\r\n");
    }
    if !body.is_empty() || !matches!(method, "GET" | "HEAD") {
        text.push_str(&format!("Content-Length: {}\r\n", body.len()));
    }
    headers.iter().for_each(|(name, value)| text.push_str(&format!("{name}: {value}\r\n")));
    text + "\r\n" + body
}

pub fn connect(addr: SocketAddr) -> TcpStream {
    let stream = TcpStream::connect(addr).unwrap();
    stream.set_nodelay(true).unwrap();
    stream.set_read_timeout(Some(PATIENCE)).unwrap();
    stream.set_write_timeout(Some(PATIENCE)).unwrap();
    stream
}

/// Reads a response.
///
/// # Errors
/// Returns what was read if the connection was closed before the end.
pub fn read_reply(stream: &mut TcpStream, method: &str) -> Result<Reply, String> {
    let (mut bytes, mut one) = (Vec::new(), [0]);
    while !bytes.ends_with(b"\r\n\r\n") {
        match stream.read(&mut one) {
            Ok(1) => bytes.push(one[0]),
            Err(error) if is_stuck(&error) => panic!("no response in time: {:?}", String::from_utf8_lossy(&bytes)),
            _ => return Err(String::from_utf8_lossy(&bytes).into_owned()),
        }
    }
    let head = String::from_utf8(bytes).unwrap();
    let mut lines = head.trim_end().split("\r\n");
    let status = lines.next().unwrap().split(' ').nth(1).unwrap().parse().unwrap();
    let pair =
        |line: &str| line.split_once(':').map(|(name, value)| (name.to_ascii_lowercase(), value.trim().to_owned()));
    let headers: Vec<(String, String)> = lines.map(|line| pair(line).unwrap()).collect();
    let mut reply = Reply { status, headers, body: String::new() };
    let length = reply.header("content-length").map_or(0, |length| length.parse().unwrap());
    if method == "HEAD" || matches!(status, 100..=199 | 204 | 304) {
        return Ok(reply);
    }
    let mut body = Vec::new();
    let whole = stream.take(length as u64).read_to_end(&mut body).is_ok() && body.len() == length;
    reply.body = String::from_utf8_lossy(&body).into_owned();
    if whole { Ok(reply) } else { Err(head + &reply.body) }
}

/// Sends bytes, says that no more follow, and returns everything that comes back until the connection closes.
pub fn exchange(addr: SocketAddr, bytes: &[u8]) -> String {
    let mut stream = connect(addr);
    // The server may close before it has read everything.
    let _ = stream.write_all(bytes).and_then(|()| stream.shutdown(Shutdown::Write));
    rest(&mut stream)
}

/// Reads until the connection closes.
pub fn rest(stream: &mut TcpStream) -> String {
    let mut bytes = Vec::new();
    if let Err(error) = stream.read_to_end(&mut bytes) {
        assert!(!is_stuck(&error), "the connection stays open after {:?}", String::from_utf8_lossy(&bytes));
    }
    String::from_utf8_lossy(&bytes).into_owned()
}

fn is_stuck(error: &std::io::Error) -> bool {
    matches!(error.kind(), ErrorKind::WouldBlock | ErrorKind::TimedOut)
}

/// Returns the status codes of all responses in a text.
pub fn statuses(text: &str) -> Vec<u16> {
    text.match_indices("HTTP/1.1 ").filter_map(|(at, _)| text.get(at + 9..at + 12)?.parse().ok()).collect()
}
