//! The entry point of the library, used by `build.rs` and the command line.

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
use apigen_model::lint::Settings;
use apigen_model::{Inputs, Source};

#[cfg(feature = "manifest")]
pub use generated::Generated;
pub use outputs::check_outputs;

/// The configuration of a run: what to generate, and how. In `build.rs`:
///
/// ```no_run
/// fn main() -> Result<(), apigen_build::Error> {
///     apigen_build::Config::new().spec("specs/location.json").generate()
/// }
/// ```
#[derive(Debug, Clone, Default)]
pub struct Config {
    specs: Vec<PathBuf>,
    import_paths: Vec<PathBuf>,
    /// What is read, without the files of `specs` and `import_paths`.
    inputs: Inputs,
    out: Option<PathBuf>,
    options: Options,
    #[cfg(feature = "manifest")]
    krate: output::Crate,
    force: bool,
    /// Whether to generate from a spec without operations, even without [`Config::types_only`].
    allow_no_operations: bool,
    /// The maximum memory for generating code, in bytes, by estimate.
    memory_limit: Option<usize>,
    places: Option<Arc<OptionPlaces>>,
}

impl Config {
    /// Creates a configuration without specs, with every option at its default.
    pub fn new() -> Self {
        Self::default()
    }

    /// Adds a spec, `api.json` or `service.json`: a file, or a URI that is looked up like
    /// [imports](Config::import_path). Several specs become sibling modules that share their imports.
    pub fn spec(mut self, path: impl Into<PathBuf>) -> Self {
        self.specs.push(path.into());
        self
    }

    /// Adds a spec that is already in memory; `name` identifies it in diagnostics.
    pub fn source(mut self, name: impl Into<String>, text: impl Into<String>) -> Self {
        self.inputs.specs.push(Source { name: name.into(), text: text.into(), path: None });
        self
    }

    /// Adds a service, as `service.json`, that the specs or their imports may import; it is found by its namespace.
    pub fn import_source(mut self, name: impl Into<String>, text: impl Into<String>) -> Self {
        self.inputs.import_sources.push(Source { name: name.into(), text: text.into(), path: None });
        self
    }

    /// Adds a place to look up imported services: a folder, a JSON file that maps import URIs to files, or a folder of
    /// `apigen update` (or its lock file), whose files are verified.
    pub fn import_path(mut self, path: impl Into<PathBuf>) -> Self {
        self.import_paths.push(path.into());
        self
    }

    /// Takes the types of an imported namespace from an existing Rust path instead of generating them:
    /// `.extern_path("io.flow.common.v0", "::flow_common")`. If mocks are generated here, the path must have them, too:
    /// factories create samples of its types.
    pub fn extern_path(mut self, namespace: impl Into<String>, rust_path: impl Into<String>) -> Self {
        self.inputs.externs.push((namespace.into(), rust_path.into()));
        self
    }

    /// Derives a trait for all types that match a pattern: `.derive("models.user", "::my_crate::Table")`.
    ///
    /// A pattern is the name of an enum, model or union as the spec writes it, optionally qualified, part by part:
    /// `user`, `models.user`, `io.flow.common.v0.models.user`. In each part `*` stands for any characters: `*` alone
    /// for all types, `enums.*` for all enums. A pattern that matches nothing is an error. Traits that are derived or
    /// implemented anyway are not derived twice; with a `*`, `Hash`, `Eq` and `Ord` are omitted for types with a part
    /// known not to have them.
    pub fn derive(self, pattern: impl Into<String>, path: impl Into<String>) -> Self {
        self.choose(pattern, TypeChange::Derive(path.into()))
    }

    /// Adds an attribute to all types that match a pattern (as in [`Config::derive`]):
    /// `.attribute("*", "#[must_use]")`. It is placed below the derives, so that it may belong to one of them.
    pub fn attribute(self, pattern: impl Into<String>, attribute: impl Into<String>) -> Self {
        self.choose(pattern, TypeChange::Attribute(attribute.into()))
    }

