//! Extractors for axum handlers.

use std::sync::LazyLock;

use axum::body::Body;
use axum::extract::{FromRequest, FromRequestParts, Request};
use axum::response::{IntoResponse, Response};
use http::request::Parts;

use crate::json::{FromJson, Mode, Violations};
use crate::server::limits::{Intake, Refused, ServerLimits};
use crate::server::response::{Cause, RawResponse, guarded};
use crate::validate::{
    ExpectedBody, MAX_REQUEST_BYTES, MessageLocation as At, MessageViolation, QueryError, Values, query_to_tree,
    refusal,
};

/// The memory and time limits that all extractors of a program share.
static INTAKE: LazyLock<Intake> = LazyLock::new(|| Intake::new(ServerLimits::new()));

/// The JSON body of a request, decoded [strictly](Mode::strict).
///
/// Responds with 422 and every violation if the body violates the spec, with 413 if it is larger than
/// [`MAX_REQUEST_BYTES`], with 415 if its content type is not JSON, and with 500 if the type panics while decoding. All
/// extractors of a program share the default [limits](ServerLimits) of memory and time; beyond them, the response is
/// 503 or 408.
#[derive(Debug, Clone, Copy, Default, PartialEq)]
pub struct ValidJson<T>(pub T);

/// The query string of a request as an object of type `T`: `a=1&b[c]=x`, with text [coerced](Mode::coerce) to the types
/// of the fields. Responds with 422 and every violation if it violates the spec, and with 500 if the type panics while
/// decoding.
#[derive(Debug, Clone, Copy, Default, PartialEq)]
pub struct ValidQuery<T>(pub T);

/// The response of an extractor that failed.
#[derive(Debug)]
pub struct Rejection(RawResponse);

impl IntoResponse for Rejection {
    fn into_response(self) -> Response {
        self.0.into_response().map(Body::from)
    }
}

impl<T: FromJson, S: Sync> FromRequest<S> for ValidJson<T> {
    type Rejection = Rejection;

    async fn from_request(request: Request, _: &S) -> Result<Self, Rejection> {
        let (head, body) = request.into_parts();
        let rejection = |refused: Refused| Rejection(refused.written());
        let (body, _share) = INTAKE.receive(body, MAX_REQUEST_BYTES).await.map_err(rejection)?;
        if body.trim_ascii().is_empty() {
            return Err(Rejection(RawResponse::invalid(&[MessageViolation::missing(At::Body, "")])));
        }
        if let Some(refusal) = refusal(ExpectedBody::Json, &head.headers, &body) {
            return Err(Rejection(RawResponse::invalid(&[refusal])));
        }
        let read = guarded(|| T::from_json(&body)).map_err(failed)?;
        read.map(ValidJson).map_err(|violations| refused(At::Body, violations))
    }
}

impl<T: FromJson, S: Sync> FromRequestParts<S> for ValidQuery<T> {
    type Rejection = Rejection;

    async fn from_request_parts(parts: &mut Parts, _: &S) -> Result<Self, Rejection> {
        let query = parts.uri.query().unwrap_or_default();
        let tree = query_to_tree(query).map_err(|error| {
            // It is not known yet whether the field is sensitive.
            let found = if let QueryError::Encoding(_) = error { "other bytes" } else { "more" };
            Rejection(RawResponse::invalid(&[MessageViolation::malformed(At::Query, "", &error.expected(), found)]))
        })?;
        let Some((json, blank)) = Values::Tree(tree).json(false, None) else {
            return Err(Rejection(RawResponse::invalid(&[MessageViolation::missing(At::Query, "")])));
        };
        // The schema decides whether empty text is a value.
        let read = |json: String| guarded(|| T::from_json_with(json, &Mode::coerce()));
        let value = match (read(json).map_err(failed)?, blank) {
            (Err(_), Some(blank)) => read(blank).map_err(failed)?,
            (value, _) => value,
        };
        value.map(ValidQuery).map_err(|violations| refused(At::Query, violations))
    }
}

/// Creates a 500: user-defined types may panic, which must not break the connection.
fn failed(cause: Cause) -> Rejection {
    Rejection(RawResponse::failed(cause))
}

fn refused(location: At, violations: Violations) -> Rejection {
    let list = violations.into_iter().map(|violation| MessageViolation { location, name: String::new(), violation });
    Rejection(RawResponse::invalid(&list.collect::<Vec<_>>()))
}
