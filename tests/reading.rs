//! Readable generated code: constructors, documentation, the first page, and files that are easy to navigate.

use std::collections::BTreeMap;
use std::fmt::Write;

use apigen_build::{Config, Emit};
use apigen_cli::templates::crate_files;
use serde_json::{Value, json};

use crate::common::{cargo, manifest, put, scratch};

/// Returns files by path, with slashes.
fn generated(config: Config) -> BTreeMap<String, String> {
    let tree = config.generate_in_memory().unwrap().files;
    let path = |path: &std::path::Path| path.iter().map(|part| part.to_str().unwrap()).collect::<Vec<_>>().join("/");
    tree.by_path.iter().map(|(at, text)| (path(at), text.clone())).collect()
}

fn module(spec: &Value) -> BTreeMap<String, String> {
    let text = spec.to_string();
    let types_only = !text.contains("\"method\"");
    generated(Config::new().source("library.json", text).types_only(types_only))
}

fn fields(types: &[(&str, &str)]) -> Value {
    let fields = types.iter().map(|(name, ty)| json!({ "name": name, "type": ty }));
    json!({ "fields": fields.collect::<Vec<_>>() })
}

/// Returns a service with so many types that they are divided, including ones that are hard on files, imports and documentation.
fn large() -> Value {
    let mut models = json!({
        "book": fields(&[("isbn", "string"), ("title", "string"), ("date", "date"), ("shelf", "[shelf]"), ("new", "boolean")]),
        "book_form": fields(&[("title", "string"), ("shelf", "shelf")]),
        "new": fields(&[("new", "string"), ("self", "book")]),
        "date": fields(&[("at", "date-time-iso8601"), ("kind", "kind")]),
        "shelf": fields(&[("room", "string"), ("books", "map[book]"), ("option", "option")]),
        "mod": fields(&[("aux", "aux_file")]),
        "aux_file": fields(&[("con", "integer")]),
        "type_of": fields(&[("self_of", "self_of")]),
        "self_of": fields(&[("anything", "anything")]),
        "option": fields(&[("a", "string"), ("b", "string"), ("c", "string"), ("d", "string"),
            ("e", "string"), ("f", "string"), ("g", "string"), ("h", "string")]),
        "titled_map": { "interfaces": ["titled"], "fields": [{ "name": "title", "type": "string" }] },
        "map": { "interfaces": ["titled"], "fields": [{ "name": "title", "type": "string" }] },
        "string_card": { "fields": [{ "name": "uuid", "type": "uuid" }, { "name": "note", "type": "string", "required": false }] },
    });
    for index in 0..100 {
        let name = format!("{}_{index}", ["order", "item", "price", "zone"][index % 4]);
        models[name] = json!({ "fields": [{ "name": "book", "type": "book", "required": false }] });
    }
    let text = "The `key` | of [it](Book) <b>.\n\n* one\n* two\n\n# Heading\n\nRest";
    let parameters = json!([
        { "name": "isbn", "type": "string", "description": "What is printed on its back", "minimum": 10, "maximum": 13 },
        { "name": "room", "type": "string", "location": "query", "deprecation": { "description": "Use `shelf`." } },
        { "name": "shelf", "type": "string", "location": "query", "description": text },
        { "name": "limit", "type": "long", "default": 25, "description": "How many." },
        { "name": "to_self", "type": "string", "required": false },
    ]);
    let body = json!({ "type": "book_form", "description": "What is to be known of it." });
    json!({
        "name": "Library", "description": "Lends books.",
        "interfaces": { "titled": { "fields": [{ "name": "title", "type": "string" }] } },
        "enums": { "kind": { "values": [{ "name": "book" }, { "name": "map" }] } },
        "unions": { "anything": { "types": [{ "type": "book" }, { "type": "kind" }, { "type": "order_0" }] } },
        "models": models,
        "resources": {
            "book": {
                "description": "All that | can be lent. And more.",
                "operations": [
                    { "method": "GET", "description": "Lists [books] | maps. Slowly.", "responses": { "200": { "type": "[book]" } } },
                    { "method": "PUT", "path": "/:isbn", "parameters": parameters, "body": body, "responses": { "200": { "type": "book" } } },
                    { "method": "DELETE", "path": "/:isbn", "deprecation": {}, "responses": { "204": { "type": "unit" } },
                      "attributes": [{ "name": "apigen", "value": { "name": "type" } }] },
                    { "method": "POST", "path": "/a|b/:isbn", "responses": { "204": { "type": "unit" } } },
                ],
            },
            "type_of": { "operations": [{ "method": "GET", "responses": { "200": { "type": "type_of" } } }] },
        },
    })
}

