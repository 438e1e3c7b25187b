//! The server behind the proxy, and connections to it.

use std::io;
use std::sync::{Mutex, PoisonError};
use std::time::{Duration, Instant};

use bytes::Bytes;
use http::uri::{PathAndQuery, Scheme};
use http::{HeaderValue, Method, Request, Response, Uri};
use hyper::body::{Body, Incoming};
use hyper::client::conn::http1::{Builder, SendRequest};
use hyper_util::rt::TokioIo;
use tokio::net::TcpStream;

use super::body::{PassedBody, ReadAhead};

/// After this time without a request, a connection may be about to be closed by the server.
const DOUBTFUL: Duration = Duration::from_secs(1);

/// How long a connection may take to become ready for its next request.
const READY: Duration = Duration::from_millis(100);

/// The maximum size of a response's head, and of one read of a body.
const BUFFER: usize = 256 << 10;

/// The server behind the proxy.
#[derive(Debug)]
pub(super) struct Upstream {
    host: String,
    port: u16,
    /// The `Host` of requests.
    authority: HeaderValue,
    /// What precedes all paths; empty, or without a slash at its end.
    prefix: String,
    /// How long connecting may take.
    connect_time: Duration,
    #[cfg(feature = "tls")]
    tls: Option<super::tls::Tls>,
}

/// Why there is no response.
#[derive(Debug)]
pub(super) enum Failure {
    /// There is no connection; nothing was sent.
    Connect(String),
    /// The connection failed after something may have been sent.
    Broken(String),
    /// The server took longer than the limit.
    TooSlow,
}

impl Failure {
    pub fn message(&self) -> String {
        match self {
            Failure::Connect(why) => format!("there is no connection to the server: {why}"),
            Failure::Broken(why) => format!("the connection to the server failed: {why}"),
            Failure::TooSlow => "the server took longer than the limit to respond".to_owned(),
        }
    }
}

impl Upstream {
    /// Reads `http://host:port/prefix`.
    pub fn parse(url: &str, connect_time: Duration) -> Result<Upstream, String> {
        let wrong = |why: &str| format!("{url:?} is not the URL of a server: {why}");
        let uri: Uri = url.parse().map_err(|_| wrong("write http://HOST:PORT"))?;
        let authority = uri.authority().ok_or_else(|| wrong("it has no host"))?;
        if authority.as_str().contains('@') {
            return Err("the URL of a server has no user and password; clients send their own credentials".to_owned());
        }
        if uri.query().is_some() {
            return Err(wrong("it has a query"));
        }
        let secure = match uri.scheme() {
            Some(scheme) if *scheme == Scheme::HTTP => false,
            Some(scheme) if *scheme == Scheme::HTTPS => true,
            _ => return Err(wrong("it must begin with http:// or https://")),
        };
        #[cfg(not(feature = "tls"))]
        if secure {
            return Err(wrong("this program was built without TLS; enable the feature `tls`"));
        }
        let host = authority.host().trim_start_matches('[').trim_end_matches(']').to_owned();
        let port = authority.port_u16().unwrap_or(if secure { 443 } else { 80 });
        Ok(Upstream {
            #[cfg(feature = "tls")]
            tls: secure.then(|| super::tls::Tls::new(&host)).transpose()?,
            host,
            port,
            authority: HeaderValue::from_str(authority.as_str()).map_err(|_| wrong("its host cannot be sent"))?,
            prefix: uri.path().trim_end_matches('/').to_owned(),
            connect_time,
        })
    }

    pub fn authority(&self) -> &HeaderValue {
        &self.authority
    }

    /// Returns the target to send for the target of a received request, with this query if it was changed.
    pub fn target(&self, received: &Uri, query: Option<&str>) -> Uri {
        let whole = received.path_and_query().map_or("/", PathAndQuery::as_str);
        let target = match query {
            None if self.prefix.is_empty() => received.path_and_query().cloned(),
            None if received.path() == "*" => Some(PathAndQuery::from_static("*")),
            None => format!("{}{whole}", self.prefix).parse().ok(),
            Some("") => format!("{}{}", self.prefix, received.path()).parse().ok(),
            Some(query) => format!("{}{}?{query}", self.prefix, received.path()).parse().ok(),
        };
        Uri::from(target.unwrap_or_else(|| PathAndQuery::from_static("/")))
    }

    async fn connect(&self) -> Result<SendRequest<PassedBody>, Failure> {
        match tokio::time::timeout(self.connect_time, self.open()).await {
            Ok(opened) => opened.map_err(|error| Failure::Connect(error.to_string())),
            Err(_) => Err(Failure::Connect(format!("connecting took longer than {:?}", self.connect_time))),
        }
    }

    async fn open(&self) -> io::Result<SendRequest<PassedBody>> {
        let stream = TcpStream::connect((self.host.as_str(), self.port)).await?;
        // Messages are written whole.
        let _ = stream.set_nodelay(true);
        #[cfg(feature = "tls")]
        if let Some(tls) = &self.tls {
            return speak(tls.connect(stream).await?).await;
        }
        speak(stream).await
    }
}

