//! The library's entry: what `build.rs` and the command line both use.

use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::{env, fs};

use crate::Error;
use crate::emit;
use crate::front::{self, Imports, Inputs, Loaded, Report, Source};
#[cfg(feature = "templates")]
use crate::ir::{Api, Role};
use crate::lint::Settings;
use crate::named::{self, Named, Outcome, Places};
use crate::output::{self, Difference, Tree, Written};
use crate::rust::{self, Change, Choice, Dates, Include, Options, Rename};
use crate::spec::advice::closest;
use crate::spec::bounds::read_text;
use crate::spec::is_uri;

/// What to generate, and how. In `build.rs`:
///
/// ```no_run
/// fn main() -> Result<(), apigen::Error> {
///     apigen::Config::new().spec("specs/location.json").generate()
/// }
/// ```
#[derive(Debug, Clone, Default)]
pub struct Config {
    specs: Vec<PathBuf>,
    sources: Vec<Source>,
    imported: Vec<Source>,
    imports: Vec<PathBuf>,
    externs: Vec<(String, String)>,
    out: Option<PathBuf>,
    options: Options,
    #[cfg(feature = "templates")]
    krate: output::Crate,
    organization: Option<String>,
    namespace: Option<String>,
    version: Option<String>,
    migration: bool,
    lints: Option<Settings>,
    force: bool,
    places: Option<Arc<Places>>,
}

/// What a run made.
#[derive(Debug)]
pub struct Generated {
    /// The files, relative to the output folder.
    pub tree: Tree,
    /// Name of the module or crate.
    pub name: String,
    /// How many types there are in it.
    pub types: usize,
    /// How many operations.
    pub operations: usize,
    /// Rendered warnings about the specs; empty if there are none.
    pub warnings: String,
    /// What could not be named or done as one would expect.
    pub notes: Vec<String>,
    /// Every file and folder that was read.
    pub inputs: Vec<PathBuf>,
    pub(crate) outcome: Outcome,
}

impl Generated {
    /// Writes the files to a folder; those that somebody has edited since they were generated with `force` only.
    ///
    /// # Errors
    /// What the file system refused, files that are not ours, or that somebody has edited. Then nothing is written.
    pub fn write(&self, out: &Path, force: bool) -> Result<Written, Error> {
        Ok(output::write(out, &self.tree, force)?)
    }

    /// Every file of a folder that [`write`](Self::write) would write or remove.
    ///
    /// # Errors
    /// What the file system refused.
    pub fn differences(&self, out: &Path) -> Result<Vec<Difference>, Error> {
        output::differences(out, &self.tree).map_err(Error::io)
    }
}

impl Config {
    /// No specs, and every option at its default.
    pub fn new() -> Self {
        Self::default()
    }

    /// Adds a spec, `api.json` or `service.json`: a file, or a URI that is found as those of [imports](Config::imports) are.
    /// Several specs become sibling modules that share what they import.
    pub fn spec(mut self, path: impl Into<PathBuf>) -> Self {
        self.specs.push(path.into());
        self
    }

    /// Adds a spec that is in memory already; `name` is what diagnostics call it.
    pub fn source(mut self, name: impl Into<String>, text: impl Into<String>) -> Self {
        self.sources.push(Source { name: name.into(), text: text.into(), path: None });
        self
    }

    /// Adds a service, as `service.json`, that the specs may import, or others that they import: it is found by its namespace.
    pub fn imported(mut self, name: impl Into<String>, text: impl Into<String>) -> Self {
        self.imported.push(Source { name: name.into(), text: text.into(), path: None });
        self
    }

    /// Adds a place where imported services are found: a folder, a JSON file that maps import URIs to files,
    /// or a folder of `apigen update` (or its lock file), whose files are verified.
    pub fn imports(mut self, path: impl Into<PathBuf>) -> Self {
        self.imports.push(path.into());
        self
    }

    #[cfg(all(feature = "fetch", feature = "manifest"))]
    pub(crate) fn import_places(&self) -> &[PathBuf] {
        &self.imports
    }

