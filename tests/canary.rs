//! Sensitive values are never shown: each place of a spec that can have one gets a unique value, and all output is
//! searched for it.

use std::fs;
use std::process::{Command, Output};

use apigen_build::{Config, Emit};
use apigen_runtime::{Mode, http::StatusCode};
use http::{Request, Response};

use crate::common::{Describe, cargo, manifest, put, root, scratch};

/// Documents with wrong sensitive values, each in another place. Values that are not sensitive contain `marker`.
const WRONG: &[(&str, &str)] = &[
    ("card", r#"{"number": ["canary-list"], "brand": "b"}"#),
    ("card", r#"{"number": "canary-that-has-more-characters-than-the-sixty-that-are-allowed-here", "brand": 8}"#),
    ("card", r#""{\"number\": \"canary-in-a-text\"}""#),
    ("[card]", r#""canary-in-place-of-a-list""#),
    (
        "vault",
        r#"{"text": "t", "number": "canary-number", "list": ["a", {"canary-key": 1}], "map": {"canary-key": 7700}}"#,
    ),
    ("vault", r#"{"text": "t", "number": 770012345678, "list": [], "map": {}, "numbers": {"canary-key": "canary"}}"#),
    (
        "vault",
        r#"{"text": "t", "number": 1, "list": [], "map": {"canary": "a", "canary": "b"}, "level": "canary-level"}"#,
    ),
    ("vault", r#"{"text": "t", "number": 1, "list": [], "map": {}, "card": {"numbre": "canary", "brand": "canary"}}"#),
    ("vault", r#"{"text": "t", "number": 1, "list": [], "map": {}, "card": {"canary": 1, "number": "1"}}"#),
    ("vault", r#"{"text": "canary" "#),
    ("vault", r#"{"text": "t", "numbers": {"canary": canary}}"#),
    (
        "account",
        r#"{"by_name": {"marker-key": {"number": 7700, "brand": "b"}}, "payer": {"kind": "card", "number": 7700}}"#,
    ),
    ("account", r#"{"owner": {"safe": {"code": {"canary": 1}}}, "id": "marker-id"}"#),
    ("problem", r#"{"code": ["marker-code"]}"#),
    ("note", r#"{"id": "marker-wrong-id", "text": "t"}"#),
];

#[test]
fn in_a_program() {
    let folder = scratch("canary");
    let spec = root().join("tests/canary/spec.json");
    Config::new().spec(spec).server(Emit::Always).out(folder.join("src/canary")).generate_to_folder().unwrap();
    for file in ["heard.rs", "lib.rs", "messages.rs", "mocks.rs", "server.rs"] {
        put(&folder.join("src").join(file), &fs::read_to_string(root().join("tests/canary").join(file)).unwrap());
    }
    let more = "bytes = \"1\"\nhttp = \"1\"\nhttp-body-util = \"0.1\"\nserde_json = \"1\"\ntower = { version = \"0.5\", features = [\"util\"] }\n\
        tokio = { version = \"1\", features = [\"macros\", \"rt\"] }\n\
        tracing = { version = \"0.1\", default-features = false, features = [\"std\"] }\n";
    let features = "[\"jiff\", \"serde\", \"server\", \"testing\", \"tower\", \"tracing\"]";
    let manifest = manifest("canary", more).replace("[\"jiff\", \"serde\"]", features);
    put(&folder.join("Cargo.toml"), &format!("{manifest}\n[workspace]\n"));
    cargo(&folder, &["test"]);
}

#[test]
fn in_generated_documentation() {
    let generated = Config::new().spec(root().join("tests/canary/spec.json")).generate_in_memory().unwrap();
    let docs = generated.files.by_path.values().flat_map(|text| text.lines()).filter(|line| line.contains("///"));
    let docs = docs.collect::<Vec<_>>().join("\n");
    assert!(docs.contains("At most 60 characters") && !docs.contains("canary-"), "{docs}");
}

/// The dynamic validator reports the same as the typed one; see `messages.rs` of the program.
#[test]
fn in_a_validator_without_generated_code() {
    let schema = Config::new().spec(root().join("tests/canary/spec.json")).schema().unwrap();
    let mut heard = String::new();
    for (ty, json) in WRONG {
        let ty = schema.find(ty).unwrap();
        for mode in [Mode::strict(), Mode::coerce(), Mode::lenient()] {
            if let Err(violations) = schema.validate(&ty, json.as_bytes(), &mode) {
                heard.push_str(&format!("{violations}\n{violations:?}\n{}\n", violations.to_problem(422, "t")));
            }
        }
    }
    let requests = [
        ("GET", "/accounts/canary?number=canary&access_token=%zz-canary&page=%zz-marker-page", ""),
        ("GET", "/accounts/%zz-canary", ""),
        ("PATCH", "/accounts/canary", ""),
        ("GET", "/accounts/canary/marker/nothing", ""),
        ("POST", "/accounts/login", "user=u&password=canary-%zz&vault[text]=t&vault[map][canary-key][]=1"),
        ("POST", "/accounts/login", "user=u&password=p&credentials[canary-key]=canary&credentials[canary]=%zz"),
        ("PUT", "/accounts/canary/cards", r#"{"marker-card": {"number": ["canary"], "brand": "b"}}"#),
    ];
    for (method, uri, body) in requests {
        let request = Request::builder().method(method).uri(uri).body(body).unwrap();
        let error = schema.request(&request, &Mode::strict()).unwrap_err();
        heard.push_str(&format!("{error}\n{error:?}\n"));
    }
    let operation = schema.operation("GET", "/accounts/:email").unwrap();
    for (status, body) in [(403, r#"{"challenge": ["canary"]}"#), (200, "\"canary\""), (404, r#"{"code": 7}"#)] {
        let mut response = Response::new(body);
        *response.status_mut() = StatusCode::from_u16(status).unwrap();
        let error = schema.response(operation, &response, &Mode::strict()).unwrap_err();
        heard.push_str(&format!("{error}\n{error:?}\n"));
    }
    silent(&heard);
}

#[test]
fn on_the_command_line() {
    let folder = scratch("canary-validate");
    let mut heard = String::new();
    for (index, (ty, json)) in WRONG.iter().enumerate() {
        let file = folder.join(format!("{index}.json"));
        put(&file, json);
        for more in [&[][..], &["--format", "json"], &["--unknown-fields", "refuse", "--coerce"]] {
            let Output { status, stdout, stderr } = Command::new(env!("CARGO_BIN_EXE_apigen"))
                .args(["validate", "tests/canary/spec.json", "--type", ty])
                .arg(&file)
                .args(more)
                .current_dir(root())
                .output()
                .unwrap();
            assert_ne!(status.code(), Some(2), "{json}");
            heard.push_str(&format!("{}{}", String::from_utf8_lossy(&stdout), String::from_utf8_lossy(&stderr)));
        }
    }
    silent(&heard);
}

/// Checks that no canary is in the output, but the values that are not sensitive are.
fn silent(heard: &str) {
    // The test's folder has this name.
    let heard = heard.replace("canary-validate", "");
    let told = heard.lines().filter(|line| line.contains("canary") || line.contains("7700"));
    let told: Vec<&str> = told.collect();
    assert!(told.is_empty(), "{}", told.join("\n"));
    assert!(heard.contains("marker"), "nothing is heard at all");
}
