//! Reads the texts of the specs.

use std::fs;
use std::path::Path;

use super::Config;
use crate::Error;
use crate::option_error::OptionError;
use apigen_model::source::read_text;
use apigen_model::vocabulary::suggestions::closest;
use apigen_model::{Imports, Inputs, Source, is_uri};

impl Config {
    /// Reads the text of every spec, with all options for reading it.
    pub(super) fn read(&self) -> Result<Inputs, Error> {
        if self.specs.is_empty() && self.inputs.specs.is_empty() {
            return Err(Error::usage("no spec given"));
        }
        let (mut inputs, mut errors) = (self.inputs.clone(), Vec::new());
        let mut imports = Imports::new(self.import_paths.clone());
        for (place, message) in imports.open().err().into_iter().flatten() {
            let help = "pass a folder, or a JSON file that maps URIs to files";
            errors.push(OptionError::new("E059", "imports", &place.to_string_lossy(), message, help));
        }
        for path in &self.specs {
            match if is_uri(path) { fetched(path, &imports) } else { source(path) } {
                Ok(source) => inputs.specs.push(source),
                Err(message) => {
                    let help = match is_uri(path) {
                        true => "set `imports` to the folder that it is fetched to",
                        false => "write the path of an api.json or service.json, relative to the folder of apigen.toml",
                    };
                    errors.push(OptionError::new("E059", "path", &path.to_string_lossy(), message, help));
                }
            }
        }
        if !errors.is_empty() {
            return Err(self.refuse(errors));
        }
        Ok(Inputs { imports, ..inputs })
    }
}

fn source(path: &Path) -> Result<Source, String> {
    if path.is_dir() {
        return Err(format!("{} is a folder; name the JSON files in it", path.display()));
    }
    let text = read_text(path).map_err(|error| format!("{}: {error}{}", path.display(), neighbour(path)))?;
    Ok(Source { name: path.display().to_string(), text, path: Some(path.to_owned()) })
}

/// Suggests a file in the same folder for a path that does not exist.
fn neighbour(path: &Path) -> String {
    let entries = fs::read_dir(path.parent().filter(|folder| !folder.as_os_str().is_empty()).unwrap_or(Path::new(".")));
    let names = entries.into_iter().flatten().flatten().map(|entry| entry.file_name().to_string_lossy().into_owned());
    let names: Vec<String> = names.collect();
    let names: Vec<&str> = names.iter().map(String::as_str).collect();
    let name = path.file_name().filter(|_| !path.exists()).unwrap_or_default().to_string_lossy();
    let near = closest(&name, &names).map(|near| format!("; did you mean {}?", path.with_file_name(near).display()));
    near.unwrap_or_default()
}

/// Returns the document of a URI, which was fetched before.
fn fetched(uri: &Path, imports: &Imports) -> Result<Source, String> {
    let uri = uri.to_string_lossy();
    let missing = || format!("{uri} was not found in any import path; `apigen update` fetches it to vendor/apibuilder");
    let file = imports.find(&uri, None).ok_or_else(missing)?;
    let text = imports.read(&uri, &file).map_err(|error| error.message)?;
    Ok(Source { name: file.display().to_string(), text, path: Some(file) })
}
