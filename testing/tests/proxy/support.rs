//! A client and a server of raw HTTP/1.1.

use std::collections::BTreeMap;
use std::io::{ErrorKind, Read, Write};
use std::net::{Shutdown, SocketAddr, TcpListener, TcpStream};
use std::sync::{Arc, Mutex};
use std::thread;
use std::time::Duration;

use apigen_model::behaviour::SensitiveAnnotations;
use apigen_model::{Inputs, Source, load};
use apigen_testing::{LoadedService, Proxy, RunningProxy};

pub const SPEC: &str = include_str!("spec.json");

/// Returns a proxy for the spec of these tests.
pub fn proxy(origin: &Origin) -> Proxy {
    Proxy::new(service()).to(format!("http://{}", origin.addr))
}

pub fn service() -> Arc<LoadedService> {
    let source = Source { name: "spec.json".to_owned(), text: SPEC.to_owned(), path: None };
    let loaded = load(Inputs { specs: vec![source], ..Inputs::default() }).map_err(|r| r.render(false)).unwrap();
    Arc::new(LoadedService::of_loaded(loaded, SensitiveAnnotations::default()).unwrap())
}

/// A connection that is read by messages.
pub struct Wire {
    pub stream: TcpStream,
    buffer: Vec<u8>,
}

/// A message: its first line, its fields in order of their names, its body without framing, its trailers.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Message {
    pub first: String,
    pub fields: Vec<(String, String)>,
    pub body: Vec<u8>,
    pub trailers: Vec<(String, String)>,
    pub end: End,
}

/// How a message ended.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub enum End {
    #[default]
    Complete,
    /// Before the end that its framing states.
    Broken,
}

impl Message {
    pub fn status(&self) -> u16 {
        self.first[9..12].parse().unwrap()
    }

    pub fn field(&self, name: &str) -> Option<&str> {
        self.fields.iter().find(|(known, _)| known == name).map(|(_, value)| value.as_str())
    }

    pub fn text(&self) -> &str {
        std::str::from_utf8(&self.body).unwrap()
    }

    /// Returns the message without its framing, and without the fields about one connection.
    pub fn end_to_end(mut self) -> Message {
        // `Trailer` announces a part of the framing, and is left out where there is none, as in responses to `HEAD`.
        let hop = ["connection", "keep-alive", "transfer-encoding", "content-length", "te", "trailer"];
        self.fields.retain(|(name, _)| !hop.contains(&name.as_str()));
        self
    }
}

impl Wire {
    pub fn connect(addr: SocketAddr) -> Wire {
        Wire::new(TcpStream::connect(addr).unwrap())
    }

    pub fn new(stream: TcpStream) -> Wire {
        stream.set_nodelay(true).unwrap();
        stream.set_read_timeout(Some(Duration::from_secs(20))).unwrap();
        Wire { stream, buffer: Vec::new() }
    }

    pub fn send(&mut self, bytes: impl AsRef<[u8]>) {
        self.stream.write_all(bytes.as_ref()).unwrap();
    }

    /// Sends as long as somebody reads.
    pub fn try_send(&mut self, bytes: impl AsRef<[u8]>) -> bool {
        self.stream.write_all(bytes.as_ref()).is_ok()
    }

    pub fn close_write(&self) {
        self.stream.shutdown(Shutdown::Write).unwrap();
    }

    /// Closes with a reset, as a killed program does whose input is not read.
    pub fn reset(self) {
        // Data that nobody has read makes the system reset the connection.
        drop(self.stream);
    }

    /// Reads more; false at the end or after a failure.
    fn more(&mut self) -> bool {
        let mut chunk = [0; 16 << 10];
        match self.stream.read(&mut chunk) {
            Ok(0) => false,
            Ok(count) => {
                self.buffer.extend_from_slice(&chunk[..count]);
                true
            }
            Err(error) if error.kind() == ErrorKind::ConnectionReset => false,
            Err(error) => panic!("{error}, after {:?}", String::from_utf8_lossy(&self.buffer)),
        }
    }

    /// Returns true if the peer closes without sending anything.
    pub fn is_closed(&mut self) -> bool {
        self.buffer.is_empty() && !self.more()
    }

    pub fn line(&mut self) -> Option<String> {
        loop {
            if let Some(end) = self.buffer.windows(2).position(|two| two == b"\r\n") {
                let line: Vec<u8> = self.buffer.drain(..end + 2).take(end).collect();
                return Some(String::from_utf8(line).unwrap());
            }
            if !self.more() {
                return None;
            }
        }
    }

    fn fields(&mut self) -> Option<Vec<(String, String)>> {
        let mut fields = Vec::new();
        loop {
            let line = self.line()?;
            if line.is_empty() {
                fields.sort();
                return Some(fields);
            }
            let (name, value) = line.split_once(':').unwrap();
            fields.push((name.to_lowercase(), value.trim().to_owned()));
        }
    }

    /// Reads this many bytes; fewer at the end of the connection.
    pub fn bytes(&mut self, count: usize) -> Vec<u8> {
        while self.buffer.len() < count && self.more() {}
        let count = count.min(self.buffer.len());
        self.buffer.drain(..count).collect()
    }

