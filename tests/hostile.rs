//! A spec is untrusted text: it stays inside strings, comments and identifiers, and inside the output folder.

use std::fs;
use std::path::Path;

use apigen_build::{Config, Emit, Generated};
use apigen_cli::templates::crate_files;
use serde_json::{Value, json};

use crate::common::{cargo, manifest, put, root, scratch};

/// Texts that would do harm if they were pasted into code, paths, comments or documentation.
pub const TEXTS: &[&str] = &[
    "\"; fn evil() { std::process::exit(3) }",
    "*/ fn evil() {} /*",
    "\u{0}\u{1}\u{7f}",
    "../../x",
    "..\\..\\x",
    "/etc/passwd",
    "'; drop",
    "\\\" \\u{41} \\",
    "line one\nfn evil() {}\r\n#![allow(warnings)]",
    "\u{202e}evil\u{2066}",
    "r#\"raw\"#",
    "${jndi}",
    "{{name}} {{{name}}}",
    "[link](javascript:evil) <script>alert(1)</script> [`evil`] [evil::path]",
    "```\npanic!(\"a doc-test\")\n```",
    "```rust\npanic!(\"a doc-test\")",
    "    panic!(\"an indented doc-test\")",
    "# heading\n- a\nlazy\n  - b\n1. c\nlazy",
    "http://example.com/a_(b)?c=[d]&e=<f>",
    "`unbalanced ``code` <T> &amp; |table| ~~~",
    "é日本語 🦀 \u{200b}\u{feff}",
    "self",
    "Self",
    "crate",
    "type",
    "",
    " ",
];

/// Returns the part of a text that a header can have.
fn sendable(text: &str) -> String {
    format!("x{}", text.replace(|c: char| !c.is_ascii_graphic(), ""))
}

/// Returns a document with `text` in every place where the format allows any text.
pub fn document(text: &str) -> Value {
    // Paths and plurals are refused for characters that no path can have; everything else must pass.
    let path = text.replace(|c: char| c.is_control() || "?#".contains(c), "");
    let resource_path = format!("/{path}");
    json!({
        "name": format!("Hostile {text}"),
        "description": text,
        "base_url": format!("https://example.com{}", if text.trim().is_empty() { "" } else { "/" }) + text.trim(),
        "info": { "contact": { "name": text }, "license": { "name": "x" } },
        "headers": [{ "name": "X-Evil", "type": "string", "required": false, "default": sendable(text), "description": text }],
        "enums": { "kind": { "description": text, "plural": text, "values": [
            { "name": "plain" }, { "name": "odd", "value": text, "description": text, "deprecation": { "description": text } }
        ] } },
        "models": { "thing": { "description": text, "plural": format!("things {text}"), "deprecation": { "description": text }, "fields": [
            { "name": "id", "type": "string", "description": text, "example": text },
            { "name": "kind", "type": "kind", "default": "odd" },
            { "name": "label", "type": "string", "default": text, "required": false, "deprecation": { "description": text } },
            { "name": "extra", "type": "json", "required": false, "default": json!({ text: [text] }) },
            { "name": "labels", "type": "map[string]", "required": false, "default": json!({ text: text }) }
        ] } },
        "unions": { "any": { "discriminator": "tag", "description": text, "types": [{ "type": "thing", "description": text }] } },
        "resources": { "thing": { "description": text, "path": resource_path, "operations": [
            { "method": "GET", "path": format!("/{path}/:id"), "description": text,
              "parameters": [{ "name": "q", "type": "string", "default": text, "description": text }],
              "responses": { "200": { "type": "any", "description": text }, "404": { "type": "unit", "description": text } } }
        ] } }
    })
}

/// Returns names that are longer than the lines of generated code should be.
fn long_names() -> Value {
    let name = |kind: &str| format!("{kind}_{}", "with_a_long_name_".repeat(8));
    let (kind, thing, any, path) = (name("kind"), name("thing"), name("any"), name("path"));
    json!({
        "name": "Long names",
        "enums": { kind.as_str(): { "values": [{ "name": name("first") }, { "name": name("second") }] } },
        "models": { thing.as_str(): { "fields": [
            { "name": name("id"), "type": "long" },
            { "name": name("kind"), "type": kind },
            { "name": name("things"), "type": format!("[{thing}]"), "required": false }
        ] } },
        "unions": { any.as_str(): { "discriminator": name("tag"), "types": [{ "type": thing }, { "type": kind }] } },
        "resources": { thing.as_str(): { "operations": [
            { "method": "POST", "path": format!("/{path}/:{}", name("id")), "body": { "type": thing },
              "parameters": [{ "name": name("query"), "type": "[string]", "required": false }],
              "responses": { "200": { "type": any }, "404": { "type": "unit" }, "409": { "type": thing }, "default": { "type": thing } } }
        ] } }
    })
}

