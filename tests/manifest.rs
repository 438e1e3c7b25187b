//! `apigen.toml`, and the commands about it: `init`, `generate`, `status`, `schema`, `completions`.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use apigen_build::manifest::{OPTIONS, OptionKind, schema};
use serde_json::Value;

use crate::common::{root, scratch};

/// Exit code, standard output, standard error.
type Outcome = (Option<i32>, String, String);

fn apigen(folder: &Path, arguments: &[&str]) -> Outcome {
    let output = Command::new(env!("CARGO_BIN_EXE_apigen")).args(arguments).current_dir(folder).output().unwrap();
    let [out, told] = [output.stdout, output.stderr].map(|bytes| String::from_utf8(bytes).unwrap());
    (output.status.code(), out, told)
}

/// Creates an empty folder with these files.
fn project(name: &str, files: &[(&str, &str)]) -> PathBuf {
    let folder = scratch("manifest").join(name);
    fs::remove_dir_all(&folder).ok();
    fs::create_dir_all(&folder).unwrap();
    for (path, text) in files {
        let path = folder.join(path);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(path, text).unwrap();
    }
    folder
}

const SHOP: &str = r#"{ "name": "Shop", "models": { "item": { "fields": [ { "name": "id", "type": "long" } ] } },
  "resources": { "item": { "operations": [ { "method": "GET", "responses": { "200": { "type": "[item]" } } } ] } } }"#;
const STORE: &str =
    r#"{ "name": "Store", "models": { "shelf": { "fields": [ { "name": "length", "type": "double" } ] } } }"#;

const BOTH: &str = r#"
mocks = "never"

[[spec]]
path = "specs/shop.json"
out = "src/shop"
mocks = "always"
derive = { "item" = ["PartialOrd"] }

[[spec]]
path = ["specs/store.json"]
out = "src/store"
types-only = true
"#;

fn both(name: &str) -> PathBuf {
    project(name, &[("apigen.toml", BOTH), ("specs/shop.json", SHOP), ("specs/store.json", STORE)])
}

#[test]
fn everything_that_the_file_names_is_generated() {
    let folder = both("all");
    let (code, out, told) = apigen(&folder, &["generate"]);
    assert_eq!((code, told.as_str()), (Some(0), ""), "{out}");
    assert!(out.contains("shop: 1 type, 1 operation\nsrc/shop: 8 files written"), "{out}");
    assert!(folder.join("src/shop/mock.rs").exists() && !folder.join("src/store/factories.rs").exists());
    assert!(fs::read_to_string(folder.join("src/shop/models.rs")).unwrap().contains("PartialOrd"));
    assert_eq!(apigen(&folder, &["generate", "--check"]).0, Some(0));
    // From another folder, all paths are relative to the file; flags override it.
    let file = folder.join("apigen.toml");
    let (code, out, _) = apigen(root(), &["generate", "--config", file.to_str().unwrap(), "--check"]);
    assert_eq!(code, Some(0), "{out}");
    assert_eq!(apigen(&folder, &["generate", "--check", "--mocks", "never"]).0, Some(1));
    assert_eq!(apigen(&folder, &["generate", "--quiet"]), (Some(0), String::new(), String::new()));
    let (code, _, told) = apigen(&folder, &["generate", "--out", "elsewhere"]);
    assert!(code == Some(2) && told.contains("has 2 outputs"), "{told}");
}

#[test]
fn nothing_is_written_unless_everything_can_be_made() {
    let folder = both("none");
    fs::write(folder.join("specs/store.json"), STORE.replace("double", "doubel")).unwrap();
    let (code, out, told) = apigen(&folder, &["generate"]);
    assert!(code == Some(1) && out.is_empty() && told.contains("E030"), "{told}");
    assert!(!folder.join("src").exists() && !folder.join("apigen.fingerprints").exists());
}

