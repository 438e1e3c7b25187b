//! Documents made to be slow: each is checked in a blink, where anything that grows faster than the document would take
//! minutes.

use apigen::front::{Inputs, Report, Source, check};

const MANY: usize = 10_000;

/// `separator` between what is made for each number below `count`.
fn list(count: usize, item: impl Fn(usize) -> String) -> String {
    (0..count).map(item).collect::<Vec<_>>().join(",")
}

fn judged(text: String) -> Report {
    let source = Source { name: "api.json".to_owned(), text, path: None };
    let report = check(Inputs { specs: vec![source], ..Inputs::default() });
    // Showing it must not be slow either.
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

fn models(models: &str) -> String {
    format!("{{\"name\": \"Slow\", \"models\": {{{models}}}}}")
}

#[test]
fn unknown_types() {
    // Each gets a suggestion only as long as that is cheap.
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
    // What reads a value would be as deep.
    refused(unions("string"), 1);
    assert!(judged(unions("u0")).has_errors());
    // Each union holds the one before it twice over: 2^60 ways to walk it.
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
    // One of them counts from one too far.
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