fn generate(folder: &Path, name: &str, document: &str) -> Result<Generated, apigen_build::Error> {
    let spec = folder.join(format!("{name}.json"));
    put(&spec, document);
    let config = Config::new().spec(spec).name(name).out(folder.join("src").join(name));
    let is_library = !document.contains("\"method\"");
    let config = if is_library { config.types_only(true) } else { config.server(Emit::Always) };
    config.generate_to_folder().map(|(generated, _)| generated)
}

/// All generated code is compiled, linted and documented, so no text has escaped its place.
#[test]
fn text_never_becomes_code() {
    let folder = scratch("hostile");
    fs::remove_dir_all(folder.join("src")).ok();
    let mut root = "//! Hostile documents.\npub mod long_names;\n".to_owned();
    generate(&folder, "long_names", &long_names().to_string()).unwrap();
    let mut accepted = 0;
    for (index, text) in TEXTS.iter().enumerate() {
        let name = format!("hostile{index}");
        match generate(&folder, &name, &document(text).to_string()) {
            Ok(_) => {
                root.push_str(&format!("pub mod {name};\n"));
                accepted += 1;
            }
            Err(error) => {
                eprintln!("{text:?} was refused: {error}");
                assert!(error.report().is_some());
            }
        }
    }
    assert_eq!(accepted, TEXTS.len(), "only {accepted} of {} were accepted", TEXTS.len());
    put(&folder.join("src/lib.rs"), &root);
    let manifest = manifest("hostile", "").replace("\"serde\"]", "\"serde\", \"server\"]");
    put(&folder.join("Cargo.toml"), &format!("{manifest}\n[workspace]\n"));
    cargo(&folder, &["clippy", "--", "-D", "warnings"]);
    cargo(&folder, &["test", "--doc"]);
    cargo(&folder, &["doc", "--no-deps"]);
    let evil = fs::read_dir(folder.join("src")).unwrap().flatten().all(|entry| {
        let name = entry.file_name().to_string_lossy().into_owned();
        ["lib.rs", "long_names"].contains(&name.as_str()) || name.starts_with("hostile")
    });
    assert!(evil, "something was written beside the modules");
}

/// A crate has more text in its documentation and its manifest than a module.
#[test]
fn text_stays_text_in_crates() {
    let folder = scratch("hostile-crates");
    put(&folder.join("Cargo.toml"), "[workspace]\nresolver = \"3\"\nmembers = [\"hostile*\"]\n");
    for (index, text) in TEXTS.iter().enumerate() {
        let name = format!("hostile{index}");
        let config =
            Config::new().source("hostile.json", document(text).to_string()).crate_files(crate_files).crate_name(&name);
        config.runtime_path(root().join("runtime")).out(folder.join(&name)).force(true).generate_to_folder().unwrap();
    }
    cargo(&folder, &["doc", "--workspace", "--no-deps", "--features", &features()]);
}

/// Returns the features of all crates, for documentation with everything enabled.
fn features() -> String {
    let features = (0..TEXTS.len()).flat_map(|index| ["mock", "server"].map(|name| format!("hostile{index}/{name}")));
    features.collect::<Vec<_>>().join(",")
}

/// Invalid names are refused, with a position.
#[test]
fn names_are_refused() {
    let folder = scratch("hostile-names");
    for text in ["\"; fn evil() {", "../../x", "a b", "\u{0}", "*/"] {
        let document = json!({ "name": "x", "models": { text: { "fields": [{ "name": text, "type": "string" }] } } });
        let error = generate(&folder, "names", &document.to_string()).unwrap_err();
        assert!(error.report().is_some(), "{text:?}: {error}");
    }
}

#[test]
fn size_and_depth_are_bounded() {
    let folder = scratch("hostile-size");
    let long = "x".repeat(10_000_000);
    let document = json!({ "name": "long", "description": long, "models": { "a": { "description": long, "fields": [
        { "name": "b", "type": "string", "default": long, "required": false } ] } } });
    let generated = generate(&folder, "long", &document.to_string()).unwrap();
    let size: usize = generated.files.by_path.values().map(String::len).sum();
    assert!(size < 50_000_000, "{size} bytes were generated");

    let deep = format!("{{\"name\": \"deep\", \"attributes\": {}1{}}}", "[".repeat(10_000), "]".repeat(10_000));
    assert!(generate(&folder, "deep", &deep).unwrap_err().report().is_some());
    let type_text = format!("{}string{}", "[".repeat(10_000), "]".repeat(10_000));
    let document = json!({ "name": "deep", "models": { "a": { "fields": [{ "name": "b", "type": type_text }] } } });
    assert!(generate(&folder, "deep", &document.to_string()).unwrap_err().report().is_some());
    for text in
        ["", "{", "[]", "null", "\u{feff}{}", "{\"name\": 1}", "protocol x {}", "swagger: '2.0'", "{}{}", "\u{0}"]
    {
        assert!(generate(&folder, "bad", text).is_err(), "{text:?}");
    }
}
