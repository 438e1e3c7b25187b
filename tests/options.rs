//! Options that name something of a spec, and unknown names in commands: nothing is silently ignored.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use crate::common::scratch;

/// Exit code, standard output, standard error.
type Outcome = (Option<i32>, String, String);

fn apigen(folder: &Path, arguments: &[&str]) -> Outcome {
    let output = Command::new(env!("CARGO_BIN_EXE_apigen")).args(arguments).current_dir(folder).output().unwrap();
    let [out, told] = [output.stdout, output.stderr].map(|bytes| String::from_utf8(bytes).unwrap());
    (output.status.code(), out, told)
}

const COMMON: &str = r#"{ "name": "Common", "namespace": "acme.common.v0", "annotations": { "gdpr": {} },
  "models": { "money": { "fields": [ { "name": "amount", "type": "decimal" } ] } } }"#;

const SHOP: &str = r#"{ "name": "Shop", "namespace": "acme.shop.v0",
  "imports": [ { "uri": "https://app.apibuilder.io/acme/common/latest/service.json" } ],
  "enums": { "colour": { "values": [ { "name": "red" } ] } },
  "models": {
    "item": { "fields": [ { "name": "id", "type": "long" }, { "name": "price", "type": "acme.common.v0.models.money" } ] }
  },
  "resources": { "item": { "operations": [
    { "method": "GET", "responses": { "200": { "type": "[item]" } } },
    { "method": "GET", "path": "/:id", "responses": { "200": { "type": "item" } } }
  ] } } }"#;

const STORE: &str = r#"{ "name": "Store", "namespace": "acme.store.v0", "annotations": { "pii": {} },
  "models": { "shelf": { "fields": [ { "name": "owner", "type": "string", "annotations": [ "pii" ] } ] } },
  "resources": { "shelf": { "operations": [ { "method": "DELETE", "path": "/:owner" } ] } } }"#;

fn project(name: &str, manifest: &str) -> PathBuf {
    let folder = scratch("options").join(name);
    fs::remove_dir_all(&folder).ok();
    fs::create_dir_all(folder.join("specs")).unwrap();
    let files = [
        ("specs/common.json", COMMON),
        ("specs/shop.json", SHOP),
        ("specs/store.json", STORE),
        ("apigen.toml", manifest),
    ];
    for (path, text) in files.iter().filter(|(_, text)| !text.is_empty()) {
        fs::write(folder.join(path), text).unwrap();
    }
    folder
}

/// Every option that names something, misspelt: an error with a suggestion, and nothing is written.
#[test]
fn flags_that_name_nothing_are_errors() {
    let folder = project("flags", "");
    for (flag, text, advice) in [
        ("--include", "itms", "did you mean `items`?"),
        ("--include", "Items.GetById", "did you mean `items.get_by_id`?"),
        ("--include", "get_by_id", "did you mean `items.get_by_id`?"),
        ("--include", "get /items/{id}", "did you mean `GET /items/:id`?"),
        ("--exclude", "itmes.*", "did you mean `items.*`?"),
        ("--exclude", "GTE /items*", "did you mean `GET /items*`?"),
        ("--exclude", "visits", "write a resource, an id or a route, for example `items`, `items.get` or `GET /items`"),
        ("--extern", "acme.comon.v0=::acme", "did you mean `acme.common.v0`?"),
        ("--extern", "acme.common.v1=::acme", "did you mean `acme.common.v0`?"),
        ("--extern", "acme.shop.v0=::acme", "this namespace belongs to a spec that is generated here"),
        ("--extern", "other=::other", "there are acme.common.v0"),
        ("--derive", "models.Item=Hash", "did you mean `models.item`?"),
        ("--derive", "coluor=Hash", "did you mean `colour`?"),
        ("--attribute", "unions.*=#[non_exhaustive]", "write the name as in the spec"),
        ("--replace", "monney=::money::Money", "did you mean `money`?"),
        ("--rename", "get /items/{id}=find", "did you mean `GET /items/:id`?"),
        ("--rename", "visits.get=find", "write its method and path"),
        ("--sensitive", "gpdr", "did you mean `gdpr`?"),
    ] {
        let (code, out, told) = apigen(&folder, &["generate", "specs/shop.json", "--out", "src", flag, text]);
        assert_eq!((code, out.as_str()), (Some(1), ""), "{flag} {text}: {told}");
        let name = text.split('=').next().unwrap();
        let option = flag.trim_start_matches('-');
        assert!(told.starts_with(&format!("error[E056]: option {option}: no ")), "{told}");
        assert!(told.contains(&format!("`{name}`")) && told.contains(&format!("= help: {advice}")), "{text}: {told}");
        assert!(!folder.join("src").exists(), "{flag} {text}");
    }
    // Several at once; the usual annotations are never mistakes.
    let several =
        ["--include", "itms", "--exclude", "itms.*", "--extern", "x=::x", "--derive", "itm=Eq", "--sensitive", "pii"];
    let (code, _, told) = apigen(&folder, &[&["generate", "specs/shop.json", "--out", "src"], &several[..]].concat());
    assert_eq!((code, told.matches("E056").count(), told.contains("4 errors found")), (Some(1), 5, true), "{told}");
}

