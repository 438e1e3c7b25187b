//! Documents that are designed to be slow. For every shape of [`shapes`], the time of each stage must grow no faster
//! than the document: unit tests of `apigen-model` and `apigen-build` measure their own stages, and [`runtime`]
//! measures all later ones. The documents here need more than one construct.

#[path = "common/growth.rs"]
mod growth;
mod runtime;
pub mod shapes;

use std::thread;

use apigen_build::{Config, Emit};
use apigen_model::lint::Settings;
use apigen_model::{Inputs, Report, Source, check};

use crate::common::Describe;

use self::shapes::{SHAPES, list, models};

const MANY: usize = 10_000;

/// The name of a stage, and its function.
type Stage = (&'static str, fn(&Config) -> usize);

/// Each stage returns the size of its result, so that no work is optimised away. Some documents are refused, which must
/// be as fast.
const STAGES: &[Stage] = &[
    ("check", |config| config.clone().lints(Settings::default()).check().map_or(0, |report| report.to_json().len())),
    ("normalise", |config| config.normalize().map_or(0, |(text, _)| text.len())),
    ("describe", |config| config.schema().map_or(0, |schema| schema.operations().len())),
    ("generate", |config| config.generate_in_memory().map_or(0, |generated| generated.files.by_path.len())),
];

fn config(text: String) -> Config {
    // A document without operations has no client.
    let types_only = !text.contains("\"operations\"");
    let server = if types_only { Emit::Never } else { Emit::Always };
    Config::new().source("api.json", text).server(server).types_only(types_only)
}

/// Threads of servers have small stacks.
#[test]
fn chains_need_no_deep_stack() {
    let chains = [
        "a chain of models",
        "a cycle of models",
        "collections of models that hold each other",
        "a form that is nearly the model",
    ];
    for (name, make) in SHAPES.iter().filter(|(name, _)| chains.contains(name)) {
        for stage in STAGES {
            let text = make(if stage.0 == "generate" { 400 } else { 2_000 });
            let run = move || stage.1(&config(text));
            let thread = thread::Builder::new().stack_size(256 << 10).spawn(run).unwrap();
            assert!(thread.join().is_ok(), "{name}: {}", stage.0);
        }
    }
}

/// No expression of generated code grows with the number of operations, resources or fields.
#[test]
fn many_operations_or_fields_need_no_deep_stack() {
    let stage = STAGES.iter().find(|stage| stage.0 == "generate").unwrap();
    for (name, size) in
        [("operations", 2_000), ("resources", 2_000), ("sensitive fields", 4_000), ("sensitive parameters", 4_000)]
    {
        let (_, make) = SHAPES.iter().find(|shape| shape.0 == name).unwrap();
        let run = move || stage.1(&config(make(size)));
        let thread = thread::Builder::new().stack_size(512 << 10).spawn(run).unwrap();
        assert!(thread.join().is_ok_and(|files| files > 0), "{name}");
    }
}

/// One large service that many others import, none of them found by a file.
#[test]
fn many_services_import_a_large_one() {
    let service = |name: &str, import: &str, models: &str| {
        format!(
            r#"{{"name": "{name}", "organization": {{"key": "acme"}}, "application": {{"key": "{name}"}}, "namespace": "acme.{name}",
                "version": "1.0.0", "imports": [{import}], "enums": [], "unions": [], "resources": [], "models": [{models}]}}"#
        )
    };
    let import = |of: &str| {
        format!(r#"{{"uri": "https://example.com/acme/{of}/1.0.0/service.json", "namespace": "acme.{of}"}}"#)
    };
    let model = |name: &str, ty: &str| {
        format!(
            r#"{{"name": "{name}", "plural": "{name}s", "fields": [{{"name": "f", "type": "{ty}", "required": true}}]}}"#
        )
    };
    const SERVICES: usize = 1_500;
    let large = list(SERVICES, |i| model(&format!("m{i}"), "string"));
    let importers = (0..SERVICES).map(|i| {
        let name = format!("s{i}");
        (name.clone(), service(&name, &import("large"), &model("own", &format!("acme.large.models.m{i}"))))
    });
    let all = list(SERVICES, |i| import(&format!("s{i}")));
    let config = Config::new().source("main", service("main", &all, &model("first", "string")));
    let config = config.import_source("large", service("large", "", &large));
    let config = importers.fold(config, |config, (name, text)| config.import_source(name, text));
    assert_eq!(config.check().unwrap().error_count(), 0);
    assert!(config.schema().is_ok());
}