#[test]
fn status_says_why_something_is_out_of_date() {
    let folder = both("status");
    let status = || {
        let (code, out, told) = apigen(&folder, &["status"]);
        assert_eq!(told, "");
        (code, out)
    };
    let current = (Some(0), "src/shop: up to date\nsrc/store: up to date\n".to_owned());
    assert_eq!(
        status(),
        (Some(1), "src/shop: out of date\n  never generated\nsrc/store: out of date\n  never generated\n".to_owned())
    );
    assert_eq!(apigen(&folder, &["generate"]).0, Some(0));
    assert_eq!(status(), current);

    let because = |reason: &str| (Some(1), format!("src/shop: out of date\n  {reason}\nsrc/store: up to date\n"));
    fs::write(folder.join("specs/shop.json"), SHOP.replace("Shop", "Shops")).unwrap();
    assert_eq!(status(), because("specs/shop.json has changed"));
    fs::remove_file(folder.join("specs/shop.json")).unwrap();
    assert_eq!(status(), because("specs/shop.json is missing"));
    fs::write(folder.join("specs/shop.json"), SHOP).unwrap();
    assert_eq!(status(), current);

    fs::write(folder.join("apigen.toml"), BOTH.replace("\"always\"", "\"feature\"")).unwrap();
    assert_eq!(status(), because("options have changed"));
    fs::write(folder.join("apigen.toml"), BOTH).unwrap();

    // Earlier versions named the file like the lock file of imports; a run renames it.
    let (fingerprints, former) = (folder.join("apigen.fingerprints"), folder.join("apigen.lock"));
    fs::rename(&fingerprints, &former).unwrap();
    assert_eq!(status(), current);
    let (code, _, told) = apigen(&folder, &["generate"]);
    assert_eq!((code, told.as_str()), (Some(0), ""));
    assert!(fingerprints.is_file() && !former.exists());
    assert_eq!(status(), current);

    let models = folder.join("src/shop/models.rs");
    let text = fs::read_to_string(&models).unwrap();
    fs::write(&models, text.replace("pub struct", "pub  struct")).unwrap();
    assert_eq!(status(), because("src/shop/models.rs was edited"));
    let (code, _, told) = apigen(&folder, &["generate", "--force"]);
    assert_eq!((code, told.as_str()), (Some(0), ""));
    assert_eq!(status(), current);
    let old = fs::read_to_string(&fingerprints).unwrap().replacen(env!("CARGO_PKG_VERSION"), "0.0.7", 1);
    fs::write(&fingerprints, old).unwrap();
    assert!(status().1.contains("generated by apigen 0.0.7, this is "), "{:?}", status());
    fs::write(&fingerprints, "{").unwrap();
    let (code, _, told) = apigen(&folder, &["status"]);
    assert!(code == Some(2) && told.contains("is not a valid file of fingerprints"), "{told}");
}

#[test]
fn what_is_wrong_with_the_file_is_told_at_once_with_its_place() {
    let text = "mokcs = \"never\"\nmigration = 1\n\n[[spec]]\npaht = \"a.json\"\nmocks = \"sometimes\"\nderive = \"Copy\"\n\n[[spec]]\npath = []\n";
    let folder = project("wrong", &[("apigen.toml", text)]);
    let (code, _, told) = apigen(&folder, &["generate"]);
    assert_eq!(code, Some(1), "{told}");
    for words in [
        "error[E052]: unknown option `mokcs`",
        "did you mean `mocks`?",
        "apigen.toml:1:1",
        "error[E053]: `migration` takes true or false",
        "did you mean `path`?",
        "error[E054]: this `[[spec]]` lacks the key `path`",
        "apigen.toml:6:9",
        "`mocks` takes one of \"always\", \"never\", \"feature\"",
        "`derive` takes a table from PATTERN to PATH, for example `{ \"models.user\" = \"Hash\" }`",
        "`path` takes the path of a spec, or a list of them",
        "7 errors found",
    ] {
        assert!(told.contains(words), "{words} is not in\n{told}");
    }
    for (text, words) in [
        ("[[spec]\npath = 1", "error[E051]"),
        ("mocks = \"never\"", "`[[spec]]` is missing"),
        ("spec = 1", "`spec` takes a table"),
        ("[[spec]]\npath = \"nowhere.json\"\nout = \"src\"", "nowhere.json"),
        ("[[spec]]\npath = \"specs/shop.json\"", "no output folder for"),
        ("lint = { \"unused-tpye\" = \"deny\" }\n[[spec]]\npath = \"specs/shop.json\"\nout = \"src\"", "unused-type"),
        ("lint = { all = \"forbid\" }\n[[spec]]\npath = \"specs/shop.json\"\nout = \"src\"", "allow, warn or deny"),
    ] {
        let folder = project("wrong", &[("apigen.toml", text), ("specs/shop.json", SHOP)]);
        let (code, _, told) = apigen(&folder, &["generate"]);
        assert!(code != Some(0) && told.contains(words), "{words} is not in\n{told}");
        assert!(!folder.join("src").exists());
    }
    let (code, _, told) = apigen(&project("wrong", &[]), &["generate"]);
    assert!(code == Some(2) && told.contains("run `apigen init` to create it"), "{told}");
}

