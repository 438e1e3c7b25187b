use std::fmt;
use std::sync::Arc;

use bytes::Bytes;
use http::request::Parts;

use super::endpoint::{Answer, AnyApi, Served, respond};
use super::reader::RequestReader;
use super::reply::Reply;
use super::table::{Found, Table};

/// The largest request body that a [`Router`] reads unless it is told otherwise: 2 MiB, as with axum.
pub const MAX_REQUEST_BYTES: usize = 2 << 20;

/// An API behind HTTP: a tower service that finds the operation of a request, reads and validates everything that it is
/// called with, calls it, and writes the result. Cheap to clone.
///
/// It fits where axum takes a service (`Router::fallback_service`, `nest_service`), and [serves](Self::serve) itself.
///
/// | answer | when |
/// |---|---|
/// | as declared | the operation has a result, or an error that the spec declares |
/// | 404 | no path of the spec matches |
/// | 405 with `Allow` | a path does, with other methods; `HEAD` and `OPTIONS` are methods like all others |
/// | 413 | the body is [too large](Self::body_limit) |
/// | 422 | the request breaks the spec; the body lists every violation in path, query, headers, form and body |
/// | the same | the API has failed with a status or a body that the spec does not declare, which are passed on |
/// | 502, 504 | the API has no response: a failed connection; a timeout |
/// | 500 | any other failure |
///
/// All of the router's own answers are `{"code": "generic_error", "messages": ["…"]}`; those of 422 have a list
/// `violations` too, with `in`, `name`, `pointer`, `code`, `message`, `expected` and `found`.
#[derive(Clone)]
pub struct Router {
    pub(super) shared: Arc<Shared>,
}

#[derive(Clone)]
pub(super) struct Shared {
    api: Arc<AnyApi>,
    table: Arc<Table>,
    pub(super) limit: usize,
}

/// What becomes of a request.
pub(super) enum Step {
    Reply(Reply),
    /// Another method is needed: one of these.
    Allow(String),
    Call(Box<dyn Answer>, Arc<AnyApi>),
}

impl Router {
    /// Serves this API; `C` is its real client: `Router::new::<location::Client>(Arc::new(mock))`.
    pub fn new<C: Served>(api: Arc<C::Api>) -> Router {
        let shared = Shared { api: Arc::new(api), table: Arc::new(Table::new(C::ENDPOINTS)), limit: MAX_REQUEST_BYTES };
        Router { shared: Arc::new(shared) }
    }

    /// Sets the size of the largest request body that is read; [`MAX_REQUEST_BYTES`] unless this is called.
    pub fn body_limit(self, bytes: usize) -> Router {
        let shared = Shared { limit: bytes, ..Shared::clone(&self.shared) };
        Router { shared: Arc::new(shared) }
    }
}

impl Shared {
    /// Finds and reads the operation.
    pub(super) fn read(&self, head: &Parts, body: &Bytes) -> Step {
        let (method, path) = (head.method.as_str(), head.uri.path());
        let (endpoint, captures) = match self.table.find(method, path) {
            Found::Endpoint(endpoint, captures) => (endpoint, captures),
            Found::OtherMethods(others) => return Step::Allow(others.join(", ")),
            Found::Nothing => return Step::Reply(Reply::error(404, &format!("no operation has the path {path}"))),
        };
        let mut reader = RequestReader::new(&captures, head.uri.query().unwrap_or_default(), &head.headers, body);
        let operation = (endpoint.read)(&mut reader);
        let violations = reader.into_violations();
        match operation {
            Some(operation) if violations.is_empty() => Step::Call(operation, Arc::clone(&self.api)),
            _ => Step::Reply(Reply::invalid(&violations)),
        }
    }
}

impl Step {
    /// The reply, and the methods that are allowed, if that is what was wrong.
    pub(super) async fn reply(self, head: &Parts) -> (Reply, Option<String>) {
        match self {
            Step::Reply(reply) => (reply, None),
            Step::Call(operation, api) => (respond(operation, api).await, None),
            Step::Allow(methods) => {
                let (method, path) = (&head.method, head.uri.path());
                let words = format!("{path} takes no {method}, but {methods}");
                (Reply::error(405, &words), Some(methods))
            }
        }
    }
}

impl fmt::Debug for Router {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Router").field("body_limit", &self.shared.limit).finish_non_exhaustive()
    }
}
