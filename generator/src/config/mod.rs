//! The library's entry: what `build.rs` and the command line both use.

mod errors;
mod generated;
mod outputs;
mod run;
mod sources;

use std::path::PathBuf;
use std::sync::Arc;

use apigen_model::behaviour::SensitiveAnnotations;

use crate::option_error::OptionPlaces;
#[cfg(feature = "manifest")]
use crate::output;
use crate::plan::{Dates, Emit, Format, Options, Rename, TypeChange, TypeOverride};
use apigen_model::Source;
use apigen_model::lint::Settings;

pub use generated::Generated;
pub use outputs::{check_folders, check_options};

/// What to generate, and how. In `build.rs`:
///
/// ```no_run
/// fn main() -> Result<(), apigen_build::Error> {
///     apigen_build::Config::new().spec("specs/location.json").generate()
/// }
/// ```
#[derive(Debug, Clone, Default)]
pub struct Config {
    specs: Vec<PathBuf>,
    sources: Vec<Source>,
    import_sources: Vec<Source>,
    import_paths: Vec<PathBuf>,
    externs: Vec<(String, String)>,
    out: Option<PathBuf>,
    options: Options,
    #[cfg(feature = "manifest")]
    krate: output::Crate,
    organization: Option<String>,
    namespace: Option<String>,
    version: Option<String>,
    migration: bool,
    lints: Option<Settings>,
    force: bool,
    /// Whether a spec without operations is generated from all the same, though nobody asked for types alone.
    allow_no_operations: bool,
    places: Option<Arc<OptionPlaces>>,
}

impl Config {
    /// No specs, and every option at its default.
    pub fn new() -> Self {
        Self::default()
    }

    /// Adds a spec, `api.json` or `service.json`: a file, or a URI that is found as those of [imports](Config::import_path) are.
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
    pub fn import_source(mut self, name: impl Into<String>, text: impl Into<String>) -> Self {
        self.import_sources.push(Source { name: name.into(), text: text.into(), path: None });
        self
    }

    /// Adds a place where imported services are found: a folder, a JSON file that maps import URIs to files,
    /// or a folder of `apigen update` (or its lock file), whose files are verified.
    pub fn import_path(mut self, path: impl Into<PathBuf>) -> Self {
        self.import_paths.push(path.into());
        self
    }

    #[cfg(feature = "manifest")]
    #[doc(hidden)]
    pub fn import_paths(&self) -> &[PathBuf] {
        &self.import_paths
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
        self.choose(pattern, TypeChange::Derive(path.into()))
    }

    /// Puts an attribute on all types that a pattern matches (as in [`Config::derive`]): `.attribute("*", "#[must_use]")`.
    /// It stands below the derives, so that it may belong to one of them.
    pub fn attribute(self, pattern: impl Into<String>, attribute: impl Into<String>) -> Self {
        self.choose(pattern, TypeChange::Attribute(attribute.into()))
    }

    /// Uses an existing Rust type wherever the types occur that a pattern matches (as in [`Config::derive`]), and generates
    /// nothing for them: `.replace("io.flow.common.v0.models.price", "::money::Price")`. The path begins with `::` or `crate`.
    ///
    /// The type implements `Debug`, `Clone`, `PartialEq`, `apigen_runtime::FromJson` and `ToJson`; `Empty`, if mocks answer with it
    /// or a field has it with a default; `ToParam`, if it is a parameter; and it is `Send` and `Sync`. What replaces a model
    /// writes a JSON object (`Writer::object`), so that it can be a member of a union.
    pub fn replace(self, pattern: impl Into<String>, rust_type: impl Into<String>) -> Self {
        self.choose(pattern, TypeChange::Replace(rust_type.into()))
    }

    fn choose(mut self, pattern: impl Into<String>, change: TypeChange) -> Self {
        self.options.types.push(TypeOverride { pattern: pattern.into(), change });
        self
    }

    /// The name of the module or crate; by default the snake case of the spec's name, or `api` for several specs.
    pub fn name(mut self, name: impl Into<String>) -> Self {
        self.options.name = Some(name.into());
        self
    }

