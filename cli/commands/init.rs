//! `apigen init`.

mod apibuilder;
mod names;

use std::collections::BTreeSet;
use std::fmt::Write as _;
use std::fs;
use std::path::{Path, PathBuf};

use self::apibuilder::{Project, Target, projects};
use apigen_build::manifest::FILE;
use apigen_build::{Config, Error};
use apigen_model::diagnostic::count;
use apigen_model::is_uri;
use clap::Args;

use names::{Wanted, names};

/// The example spec, written if there is none.
const EXAMPLE: &str = include_str!("../../templates/example.json");
/// Where the command `apibuilder` keeps its configuration, newest first.
const APIBUILDER: &[&str] = &[".apibuilder/config", ".apibuilder", ".apidoc"];
/// Where `apigen update` puts fetched documents.
const VENDOR: &str = "vendor/apibuilder";
const HEAD: &str = "# The configuration of apigen. `apigen generate --help` explains the options; those above the first\n\
                    # [[spec]] apply to all specs.\n";

#[derive(Debug, Args)]
pub struct Arguments {
    /// Specs to generate from [default: the services in .apibuilder/config, or the folder `specs`; an example if there is
    /// neither].
    #[arg(value_name = "SPEC")]
    specs: Vec<PathBuf>,
    /// Folder to write to.
    #[arg(long, value_name = "DIR", default_value = ".")]
    folder: PathBuf,
    /// API Builder server that hosts the services in .apibuilder/config.
    #[arg(long, value_name = "URL", default_value = "https://app.apibuilder.io")]
    server: String,
}

/// Writes `apigen.toml`, and returns the next steps.
pub fn init(arguments: Arguments) -> Result<String, Error> {
    let file = below(&arguments.folder, FILE);
    if file.exists() {
        return Err(Error::usage(format!("{} already exists", file.display())));
    }
    let config = APIBUILDER.iter().map(|name| below(&arguments.folder, name)).find(|path| path.is_file());
    if let Some(config) = config.filter(|_| arguments.specs.is_empty()) {
        let text = apigen_model::source::read_text(&config).map_err(|error| failed(&config, &error))?;
        let (manifest, told) = taken_over(&projects(&config.display().to_string(), &text)?, &config, &arguments.server);
        write(&file, &manifest)?;
        return Ok(told);
    }
    let mut text = String::new();
    let mut specs = arguments.specs;
    readable(&arguments.folder, &specs)?;
    let mut known = BTreeSet::new();
    specs.retain(|spec| {
        let is_new = known.insert(below(&arguments.folder, spec).canonicalize().unwrap_or_else(|_| spec.clone()));
        if !is_new {
            let _ = writeln!(text, "{} is already one of the specs, and is taken once", spec.display());
        }
        is_new
    });
    if specs.is_empty() {
        specs = found(&arguments.folder);
    }
    if specs.is_empty() {
        let path = PathBuf::from("specs/example.json");
        write(&arguments.folder.join(&path), EXAMPLE)?;
        text.push_str(&format!("{}: an example\n", path.display()));
        specs.push(path);
    }
    write(&file, &manifest(&arguments.folder, &specs))?;
    text.push_str(&format!("{}: {}\n", file.display(), count(specs.len(), "spec")));
    text.push_str(
        "Run `apigen generate` to generate the code, and `apigen status` to check whether it is up to date\n",
    );
    Ok(text)
}

/// Checks that every named spec exists and can be a spec; URIs are fetched later.
fn readable(folder: &Path, specs: &[PathBuf]) -> Result<(), Error> {
    let files: Vec<PathBuf> = specs.iter().filter(|path| !is_uri(path)).map(|path| below(folder, path)).collect();
    if files.is_empty() {
        return Ok(());
    }
    // Other problems are reported when generating.
    let report = files.iter().fold(Config::new(), Config::spec).check()?.only(&["E001", "E002", "E003"]);
    if report.has_errors() { Err(report.into()) } else { Ok(()) }
}

/// Returns a path in a folder, without the folder if that is the current one.
fn below(folder: &Path, name: impl AsRef<Path>) -> PathBuf {
    if folder == Path::new(".") { name.as_ref().to_owned() } else { folder.join(name) }
}

/// Returns the specs in the folder `specs`, sorted.
fn found(folder: &Path) -> Vec<PathBuf> {
    let entries = fs::read_dir(folder.join("specs")).into_iter().flatten().flatten();
    let names = entries.map(|entry| PathBuf::from("specs").join(entry.file_name()));
    let mut specs: Vec<PathBuf> = names.filter(|path| path.extension().is_some_and(|end| end == "json")).collect();
    specs.sort();
    specs
}

