//! All problems of a document are reported in one run, with stable codes. Each case breaks one rule of a library's spec.

use apigen_model::{Inputs, Loaded, Report, Severity, Source, load};

fn run(text: &str) -> Result<Loaded, Report> {
    let spec = Source { name: "case.json".to_owned(), text: text.to_owned(), path: None };
    load(Inputs { specs: vec![spec], ..Inputs::default() })
}

/// Code and words of the one error; the first text is the document after its name.
const CASES: &[(&str, &str, &[&str])] = &[
    // Structure
    (r#""modells": {}"#, "E010", &["modells", "models"]),
    (r#""models": []"#, "E011", &["models", "object"]),
    (r#""models": {"book": {"fields": ["id"]}}"#, "E011", &["book", "fields", "objects"]),
    (r#""models": {"book": {"fields": [{"name": "id"}]}}"#, "E012", &["book", "id", "type"]),
    (r#""models": {"book": {"fields": [{"name": "id", "type": " "}]}}"#, "E013", &["book", "non empty"]),
    (r#""models": {"book": {"fields": [{"name": "id", "type": {"values": []}}]}}"#, "E015", &["enum, model or union"]),
    (r#""models": {"book": {"fields": []}, "book": {"fields": []}}"#, "E004", &["duplicate key book"]),
    (r#""imports": [{"uri": "ftp://example.com/x"}]"#, "E006", &["ftp://example.com/x", "https://"]),
    (r#""imports": [{"uri": "https://example.com/a/b/1.0.0/service.json"}]"#, "E008", &["a/b/1.0.0", "--imports"]),
    (
        r#""templates": {"models": {"record": {}}}, "models": {"book": {"templates": [{"name": "recrd"}]}}"#,
        "E005",
        &["Model[book]", "recrd", "did you mean `record`?"],
    ),
    (
        r#""templates": {"models": {"a": {"templates": [{"name": "b"}]}, "b": {"templates": [{"name": "a"}]}}}, "models": {"book": {"templates": [{"name": "a"}]}}"#,
        "E005",
        &["recursive", "a -> b -> a"],
    ),
    (r#""templates": {"models": {"book": {}}}, "models": {"book": {}}"#, "E005", &["Name[book]", "template model"]),
    (
        r#""templates": {"resources": {"a": {}}}, "models": {"book": {}}, "resources": {"book": {"templates": [{"name": "A", "cast": {"x": "y"}}, {"name": "B"}]}}"#,
        "E005",
        &["Resource[book]", "template[B]", "cannot be found"],
    ),
    (
        concat!(
            r#""models": {"book": {"fields": []}}, "resources": {"book": {"operations": [{"method": "GET", "path": "/:a/:a/:a/:a/:a/:a/:a/:a/:a/:a/:a/:a/:a/:a/:a/:a/:a/:a/:a/:a/:a/:a/:a/:a/:a/:a/:a/:a/:a/:a/:a/:a"#,
            r#"/:a/:a/:a/:a/:a/:a/:a/:a/:a/:a/:a/:a/:a/:a/:a/:a/:a/:a/:a/:a/:a/:a/:a/:a/:a/:a/:a/:a/:a/:a/:a/:a/:a"}]}}"#
        ),
        "E065",
        &["Resource[book] GET path[/books/:a", "65 parameters, more than 64", "query"],
    ),
    // Names
    (r#""models": {"2book": {"fields": []}}"#, "E020", &["2book", "start with a letter"]),
    (r#""models": {"book": {"fields": [{"name": "is it", "type": "string"}]}}"#, "E020", &["is it"]),
    (
        r#""models": {"book": {"fields": [{"name": "a_b", "type": "string"}, {"name": "aB", "type": "string"}]}}"#,
        "E022",
        &["a_b", "more than once"],
    ),
    (
        r#""models": {"book": {"fields": []}}, "enums": {"book": {"values": [{"name": "x"}]}}"#,
        "E023",
        &["book", "enum", "model"],
    ),
    // Types, limits, defaults
    (
        r#""models": {"book": {"fields": [{"name": "by", "type": "[autor]"}]}, "author": {"fields": []}}"#,
        "E030",
        &["autor", "author"],
    ),
    (
        r#""interfaces": {"named": {}}, "models": {"book": {"fields": [{"name": "x", "type": "named"}]}}"#,
        "E030",
        &["interface"],
    ),
    (
        r#""models": {"book": {"fields": [{"name": "n", "type": "long", "minimum": 2, "maximum": 1}]}}"#,
        "E025",
        &["minimum[2]", "maximum[1]"],
    ),
    (
        r#""models": {"book": {"fields": [{"name": "n", "type": "integer", "default": "many"}]}}"#,
        "E027",
        &["many", "integer"],
    ),
    (
        r#""models": {"book": {"fields": [{"name": "n", "type": "[integer]", "default": [1, "x"]}]}}"#,
        "E027",
        &["x", "integer"],
    ),
    (
        r#""models": {"book": {"fields": [{"name": "n", "type": "long", "default": 5, "maximum": 4}]}}"#,
        "E028",
        &["5", "maximum[4]"],
    ),
    (r#""models": {"book": {"fields": [{"name": "n", "type": "long", "annotations": ["pii"]}]}}"#, "E026", &["pii"]),
    (
        r#""interfaces": {"named": {"fields": [{"name": "name", "type": "string"}]}}, "models": {"book": {"fields": [], "interfaces": ["named"]}}"#,
        "E029",
        &["book", "name", "named"],
    ),
    (r#""enums": {"genre": {"values": []}}"#, "E024", &["genre"]),
    // Unions
    (r#""unions": {"party": {"types": [{"type": "unit"}]}}"#, "E033", &["unit"]),
    (r#""unions": {"party": {"types": [{"type": "string", "default": true}]}}"#, "E034", &["discriminator"]),
    (r#""unions": {"party": {"discriminator": "value", "types": [{"type": "string"}]}}"#, "E035", &["reserved"]),
    (
        r#""models": {"book": {"fields": [{"name": "kind", "type": "string"}]}}, "unions": {"party": {"discriminator": "kind", "types": [{"type": "book"}]}}"#,
        "E035",
        &["kind", "book"],
    ),
    (
        r#""unions": {"party": {"types": [{"type": "string", "discriminator_value": "x"}, {"type": "long", "discriminator_value": "x"}]}}"#,
        "E036",
        &["x"],
    ),
    (r#""unions": {"a": {"types": [{"type": "b"}]}, "b": {"types": [{"type": "a"}]}}"#, "E038", &["a->b->a"]),
    // Operations
    (r#""resources": {"book": {"operations": [{"method": "GET"}]}}"#, "E040", &["book", "not found"]),
    (
        r#""models": {"book": {"fields": []}}, "resources": {"book": {"operations": [{"method": "FETCH"}]}}"#,
        "E041",
        &["FETCH", "TRACE"],
    ),
    (
        r#""models": {"book": {"fields": []}}, "resources": {"book": {"operations": [{"method": "GET", "body": {"type": "book"}}]}}"#,
        "E042",
        &["GET"],
    ),
    (
        r#""models": {"book": {"fields": []}}, "resources": {"book": {"operations": [{"method": "GET", "parameters": [{"name": "q", "type": "book"}]}]}}"#,
        "E031",
        &["q", "book", "query"],
    ),
    (
        r#""models": {"book": {"fields": []}}, "resources": {"book": {"operations": [{"method": "GET", "parameters": [{"name": "q", "type": "long", "default": 1, "required": false}]}]}}"#,
        "E045",
        &["q", "required"],
    ),
    (
        r#""models": {"book": {"fields": []}}, "resources": {"book": {"operations": [{"method": "GET", "parameters": [{"name": "q", "type": "long", "location": "cookie"}]}]}}"#,
        "E044",
        &["cookie", "header"],
    ),
    (
        r#""models": {"book": {"fields": []}}, "resources": {"book": {"operations": [{"method": "GET", "responses": {"2xx": {"type": "book"}}}]}}"#,
        "E046",
        &["2xx"],
    ),
    (
        r#""models": {"book": {"fields": []}}, "resources": {"book": {"operations": [{"method": "GET", "responses": {"200": {"type": "book"}, "201": {"type": "string"}}}]}}"#,
        "E047",
        &["book", "string"],
    ),
    (
        r#""models": {"book": {"fields": []}}, "resources": {"book": {"operations": [{"method": "POST", "attributes": [{"name": "apigen", "value": {"side_effects": "no"}}]}]}}"#,
        "E048",
        &["POST /books", "side_effects must be a boolean, not a string"],
    ),
    (
        r#""models": {"book": {"fields": []}}, "resources": {"book": {"operations": [{"method": "POST", "attributes": [{"name": "apigen", "value": {"name": "lendBook"}}]}]}}"#,
        "E048",
        &["POST /books", "name[lendBook] is not a valid method name", "write `lend_book`"],
    ),
    (
        r#""models": {"book": {"fields": []}}, "resources": {"book": {"operations": [{"method": "POST"}, {"method": "POST", "path": "/lend", "attributes": [{"name": "apigen", "value": {"name": "post"}}]}]}}"#,
        "E048",
        &["POST /books/lend", "name[post] is the name of another operation[POST /books]", "choose another name"],
    ),
    (
        r#""models": {"book": {"fields": []}}, "resources": {"book": {"operations": [{"method": "POST", "attributes": [{"name": "apigen", "value": {"side_effect": false}}]}]}}"#,
        "E048",
        &["POST /books", "side_effect", "did you mean `side_effects`?"],
    ),
    (
        r#""models": {"book": {"fields": [{"name": "isbn", "type": "string"}]}}, "resources": {"book": {"operations": [{"method": "GET", "path": "/:isbn", "attributes": [{"name": "apigen", "value": {"key": "ibsn"}}], "responses": {"200": {"type": "book"}}}]}}"#,
        "E048",
        &["GET /books/:isbn", "key names an unknown field[ibsn]", "did you mean `isbn`?"],
    ),
    (
        r#""models": {"book": {"fields": [{"name": "isbn", "type": "string"}]}}, "resources": {"book": {"attributes": [{"name": "apigen", "value": {"unique": ["isbn", "title"]}}], "operations": [{"method": "GET", "path": "/:isbn", "responses": {"200": {"type": "book"}}}]}}"#,
        "E048",
        &["Resource[book]", "unique names an unknown field[title]", "available fields: isbn"],
    ),
    (
        r#""models": {"book": {"fields": [{"name": "isbn", "type": "string"}]}}, "resources": {"book": {"attributes": [{"name": "apigen", "value": {"unique": "isbn"}}], "operations": [{"method": "GET", "path": "/:isbn", "responses": {"200": {"type": "book"}}}]}}"#,
        "E048",
        &["Resource[book]", "unique must be a list of strings, not a string"],
    ),
    (
        r#""models": {"book": {"fields": [{"name": "isbn", "type": "string"}]}}, "resources": {"book": {"attributes": [{"name": "apigen", "value": {"unique": [1]}}], "operations": [{"method": "GET", "path": "/:isbn", "responses": {"200": {"type": "book"}}}]}}"#,
        "E048",
        &["unique must be a list of strings, but has a number"],
    ),
    (
        r#""models": {"book": {"fields": [{"name": "isbn", "type": "string"}]}}, "resources": {"book": {"attributes": [{"name": "apigen", "value": {"side_effects": true}}], "operations": [{"method": "GET", "path": "/:isbn", "responses": {"200": {"type": "book"}}}]}}"#,
        "E048",
        &["Resource[book]", "unknown key[side_effects]", "allowed keys: key, unique"],
    ),
];

#[test]
fn each_rule_is_reported_once_with_its_code_and_words() {
    for (document, code, words) in CASES {
        let text = format!("{{\"name\": \"Library\", {document}}}");
        let report = run(&text).expect_err(document);
        let found = report.diagnostics();
        let matching: Vec<_> = found.iter().filter(|d| d.code == *code).collect();
        assert!(!matching.is_empty() && found.len() <= 3, "{document}: wanted {code}, got\n{report}");
        let shown = report.to_string();
        assert!(words.iter().all(|word| shown.contains(word)), "{document}: wanted {words:?}, got\n{shown}");
        assert!(
            matching.iter().all(|d| d.span.end <= text.len() && d.span.start < d.span.end),
            "{document}: no place\n{report}"
        );
    }
}

#[test]
fn all_problems_are_reported_at_once_in_order() {
    let text = r#"{
  "name": "Library",
  "models": {
    "book": { "fields": [ { "name": "by", "type": "author" }, { "name": "n", "type": "long", "minimum": 2, "maximum": 1 } ] },
    "shelf": { "fields": [ { "name": "books", "type": "[bok]" } ] }
  }
}"#;
    let report = run(text).unwrap_err();
    let codes: Vec<&str> = report.diagnostics().iter().map(|d| d.code).collect();
    assert_eq!(codes, ["E030", "E025", "E030"]);
    let shown = report.to_string();
    for part in ["case.json:4:51", "case.json:5:55", "did you mean `book`?", "3 errors found", "^^^^^"] {
        assert!(shown.contains(part), "{part} is not in\n{shown}");
    }
}

#[test]
fn older_published_documents_are_read_with_warnings() {
    let text = r#"{
      "name": "Library", "organization": { "key": "acme" }, "application": { "key": "library" },
      "namespace": "io.acme.library.v0", "version": "1.2.3",
      "imports": [{ "uri": "https://example.com/acme/common/1.0.0/service.json", "namespace": "io.acme.common.v0" }],
      "enums": [{ "name": "genre", "values": [{ "name": "Science Fiction" }, { "name": "poetry", "value": null }] }],
      "models": [{ "name": "book", "plural": "books", "fields": [
        { "name": "genre", "type": "io.acme.library.v0.enums.genre", "required": true },
        { "name": "by", "type": "[io.acme.common.v0.models.person]", "required": true, "description": null }
      ] }],
      "resources": [{ "type": "book", "plural": "books", "operations": [
        { "method": "GET", "path": "/books/:id",
          "parameters": [{ "name": "id", "type": "long", "location": "Path", "required": true }],
          "responses": [{ "code": 200, "type": "book" }, { "code": { "response_code_option": "Default" }, "type": "unit" }] }
      ] }]
    }"#;
    let loaded = run(text).unwrap();
    let warnings: Vec<&str> = loaded.report.diagnostics().iter().map(|d| d.code).collect();
    assert!(loaded.report.diagnostics().iter().all(|d| d.severity == Severity::Warning), "{}", loaded.report);
    assert_eq!(warnings, ["W003", "W001", "E020", "W002"], "{}", loaded.report);
    let book = loaded.api.models.iter().next().unwrap().1;
    assert!(matches!(&book.fields[0].ty, apigen_model::api::Type::Enum(_)));
    assert_eq!(format!("{:?}", book.fields[1].ty), "List(Primitive(Json))");
}