    /// Takes the types of an imported namespace from an existing Rust path instead of generating them:
    /// `.extern_path("io.flow.common.v0", "::flow_common")`.
    /// If mocks are generated here, they must be there, too: factories make up its types.
    pub fn extern_path(mut self, namespace: impl Into<String>, rust_path: impl Into<String>) -> Self {
        self.externs.push((namespace.into(), rust_path.into()));
        self
    }

    /// Derives one more trait for all types that a pattern matches: `.derive("models.user", "::my_crate::Table")`.
    ///
    /// A pattern is the name of an enum, model or union as the spec writes it, with as much in front as is wanted, part by part:
    /// `user`, `models.user`, `io.flow.common.v0.models.user`. In each part `*` stands for any characters: `*` alone for all
    /// types, `enums.*` for all enums. A pattern that matches nothing is an error. What is derived or implemented anyway is
    /// not derived twice; with a `*`, `Hash`, `Eq` and `Ord` are left out where a part is known not to have them.
    pub fn derive(self, pattern: impl Into<String>, path: impl Into<String>) -> Self {
        self.choose(pattern, Change::Derive(path.into()))
    }

    /// Puts an attribute on all types that a pattern matches (as in [`Config::derive`]): `.attribute("*", "#[must_use]")`.
    /// It stands below the derives, so that it may belong to one of them.
    pub fn attribute(self, pattern: impl Into<String>, attribute: impl Into<String>) -> Self {
        self.choose(pattern, Change::Attribute(attribute.into()))
    }

    /// Uses an existing Rust type wherever the types occur that a pattern matches (as in [`Config::derive`]), and generates
    /// nothing for them: `.replace("io.flow.common.v0.models.price", "::money::Price")`. The path begins with `::` or `crate`.
    ///
    /// The type implements `Debug`, `Clone`, `PartialEq`, `apigen_runtime::FromJson` and `ToJson`; `Empty`, if mocks answer with it
    /// or a field has it with a default; `ToParam`, if it is a parameter; and it is `Send` and `Sync`. What replaces a model
    /// writes a JSON object (`Writer::object`), so that it can be a member of a union.
    pub fn replace(self, pattern: impl Into<String>, rust_type: impl Into<String>) -> Self {
        self.choose(pattern, Change::Replace(rust_type.into()))
    }

    fn choose(mut self, pattern: impl Into<String>, change: Change) -> Self {
        self.options.types.push(Choice { pattern: pattern.into(), change });
        self
    }

    /// The name of the module or crate; by default the snake case of the spec's name, or `api` for several specs.
    pub fn name(mut self, name: impl Into<String>) -> Self {
        self.options.name = Some(name.into());
        self
    }

    /// Whether mocks are generated; by default always.
    pub fn mocks(mut self, mocks: Include) -> Self {
        self.options.mocks = mocks;
        self
    }

    /// Whether the traits of a server, its router and the validator of requests and responses are generated; by default never.
    /// Code that listens, mocks that are served included, needs the feature `server` of the runtime.
    pub fn server(mut self, server: Include) -> Self {
        self.options.server = server;
        self
    }

    /// Generates only the operations that match a pattern, and the types that they need. Can be said several times; then one
    /// match is enough.
    ///
    /// A pattern is the id of an operation (`users.get_by_guid`), a resource (`users`), or a path with or without a method
    /// (`/users/:guid`, `GET /users/*`); `*` stands for any text. Names stay as they are with everything generated.
    pub fn include(mut self, pattern: impl Into<String>) -> Self {
        self.options.selection.include.push(pattern.into());
        self
    }

    /// Leaves out the operations that match a pattern (see [`Config::include`]), and the types that only they need. A pattern that
    /// matches nothing is an error, and so is it if no operation is left: [`Config::types_only`] says that none is wanted.
    pub fn exclude(mut self, pattern: impl Into<String>) -> Self {
        self.options.selection.exclude.push(pattern.into());
        self
    }

