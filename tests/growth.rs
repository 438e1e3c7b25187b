//! When a spec grows, tests written against the earlier code still compile and work.

use std::fs;

use apigen_build::Config;
use serde_json::{Value, json};

use crate::common::{cargo, manifest, put, root, scratch};

#[test]
fn mocks_of_yesterday_compile_today() {
    let folder = scratch("growth");
    let yesterday = fs::read_to_string(root().join("specs/location.json")).unwrap();
    for (day, text) in [("yesterday", yesterday.clone()), ("today", grown(&yesterday))] {
        let path = folder.join(format!("{day}.json"));
        put(&path, &text);
        let config = Config::new().spec(path).import_path(root().join("specs")).name("location");
        config.out(folder.join("src").join(day).join("location")).generate_to_folder().unwrap();
        put(&folder.join("src").join(day).join("mod.rs"), "pub mod location;\nmod tests;\n");
        put(
            &folder.join("src").join(day).join("tests.rs"),
            &fs::read_to_string(root().join("tests/growth/tests.rs")).unwrap(),
        );
    }
    put(&folder.join("src/lib.rs"), "#[cfg(test)]\nmod today;\n#[cfg(test)]\nmod yesterday;\n");
    let tokio = "tokio = { version = \"1\", features = [\"macros\", \"rt\"] }\n\n[workspace]\n";
    put(&folder.join("Cargo.toml"), &manifest("growth", tokio));
    cargo(&folder, &["test"]);
}

/// Adds everything that may be added without breaking clients.
fn grown(text: &str) -> String {
    let mut spec: Value = serde_json::from_str(text).unwrap();
    let users = &mut spec["resources"]["user"]["operations"];
    let operation = users.as_array_mut().unwrap().iter_mut().find(|o| o["method"] == "GET").unwrap();
    operation["parameters"]
        .as_array_mut()
        .unwrap()
        .push(json!({ "name": "locked", "type": "boolean", "required": false }));
    operation["responses"]["429"] = json!({ "type": "unit" });
    users
        .as_array_mut()
        .unwrap()
        .push(json!({ "method": "POST", "path": "/:guid/lock", "responses": { "200": { "type": "user" } } }));
    spec["resources"]["place_form"] = json!({ "operations": [{ "method": "GET" }] });
    spec["models"]["place_form"] = json!({ "fields": [{ "name": "id", "type": "long" }] });
    let address = spec["models"]["address"]["fields"].as_array_mut().unwrap();
    address.push(json!({ "name": "floor", "type": "integer", "required": false }));
    format!("{spec:#}")
}
