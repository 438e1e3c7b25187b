//! A spec, loaded once: what all tools read.

use std::fmt;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use apigen_model::api::{self, Api, Role};
use apigen_model::behaviour::SensitiveAnnotations;
use apigen_model::diagnostic::Report;
use apigen_model::source::read_text;
use apigen_model::{Inputs, Source, load};
use apigen_runtime::validate::schema::Schema;

/// A spec, loaded once.
#[derive(Debug)]
pub struct LoadedService {
    api: Api,
    schema: Arc<Schema>,
}

/// Why a spec cannot be loaded.
#[derive(Debug)]
pub enum LoadError {
    /// A file cannot be read.
    Read(PathBuf, std::io::Error),
    /// The document has problems, each with its place.
    Invalid(Report),
    /// The document cannot be used.
    Unusable(String),
}

impl LoadedService {
    /// Loads a spec.
    ///
    /// # Errors
    /// Returns an error if the file cannot be read, or all problems of the spec.
    pub fn from_path(path: impl AsRef<Path>) -> Result<LoadedService, LoadError> {
        let path = path.as_ref();
        let text = read_text(path).map_err(|error| LoadError::Read(path.to_owned(), error))?;
        let source = Source { name: path.display().to_string(), text, path: Some(path.to_owned()) };
        let loaded = load(Inputs { specs: vec![source], ..Inputs::default() }).map_err(LoadError::Invalid)?;
        LoadedService::new(loaded.api, SensitiveAnnotations::default())
    }

    /// Takes a resolved model.
    ///
    /// # Errors
    /// Returns an error if its paths cannot be matched.
    pub fn new(api: Api, annotations: SensitiveAnnotations) -> Result<LoadedService, LoadError> {
        let schema = crate::schema(&api, &annotations).map_err(|error| LoadError::Unusable(error.to_string()))?;
        Ok(LoadedService { api, schema: Arc::new(schema) })
    }

    /// Returns the resolved model.
    pub fn api(&self) -> &Api {
        &self.api
    }

    /// Returns the service itself.
    pub fn service(&self) -> &api::Service {
        let requested = self.api.services.iter().find(|(_, service)| service.role == Role::Requested);
        &self.api.services[requested.map_or_else(|| self.api.services.next_id(), |(id, _)| id)]
    }

    /// Returns the validators.
    pub fn schema(&self) -> &Arc<Schema> {
        &self.schema
    }
}

impl fmt::Display for LoadError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            LoadError::Read(path, error) => write!(f, "{}: {error}", path.display()),
            LoadError::Invalid(report) => f.write_str(report.render(false).trim_end()),
            LoadError::Unusable(why) => f.write_str(why),
        }
    }
}

impl std::error::Error for LoadError {}
