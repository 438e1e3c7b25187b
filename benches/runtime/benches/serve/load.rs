//! Requests over kept connections, as cheap for the sender as possible, since it shares the cores with the server.

use std::io::{Read, Write};
use std::net::{SocketAddr, TcpStream};
use std::thread;
use std::time::Instant;

const THREADS: usize = 4;

#[derive(Debug, Clone, Copy)]
pub enum Kind {
    Get,
    Post,
    BadGet,
    BadPost,
}

impl Kind {
    pub const ALL: [Kind; 4] = [Kind::Get, Kind::Post, Kind::BadGet, Kind::BadPost];

    pub fn name(self) -> &'static str {
        match self {
            Kind::Get => "GET with 6 parameters",
            Kind::Post => "POST of 1 KB",
            Kind::BadGet => "GET with 3 violations, answered by 422",
            Kind::BadPost => "POST with 2 violations, by 422",
        }
    }

    pub fn status(self) -> &'static [u8; 3] {
        match self {
            Kind::Get => b"200",
            Kind::Post => b"201",
            Kind::BadGet | Kind::BadPost => b"422",
        }
    }

    pub fn request(self) -> Vec<u8> {
        let head = |line: &str| {
            format!("{line} HTTP/1.1\r\nhost: localhost\r\nx-tenant: public\r\naccept: application/json\r\n")
        };
        let guid = "f4ad28e1-05e2-4a8b-9f2f-1a4b2f7c2d11";
        let get = |query: &str| format!("{}\r\n", head(&format!("GET /users?{query}")));
        let post = |body: String| {
            let head = head("POST /users");
            format!("{head}content-type: application/json\r\ncontent-length: {}\r\n\r\n{body}", body.len())
        };
        let body = |email: &str, role: &str| {
            let text = "12 rue de Rivoli, 75001 Paris, France, ".repeat(15);
            format!(
                r#"{{"email":"{email}","name":"Ada Lovelace","role":"{role}","home":{{"text":"{text}","streets":["12 rue de Rivoli","Bâtiment B","3e étage"],"city":"Paris","province":"Île-de-France","postal_code":"75001","country":"FRA","latitude":48.8556,"longitude":2.3594,"precision":"CI","unknown":{{"nested":[1,2,3,null,true,"text that nobody reads"]}}}}}}"#
            )
        };
        let text = match self {
            Kind::Get => {
                get(&format!("guid={guid}&email=ada%40example.com&role=admin&limit=50&offset=100&sort=-created_at"))
            }
            Kind::Post => post(body("ada@example.com", "editor")),
            Kind::BadGet => get("guid=nobody&role=boss&limit=1000&offset=0"),
            Kind::BadPost => post(body("a", "boss")),
        };
        text.into_bytes()
    }
}

/// Sends this many requests, of these kinds in turn, and checks the status of each response.
pub fn load(addr: SocketAddr, kinds: &[Kind], requests: usize) {
    let kinds: Vec<_> = kinds.iter().map(|kind| (kind.request(), kind.status())).collect();
    send(addr, &kinds, (THREADS, requests));
}

/// A request, and the status of its response.
pub type Expected = (Vec<u8>, &'static [u8; 3]);

/// Sends these requests in turn over this many connections, until there were as many as asked for, and checks the status
/// of each response. Returns the time of each exchange in microseconds, sorted.
pub fn send(addr: SocketAddr, kinds: &[Expected], (connections, requests): (usize, usize)) -> Vec<u32> {
    let mut times = thread::scope(|scope| {
        let threads = (0..connections).map(|_| scope.spawn(|| exchange(addr, kinds, requests / connections)));
        let threads: Vec<_> = threads.collect();
        threads.into_iter().flat_map(|thread| thread.join().unwrap()).collect::<Vec<_>>()
    });
    times.sort_unstable();
    times
}

fn exchange(addr: SocketAddr, kinds: &[Expected], requests: usize) -> Vec<u32> {
    let mut stream = TcpStream::connect(addr).unwrap();
    stream.set_nodelay(true).unwrap();
    let (mut answer, mut times) = (Vec::new(), Vec::with_capacity(requests));
    for (request, status) in kinds.iter().cycle().take(requests) {
        let begun = Instant::now();
        stream.write_all(request).unwrap();
        read(&mut stream, &mut answer);
        times.push(u32::try_from(begun.elapsed().as_micros()).unwrap());
        assert_eq!(answer.get(9..12), Some(&status[..]), "{}", String::from_utf8_lossy(&answer));
    }
    times
}

/// Reads one whole response.
fn read(stream: &mut TcpStream, answer: &mut Vec<u8>) {
    let mut chunk = [0; 4096];
    answer.clear();
    loop {
        let count = stream.read(&mut chunk).unwrap();
        assert!(count > 0, "the server has closed the connection");
        answer.extend_from_slice(&chunk[..count]);
        let Some(end) = answer.windows(4).position(|four| four == b"\r\n\r\n") else { continue };
        let head = std::str::from_utf8(&answer[..end]).unwrap();
        let length =
            head.lines().find_map(|line| line.strip_prefix("content-length: ")).map_or(0, |n| n.parse().unwrap());
        if answer.len() >= end + 4 + length {
            return;
        }
    }
}
