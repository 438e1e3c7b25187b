//! Impossible requests in `apigen.toml`: every error has a position, several are reported at once, and nothing is written.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use apigen_build::Config;

use crate::common::scratch;

fn apigen(folder: &Path, arguments: &[&str]) -> (Option<i32>, String) {
    let output = Command::new(env!("CARGO_BIN_EXE_apigen")).args(arguments).current_dir(folder).output().unwrap();
    (output.status.code(), String::from_utf8(output.stderr).unwrap())
}

const COMMON: &str = r#"{ "name": "Common", "namespace": "acme.common.v0",
  "models": { "money": { "fields": [ { "name": "amount", "type": "decimal" } ] } } }"#;

const SHOP: &str = r#"{ "name": "Shop", "namespace": "acme.shop.v0",
  "imports": [ { "uri": "https://app.apibuilder.io/acme/common/latest/service.json" } ],
  "models": { "item": { "fields": [ { "name": "price", "type": "acme.common.v0.models.money" } ] } },
  "resources": { "item": { "operations": [
    { "method": "GET", "responses": { "200": { "type": "[item]" } } },
    { "method": "GET", "path": "/all", "responses": { "200": { "type": "[item]" } } }
  ] } } }"#;

fn project(name: &str, manifest: &str) -> PathBuf {
    let folder = scratch("outputs").join(name);
    fs::remove_dir_all(&folder).ok();
    fs::create_dir_all(folder.join("specs")).unwrap();
    for (path, text) in [("specs/common.json", COMMON), ("specs/shop.json", SHOP), ("apigen.toml", manifest)] {
        fs::write(folder.join(path), text).unwrap();
    }
    folder
}

/// Returns the output of `apigen generate` for a file that is refused.
fn refused(name: &str, manifest: &str) -> String {
    let folder = project(name, manifest);
    let (code, told) = apigen(&folder, &["generate"]);
    assert_eq!(code, Some(1), "{told}");
    assert!(!folder.join("src").exists() && !folder.join("apigen.fingerprints").exists(), "{told}");
    told
}

const SPEC: &str = "[[spec]]\npath = \"specs/shop.json\"\nout = \"src/shop\"\n";