    /// Calls the method of an operation as you like: `.rename("GET /users/:guid", "find")`. It counts more than the name that the
    /// spec gives, by method and path or by the attribute `apigen`.
    ///
    /// The operation is given by method and path, or by its id (`users.get_by_guid`). The name is in snake_case, and no other operation
    /// of the resource has it.
    pub fn rename(mut self, operation: impl Into<String>, name: impl Into<String>) -> Self {
        self.options.renames.push(Rename { operation: operation.into(), name: name.into() });
        self
    }

    /// Generates all types and no operation: neither client nor mock client nor server.
    pub fn types_only(mut self, types_only: bool) -> Self {
        self.options.selection.types_only = types_only;
        self
    }

    /// Names of annotations that mark fields which must not be logged. `Debug` does not show such fields, and violations do not
    /// tell what was found in them. By default `personal_data`, `pii`, `pci`, `phi`, `secret`, `sensitive` and `confidential`.
    pub fn sensitive(mut self, annotations: impl IntoIterator<Item = impl Into<String>>) -> Self {
        self.options.sensitive = Some(annotations.into_iter().map(Into::into).collect());
        self
    }

    /// Which crate's types stand for dates and date-times; by default jiff's.
    pub fn dates(mut self, dates: Dates) -> Self {
        self.options.dates = dates;
        self
    }

    /// The folder to write to; by default a folder with the package's name in `OUT_DIR`.
    pub fn out(mut self, folder: impl Into<PathBuf>) -> Self {
        self.out = Some(folder.into());
        self
    }

    /// Writes a whole crate of this name instead of a module tree.
    #[cfg(feature = "templates")]
    pub fn crate_name(mut self, name: impl Into<String>) -> Self {
        self.options.name = Some(name.into());
        self.options.krate = true;
        self.options.mocks = Include::Feature("mock".to_owned());
        self.options.server = Include::Feature("server".to_owned());
        self
    }

    /// Writes a whole crate, called like the spec.
    #[cfg(feature = "serve")]
    pub(crate) fn whole_crate(self) -> Self {
        let name = self.options.name.clone();
        let mut config = self.crate_name("");
        config.options.name = name;
        config
    }

    /// Where a written crate finds `apigen-runtime`, if not in the registry.
    #[cfg(feature = "templates")]
    pub fn runtime_path(mut self, path: impl Into<PathBuf>) -> Self {
        self.krate.runtime = Some(path.into());
        self
    }

    /// A folder of templates that replace those of the files of a crate that are no Rust.
    #[cfg(feature = "templates")]
    pub fn templates(mut self, folder: impl Into<PathBuf>) -> Self {
        self.krate.templates = Some(folder.into());
        self
    }

    /// The version of a written crate, or `spec` for the version of its spec; by default 0.1.0.
    #[cfg(feature = "templates")]
    pub fn crate_version(mut self, version: impl Into<String>) -> Self {
        self.krate.version = Some(version.into());
        self
    }

    /// Whether registries may have a written crate; by default its manifest says `publish = false`.
    #[cfg(feature = "templates")]
    pub fn publish(mut self, publish: bool) -> Self {
        self.krate.publish = publish;
        self
    }

    /// Adds a dependency of a written crate, in the notation of its manifest: a version (`1.2`), or a table
    /// (`{ path = "../money", version = "1.2" }`) whose path is relative to the crate. Each crate that [`Config::extern_path`],
    /// [`Config::replace`] or [`Config::derive`] names must be one. Where types are those of another generated crate, the feature
    /// `mock` switches on that one's.
    #[cfg(feature = "templates")]
    pub fn dependency(mut self, name: impl Into<String>, spec: impl Into<String>) -> Self {
        self.krate.dependencies.push((name.into(), spec.into()));
        self
    }

    /// What an `api.json` does not say of itself: key of the organisation.
    pub fn organization(mut self, key: impl Into<String>) -> Self {
        self.organization = Some(key.into());
        self
    }

    /// What an `api.json` does not say of itself: namespace of the organisation, the beginning of computed namespaces.
    pub fn namespace(mut self, namespace: impl Into<String>) -> Self {
        self.namespace = Some(namespace.into());
        self
    }

