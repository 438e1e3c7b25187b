//! From documents to the resolved model: reads, loads what is imported, checks, lowers.

use std::collections::HashMap;
use std::path::{Path, PathBuf};

use crate::check;
pub use crate::diagnostic::{Diagnostic, Report, Severity};
use crate::ir::{self, lower};
pub use crate::spec::Imports;
use crate::spec::context::newer;
use crate::spec::service::{Import, Service};
use crate::spec::{Context, Form, imports, read};

/// A document to generate from.
#[derive(Debug, Clone)]
pub struct Source {
    /// What diagnostics call it.
    pub name: String,
    /// Its text.
    pub text: String,
    /// Where it is, for finding imports next to it.
    pub path: Option<PathBuf>,
}

/// Everything that is read.
#[derive(Debug, Clone, Default)]
pub struct Inputs {
    /// The requested specs.
    pub specs: Vec<Source>,
    /// Where imports are found.
    pub imports: Imports,
    /// Namespaces whose types exist already, and the Rust path that they have.
    pub externs: Vec<(String, String)>,
    /// What an `api.json` does not say: key of the organisation.
    pub organization: Option<String>,
    /// Namespace of the organisation.
    pub namespace: Option<String>,
    /// Version.
    pub version: Option<String>,
}

/// The model, and what else is worth knowing.
#[derive(Debug)]
pub struct Loaded {
    /// The resolved model.
    pub api: ir::Api,
    /// Every file that was read.
    pub files: Vec<PathBuf>,
    /// Warnings.
    pub report: Report,
}

/// A service on its way through the stages.
pub(crate) struct Unit {
    pub source: usize,
    pub form: Form,
    pub path: Option<PathBuf>,
    pub service: Service,
    pub role: ir::Role,
    /// For each import, the unit that it is; `None` if it was not found.
    pub imports: Vec<Option<usize>>,
}

/// Reads the specs and what they import, and resolves everything.
///
/// # Errors
/// All problems of the first stage that finds any.
pub fn load(inputs: Inputs) -> Result<Loaded, Report> {
    let mut loader =
        Loader { report: Report::default(), units: Vec::new(), files: Vec::new(), by_file: HashMap::new() };
    let mut places = inputs.imports;
    if let Err(faults) = places.open() {
        for fault in faults {
            loader.report.push(bare("E007", format!("imports cannot be read from {fault}")));
        }
    }
    let context = Context { organization: inputs.organization, namespace: inputs.namespace, version: inputs.version };
    for spec in inputs.specs {
        loader.files.extend(spec.path.clone());
        loader.read(&spec.name, &spec.text, spec.path, &context, ir::Role::Requested);
    }
    loader.load_imports(&places, &inputs.externs);
    if !loader.report.has_errors() {
        check::check(&loader.units, &mut loader.report);
    }
    if loader.report.has_errors() {
        return Err(loader.report);
    }
    Ok(Loaded { api: lower::lower(&loader.units, &mut loader.report), files: loader.files, report: loader.report })
}

fn bare(code: &'static str, message: String) -> Diagnostic {
    let span = crate::spec::json::Span::default();
    Diagnostic { code, severity: Severity::Error, message, help: None, source: usize::MAX, span }
}

struct Loader {
    report: Report,
    units: Vec<Unit>,
    files: Vec<PathBuf>,
    /// Units by the file that they were read from.
    by_file: HashMap<PathBuf, usize>,
}

impl Loader {
    fn read(
        &mut self,
        name: &str,
        text: &str,
        path: Option<PathBuf>,
        context: &Context,
        role: ir::Role,
    ) -> Option<usize> {
        let source = self.report.add_document(name, text);
        let (form, service) = read(text, source, context, &mut self.report)?;
        if let Some(path) = &path {
            self.by_file.insert(path.clone(), self.units.len());
        }
        self.units.push(Unit { source, form, path, service, role, imports: Vec::new() });
        Some(self.units.len() - 1)
    }

