//! Crates that share types: their manifests depend on one another, and the samples that mocks need exist.

use std::fs;
use std::path::Path;
use std::process::Command;

use apigen_build::{Config, Emit};
use apigen_cli::templates::crate_files;
use serde_json::{Value, json};

use crate::common::{cargo, manifest, put, root, scratch};

/// Returns types only, which no response here contains.
fn money(version: &str) -> Value {
    json!({ "name": "Money", "namespace": "io.acme.money.v0", "apidoc": { "version": "0.16.53" },
        "organization": { "key": "acme" }, "application": { "key": "money" }, "version": version,
        "info": {}, "resources": [], "headers": [], "imports": [], "attributes": [], "annotations": [], "interfaces": [],
        "enums": [{ "name": "currency", "plural": "currencies", "attributes": [],
            "values": [{ "name": "EUR", "attributes": [] }, { "name": "USD", "attributes": [] }] }],
        "models": [
            model("amount", &[("value", "decimal"), ("currency", "currency")]),
            model("price", &[("net", "amount"), ("taxes", "[amount]")]),
            model("voucher", &[("code", "string")]),
        ],
        "unions": [{ "name": "payment", "plural": "payments", "attributes": [], "interfaces": [],
            "types": [{ "type": "amount", "attributes": [] }, { "type": "voucher", "attributes": [] }] }] })
}

fn model(name: &str, fields: &[(&str, &str)]) -> Value {
    let field = |(name, ty): &(&str, &str)| json!({ "name": name, "type": ty, "required": true, "attributes": [], "annotations": [] });
    let fields: Vec<Value> = fields.iter().map(field).collect();
    json!({ "name": name, "plural": format!("{name}s"), "fields": fields, "attributes": [], "interfaces": [] })
}

/// Returns a service whose responses contain types of the other in all ways.
fn shop() -> Value {
    let of = |ty: &str| format!("io.acme.money.v0.{ty}");
    let get = |path: &str, ty: String| json!({ "method": "GET", "path": path, "responses": { "200": { "type": ty } } });
    json!({ "name": "Shop", "imports": [{ "uri": "https://example.com/money/service.json" }],
        "models": { "item": { "fields": [
            { "name": "price", "type": of("models.price") },
            { "name": "paid", "type": of("unions.payment") },
            { "name": "currency", "type": of("enums.currency") },
            { "name": "amounts", "type": format!("[{}]", of("models.amount")), "minimum": 1 }
        ] } },
        "resources": { "item": { "operations": [
            get("/", "[item]".to_owned()), get("/one", "item".to_owned()), get("/price", of("models.price")), get("/paid", of("unions.payment")),
            { "method": "POST", "body": { "type": of("models.amount") }, "responses": { "201": { "type": "item" }, "409": { "type": of("models.price") } } }
        ] } } })
}

/// Writes the specs, and a map of imports, to a folder.
fn specs(folder: &Path, version: &str) {
    put(&folder.join("specs/money.json"), &money(version).to_string());
    put(&folder.join("specs/shop.json"), &shop().to_string());
    put(
        &folder.join("specs/imports.json"),
        &json!({ "https://example.com/money/service.json": "money.json" }).to_string(),
    );
}

const EXTERN: (&str, &str) = ("io.acme.money.v0", "::acme_money");

fn shop_crate(folder: &Path) -> Config {
    Config::new()
        .spec(folder.join("specs/shop.json"))
        .import_path(folder.join("specs/imports.json"))
        .crate_files(crate_files)
        .crate_name("acme-shop")
        .extern_path(EXTERN.0, EXTERN.1)
}