#[test]
fn a_project_begins_with_init() {
    let folder = project("init", &[]);
    let (code, out, told) = apigen(&folder, &["init"]);
    assert_eq!((code, told.as_str()), (Some(0), ""));
    assert!(out.contains("specs/example.json: an example") && out.contains("`apigen generate`"), "{out}");
    assert_eq!(apigen(&folder, &["generate"]).0, Some(0));
    assert!(folder.join("src/example/models.rs").exists());
    let (code, _, told) = apigen(&folder, &["init"]);
    assert!(code == Some(2) && told.contains("already exists"), "{told}");

    let folder =
        project("init-specs", &[("specs/my shop.json", SHOP), ("specs/store.json", STORE), ("specs/notes.txt", "")]);
    assert_eq!(apigen(&folder, &["init", "--quiet"]), (Some(0), String::new(), String::new()));
    let (code, out, _) = apigen(&folder, &["generate"]);
    assert!(code == Some(0) && out.contains("src/my_shop: ") && out.contains("src/store: "), "{out}");
}

/// Each spec gets a folder and a name of its own; one without operations is generated with types only.
#[test]
fn what_init_writes_can_be_generated() {
    let uri = "https://app.apibuilder.io/acme/stock/latest/service.json";
    let cases: &[(&[&str], &[&str])] = &[
        (&["a/shop.json", "b/shop.json"], &["src/a_shop", "src/b_shop"]),
        (&["a/v1/shop.json", "./b/v1/shop.json", "store.json"], &["src/a_v1_shop", "src/b_v1_shop", "src/store"]),
        (&["shop.json", "a/shop.json", "a/Shop.json"], &["src/shop", "src/a_shop", "src/a_shop_2"]),
        (&["my-shop.json", "my_shop.json"], &["src/my_shop", "src/my_shop_2"]),
        (&["shop.json", "shop.json"], &["src/shop"]),
        (
            &[uri, "stock.json", "https://example.com/specs/stock.json"],
            &["src/acme_stock", "src/stock", "src/specs_stock"],
        ),
    ];
    for (specs, outs) in cases {
        let files: Vec<(&str, &str)> =
            specs.iter().filter(|spec| !spec.contains("://")).map(|spec| (*spec, SHOP)).collect();
        let folder = project("init-names", &files);
        assert_eq!(apigen(&folder, &[&["init"], *specs].concat()).0, Some(0));
        let text = fs::read_to_string(folder.join("apigen.toml")).unwrap();
        let written: Vec<&str> =
            text.lines().filter_map(|line| line.strip_prefix("out = \"")?.strip_suffix('"')).collect();
        assert_eq!(written, *outs, "{text}");
        if files.len() == specs.len() {
            let (code, out, told) = apigen(&folder, &["generate"]);
            assert_eq!((code, told.as_str()), (Some(0), ""), "{text}");
            assert!(outs.iter().all(|path| out.contains(&format!("{path}: 8 files written"))), "{out}");
        }
    }
    let folder = project("init-library", &[("specs/store.json", STORE), ("specs/shop.json", SHOP)]);
    assert_eq!(apigen(&folder, &["init"]).0, Some(0));
    assert_eq!(apigen(&folder, &["generate"]).0, Some(0));
    assert_eq!(fs::read_to_string(folder.join("apigen.toml")).unwrap().matches("types-only = true").count(), 1);
}

/// One application of two organisations, and two generators that write to one folder.
#[test]
fn what_is_taken_over_has_folders_of_its_own() {
    let config = "code:\n  acme:\n    common:\n      version: latest\n      generators:\n        rust_client: src\n        rust_crate: src\n  \
                  other:\n    common:\n      version: latest\n      generators:\n        rust_client: src\n        rust_crate: crates\n";
    let folder = project("taken-over", &[(".apibuilder/config", config)]);
    let (code, out, told) = apigen(&folder, &["init"]);
    assert_eq!((code, told.as_str()), (Some(0), ""), "{out}");
    let text = fs::read_to_string(folder.join("apigen.toml")).unwrap();
    for out in ["src/rust_client_acme_common", "src/rust_crate_acme_common", "src/other_common", "crates/common"] {
        assert!(text.contains(&format!("out = \"{out}\"\n")), "{out}: {text}");
    }
    assert!(text.contains("crate = \"rust_crate_acme_common\"\n") && text.contains("crate = \"common\"\n"), "{text}");
}