    /// What an `api.json` does not say of itself: its version.
    pub fn version(mut self, version: impl Into<String>) -> Self {
        self.version = Some(version.into());
        self
    }

    /// Reads an `api.json` as a server does that recompiles one which it stored long ago: whatever has a default is required.
    pub fn migration(mut self, migration: bool) -> Self {
        self.migration = migration;
        self
    }

    /// Looks for what compiles but hurts, too, when specs are checked or generated from.
    pub fn lints(mut self, settings: Settings) -> Self {
        self.lints = Some(settings);
        self
    }

    /// Where the texts of options stand.
    #[cfg(feature = "manifest")]
    pub(crate) fn places(mut self, places: Places) -> Self {
        self.places = Some(Arc::new(places));
        self
    }

    /// Overwrites files that somebody has edited since they were generated; else they are an error.
    pub fn force(mut self, force: bool) -> Self {
        self.force = force;
        self
    }

    /// Checks each spec by itself, as API Builder does: only what it imports directly counts.
    ///
    /// # Errors
    /// If a file cannot be read. What is wrong with the specs is in the report.
    pub fn check(&self) -> Result<Report, Error> {
        Ok(front::check(self.read()?))
    }

    /// The `service.json` that API Builder would publish for the one spec, and what is worth knowing.
    ///
    /// # Errors
    /// Everything that is wrong with the spec at once, or a file that cannot be read.
    pub fn normalize(&self) -> Result<(String, Report), Error> {
        if self.specs.len() + self.sources.len() > 1 {
            return Err(Error::usage("one spec at a time can be normalised"));
        }
        Ok(front::normalize(self.read()?)?)
    }

    /// What becomes of each element of the one spec, stage by stage.
    ///
    /// # Errors
    /// Everything that is wrong with the spec at once, or a file that cannot be read.
    #[cfg(feature = "cli")]
    pub fn inspect(&self) -> Result<Vec<crate::inspect::Element>, Error> {
        let (published, _) = self.normalize()?;
        let inputs = self.read()?;
        let text = inputs.specs.first().map(|spec| spec.text.clone()).unwrap_or_default();
        let loaded = front::load(inputs)?;
        Ok(crate::inspect::elements(&loaded.api, &text, &published))
    }

