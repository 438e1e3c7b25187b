//! The time to compile the generated crate of the largest real document, against the same structs with serde derives.
//!
//! `APIGEN_CORPUS=… cargo bench --bench compile [-- build]`: `cargo check` (or `cargo build`) of one crate each, with
//! dependencies compiled before, without incremental compilation, alternating candidates, medians of seven rounds. Both sides
//! export one decode and one encode function per operation, so that generic code is included.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, reason = "a failure ends the run")]

mod common;

use std::collections::BTreeSet;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use apigen_build::{Config, Emit};
use apigen_cli::templates::crate_files;
use common::{corpus, cpu, median, quartiles, root, scratch};
use quote::quote;
use syn::{Fields, Item};

const DOCUMENT: &str = "specs/flow-api-0.7.78.service.json";
const ROUNDS: usize = 7;

#[expect(clippy::print_stdout, reason = "a benchmark prints its table")]
fn main() {
    let Some(corpus) = corpus() else {
        println!("skipped: APIGEN_CORPUS names no folder of API Builder documents");
        return;
    };
    let verb = if std::env::args().any(|argument| argument == "build") { "build" } else { "check" };
    let candidates = [
        ("serde derive, models only", derive_crate(&corpus)),
        ("apigen, without mocks", apigen_crate(&corpus, "bench-plain", [Emit::Never, Emit::Never])),
        ("apigen, with mocks", apigen_crate(&corpus, "bench-mocks", [Emit::Always, Emit::Never])),
        ("apigen, with mocks and server", apigen_crate(&corpus, "bench-server", [Emit::Always, Emit::Always])),
    ];
    for (_, folder) in &candidates {
        cpu(&mut cargo(folder, verb));
    }
    let round = |_| {
        candidates.each_ref().map(|(_, folder)| {
            let source = folder.join("src/lib.rs");
            let text = fs::read_to_string(&source).unwrap();
            fs::write(&source, text).unwrap();
            cpu(&mut cargo(folder, verb))
        })
    };
    let rounds: Vec<[f64; 4]> = (0..ROUNDS).map(round).collect();
    println!(
        "cargo {verb}, CPU seconds and ratio to the first row: medians of {ROUNDS} rounds, and quartiles of the ratio"
    );
    for (index, (name, _)) in candidates.iter().enumerate() {
        let seconds = median(rounds.iter().map(|round| round[index]).collect());
        let [low, middle, high] = quartiles(rounds.iter().map(|round| round[index] / round[0]).collect());
        println!("{name:30} {seconds:6.2}  {middle:.3} ({low:.3} to {high:.3})");
    }
}

fn cargo(folder: &Path, verb: &str) -> Command {
    fs::copy(root().join("Cargo.lock"), folder.join("Cargo.lock")).unwrap();
    let mut command = Command::new(env!("CARGO"));
    command.arg(verb).current_dir(folder).env("CARGO_INCREMENTAL", "0").env("CARGO_TARGET_DIR", scratch("target"));
    command
}

