//! Values at the limits of their types: defaults that do not fit are refused, and accepted ones are printed unchanged.

use std::collections::BTreeSet;

use apigen_model::{Inputs, Loaded, Report, Severity, Source, load};
use apigen_runtime::{FromJson, Mode, codegen::literal};

use crate::common::{Describe, put, scratch};

fn run(text: &str) -> Result<Loaded, Report> {
    let spec = Source { name: "case.json".to_owned(), text: text.to_owned(), path: None };
    load(Inputs { specs: vec![spec], ..Inputs::default() })
}

/// A type, and a default that it cannot hold.
const LOST: &[(&str, &str)] = &[
    ("decimal", "1E+30"),
    ("decimal", "0.12345678901234567890123456789012345"),
    ("decimal", "79228162514264337593543950336"),
    ("decimal", "1e-29"),
    ("double", "1e400"),
    ("double", "-1e400"),
    ("double", "1e-400"),
    ("double", "NaN"),
    ("double", "Infinity"),
    ("double", "-Infinity"),
    ("integer", "2147483648"),
    ("long", "9223372036854775808"),
    ("date-iso8601", "10000-01-01"),
    ("date-iso8601", "-0001-01-01"),
    ("date-time-iso8601", "10000-01-01T00:00:00Z"),
    ("date-time-iso8601", "0000-01-01T00:00:00+01:00"),
    ("json", "[1e400]"),
    ("object", "{\"a\": -1e400}"),
];

/// Returns the same default wherever a spec can have one. Lists and maps have it as an element.
fn places(ty: &str, default: &str) -> Vec<String> {
    let text = serde_json::Value::from(default).to_string();
    let [list, map] =
        [format!("[{text}]"), format!("{{\"a\": {text}}}")].map(|default| serde_json::Value::from(default).to_string());
    let model = |ty: &str, default: &str| {
        format!(
            r#"{{"name": "Library", "models": {{"book": {{"fields": [{{"name": "n", "type": "{ty}", "default": {default}}}]}}}}}}"#
        )
    };
    let parameter = |location: &str, ty: &str, default: &str| {
        format!(
            r#"{{"name": "Library", "models": {{"book": {{"fields": [{{"name": "id", "type": "long"}}]}}}}, "resources": {{"book": {{"operations": [
              {{"method": "POST", "parameters": [{{"name": "n", "type": "{ty}", "location": "{location}", "default": {default}}}]}}]}}}}}}"#
        )
    };
    let mut all = vec![model(ty, &text), model(&format!("map[{ty}]"), &map), parameter("form", ty, &text)];
    if !matches!(ty, "json" | "object") {
        all.extend([model(&format!("[{ty}]"), &list), parameter("query", ty, &text), parameter("header", ty, &text)]);
        all.push(parameter("query", &format!("[{ty}]"), &list));
    }
    all
}

#[test]
fn defaults_that_no_value_holds_are_errors() {
    for (ty, default) in LOST {
        for document in places(ty, default) {
            let report = run(&document).err().unwrap_or_else(|| panic!("{document} is accepted"));
            let [diagnostic] = report.diagnostics()[..] else { panic!("{report}") };
            assert_eq!((diagnostic.code, diagnostic.severity), ("E027", Severity::Error), "{report}");
            let place = &document[diagnostic.span.start..diagnostic.span.end];
            assert!(place.starts_with('"') && place.len() > default.len(), "{place}");
        }
    }
}