    /// Uses an existing Rust type instead of the types that match a pattern (as in [`Config::derive`]), which are not
    /// generated: `.replace("io.flow.common.v0.models.price", "::money::Price")`. The path begins with `::` or `crate`.
    ///
    /// The type must implement `Debug`, `Clone`, `PartialEq`, `apigen_runtime::FromJson` and `ToJson`; `Empty`, if
    /// mocks respond with it or a field of this type has a default; `ToParam`, if it is a parameter; and it must be
    /// `Send` and `Sync`. The replacement of a model must write a JSON object (`Writer::object`), so that it can be a member of a union.
    pub fn replace(self, pattern: impl Into<String>, rust_type: impl Into<String>) -> Self {
        self.choose(pattern, TypeChange::Replace(rust_type.into()))
    }

    fn choose(mut self, pattern: impl Into<String>, change: TypeChange) -> Self {
        self.options.types.push(TypeOverride { pattern: pattern.into(), change });
        self
    }

    /// Sets the name of the module or crate; by default the snake case of the spec's name, or `api` for several specs.
    pub fn name(mut self, name: impl Into<String>) -> Self {
        self.options.name = Some(name.into());
        self
    }

    /// Sets whether mocks are generated; by default always.
    pub fn mocks(mut self, mocks: Emit) -> Self {
        self.options.mocks = mocks;
        self
    }

    /// Sets whether server traits, their router and the validator of requests and responses are generated; by default
    /// never. Code that listens, including served mocks, needs the feature `server` of the runtime.
    pub fn server(mut self, server: Emit) -> Self {
        self.options.server = server;
        self
    }

    /// Generates only the operations that match a pattern, and the types that they need. With several calls, one match
    /// is enough.
    ///
    /// A pattern is the id of an operation (`users.get_by_guid`), a resource (`users`), or a path with or without a
    /// method (`/users/:guid`, `GET /users/*`); `*` stands for any text. Names are the same as if everything were generated.
    pub fn include(mut self, pattern: impl Into<String>) -> Self {
        self.options.selection.include.push(pattern.into());
        self
    }

    /// Excludes the operations that match a pattern (see [`Config::include`]), and the types that only they need. A
    /// pattern that matches nothing is an error; so is an output without operations, unless [`Config::types_only`] is set.
    pub fn exclude(mut self, pattern: impl Into<String>) -> Self {
        self.options.selection.exclude.push(pattern.into());
        self
    }

    /// Renames the method of an operation: `.rename("GET /users/:guid", "find")`. This overrides the name from the
    /// spec, whether derived from method and path or set by the attribute `apigen`.
    ///
    /// The operation is identified by method and path, or by its id (`users.get_by_guid`). The name must be in
    /// snake_case and unique in the resource.
    pub fn rename(mut self, operation: impl Into<String>, name: impl Into<String>) -> Self {
        self.options.renames.push(Rename { operation: operation.into(), name: name.into() });
        self
    }

    /// Generates all types and no operations: no client, mock client or server.
    pub fn types_only(mut self, types_only: bool) -> Self {
        self.options.selection.types_only = types_only;
        self
    }

    /// Sets the annotations that make a field sensitive. `Debug` and violations withhold the values of sensitive
    /// fields. By default `personal_data`, `pii`, `pci`, `phi`, `secret`, `sensitive` and `confidential`.
    pub fn sensitive(mut self, annotations: impl IntoIterator<Item = impl Into<String>>) -> Self {
        self.options.sensitive = SensitiveAnnotations::new(annotations);
        self
    }

    /// Sets the crate that provides dates and date-times; by default jiff.
    pub fn dates(mut self, dates: Dates) -> Self {
        self.options.dates = dates;
        self
    }

    /// Sets the formatter of generated code; by default prettyplease. For rustfmt, it is the `rustfmt` of the
    /// toolchain, or the program in the variable `RUSTFMT`, with the `rustfmt.toml` that applies to the output folder.
    pub fn format(mut self, format: Format) -> Self {
        self.options.format = format;
        self
    }

    /// Sets the output folder; by default a folder with the package's name in `OUT_DIR`.
    pub fn out(mut self, folder: impl Into<PathBuf>) -> Self {
        self.out = Some(folder.into());
        self
    }

