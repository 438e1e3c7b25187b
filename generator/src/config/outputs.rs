//! Checks across the outputs of a run: each option has an effect on one of them, and no two write the same file.

use std::collections::HashMap;
use std::collections::hash_map::Entry;
use std::path::{Component, Path, PathBuf};

use super::Config;
use super::generated::Generated;
use crate::Error;
use crate::option_error::{OptionError, OptionText};
use crate::option_use::OptionUse;
use apigen_model::diagnostic::Report;

/// Returns the outputs of a run, with their folders, if all were generated and fit together. Each comes with its
/// configuration, also if it could not be generated.
///
/// An option that is shared by several outputs, at the top of `apigen.toml` or as a flag, needs to name something for
/// one of them only. One folder may be inside another, as long as they share no module.
///
/// # Errors
/// Returns every error of the outputs at once, and in addition: every option that does not fit the specs, names nothing
/// or has no effect, with its position and a suggestion; outputs without operations, because there are none or `include`
/// and `exclude` leave none, unless types alone were requested; and every output that would write to a file, or to the
/// file of a module, of an earlier output.
pub fn check_outputs<'c>(
    outputs: impl IntoIterator<Item = (&'c Config, Result<(PathBuf, Generated), Error>)>,
) -> Result<Vec<(PathBuf, Generated)>, Error> {
    let (mut made, mut errors, mut unknown) = (Vec::new(), Vec::new(), Vec::new());
    for (config, output) in outputs {
        match output {
            Ok(output) => made.push(output),
            Err(error) => {
                errors.push(error);
                unknown.extend(config.named());
            }
        }
    }
    let outcomes: Vec<&OptionUse> = made.iter().map(|(_, generated)| &generated.option_use).collect();
    let mut report = option_problems(&outcomes, &unknown);
    clashing_folders(&mut report, &made);
    errors.extend(report.has_errors().then(|| report.into()));
    Error::all(errors).map_or(Ok(made), Err)
}

/// Checks the options of a single output.
pub(super) fn check_options(generated: &Generated) -> Result<(), Error> {
    let report = option_problems(&[&generated.option_use], &[]);
    if report.has_errors() { Err(report.into()) } else { Ok(()) }
}

/// Reports the options that do not fit the specs, name nothing or have no effect. Those that are also among `unknown`
/// may name something for an output that could not be generated.
fn option_problems(outcomes: &[&OptionUse], unknown: &[OptionText]) -> Report {
    let mut report = Report::default();
    for outcome in outcomes {
        for error in &outcome.errors {
            error.clone().report(&mut report, outcome.places.as_deref());
        }
        for unmatched in &outcome.unmatched {
            let is_used = |named| unknown.contains(named) || outcomes.iter().any(|other| other.has_matched(named));
            if !outcome.named(unmatched).is_some_and(is_used) {
                // The suggestion may come from any of the outputs.
                let same = |other: &&OptionError| (other.option, &other.text) == (unmatched.option, &unmatched.text);
                let near = outcomes.iter().flat_map(|outcome| &outcome.unmatched).filter(same);
                let near = near.filter_map(|other| other.near.clone()).next();
                unmatched.clone().near(near).report(&mut report, outcome.places.as_deref());
            }
        }
    }
    // With errors, the reason why nothing is left has been reported already.
    if !report.has_errors() {
        outcomes.iter().for_each(|outcome| nothing_left(&mut report, outcome));
    }
    report
}

fn nothing_left(report: &mut Report, outcome: &OptionUse) {
    let Some(declared) = outcome.clientless else { return };
    let selects = |named: &&OptionText| ["include", "exclude"].contains(&named.option) && declared > 0;
    let OptionText { option, text, .. } = outcome.named.iter().find(selects).unwrap_or(&outcome.spec);
    let message = match declared {
        0 => "the spec has no operations, so there would be no client".to_owned(),
        1 => "the only operation of the spec is excluded, so there would be no client".to_owned(),
        count => format!("all {count} operations are excluded, so there would be no client"),
    };
    let help = "to generate only types, use `--types-only` (`types-only = true` in apigen.toml, `Config::types_only` in build.rs)";
    OptionError::new("E057", option, text, message, help).report(report, outcome.places.as_deref());
}

/// Reports every output that would write to a file, or to the file of a module, of an earlier output.
fn clashing_folders(report: &mut Report, outputs: &[(PathBuf, Generated)]) {
    let mut taken = HashMap::new();
    for (out, generated) in outputs {
        let root = resolved(out);
        let mut clash = None;
        for path in generated.files.by_path.keys() {
            match taken.entry(module(&root.join(path))) {
                Entry::Vacant(free) => drop(free.insert(&generated.name)),
                Entry::Occupied(first) if clash.is_none() => clash = Some((*first.get(), out.join(path))),
                Entry::Occupied(_) => {}
            }
        }
        let Some((first, file)) = clash else { continue };
        let named = &generated.option_use.folder;
        let message = format!("`{}` would be written for `{first}` and for `{}`", file.display(), generated.name);
        let help = if named.option == "out" {
            "give each output a folder of its own with `out`"
        } else {
            "give each a `name`, or a folder of its own with `out`"
        };
        let error = OptionError::new("E061", named.option, &named.text, message, help);
        error.report(report, generated.option_use.places.as_deref());
    }
}

/// Returns the real path of a folder, as far as it exists: without links, `.` and `..`.
fn resolved(folder: &Path) -> PathBuf {
    let mut found = PathBuf::new();
    for part in std::path::absolute(folder).unwrap_or_else(|_| folder.to_owned()).components() {
        match part {
            Component::CurDir => {}
            Component::ParentDir => drop(found.pop()),
            part => {
                found.push(part);
                found = found.canonicalize().unwrap_or(found);
            }
        }
    }
    found
}

/// Returns a key that is equal for two files that cannot coexist: paths that differ only in case are one file on macOS
/// and Windows, and `users.rs` and `users/mod.rs` are one module.
fn module(file: &Path) -> PathBuf {
    let is_root = file.file_name().is_some_and(|name| name.eq_ignore_ascii_case("mod.rs"));
    let file = if is_root { file.parent().unwrap_or(file).with_extension("rs") } else { file.to_owned() };
    file.to_string_lossy().to_lowercase().into()
}
