//! Loads documents: reads them with their imports, checks them, and resolves the model.

use std::collections::HashMap;
use std::path::{Path, PathBuf};

use crate::api::{self, Role};
use crate::diagnostic::{Diagnostic, Report};
use crate::lint;
use crate::parse::imports::{self, ServiceUri};
use crate::parse::names::Names;
use crate::parse::publish::publish;
use crate::parse::service::Import;
use crate::parse::{Form, Imports, SpecDefaults, Unit, read};
use crate::resolve::resolve;
use crate::source::json::Span;
use crate::vocabulary::version::newer;

#[cfg(test)]
mod growth;

/// A document to generate from.
#[derive(Debug, Clone)]
pub struct Source {
    /// The name used in diagnostics.
    pub name: String,
    /// The text of the document.
    pub text: String,
    /// The path of the document, used to find imports next to it.
    pub path: Option<PathBuf>,
}

/// Everything that [`load`], [`check`] and [`normalize`] read.
#[derive(Debug, Clone, Default)]
pub struct Inputs {
    /// The requested specs.
    pub specs: Vec<Source>,
    /// Services that may be imported, found by their namespace.
    pub import_sources: Vec<Source>,
    /// The places where other imports are found.
    pub imports: Imports,
    /// Namespaces whose types already exist, with their Rust paths.
    pub externs: Vec<(String, String)>,
    /// Key of the organisation, which an `api.json` does not contain.
    pub organization: Option<String>,
    /// Namespace of the organisation, likewise.
    pub namespace: Option<String>,
    /// Version, likewise.
    pub version: Option<String>,
    /// Treats fields with defaults as required (API Builder's migration mode, for documents that were stored long ago).
    pub migration: bool,
    /// Lints to run on the requested specs; none if absent.
    pub lints: Option<lint::Settings>,
}

/// The resolved model, with warnings and the files that were read.
#[derive(Debug)]
pub struct Loaded {
    /// The resolved model.
    pub api: api::Api,
    /// Every file that was read.
    pub files: Vec<PathBuf>,
    /// Warnings.
    pub report: Report,
}

/// Reads the specs and their imports, and resolves the model.
///
/// # Errors
/// Returns all problems of the first stage that finds any; denied lints are problems of the last stage.
pub fn load(inputs: Inputs) -> Result<Loaded, Report> {
    let lints = inputs.lints.clone();
    let mut loader = read_all(inputs, Reach::Closure);
    if loader.report.has_errors() {
        return Err(loader.report);
    }
    let api = resolve(&loader.units, &mut loader.report);
    if let Some(settings) = &lints {
        lint::lint(&loader.units, &api, settings, &mut loader.report);
        if loader.report.has_errors() {
            return Err(loader.report);
        }
    }
    Ok(Loaded { api, files: loader.files, report: loader.report })
}

/// Checks each spec on its own, as API Builder does: only its direct imports are read.
pub fn check(inputs: Inputs) -> Report {
    let lints = inputs.lints.clone();
    let mut loader = read_all(inputs, Reach::Direct);
    if let Some(settings) = lints.filter(|_| !loader.report.has_errors()) {
        // Problems with imports of imports matter to generation only, not to the spec.
        let api = resolve(&loader.units, &mut Report::default());
        lint::lint(&loader.units, &api, &settings, &mut loader.report);
    }
    loader.report
}

/// Returns the `service.json` that API Builder would publish for a spec, with warnings.
///
/// # Errors
/// Returns all problems of the first stage that finds any, or an error if there is no spec.
pub fn normalize(inputs: Inputs) -> Result<(String, Report), Report> {
    let loader = read_all(inputs, Reach::Direct);
    match loader.units.first() {
        Some(_) if !loader.report.has_errors() => Ok((publish(&loader.units, 0).pretty(), loader.report)),
        _ => Err(loader.report),
    }
}

