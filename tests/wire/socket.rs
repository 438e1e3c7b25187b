//! A server that knows nothing about HTTP except where a request ends.

use std::io::{Read, Write};
use std::net::{TcpListener, TcpStream};
use std::sync::mpsc::{Receiver, channel};

/// The response of [`start`].
const NOTHING: &str = "HTTP/1.1 204 No Content\r\nConnection: close\r\n\r\n";

/// Returns the address, and the text of each request as received.
pub fn start() -> (String, Receiver<String>) {
    answering(NOTHING)
}

/// Does the same with this response.
pub fn answering(response: &str) -> (String, Receiver<String>) {
    let response = response.to_owned();
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let address = listener.local_addr().unwrap().to_string();
    let (sender, receiver) = channel();
    std::thread::spawn(move || {
        for stream in listener.incoming() {
            let mut stream = stream.unwrap();
            if sender.send(request(&mut stream)).is_err() {
                return;
            }
            stream.write_all(response.as_bytes()).unwrap();
        }
    });
    (address, receiver)
}

fn request(stream: &mut TcpStream) -> String {
    let (mut text, mut byte) = (Vec::new(), [0]);
    while !text.ends_with(b"\r\n\r\n") {
        stream.read_exact(&mut byte).unwrap();
        text.push(byte[0]);
    }
    let head = String::from_utf8(text.clone()).unwrap();
    let length = head.lines().find_map(|line| line.strip_prefix("content-length: "));
    let mut body = vec![0; length.map_or(0, |length| length.parse().unwrap())];
    stream.read_exact(&mut body).unwrap();
    text.extend(body);
    String::from_utf8(text).unwrap()
}