    /// Reads the head of a message; `None` if the connection ends before.
    pub fn head(&mut self) -> Option<Message> {
        let first = self.line()?;
        Some(Message { first, fields: self.fields()?, ..Message::default() })
    }

    /// Reads a request; `None` if the connection ends before.
    pub fn request(&mut self) -> Option<Message> {
        let head = self.head()?;
        Some(self.body(head, false))
    }

    /// Reads the final response to a request with this method.
    pub fn response(&mut self, method: &str) -> Message {
        let head = loop {
            let head = self.head().expect("the connection ended before the response");
            if head.status() >= 200 || head.status() == 101 {
                break head;
            }
        };
        if method == "HEAD" || matches!(head.status(), 101 | 204 | 304) { head } else { self.body(head, true) }
    }

    fn body(&mut self, mut head: Message, is_response: bool) -> Message {
        if head.field("transfer-encoding").is_some() {
            loop {
                let Some(size) = self.line() else {
                    head.end = End::Broken;
                    return head;
                };
                let size = usize::from_str_radix(&size, 16).unwrap();
                if size == 0 {
                    match self.fields() {
                        Some(trailers) => head.trailers = trailers,
                        None => head.end = End::Broken,
                    }
                    return head;
                }
                let piece = self.bytes(size);
                let is_whole = piece.len() == size && self.bytes(2).len() == 2;
                head.body.extend(piece);
                if !is_whole {
                    head.end = End::Broken;
                    return head;
                }
            }
        }
        let length = head.field("content-length").map(|length| length.parse().unwrap());
        match length {
            Some(length) => {
                head.body = self.bytes(length);
                head.end = if head.body.len() == length { End::Complete } else { End::Broken };
            }
            None if is_response => {
                while self.more() {}
                head.body = std::mem::take(&mut self.buffer);
            }
            None => {}
        }
        head
    }
}

/// A server whose connections a function handles, each on a thread of its own.
pub struct Origin {
    pub addr: SocketAddr,
    pub requests: Arc<Mutex<Vec<Message>>>,
}

impl Origin {
    pub fn start(handle: impl Fn(&mut Wire) + Send + Sync + 'static) -> Origin {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let addr = listener.local_addr().unwrap();
        let handle = Arc::new(handle);
        thread::spawn(move || {
            for stream in listener.incoming().flatten() {
                let handle = Arc::clone(&handle);
                thread::spawn(move || handle(&mut Wire::new(stream)));
            }
        });
        Origin { addr, requests: Arc::default() }
    }

    /// Responds to each request with the bytes that a function returns.
    pub fn answering(answer: impl Fn(&Message) -> Vec<u8> + Send + Sync + 'static) -> Origin {
        let requests: Arc<Mutex<Vec<Message>>> = Arc::default();
        let seen = Arc::clone(&requests);
        let origin = Origin::start(move |wire| {
            while let Some(request) = wire.request() {
                let response = answer(&request);
                seen.lock().unwrap().push(request);
                if !wire.try_send(response) {
                    break;
                }
            }
        });
        Origin { requests, ..origin }
    }

    /// Responds to all requests with this JSON.
    pub fn json(status: u16, body: &'static str) -> Origin {
        Origin::answering(move |_| json(status, body))
    }

    pub fn last(&self) -> Message {
        self.requests.lock().unwrap().last().unwrap().clone()
    }

    pub fn count(&self) -> usize {
        self.requests.lock().unwrap().len()
    }
}

pub fn json(status: u16, body: &str) -> Vec<u8> {
    format!("HTTP/1.1 {status} X\r\ncontent-type: application/json\r\ncontent-length: {}\r\n\r\n{body}", body.len())
        .into()
}

/// Sends a request with a JSON body, if there is one, and returns the response.
pub fn call(addr: SocketAddr, line: &str, headers: &[(&str, &str)], body: &str) -> Message {
    let mut wire = Wire::connect(addr);
    let mut all: BTreeMap<&str, String> = BTreeMap::from([("host", "localhost".to_owned())]);
    if !body.is_empty() {
        all.insert("content-type", "application/json".to_owned());
        all.insert("content-length", body.len().to_string());
    }
    all.extend(headers.iter().map(|(name, value)| (*name, (*value).to_owned())));
    let fields: String = all.iter().map(|(name, value)| format!("{name}: {value}\r\n")).collect();
    wire.send(format!("{line} HTTP/1.1\r\n{fields}\r\n{body}"));
    wire.response(line.split(' ').next().unwrap())
}

/// Waits for what other threads do.
pub fn eventually(what: &str, check: impl Fn() -> bool) {
    for _ in 0..1000 {
        if check() {
            return;
        }
        thread::sleep(Duration::from_millis(5));
    }
    panic!("{what}");
}

pub fn found(proxy: &RunningProxy) -> Vec<String> {
    let coverage = proxy.coverage();
    let groups = coverage.violations.iter();
    groups.map(|g| format!("{} {} {} {}", g.operation, g.side.as_str(), g.code, g.example.violation.pointer)).collect()
}
