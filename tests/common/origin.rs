//! A server on loopback that can misbehave in ways that a proper HTTP server would not allow.

use std::collections::HashMap;
use std::io::{BufRead, BufReader, Write};
use std::net::{TcpListener, TcpStream};
use std::sync::{Arc, Mutex};
use std::thread;
use std::time::Duration;

/// The response for a path.
#[derive(Clone)]
pub enum Answer {
    /// 200 with this text.
    Text(String),
    /// This status and text.
    Status(u16, String),
    /// 302 to this URL.
    Redirect(String),
    /// These bytes, then the connection is closed.
    Raw(Vec<u8>),
    /// A body without end and without a length.
    Endless,
    /// Single bytes, with pauses.
    Slow,
}

/// A requested path, and the `Authorization` header.
type Request = (String, Option<String>);

#[derive(Clone, Default)]
pub struct Origin {
    answers: Arc<Mutex<HashMap<String, Answer>>>,
    requests: Arc<Mutex<Vec<Request>>>,
    pub url: String,
}

impl Origin {
    /// Listens on a free port until the test ends.
    pub fn start() -> Self {
        let listener = TcpListener::bind(("127.0.0.1", 0)).unwrap();
        let origin = Self { url: format!("http://{}", listener.local_addr().unwrap()), ..Self::default() };
        let server = origin.clone();
        thread::spawn(move || {
            for stream in listener.incoming().flatten() {
                let server = server.clone();
                // Some tests want clients that disconnect.
                thread::spawn(move || drop(server.serve(stream)));
            }
        });
        origin
    }

    /// Prepares the response for a path.
    pub fn on(&self, path: &str, answer: Answer) {
        self.answers.lock().unwrap().insert(path.to_owned(), answer);
    }

    /// Returns the requests since the last call.
    pub fn requests(&self) -> Vec<Request> {
        std::mem::take(&mut self.requests.lock().unwrap())
    }

    fn serve(&self, mut stream: TcpStream) -> std::io::Result<()> {
        let mut lines = BufReader::new(stream.try_clone()?).lines();
        let line = lines.next().transpose()?.unwrap_or_default();
        let path = line.split(' ').nth(1).unwrap_or_default().to_owned();
        let mut authorization = None;
        for line in lines.by_ref() {
            let line = line?;
            if line.is_empty() {
                break;
            }
            if let Some((name, value)) = line.split_once(": ")
                && name.eq_ignore_ascii_case("authorization")
            {
                authorization = Some(value.to_owned());
            }
        }
        let answer = self.answers.lock().unwrap().get(&path).cloned();
        self.requests.lock().unwrap().push((path, authorization));
        match answer.unwrap_or(Answer::Status(404, "nothing here".to_owned())) {
            Answer::Text(text) => full(&mut stream, 200, "", &text),
            Answer::Status(status, text) => full(&mut stream, status, "", &text),
            Answer::Redirect(to) => full(&mut stream, 302, &format!("location: {to}\r\n"), ""),
            Answer::Raw(bytes) => stream.write_all(&bytes),
            Answer::Endless => {
                stream.write_all(b"HTTP/1.1 200 OK\r\nconnection: close\r\n\r\n")?;
                loop {
                    stream.write_all(&[b' '; 4096])?;
                }
            }
            Answer::Slow => {
                stream.write_all(b"HTTP/1.1 200 OK\r\ncontent-length: 100000\r\n\r\n")?;
                loop {
                    stream.write_all(b" ")?;
                    thread::sleep(Duration::from_millis(50));
                }
            }
        }
    }
}

fn full(stream: &mut TcpStream, status: u16, headers: &str, body: &str) -> std::io::Result<()> {
    let length = body.len();
    let head = format!("HTTP/1.1 {status} X\r\nconnection: close\r\ncontent-length: {length}\r\n{headers}\r\n");
    stream.write_all(head.as_bytes())?;
    stream.write_all(body.as_bytes())
}
