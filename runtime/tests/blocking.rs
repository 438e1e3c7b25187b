//! Calls that a thread waits for, against a server with a thread of its own.

use std::io::{Read, Write};
use std::net::TcpListener;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::thread;
use std::time::Duration;

use crate::support::*;
use apigen_runtime::{
    Call, Operation,
    client::{ClientBuilder, HttpClient, block_on},
    codegen::Request,
    http::StatusCode,
};

/// Starts a server that keeps connections open; returns a client and the number of connections.
fn server() -> (HttpClient, Arc<AtomicUsize>) {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let url = format!("http://{}", listener.local_addr().unwrap());
    let connections = Arc::new(AtomicUsize::new(0));
    let count = Arc::clone(&connections);
    thread::spawn(move || {
        for stream in listener.incoming() {
            count.fetch_add(1, Ordering::Relaxed);
            let mut stream = stream.unwrap();
            thread::spawn(move || {
                let mut buffer = [0; 4096];
                while stream.read(&mut buffer).is_ok_and(|count| count > 0) {
                    stream.write_all(b"HTTP/1.1 200 OK\r\ncontent-length: 5\r\n\r\n\"Ada\"").unwrap();
                }
            });
        }
    });
    (ClientBuilder::new(&SERVICE, url).build().unwrap(), connections)
}

fn get(client: &HttpClient) -> Call<'_, String, std::convert::Infallible> {
    client.call::<Get>(Request::new(Get::INFO).path("id", &"1"))
}

#[test]
fn a_program_without_a_runtime_waits() {
    let (client, connections) = server();
    for _ in 0..3 {
        assert_eq!(get(&client).wait().unwrap(), "Ada");
    }
    let response = get(&client).with_response().wait().unwrap();
    assert_eq!((response.status(), response.as_str()), (StatusCode::OK, "Ada"));
    assert_eq!(connections.load(Ordering::Relaxed), 1, "connections stay open between calls");
}

#[test]
fn many_threads_wait_at_once() {
    let (client, _) = server();
    thread::scope(|scope| {
        for _ in 0..8 {
            scope.spawn(|| assert_eq!(get(&client).wait().unwrap(), "Ada"));
        }
    });
}

#[test]
fn errors_and_time_limits_are_those_of_awaiting() {
    let hanging = TcpListener::bind("127.0.0.1:0").unwrap();
    let url = format!("http://{}", hanging.local_addr().unwrap());
    let client: HttpClient = ClientBuilder::new(&SERVICE, url).build().unwrap();
    assert!(get(&client).timeout(Duration::from_millis(50)).wait().unwrap_err().is_timeout());
}

#[tokio::test]
async fn in_a_runtime_of_one_thread() {
    let (client, _) = server();
    assert_eq!(get(&client).wait().unwrap(), "Ada");
    assert_eq!(get(&client).await.unwrap(), "Ada");
}

#[tokio::test]
async fn connections_of_awaited_calls_do_not_wait_for_the_runtime() {
    let (client, connections) = server();
    assert_eq!(get(&client).await.unwrap(), "Ada");
    assert_eq!(get(&client).timeout(Duration::from_secs(5)).wait().unwrap(), "Ada");
    assert_eq!(connections.load(Ordering::Relaxed), 1);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 1)]
async fn nor_do_those_of_a_task() {
    let (client, _) = server();
    let task = async move {
        get(&client).await?;
        get(&client).timeout(Duration::from_secs(5)).wait()
    };
    assert_eq!(tokio::spawn(task).await.unwrap().unwrap(), "Ada");
}

#[tokio::test(flavor = "multi_thread")]
async fn in_a_runtime_of_several_threads() {
    let (client, _) = server();
    let task = tokio::spawn(async move { get(&client).wait() });
    assert_eq!(task.await.unwrap().unwrap(), "Ada");
}

#[test]
#[should_panic(expected = "from the future")]
fn panics_are_passed_on() {
    let runtime = tokio::runtime::Builder::new_current_thread().build().unwrap();
    runtime.block_on(async { block_on(async { panic!("from the future") }).unwrap() })
}

#[test]
fn a_task_of_a_waiting_future_waits() {
    let (client, _) = server();
    let task = async { tokio::spawn(async move { get(&client).wait() }).await };
    assert_eq!(block_on(task).unwrap().unwrap().unwrap(), "Ada");
}

#[test]
fn the_end_of_a_thread_waits() {
    struct Waits(HttpClient, std::sync::mpsc::Sender<String>);

    impl Drop for Waits {
        fn drop(&mut self) {
            self.1.send(get(&self.0).wait().unwrap()).unwrap();
        }
    }

    thread_local!(static LOCAL: std::cell::OnceCell<Waits> = const { std::cell::OnceCell::new() });
    let ((client, _), (sender, receiver)) = (server(), std::sync::mpsc::channel());
    thread::spawn(|| LOCAL.with(|local| drop(local.set(Waits(client, sender)))));
    assert_eq!(receiver.recv().unwrap(), "Ada");
}