const TYPOS: &str = r#"exclude = ["items.get_by_di"]
extern = { "acme.commn.v0" = "::acme" }

[[spec]]
path = "specs/shop.json"
out = "src/shop"

[spec.derive]
"models.itme" = "Hash"
"#;

#[test]
fn in_the_file_each_has_its_line() {
    let folder = project("lines", TYPOS);
    let (code, _, told) = apigen(&folder, &["generate"]);
    assert_eq!(code, Some(1), "{told}");
    for place in ["apigen.toml:1:12", "apigen.toml:2:12", "apigen.toml:9:1"] {
        assert!(told.contains(&format!("--> {place}\n")), "{place}: {told}");
    }
    assert!(told.contains("1 | exclude = [\"items.get_by_di\"]\n") && told.contains("3 errors found"), "{told}");

    let lints = "lint = { \"unused-tpye\" = \"deny\", \"unused-type\" = \"dny\" }\ndates = \"chronos\"\n\n[[spec]]\npath = \"x\"\n";
    let folder = project("lints", lints);
    let (code, _, told) = apigen(&folder, &["generate"]);
    assert_eq!(code, Some(1), "{told}");
    for words in [
        "`lint`: unknown lint `unused-tpye`; did you mean `unused-type`?",
        "apigen.toml:1:10",
        "`lint`: \"dny\" is not a lint level for unused-type; expected allow, warn or deny; did you mean `deny`?",
        "apigen.toml:1:34",
        "help: did you mean \"chrono\"?",
    ] {
        assert!(told.contains(words), "{words}: {told}");
    }
}

/// A shared option need not name something in each output. An option of one output must.
#[test]
fn shared_options_must_name_something_in_one_output() {
    const BOTH: &str = r#"exclude = ["items.get_by_id", "visits"]
extern = { "acme.common.v0" = "crate::common" }
derive = { "models.shelf" = "Hash" }
sensitive = ["gdpr", "pii"]

[[spec]]
path = "specs/shop.json"
out = "src/shop"

[[spec]]
path = "specs/store.json"
out = "src/store"
"#;
    let folder = project("shared", BOTH);
    let (code, _, told) = apigen(&folder, &["generate"]);
    assert_eq!((code, told.matches("E056]").count()), (Some(1), 1), "{told}");
    assert!(told.contains("no operation matches `visits`") && told.contains("apigen.toml:1:31"), "{told}");
    fs::write(folder.join("apigen.toml"), BOTH.replace(", \"visits\"", "")).unwrap();
    let (code, _, told) = apigen(&folder, &["generate"]);
    assert_eq!((code, told.as_str()), (Some(0), ""));
    // A flag is shared by all outputs, too.
    assert_eq!(apigen(&folder, &["generate", "--attribute", "shelf=#[non_exhaustive]"]).0, Some(0));
    let (code, _, told) = apigen(&folder, &["generate", "--attribute", "shelv=#[non_exhaustive]"]);
    assert!(code == Some(1) && told.contains("did you mean `shelf`?"), "{told}");

    let own = BOTH.replace(", \"visits\"", "") + "include = [\"items\"]\n";
    fs::write(folder.join("apigen.toml"), own).unwrap();
    let (code, _, told) = apigen(&folder, &["generate"]);
    assert!(code == Some(1) && told.contains("apigen.toml:13:12") && told.contains("`items`"), "{told}");

    // In a build script, all entries are checked together as well.
    fs::write(folder.join("apigen.toml"), BOTH).unwrap();
    let error = apigen_build::Manifest::open(folder.join("apigen.toml")).unwrap().generate().unwrap_err().to_string();
    assert!(error.contains("E056") && error.contains("`visits`") && !error.contains("shelf"), "{error}");
}

