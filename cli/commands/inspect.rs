//! `apigen inspect`.

use std::path::PathBuf;
use std::process::ExitCode;

use apigen_build::inspect::{Element, Naming};
use apigen_build::{Config, Error};
use apigen_model::vocabulary::suggestions::{meant, shown};
use clap::{Args, ValueEnum};
use serde_json::Value;
use similar::TextDiff;

use super::options::Reading;
use super::output::print;
use super::progress;

#[derive(Debug, Args)]
pub struct Arguments {
    /// Spec (api.json or service.json).
    #[arg(value_name = "SPEC")]
    spec: PathBuf,
    /// Elements to show: `user`, `models.user`, `users`, `users.get_by_guid`, `GET /users/:guid` [default: all].
    #[arg(value_name = "ELEMENT")]
    elements: Vec<String>,
    /// Stage to show [default: all]. Can be repeated.
    #[arg(long, value_enum)]
    stage: Vec<Stage>,
    /// Output format.
    #[arg(long, value_enum, default_value_t)]
    format: Format,
    #[command(flatten)]
    reading: Reading,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
enum Stage {
    /// As written in the spec.
    Spec,
    /// As API Builder publishes it, with everything it infers.
    Service,
    /// The difference between the two.
    Changes,
    /// As resolved in the model.
    Model,
    /// Names in Rust, with the reasons.
    Names,
}

#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, ValueEnum)]
enum Format {
    /// Readable text.
    #[default]
    Human,
    /// A JSON array of objects.
    Json,
}

pub fn inspect(arguments: &Arguments) -> Result<ExitCode, Error> {
    let config = arguments.reading.apply(Config::new())?.spec(&arguments.spec);
    let all = progress::during("reading", || config.inspect())?;
    let wanted =
        |element: &&Element| arguments.elements.is_empty() || arguments.elements.iter().any(|text| element.is(text));
    let unknown = arguments.elements.iter().filter(|text| !all.iter().any(|element| element.is(text)));
    let unknown: Vec<String> = unknown.map(|text| nothing(text, &all)).collect();
    if !unknown.is_empty() {
        return Err(Error::usage(unknown.join("\nerror: ")));
    }
    let found: Vec<&Element> = all.iter().filter(wanted).collect();
    let stage = |stage: Stage| arguments.stage.is_empty() || arguments.stage.contains(&stage);
    let text = match arguments.format {
        Format::Json => format!("{:#}\n", found.iter().map(|element| json(element, &stage)).collect::<Value>()),
        Format::Human => found.iter().map(|element| human(element, &stage)).collect(),
    };
    Ok(print(&text))
}

/// Returns the message for a text that matches no element.
fn nothing(text: &str, all: &[Element]) -> String {
    let words: Vec<&str> = all.iter().flat_map(Element::words).collect();
    match meant(text, &words) {
        Some(near) => format!("the spec has no element {text:?}; did you mean {near:?}?"),
        None => {
            let keys: Vec<&str> = all.iter().map(|element| element.key.as_str()).collect();
            format!("the spec has no element {text:?}; it has {}", shown(&keys))
        }
    }
}

fn json(element: &Element, stage: &dyn Fn(Stage) -> bool) -> Value {
    let mut value = element.to_json();
    if let Some(object) = value.as_object_mut() {
        let members =
            [("spec", Stage::Spec), ("service", Stage::Service), ("model", Stage::Model), ("names", Stage::Names)];
        object.retain(|key, _| members.iter().all(|(name, wanted)| key != name || stage(*wanted)));
    }
    value
}

fn human(element: &Element, stage: &dyn Fn(Stage) -> bool) -> String {
    let mut text = element.key.clone();
    element.route.iter().for_each(|route| text.push_str(&format!(" ({route})")));
    text.push('\n');
    let pretty = |value: &Option<Value>| value.as_ref().map_or_else(String::new, |value| format!("{value:#}\n"));
    let (spec, service) = (pretty(&element.spec), pretty(&element.service));
    let mut part = |wanted: Stage, title: &str, content: &str| {
        if stage(wanted) && !content.is_empty() {
            text.push_str(&format!("\n  {title}\n"));
            for line in content.lines() {
                text.push_str(format!("    {line}").trim_end());
                text.push('\n');
            }
        }
    };
    part(Stage::Spec, "as written", &spec);
    part(Stage::Service, "as published", &service);
    part(Stage::Changes, "from written to published", &changes(&spec, &service));
    part(Stage::Model, "in the model", &element.model);
    part(Stage::Names, "in Rust", &names(element));
    text.push('\n');
    text
}

fn changes(spec: &str, service: &str) -> String {
    match spec.is_empty() || service.is_empty() {
        true => String::new(),
        false => TextDiff::from_lines(spec, service).unified_diff().context_radius(1000).to_string(),
    }
}

fn names(element: &Element) -> String {
    let width = element.names.iter().map(|name| name.spec.len()).max().unwrap_or(0);
    let line = |name: &Naming| {
        let why = name.why.as_ref().map_or_else(String::new, |why| format!("  ({why})"));
        format!("{:8} {:width$} -> {}{why}\n", name.what, name.spec, name.rust)
    };
    element.names.iter().map(line).collect()
}
