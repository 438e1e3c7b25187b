//! The mock server as a tower service: mounts, the control interface, cross-origin requests, and faults.

use std::convert::Infallible;
use std::future::Future;
use std::pin::Pin;
use std::sync::Arc;
use std::task::{Context, Poll};

use apigen_runtime::server::Disconnect;
use apigen_runtime::testing::Fault;
use bytes::Bytes;
use http::header::ALLOW;
use http::request::Parts;
use http::uri::PathAndQuery;
use http::{HeaderValue, Request, Response, StatusCode, Uri};
use http_body::Body;
use tower_service::Service;

use super::body::MockBody;
use super::message::{error, json};
use super::mounts::{Mount, Shared};
use super::traffic::Recorder;
use super::{control, cors};

/// A mock server as a tower service. Clones share state, rules and journal.
#[derive(Clone)]
pub struct MockService {
    pub(super) shared: Arc<Shared>,
}

type BoxError = Box<dyn std::error::Error + Send + Sync>;
type BoxFuture<T> = Pin<Box<dyn Future<Output = T> + Send>>;

impl MockService {
    /// Returns how many requests were answered by what.
    pub fn summary(&self) -> String {
        self.shared.traffic.summary()
    }
}

impl<B> Service<Request<B>> for MockService
where
    B: Body<Data: Send, Error: Into<BoxError>> + Send + 'static,
{
    type Response = Response<MockBody>;
    type Error = Infallible;
    type Future = BoxFuture<Result<Response<MockBody>, Infallible>>;

    fn poll_ready(&mut self, _: &mut Context<'_>) -> Poll<Result<(), Infallible>> {
        Poll::Ready(Ok(()))
    }

    fn call(&mut self, request: Request<B>) -> Self::Future {
        let shared = Arc::clone(&self.shared);
        Box::pin(async move {
            let (head, body) = request.into_parts();
            if let Some(path) = control::path(head.uri.path()) {
                let path = path.to_owned();
                return Ok(control::respond(&shared, head, &path, body).await.map(MockBody::new));
            }
            // The head is needed after the request has gone.
            let asked = shared.settings.cors.then(|| head.clone());
            let mut response = served(&shared, head, body).await;
            if let Some(asked) = asked {
                cors::allow(&asked, response.headers_mut());
            }
            Ok(broken(response))
        })
    }
}

/// Responds to a request for an operation.
async fn served<B>(shared: &Shared, mut head: Parts, body: B) -> Response<Bytes>
where
    B: Body<Data: Send, Error: Into<BoxError>> + Send + 'static,
{
    let mounts = shared.mounts();
    let found = mounts.iter().find_map(|mount| Some((mount, below(&mount.base, &head.uri)?)));
    let Some((mount, uri)) = found else {
        let response = unmounted(&mounts, head.uri.path());
        if let Some(mount) = mounts.first() {
            shared.traffic.note_unmounted(&Recorder::new(&mount.engine.answers.service), &head, &response);
        }
        return response;
    };
    head.uri = uri;
    let preflight = shared.settings.cors && cors::is_preflight(&head);
    if preflight {
        // The path may declare `OPTIONS` itself, with parameters that a preflight does not have.
        let mut response = Response::new(Bytes::new());
        *response.status_mut() = StatusCode::NO_CONTENT;
        let methods = mount.engine.methods(head.uri.path());
        response.headers_mut().extend(HeaderValue::from_str(&methods).ok().map(|methods| (ALLOW, methods)));
        return response;
    }
    mount.engine.call(Request::from_parts(head, body)).await
}

/// Returns the URI below a base path; `None` if it is not below it.
fn below(base: &str, uri: &Uri) -> Option<Uri> {
    if base.is_empty() {
        return Some(uri.clone());
    }
    let rest = uri.path().strip_prefix(base).filter(|rest| rest.is_empty() || rest.starts_with('/'))?;
    let path = if rest.is_empty() { "/" } else { rest };
    let query = uri.query().map(|query| format!("?{query}")).unwrap_or_default();
    let target: PathAndQuery = format!("{path}{query}").parse().ok()?;
    let mut parts = uri.clone().into_parts();
    parts.path_and_query = Some(target);
    Uri::from_parts(parts).ok()
}

fn unmounted(mounts: &[Mount], path: &str) -> Response<Bytes> {
    let bases: Vec<&str> = mounts.iter().map(|mount| mount.base.as_str()).collect();
    let message = format!("no service is served at {path}; services are served below {}", bases.join(", "));
    json(StatusCode::NOT_FOUND, &error("not_found", &message))
}

/// Applies the fault that the response is to have.
fn broken(mut response: Response<Bytes>) -> Response<MockBody> {
    match response.extensions_mut().remove::<Fault>() {
        None => response.map(MockBody::new),
        Some(Fault::Cut(after)) => response.map(|body| match body.len() {
            length if length > after => MockBody::breaking(body.slice(..after), length),
            _ => MockBody::new(body),
        }),
        Some(_) => {
            // Without a listener of ours, at least the body breaks.
            response.extensions_mut().insert(Disconnect);
            response.map(|_| MockBody::breaking(Bytes::new(), 1))
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn base_paths_are_taken_off() {
        for (base, uri, expected) in [
            ("", "/users?x=1", Some("/users?x=1")),
            ("/v1", "/v1/users?x=1", Some("/users?x=1")),
            ("/v1", "/v1", Some("/")),
            ("/v1", "/v1?x", Some("/?x")),
            ("/v1", "/v12/users", None),
            ("/v1", "/users", None),
        ] {
            let found = below(base, &uri.parse().unwrap()).map(|uri| uri.to_string());
            assert_eq!(found.as_deref(), expected, "{base} {uri}");
        }
    }
}
