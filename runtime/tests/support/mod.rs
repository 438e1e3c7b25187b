//! A small service, as generated code would describe it.
#![allow(dead_code, missing_docs, unreachable_pub, clippy::unwrap_used)]

use std::convert::Infallible;

use apigen_runtime::{
    FromJson, Operation, OperationInfo, Reader,
    client::{ClientBuilder, DeclaredError, FromResponse, HttpClient, ResponseInfo, ServiceInfo},
};

pub mod script;
pub mod server;

pub static SERVICE: ServiceInfo = ServiceInfo {
    name: "users",
    namespace: "io.example.users.v2",
    version: "2.1.0",
    user_agent: "apibuilder localhost/example/users/2.1.0/rust",
    headers: &[("X-Flow-Env", "spec"), ("X-Other", "spec")],
    overlapping: &[],
};

pub fn builder(base_url: &str) -> ClientBuilder<HttpClient> {
    ClientBuilder::new(&SERVICE, base_url)
}

pub const fn success(status: u16) -> ResponseInfo {
    ResponseInfo::success(status)
}

pub const fn failure(status: u16) -> ResponseInfo {
    ResponseInfo::error(status)
}

pub const fn unit(info: ResponseInfo) -> ResponseInfo {
    info.unit()
}

/// The declared errors of `users.post`.
#[derive(Debug, Clone, PartialEq)]
pub enum PostError {
    Unauthorized,
    Conflict(String),
    Default(u16, Option<String>),
}

impl FromResponse for PostError {
    fn read(status: u16, r: &mut Reader<'_>) -> Option<Self> {
        match status {
            401 => FromJson::read(r).map(|()| Self::Unauthorized),
            409 => FromJson::read(r).map(Self::Conflict),
            other => FromJson::read(r).map(|body| Self::Default(other, body)),
        }
    }
}

impl DeclaredError for PostError {
    fn status(&self) -> u16 {
        match self {
            Self::Unauthorized => 401,
            Self::Conflict(_) => 409,
            Self::Default(status, _) => *status,
        }
    }
}

macro_rules! operation {
    ($name:ident, $id:literal, $method:literal, $path:literal, [$($response:expr),*], $output:ty, $error:ty) => {
        #[derive(Debug, Clone)]
        pub struct $name;
        impl Operation for $name {
            type Client = apigen_runtime::client::HttpClient;
            type Output = $output;
            type Error = $error;
            const INFO: &'static OperationInfo =
                &OperationInfo::new($id, $method, $path, &[$($response),*]);
        }
    };
}

operation!(Get, "users.get", "GET", "/users/:id", [success(200)], String, Infallible);
operation!(GetCsv, "users.get_csv", "GET", "/users/:id.csv", [success(200)], String, Infallible);
operation!(Find, "users.find", "GET", "/users/find", [success(200), success(204)], Option<String>, Infallible);
operation!(Post, "users.post", "POST", "/users", [success(201), unit(failure(401)), failure(409)], String, PostError);
operation!(Put, "users.put", "PUT", "/users/:id", [unit(success(204))], (), Infallible);
operation!(Patch, "users.patch", "PATCH", "/users", [unit(success(204))], (), Infallible);
operation!(Delete, "users.delete", "DELETE", "/users", [unit(success(204))], (), Infallible);
operation!(Any, "users.any", "GET", "/any", [success(200), ResponseInfo::others(true)], Option<String>, PostError);
operation!(List, "users.list", "GET", "/users", [success(200)], Vec<String>, Infallible);