#[test]
fn what_is_generated_compiles_and_documents_itself() {
    let crated = generated(
        Config::new().source("library.json", large().to_string()).crate_files(crate_files).crate_name("library"),
    );
    let folder = scratch("reading");
    for (path, text) in crated.iter().filter(|(path, _)| path.ends_with(".rs")) {
        put(&folder.join(path), text);
    }
    let features = "\n[features]\nmock = []\nserver = [\"apigen-runtime/server\"]\n\n[workspace]\n";
    put(&folder.join("Cargo.toml"), &format!("{}{features}", manifest("library", "")));
    put(&folder.join("tests/use.rs"), USE);
    cargo(
        &folder,
        &[
            "clippy",
            "--all-features",
            "--all-targets",
            "--",
            "-D",
            "warnings",
            "-D",
            "clippy::return_self_not_must_use",
        ],
    );
    cargo(&folder, &["test", "--all-features"]);
    for features in [&[][..], &["--all-features"]] {
        cargo(&folder, &[&["doc", "--no-deps"], features].concat());
    }
    let page = std::fs::read_to_string(scratch("target").join("doc/library/index.html")).unwrap();
    assert!(page.contains("trait.Books.html#method.put_by_isbn"), "the index has links");
    assert!(!page.contains("BookFactory"), "factories are out of the way");
}

const USE: &str = r#"//! What users write.
use library::{AuxFile, BookFactory, Map, Mod, New, Option as Card, Titled, factories};

#[test]
fn constructors_take_what_is_required() {
    let book = library::Book::factory().build();
    let new = New::new("new", book.clone());
    assert_eq!((new.new.as_str(), new.self_), ("new", book));
    assert_eq!(Mod::new(AuxFile::new(1)).aux.con, 1);
    let card = Card::new("a", "b", "c", "d", "e", "f", "g", "h");
    assert_eq!((card.a.as_str(), card.h.as_str()), ("a", "h"));
    assert_eq!(Map::new("Europe").title(), "Europe");
}

#[test]
fn factories_keep_their_old_path() {
    let old: BookFactory = library::Book::factory();
    let new: factories::BookFactory = old;
    assert_eq!(new.title("Emma").build().title, "Emma");
}
"#;

#[test]
fn every_model_without_a_default_has_a_constructor() {
    let files = module(&large());
    let models: String = files.iter().filter(|(path, _)| path.starts_with("models")).map(|(_, text)| &**text).collect();
    let structs: Vec<&str> = models.match_indices("pub struct ").map(|(at, word)| &models[..at + word.len()]).collect();
    assert!(structs.len() > 100);
    for before in structs {
        let name = models[before.len()..].split([' ', ';']).next().unwrap();
        let derives = before.rsplit("#[derive(").next().unwrap();
        let default = derives.contains("Default") || models.contains(&format!("Default for {name} "));
        let new = models.contains(&format!("impl {name} {{\n")) && models.contains("pub fn new(");
        assert!(default || new, "{name} has neither `Default` nor `new`");
    }
}

#[test]
fn what_is_said_of_required_parameters_is_documented() {
    let files = module(&large());
    let books = &files["books.rs"];
    let method = r"
    /// * `isbn`: What is printed on its back. 10 to 13 characters.
    /// * `room`: Deprecated: Use shelf.
    /// * `shelf`:
    ///
    ///   The `key` | of \[it\](Book) \<b\>.
    ///
    ///   - one
    ///   - two
    ///
    ///   # Heading
    ///
    ///   Rest
    /// * `book_form`: What is to be known of it.
    ///
    /// `PUT /books/:isbn`
    fn put_by_isbn<'a>(";
    assert!(books.contains(method), "{books}");
    let fields = r"pub struct PutByIsbn {
    /// What is printed on its back
    ///
    /// 10 to 13 characters.
    pub isbn: String,
    /// Deprecated: Use shelf.
    pub room: String,";
    assert!(books.contains(fields), "{books}");
    assert!(
        books.contains("#[must_use = \"parameters do nothing until a call takes them\"]\npub struct PutByIsbnParams {")
    );
}