#[test]
fn a_client_without_operations_is_an_error_unless_asked_for() {
    let folder = project("empty", "");
    let generate = |more: &[&str]| {
        fs::remove_dir_all(folder.join("src")).ok();
        apigen(&folder, &[&["generate", "specs/shop.json", "--out", "src"], more].concat())
    };
    for (more, option) in [
        (&["--exclude", "*"][..], "exclude"),
        (&["--exclude", "GET *"], "exclude"),
        (&["--include", "items.get", "--exclude", "items"], "include"),
    ] {
        let (code, out, told) = generate(more);
        assert_eq!((code, out.as_str()), (Some(1), ""), "{told}");
        let words = format!("error[E057]: option {option}: all 2 operations are excluded, so there would be no client");
        assert!(told.starts_with(&words) && told.contains("`--types-only`"), "{told}");
        assert!(!folder.join("src").exists());
    }
    let (code, out, told) = generate(&["--types-only"]);
    assert_eq!((code, told.as_str()), (Some(0), ""), "{out}");
    assert!(out.contains("shop: 3 types, 0 operations\n") && !out.contains("note"), "{out}");
    assert!(fs::read_to_string(folder.join("src/models.rs")).unwrap().contains("pub struct Item"));
    let root = fs::read_to_string(folder.join("src/mod.rs")).unwrap();
    assert!(!folder.join("src/client.rs").exists() && !root.contains("Client"), "{root}");
    // Typing errors in `include` and `exclude` are reported in any case.
    let (code, _, told) = generate(&["--types-only", "--exclude", "itms"]);
    assert!(code == Some(1) && told.contains("did you mean `items`?"), "{told}");

    // The same applies to a spec without operations. Next to another spec it is a library.
    let common = ["generate", "specs/common.json", "--out", "common"];
    let (code, out, told) = apigen(&folder, &common);
    assert_eq!((code, out.as_str()), (Some(1), ""), "{told}");
    assert!(told.starts_with("error[E057]: the spec has no operations, so there would be no client\n"), "{told}");
    assert!(told.contains("specs/common.json") && !folder.join("common").exists(), "{told}");
    assert_eq!(apigen(&folder, &[&common[..], &["--types-only"]].concat()).0, Some(0));
    assert_eq!(apigen(&folder, &[&common[..], &["specs/shop.json"]].concat()).0, Some(0));
    let config = || apigen_build::Config::new().spec(folder.join("specs/common.json"));
    assert!(config().generate_in_memory().unwrap_err().to_string().contains("E057"));
    assert!(config().types_only(true).generate_in_memory().is_ok());

    // The shared option leaves nothing of the other spec.
    let shared = "include = [\"items\"]\n[[spec]]\npath = \"specs/shop.json\"\nout = \"src/shop\"\n\n[[spec]]\npath = \"specs/store.json\"\nout = \"src/store\"\n";
    let folder = project("left", shared);
    let (code, _, told) = apigen(&folder, &["generate"]);
    assert!(code == Some(1) && told.contains("E057") && told.contains("the only operation of the spec"), "{told}");
    fs::write(folder.join("apigen.toml"), format!("{shared}types-only = true\n")).unwrap();
    assert_eq!(apigen(&folder, &["generate"]).0, Some(0));
}