/// What `.apibuilder/config` names twice would become two outputs of one service.
#[test]
fn what_is_taken_over_is_named_once() {
    let common = "    common:\n      version: latest\n      generators:\n        rust_client: ";
    let listed = "    shop:\n      version: latest\n      generators:\n        - generator: rust_crate\n          target: src\n        \
                  - generator: rust_crate\n          target: src\n";
    let folders = (
        format!("code:\n  acme:\n{common}[src, gen, src/]\n{listed}"),
        &[
            ("6:33", "`rust_client` already has the folder `src/`; remove one of the two"),
            ("13:19", "`rust_crate` already has the folder `src`; remove one of the two"),
        ][..],
    );
    let applications = (
        format!("code:\n  acme:\n{common}src\n{common}src\n  acme:\n"),
        &[
            ("7:5", "`common` occurs twice; remove one of the two"),
            ("11:3", "`acme` occurs twice; remove one of the two"),
        ][..],
    );
    for (config, expected) in [folders, applications] {
        let folder = project("taken-over-twice", &[(".apibuilder/config", &config)]);
        let (code, _, told) = apigen(&folder, &["init"]);
        assert_eq!((code, folder.join("apigen.toml").exists()), (Some(1), false), "{told}");
        for (place, words) in expected {
            assert!(told.contains(&format!("error[E055]: {words}\n")), "{words}: {told}");
            assert!(told.contains(&format!("--> .apibuilder/config:{place}\n")), "{place}: {told}");
        }
        assert!(told.contains("2 errors found"), "{told}");
    }
}

#[test]
fn the_published_schema_is_up_to_date() {
    let path = root().join("docs/apigen.schema.json");
    if std::env::var_os("APIGEN_BLESS").is_some() {
        fs::write(&path, schema()).unwrap();
    }
    assert!(
        fs::read_to_string(path).unwrap() == schema(),
        "`APIGEN_BLESS=1 cargo test --test integration manifest::` writes it anew"
    );
    assert_eq!(apigen(root(), &["schema"]).1, schema());
    let schema: Value = serde_json::from_str(&schema()).unwrap();
    for option in OPTIONS {
        for place in ["/properties", "/properties/spec/items/properties"] {
            let key = schema.pointer(place).unwrap().get(option.name).unwrap_or_else(|| panic!("{}", option.name));
            assert_eq!(key["description"], option.about);
        }
    }
}

/// The table in the guide is derived from the same options.
#[test]
fn the_guide_lists_every_option() {
    let path = root().join("docs/configuration.md");
    let rows: String = OPTIONS
        .iter()
        .map(|option| {
            let takes = match option.kind {
                OptionKind::Text => "text".to_owned(),
                OptionKind::Path => "path".to_owned(),
                OptionKind::Flag => "true or false".to_owned(),
                OptionKind::Choice(choices) => format!("`{}`", choices.join("`, `")),
                OptionKind::Texts => "texts".to_owned(),
                OptionKind::Paths => "paths".to_owned(),
                OptionKind::Pairs(names, example) => format!("{names}, such as `{example}`"),
                OptionKind::Packages(example) => format!("NAME=VERSION, such as `{example}`, or a table"),
            };
            format!("| `{}` | {takes} | {} |\n", option.name, option.about)
        })
        .collect();
    let text = fs::read_to_string(&path).unwrap();
    let (before, rest) = text.split_once("|---|---|---|\n").unwrap();
    let (_, after) = rest.split_once("\n## ").unwrap();
    let wanted = format!("{before}|---|---|---|\n{rows}\n## {after}");
    if std::env::var_os("APIGEN_BLESS").is_some() {
        fs::write(&path, &wanted).unwrap();
    }
    let text = fs::read_to_string(path).unwrap();
    assert!(text == wanted, "`APIGEN_BLESS=1 cargo test --test integration manifest::` writes it anew");
}

#[test]
fn shells_complete_commands_and_flags() {
    for shell in ["bash", "zsh", "fish"] {
        let (code, out, _) = apigen(root(), &["completions", shell]);
        assert!(code == Some(0) && out.contains("runtime-path") && out.contains("validate"), "{shell}");
    }
}