    /// Sets the key of the organisation, which an `api.json` does not contain.
    pub fn organization(mut self, key: impl Into<String>) -> Self {
        self.inputs.organization = Some(key.into());
        self
    }

    /// Sets the namespace of the organisation, which an `api.json` does not contain; computed namespaces begin with it.
    pub fn namespace(mut self, namespace: impl Into<String>) -> Self {
        self.inputs.namespace = Some(namespace.into());
        self
    }

    /// Sets the version, which an `api.json` does not contain.
    pub fn version(mut self, version: impl Into<String>) -> Self {
        self.inputs.version = Some(version.into());
        self
    }

    /// Treats fields of an `api.json` with defaults as required (API Builder's migration mode, for documents that were
    /// stored long ago).
    pub fn migration(mut self, migration: bool) -> Self {
        self.inputs.migration = migration;
        self
    }

    /// Runs lints when specs are checked or generated from.
    pub fn lints(mut self, settings: Settings) -> Self {
        self.inputs.lints = Some(settings);
        self
    }

    /// Overwrites files that were edited since they were generated; by default they are an error.
    pub fn force(mut self, force: bool) -> Self {
        self.force = force;
        self
    }
}

/// Options of the command and of whole crates.
#[cfg(feature = "manifest")]
impl Config {
    #[doc(hidden)]
    pub fn import_paths(&self) -> &[PathBuf] {
        &self.import_paths
    }

    /// Accepts specs without operations, as libraries of types.
    #[doc(hidden)]
    pub fn allow_no_operations(mut self) -> Self {
        self.allow_no_operations = true;
        self
    }

    /// Limits the memory for generating code, in bytes, for servers that generate for others. If the estimate for the
    /// specs exceeds it, generation fails before it begins. The memory for reading the specs does not count.
    #[doc(hidden)]
    pub fn memory_limit(mut self, bytes: usize) -> Self {
        self.memory_limit = Some(bytes);
        self
    }

    /// Writes a whole crate of this name instead of a module tree.
    pub fn crate_name(mut self, name: impl Into<String>) -> Self {
        self.options.name = Some(name.into());
        self.options.krate = true;
        self.options.mocks = Emit::Feature("mock".to_owned());
        self.options.server = Emit::Feature("server".to_owned());
        self
    }

    /// Writes a whole crate, named like the spec.
    #[doc(hidden)]
    pub fn default_crate(self) -> Self {
        let name = self.options.name.clone();
        let mut config = self.crate_name("");
        config.options.name = name;
        config
    }

    /// Sets the function that creates the non-Rust files of a crate; without it, writing a crate is an error.
    #[doc(hidden)]
    pub fn crate_files(mut self, files: output::CrateFiles) -> Self {
        self.krate.files = Some(files);
        self
    }

    /// Sets the path of `apigen-runtime` for a written crate; by default it comes from the registry.
    pub fn runtime_path(mut self, path: impl Into<PathBuf>) -> Self {
        self.krate.runtime = Some(path.into());
        self
    }

    /// Sets a folder of templates for the non-Rust files of a crate.
    pub fn templates(mut self, folder: impl Into<PathBuf>) -> Self {
        self.krate.templates = Some(folder.into());
        self
    }

    /// Sets the version of a written crate, or `spec` for the version of its spec; by default 0.1.0.
    pub fn crate_version(mut self, version: impl Into<String>) -> Self {
        self.krate.version = Some(version.into());
        self
    }

    /// Sets whether a written crate may be published; by default its manifest has `publish = false`.
    pub fn publish(mut self, publish: bool) -> Self {
        self.krate.publish = publish;
        self
    }

    /// Adds a dependency of a written crate, replacing one of the same name, in the notation of its manifest: a version
    /// (`1.2`), or a table (`{ path = "../money", version = "1.2" }`) whose path is relative to the crate. Every crate
    /// named by [`Config::extern_path`], [`Config::replace`] or [`Config::derive`] must be a dependency. If its types
    /// come from another generated crate, the feature `mock` enables that crate's `mock`.
    pub fn dependency(mut self, name: impl Into<String>, spec: impl Into<String>) -> Self {
        self.krate.add_dependency(name.into(), spec.into());
        self
    }
}