    /// The tables by which JSON is checked against the specs without generated code. They stay in memory until the program ends.
    ///
    /// # Errors
    /// Everything that is wrong with the specs at once, or a file that cannot be read.
    #[cfg(feature = "validate")]
    pub fn schema(&self) -> Result<&'static apigen_runtime::schema::Schema, Error> {
        let loaded = front::load(self.read()?)?;
        Ok(crate::schema::schema(&loaded.api, &self.options))
    }

    /// Generates from a build script, and tells cargo when to do it again.
    ///
    /// # Errors
    /// Everything that is wrong with the specs at once, or what the file system refused.
    pub fn generate(&self) -> Result<(), Error> {
        let generated = self.prepare()?;
        named::check_options([&generated])?;
        self.deliver(&generated)
    }

    /// Generates into memory, and tells cargo when to do it again.
    #[expect(clippy::print_stdout, reason = "this is how a build script talks to cargo")]
    pub(crate) fn prepare(&self) -> Result<Generated, Error> {
        println!("cargo::rerun-if-env-changed=OUT_DIR");
        for path in self.specs.iter().chain(&self.imports).filter(|path| path.exists()) {
            println!("cargo::rerun-if-changed={}", path.display());
        }
        let generated = self.run_shared()?;
        for path in &generated.inputs {
            println!("cargo::rerun-if-changed={}", path.display());
        }
        for line in generated.warnings.lines() {
            println!("cargo::warning={line}");
        }
        Ok(generated)
    }

    /// Writes what a build script has generated.
    pub(crate) fn deliver(&self, generated: &Generated) -> Result<(), Error> {
        let out = match (&self.out, env::var_os("OUT_DIR")) {
            (Some(out), _) => out.clone(),
            (None, Some(out)) => Path::new(&out).join(&generated.name),
            (None, None) => {
                return Err(Error::usage("OUT_DIR is not set: outside a build script, say where with `out`"));
            }
        };
        // Nobody edits what is in OUT_DIR.
        generated.write(&out, self.force || self.out.is_none()).map(drop)
    }

    /// Generates and writes to the folder of [`Config::out`].
    ///
    /// # Errors
    /// As [`Config::generate`].
    pub fn write(&self) -> Result<(Generated, Written), Error> {
        let out = self.out.as_ref().ok_or_else(|| Error::usage("no output folder"))?;
        let generated = self.run()?;
        let written = generated.write(out, self.force)?;
        Ok((generated, written))
    }

    /// Generates into memory.
    ///
    /// # Errors
    /// As [`Config::generate`].
    pub fn run(&self) -> Result<Generated, Error> {
        let generated = self.run_shared()?;
        named::check_options([&generated])?;
        Ok(generated)
    }

    /// Generates into memory one of several outputs that share options: [`check_options`](crate::check_options) then says whether they
    /// name anything in one of them.
    ///
    /// # Errors
    /// As [`Config::generate`], but for options that name nothing.
    pub fn run_shared(&self) -> Result<Generated, Error> {
        rust::check(&self.options.types)?;
        if let Some(name) = self.options.name.as_ref().filter(|name| !is_name(name)) {
            return Err(Error::usage(format!(
                "{name:?} cannot be the name of a module or crate: letters, digits, - and _"
            )));
        }
        self.generate_loaded(front::load(self.read()?)?)
    }

    /// The text of every spec, with all that is said about reading them.
    fn read(&self) -> Result<Inputs, Error> {
        if self.specs.is_empty() && self.sources.is_empty() {
            return Err(Error::usage("no spec given"));
        }
        let (mut specs, mut faults) = (self.sources.clone(), Vec::new());
        let mut imports = Imports::new(self.imports.clone());
        faults.extend(imports.open().err().into_iter().flatten());
        for path in &self.specs {
            match if is_uri(path) { fetched(path, &imports) } else { source(path) } {
                Ok(source) => specs.push(source),
                Err(fault) => faults.push(fault),
            }
        }
        if !faults.is_empty() {
            return Err(Error::usage(faults.join("\nerror: ")));
        }
        Ok(Inputs {
            specs,
            imported: self.imported.clone(),
            imports,
            externs: self.externs.clone(),
            organization: self.organization.clone(),
            namespace: self.namespace.clone(),
            version: self.version.clone(),
            migration: self.migration,
            lints: self.lints.clone(),
        })
    }

    fn generate_loaded(&self, mut loaded: Loaded) -> Result<Generated, Error> {
        let mut unmatched = rust::rename(&mut loaded.api, &self.options.renames)?;
        rust::replace(&mut loaded.api, &self.options.types);
        unmatched.extend(rust::unmatched(&loaded.api, &self.options.types));
        unmatched.extend(named::unmatched_externs(&loaded.api, &self.externs));
        unmatched
            .extend(named::unmatched_annotations(&loaded.api, self.options.sensitive.as_deref().unwrap_or_default()));
        let declared = loaded.api.operations();
        let name = rust::package_name(&loaded.api, &self.options);
        #[cfg(feature = "templates")]
        let versions = versions(&loaded.api);
        let mut package = rust::package(loaded.api, &self.options);
        unmatched.append(&mut package.unmatched);
        let operations: usize = package.modules.iter().flat_map(|m| &m.resources).map(|r| r.operations.len()).sum();
        let left_out = if operations == 0 && !self.options.selection.types_only { declared } else { 0 };
        if operations == 0 && declared == 0 && !self.options.selection.types_only {
            package.notes.push("the spec has no operations: there are types and no client".to_owned());
        }
        let mut tree = Tree::default();
        for file in emit::files(&package, &self.options, &name) {
            let folder = if self.options.krate { Some("src") } else { None };
            let path = folder.into_iter().chain(file.path.iter().map(String::as_str)).collect();
            let text =
                output::format(file).map_err(|text| Error::internal(format!("generated invalid Rust: {text}")))?;
            tree.add(path, text).map_err(Error::internal)?;
        }
        #[cfg(feature = "templates")]
        if self.options.krate {
            let externs: Vec<&str> = self.externs.iter().map(|(_, path)| path.as_str()).collect();
            output::add_manifest(&mut tree, &package, &name, &self.krate, &externs, &versions, &self.options)?;
        }
        Ok(Generated {
            tree: tree.with_list(),
            types: package.modules.iter().map(|m| m.types()).sum(),
            operations,
            warnings: loaded.report.render(false),
            notes: package.notes,
            inputs: inputs(loaded.files),
            name,
            outcome: Outcome { named: self.named(), unmatched, places: self.places.clone(), left_out },
        })
    }

    /// Everything that options name, with its place.
    fn named(&self) -> Vec<Named> {
        let externs = self.externs.iter().map(|(namespace, _)| ("extern", namespace.as_str()));
        let types = self.options.types.iter().map(|choice| (choice.option().0, choice.pattern.as_str()));
        let sensitive = self.options.sensitive.iter().flatten().map(|name| ("sensitive", name.as_str()));
        let renames = self.options.renames.iter().map(|rename| ("rename", rename.operation.as_str()));
        let all = externs.chain(renames).chain(types).chain(sensitive).chain(self.options.selection.patterns());
        let known = self.places.as_ref().map(|places| places.named.as_slice()).unwrap_or_default();
        let named = |(option, text): (&'static str, &str)| {
            let place = known.iter().find(|named| named.option == option && named.text == text);
            Named { option, text: text.to_owned(), span: place.and_then(|place| place.span.clone()) }
        };
        all.map(named).collect()
    }
}