/// Returns one output for each spec, in a folder named like it. Paths are relative to `folder`.
fn manifest(folder: &Path, specs: &[PathBuf]) -> String {
    let mut text = HEAD.to_owned();
    let wanted: Vec<Wanted> = specs.iter().map(|spec| Wanted::of_spec(spec)).collect();
    for ((spec, wanted), name) in specs.iter().zip(&wanted).zip(names(&wanted)) {
        let path = toml(&spec.to_string_lossy().replace('\\', "/"));
        let _ = write!(text, "\n[[spec]]\npath = {path}\nout = {}\n", toml(&wanted.out(&name)));
        // The name in the spec may be that of another output, too.
        if name != wanted.name(1) {
            let _ = writeln!(text, "name = {}", toml(&name));
        }
        if is_library(&below(folder, spec)) {
            text.push_str("types-only = true\n");
        }
    }
    text
}

/// Returns true if a spec has types only.
fn is_library(spec: &Path) -> bool {
    let Ok(text) = apigen_model::source::read_text(spec) else { return false };
    let Ok(serde_json::Value::Object(spec)) = serde_json::from_str(&text) else { return false };
    spec.get("resources").is_none_or(|resources| match resources {
        serde_json::Value::Object(resources) => resources.is_empty(),
        serde_json::Value::Array(resources) => resources.is_empty(),
        _ => false,
    })
}

/// Returns an output for each place where one of our generators, as offered by `apigen serve`, would write; without
/// any, one for each application. Also returns notes about them.
fn taken_over(projects: &[Project], config: &Path, server: &str) -> (String, String) {
    let ours = |target: &&Target| KEYS.iter().any(|(key, _)| *key == target.generator);
    let any = projects.iter().flat_map(|project| &project.targets).any(|target| ours(&target));
    let mut text = format!(
        "{HEAD}# The services are those of {}; `apigen update` fetches them.\nimports = {}\n",
        config.display(),
        toml(VENDOR)
    );
    let (mut outputs, mut left_out) = (Vec::new(), Vec::new());
    for Project { organization, application, version, targets } in projects {
        let uri = format!("{}/{organization}/{application}/{version}/service.json", server.trim_end_matches('/'));
        let mut chosen: Vec<(&str, &str)> =
            targets.iter().filter(ours).map(|target| (target.generator.as_str(), target.folder.as_str())).collect();
        if !any {
            chosen.push((KEYS[0].0, "src"));
        }
        if chosen.is_empty() {
            left_out.push(format!("{organization}/{application}"));
        }
        for (generator, folder) in chosen {
            let parts = [generator, organization, application].map(str::to_owned).to_vec();
            outputs.push((uri.clone(), generator, Wanted { folder: folder.to_owned(), parts }));
        }
    }
    let wanted: Vec<Wanted> = outputs.iter().map(|(.., wanted)| wanted.clone()).collect();
    for ((uri, generator, wanted), name) in outputs.iter().zip(names(&wanted)) {
        let _ = write!(text, "\n[[spec]]\npath = {}\nout = {}\n", toml(uri), toml(&wanted.out(&name)));
        let options = KEYS.iter().find(|(key, _)| key == generator).map_or("", |(_, options)| *options);
        text.push_str(&options.replace("{name}", &name));
    }
    let mut told = format!("{FILE}: {}, from {}\n", count(outputs.len(), "spec"), config.display());
    if !any {
        let _ = writeln!(told, "{} uses none of {}; added all of its applications", config.display(), keys());
    }
    if !left_out.is_empty() {
        let _ = writeln!(told, "skipped, because they use none of {}: {}", keys(), left_out.join(", "));
    }
    told.push_str("Run `apigen update` to fetch the services, and `apigen generate` to generate the code\n");
    (text, told)
}

/// Our generators, with the options that each of them sets.
const KEYS: &[(&str, &str)] =
    &[("rust_client", ""), ("rust_server", "server = \"always\"\n"), ("rust_crate", "crate = \"{name}\"\n")];

fn keys() -> String {
    KEYS.iter().map(|(key, _)| *key).collect::<Vec<_>>().join(", ")
}

/// Formats a TOML basic string; JSON's escapes are a subset of TOML's.
fn toml(text: &str) -> String {
    serde_json::Value::from(text).to_string()
}

fn write(path: &Path, text: &str) -> Result<(), Error> {
    let folder = path.parent().unwrap_or(Path::new(""));
    fs::create_dir_all(folder).map_err(|error| failed(folder, &error))?;
    // Write a temporary file beside it first, so that no other program reads an incomplete one.
    let name = path.file_name().unwrap_or_default().to_string_lossy();
    let draft = path.with_file_name(format!(".{name}.tmp"));
    let written = fs::write(&draft, text).and_then(|()| fs::rename(&draft, path));
    written.inspect_err(|_| drop(fs::remove_file(&draft))).map_err(|error| failed(path, &error))
}

fn failed(path: &Path, error: &std::io::Error) -> Error {
    Error::usage(format!("{}: {error}", path.display()))
}
