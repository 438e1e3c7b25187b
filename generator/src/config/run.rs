//! Runs a configuration: checks and generates.

#[cfg(feature = "manifest")]
use std::collections::BTreeSet;
use std::env;
use std::path::{Path, PathBuf};

use apigen_model::behaviour::SensitiveAnnotations;

use super::Config;
use super::generated::Generated;
use super::outputs::check_options;
use crate::Error;
use crate::emit;
use crate::option_error::OptionError;
use crate::option_use::{self, OptionUse};
use crate::output;
use crate::plan::items::Package;
use crate::plan::{self, Format};
use crate::write::{self, GeneratedFiles, Rustfmt, Written};
#[cfg(feature = "manifest")]
use apigen_model::api::{Api, Role};
use apigen_model::{self as model, Loaded, Report};

impl Config {
    /// Checks each spec on its own, as API Builder does: only its direct imports are read.
    ///
    /// # Errors
    /// Returns an error if a file cannot be read. Problems of the specs are in the report.
    pub fn check(&self) -> Result<Report, Error> {
        Ok(model::check(self.read()?))
    }

    /// Returns the `service.json` that API Builder would publish for the only spec, with warnings.
    ///
    /// # Errors
    /// Returns all problems of the spec at once, or an error if a file cannot be read.
    pub fn normalize(&self) -> Result<(String, Report), Error> {
        if self.specs.len() + self.inputs.specs.len() > 1 {
            return Err(Error::usage("only one spec can be normalised at a time"));
        }
        Ok(model::normalize(self.read()?)?)
    }

    /// Returns how each element of the only spec is read, published, modelled and generated.
    ///
    /// # Errors
    /// Returns all problems of the spec at once, or an error if a file cannot be read.
    #[cfg(feature = "manifest")]
    pub fn inspect(&self) -> Result<Vec<crate::inspect::Element>, Error> {
        let (published, _) = self.normalize()?;
        let inputs = self.read()?;
        let text = inputs.specs.first().map(|spec| spec.text.clone()).unwrap_or_default();
        let loaded = model::load(inputs)?;
        Ok(crate::inspect::elements(&loaded.api, &text, &published))
    }

    /// Reads the specs and their imports into the resolved model.
    ///
    /// # Errors
    /// Returns all problems of the specs at once, or an error if a file cannot be read.
    pub fn load(&self) -> Result<Loaded, Error> {
        Ok(model::load(self.read()?)?)
    }

    /// Returns the annotations that make a field sensitive.
    pub fn sensitive_annotations(&self) -> &SensitiveAnnotations {
        &self.options.sensitive
    }

    /// Generates from a build script, and tells cargo when to rerun it.
    ///
    /// # Errors
    /// Returns all problems of the specs at once, or an error of the file system.
    pub fn generate(&self) -> Result<(), Error> {
        let (out, generated) = self.prepare()?;
        check_options(&generated)?;
        self.deliver(&out, &generated)
    }

    /// Generates into memory, and tells cargo when to rerun the build script. Returns the folder to write to, too.
    #[expect(clippy::print_stdout, reason = "this is how a build script talks to cargo")]
    pub(crate) fn prepare(&self) -> Result<(PathBuf, Generated), Error> {
        println!("cargo::rerun-if-env-changed=OUT_DIR");
        for path in self.specs.iter().chain(&self.import_paths).filter(|path| path.exists()) {
            println!("cargo::rerun-if-changed={}", path.display());
        }
        if self.options.format == Format::Rustfmt {
            println!("cargo::rerun-if-env-changed={}", write::RUSTFMT);
        }
        let generated = self.generate_shared()?;
        for path in generated.inputs.iter().chain(&self.rustfmt_config()) {
            println!("cargo::rerun-if-changed={}", path.display());
        }
        for line in generated.warnings.lines() {
            println!("cargo::warning={line}");
        }
        let out = match (&self.out, env::var_os("OUT_DIR")) {
            (Some(out), _) => out.clone(),
            (None, Some(out)) => Path::new(&out).join(&generated.name),
            (None, None) => {
                let message = "OUT_DIR is not set; outside a build script, set the output folder with `out`";
                return Err(Error::usage(message));
            }
        };
        Ok((out, generated))
    }

    /// Writes the output of a build script.
    pub(crate) fn deliver(&self, out: &Path, generated: &Generated) -> Result<(), Error> {
        // Nobody edits files in OUT_DIR.
        generated.write(out, self.force || self.out.is_none()).map(drop)
    }

    /// Generates and writes to the folder of [`Config::out`].
    ///
    /// # Errors
    /// As [`Config::generate`].
    pub fn generate_to_folder(&self) -> Result<(Generated, Written), Error> {
        let out = self.out.as_ref().ok_or_else(|| Error::usage("no output folder"))?;
        let generated = self.generate_in_memory()?;
        let written = generated.write(out, self.force)?;
        Ok((generated, written))
    }

    /// Generates into memory.
    ///
    /// # Errors
    /// As [`Config::generate`].
    pub fn generate_in_memory(&self) -> Result<Generated, Error> {
        let generated = self.generate_shared()?;
        check_options(&generated)?;
        Ok(generated)
    }

