//! Generates progenitor's client for the same two operations, and its extension of httpmock.

use std::{env, fs, path::Path};

fn main() -> Result<(), Box<dyn std::error::Error>> {
    println!("cargo::rerun-if-changed=openapi.json");
    let spec: openapiv3::OpenAPI = serde_json::from_str(&fs::read_to_string("openapi.json")?)?;
    let mut generator = progenitor::Generator::default();
    let out = env::var("OUT_DIR")?;
    let client = generator.generate_tokens(&spec)?;
    let mocks = generator.httpmock(&spec, "comparison::progenitor_client_code")?;
    for (name, tokens) in [("client.rs", client), ("mocks.rs", mocks)] {
        let file: syn::File = syn::parse2(tokens)?;
        fs::write(Path::new(&out).join(name), prettyplease::unparse(&file))?;
    }
    Ok(())
}
