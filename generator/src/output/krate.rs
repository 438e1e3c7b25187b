//! Turns a module tree into a crate: the data for its manifest and README.

use std::collections::BTreeSet;
use std::path::Path;

use serde_json::{Value, json};

use super::package::Crate;
use crate::Error;
use crate::plan::items::{Module, Package};
use crate::plan::{Dates, Emit, Options};
use crate::write::GeneratedFiles;
use apigen_model::diagnostic::count;

/// The runtime's default features with chrono in place of jiff.
const CHRONO: [&str; 4] = ["chrono", "reqwest", "rustls", "serde"];
/// The runtime's feature that listens.
const SERVER: &str = "server";
/// The feature of generated crates that contains the mocks.
const MOCK: &str = "mock";

/// Adds `Cargo.toml` and `README.md` for a crate called `name` of this version. `generated` lists its dependencies that
/// are generated, too.
pub fn add_manifest(
    written: &mut GeneratedFiles,
    package: &Package,
    (name, version): (&str, String),
    krate: &Crate,
    generated: &BTreeSet<&str>,
    options: &Options,
) -> Result<(), Error> {
    let mut data = data(package, name);
    data["version"] = version.into();
    data["publish"] = krate.publish.into();
    data["runtime"] = runtime(krate.runtime.as_deref(), options).into();
    data["features"] = features(options, generated).into();
    data["dependencies"] =
        krate.dependencies.iter().map(|(name, spec)| json!({ "name": name, "spec": toml(spec) })).collect();
    let Some(files) = krate.files else {
        return Err(Error::usage("only the command `apigen` writes crates; a build script writes modules"));
    };
    files(krate.templates.as_deref(), &data)?
        .into_iter()
        .try_for_each(|(file, text)| written.add(file, text))
        .map_err(Error::internal)
}

/// Formats a version as a TOML string; a table is TOML already.
fn toml(spec: &str) -> String {
    if spec.starts_with('{') { spec.to_owned() } else { toml_text(spec) }
}

/// Returns all data about the specs for templates, as documented in `templates/README.md`. Text is reduced to what is
/// harmless in TOML and Markdown.
fn data(package: &Package, name: &str) -> Value {
    let titles: Vec<&str> = package.modules.iter().map(|m| m.title.as_str()).collect();
    let title = plain(titles.first().copied().unwrap_or_default());
    let types: usize = package.modules.iter().map(Module::types).sum();
    let operations: usize = package.modules.iter().flat_map(|m| &m.resources).map(|r| r.operations.len()).sum();
    json!({
        "generator": env!("CARGO_PKG_VERSION"),
        "name": name,
        "crate": name.replace('-', "_"),
        "title": title,
        "description": format!("Rust client of {title}"),
        "types": types,
        "operations": operations,
        "contents": format!("{}, {}", count(types, "type"), count(operations, "operation")),
        "services": package.modules.iter().filter_map(service).collect::<Vec<_>>(),
    })
}

/// Returns the features of the crate. Mocks enable those of other generated crates, which have samples of their types.
fn features(options: &Options, generated: &BTreeSet<&str>) -> Vec<Value> {
    let mocks: Vec<String> = generated.iter().map(|name| format!("{name}/{MOCK}")).collect();
    let parts = [
        (&options.mocks, "What tests use to stand in for the service.", mocks),
        (
            &options.server,
            "Server traits, their router, and the validator of requests and responses.",
            vec![format!("apigen-runtime/{SERVER}")],
        ),
    ];
    let parts = parts.into_iter().filter_map(|(part, about, enables)| match part {
        Emit::Feature(name) => Some(json!({ "name": name, "about": about, "enables": json!(enables).to_string() })),
        Emit::Always | Emit::Never => None,
    });
    parts.collect()
}

fn runtime(runtime: Option<&Path>, options: &Options) -> String {
    let version = toml_text(env!("CARGO_PKG_VERSION"));
    let place = match runtime {
        Some(path) => format!("path = {}, version = {version}", toml_text(&path.display().to_string())),
        None => format!("version = {version}"),
    };
    let mut features: Vec<&str> = if options.dates == Dates::Chrono { CHRONO.to_vec() } else { Vec::new() };
    let plain = if features.is_empty() { "" } else { ", default-features = false" };
    if options.server == Emit::Always {
        features.push(SERVER);
    }
    match features.is_empty() {
        true if runtime.is_none() => version,
        true => format!("{{ {place} }}"),
        false => format!("{{ {place}{plain}, features = {} }}", json!(features)),
    }
}

fn service(module: &Module) -> Option<Value> {
    let api = module.api.as_ref()?;
    let path: String = module.path.iter().map(|name| format!("{name}::")).collect();
    let resources = module.resources.iter().map(|r| {
        let operations = r
            .operations
            .iter()
            .map(|o| json!({ "method": o.method.as_str(), "http": plain(&format!("{} {}", o.http_method, o.path)) }));
        json!({ "api": r.api.as_str(), "accessor": r.accessor.as_str(), "operations": operations.collect::<Vec<_>>() })
    });
    Some(json!({
        "title": plain(&module.title),
        "client": format!("{path}{}", api.client),
        "arguments": api.required.iter().map(|header| format!(", {}", header.name)).collect::<String>(),
        "base_url": plain(api.base_url.as_deref().unwrap_or("https://api.example.com")),
        "resources": resources.collect::<Vec<_>>(),
    }))
}

/// Removes everything that has a meaning in TOML strings, Markdown tables or code spans.
fn plain(text: &str) -> String {
    let harmless = |c: char| c.is_alphanumeric() || " -_.:/,()".contains(c);
    text.chars().map(|c| if harmless(c) { c } else { ' ' }).take(200).collect()
}

fn toml_text(text: &str) -> String {
    // JSON's escapes are a subset of TOML's.
    Value::from(text).to_string()
}