#[test]
fn every_value_that_cannot_be_used_is_told_where_it_stands() {
    for (line, code, place, words) in [
        ("crate = \"a b\"", "E053", "4:9", "\"a b\" cannot be the name of a crate"),
        ("crate = \"self\"", "E053", "4:9", "\"self\" cannot be the name of a crate"),
        ("crate = \"apigen-runtime\"", "E053", "4:9", "choose another name"),
        ("name = \"../x\"", "E053", "4:8", "cannot be the name of a module"),
        ("crate = \"shop\"\ncrate-version = \"1.0\"", "E053", "5:17", "is not a valid crate version"),
        ("crate = \"shop\"\ndependencies = { money = \"1\\n2\" }", "E053", "5:26", "is not a version requirement"),
        ("crate = \"shop\"\ndependencies = { money = \"new\" }", "E053", "5:26", "is not a version requirement"),
        ("crate = \"shop\"\ndependencies = { money = 1 }", "E053", "5:26", "takes a table of dependencies"),
        (
            "crate = \"shop\"\ndependencies = { money = { version = 1 } }",
            "E053",
            "5:26",
            "takes a table of dependencies",
        ),
        ("crate = \"shop\"\ndependencies = { money = { pth = \"../x\" } }", "E053", "5:28", "did you mean `path`?"),
        (
            "crate = \"shop\"\ndependencies = { money = { path = true } }",
            "E053",
            "5:28",
            "`path` of `money` takes a string",
        ),
        ("crate = \"shop\"\ndependencies = { money = {} }", "E053", "5:18", "neither a version nor a path"),
        ("crate = \"shop\"\ndependencies = { \"a b\" = \"1\" }", "E053", "5:18", "is not the name of a package"),
        ("crate = \"shop\"\ndependencies = { shop = \"1\" }", "E053", "5:18", "cannot depend on itself"),
        (
            "crate = \"shop\"\ndependencies = { apigen-runtime = \"1\" }",
            "E053",
            "5:18",
            "every generated crate depends on",
        ),
        ("crate = \"shop\"\npublish = \"yes\"", "E053", "5:11", "`publish` takes true or false"),
        ("include = [\"items\", 7]", "E053", "4:21", "`include` takes a string or a list of strings"),
        ("derive = { money = \"Hash\", item = true }", "E053", "4:35", "`derive` takes a table"),
        ("extern = { \"acme.common.v0\" = \"super::x\" }", "E053", "4:31", "refers to different modules"),
        ("extern = { \"acme.common.v0\" = \"not a path\" }", "E053", "4:31", "`not a path` is not a Rust path"),
        ("extern = { \"acme.common.v0\" = [\"::a\", \"::b\"] }", "E053", "4:39", "already has the path `::a`"),
        ("rename = { \"GET /items\" = \"Find\" }", "E053", "4:27", "help: write `find`"),
        ("rename = { \"GET /items\" = [\"a\", \"b\"] }", "E053", "4:33", "`GET /items` already has the name `a`"),
        ("rename = { \"GET /items\" = \"get_all\" }", "E053", "4:27", "the method of `GET /items/all` already"),
        ("replace = { money = \"money::Money\" }", "E050", "4:21", "begin with the crate"),
        ("derive = { money = [\"Hash\", \"a b\"] }", "E050", "4:29", "is not the path of a derive macro"),
        ("derive = { \"models.\" = \"Hash\" }", "E050", "4:12", "is not a valid pattern of types"),
        ("attribute = { money = \"non_exhaustive\" }", "E050", "4:23", "with its brackets"),
        ("imports = [\"specs\", \"vendor\"]", "E059", "4:21", "vendor: No such file"),
        ("crate = \"shop\"\nreplace = { money = \"::cash::Money\" }", "E060", "5:21", "from the crate `cash`"),
        ("crate = \"shop\"\nderive = { item = \"::diesel::Table\" }", "E060", "5:19", "from the crate `diesel`"),
        ("crate = \"shop\"\nextern = { \"acme.common.v0\" = \"::money\" }", "E060", "5:31", "--dependencies money=1.0"),
        ("crate = \"shop\"\nname = \"other\"", "E058", "5:1", "`crate` sets its name"),
        ("publish = true", "E058", "4:1", "it has no effect on modules"),
        ("crate-version = \"spec\"", "E058", "4:1", "it has no effect on modules"),
        ("dependencies = { money = \"1\" }", "E058", "4:1", "it has no effect on modules"),
        ("templates = \"own\"", "E058", "4:1", "it has no effect on modules"),
        ("runtime-path = \"../runtime\"", "E058", "4:1", "it has no effect on modules"),
        ("types-only = true\nserver = \"always\"", "E058", "5:1", "it has no effect without operations"),
        ("types-only = true\nexclude = \"items.get\"", "E058", "5:1", "it has no effect without operations"),
    ] {
        let told = refused("values", &format!("{SPEC}{line}\n"));
        assert!(told.contains(&format!("error[{code}]: ")) && told.contains(words), "{line}: {told}");
        assert!(told.contains(&format!("--> apigen.toml:{place}\n")), "{line}: {told}");
        assert!(told.contains("= help: ") || code == "E053", "{line}: {told}");
    }
    let twice = "[[spec]]\npath = [\"specs/shop.json\", \"./specs/shop.json\"]\nout = \"x\"\n";
    let told = refused("twice", twice);
    assert!(told.contains("error[E053]: ./specs/shop.json is already one of the specs"), "{told}");
    assert!(told.contains("apigen.toml:2:28"), "{told}");
    let (code, told) =
        apigen(&project("twice-flags", ""), &["generate", "specs/shop.json", "specs/shop.json", "-o", "x"]);
    assert!(code == Some(1) && told.contains("error[E053]: specs/shop.json is already one of the specs"), "{told}");
    let versions = "[[spec]]\npath = [\"specs/shop.json\", \"specs/common.json\"]\nout = \"x\"\ncrate = \"x\"\ncrate-version = \"spec\"\nversion = \"v7\"\n";
    let told = refused("versions", versions);
    assert!(
        told.contains("\"v7\" of the spec is not a valid crate version") && told.contains("apigen.toml:5:17"),
        "{told}"
    );
}

