//! The yardstick of the benchmark: a crate with the same operations as written by hand, with `#[async_trait]`, serde's
//! derives, and inlined reqwest calls in each method.

use std::fs;
use std::path::{Path, PathBuf};

const MANIFEST: &str = r#"[package]
name = "NAME"
version = "0.1.0"
edition = "2024"

[dependencies]
async-trait = "0.1"
reqwest = { version = "0.13", default-features = false, features = ["json", "query"] }
serde = { version = "1", features = ["derive"] }

[workspace]
"#;

const HEAD: &str = r#"//! Written by a benchmark.

use std::fmt;

use async_trait::async_trait;
use serde::{Deserialize, Serialize};

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Problem {
    pub message: String,
}

pub struct Client {
    pub http: reqwest::Client,
    pub base_url: String,
}

/// An error that no operation declares.
#[derive(Debug)]
pub enum Failure {
    Http(reqwest::Error),
    Status(reqwest::StatusCode),
}

impl fmt::Display for Failure {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Failure::Http(error) => error.fmt(f),
            Failure::Status(status) => write!(f, "undeclared status {status}"),
        }
    }
}

impl From<reqwest::Error> for Failure {
    fn from(error: reqwest::Error) -> Self {
        Failure::Http(error)
    }
}

pub struct GetParams {
    pub ids: Vec<String>,
    pub names: Vec<String>,
    pub limit: i64,
    pub offset: i64,
}
"#;

const RESOURCE: &str = r#"
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Thing@ {
    pub id: i64,
}

#[derive(Debug)]
pub enum Thing@Error {
    Unauthorized,
    NotFound,
    UnprocessableEntity(Vec<Problem>),
    Failure(Failure),
}

impl From<reqwest::Error> for Thing@Error {
    fn from(error: reqwest::Error) -> Self {
        Thing@Error::Failure(error.into())
    }
}

#[async_trait]
pub trait Thing@s: Send + Sync {
    async fn get(&self, params: GetParams) -> Result<Vec<Thing@>, Thing@Error>;
    async fn get_by_id(&self, id: i64) -> Result<Thing@, Thing@Error>;
    async fn post(&self, thing: &Thing@) -> Result<Thing@, Thing@Error>;
    async fn put_by_id(&self, id: i64, thing: &Thing@) -> Result<Thing@, Thing@Error>;
    async fn delete_by_id(&self, id: i64) -> Result<(), Thing@Error>;
}

#[async_trait]
impl Thing@s for Client {
    async fn get(&self, params: GetParams) -> Result<Vec<Thing@>, Thing@Error> {
        let mut request = self.http.get(format!("{}/thing_@s", self.base_url));
        for id in &params.ids {
            request = request.query(&[("ids", id)]);
        }
        for name in &params.names {
            request = request.query(&[("names", name)]);
        }
        let response = request.query(&[("limit", params.limit), ("offset", params.offset)]).send().await?;
        match response.status().as_u16() {
            200 => Ok(response.json().await?),
            401 => Err(Thing@Error::Unauthorized),
            404 => Err(Thing@Error::NotFound),
            422 => Err(Thing@Error::UnprocessableEntity(response.json().await?)),
            _ => Err(Thing@Error::Failure(Failure::Status(response.status()))),
        }
    }

    async fn get_by_id(&self, id: i64) -> Result<Thing@, Thing@Error> {
        let response = self.http.get(format!("{}/thing_@s/{id}", self.base_url)).send().await?;
        match response.status().as_u16() {
            200 => Ok(response.json().await?),
            401 => Err(Thing@Error::Unauthorized),
            404 => Err(Thing@Error::NotFound),
            422 => Err(Thing@Error::UnprocessableEntity(response.json().await?)),
            _ => Err(Thing@Error::Failure(Failure::Status(response.status()))),
        }
    }

    async fn post(&self, thing: &Thing@) -> Result<Thing@, Thing@Error> {
        let response = self.http.post(format!("{}/thing_@s", self.base_url)).json(thing).send().await?;
        match response.status().as_u16() {
            201 => Ok(response.json().await?),
            401 => Err(Thing@Error::Unauthorized),
            404 => Err(Thing@Error::NotFound),
            422 => Err(Thing@Error::UnprocessableEntity(response.json().await?)),
            _ => Err(Thing@Error::Failure(Failure::Status(response.status()))),
        }
    }

    async fn put_by_id(&self, id: i64, thing: &Thing@) -> Result<Thing@, Thing@Error> {
        let response = self.http.put(format!("{}/thing_@s/{id}", self.base_url)).json(thing).send().await?;
        match response.status().as_u16() {
            200 => Ok(response.json().await?),
            401 => Err(Thing@Error::Unauthorized),
            404 => Err(Thing@Error::NotFound),
            422 => Err(Thing@Error::UnprocessableEntity(response.json().await?)),
            _ => Err(Thing@Error::Failure(Failure::Status(response.status()))),
        }
    }

    async fn delete_by_id(&self, id: i64) -> Result<(), Thing@Error> {
        let response = self.http.delete(format!("{}/thing_@s/{id}", self.base_url)).send().await?;
        match response.status().as_u16() {
            204 => Ok(()),
            401 => Err(Thing@Error::Unauthorized),
            404 => Err(Thing@Error::NotFound),
            422 => Err(Thing@Error::UnprocessableEntity(response.json().await?)),
            _ => Err(Thing@Error::Failure(Failure::Status(response.status()))),
        }
    }
}
"#;

/// Writes the crate into `folder`.
pub fn write(folder: &Path, name: &str, resources: usize) -> PathBuf {
    fs::create_dir_all(folder.join("src")).unwrap();
    fs::write(folder.join("Cargo.toml"), MANIFEST.replace("NAME", name)).unwrap();
    let mut text = HEAD.to_owned();
    for index in 0..resources {
        text.push_str(&RESOURCE.replace('@', &index.to_string()));
    }
    fs::write(folder.join("src/lib.rs"), text).unwrap();
    folder.to_owned()
}
