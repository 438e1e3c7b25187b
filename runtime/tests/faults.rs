//! A faulty server on a real socket: each fault has its error, and nothing hangs.
#![cfg(feature = "reqwest")]

use std::convert::Infallible;
use std::error::Error as _;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::{Duration, Instant};

use crate::support::*;
use apigen_runtime::{
    Error, Operation,
    client::{HttpClient, RetryPolicy},
    codegen::Request,
};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::{TcpListener, TcpStream};

const MEGABYTE: usize = 1 << 20;

#[derive(Clone, Copy)]
enum Fault {
    /// Closes the connection as soon as there is a request.
    Slam,
    /// Announces 100 bytes, sends 10, and closes.
    CutBody,
    /// The same, in chunks.
    CutChunks,
    /// Sends its head one byte at a time.
    SlowHead,
    /// Sends its body one byte at a time.
    SlowBody,
    /// Sends a body of this size, with its length or in chunks.
    Large(usize, bool),
    /// Announces this size, and sends nothing.
    Boast(usize),
    /// Sends these bytes.
    Bytes(&'static [u8]),
    /// Sends the first to the first request and the second to all others.
    Then(&'static [u8], &'static [u8]),
}

/// Starts a server that has the fault on each connection, and counts the connections.
async fn start(fault: Fault) -> (String, Arc<AtomicUsize>) {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let url = format!("http://{}", listener.local_addr().unwrap());
    let count = Arc::new(AtomicUsize::new(0));
    let served = Arc::clone(&count);
    tokio::spawn(async move {
        while let Ok((stream, _)) = listener.accept().await {
            let number = served.fetch_add(1, Ordering::Relaxed);
            tokio::spawn(commit(fault, number, stream));
        }
    });
    (url, count)
}

async fn commit(fault: Fault, number: usize, mut stream: TcpStream) -> Option<()> {
    let mut request = Vec::new();
    while !request.ends_with(b"\r\n\r\n") {
        request.push(stream.read_u8().await.ok()?);
    }
    match fault {
        Fault::Slam => {}
        Fault::CutBody => stream.write_all(b"HTTP/1.1 200 OK\r\ncontent-length: 100\r\n\r\n\"123456789").await.ok()?,
        Fault::CutChunks => {
            let head = b"HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\n3\r\n\"ab\r\n5\r\ncd";
            stream.write_all(head).await.ok()?;
        }
        Fault::SlowHead => drip(&mut stream, b"HTTP/1.1 200 OK\r\nx-slow: 1\r\ncontent-length: 3\r\n\r\n\"x\"").await?,
        Fault::SlowBody => {
            stream.write_all(b"HTTP/1.1 200 OK\r\ncontent-length: 40\r\n\r\n\"").await.ok()?;
            drip(&mut stream, &[b'x'; 39]).await?;
        }
        Fault::Large(size, length) => large(&mut stream, size, length).await?,
        Fault::Boast(size) => {
            let head = format!("HTTP/1.1 200 OK\r\ncontent-length: {size}\r\n\r\n");
            stream.write_all(head.as_bytes()).await.ok()?;
            tokio::time::sleep(Duration::from_secs(60)).await;
        }
        Fault::Bytes(bytes) => stream.write_all(bytes).await.ok()?,
        Fault::Then(first, later) => stream.write_all(if number == 0 { first } else { later }).await.ok()?,
    }
    stream.shutdown().await.ok()
}

async fn drip(stream: &mut TcpStream, bytes: &[u8]) -> Option<()> {
    for byte in bytes {
        stream.write_all(&[*byte]).await.ok()?;
        tokio::time::sleep(Duration::from_millis(50)).await;
    }
    Some(())
}

async fn large(stream: &mut TcpStream, size: usize, length: bool) -> Option<()> {
    let chunk = [b'x'; 1 << 16];
    let head = if length { format!("content-length: {size}") } else { "transfer-encoding: chunked".into() };
    stream.write_all(format!("HTTP/1.1 200 OK\r\n{head}\r\n\r\n").as_bytes()).await.ok()?;
    for _ in 0..size / chunk.len() {
        if !length {
            stream.write_all(b"10000\r\n").await.ok()?;
        }
        stream.write_all(&chunk).await.ok()?;
        if !length {
            stream.write_all(b"\r\n").await.ok()?;
        }
    }
    if length { Some(()) } else { stream.write_all(b"0\r\n\r\n").await.ok() }
}

async fn get(client: &HttpClient) -> Result<String, Error<Infallible>> {
    let call = client.call::<Get>(Request::new(Get::INFO).path("id", &"1"));
    tokio::time::timeout(Duration::from_secs(20), call.into_future()).await.unwrap()
}

fn client(url: &str, timeout: u64) -> HttpClient {
    builder(url).max_response_bytes(MEGABYTE).timeout(Duration::from_millis(timeout)).build().unwrap()
}

/// Returns the error of a call with a fault, and the number of its connections.
async fn meet(fault: Fault) -> (Error<Infallible>, usize) {
    let timeout = match fault {
        Fault::SlowHead | Fault::SlowBody | Fault::Boast(10) => 500,
        _ => 15_000,
    };
    let (url, count) = start(fault).await;
    let error = get(&client(&url, timeout)).await.unwrap_err();
    (error, count.load(Ordering::Relaxed))
}

#[tokio::test]
async fn connections_that_break() {
    for fault in [Fault::Slam, Fault::CutBody, Fault::CutChunks, Fault::Bytes(b"SSH-2.0-OpenSSH_9.2\r\n")] {
        let (error, count) = meet(fault).await;
        assert!(
            error.is_transport() && !error.is_timeout() && !error.is_connect() && error.is_retryable(),
            "{error:?}"
        );
        assert!(error.to_string().ends_with("/users/1): the connection broke"), "{error}");
        assert!(error.source().is_some() && error.status().is_none() && error.body().is_none());
        assert_eq!(count, 1, "not by default");
    }
}

#[tokio::test]
async fn connections_that_break_once() {
    let (url, count) =
        start(Fault::Then(b"HTTP/1.1 200 OK\r\ncontent-length: 9\r\n\r\n\"", b"HTTP/1.1 200 OK\r\n\r\n\"x\"")).await;
    let client = builder(&url).retry(RetryPolicy::standard()).build().unwrap();
    assert_eq!(get(&client).await.unwrap(), "x");
    assert_eq!(count.load(Ordering::Relaxed), 2);
}

#[tokio::test]
async fn slowness() {
    for fault in [Fault::SlowHead, Fault::SlowBody, Fault::Boast(10)] {
        let (error, count) = meet(fault).await;
        assert!(error.is_timeout() && !error.is_connect() && error.is_retryable(), "{error:?}");
        assert!(error.to_string().ends_with("/users/1): timed out"), "{error}");
        assert_eq!(count, 1);
    }
}

#[tokio::test]
async fn bodies_that_are_too_large() {
    for fault in [Fault::Large(10 * MEGABYTE, true), Fault::Large(10 * MEGABYTE, false), Fault::Boast(usize::MAX / 2)] {
        let (error, count) = meet(fault).await;
        assert!(error.is_transport() && !error.is_timeout() && !error.is_retryable(), "{error:?}");
        assert_eq!(error.source().unwrap().to_string(), "the body of the response is larger than 1048576 bytes");
        assert_eq!(count, 1);
    }
}

#[tokio::test]
async fn bodies_within_the_limit() {
    let (error, _) = meet(Fault::Large(MEGABYTE, false)).await;
    assert!(error.is_decode());
    assert_eq!(error.body().unwrap().len(), MEGABYTE);
    assert!(error.to_string().len() < 3000 && format!("{error:?}").len() < 4000, "{error:?}");
}

#[tokio::test]
async fn bodies_that_are_not_json() {
    let cases: [(&'static [u8], usize, usize, &str); 5] = [
        (b"HTTP/1.1 200 OK\r\n\r\n\"a\n\xff\xfe\"", 2, 1, "UTF-8"),
        (b"HTTP/1.1 200 OK\r\ncontent-type: text/html\r\n\r\n<html>\n</html>", 1, 1, "<html> </html>"),
        (b"HTTP/1.1 200 OK\r\ncontent-type: application/json\r\n\r\n\"open", 1, 1, "\"open"),
        (b"HTTP/1.1 200 OK\r\ncontent-encoding: gzip\r\n\r\n\x1f\x8b\x08\x00", 1, 1, ""),
        (b"HTTP/1.1 200 OK\r\ncontent-encoding: br\r\n\r\n\x8b\x00", 1, 1, ""),
    ];
    for (bytes, line, column, part) in cases {
        let (error, count) = meet(Fault::Bytes(bytes)).await;
        assert!(error.is_decode() && !error.is_retryable(), "{error:?}");
        let violation = &error.violations().unwrap().as_slice()[0];
        assert_eq!((violation.pointer.as_str(), violation.line), ("", line), "{violation}");
        assert!(violation.column >= column, "{violation}");
        assert!(error.to_string().contains(part), "{error}");
        assert_eq!((error.status().unwrap().as_u16(), count), (200, 1));
    }
}

#[tokio::test]
async fn the_content_type_does_not_matter_for_json() {
    let (url, _) = start(Fault::Bytes(b"HTTP/1.1 200 OK\r\ncontent-type: text/plain\r\n\r\n\"x\"")).await;
    assert_eq!(get(&client(&url, 15_000)).await.unwrap(), "x");
}

#[tokio::test]
async fn statuses_that_nobody_declared() {
    let teapot: &'static [u8] = b"HTTP/1.1 418 I'm a teapot\r\nx-id: 7\r\n\r\nshort and stout";
    let (error, _) = meet(Fault::Bytes(teapot)).await;
    assert!(error.is_undeclared_status() && !error.is_retryable());
    assert_eq!((error.headers()["x-id"].to_str().unwrap(), error.body().unwrap()), ("7", &b"short and stout"[..]));
    let request = error.request().unwrap();
    assert_eq!((request.method().as_str(), request.attempts()), ("GET", 1));
    let message = format!("users.get (GET {}): 418 I'm a teapot, expected 200: short and stout", request.url());
    assert_eq!(error.to_string(), message);

    let redirect = Fault::Bytes(b"HTTP/1.1 307 Temporary Redirect\r\nlocation: http://127.0.0.1:1/\r\n\r\n");
    let (error, _) = meet(redirect).await;
    assert_eq!((error.status().unwrap().as_u16(), error.is_undeclared_status()), (307, true));
}

#[tokio::test]
async fn too_many_requests() {
    let busy: &'static [u8] = b"HTTP/1.1 429 Too Many Requests\r\nretry-after: 1\r\ncontent-length: 0\r\n\r\n";
    let (url, count) = start(Fault::Then(busy, b"HTTP/1.1 200 OK\r\n\r\n\"x\"")).await;
    // Less than the wait.
    let error = get(&client(&url, 900)).await.unwrap_err();
    assert_eq!((error.retry_after(), error.is_retryable()), (Some(Duration::from_secs(1)), true));
    assert_eq!(count.load(Ordering::Relaxed), 1);

    let (url, _) = start(Fault::Then(busy, b"HTTP/1.1 200 OK\r\n\r\n\"x\"")).await;
    let begin = Instant::now();
    assert_eq!(get(&builder(&url).build().unwrap()).await.unwrap(), "x");
    assert!(begin.elapsed() >= Duration::from_secs(1));
}

#[tokio::test]
async fn nobody_there() {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let url = format!("http://{}", listener.local_addr().unwrap());
    drop(listener);
    let error = get(&client(&url, 15_000)).await.unwrap_err();
    assert!(error.is_connect() && error.is_retryable() && !error.is_timeout());
    assert_eq!(error.request().unwrap().attempts(), 3);
}