#[test]
fn all_faults_of_a_file_are_told_at_once() {
    let manifest = "derive = { \"*\" = \"a b\" }\n[[spec]]\npath = \"specs/shop.json\"\nout = \"a\"\ncrate = \"?\"\nmocsk = \"never\"\n[[spec]]\npath = \"specs/common.json\"\nout = \"b\"\nname = \"!\"\n";
    let told = refused("at-once", manifest);
    for place in ["1:18", "5:9", "6:1", "10:8"] {
        assert!(told.contains(&format!("--> apigen.toml:{place}\n")), "{place}: {told}");
    }
    assert!(told.contains("4 errors found"), "{told}");
    // One wrong option hides no other, in the same output or the next.
    let manifest = "[[spec]]\npath = \"specs/shop.json\"\nout = \"a\"\ncrate = \"a\"\ncrate-version = \"1\"\n\
        lint = { unused-type = \"no\" }\nextern = { \"acme.common.v0\" = \"a b\" }\n\
        dependencies = { a = \"1\", b = \"x\", c = { path = 1 }, d = {}, e = { path = \"e\", feature = [] } }\n\
        [[spec]]\npath = \"specs/common.json\"\ncrate = \"b\"\ndependencies = { \"c d\" = \"1\" }\n";
    let told = refused("hidden", manifest);
    for place in ["5:17", "6:10", "7:31", "8:18", "8:31", "8:40", "8:54", "8:80", "12:18"] {
        assert!(told.contains(&format!("--> apigen.toml:{place}\n")), "{place}: {told}");
    }
    // Missing files, and crates that are not dependencies, in one run over all outputs.
    let manifest = "[[spec]]\npath = [\"specs/shpo.json\", \"nowhere.json\"]\nout = \"a\"\n[[spec]]\npath = \"specs/shop.json\"\n[[spec]]\npath = \"specs/shop.json\"\nout = \"c\"\ncrate = \"c\"\nreplace = { item = \"::x::Item\" }\n";
    let told = refused("files", manifest);
    for words in [
        "error[E059]: specs/shpo.json: No such file",
        "did you mean specs/shop.json?",
        "apigen.toml:2:9",
        "apigen.toml:2:28",
        "error[E054]: no output folder for specs/shop.json",
        "apigen.toml:5:8",
        "error[E060]: option replace: the crate `c` takes `::x::Item`",
        "4 errors found",
    ] {
        assert!(told.contains(words), "{words}: {told}");
    }
}

/// What options name is missing, a crate is no dependency, two methods have one name, a version is not one, and two outputs
/// have one folder: one run tells all of it, also beside an output that cannot be generated.
#[test]
fn outputs_and_options_are_judged_in_one_run() {
    let manifest = "sensitive = [\"ssn\"]\n[[spec]]\npath = \"specs/shop.json\"\nout = \"src/a\"\ncrate = \"a\"\n\
        replace = { item = \"::x::Item\" }\ninclude = \"itmes\"\nrename = { \"GET /items\" = \"get_all\" }\n\
        crate-version = \"spec\"\nversion = \"v7\"\n\
        [[spec]]\npath = \"specs/shop.json\"\nout = \"src/b\"\nexclude = \"visits\"\n\
        [[spec]]\npath = \"specs/common.json\"\nout = \"src/b\"\ntypes-only = true\npublish = true\n";
    let places = [("E053", "9:17"), ("E053", "8:27"), ("E060", "6:20"), ("E056", "1:14"), ("E056", "7:11")];
    let others = [("E056", "14:11"), ("E058", "19:1"), ("E061", "17:7")];
    let told = refused("one-run", manifest);
    for (code, place) in places.iter().chain(&others) {
        let found = told.split("error[").any(|one| one.starts_with(code) && one.contains(&format!(".toml:{place}\n")));
        assert!(found, "{code} {place}: {told}");
    }
    assert!(told.contains("8 errors found"), "{told}");
    // `ssn` may name something in the spec that cannot be read.
    let told = refused("one-run-unread", &manifest.replacen("specs/common", "specs/comon", 1));
    for (code, words) in [("E059", "specs/comon.json: No such file"), ("E060", "the crate `a`"), ("E056", "`itmes`")] {
        assert!(told.contains(&format!("error[{code}]")) && told.contains(words), "{code}: {told}");
    }
    assert!(!told.contains("ssn") && told.contains("6 errors found"), "{told}");
    // Flags are judged like the file.
    let flags = ["generate", "specs/shop.json", "--out", "x", "--crate", "x", "--include", "itmes"];
    let more = ["--replace", "item=::x::Item", "--derive", "itm=Hash"];
    let (code, told) = apigen(&project("one-run-flags", ""), &[&flags[..], &more].concat());
    assert!(code == Some(1) && told.contains("E060]") && told.matches("E056]").count() == 2, "{told}");
}

