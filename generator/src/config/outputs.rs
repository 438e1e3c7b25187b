//! Whether several outputs would write to one file.

use std::collections::HashMap;
use std::collections::hash_map::Entry;
use std::path::{Component, Path, PathBuf};

use crate::fault::Fault;
use crate::{Error, Generated};
use apigen_model::diagnostic::Report;

/// Whether each output has its folder for itself. One may be inside another as long as no module of theirs is the same.
///
/// # Errors
/// Every output that would write to a file, or to the file of a module, that an earlier one writes to.
pub fn check_folders<'g>(outputs: impl IntoIterator<Item = (&'g Path, &'g Generated)>) -> Result<(), Error> {
    let (mut taken, mut report) = (HashMap::new(), Report::default());
    for (out, generated) in outputs {
        let root = resolved(out);
        let mut clash = None;
        for path in generated.tree.files.keys() {
            match taken.entry(module(&root.join(path))) {
                Entry::Vacant(free) => drop(free.insert(&generated.name)),
                Entry::Occupied(first) if clash.is_none() => clash = Some((*first.get(), out.join(path))),
                Entry::Occupied(_) => {}
            }
        }
        let Some((first, file)) = clash else { continue };
        let named = &generated.outcome.folder;
        let message = format!("`{}` would be written for `{first}` and for `{}`", file.display(), generated.name);
        let help = if named.option == "out" {
            "give each output a folder of its own with `out`"
        } else {
            "give each a `name`, or a folder of its own with `out`"
        };
        let fault = Fault::new("E061", named.option, &named.text, message, help);
        fault.report(&mut report, generated.outcome.places.as_deref());
    }
    if report.has_errors() { Err(report.into()) } else { Ok(()) }
}

/// The path that a folder really has, as far as it exists: without links, `.` and `..`.
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

/// What two files have in common that cannot be side by side: paths that differ in the case of letters are one file on macOS and
/// Windows, and `users.rs` and `users/mod.rs` are one module.
fn module(file: &Path) -> PathBuf {
    let is_root = file.file_name().is_some_and(|name| name.eq_ignore_ascii_case("mod.rs"));
    let file = if is_root { file.parent().unwrap_or(file).with_extension("rs") } else { file.to_owned() };
    file.to_string_lossy().to_lowercase().into()
}