async fn speak<S>(stream: S) -> io::Result<SendRequest<PassedBody>>
where
    S: tokio::io::AsyncRead + tokio::io::AsyncWrite + Unpin + Send + 'static,
{
    let mut builder = Builder::new();
    builder.max_buf_size(BUFFER);
    let (sender, connection) = builder.handshake(TokioIo::new(stream)).await.map_err(io::Error::other)?;
    // It ends with the sender, with the server, or with the program.
    tokio::spawn(connection.with_upgrades());
    Ok(sender)
}

/// The connection to the server that belongs to one connection of a client, so that whatever depends on connections is
/// as without the proxy.
#[derive(Default)]
pub(super) struct Link {
    kept: Mutex<Option<Kept>>,
}

struct Kept {
    sender: SendRequest<PassedBody>,
    since: Instant,
}

impl Link {
    /// Returns a connection that is ready, and whether it is a new one.
    pub async fn connected(&self, upstream: &Upstream) -> Result<Ready, Failure> {
        let kept = self.kept.lock().unwrap_or_else(PoisonError::into_inner).take();
        if let Some(Kept { mut sender, since }) = kept {
            let ready = tokio::time::timeout(READY, sender.ready()).await;
            if matches!(ready, Ok(Ok(()))) {
                return Ok(Ready { sender, idle: Some(since.elapsed()) });
            }
        }
        Ok(Ready { sender: upstream.connect().await?, idle: None })
    }

    /// Sends a request, and keeps the connection for the next one.
    pub async fn send(
        &self,
        mut ready: Ready,
        upstream: &Upstream,
        request: Request<PassedBody>,
    ) -> Result<Response<Incoming>, Failure> {
        let again = ready.idle.filter(|idle| *idle > DOUBTFUL).and_then(|_| repeatable(&request));
        let mut sent = ready.sender.try_send_request(request).await;
        if ready.idle.is_some()
            && let Err(error) = &mut sent
            && let Some(request) = error.take_message().or(again)
        {
            // The server has closed the connection meanwhile, as it may.
            ready.sender = upstream.connect().await?;
            sent = ready.sender.try_send_request(request).await;
        }
        let response = sent.map_err(|error| Failure::Broken(told(&error.into_error())))?;
        *self.kept.lock().unwrap_or_else(PoisonError::into_inner) =
            Some(Kept { sender: ready.sender, since: Instant::now() });
        Ok(response)
    }
}

/// A connection that can take a request.
pub(super) struct Ready {
    sender: SendRequest<PassedBody>,
    /// How long it has been idle; `None` for a new one.
    idle: Option<Duration>,
}

/// Returns a copy of a request that may be sent twice (RFC 9110, 9.2.2).
fn repeatable(request: &Request<PassedBody>) -> Option<Request<PassedBody>> {
    let idempotent = request.method().is_idempotent() && *request.method() != Method::CONNECT;
    let empty = idempotent && request.body().is_end_stream();
    empty.then(|| {
        let body = PassedBody::plain(ReadAhead::full(Bytes::new()));
        let mut copy = Request::new(body);
        *copy.method_mut() = request.method().clone();
        *copy.uri_mut() = request.uri().clone();
        *copy.headers_mut() = request.headers().clone();
        copy
    })
}

/// Returns an error with its causes, which say what happened.
fn told(error: &dyn std::error::Error) -> String {
    let mut text = error.to_string();
    let mut cause = error.source();
    while let Some(error) = cause {
        text.push_str(&format!(": {error}"));
        cause = error.source();
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    fn upstream(url: &str) -> Result<Upstream, String> {
        Upstream::parse(url, DOUBTFUL)
    }

    #[test]
    fn urls_of_servers() {
        for (url, host, port, authority) in [
            ("http://localhost", "localhost", 80, "localhost"),
            ("http://127.0.0.1:8080/", "127.0.0.1", 8080, "127.0.0.1:8080"),
            ("http://[::1]:8080", "::1", 8080, "[::1]:8080"),
        ] {
            let upstream = upstream(url).unwrap();
            assert_eq!((upstream.host.as_str(), upstream.port), (host, port), "{url}");
            assert_eq!(upstream.authority(), authority);
        }
        for url in ["", "localhost:80", "/x", "ftp://x", "http://user:secret@x", "http://x?y=1", "http://"] {
            let error = upstream(url).unwrap_err();
            assert!(!error.contains("secret"), "{error}");
        }
    }

    #[test]
    fn targets_have_the_prefix_of_the_server() {
        for (url, received, query, target) in [
            ("http://x", "/users?a=1", None, "/users?a=1"),
            ("http://x/v1/", "/users?a=1", None, "/v1/users?a=1"),
            ("http://x/v1", "http://other/users", None, "/v1/users"),
            ("http://x", "/users?a=yes&b", Some("a=true&b"), "/users?a=true&b"),
            ("http://x/v1", "/users?a=", Some(""), "/v1/users"),
            ("http://x/v1", "*", None, "*"),
        ] {
            assert_eq!(upstream(url).unwrap().target(&received.parse().unwrap(), query).to_string(), target);
        }
    }
}