/// The versions of the services that were asked for.
#[cfg(feature = "templates")]
fn versions(api: &Api) -> Vec<String> {
    let requested = api.services.iter().filter(|(_, service)| service.role == Role::Requested);
    requested.map(|(_, service)| service.version.clone()).collect()
}

/// Whether a folder, a module or a crate can be called so.
fn is_name(name: &str) -> bool {
    let word = |c: char| c.is_ascii_alphanumeric() || c == '_' || c == '-';
    name.starts_with(|c: char| c.is_ascii_alphabetic() || c == '_') && name.chars().all(word)
}

fn source(path: &Path) -> Result<Source, String> {
    let text = read_text(path).map_err(|error| format!("{}: {error}{}", path.display(), neighbour(path)))?;
    Ok(Source { name: path.display().to_string(), text, path: Some(path.to_owned()) })
}

/// The file of the same folder that may have been meant by a path where nothing is.
fn neighbour(path: &Path) -> String {
    let entries = fs::read_dir(path.parent().filter(|folder| !folder.as_os_str().is_empty()).unwrap_or(Path::new(".")));
    let names = entries.into_iter().flatten().flatten().map(|entry| entry.file_name().to_string_lossy().into_owned());
    let names: Vec<String> = names.collect();
    let names: Vec<&str> = names.iter().map(String::as_str).collect();
    let name = path.file_name().filter(|_| !path.exists()).unwrap_or_default().to_string_lossy();
    let near = closest(&name, &names).map(|near| format!("; did you mean {}?", path.with_file_name(near).display()));
    near.unwrap_or_default()
}

/// The document of a URI, which was put somewhere before.
fn fetched(uri: &Path, imports: &Imports) -> Result<Source, String> {
    let uri = uri.to_string_lossy();
    let missing = || format!("{uri} is nowhere among the imports; `apigen update` fetches it to vendor/apibuilder");
    let file = imports.find(&uri, None).ok_or_else(missing)?;
    let text = imports.read(&uri, &file).map_err(|fault| fault.message)?;
    Ok(Source { name: file.display().to_string(), text, path: Some(file) })
}

/// Existing paths only: cargo runs a build script again each time if it is told of a missing one.
fn inputs(files: Vec<PathBuf>) -> Vec<PathBuf> {
    files.into_iter().filter(|path| path.exists()).collect()
}