#[test]
fn colours_are_for_those_who_want_them() {
    let folder = project("colours", &[("bad.json", "{ \"name\": \"Bad\", \"modells\": {} }")]);
    let told = |color: &str| apigen(&folder, &["check", "bad.json", "--color", color]).2;
    assert!(told("always").contains('\u{1b}') && !told("never").contains('\u{1b}') && !told("auto").contains('\u{1b}'));
}

/// Generates a crate of the shop with these templates; returns the folder, exit code and output.
fn with_templates(name: &str, templates: &[(&str, &str)]) -> (PathBuf, Outcome) {
    let paths: Vec<(String, &str)> = templates.iter().map(|(name, text)| (format!("own/{name}"), *text)).collect();
    let mut files: Vec<(&str, &str)> = paths.iter().map(|(path, text)| (path.as_str(), *text)).collect();
    files.push(("shop.json", SHOP));
    let folder = project(name, &files);
    let arguments = ["generate", "shop.json", "--crate", "shop", "--out", "shop", "--templates", "own"];
    let outcome = apigen(&folder, &arguments);
    (folder, outcome)
}

#[test]
fn templates_can_be_replaced() {
    let readme = "<!-- @generated by apigen -->\n# {{{name}}}\n{{#each services}}{{#each resources}}{{{api}}}{{/each}}{{/each}}\n";
    let (folder, (code, _, told)) = with_templates("templates", &[("README.md.hbs", readme), ("notes.txt", "")]);
    assert_eq!((code, told.as_str()), (Some(0), ""));
    let read = |path: &str| fs::read_to_string(folder.join("shop").join(path)).unwrap();
    assert_eq!(read("README.md"), "<!-- @generated by apigen -->\n# shop\nItems\n");
    assert!(read("Cargo.toml").contains("name = \"shop\""));

    for (name, text, words) in [
        ("README.md.hbs", "@generated by apigen\n\n{{nmae}}", "own/README.md.hbs:3:"),
        ("README.md.hbs", "@generated by apigen\n{{#each services}}{{titel}}{{/each}}", "own/README.md.hbs:2:"),
        ("README.md.hbs", "@generated by apigen\n{{#each services}}", "README.md.hbs"),
        ("README.md.hbs", "# {{name}}", "the first line must contain `@generated by apigen`"),
        ("REDME.md.hbs", "", "did you mean README.md.hbs?"),
        ("lib.rs.hbs", "", "the templates are Cargo.toml.hbs, README.md.hbs, rustfmt.toml.hbs"),
    ] {
        let (folder, (code, _, told)) = with_templates("templates-wrong", &[(name, text)]);
        assert!(code == Some(2) && told.contains(words), "{words} is not in\n{told}");
        assert!(!folder.join("shop").exists());
    }
}

/// Each name that the guide to templates lists can be used, and there are no others.
#[test]
fn what_templates_are_given_is_documented() {
    let guide = apigen(root(), &["templates"]).1;
    let documented = |prefix: &str| {
        let rows = guide.lines().filter_map(|line| line.strip_prefix("| `")?.split('`').next());
        let names =
            rows.filter_map(|name| name.strip_prefix(prefix)).filter(|name| !name.contains('.') && !name.is_empty());
        let mut names: Vec<String> = names.map(str::to_owned).collect();
        names.sort();
        names.join(" ")
    };
    let keys = "{{#each this}}{{@key}} {{/each}}";
    let first =
        |list: &str, inside: &str| format!("{{{{#each {list}}}}}{{{{#if @first}}}}{inside}{{{{/if}}}}{{{{/each}}}}");
    let lines = [
        keys.to_owned(),
        first("features", keys),
        first("services", keys),
        first("services", &first("resources", keys)),
        first("services", &first("resources", &first("operations", keys))),
    ];
    let template = format!("@generated by apigen\n{}\n", lines.join("\n"));
    let (folder, (_, _, told)) = with_templates("templates-data", &[("README.md.hbs", &template)]);
    let made = fs::read_to_string(folder.join("shop/README.md")).unwrap_or_else(|_| panic!("{told}"));
    let given: Vec<String> = made
        .lines()
        .skip(1)
        .map(|line| {
            let mut names: Vec<&str> = line.split_whitespace().collect();
            names.sort_unstable();
            names.join(" ")
        })
        .collect();
    let prefixes = ["", "features.", "services.", "services.resources.", "services.resources.operations."];
    assert_eq!(given, prefixes.map(documented));
    assert!(apigen(root(), &["templates", "--show", "README.md.hbs"]).1.contains("{{#each services}}"));
}