#[test]
fn init_of_what_is_no_spec_writes_nothing() {
    const URI: &str = "https://app.apibuilder.io/acme/common/latest/service.json";
    let folder = project("init", "");
    fs::write(folder.join("specs/broken.json"), "{ \"name\": }").unwrap();
    fs::write(folder.join("specs/list.json"), "[]").unwrap();
    fs::write(folder.join("specs/latin.json"), b"{ \"name\": \"Gr\xfc\xdfe\" }").unwrap();
    for (specs, exit, words) in [
        (&["specs/shpo.json"][..], 2, &["specs/shpo.json: No such file", "did you mean specs/shop.json?"][..]),
        (&["specs/shop.json", "a.json", "b.json"], 2, &["error: a.json: No such file", "error: b.json: No such file"]),
        (&["specs"], 2, &["specs is a folder"]),
        (&["specs/latin.json"], 2, &["specs/latin.json: not UTF-8 text"]),
        (&["specs/shop.json", "specs/broken.json"], 1, &["error[E001]", "specs/broken.json:1:11"]),
        (&["specs/list.json"], 1, &["error[E002]"]),
    ] {
        let (code, out, told) = apigen(&folder, &[&["init"], specs].concat());
        assert_eq!((code, out.as_str()), (Some(exit), ""), "{specs:?}: {told}");
        assert!(words.iter().all(|words| told.contains(words)), "{specs:?}: {told}");
        assert!(!folder.join("apigen.toml").exists(), "{specs:?}");
    }
    // Documents that are fetched later need not exist; mistakes in an existing spec can be fixed later.
    fs::write(folder.join("specs/wrong.json"), SHOP.replace("long", "lnog")).unwrap();
    assert_eq!(apigen(&folder, &["init", "specs/wrong.json", URI]).0, Some(0));
    fs::remove_file(folder.join("apigen.toml")).unwrap();
    assert_eq!(apigen(&folder, &["init", URI]).0, Some(0));
    fs::remove_file(folder.join("apigen.toml")).unwrap();
    // One spec is one output, however it is written.
    let again = ["init", "specs/shop.json", URI, "specs/../specs/shop.json", "./specs/shop.json", URI];
    let (code, out, _) = apigen(&folder, &again);
    for spec in &again[3..] {
        assert!(out.contains(&format!("{spec} is already one of the specs, and is taken once\n")), "{out}");
    }
    assert_eq!((code, out.contains("apigen.toml: 2 specs\n")), (Some(0), true), "{out}");
    assert_eq!(fs::read_to_string(folder.join("apigen.toml")).unwrap().matches("[[spec]]\npath").count(), 2);
    // Paths are relative to the folder that is written to.
    fs::create_dir_all(folder.join("inner/specs")).unwrap();
    fs::write(folder.join("inner/specs/only.json"), STORE).unwrap();
    assert_eq!(apigen(&folder, &["init", "--folder", "inner", "specs/shop.json"]).0, Some(2));
    assert_eq!(apigen(&folder, &["init", "--folder", "inner", "specs/only.json"]).0, Some(0));
}