    /// The closure of all imports. Imports of imported services are needed too, for the types of their fields.
    fn load_imports(&mut self, places: &Imports, externs: &[(String, String)]) {
        let mut next = 0;
        while next < self.units.len() {
            let imports = self.units[next].service.imports.clone();
            for import in imports {
                let found = self.import(places, externs, next, &import);
                self.units[next].imports.push(found);
            }
            next += 1;
        }
    }

    fn import(
        &mut self,
        places: &Imports,
        externs: &[(String, String)],
        importer: usize,
        import: &Import,
    ) -> Option<usize> {
        let uri = &import.uri.value;
        let Some(file) = places.find(uri, self.units[importer].path.as_deref()) else {
            // A requested service of that namespace will do.
            let same = |unit: &Unit| import.namespace.as_ref().is_some_and(|n| *n == unit.service.namespace);
            return self.units.iter().position(same).or_else(|| {
                self.missing(importer, import);
                None
            });
        };
        if let Some(unit) = self.by_file.get(&file) {
            return Some(*unit);
        }
        let text = match places.read(uri, &file) {
            Ok(text) => text,
            Err(fault) => {
                let (code, message, help) = (fault.code, fault.message, fault.help);
                self.report.push(self.at_import(importer, import, code, Severity::Error, message, help));
                return None;
            }
        };
        self.files.push(file.clone());
        let unit = self.read(
            &file.display().to_string(),
            &text,
            Some(file.clone()),
            &import_context(uri),
            ir::Role::Imported,
        )?;
        let application =
            imports::parts(uri).map_or_else(|| self.units[unit].service.application.clone(), |p| p.1.to_owned());
        if !self.units[unit].service.namespace_declared
            && let Some(used) = imports::namespace_in_use(self.units[importer].service.type_texts(), &application)
        {
            self.units[unit].service.namespace = used;
        }
        Some(self.settle(unit, &file, externs))
    }

    /// One service per namespace: a requested one wins, else the newest version.
    fn settle(&mut self, unit: usize, file: &Path, externs: &[(String, String)]) -> usize {
        let namespace = self.units[unit].service.namespace.clone();
        if let Some((_, path)) = externs.iter().find(|(known, _)| *known == namespace) {
            self.units[unit].role = ir::Role::External(path.clone());
        }
        let Some(earlier) = self.units[..unit].iter().position(|u| u.service.namespace == namespace) else {
            return unit;
        };
        let Some(new) = self.units.pop() else { return earlier };
        let replace = self.units[earlier].role != ir::Role::Requested
            && newer(&new.service.version, &self.units[earlier].service.version);
        if replace && self.units[earlier].imports.is_empty() {
            self.units[earlier] = new;
        }
        self.by_file.insert(file.to_owned(), earlier);
        earlier
    }

    fn missing(&mut self, importer: usize, import: &Import) {
        let uri = &import.uri.value;
        let help = "fetch it with `apigen update`, or put the service next to the spec, or say where it is: a folder with organisation/application/version/service.json, \
            or a JSON file that maps the URI to a file (`--imports`, or `Config::imports` in build.rs)";
        let diagnostic = if self.units[importer].form == Form::Api {
            let message = format!("Error fetching uri[{uri}]: the imported service was not found");
            self.at_import(importer, import, "E008", Severity::Error, message, Some(help.to_owned()))
        } else {
            let message = format!("the imported service {uri} was not found; its types are generated as plain JSON");
            self.at_import(importer, import, "W001", Severity::Warning, message, Some(help.to_owned()))
        };
        self.report.push(diagnostic);
    }

    fn at_import(
        &self,
        importer: usize,
        import: &Import,
        code: &'static str,
        severity: Severity,
        message: String,
        help: Option<String>,
    ) -> Diagnostic {
        Diagnostic { code, severity, message, help, source: self.units[importer].source, span: import.uri.at }
    }
}

/// What the URI says of an imported `api.json`.
fn import_context(uri: &str) -> Context {
    let Some((organization, _, version)) = imports::parts(uri) else { return Context::default() };
    let version = if version == "latest" { "0.0.1" } else { version.trim_start_matches('~') };
    let namespace = Some(organization.to_owned());
    Context { organization: Some(organization.to_owned()), namespace, version: Some(version.to_owned()) }
}