fn judged(text: String) -> Report {
    let source = Source { name: "api.json".to_owned(), text, path: None };
    let report = check(Inputs { specs: vec![source], ..Inputs::default() });
    // Rendering it must not be slow either.
    assert!(report.to_string().len() + report.to_json().len() + report.to_github().len() < 100_000_000);
    report
}

fn clean(text: String) {
    let report = judged(text);
    assert_eq!(report.error_count(), 0, "{report}");
}

fn refused(text: String, errors: usize) {
    assert_eq!(judged(text).error_count(), errors);
}

#[test]
fn too_many_declarations() {
    let operations = |count| {
        let operations = list(count, |i| format!(r#"{{"method": "GET", "path": "/{i}"}}"#));
        format!(
            r#"{{"name": "s", "models": {{"m": {{"fields": []}}}}, "resources": {{"m": {{"operations": [{operations}]}}}}}}"#
        )
    };
    clean(operations(20_000));
    let report = judged(operations(20_001));
    assert_eq!(report.error_count(), 1);
    assert!(report.to_string().contains("more than 20000 operations"), "{report}");
    refused(models(&list(50_001, |i| format!(r#""m{i}": {{"fields": []}}"#))), 1);
    let values = list(1_000_001, |i| format!(r#"{{"name": "v{i}"}}"#));
    refused(format!(r#"{{"name": "s", "enums": {{"e": {{"values": [{values}]}}}}}}"#), 1);
}

#[test]
fn unknown_types() {
    // Each gets a suggestion only while that is cheap.
    let fields = list(MANY, |i| format!("{{\"name\": \"f{i}\", \"type\": \"modell_{i}\"}}\n"));
    let known = list(2_000, |i| format!("\"model_{i}\": {{\"fields\": []}}\n"));
    refused(models(&format!("\"wrong\": {{\"fields\": [{fields}]}}, {known}")), MANY);
}

#[test]
fn unknown_keys() {
    let keys = list(MANY, |i| format!("\"modles{i}\": {{}}"));
    let report = judged(format!("{{\"name\": \"Slow\", {keys}}}"));
    assert_eq!(report.diagnostics().len(), MANY);
}

#[test]
fn the_same_name_again() {
    let fields = list(MANY, |_| "{\"name\": \"same\", \"type\": \"string\"}".to_owned());
    assert!(judged(models(&format!("\"wrong\": {{\"fields\": [{fields}]}}"))).has_errors());
    let members = list(MANY, |_| "\"same\": {\"fields\": []}".to_owned());
    assert!(judged(models(&members)).has_errors());
}

#[test]
fn everything_in_one_line() {
    let fields = list(MANY, |i| format!("{{\"name\": \"f{i}\", \"type\": \"nope\"}}"));
    refused(models(&format!("\"wrong\": {{\"fields\": [{fields}]}}")), MANY);
}

#[test]
fn chains_and_cycles_of_models() {
    let chain = |end: &str| {
        let links =
            list(MANY, |i| format!("\"m{i}\": {{\"fields\": [{{\"name\": \"next\", \"type\": \"m{}\"}}]}}", i + 1));
        models(&format!("{links}, \"m{MANY}\": {{\"fields\": [{{\"name\": \"end\", \"type\": \"{end}\"}}]}}"))
    };
    clean(chain("string"));
    // No value of these is finite; that is a lint, not an error.
    clean(chain("m0"));
}

#[test]
fn chains_and_cycles_of_unions() {
    let unions = |end: &str| {
        let links = list(MANY, |i| format!("\"u{i}\": {{\"types\": [{{\"type\": \"u{}\"}}]}}", i + 1));
        format!(
            "{{\"name\": \"Slow\", \"unions\": {{{links}, \"u{MANY}\": {{\"types\": [{{\"type\": \"{end}\"}}]}}}}}}"
        )
    };
    // The code that reads a value would be as deep.
    refused(unions("string"), 1);
    assert!(judged(unions("u0")).has_errors());
    // Each union contains the previous one twice: 2^60 paths.
    let doubled = list(60, |i| {
        format!(
            "\"u{i}\": {{\"types\": [{{\"type\": \"a{i}\"}}, {{\"type\": \"b{i}\"}}]}}, \"a{i}\": {{\"types\": [{{\"type\": \"u{0}\"}}]}}, \"b{i}\": {{\"types\": [{{\"type\": \"u{0}\"}}]}}",
            i + 1
        )
    });
    judged(format!(
        "{{\"name\": \"Slow\", \"unions\": {{{doubled}, \"u60\": {{\"types\": [{{\"type\": \"string\"}}]}}}}}}"
    ));
}

#[test]
fn a_union_of_all_models_in_every_path() {
    let members = list(4_000, |i| format!("{{\"type\": \"m{i}\"}}"));
    let known = list(4_000, |i| format!("\"m{i}\": {{\"fields\": [{{\"name\": \"id\", \"type\": \"string\"}}]}}"));
    let operations = list(2_000, |i| format!("{{\"method\": \"GET\", \"path\": \"/{i}/:id\"}}"));
    clean(format!(
        "{{\"name\": \"Slow\", \"models\": {{{known}}}, \"unions\": {{\"all\": {{\"types\": [{members}]}}}}, \"resources\": {{\"all\": {{\"operations\": [{operations}]}}}}}}"
    ));
}

#[test]
fn a_list_of_values_of_a_large_enum() {
    let values = list(MANY, |i| format!("{{\"name\": \"v{i}\"}}"));
    let wrong = list(MANY, |i| format!("\\\"w{i}\\\""));
    let report = judged(format!(
        "{{\"name\": \"Slow\", \"enums\": {{\"large\": {{\"values\": [{values}]}}}}, \"models\": {{\"m\": {{\"fields\": [{{\"name\": \"f\", \"type\": \"[large]\", \"default\": \"[{wrong}]\"}}]}}}}}}"
    ));
    assert!(report.has_errors());
    let longest = report.diagnostics().iter().map(|d| d.message.len()).max();
    assert!(longest < Some(5_000), "{longest:?}");
}

#[test]
fn attributes_that_name_fields() {
    let fields = list(MANY, |i| format!("{{\"name\": \"f{i}\", \"type\": \"string\"}}"));
    let names = list(MANY, |i| format!("\"f{i}\""));
    let apigen = |value: String| format!("\"attributes\": [{{\"name\": \"apigen\", \"value\": {{{value}}}}}]");
    let operations = list(MANY, |i| {
        format!("{{\"method\": \"GET\", \"path\": \"/p{i}\", {}}}", apigen(format!("\"key\": \"f{}\"", MANY - i)))
    });
    // The first key names a field after the last one, which does not exist.
    refused(
        format!(
            "{{\"name\": \"Slow\", \"models\": {{\"m\": {{\"fields\": [{fields}]}}}}, \"resources\": {{\"m\": {{{}, \"operations\": [{operations}]}}}}}}",
            apigen(format!("\"unique\": [{names}]"))
        ),
        1,
    );
}

#[test]
fn deep_types_and_deep_json() {
    let ty = format!("{}string{}", "[".repeat(100_000), "]".repeat(100_000));
    judged(models(&format!("\"m\": {{\"fields\": [{{\"name\": \"f\", \"type\": \"{ty}\"}}]}}")));
    assert!(judged("[".repeat(1_000_000)).has_errors());
    assert!(judged(format!("{{\"attributes\": {}1{}}}", "[".repeat(200_000), "]".repeat(200_000))).has_errors());
}

#[test]
fn templates_upon_templates() {
    let templates =
        list(MANY, |i| format!("\"t{i}\": {{\"fields\": [], \"templates\": [{{\"name\": \"t{}\"}}]}}", i + 1));
    let document = format!(
        "{{\"name\": \"Slow\", \"templates\": {{\"models\": {{{templates}}}}}, \"models\": {{\"m\": {{\"fields\": [], \"templates\": [{{\"name\": \"t0\"}}]}}}}}}"
    );
    assert!(judged(document).has_errors());
}

#[test]
fn large_templates_of_many_models() {
    let document = |fields: String, count: usize| {
        let known = list(count, |i| format!("\"m{i}\": {{\"fields\": [], \"templates\": [{{\"name\": \"t\"}}]}}"));
        format!(
            "{{\"name\": \"Slow\", \"templates\": {{\"models\": {{\"t\": {{\"fields\": [{fields}]}}}}}}, \"models\": {{{known}}}}}"
        )
    };
    // Copies are counted in bytes: a megabyte of text each time, or many small values.
    let described =
        format!("{{\"name\": \"id\", \"type\": \"string\", \"description\": \"{}\"}}", "text ".repeat(200_000));
    clean(document(described.clone(), 10));
    assert!(judged(document(described, 200)).has_errors());
    let fields = list(20_000, |i| format!("{{\"name\": \"f{i}\", \"type\": \"string\"}}"));
    // Checking the fields again for each model would take minutes at larger sizes.
    assert!(judged(document(fields, 4_000)).has_errors());
}