#[test]
fn options_for_all_need_an_effect_on_one() {
    let shared = format!(
        "publish = true\nserver = \"always\"\n{SPEC}[[spec]]\npath = \"specs/common.json\"\nout = \"common\"\ntypes-only = true\n"
    );
    let told = refused("shared", &shared);
    assert!(
        told.contains("option publish: ") && told.contains("apigen.toml:1:1") && told.contains("1 error"),
        "{told}"
    );
    let folder = project("shared-fine", &format!("{shared}crate = \"common\"\n"));
    assert_eq!(apigen(&folder, &["generate"]), (Some(0), String::new()));
    // Flags apply to all outputs, too, and need no file.
    let generate =
        |more: &[&str]| apigen(&folder, &[&["generate", "specs/shop.json", "--out", "flags"], more].concat());
    let (code, told) = generate(&["--publish", "--crate-version", "1.0.0"]);
    assert!(code == Some(1) && told.matches("E058]").count() == 2, "{told}");
    assert_eq!(generate(&["--publish", "--crate", "flags"]).0, Some(0));
    let error =
        Config::new().spec(folder.join("specs/shop.json")).publish(true).generate_in_memory().unwrap_err().to_string();
    assert!(error.contains("error[E058]: option publish: "), "{error}");
}

#[test]
fn two_outputs_never_share_a_file() {
    let both = |first: &str, second: &str| {
        format!(
            "[[spec]]\npath = \"specs/shop.json\"\nout = \"{first}\"\n[[spec]]\npath = \"specs/common.json\"\nout = \"{second}\"\ntypes-only = true\n"
        )
    };
    let absolute = scratch("outputs").join("clash/src/api").display().to_string();
    for (first, second) in [
        ("src/api", "src/api"),
        ("src/api", "./src//api/"),
        ("src/api", "src/other/../api"),
        ("src/api", "src/API"),
        ("link/api", "target/api"),
        ("src/api", absolute.as_str()),
        // The module `items` of the first, and a folder of that name.
        ("src/api", "src/api/items"),
    ] {
        let folder = project("clash", &both(first, second));
        #[cfg(unix)]
        std::os::unix::fs::symlink("target", folder.join("link")).unwrap();
        fs::create_dir_all(folder.join("target")).unwrap();
        let (code, told) = apigen(&folder, &["generate"]);
        if first.starts_with("link") && cfg!(not(unix)) {
            continue;
        }
        assert_eq!(code, Some(1), "{first} {second}: {told}");
        assert!(told.contains("error[E061]: option out: ") && told.contains("apigen.toml:6:7"), "{told}");
        assert!(told.contains("for `shop` and for `common`"), "{told}");
        assert!(!folder.join("src").exists() && !folder.join("target/api").exists(), "{told}");
    }
    for (first, second) in [("src/api", "src/api/other"), ("src/a", "src/ab"), ("src/a", "src/b/a")] {
        let folder = project("apart", &both(first, second));
        assert_eq!(apigen(&folder, &["generate"]), (Some(0), String::new()), "{first} {second}");
        assert_eq!(apigen(&folder, &["generate", "--check"]).0, Some(0), "{first} {second}");
    }
    let told = refused(
        "all",
        "out = \"src\"\n[[spec]]\npath = \"specs/shop.json\"\n[[spec]]\npath = \"specs/common.json\"\ntypes-only = true\n",
    );
    assert!(told.contains("E061") && told.contains("apigen.toml:1:7"), "{told}");
    // In a build script as well.
    let folder = project("script", &both("src/a", "src/a"));
    let error = apigen_build::Manifest::open(folder.join("apigen.toml")).unwrap().generate().unwrap_err().to_string();
    assert!(error.contains("E061") && !folder.join("src").exists(), "{error}");
}