/// Returns the index of operations on the first page, with links that begin with `root`.
fn index(root: &str) -> String {
    let mut text = "# Operations\n\n## `Books`\n\nAll that &#124; can be lent.\n\n".to_owned();
    writeln!(text, "| [`client.books()`]({root}Books) | | |\n|---|---|---|").unwrap();
    for (method, link, route, about) in [
        ("get", "get", "GET /books", "Lists \\[books\\] &#124; maps. "),
        ("put_by_isbn", "put_by_isbn", "PUT /books/:isbn", ""),
        ("r#type", "type", "DELETE /books/:isbn", "Deprecated. "),
        ("post_a_b_by_isbn", "post_a_b_by_isbn", "POST /books/a\\|b/:isbn", ""),
    ] {
        writeln!(text, "| [`{method}`]({root}Books::{link}) | `{route}` | {about}|").unwrap();
    }
    text + &format!(
        "\n## `TypeOfs`\n\n| [`client.type_ofs()`]({root}TypeOfs) | | |\n|---|---|---|\n| [`get`]({root}TypeOfs::get) |"
    )
}

#[test]
fn the_first_page_lists_the_operations() {
    let commented = |text: &str, mark: &str| -> String {
        let lines = text.lines().map(|line| if line.is_empty() { mark.to_owned() } else { format!("{mark} {line}") });
        lines.collect::<Vec<_>>().join("\n")
    };
    let crated = generated(
        Config::new().source("library.json", large().to_string()).crate_files(crate_files).crate_name("library"),
    );
    let root = &crated["src/lib.rs"];
    assert!(root.contains(&commented(&index(""), "//!")), "{root}\n{}", index(""));
    assert!(!crated["src/client.rs"].contains("# Operations"));
    // An included file cannot begin with documentation: the client's has the index.
    let files = module(&large());
    assert!(!files["mod.rs"].contains("//!"));
    assert!(files["client.rs"].contains(&commented(&index("super::"), "///")), "{}", files["client.rs"]);
}

#[test]
fn files_of_large_services_are_found_by_the_first_word_of_a_type() {
    let files = module(&large());
    for (path, text) in [
        ("models/book.rs", "pub struct BookForm {"),
        ("models.rs", "include!(\"models/book.rs\");"),
        ("json.rs", "use ::apigen_runtime::codegen::{"),
        ("json/book.rs", "impl FromJson for super::BookForm {"),
        ("factories/book.rs", "BookFormFactory of super::BookForm {"),
        ("json/mod_2.rs", "impl FromJson for super::Mod {"),
        ("json/type.rs", "impl FromJson for super::TypeOf {"),
        ("models/titled.rs", "impl Titled for Map {"),
    ] {
        assert!(files[path].contains(text), "{path} has no {text}: {}", files[path]);
    }
    let most = files.iter().filter(|(path, _)| path.starts_with("json")).map(|(_, text)| text.lines().count()).max();
    assert!(most.unwrap() < 1500);

    // A new type changes its own file of each kind; a new first word changes the lists, too.
    let changed = |name: &str| {
        let mut more = large();
        more["models"][name] = json!({ "fields": [] });
        let more = module(&more);
        let others = files.keys().filter(|path| !more.contains_key(*path)).count();
        assert_eq!(others, 0, "a file is gone");
        let changed = more.iter().filter(|(path, text)| files.get(*path) != Some(text)).map(|(path, _)| path.clone());
        changed.filter(|path| path != ".apigen").collect::<Vec<_>>()
    };
    assert_eq!(changed("book_label"), ["factories/book.rs", "json/book.rs", "models/book.rs"]);
    let files_of_lists =
        ["factories.rs", "factories/label.rs", "json.rs", "json/label.rs", "models.rs", "models/label.rs"];
    assert_eq!(changed("label"), files_of_lists);
}

#[test]
fn types_that_share_no_word_are_found_by_their_first_letter() {
    // `a0a`, `b1a`, …: names of one word each, with 26 first letters.
    let names = (0..400_u32).map(|number| format!("{}{number}a", char::from(b'a' + (number % 26) as u8)));
    let models: serde_json::Map<String, Value> = names.map(|name| (name, fields(&[("title", "string")]))).collect();
    let files = module(&json!({ "name": "Library", "models": models }));
    assert!(files["models/c.rs"].contains("pub struct C2a {") && files["models/c.rs"].contains("pub struct C28a {"));
    assert_eq!(files.keys().filter(|path| path.starts_with("models/")).count(), 26);
}

#[test]
fn small_services_have_one_file_of_each_kind() {
    let spec = json!({ "name": "Library", "models": { "book": fields(&[("title", "string")]), "shelf": fields(&[("book", "book")]) } });
    let paths: Vec<String> = module(&spec).into_keys().collect();
    assert_eq!(paths, [".apigen", "factories.rs", "json.rs", "mod.rs", "models.rs"]);
    let files = generated(Config::new().source("library.json", spec.to_string()).types_only(true).mocks(Emit::Never));
    assert!(!files["mod.rs"].contains("factories"));
}
