//! Errors in options, and the texts that options name.

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};
#[cfg(feature = "manifest")]
use std::sync::Arc;

use super::Config;
use crate::Error;
#[cfg(feature = "manifest")]
use crate::option_error::OptionPlaces;
use crate::option_error::{OptionError, OptionText, is_name};
use crate::plan::{self, Emit};
use apigen_model::diagnostic::Report;

impl Config {
    #[cfg(feature = "manifest")]
    pub(crate) fn places(mut self, places: OptionPlaces) -> Self {
        self.places = Some(Arc::new(places));
        self
    }

    /// Converts option errors to an error. Missing files become a plain message if no `apigen.toml` names them.
    pub(crate) fn refuse(&self, errors: Vec<OptionError>) -> Error {
        if self.places.is_none() && errors.iter().all(|error| matches!(error.code, "E054" | "E059")) {
            let sentences: Vec<String> = errors.into_iter().map(|error| error.message).collect();
            return Error::usage(sentences.join("\nerror: "));
        }
        let mut report = Report::default();
        errors.into_iter().for_each(|error| error.report(&mut report, self.places.as_deref()));
        report.into()
    }

    /// Returns the errors in the options that depend neither on the specs nor on other options.
    pub(crate) fn errors(&self) -> Vec<OptionError> {
        let mut errors = plan::errors(&self.options.types);
        errors.extend(self.name_error());
        errors.extend(self.spec_errors());
        errors.extend(self.extern_errors());
        errors.extend(plan::rename_errors(&self.options.renames));
        #[cfg(feature = "manifest")]
        errors.extend(self.krate.errors(self.options.name.as_deref()));
        errors
    }

    fn name_error(&self) -> Option<OptionError> {
        let krate = self.options.krate;
        let (option, of) = if krate { ("crate", "crate") } else { ("name", "module") };
        let name = self.options.name.as_ref().filter(|name| !is_name(name) || krate && is_taken(name))?;
        let help = match is_name(name) {
            true => "no crate could name it; choose another name",
            false => "write letters, digits, - and _, and begin with a letter",
        };
        Some(OptionError::new("E053", option, name, format!("{name:?} cannot be the name of a {of}"), help))
    }

    /// Returns an error for each spec that is named twice: it would become two modules of the same types.
    fn spec_errors(&self) -> Vec<OptionError> {
        let file = |path: &PathBuf| path.canonicalize().unwrap_or_else(|_| path.clone());
        let mut known = BTreeSet::new();
        let twice = self.specs.iter().filter(|path| !known.insert(file(path)));
        let error = |path: &PathBuf| {
            let message = format!("{} is already one of the specs", path.display());
            OptionError::new("E053", "path", &path.to_string_lossy(), message, "remove one of the two")
        };
        twice.map(error).collect()
    }

    fn extern_errors(&self) -> Vec<OptionError> {
        let error = |(at, (namespace, path)): (usize, &(String, String))| {
            let help = "write the module that has the types, for example `::flow_common` or `crate::common`";
            let (message, help) = if !plan::is_path(path) {
                (format!("`{path}` is not a Rust path"), help)
            } else if ["self", "super"].contains(&path.split("::").next().unwrap_or_default().trim()) {
                (format!("`{path}` refers to different modules in different files"), help)
            } else {
                let (_, earlier) = self.inputs.externs[..at].iter().find(|(earlier, _)| earlier == namespace)?;
                (format!("`{namespace}` already has the path `{earlier}`"), "a namespace has one path")
            };
            Some(OptionError::new("E053", "extern", path, message, help).of_value(namespace))
        };
        self.inputs.externs.iter().enumerate().filter_map(error).collect()
    }

