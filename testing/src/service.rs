//! A spec, loaded once: what all tools read.

use std::fmt;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use apigen_model::api::{self, Api, Id, Role};
use apigen_model::behaviour::SensitiveAnnotations;
use apigen_model::diagnostic::Report;
use apigen_model::source::read_text;
use apigen_model::{Imports, Inputs, Loaded, Source, load};
use apigen_runtime::codegen::state::{StateTable, Stored};
use apigen_runtime::validate::schema::Schema;

use crate::lower;
use crate::spec_places::SpecPlaces;

/// A spec, loaded once. The mock server, the proxy and all other tools read requests, responses and state by the same
/// tables.
#[derive(Debug)]
pub struct LoadedService {
    api: Api,
    annotations: SensitiveAnnotations,
    id: Id<api::Service>,
    schema: Arc<Schema>,
    operations: Vec<LoadedOperation>,
    state: &'static StateTable,
    /// The models of the collections of the state.
    items: Vec<api::Type>,
    files: Vec<PathBuf>,
    warnings: Report,
    places: Option<Arc<SpecPlaces>>,
}

/// Where an operation stands in the model, and what the state does for it.
#[derive(Debug, Clone, Copy)]
struct LoadedOperation {
    resource: usize,
    operation: usize,
    stored: Option<&'static Stored>,
}

/// Why a spec cannot be loaded.
#[derive(Debug)]
pub enum LoadError {
    /// A file cannot be read.
    Read(PathBuf, std::io::Error),
    /// The document has problems, each with its place.
    Invalid(Report),
    /// The document declares no operation, or has another form than this tool takes.
    Unusable(String),
}

impl LoadedService {
    /// Loads an `api.json` or `service.json`. Imported services are found next to it.
    ///
    /// # Errors
    /// Returns an error if the file cannot be read, or all problems of the spec.
    pub fn from_path(path: impl AsRef<Path>) -> Result<LoadedService, LoadError> {
        LoadedService::with_imports(path, Vec::new())
    }

    /// Loads a spec whose imported services are found in these places, too: folders, maps of URIs, or folders of fetched
    /// documents.
    ///
    /// # Errors
    /// Returns an error if a file cannot be read, or all problems of the spec.
    pub fn with_imports(path: impl AsRef<Path>, imports: Vec<PathBuf>) -> Result<LoadedService, LoadError> {
        let path = path.as_ref();
        let text = read_text(path).map_err(|error| LoadError::Read(path.to_owned(), error))?;
        let source = Source { name: path.display().to_string(), text, path: Some(path.to_owned()) };
        let inputs = Inputs { specs: vec![source], imports: Imports::new(imports), ..Inputs::default() };
        let loaded = load(inputs).map_err(LoadError::Invalid)?;
        LoadedService::of_loaded(loaded, SensitiveAnnotations::default())
    }

    /// Takes a model that was loaded, with its files and warnings.
    ///
    /// # Errors
    /// Returns an error if no service was requested.
    pub fn of_loaded(loaded: Loaded, annotations: SensitiveAnnotations) -> Result<LoadedService, LoadError> {
        let places = Some(Arc::new(SpecPlaces::new(&loaded)));
        let service = LoadedService::new(loaded.api, annotations)?;
        Ok(LoadedService { files: loaded.files, warnings: loaded.report, places, ..service })
    }

    /// Takes a resolved model. If several of its services were requested, the first one is served.
    ///
    /// # Errors
    /// Returns an error if no service was requested.
    pub fn new(api: Api, annotations: SensitiveAnnotations) -> Result<LoadedService, LoadError> {
        let unusable = |error: &dyn fmt::Display| LoadError::Unusable(error.to_string());
        let requested = api.services.iter().find(|(_, service)| service.role == Role::Requested);
        let (id, service) = requested.ok_or_else(|| unusable(&"the model has no requested service"))?;
        let schema = lower::schema(&api, &annotations).map_err(|error| unusable(&error))?;
        let (state, items) = lower::state(&api, id);
        let operations = service.resources.iter().enumerate();
        let operations = operations.flat_map(|(resource, own)| (0..own.operations.len()).map(move |o| (resource, o)));
        let stored = |id: &str| state.operations.iter().find(|stored| stored.operation == id);
        let operations = operations.zip(schema.operations()).map(|((resource, operation), known)| LoadedOperation {
            resource,
            operation,
            stored: stored(known.info().id),
        });
        let operations = operations.collect();
        let schema = Arc::new(schema);
        let (files, warnings, places) = (Vec::new(), Report::default(), None);
        Ok(LoadedService { api, annotations, id, schema, operations, state, items, files, warnings, places })
    }

    /// Returns where the spec declares its elements, if its text is known.
    pub fn places(&self) -> Option<&Arc<SpecPlaces>> {
        self.places.as_ref()
    }

    /// Returns the resolved model.
    pub fn api(&self) -> &Api {
        &self.api
    }

    /// Returns the names of annotations that make a field sensitive.
    pub fn annotations(&self) -> &SensitiveAnnotations {
        &self.annotations
    }

    /// Returns the service itself, without its imports.
    pub fn service(&self) -> &api::Service {
        &self.api.services[self.id]
    }

    /// Returns the validators.
    pub fn schema(&self) -> &Arc<Schema> {
        &self.schema
    }

    /// Returns the resource and the operation at a position of [`Schema::operations`].
    pub fn operation(&self, index: usize) -> (&api::Resource, &api::Operation) {
        let LoadedOperation { resource, operation, .. } = self.operations[index];
        let resource = &self.service().resources[resource];
        (resource, &resource.operations[operation])
    }

    /// Returns the position of an operation by its ID.
    pub fn position(&self, id: &str) -> Option<usize> {
        self.schema.operations().iter().position(|operation| operation.info().id == id)
    }

    /// Returns what a stateful server keeps.
    pub fn state(&self) -> &'static StateTable {
        self.state
    }

    /// Returns what the state does for an operation.
    pub fn stored(&self, index: usize) -> Option<&'static Stored> {
        self.operations[index].stored
    }

    /// Returns the type of the items of a collection.
    pub fn item_type(&self, collection: usize) -> Option<&api::Type> {
        self.items.get(collection)
    }

    /// Returns the name of the items of a collection.
    pub fn item_name(&self, collection: usize) -> &str {
        match self.items.get(collection) {
            Some(api::Type::Model(id)) => &self.api.models[*id].name,
            _ => "",
        }
    }

    /// Returns every file that was read.
    pub fn files(&self) -> &[PathBuf] {
        &self.files
    }

    /// Returns the warnings about the spec.
    pub fn warnings(&self) -> &Report {
        &self.warnings
    }

    /// Returns the path of the base URL, without a slash at its end: `/v1`, or nothing.
    pub fn base_path(&self) -> &str {
        let url = self.service().base_url.as_deref().unwrap_or_default();
        let rest = url.split_once("://").map_or(url, |(_, rest)| rest);
        rest.find('/').map_or("", |at| rest[at..].trim_end_matches('/'))
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

impl std::error::Error for LoadError {
    fn source(&self) -> Option<&(dyn std::error::Error + 'static)> {
        match self {
            LoadError::Read(_, error) => Some(error),
            LoadError::Invalid(_) | LoadError::Unusable(_) => None,
        }
    }
}