    /// Generates one of several outputs that share options into memory; [`check_outputs`](crate::check_outputs) then
    /// checks the options of all of them.
    ///
    /// # Errors
    /// As [`Config::generate`], except for options that do not fit the specs.
    pub fn generate_shared(&self) -> Result<Generated, Error> {
        let errors = self.errors();
        if !errors.is_empty() {
            return Err(self.refuse(errors));
        }
        let mut loaded = model::load(self.read()?)?;
        let (mut unmatched, mut errors) = plan::rename(&mut loaded.api, &self.options.renames);
        unmatched.extend(self.ineffective_options());
        plan::replace(&mut loaded.api, &self.options.types);
        unmatched.extend(plan::unmatched(&loaded.api, &self.options.types));
        unmatched.extend(option_use::unmatched_externs(&loaded.api, &self.inputs.externs));
        unmatched.extend(option_use::unmatched_annotations(&loaded.api, self.options.sensitive.chosen()));
        if let Some(limit) = self.memory_limit {
            let memory = plan::footprint(&loaded.api);
            if memory > limit {
                return Err(Error::too_large(memory, limit));
            }
        }
        let declared = loaded.api.operations();
        let name = plan::package_name(&loaded.api, &self.options);
        #[cfg(feature = "manifest")]
        let (version, generated) = self.manifest_of(&loaded.api, &name, &mut errors);
        let mut package = plan::package(loaded.api, &self.options);
        unmatched.append(&mut package.unmatched);
        let operations: usize = package.modules.iter().flat_map(|m| &m.resources).map(|r| r.operations.len()).sum();
        let unwanted = self.options.selection.types_only || self.allow_no_operations && declared == 0;
        let clientless = (operations == 0 && !unwanted).then_some(declared);
        let mut files = GeneratedFiles::default();
        if errors.is_empty() {
            self.emit(&package, &name, &mut files)?;
            #[cfg(feature = "manifest")]
            if self.options.krate {
                let version = (name.as_str(), version);
                output::add_manifest(&mut files, &package, version, &self.krate, &generated, &self.options)?;
            }
        }
        let mut notes = package.notes;
        if self.options.format == Format::Rustfmt {
            self.reformat(&mut files, &mut notes, &mut errors);
        }
        Ok(Generated {
            files: files.with_list(),
            types: package.modules.iter().map(|m| m.types()).sum(),
            operations,
            warnings: loaded.report.render(false),
            notes,
            // Cargo reruns a build script every time if one of its inputs is missing.
            inputs: loaded.files.into_iter().filter(|path| path.exists()).collect(),
            name,
            option_use: OptionUse {
                named: self.named(),
                errors,
                unmatched,
                places: self.places.clone(),
                clientless,
                spec: self.first_spec(),
                folder: self.folder_named(),
            },
        })
    }

    fn emit(&self, package: &Package, name: &str, files: &mut GeneratedFiles) -> Result<(), Error> {
        for file in emit::files(package, &self.options, name) {
            let folder = if self.options.krate { Some("src") } else { None };
            let path = folder.into_iter().chain(file.path.iter().map(String::as_str)).collect();
            let text =
                output::format(file).map_err(|text| Error::internal(format!("generated invalid Rust: {text}")))?;
            files.add(path, text).map_err(Error::internal)?;
        }
        Ok(())
    }

    /// Formats everything with the user's rustfmt; its warnings are notes.
    fn reformat(&self, files: &mut GeneratedFiles, notes: &mut Vec<String>, errors: &mut Vec<OptionError>) {
        match Rustfmt::find(&self.surroundings()).and_then(|rustfmt| files.format(rustfmt)) {
            Ok(warnings) if warnings.trim().is_empty() => {}
            Ok(warnings) => notes.push(format!("rustfmt: {}", warnings.trim_end())),
            Err(error) => errors.push(*error),
        }
    }

    /// Returns the folder whose `rustfmt.toml` applies. A crate's own `rustfmt.toml` keeps other tools from formatting it.
    fn surroundings(&self) -> PathBuf {
        match &self.out {
            Some(out) if self.options.krate => out.join(".."),
            Some(out) => out.clone(),
            None => PathBuf::from("."),
        }
    }

    /// Returns the configuration file of rustfmt, if rustfmt formats the output and there is one.
    pub(crate) fn rustfmt_config(&self) -> Option<PathBuf> {
        (self.options.format == Format::Rustfmt).then(|| write::rustfmt_config(&self.surroundings()))?
    }

    /// Returns the version of the crate `name`, and its generated dependencies. Both are empty for modules.
    #[cfg(feature = "manifest")]
    fn manifest_of(&self, api: &Api, name: &str, errors: &mut Vec<OptionError>) -> (String, BTreeSet<&str>) {
        if !self.options.krate {
            return Default::default();
        }
        let version = self.krate.version(&versions(api)).unwrap_or_else(|wrong| {
            errors.extend(wrong);
            String::new()
        });
        let (generated, missing) = self.dependencies(name);
        errors.extend(missing);
        (version, generated)
    }
}

#[cfg(feature = "manifest")]
fn versions(api: &Api) -> Vec<String> {
    let requested = api.services.iter().filter(|(_, service)| service.role == Role::Requested);
    requested.map(|(_, service)| service.version.clone()).collect()
}