    /// Returns the dependencies of the crate `name` that provide types generated elsewhere, and an error for every crate
    /// that an option names and that is not a dependency.
    #[cfg(feature = "manifest")]
    pub(super) fn dependencies(&self, name: &str) -> (BTreeSet<&str>, Vec<OptionError>) {
        let externs = self.inputs.externs.iter().map(|(namespace, path)| ("extern", namespace.as_str(), path.as_str()));
        let choices = self.options.types.iter().map(|choice| (choice.option(), choice.pattern.as_str()));
        let paths = choices.filter(|((option, _), _)| *option != "attribute");
        let choices = paths.map(|((option, path), pattern)| (option, pattern, path));
        let (generated, mut errors) = self.krate.needed(name, externs);
        errors.extend(self.krate.needed(name, choices).1);
        (generated, errors)
    }

    pub(super) fn ineffective_options(&self) -> Vec<OptionError> {
        let error = |message: &'static str, help: &'static str| {
            move |option| OptionError::new("E058", option, option, message.to_owned(), help)
        };
        let mut ineffective = Vec::new();
        #[cfg(feature = "manifest")]
        if !self.options.krate {
            let help = "`crate = \"NAME\"` (`--crate`, `Config::crate_name`) generates a crate";
            ineffective.extend(self.krate.given_options().map(error("it has no effect on modules", help)));
        }
        if self.options.selection.types_only {
            let help = "remove it, or remove `types-only` to generate operations";
            ineffective.extend(self.of_operations().map(error("it has no effect without operations", help)));
        }
        ineffective
    }

    /// Returns the given options that concern operations.
    fn of_operations(&self) -> impl Iterator<Item = &'static str> {
        let given = [
            ("include", !self.options.selection.include.is_empty()),
            ("exclude", !self.options.selection.exclude.is_empty()),
            ("rename", !self.options.renames.is_empty()),
            ("server", self.options.server == Emit::Always),
        ];
        given.into_iter().filter(|(_, is_given)| *is_given).map(|(option, _)| option)
    }

    /// Returns everything that options name, and the options that may lack an effect on some outputs, with their positions.
    pub(super) fn named(&self) -> Vec<OptionText> {
        let externs = self.inputs.externs.iter().map(|(namespace, _)| ("extern", namespace.as_str()));
        let types = self.options.types.iter().map(|choice| (choice.option().0, choice.pattern.as_str()));
        let sensitive = self.options.sensitive.chosen().iter().map(|name| ("sensitive", name.as_str()));
        let renames = self.options.renames.iter().map(|rename| ("rename", rename.operation.as_str()));
        let all = externs.chain(renames).chain(types).chain(sensitive).chain(self.options.selection.patterns());
        let given = self.of_operations();
        #[cfg(feature = "manifest")]
        let given = given.chain(self.krate.given_options());
        all.chain(given.map(|option| (option, option))).map(|(option, text)| self.place(option, text)).collect()
    }

    fn place(&self, option: &'static str, text: &str) -> OptionText {
        let span = self.places.as_ref().and_then(|places| places.span(option, None, text));
        OptionText { option, key: None, text: text.to_owned(), span }
    }

    /// Returns what determines the output folder: the option that names it, or else the first spec.
    pub(super) fn folder_named(&self) -> OptionText {
        match &self.out {
            Some(out) => self.place("out", &out.to_string_lossy()),
            None => self.first_spec(),
        }
    }

    pub(super) fn first_spec(&self) -> OptionText {
        let source = || self.inputs.specs.first().map(|source| Path::new(&source.name));
        let first = self.specs.first().map(|path| path.as_path()).or_else(source).unwrap_or(Path::new(""));
        self.place("path", &first.to_string_lossy())
    }

    /// Returns the error for a missing output folder.
    #[doc(hidden)]
    pub fn missing_out(&self) -> Error {
        let specs: Vec<String> = self.specs.iter().map(|path| path.display().to_string()).collect();
        let message = format!("no output folder for {}: pass `--out DIR`", specs.join(", "));
        let help = "in apigen.toml, for example `out = \"src/location\"` below the `[[spec]]`";
        self.refuse(vec![OptionError::new("E054", "path", &self.first_spec().text, message, help)])
    }
}

/// Returns true if a crate of this name could be built but not used: a keyword of paths, or the name of the runtime.
fn is_taken(name: &str) -> bool {
    ["self", "super", "crate", "Self", "apigen_runtime"].contains(&name.replace('-', "_").as_str())
}
