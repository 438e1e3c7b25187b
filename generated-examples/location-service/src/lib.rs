//! A small service in front of the location service: it tells where a caller is, and registers users.
//!
//! It holds `Arc<dyn location::Api>`, so its tests run against mocks and its binary against the real thing.

pub mod server;

use std::collections::HashMap;
use std::sync::Arc;

use apigen_runtime::{AnyError, FromJson, Violations};
use axum::body::Bytes;
use axum::extract::{Path, Query, State};
use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};
use axum::routing::{get, post};
use axum::{Json, Router};

/// Generated from `specs/location.json` by `build.rs`.
pub mod location {
    apigen_runtime::include_api!("location");
}

use location::users::PostError;
use location::{Address, User, UserForm, addresses};

/// What the handlers share.
type Api = Arc<dyn location::Api>;

/// The routes, answered with the help of any implementation of the location API.
pub fn router(api: Api) -> Router {
    Router::new()
        .route("/where/{ip}", get(whereabouts))
        .route("/cities", get(cities))
        .route("/users", post(register))
        .with_state(api)
}

/// The address of an IP address.
async fn whereabouts(State(api): State<Api>, Path(ip): Path<String>) -> Result<Json<Address>, Failure> {
    let found = api.addresses().get(addresses::GetParams::new().ip(ip)).await?;
    found.into_iter().next().map(Json).ok_or(Failure::Unknown)
}

/// The cities that some text may mean, each once.
async fn cities(
    State(api): State<Api>,
    Query(query): Query<HashMap<String, String>>,
) -> Result<Json<Vec<String>>, Failure> {
    let params = match query.get("text") {
        Some(text) => addresses::GetParams::new().address(text),
        None => addresses::GetParams::new(),
    };
    let mut cities: Vec<String> = api.addresses().get(params).await?.into_iter().filter_map(|a| a.city).collect();
    cities.sort();
    cities.dedup();
    Ok(Json(cities))
}

/// Creates a user; the body is checked before anybody is asked.
async fn register(State(api): State<Api>, body: Bytes) -> Result<(StatusCode, Json<User>), Failure> {
    let form = UserForm::from_json(body)?;
    match api.users().post(&form, Default::default()).await {
        Ok(user) => Ok((StatusCode::CREATED, Json(user))),
        Err(error) => Err(match error.declared() {
            Some(PostError::Conflict(_)) => Failure::Taken(form.email),
            _ => Failure::Other(error.into()),
        }),
    }
}

/// Why there is no answer.
#[derive(Debug)]
enum Failure {
    Unknown,
    Invalid(Violations),
    Taken(String),
    Other(AnyError),
}

impl From<Violations> for Failure {
    fn from(violations: Violations) -> Self {
        Self::Invalid(violations)
    }
}

impl<E> From<apigen_runtime::Error<E>> for Failure
where
    AnyError: From<apigen_runtime::Error<E>>,
{
    fn from(error: apigen_runtime::Error<E>) -> Self {
        Self::Other(error.into())
    }
}

impl IntoResponse for Failure {
    fn into_response(self) -> Response {
        match self {
            Self::Unknown => StatusCode::NOT_FOUND.into_response(),
            Self::Invalid(violations) => (StatusCode::UNPROCESSABLE_ENTITY, violations.to_string()).into_response(),
            Self::Taken(email) => (StatusCode::CONFLICT, format!("{email} is registered already")).into_response(),
            Self::Other(error) => (StatusCode::BAD_GATEWAY, error.to_string()).into_response(),
        }
    }
}