#[test]
fn names_that_are_none_are_answered_with_what_was_meant() {
    let folder = project("names", "");
    for (arguments, words) in [
        (
            &["inspect", "specs/shop.json", "itme"][..],
            &["the spec has no element \"itme\"; did you mean \"item\"?"][..],
        ),
        (&["inspect", "specs/shop.json", "models.Item"], &["did you mean \"models.item\"?"]),
        (&["inspect", "specs/shop.json", "acme.shop.v0.models.itme"], &["mean \"acme.shop.v0.models.item\"?"]),
        (&["inspect", "specs/shop.json", "item.prise"], &["did you mean \"item.price\"?"]),
        (&["inspect", "specs/shop.json", "get /items/{id}"], &["did you mean \"GET /items/:id\"?"]),
        (&["inspect", "specs/shop.json", "items.getById", "itm"], &["\"items.get_by_id\"?\nerror: ", "\"item\"?"]),
        (&["inspect", "specs/shop.json", "visits"], &["it has enums.colour, models.item, items.get"]),
        (&["explain", "E999", "unsed-type", "E56"], &["unknown code E999", "did you mean unused-type?", "E056?"]),
        (&["check", "specs/shop.json", "--deny", "unsed-type"], &["did you mean `unused-type`?"]),
        (&["validate", "specs/shop.json", "-", "--operation", "GET /itms"], &["did you mean \"GET /items\"?"]),
        (&["validate", "specs/shop.json", "-", "--type", "Itm"], &["did you mean item?"]),
        (
            &["validate", "specs/shop.json", "-", "--type", "acme.shop.v0.models.itme"],
            &["did you mean acme.shop.v0.models.item?"],
        ),
    ] {
        let (code, out, told) = apigen(&folder, arguments);
        assert_eq!((code, out.as_str()), (Some(2), ""), "{arguments:?}: {told}");
        assert!(words.iter().all(|words| told.contains(words)), "{arguments:?}: {told}");
    }
}

#[test]
fn types_can_be_inspected_by_full_name_and_by_field() {
    let folder = project("full-names", "");
    for name in ["acme.shop.v0.models.item", "item.price", "models.item.id"] {
        let (code, out, told) = apigen(&folder, &["inspect", "specs/shop.json", name, "--stage", "names"]);
        assert!(code == Some(0) && out.starts_with("models.item\n"), "{name}: {out}{told}");
    }
}

#[test]
fn check_takes_the_specs_of_the_file_with_its_options() {
    let manifest = "imports = [\"elsewhere\"]\n\n[[spec]]\npath = \"specs/shop.json\"\nlint = { \"unused-type\" = \"deny\" }\n\n[[spec]]\npath = \"specs/store.json\"\n";
    let folder = project("check", manifest);
    fs::create_dir_all(folder.join("elsewhere")).unwrap();
    fs::rename(folder.join("specs/common.json"), folder.join("elsewhere/common.json")).unwrap();
    let (code, out, told) = apigen(&folder, &["check"]);
    assert_eq!((code, out.as_str()), (Some(1), ""), "{told}");
    assert!(
        told.contains("error[L001]: no operation uses the enum `colour`") && told.contains("1 error found"),
        "{told}"
    );
    assert_eq!(apigen(&folder, &["check", "--allow", "all"]).0, Some(0));

    fs::write(folder.join("specs/store.json"), STORE.replace("string", "sting")).unwrap();
    let (code, out, _) = apigen(&folder, &["check", "--format", "json"]);
    let found: Vec<serde_json::Value> = serde_json::from_str(&out).unwrap();
    let codes: Vec<&str> = found.iter().map(|one| one["code"].as_str().unwrap()).collect();
    assert_eq!((code, codes), (Some(1), vec!["L001", "E030"]), "{out}");
    // From elsewhere; named specs are checked alone.
    let file = folder.join("apigen.toml");
    assert_eq!(apigen(Path::new("/"), &["check", "--config", file.to_str().unwrap()]).0, Some(1));
    assert_eq!(apigen(&folder, &["check", "elsewhere/common.json"]).0, Some(0));

    fs::remove_file(file).unwrap();
    let (code, _, told) = apigen(&folder, &["check"]);
    let words = "error: no spec given, and apigen.toml not found; run `apigen init` to create it\n";
    assert_eq!((code, told.as_str()), (Some(2), words));
}

