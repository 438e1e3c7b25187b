//! Derives, attributes and types that the user chooses for types of a spec.

use std::fs;
use std::path::Path;
use std::process::Command;

use apigen_build::{Config, Generated};

use crate::common::{cargo, manifest, put, root, scratch};

fn config() -> Config {
    Config::new()
        .spec(root().join("tests/choices/spec.json"))
        .replace("io.example.shop.v0.models.price", "crate::Money")
        .replace("currency", "crate::Currency")
        .replace("*.legacy", "::std::string::String")
        .derive("*", "Hash")
        .derive("color", "PartialOrd")
        .derive("models.item_form", "PartialOrd")
        .derive("models.point", "Copy")
        .derive("enums.*", "::std::marker::Copy")
        .attribute("models.item_*", "#[must_use]")
        .attribute("shop.v0.enums.*", "#[non_exhaustive] #[allow(clippy::exhaustive_enums)]")
}

fn models(generated: &Generated) -> &str {
    &generated.files.by_path[Path::new("models.rs")]
}

#[test]
fn choices_compile_and_work() {
    let folder = scratch("choices");
    config().out(folder.join("src/shop")).generate_to_folder().unwrap();
    put(&folder.join("src/lib.rs"), &fs::read_to_string(root().join("tests/choices/lib.rs")).unwrap());
    put(&folder.join("Cargo.toml"), &format!("{}\n[workspace]\n", manifest("choices", "")));
    cargo(&folder, &["clippy", "--all-targets", "--", "-D", "warnings"]);
    cargo(&folder, &["test"]);
}

#[test]
fn what_is_derived_is_written_once() {
    let generated = config()
        .derive("*", "Debug")
        .derive("color", "core::cmp::PartialOrd")
        .derive("item", "Default")
        .derive("percent", "::std::hash::Hash")
        .generate_in_memory()
        .unwrap();
    let models = models(&generated);
    assert!(
        models.contains("#[derive(Debug, Clone, PartialEq, Eq, Hash, PartialOrd)]\n#[must_use]\npub struct ItemForm")
    );
    assert!(models.contains("#[derive(Debug, Clone, PartialEq, Copy)]\npub struct Point"), "{models}");
    assert!(
        models.contains("Hash, PartialOrd)]\n#[non_exhaustive]\n#[allow(clippy::exhaustive_enums)]\npub enum Color")
    );
    for gone in ["struct Price", "enum Currency", "enum Legacy"] {
        assert!(!models.contains(gone), "{gone}");
    }
    assert_eq!(generated.warnings, "");
    let notes = generated.notes.join("\n");
    assert!(
        notes.contains("`Hash` is not derived for `io.example.shop.v0.models.item`, `io.example.shop.v0.models.point`"),
        "{notes}"
    );
    assert!(notes.contains("`Default` is not derived for `io.example.shop.v0.models.item`"), "{notes}");
    assert!(notes.contains("`::std::marker::Copy` is not derived for `io.example.shop.v0.enums.color`"), "{notes}");
}

#[test]
fn patterns_that_match_nothing_are_errors_with_advice() {
    let error = config()
        .derive("models.ItemForm", "Ord")
        .derive("models.price", "Hash")
        .replace("itm", "crate::Item")
        .generate_in_memory()
        .unwrap_err()
        .to_string();
    for part in [
        "error[E056]: option derive: no generated type matches `models.ItemForm`",
        "did you mean `models.item_form`?",
        "`io.example.shop.v0.models.price` is not generated",
        "did you mean `item`?",
    ] {
        assert!(error.contains(part), "{part}\n{error}");
    }
}

#[test]
fn what_is_no_rust_is_refused_all_at_once() {
    let error = config()
        .derive("item", "a b")
        .attribute("item", "non_exhaustive")
        .replace("item", "money::Item")
        .generate_in_memory();
    let text = error.unwrap_err().to_string();
    for part in [
        "error[E050]: option derive: pattern[item]: `a b` is not the path of a derive macro",
        "option attribute: pattern[item]: `non_exhaustive` is not an attribute",
        "::money::Price",
        "3 errors found; run `apigen explain E050` for details",
    ] {
        assert!(text.contains(part), "{part}\n{text}");
    }
}

#[test]
fn the_command_line_has_the_same_options() {
    let out = scratch("choices-cli");
    let run = |more: &[&str]| {
        let mut command = Command::new(env!("CARGO_BIN_EXE_apigen"));
        command.args(["generate", "tests/choices/spec.json", "--out", out.to_str().unwrap()]).args(more);
        command.current_dir(root()).output().unwrap()
    };
    let output = run(&[
        "--dates=chrono",
        "--derive=color=PartialOrd",
        "--attribute=models.item_*=#[doc = \"a=b\"]",
        "--replace=models.price=::money::Price<::money::Eur>",
    ]);
    assert!(output.status.success(), "{output:?}");
    let models = fs::read_to_string(out.join("models.rs")).unwrap();
    for part in ["Hash, PartialOrd)]\npub enum Color", "///a=b", "pub price: ::money::Price<::money::Eur>"] {
        assert!(models.contains(part), "{part}\n{models}");
    }
    for (option, advice) in [("--derive=color", "models.user=Hash"), ("--derive=color=1", "E050")] {
        let output = run(&[option]);
        assert!(!output.status.success() && String::from_utf8(output.stderr).unwrap().contains(advice), "{option}");
    }
}
