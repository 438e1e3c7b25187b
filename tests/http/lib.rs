//! Clients against a socket with fixed responses, and servers called through a socket.
#![cfg(test)]

mod client;
mod notes;
mod server;

use std::io::{Read, Write};
use std::net::{TcpListener, TcpStream};

/// Responds to each connection with these bytes, and returns the first lines of the requests.
fn answering(response: &str) -> (String, std::sync::mpsc::Receiver<String>) {
    let response = response.to_owned();
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let url = format!("http://{}", listener.local_addr().unwrap());
    let (sender, receiver) = std::sync::mpsc::channel();
    std::thread::spawn(move || {
        // Connections stay open, so that waiting for a body that never comes does not end.
        let mut open = Vec::new();
        for stream in listener.incoming() {
            let mut stream = stream.unwrap();
            let mut request = [0; 4096];
            let length = stream.read(&mut request).unwrap();
            let request = String::from_utf8_lossy(&request[..length]).into_owned();
            if sender.send(request).is_err() {
                return;
            }
            stream.write_all(response.as_bytes()).unwrap();
            open.push(stream);
        }
    });
    (url, receiver)
}

/// Returns a server's response to a request: its head in lower case, and the bytes after it.
fn asked(url: &str, method: &str, path: &str, headers: &str, body: &str) -> (String, String) {
    let mut stream = TcpStream::connect(url.strip_prefix("http://").unwrap()).unwrap();
    let length = if body.is_empty() { String::new() } else { format!("Content-Length: {}\r\n", body.len()) };
    let request = format!("{method} {path} HTTP/1.1\r\nHost: x\r\nConnection: close\r\n{headers}{length}\r\n{body}");
    stream.write_all(request.as_bytes()).unwrap();
    let mut response = String::new();
    stream.read_to_string(&mut response).unwrap();
    let (head, body) = response.split_once("\r\n\r\n").unwrap();
    (head.to_ascii_lowercase(), body.to_owned())
}
