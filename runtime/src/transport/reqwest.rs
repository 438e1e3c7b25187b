use std::error::Error;
use std::fmt;
use std::future::ready;
use std::sync::OnceLock;
use std::time::Duration;

use bytes::{Bytes, BytesMut};
use http::uri::{Authority, PathAndQuery};
use http::{Request, Response, Uri};
use reqwest::Url;
use reqwest::redirect::Policy;

use super::{MAX_RESPONSE_BYTES, ResponseLimit, Transport, TransportError, TransportFuture};

/// The default time limit for connecting.
pub const CONNECT_TIMEOUT: Duration = Duration::from_secs(10);

/// Sends requests by reqwest. The call enforces the [`Timeout`](crate::client::Timeout): a second timer would only add
/// cost.
#[derive(Clone, Debug)]
pub struct ReqwestTransport {
    client: reqwest::Client,
    max_response_bytes: usize,
    origin: Origin,
    may_redirect: bool,
}

impl ReqwestTransport {
    /// Creates a transport from a client, with its proxies, TLS, connections, redirects, and time limits, which apply
    /// in addition to those of a call. Since the client does not tell whether it follows redirects, it counts as one
    /// that [may](Transport::may_redirect); see [`from_builder`](Self::from_builder).
    pub fn new(client: reqwest::Client) -> ReqwestTransport {
        let (max_response_bytes, origin) = (MAX_RESPONSE_BYTES, Origin::default());
        ReqwestTransport { client, max_response_bytes, origin, may_redirect: true }
    }

    /// Creates a transport from these settings, with redirects turned off.
    ///
    /// # Errors
    /// Returns an error if the client cannot be set up, for instance because the system has no certificates.
    pub fn from_builder(builder: reqwest::ClientBuilder) -> Result<ReqwestTransport, Box<dyn Error + Send + Sync>> {
        let client = builder.redirect(Policy::none()).build()?;
        Ok(ReqwestTransport { may_redirect: false, ..ReqwestTransport::new(client) })
    }

    /// Creates a transport that follows no redirects and stops connecting after [`CONNECT_TIMEOUT`].
    ///
    /// # Errors
    /// Returns an error if TLS cannot be set up, for instance because the system has no certificates.
    pub fn with_defaults() -> Result<ReqwestTransport, Box<dyn Error + Send + Sync>> {
        ReqwestTransport::from_builder(reqwest::Client::builder().connect_timeout(CONNECT_TIMEOUT))
    }

    /// Limits the size of response bodies, for requests without a [`ResponseLimit`]; a larger one is an error.
    #[must_use]
    pub fn max_response_bytes(self, bytes: usize) -> ReqwestTransport {
        ReqwestTransport { max_response_bytes: bytes, ..self }
    }

    fn convert(&self, request: Request<Bytes>) -> Result<reqwest::Request, TransportError> {
        let (parts, body) = request.into_parts();
        let mut request = reqwest::Request::new(parts.method, self.origin.url(&parts.uri)?);
        *request.headers_mut() = parts.headers;
        if !body.is_empty() {
            *request.body_mut() = Some(body.into());
        }
        Ok(request)
    }
}

async fn exchange(
    response: impl Future<Output = Result<reqwest::Response, reqwest::Error>>,
    limit: ResponseLimit,
) -> Result<Response<Bytes>, TransportError> {
    let mut response = response.await.map_err(|failed| error(failed).before_response())?;
    let body = body(&mut response, limit).await?;
    let mut answer = Response::new(body);
    *answer.status_mut() = response.status();
    *answer.version_mut() = response.version();
    *answer.headers_mut() = std::mem::take(response.headers_mut());
    Ok(answer)
}

async fn body(response: &mut reqwest::Response, limit: ResponseLimit) -> Result<Bytes, TransportError> {
    if response.content_length().is_some_and(|length| length > limit.0 as u64) {
        return Err(limit.exceeded());
    }
    let mut body = Bytes::new();
    while let Some(chunk) = response.chunk().await.map_err(error)? {
        if body.len() + chunk.len() > limit.0 {
            return Err(limit.exceeded());
        }
        // Most responses are one chunk, which needs no copy; an unshared buffer grows in place.
        body = match body.is_empty() {
            true => chunk,
            false => {
                let mut buffer = BytesMut::from(body);
                buffer.extend_from_slice(&chunk);
                buffer.freeze()
            }
        };
    }
    Ok(body)
}

impl Transport for ReqwestTransport {
    fn send(&self, request: Request<Bytes>) -> TransportFuture<'_> {
        let limit = request.extensions().get().copied().unwrap_or(ResponseLimit(self.max_response_bytes));
        let request = match self.convert(request) {
            Ok(request) => request,
            Err(error) => return Box::pin(ready(Err(error))),
        };
        let send = move || exchange(self.client.execute(request), limit);
        #[cfg(feature = "blocking")]
        return Box::pin(super::background::connected(send));
        #[cfg(not(feature = "blocking"))]
        Box::pin(send())
    }

    fn may_redirect(&self) -> bool {
        self.may_redirect
    }
}

/// Converts an error without its URL, which the error of the call names.
fn error(error: reqwest::Error) -> TransportError {
    let (timeout, connect, final_) =
        (error.is_timeout(), error.is_connect(), error.is_builder() || error.is_redirect());
    let source = error.without_url();
    let mut error = match () {
        () if timeout => TransportError::timeout(source),
        () if connect || final_ => TransportError::other(source),
        () => TransportError::broken(source),
    };
    error.kinds.connect = connect;
    error
}

/// Builds URLs for reqwest. Almost all requests of a transport go to one server, so the first URL is cached: later ones
/// parse only path and query.
#[derive(Clone, Default)]
pub(crate) struct Origin(OnceLock<(String, Url)>);

impl Origin {
    pub(crate) fn url(&self, uri: &Uri) -> Result<Url, TransportError> {
        let (scheme, authority) = (uri.scheme_str().unwrap_or_default(), uri.authority().map_or("", Authority::as_str));
        let known = self.0.get().filter(|(known, url)| known == authority && url.scheme() == scheme);
        if let Some((_, url)) = known {
            let mut url = url.clone();
            url.set_path(uri.path());
            url.set_query(uri.query());
            return Ok(url);
        }
        let path = uri.path_and_query().map_or("", PathAndQuery::as_str);
        let url = Url::parse(&[scheme, "://", authority, path].concat()).map_err(TransportError::other)?;
        self.0.get_or_init(|| {
            let mut origin = url.clone();
            origin.set_path("/");
            origin.set_query(None);
            (authority.to_owned(), origin)
        });
        Ok(url)
    }
}

impl fmt::Debug for Origin {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        // The URL may contain a password.
        f.write_str("…")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn urls_are_the_same_whether_the_origin_is_known_or_not() {
        let origin = Origin::default();
        for text in [
            "http://x.org/first?q=1",
            "http://x.org/a%2Fb/%C3%A9/./c/..?q=x%20y&'z=[]|",
            "http://x.org",
            "http://x.org?only=query",
            "http://x.org/?",
            "http://x.org//a//b/",
            "http://X.org/a",
            "http://x.org:80/a",
            "https://x.org/a",
            "http://[::1]:8080/a?b",
            "http://u:p@x.org/a",
            "http://x.org/;a=b:c@d,e",
        ] {
            let uri: Uri = text.parse().unwrap();
            assert_eq!(origin.url(&uri).unwrap().as_str(), Url::parse(text).unwrap().as_str());
        }
        assert_eq!(origin.0.get().unwrap().1.as_str(), "http://x.org/");
    }
}