/// Which imports are loaded.
#[derive(Clone, Copy, Default, PartialEq, Eq)]
enum Reach {
    /// The direct imports of the specs, each as it is.
    #[default]
    Direct,
    /// Imports of imports too, one version of each: everything needed to generate all types.
    Closure,
}

fn read_all(inputs: Inputs, reach: Reach) -> Loader {
    let mut loader = read_documents(inputs, reach);
    loader.check();
    loader
}

fn read_documents(inputs: Inputs, reach: Reach) -> Loader {
    let mut loader = Loader { places: inputs.imports, externs: inputs.externs, reach, ..Loader::default() };
    for (_, fault) in loader.places.open().err().into_iter().flatten() {
        let message = format!("imports cannot be read from {fault}");
        loader.report.push(Diagnostic::error("E007", Span::default(), message));
    }
    let defaults = SpecDefaults {
        organization: inputs.organization,
        namespace: inputs.namespace,
        version: inputs.version,
        migration: inputs.migration,
    };
    for spec in inputs.specs {
        loader.files.extend(spec.path.clone());
        loader.read(spec, &defaults, Role::Requested);
    }
    for service in inputs.import_sources {
        if let Some(unit) = loader.read(service, &SpecDefaults::default(), Role::Imported) {
            loader.settle(unit, None);
        }
    }
    loader.load_imports();
    loader
}

#[derive(Default)]
struct Loader {
    places: Imports,
    /// Namespaces whose types already exist, with their Rust paths.
    externs: Vec<(String, String)>,
    report: Report,
    units: Vec<Unit>,
    files: Vec<PathBuf>,
    /// Units by the files they were read from.
    by_file: HashMap<PathBuf, usize>,
    /// The first unit of each namespace.
    by_namespace: HashMap<String, usize>,
    reach: Reach,
}

impl Loader {
    /// Checks the meaning of all documents, except those whose structure is wrong.
    fn check(&mut self) {
        let sound = match self.reach {
            Reach::Closure => self.units.iter().map(|_| !self.report.has_errors()).collect::<Vec<_>>(),
            Reach::Direct => self.units.iter().map(|unit| self.is_sound(unit)).collect(),
        };
        crate::check::check(&self.units, &sound, &mut self.report);
    }

    fn read(&mut self, source: Source, defaults: &SpecDefaults, role: Role) -> Option<usize> {
        let Source { name, text, path } = source;
        let document = self.report.add_document(&name, &text);
        let (form, service) = read(&text, document, defaults, &mut self.report)?;
        let unit = self.units.len();
        self.by_file.extend(path.clone().map(|path| (path, unit)));
        self.units.push(Unit { document, form, path, service, role, imports: Vec::new(), names: Names::default() });
        if self.units[unit].role == Role::Requested {
            self.named(unit);
        }
        Some(unit)
    }

    /// Returns true if a requested document and its imports have no errors.
    fn is_sound(&self, unit: &Unit) -> bool {
        let imports = unit.imports.iter().flatten().map(|import| self.units[*import].document);
        let mut documents = std::iter::once(unit.document).chain(imports).map(Some).chain([None]);
        unit.role == Role::Requested && !documents.any(|document| self.report.has_errors_in(document))
    }

    /// Loads the closure of all imports. Imports of imported services are needed too, for the types of their fields.
    fn load_imports(&mut self) {
        let mut next = 0;
        while next < self.units.len() {
            let wanted = self.reach == Reach::Closure || self.units[next].role == Role::Requested;
            let imports = if wanted { self.units[next].service.imports.clone() } else { Vec::new() };
            for import in imports {
                let found = self.import(next, &import);
                self.units[next].imports.push(found);
            }
            next += 1;
        }
    }