/// Generates the crate, with exported uses of its codec.
fn apigen_crate(corpus: &Path, name: &str, [mocks, server]: [Emit; 2]) -> PathBuf {
    let folder = scratch(name);
    let config = Config::new().spec(corpus.join(DOCUMENT)).import_path(corpus.join("specs/imports.json"));
    let config = config.crate_files(crate_files).crate_name(name).mocks(mocks).server(server);
    config.runtime_path(root().join("runtime")).out(&folder).force(true).generate_to_folder().unwrap();
    let types = used_types(&folder);
    let uses = types.iter().enumerate().map(|(index, ty)| {
        let (decode, encode) = (quote::format_ident!("decode_{index}"), quote::format_ident!("encode_{index}"));
        quote! {
            pub fn #decode(json: &[u8]) -> Result<crate::#ty, apigen_runtime::Violations> { apigen_runtime::FromJson::from_json(json) }
            pub fn #encode(value: &crate::#ty) -> String { apigen_runtime::ToJson::to_json(value) }
        }
    });
    add_uses(&folder, &quote!(#(#uses)*).to_string());
    folder
}

/// Writes the same types with serde derives and nothing else.
fn derive_crate(corpus: &Path) -> PathBuf {
    let generated = apigen_crate(corpus, "bench-plain", [Emit::Never, Emit::Never]);
    let mut file = models(&generated);
    let imports: String = file.items.iter().map(plain_import).collect();
    file.items.retain(|item| matches!(item, Item::Struct(_) | Item::Enum(_)));
    file.items.iter_mut().for_each(derive);
    let uses = used_types(&generated).into_iter().enumerate().map(|(index, ty)| {
        let (decode, encode) = (quote::format_ident!("decode_{index}"), quote::format_ident!("encode_{index}"));
        quote! {
            pub fn #decode(json: &[u8]) -> serde_json::Result<crate::#ty> { serde_json::from_slice(json) }
            pub fn #encode(value: &crate::#ty) -> serde_json::Result<String> { serde_json::to_string(value) }
        }
    });
    let uses = quote!(#(#uses)*).to_string();
    let folder = scratch("bench-derive");
    fs::create_dir_all(folder.join("src")).unwrap();
    let mut models = quote!(#file).to_string();
    for (name, meant) in MEANT {
        models = models.replace(&format!(":: apigen_runtime :: {name}"), meant);
    }
    let allow = "#![allow(deprecated)]\nuse serde::{Deserialize, Serialize};\n";
    fs::write(folder.join("src/models.rs"), format!("{allow}{imports}{models}")).unwrap();
    fs::write(folder.join("src/uses.rs"), uses).unwrap();
    fs::write(folder.join("src/lib.rs"), "#![allow(deprecated)]\nmod models;\npub mod uses;\npub use models::*;\n")
        .unwrap();
    let manifest = "[package]\nname = \"bench-derive\"\nversion = \"0.1.0\"\nedition = \"2024\"\n\n[dependencies]\n\
        serde = { version = \"1\", features = [\"derive\"] }\nserde_json = \"1\"\n\
        rust_decimal = { version = \"1\", default-features = false, features = [\"std\", \"serde\"] }\n\
        uuid = { version = \"1\", default-features = false, features = [\"std\", \"serde\"] }\n\
        jiff = { version = \"0.2\", default-features = false, features = [\"std\", \"serde\"] }\n\n[workspace]\n";
    fs::write(folder.join("Cargo.toml"), manifest).unwrap();
    folder
}

/// Replacements for the types of the runtime.
const MEANT: [(&str, &str); 7] = [
    ("Unknown", "serde_json::Value"),
    ("Decimal", "rust_decimal::Decimal"),
    ("Uuid", "uuid::Uuid"),
    ("Date", "jiff::civil::Date"),
    ("Timestamp", "jiff::Timestamp"),
    ("Object", "serde_json::Map<String, serde_json::Value>"),
    ("Value", "serde_json::Value"),
];

/// Returns an import of the generated file without the runtime.
fn plain_import(item: &Item) -> String {
    let Item::Use(import) = item else { return String::new() };
    let text = quote!(#import).to_string();
    if !text.contains("apigen_runtime") {
        return text;
    }
    let words: Vec<&str> = text.split(|c: char| !c.is_alphanumeric()).collect();
    let named = MEANT.iter().filter(|(name, _)| words.contains(name));
    named.map(|(name, meant)| format!("type {name} = {meant};\n")).collect()
}

/// Adds the serde derives that one would write by hand.
fn derive(item: &mut Item) {
    match item {
        Item::Struct(s) => {
            s.attrs.push(syn::parse_quote!(#[derive(Serialize, Deserialize)]));
            // The generated `Debug` is written out if a field is sensitive.
            if !s.attrs.iter().any(|attribute| quote!(#attribute).to_string().contains("Debug")) {
                s.attrs.push(syn::parse_quote!(#[derive(Debug)]));
            }
            for field in &mut s.fields {
                if matches!(&field.ty, syn::Type::Path(path) if path.path.segments.last().is_some_and(|s| s.ident == "Option"))
                {
                    field.attrs.push(syn::parse_quote!(#[serde(skip_serializing_if = "Option::is_none")]));
                }
            }
        }
        Item::Enum(e) => {
            e.attrs.push(syn::parse_quote!(#[derive(Serialize, Deserialize)]));
            if e.variants.iter().any(|v| matches!(v.fields, Fields::Unit)) || e.variants.len() == 1 {
                e.attrs.push(syn::parse_quote!(#[serde(rename_all = "snake_case")]));
            } else {
                e.attrs.push(syn::parse_quote!(#[serde(tag = "discriminator", rename_all = "snake_case")]));
            }
            if let Some(unknown) = e.variants.last_mut() {
                unknown.attrs.push(syn::parse_quote!(#[serde(untagged)]));
            }
        }
        _ => {}
    }
}

/// Returns the items of the models' file, with those of the files that it includes.
fn models(folder: &Path) -> syn::File {
    let source = folder.join("src");
    let text = fs::read_to_string(source.join("models.rs")).unwrap();
    let lines =
        text.lines().map(|line| match line.strip_prefix("include!(\"").and_then(|rest| rest.split('"').next()) {
            Some(path) => fs::read_to_string(source.join(path)).unwrap(),
            None => line.to_owned(),
        });
    let file = syn::parse_file(&lines.collect::<Vec<_>>().join("\n")).unwrap();
    assert!(file.items.iter().any(|item| matches!(item, Item::Struct(_))), "the models are not where they were");
    file
}

/// Returns the types of the models' file that operations send or receive, once each.
fn used_types(folder: &Path) -> Vec<syn::Ident> {
    let mut names = BTreeSet::new();
    for item in &models(folder).items {
        match item {
            Item::Struct(s) => names.insert(s.ident.to_string()),
            Item::Enum(e) => names.insert(e.ident.to_string()),
            _ => false,
        };
    }
    let mut used = BTreeSet::new();
    for entry in fs::read_dir(folder.join("src")).unwrap().flatten() {
        let text = fs::read_to_string(entry.path()).unwrap_or_default();
        let operations = text.lines().filter(|line| line.contains("type Output =") || line.contains("form: &"));
        for word in operations.flat_map(|line| line.split(|c: char| !c.is_alphanumeric() && c != '_')) {
            if names.contains(word) {
                used.insert(word.to_owned());
            }
        }
    }
    used.into_iter().map(|name| quote::format_ident!("{name}")).collect()
}

fn add_uses(folder: &Path, uses: &str) {
    fs::write(folder.join("src/uses.rs"), uses).unwrap();
    let root = folder.join("src/lib.rs");
    let text = fs::read_to_string(&root).unwrap();
    if !text.contains("pub mod uses;") {
        fs::write(&root, format!("{text}\n/// One use of each type that operations name.\npub mod uses;\n")).unwrap();
    }
    let manifest = folder.join("Cargo.toml");
    let text = fs::read_to_string(&manifest).unwrap();
    if !text.contains("[workspace]") {
        fs::write(&manifest, format!("{text}\n[workspace]\n")).unwrap();
    }
}