    /// Whether mocks are generated; by default always.
    pub fn mocks(mut self, mocks: Emit) -> Self {
        self.options.mocks = mocks;
        self
    }

    /// Whether the traits of a server, its router and the validator of requests and responses are generated; by default never.
    /// Code that listens, mocks that are served included, needs the feature `server` of the runtime.
    pub fn server(mut self, server: Emit) -> Self {
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
        self.options.sensitive = SensitiveAnnotations::new(annotations);
        self
    }

    /// Takes specs without operations for libraries of types.
    #[cfg(feature = "manifest")]
    #[doc(hidden)]
    pub fn allow_no_operations(mut self) -> Self {
        self.allow_no_operations = true;
        self
    }

    /// Which crate's types stand for dates and date-times; by default jiff's.
    pub fn dates(mut self, dates: Dates) -> Self {
        self.options.dates = dates;
        self
    }

    /// Sets what formats generated code; by default prettyplease. With rustfmt, that is the `rustfmt` of the toolchain, or the program
    /// that the variable `RUSTFMT` names, and the `rustfmt.toml` that holds for the output folder.
    pub fn format(mut self, format: Format) -> Self {
        self.options.format = format;
        self
    }

    /// The folder to write to; by default a folder with the package's name in `OUT_DIR`.
    pub fn out(mut self, folder: impl Into<PathBuf>) -> Self {
        self.out = Some(folder.into());
        self
    }

    /// Writes a whole crate of this name instead of a module tree.
    #[cfg(feature = "manifest")]
    pub fn crate_name(mut self, name: impl Into<String>) -> Self {
        self.options.name = Some(name.into());
        self.options.krate = true;
        self.options.mocks = Emit::Feature("mock".to_owned());
        self.options.server = Emit::Feature("server".to_owned());
        self
    }

    /// Writes a whole crate, called like the spec.
    #[cfg(feature = "manifest")]
    #[doc(hidden)]
    pub fn default_crate(self) -> Self {
        let name = self.options.name.clone();
        let mut config = self.crate_name("");
        config.options.name = name;
        config
    }

    /// Sets what makes the files of a crate that are not Rust; without it, writing a crate is an error.
    #[cfg(feature = "manifest")]
    #[doc(hidden)]
    pub fn crate_files(mut self, files: output::CrateFiles) -> Self {
        self.krate.files = Some(files);
        self
    }

    /// Where a written crate finds `apigen-runtime`, if not in the registry.
    #[cfg(feature = "manifest")]
    pub fn runtime_path(mut self, path: impl Into<PathBuf>) -> Self {
        self.krate.runtime = Some(path.into());
        self
    }

    /// A folder of templates for the files of a crate other than Rust.
    #[cfg(feature = "manifest")]
    pub fn templates(mut self, folder: impl Into<PathBuf>) -> Self {
        self.krate.templates = Some(folder.into());
        self
    }

    /// The version of a written crate, or `spec` for the version of its spec; by default 0.1.0.
    #[cfg(feature = "manifest")]
    pub fn crate_version(mut self, version: impl Into<String>) -> Self {
        self.krate.version = Some(version.into());
        self
    }

    /// Whether registries may have a written crate; by default its manifest says `publish = false`.
    #[cfg(feature = "manifest")]
    pub fn publish(mut self, publish: bool) -> Self {
        self.krate.publish = publish;
        self
    }

    /// Adds a dependency of a written crate, in the notation of its manifest: a version (`1.2`), or a table
    /// (`{ path = "../money", version = "1.2" }`) whose path is relative to the crate. Each crate that [`Config::extern_path`],
    /// [`Config::replace`] or [`Config::derive`] names must be one. The same name again replaces the dependency. Where types are those of another generated crate, the feature
    /// `mock` switches on that one's.
    #[cfg(feature = "manifest")]
    pub fn dependency(mut self, name: impl Into<String>, spec: impl Into<String>) -> Self {
        self.krate.add_dependency(name.into(), spec.into());
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

    /// Overwrites files that somebody has edited since they were generated; else they are an error.
    pub fn force(mut self, force: bool) -> Self {
        self.force = force;
        self
    }
}