    fn import(&mut self, importer: usize, import: &Import) -> Option<usize> {
        let uri = &import.uri.value;
        let Some(file) = self.places.find(uri, self.units[importer].path.as_deref()) else {
            // Fall back to a given service of that namespace.
            let given = import.namespace.as_ref().and_then(|namespace| self.by_namespace.get(namespace));
            return given.copied().or_else(|| {
                self.missing(importer, import);
                None
            });
        };
        if let Some(unit) = self.by_file.get(&file) {
            return Some(*unit);
        }
        let text = match self.places.read(uri, &file) {
            Ok(text) => text,
            Err(fault) => {
                let diagnostic = Diagnostic::error(fault.code, import.uri.at, fault.message).help(fault.help);
                self.report.push(diagnostic.in_document(self.units[importer].document));
                return None;
            }
        };
        self.files.push(file.clone());
        let source = Source { name: file.display().to_string(), text, path: Some(file.clone()) };
        let unit = self.read(source, &import_context(uri), Role::Imported)?;
        let application = ServiceUri::new(uri).map(|uri| uri.application.to_owned());
        let application = application.unwrap_or_else(|| self.units[unit].service.application.clone());
        if !self.units[unit].service.namespace_declared
            && let Some(used) = imports::namespace_in_use(self.units[importer].service.type_texts(), &application)
        {
            self.units[unit].service.namespace = used;
        }
        match self.reach {
            Reach::Direct => {
                self.named(unit);
                Some(unit)
            }
            Reach::Closure => Some(self.settle(unit, Some(&file))),
        }
    }

    /// Records the namespace of a unit, unless an earlier one has it.
    fn named(&mut self, unit: usize) {
        self.by_namespace.entry(self.units[unit].service.namespace.clone()).or_insert(unit);
    }

    /// Keeps one service per namespace: a requested one wins, else the newest version.
    fn settle(&mut self, unit: usize, file: Option<&Path>) -> usize {
        let namespace = self.units[unit].service.namespace.clone();
        if let Some((_, path)) = self.externs.iter().find(|(known, _)| *known == namespace) {
            self.units[unit].role = Role::External(path.clone());
        }
        let Some(earlier) = self.by_namespace.get(&namespace).copied().filter(|earlier| *earlier < unit) else {
            self.named(unit);
            return unit;
        };
        let Some(new) = self.units.pop() else { return earlier };
        let replace = self.units[earlier].role != Role::Requested
            && newer(&new.service.version, &self.units[earlier].service.version);
        if replace && self.units[earlier].imports.is_empty() {
            self.units[earlier] = new;
        }
        if let Some(file) = file {
            self.by_file.insert(file.to_owned(), earlier);
        }
        earlier
    }

    fn missing(&mut self, importer: usize, import: &Import) {
        let uri = &import.uri.value;
        let names = ServiceUri::new(uri).map(|ServiceUri { organization, application, version }| {
            format!(" as {application}.json or {organization}/{application}/{version}/service.json")
        });
        let names = names.unwrap_or_default();
        let help = format!(
            "fetch it with `apigen update`, put it next to the spec{names}, or pass its folder, or a JSON file that maps URIs to files, with `--imports` (in build.rs: `Config::import_path`)"
        );
        let message = format!("the imported service uri[{uri}] was not found");
        let diagnostic = match self.units[importer].form {
            Form::Api => Diagnostic::error("E008", import.uri.at, message),
            Form::Service => Diagnostic::warning("W001", import.uri.at, message + "; using plain JSON for its types"),
        };
        self.report.push(diagnostic.help(help).in_document(self.units[importer].document));
    }
}

/// Derives the defaults of an imported `api.json` from its URI.
fn import_context(uri: &str) -> SpecDefaults {
    let Some(ServiceUri { organization, version, .. }) = ServiceUri::new(uri) else { return SpecDefaults::default() };
    let version = if version == "latest" { "0.0.1" } else { version.trim_start_matches('~') };
    let organization = Some(organization.to_owned());
    SpecDefaults { namespace: organization.clone(), organization, version: Some(version.to_owned()), migration: false }
}