/// Returns documents in which a header of the service, one of a response, and a header parameter have this type and default.
fn headers(ty: &str, default: &str) -> [String; 3] {
    let default = serde_json::Value::from(default);
    let of = |service: &str, parameter: &str, response: &str| {
        format!(
            r#"{{"name": "Library", "headers": [{service}], "enums": {{"tone": {{"values": [{{"name": "mild", "value": "MILD"}}]}}}},
              "models": {{"book": {{"fields": []}}}}, "resources": {{"book": {{"operations": [{{"method": "GET",
                "parameters": [{parameter}], "responses": {{"200": {{"type": "book", "headers": {response}}}}}}}]}}}}}}"#
        )
    };
    let named = |more: &str| format!(r#"{{"name": "X-Tone", "type": "{ty}", "default": {default}{more}}}"#);
    let response = format!("[{}]", named(""));
    [of(&named(""), "", "[]"), of("", "", &response), of("", &named(r#", "location": "header""#), "[]")]
}

#[test]
fn defaults_of_headers_have_their_type() {
    for (ty, default, words) in [
        ("tone", "loud", "is not valid for enum[tone]; valid are: mild"),
        ("[tone]", r#"["mild", "loud"]"#, "default[loud] is not valid"),
    ] {
        for document in headers(ty, default) {
            let report = run(&document).err().unwrap_or_else(|| panic!("{document} is accepted"));
            let [diagnostic] = report.diagnostics()[..] else { panic!("{report}") };
            assert_eq!((diagnostic.code, diagnostic.severity), ("E027", Severity::Error), "{report}");
            assert!(diagnostic.message.contains(words), "{report}");
        }
    }
    let [service, response, _] = headers("string", "two\nlines");
    for document in [service, response] {
        assert!(run(&document).unwrap_err().to_string().contains("cannot be sent in a header"));
    }
    let [service, response, parameter] = headers("[tone]", "mild, loud");
    for document in [service, response] {
        assert!(run(&document).unwrap_err().to_string().contains("default[loud] is not valid"));
    }
    assert!(run(&parameter).unwrap_err().to_string().contains("is not json"));
    // The text on the wire is sent, not the name. A list can be written as headers write it.
    for (ty, default, sent) in [
        ("tone", "mild", "MILD"),
        ("tone", "MILD", "MILD"),
        ("[tone]", r#"["mild"]"#, "MILD"),
        ("[string]", r#"["a", "b"]"#, "a, b"),
        ("[string]", "a", "a"),
        ("[string]", "a,b", "a, b"),
        ("[tone]", "MILD, mild", "MILD, MILD"),
        ("string", "a, b", "a, b"),
    ] {
        let [document, ..] = headers(ty, default);
        let generated = apigen_build::Config::new().source("library.json", document).generate_in_memory().unwrap();
        let client = generated.files.by_path.iter().find(|(path, _)| path.ends_with("client.rs")).unwrap().1;
        assert!(client.contains(&format!("headers: &[(\"X-Tone\", \"{sent}\")],")), "{client}");
    }
}

/// A number that no JSON reader can represent is reported as one, also without quotes.
#[test]
fn numbers_beyond_doubles_are_named() {
    for number in ["1e400", "-1e999", "[1e400]"] {
        let report =
            run(&format!(r#"{{"name": "Library", "attributes": [{{"name": "x", "value": {number}}}]}}"#)).unwrap_err();
        assert!(report.to_string().contains("beyond the range of a double"), "{report}");
    }
}

#[test]
fn published_defaults_that_no_value_holds_are_left_out() {
    let document = |ty: &str, default: &str| {
        let default = serde_json::Value::from(default);
        format!(
            r#"{{"name": "Library", "organization": {{"key": "acme"}}, "application": {{"key": "library"}},
              "namespace": "io.acme.library.v0", "version": "1.2.3", "imports": [], "enums": [], "unions": [], "resources": [],
              "models": [{{"name": "book", "plural": "books", "fields": [
                {{"name": "n", "type": "{ty}", "required": true, "default": {default}}}]}}]}}"#
        )
    };
    for (ty, default) in LOST {
        let loaded = run(&document(ty, default)).unwrap();
        let told = loaded.report.to_string();
        assert!(told.contains("warning[E027]") && told.contains("the default is dropped"), "{told}");
        let (_, book) = loaded.api.models.iter().next().unwrap();
        assert!(book.fields[0].default.is_none() && book.fields[0].required, "{ty} {default}");
    }
    let loaded = run(&document("date-time-iso8601", "9999-12-31T23:59:59Z")).unwrap();
    assert!(loaded.report.diagnostics().iter().all(|diagnostic| diagnostic.code != "E027"), "{}", loaded.report);
    let (_, book) = loaded.api.models.iter().next().unwrap();
    assert!(book.fields[0].default.is_some());
}

/// Returns numbers of SplitMix64.
fn random(state: &mut u64) -> u64 {
    *state = state.wrapping_add(0x9e37_79b9_7f4a_7c15);
    let mut bits = *state;
    bits = (bits ^ (bits >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
    bits = (bits ^ (bits >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
    bits ^ (bits >> 31)
}

/// The generator, which has no decimals of its own, accepts exactly what generated code can hold.
#[test]
fn what_the_generator_accepts_the_runtime_holds() {
    let mut state = 7;
    let number = |state: &mut u64| {
        let mut digits = |most: u64| -> String {
            let count = random(state) % (most + 1);
            (0..count).map(|_| char::from(b"0000123456789"[(random(state) % 13) as usize])).collect()
        };
        let (whole, fraction) = (digits(32), digits(32));
        let sign = ["", "-", "+"][(random(state) % 3) as usize];
        let exponent = match random(state) % 3 {
            0 => format!("e{}", random(state) % 80)
                .replace("e", if random(state).is_multiple_of(2) { "e-" } else { "E+" }),
            _ => String::new(),
        };
        format!(
            "{sign}{}.{}{exponent}",
            if whole.is_empty() { "0" } else { &whole },
            if fraction.is_empty() { "0" } else { &fraction }
        )
    };
    let mut texts: Vec<String> = (0..3000).map(|_| number(&mut state)).collect();
    let zeros = "0".repeat(60);
    texts.extend([
        format!("1{zeros}e-60"),
        format!("-1{zeros}.{zeros}e-60"),
        format!("1.{zeros}"),
        format!("0.{zeros}1"),
    ]);
    texts.extend(["5.", ".5", "-.5e1", "0e-99", "0e99", "1e-2147483648"].map(str::to_owned));
    let fields = texts
        .iter()
        .enumerate()
        .map(|(index, text)| format!(r#"{{"name": "f{index}", "type": "decimal", "default": "{text}"}}"#));
    let fields = fields.collect::<Vec<_>>().join(",");
    let report = run(&format!(r#"{{"name": "Library", "models": {{"book": {{"fields": [{fields}]}}}}}}"#)).unwrap_err();
    let refused: BTreeSet<usize> = report
        .diagnostics()
        .iter()
        .map(|diagnostic| diagnostic.message.split(['[', ']']).nth(3).unwrap()[1..].parse().unwrap())
        .collect();
    for (index, text) in texts.iter().enumerate() {
        let quoted = format!("\"{text}\"");
        let held = apigen_runtime::Decimal::from_json_with(quoted, &Mode::lenient()).ok();
        assert_eq!(refused.contains(&index), held.is_none(), "{text}");
        assert!(held.is_none_or(|held| held == literal::decimal(text.trim_start_matches('+'))), "{text}");
    }
    assert!((500..2500).contains(&refused.len()), "{}", refused.len());
}

#[test]
fn defaults_are_compared_with_limits_exactly() {
    for (ty, limit, default, fits) in [
        ("long", r#""minimum": 9007199254740993"#, "9007199254740992", false),
        ("long", r#""minimum": 9007199254740993"#, "9007199254740993", true),
        ("decimal", r#""maximum": 9007199254740993"#, "9007199254740993.1", false),
        ("decimal", r#""maximum": 9007199254740993"#, "9007199254740993.0", true),
        ("double", r#""minimum": 9007199254740993"#, "9007199254740992", false),
        ("double", r#""minimum": 9007199254740993"#, "9007199254740994", true),
        ("double", r#""maximum": 9223372036854775807"#, "9223372036854775808", false),
    ] {
        let document = format!(
            r#"{{"name": "Library", "models": {{"book": {{"fields": [{{"name": "n", "type": "{ty}", "default": "{default}", {limit}}}]}}}}}}"#
        );
        let codes: Vec<&str> = match run(&document) {
            Ok(_) => Vec::new(),
            Err(report) => report.diagnostics().iter().map(|diagnostic| diagnostic.code).collect(),
        };
        assert_eq!(codes, if fits { &[][..] } else { &["E028"][..] }, "{document}");
        // The runtime has the same rule for values it reads, unless the nearest double is within the limit.
        let document = document.replace(&format!(r#""default": "{default}", "#), "");
        let schema = apigen_build::Config::new().source("library.json", document).schema().unwrap();
        let json = format!(r#"{{"n": {default}}}"#);
        let read = schema.validate(&schema.find("book").unwrap(), json, &Mode::strict());
        assert_eq!(read.is_ok(), fits, "{ty} {default}: {read:?}");
    }
}

const LICENCE: &str = r#"{ "name": "far", "models": { "licence": { "fields": [
    { "name": "at", "type": "date-time-iso8601", "required": false },
    { "name": "on", "type": "date-iso8601", "required": false },
    { "name": "rate", "type": "double", "required": false },
    { "name": "price", "type": "decimal", "required": false },
    { "name": "count", "type": "long", "required": false },
    { "name": "times", "type": "[date-time-iso8601]", "required": false } ] } } }"#;

#[test]
fn what_is_accepted_is_printed_as_it_came() {
    let path = scratch("values").join("licence.json");
    put(&path, LICENCE);
    let schema = apigen_build::Config::new().spec(&path).schema().unwrap();
    let licence = schema.find("licence").unwrap();
    for json in [
        r#"{"at":"2024-02-29T10:00:00+02:00"}"#,
        r#"{"at":"2024-02-29t10:00:00.100z"}"#,
        r#"{"at":"2024-02-29T10:00\u003a00.123456789123-00:00"}"#,
        r#"{"at":"2016-12-31T23:59:60Z"}"#,
        r#"{"at":"9999-12-31T23:59:59Z"}"#,
        r#"{"at":"9999-12-31T23:59:59.999-08:00"}"#,
        r#"{"at":"0001-01-01T00:00:00Z","on":"9999-12-31"}"#,
        r#"{"rate":1.10,"price":1E+2,"count":9223372036854775807}"#,
        r#"{"rate":12345678901234567890123.0}"#,
        r#"{"times":["2024-02-29T10:00:00+02:00","2024-02-29T10:00:00\u005a"]}"#,
        r#"{"":1}"#,
        r#"{"at":"2024-02-29T10:00:00Z","":{"":[1.0]},"x":1e400}"#,
    ] {
        for mode in [Mode::strict(), Mode::coerce()] {
            assert_eq!(schema.accept(&licence, json, &mode).unwrap(), json, "{mode:?}");
        }
    }
    for (json, expected) in [
        (r#"{"at":["2024-02-29T10:00:00+02:00"]}"#, r#"{"at":"2024-02-29T10:00:00+02:00"}"#),
        (r#"{"at":"2024-02-29T10:00"}"#, r#"{"at":"2024-02-29T10:00:00Z"}"#),
        (r#"{"at":"9999-12-31"}"#, r#"{"at":"9999-12-31T00:00:00Z"}"#),
        (r#"{"rate":".5","price":"+5.","count":12.0}"#, r#"{"rate":0.5,"price":5,"count":12}"#),
        (r#"{"rate":["1.50"],"price":[1.50]}"#, r#"{"rate":1.5,"price":1.50}"#),
    ] {
        assert_eq!(schema.accept(&licence, json, &Mode::coerce()).unwrap(), expected);
        assert!(schema.validate(&licence, json, &Mode::strict()).is_err(), "{json}");
    }
}