#[test]
fn crates_share_types_with_their_mocks() {
    let folder = scratch("sharing");
    specs(&folder, "1.4.0-rc.1");
    let config = |config: Config, name: &str| config.runtime_path(root().join("runtime")).out(folder.join(name));
    let money = Config::new()
        .spec(folder.join("specs/money.json"))
        .crate_files(crate_files)
        .crate_name("acme-money")
        .types_only(true)
        .crate_version("spec")
        .publish(true);
    config(money, "money").generate_to_folder().unwrap();
    let shop = shop_crate(&folder).dependency("acme-money", r#"{ path = "../money", version = "1.4.0-rc.1" }"#);
    config(shop, "shop").generate_to_folder().unwrap();
    let text = |path: &str| fs::read_to_string(folder.join(path)).unwrap();
    let (first, second) = (text("money/Cargo.toml"), text("shop/Cargo.toml"));
    assert!(first.contains("version = \"1.4.0-rc.1\"\n") && !first.contains("publish"), "{first}");
    assert!(second.contains("version = \"0.1.0\"\n") && second.contains("publish = false\n"), "{second}");
    assert!(second.contains("mock = [\"acme-money/mock\"]\n"), "{second}");
    put(&folder.join("Cargo.toml"), "[workspace]\nresolver = \"3\"\nmembers = [\"money\", \"shop\", \"module\"]\n");
    // A module, in a crate that has the types in another module.
    let module = |spec: &str| Config::new().spec(folder.join(spec)).import_path(folder.join("specs/imports.json"));
    module("specs/money.json").types_only(true).out(folder.join("module/src/money")).generate_to_folder().unwrap();
    module("specs/shop.json")
        .extern_path(EXTERN.0, "crate::money")
        .out(folder.join("module/src/shop"))
        .generate_to_folder()
        .unwrap();
    put(&folder.join("module/src/lib.rs"), "//! Both.\npub mod money;\npub mod shop;\n");
    put(&folder.join("module/Cargo.toml"), &manifest("acme-module", ""));
    cargo(&folder, &["clippy", "--workspace", "--all-features", "--", "-D", "warnings"]);
    cargo(&folder, &["check", "-p", "acme-shop"]);
}

#[test]
fn a_crate_that_is_no_dependency_is_an_error() {
    let folder = scratch("sharing-errors");
    specs(&folder, "v7");
    let fails = |config: Config, parts: &[&str]| {
        let error = config.generate_in_memory().unwrap_err().to_string();
        for part in parts {
            assert!(error.contains(part), "{part}\n{error}");
        }
    };
    fails(
        shop_crate(&folder),
        &["`acme-shop` takes `::acme_money` from the crate `acme_money`", "--dependencies acme_money=1.0"],
    );
    let known = || shop_crate(&folder).dependency("acme-money", "1");
    assert!(known().generate_in_memory().is_ok());
    fails(known().replace("item", "::stock::Item<::units::Piece>"), &["from the crate `stock`"]);
    fails(
        known().replace("item", "::stock::Item<::units::Piece>").dependency("stock", "1"),
        &["from the crate `units`"],
    );
    fails(known().derive("item", "::diesel::Queryable"), &["from the crate `diesel`"]);
    assert!(known().derive("item", "Hash").derive("item", "::std::cmp::PartialOrd").generate_in_memory().is_ok());
    // If mocks are always generated, there is no feature to enable.
    let tree = known().mocks(Emit::Always).generate_in_memory().unwrap().files;
    assert!(!tree.by_path[Path::new("Cargo.toml")].contains("acme-money/mock"));

    let money =
        || Config::new().spec(folder.join("specs/money.json")).crate_files(crate_files).crate_name("acme-money");
    fails(
        money().crate_version("spec"),
        &["the version \"v7\" of the spec is not a valid crate version", "crate-version"],
    );
    fails(money().crate_version("1.0"), &["\"1.0\" is not a valid crate version"]);
    fails(money().spec(root().join("specs/order.json")).crate_version("spec"), &["several versions, v7, 0.0.1"]);
}

#[test]
fn apigen_toml_has_dependencies_as_manifests_do() {
    let folder = scratch("sharing-toml");
    specs(&folder, "0.3.0");
    let entry = |dependencies: &str| {
        format!(
            "imports = [\"specs/imports.json\"]\n[[spec]]\npath = \"specs/shop.json\"\nout = \"shop\"\ncrate = \"acme-shop\"\npublish = true\ncrate-version = \"2.0.0\"\n{dependencies}\n[spec.extern]\n\"io.acme.money.v0\" = \"::acme_money\"\n"
        )
    };
    let run = |dependencies: &str, more: &[&str]| {
        fs::write(folder.join("apigen.toml"), entry(dependencies)).unwrap();
        let output = Command::new(env!("CARGO_BIN_EXE_apigen"))
            .arg("generate")
            .args(more)
            .current_dir(&folder)
            .output()
            .unwrap();
        (output.status.code(), String::from_utf8(output.stderr).unwrap())
    };
    assert_eq!(
        run(
            "dependencies = { acme-money = { path = \"../money\", features = [\"a\"], default-features = false }, x = \"1\" }",
            &[]
        ),
        (Some(0), String::new())
    );
    let manifest = fs::read_to_string(folder.join("shop/Cargo.toml")).unwrap();
    for line in [
        "version = \"2.0.0\"",
        "acme-money = { path = \"../money\", features = [\"a\"], default-features = false }",
        "x = \"1\"",
        "mock = [\"acme-money/mock\"]",
    ] {
        assert!(manifest.lines().any(|found| found == line), "{line} is not in\n{manifest}");
    }
    assert_eq!(run("", &["--dependencies", "acme_money={ path = \"../money\" }", "--dependencies=y=^1.2"]).0, Some(0));
    let manifest = fs::read_to_string(folder.join("shop/Cargo.toml")).unwrap();
    assert!(manifest.contains("acme_money = { path = \"../money\" }\ny = \"^1.2\"\n"), "{manifest}");
    for (wrong, words) in [
        ("", "not among its dependencies"),
        ("dependencies = { acme-money = 1 }", "`dependencies` takes a table of dependencies"),
        ("dependencies = { acme-money = \"one\\ntwo\" }", "is not a version requirement"),
        ("dependencies = { \"acme money\" = \"1\" }", "is not the name of a package"),
    ] {
        let (code, told) = run(wrong, &[]);
        assert!(code != Some(0) && told.contains(words), "{wrong}: {told}");
    }
    let (code, told) = run("", &["--dependencies", "acme_money={ path = \"../money\" }\n[lib]"]);
    assert!(
        code == Some(1) && told.contains("E053]: option dependencies: ") && told.contains("is not a table"),
        "{told}"
    );
    // A flag overrides the file.
    let file = "dependencies = { acme-money = { path = \"../money\" } }";
    assert_eq!(run(file, &["--dependencies", "acme_money=2"]), (Some(0), String::new()));
    let manifest = fs::read_to_string(folder.join("shop/Cargo.toml")).unwrap();
    assert!(manifest.contains("acme_money = \"2\"\n") && !manifest.contains("../money"), "{manifest}");
    // Build scripts report the same errors.
    let error = shop_crate(&folder).dependency("acme-money", "one").dependency("x y", "1").generate_in_memory();
    let told = error.unwrap_err().to_string();
    assert!(told.matches("E053]").count() == 2 && told.contains("`one`") && told.contains("`x y`"), "{told}");
}
