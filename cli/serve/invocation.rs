//! Invokes generators.

use std::io;
use std::path::Path;

use apigen_runtime::Object;

use super::generator_specs::{GeneratorSpec, attributes};
use super::protocol::{Attribute, Error, File, InvocationForm};
use crate::templates::crate_files;
use apigen_build::manifest::OptionValue;
use apigen_build::write::LIST;
use apigen_build::{Config, Generated};
use apigen_model::Severity;
use apigen_model::vocabulary::suggestions::meant;

/// The generated files, and warnings about the service as text.
pub type Made = (Vec<File>, String);

/// Generates the files within an estimated `memory` bytes; otherwise returns every error.
pub fn invoke(generator: &GeneratorSpec, form: InvocationForm, memory: usize) -> Result<Made, Vec<Error>> {
    let config = (generator.configure)(Config::new().crate_files(crate_files))
        .allow_no_operations()
        .memory_limit(memory)
        .source("service", text(form.service));
    let imported = form.imported_services.into_iter().flatten().enumerate();
    let config = imported.fold(config, |config, (index, service)| {
        config.import_source(format!("imported_services[{index}]"), text(service))
    });
    let generated = configured(config, &form.attributes)?.generate_in_memory().map_err(|error| errors(&error))?;
    // The list of files is for writing to a folder, which the client does.
    let files = generated.files.by_path.iter().filter(|(path, _)| path.as_path() != Path::new(LIST));
    let files = files.map(|(path, contents)| file(&generated, path, contents)).collect();
    Ok((files, generated.warnings))
}

/// Returns the service of a form: `apicollective/apibuilder-spec 0.16.53`.
pub fn name(form: &InvocationForm) -> String {
    let text = |value: Option<&serde_json::Value>| {
        let text = value.and_then(serde_json::Value::as_str).unwrap_or("?");
        text.chars().filter(|c| !c.is_control()).take(100).collect::<String>()
    };
    let key = |name| text(form.service.get(name).and_then(|value| value.get("key")));
    format!("{}/{} {}", key("organization"), key("application"), text(form.service.get("version")))
}

/// Formats the service on several lines, so that diagnostics can show the relevant one; on a single line if indentation
/// would make it much longer, as with deeply nested values.
fn text(service: Object) -> String {
    let short = serde_json::to_string(&service).unwrap_or_default();
    let mut long = vec![0; short.len().saturating_mul(LONGER)];
    let mut writer = io::Cursor::new(long.as_mut_slice());
    if serde_json::to_writer_pretty(&mut writer, &service).is_err() {
        return short;
    }
    let length = writer.position() as usize;
    long.truncate(length);
    String::from_utf8(long).unwrap_or(short)
}

/// The factor by which indentation may lengthen a document. Real documents become two to three times as long.
const LONGER: usize = 5;

fn configured(mut config: Config, given: &[Attribute]) -> Result<Config, Vec<Error>> {
    let mut errors = Vec::new();
    for Attribute { name, value } in given {
        let known = attributes().find(|option| option.name == name);
        let result = known.ok_or_else(|| unknown(name)).and_then(|option| {
            let given = OptionValue::parse(option.kind, value)?;
            option.apply(config.clone(), given).map_err(|error| error.to_string())
        });
        match result {
            Ok(changed) => config = changed,
            Err(message) => errors.push(error("invalid_attribute", format!("attribute[{name}]: {message}"))),
        }
    }
    if errors.is_empty() { Ok(config) } else { Err(errors) }
}

fn unknown(name: &str) -> String {
    let known: Vec<&str> = attributes().map(|option| option.name).collect();
    match meant(name, &known) {
        Some(near) => format!("unknown option {name:?}; did you mean {near:?}?"),
        None => format!("unknown option {name:?}; expected one of {}", known.join(", ")),
    }
}

pub fn error(code: &str, message: impl Into<String>) -> Error {
    Error { code: code.to_owned(), message: message.into() }
}

fn errors(failure: &apigen_build::Error) -> Vec<Error> {
    if failure.is_too_large() {
        let raise = "the operator of the generator can raise the limit with `apigen serve --memory-limit`";
        return vec![error("memory_limit", format!("{}; {raise}", failure.sentence()))];
    }
    let Some(report) = failure.report() else { return vec![error("failed", failure.to_string())] };
    let serious = report.diagnostics().into_iter().filter(|diagnostic| diagnostic.severity == Severity::Error);
    let sentences = |message: &str, help: &Option<String>| match help {
        Some(help) => format!("{message} ({help})"),
        None => message.to_owned(),
    };
    serious.map(|diagnostic| error(diagnostic.code, sentences(&diagnostic.message, &diagnostic.help))).collect()
}

fn file(generated: &Generated, path: &Path, contents: &str) -> File {
    let folders = path.parent().into_iter().flat_map(Path::iter).map(|folder| folder.to_string_lossy().into_owned());
    let dir: Vec<String> = std::iter::once(generated.name.clone()).chain(folders).collect();
    let name = path.file_name().unwrap_or_default().to_string_lossy().into_owned();
    File { dir: Some(dir.join("/")), ..File::new(name, contents) }
}