#[test]
fn one_is_not_several() {
    let folder = project("one", "");
    let generate = ["generate", "specs/store.json", "--out", "src"];
    assert!(apigen(&folder, &generate).1.starts_with("store: 1 type, 1 operation\nsrc: 8 files written, 0 unchanged"));
    fs::remove_file(folder.join("src/client.rs")).unwrap();
    let (code, out, _) = apigen(&folder, &[&generate[..], &["--check"]].concat());
    assert!(code == Some(1) && out.ends_with("src: 1 file is out of date\n"), "{out}");
    assert!(apigen(&folder, &generate).1.ends_with("src: 1 file written, 7 unchanged, 0 removed\n"));
    fs::write(folder.join("src/client.rs"), "// @generated by apigen\n").unwrap();
    assert!(apigen(&folder, &generate).2.contains("note: this file was edited since generation."));
    let (_, out, _) = apigen(&folder, &["generate", "specs/store.json", "--out", "crate", "--crate", "store"]);
    assert!(out.contains("store: 1 type, 1 operation\n"), "{out}");
    assert!(fs::read_to_string(folder.join("crate/README.md")).unwrap().contains(": 1 type, 1 operation."));
}

/// API Builder reads methods in any case and publishes them in upper case; options and arguments do the same.
#[test]
fn methods_are_written_in_any_case() {
    let folder = project("case", "");
    let lower = SHOP.replace("\"GET\"", "\"get\"").replacen("\"get\"", "\"gEt\"", 1);
    for (file, text) in [("upper", SHOP), ("lower", lower.as_str())] {
        fs::write(folder.join(format!("specs/{file}.json")), text).unwrap();
    }
    let printed = |arguments: &[&str]| {
        let (code, out, told) = apigen(&folder, arguments);
        assert_eq!((code, told.as_str()), (Some(0), ""), "{arguments:?}");
        out
    };
    for stage in [&["inspect"][..], &["normalize"]] {
        let of = |file: &str, more: &[&str]| printed(&[stage, &[file], more].concat());
        let more: &[&str] = if stage == ["inspect"] { &["--stage", "service", "--stage", "model"] } else { &[] };
        assert_eq!(of("specs/lower.json", more), of("specs/upper.json", more));
        assert!(of("specs/lower.json", more).contains("\"method\": \"GET\""));
    }
    assert!(
        printed(&["inspect", "specs/lower.json", "get /items/:id"]).starts_with("items.get_by_id (GET /items/:id)")
    );
    let generated = |out: &str, flags: &[&str]| {
        printed(&[&["generate", "specs/upper.json", "--out", out], flags].concat());
        fs::read_to_string(folder.join(out).join("items.rs")).unwrap()
    };
    for [flag, lower, upper] in [
        ["--include", "get /items/:id", "GET /items/:id"],
        ["--include", "Get /items/*", "GET /items/*"],
        ["--exclude", "g* /items/:id", "GET /items/:id"],
        ["--rename", "get /items/:id=find", "GET /items/:id=find"],
    ] {
        assert_eq!(generated("a", &[flag, lower]), generated("b", &[flag, upper]), "{flag} {lower}");
    }
    let twice = ["--rename", "GET /items/:id=find", "--rename", "get /items/:id=search"];
    let (_, _, told) = apigen(&folder, &[&["generate", "specs/shop.json", "--out", "x"], &twice[..]].concat());
    assert!(told.contains("`get /items/:id` already has the name `find`"), "{told}");
    // What is wrong is named by its method in upper case, and a near method is found in any case.
    fs::write(folder.join("specs/wrong.json"), lower.replace("\"get\"", "\"gte\"")).unwrap();
    let (_, _, told) = apigen(&folder, &["check", "specs/wrong.json"]);
    assert!(told.contains("Resource[item] GTE /items") && told.contains("did you mean `GET`?"), "{told}");
    let path: String = (0..65).map(|at| format!("/:p{at}")).collect();
    fs::write(folder.join("specs/long.json"), lower.replace("/:id", &path)).unwrap();
    let (_, _, told) = apigen(&folder, &["check", "specs/long.json"]);
    assert!(told.contains("Resource[item] GET "), "{told}");
    fs::write(folder.join("items.json"), "[{ \"id\": 1 }]").unwrap();
    let (code, out, told) =
        apigen(&folder, &["validate", "specs/lower.json", "items.json", "--operation", "get /items", "--response"]);
    assert_eq!(code, Some(1), "{out}{told}");
    assert!(told.contains("price"), "{told}");
}
