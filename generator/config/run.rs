//! What is done with a configuration: checking, and generating.

#[cfg(feature = "templates")]
use std::collections::BTreeSet;
use std::env;
use std::path::{Path, PathBuf};

use super::Config;
use super::sources::inputs;
use crate::Error;
use crate::emit;
use crate::front::{self, Loaded, Report};
#[cfg(feature = "templates")]
use crate::ir::{Api, Role};
use crate::named::{self, Outcome};
use crate::output::{self, Difference, Tree, Written};
use crate::rust;

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
    pub fn schema(&self) -> Result<&'static apigen_runtime::validate::schema::Schema, Error> {
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

    /// The folder that a build script writes to.
    pub(crate) fn target(&self, generated: &Generated) -> Result<PathBuf, Error> {
        match (&self.out, env::var_os("OUT_DIR")) {
            (Some(out), _) => Ok(out.clone()),
            (None, Some(out)) => Ok(Path::new(&out).join(&generated.name)),
            (None, None) => Err(Error::usage("OUT_DIR is not set: outside a build script, say where with `out`")),
        }
    }

    /// Writes what a build script has generated.
    pub(crate) fn deliver(&self, generated: &Generated) -> Result<(), Error> {
        // Nobody edits what is in OUT_DIR.
        generated.write(&self.target(generated)?, self.force || self.out.is_none()).map(drop)
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
        let faults = self.faults();
        if !faults.is_empty() {
            return Err(self.refuse(faults));
        }
        self.generate_loaded(front::load(self.read()?)?)
    }

    fn generate_loaded(&self, mut loaded: Loaded) -> Result<Generated, Error> {
        let mut unmatched =
            rust::rename(&mut loaded.api, &self.options.renames).map_err(|faults| self.refuse(faults))?;
        unmatched.extend(self.idle());
        rust::replace(&mut loaded.api, &self.options.types);
        unmatched.extend(rust::unmatched(&loaded.api, &self.options.types));
        unmatched.extend(named::unmatched_externs(&loaded.api, &self.externs));
        unmatched
            .extend(named::unmatched_annotations(&loaded.api, self.options.sensitive.as_deref().unwrap_or_default()));
        let declared = loaded.api.operations();
        let name = rust::package_name(&loaded.api, &self.options);
        #[cfg(feature = "templates")]
        let (version, generated) = self.manifest_of(&loaded.api, &name)?;
        let mut package = rust::package(loaded.api, &self.options);
        unmatched.append(&mut package.unmatched);
        let operations: usize = package.modules.iter().flat_map(|m| &m.resources).map(|r| r.operations.len()).sum();
        let unwanted = self.options.selection.types_only || self.lenient && declared == 0;
        let clientless = (operations == 0 && !unwanted).then_some(declared);
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
            output::add_manifest(&mut tree, &package, (&name, version), &self.krate, &generated, &self.options)?;
        }
        Ok(Generated {
            tree: tree.with_list(),
            types: package.modules.iter().map(|m| m.types()).sum(),
            operations,
            warnings: loaded.report.render(false),
            notes: package.notes,
            inputs: inputs(loaded.files),
            name,
            outcome: Outcome {
                named: self.named(),
                unmatched,
                places: self.places.clone(),
                clientless,
                spec: self.first_spec(),
                folder: self.folder_named(),
            },
        })
    }

    /// The version of the crate called `name`, and those of its dependencies that are generated, too. Neither counts for modules.
    #[cfg(feature = "templates")]
    fn manifest_of(&self, api: &Api, name: &str) -> Result<(String, BTreeSet<&str>), Error> {
        if !self.options.krate {
            return Ok((String::new(), BTreeSet::new()));
        }
        match (self.krate.version(&versions(api)), self.dependencies(name)) {
            (Ok(version), Ok(generated)) => Ok((version, generated)),
            (version, dependencies) => {
                let faults = [version.err(), dependencies.err()].into_iter().flatten().flatten();
                Err(self.refuse(faults.collect()))
            }
        }
    }
}

/// The versions of the services that were asked for.
#[cfg(feature = "templates")]
fn versions(api: &Api) -> Vec<String> {
    let requested = api.services.iter().filter(|(_, service)| service.role == Role::Requested);
    requested.map(|(_, service)| service.version.clone()).collect()
}
