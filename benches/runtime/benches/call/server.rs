//! A server that responds to every request with the same body, on its own threads.

use std::io::{Read, Write};
use std::net::{TcpListener, TcpStream};
use std::sync::{Arc, Mutex};
use std::thread;

pub struct Server {
    pub url: String,
    last: Arc<Mutex<Vec<u8>>>,
}

impl Server {
    pub fn start(body: &'static str) -> Server {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let url = format!("http://{}", listener.local_addr().unwrap());
        let last: Arc<Mutex<Vec<u8>>> = Arc::default();
        let seen = Arc::clone(&last);
        thread::spawn(move || {
            for stream in listener.incoming() {
                let seen = Arc::clone(&seen);
                thread::spawn(move || serve(stream.unwrap(), body, &seen));
            }
        });
        Server { url, last }
    }

    /// Returns the last request: its line, and its headers in alphabetical order. Their order has no meaning, and a
    /// space can be escaped in two ways.
    pub fn last(&self) -> Vec<String> {
        let text = String::from_utf8(self.last.lock().unwrap().clone()).unwrap();
        let mut lines: Vec<String> = text.trim_end().lines().map(|line| line.replace("%20", "+")).collect();
        lines[1..].sort();
        lines
    }
}

fn serve(mut stream: TcpStream, body: &str, seen: &Mutex<Vec<u8>>) {
    stream.set_nodelay(true).unwrap();
    let length = body.len();
    let answer = format!("HTTP/1.1 200 OK\r\ncontent-type: application/json\r\ncontent-length: {length}\r\n\r\n{body}");
    let mut request = Vec::new();
    let mut chunk = [0; 4096];
    while let Ok(read @ 1..) = stream.read(&mut chunk) {
        request.extend_from_slice(&chunk[..read]);
        if request.ends_with(b"\r\n\r\n") {
            seen.lock().unwrap().clone_from(&request);
            request.clear();
            stream.write_all(answer.as_bytes()).unwrap();
        }
    }
}
