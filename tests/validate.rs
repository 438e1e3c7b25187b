//! `apigen validate`: output and exit codes.

use std::io::Write as _;
use std::process::{Command, Stdio};

use serde_json::{Value, json};

use crate::common::{put, root, scratch};

/// Exit code, standard output, standard error.
type Outcome = (Option<i32>, String, String);

/// Runs `apigen validate specs/location.json` with this standard input.
fn validate(arguments: &[&str], input: &str) -> Outcome {
    let mut child = Command::new(env!("CARGO_BIN_EXE_apigen"))
        .args(["validate", "specs/location.json"])
        .args(arguments)
        .current_dir(root())
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .unwrap();
    // If the arguments are refused, standard input is not read.
    drop(child.stdin.take().unwrap().write_all(input.as_bytes()));
    let output = child.wait_with_output().unwrap();
    let [out, told] = [output.stdout, output.stderr].map(|bytes| String::from_utf8(bytes).unwrap());
    (output.status.code(), out, told)
}

fn outcome(code: i32, out: &str, told: &str) -> Outcome {
    (Some(code), out.to_owned(), told.to_owned())
}

/// Writes a document, and returns its path.
fn document(name: &str, content: &str) -> String {
    let path = scratch("validate").join(name);
    put(&path, content);
    path.to_str().unwrap().to_owned()
}

#[test]
fn people_read_a_line_for_each_violation() {
    let good = document("good.json", r#"{"latitude": 48.8}"#);
    let bad = document("bad.json", "{\"latitude\": 91,\n \"precision\": \"Ct\"}");
    assert_eq!(validate(&["--type", "address", &good], ""), outcome(0, "", ""));
    let told = format!(
        "{bad}:1:14: maximum: latitude: expected at most 90, found 91\n\
         {bad}:2:15: enum: precision: \"Ct\" is not a valid precision, expected one of \"C\", \"CI\", \"ST\", \"Z\"; did you mean \"C\"?\n\
         2 violations in 1 document\n"
    );
    assert_eq!(validate(&["--type", "address", &good, &bad], ""), outcome(1, "", &told));
}

#[test]
fn programs_read_an_array() {
    let arguments = ["--type", "[user_form]", "--format", "json", "-"];
    let (code, out, told) = validate(&arguments, r#"[{"email": "a@b"}, {"emial": "a@b"}]"#);
    assert_eq!((code, told.as_str()), (Some(1), ""));
    let violations: Value = serde_json::from_str(&out).unwrap();
    let first = &violations[0];
    assert_eq!(violations.as_array().unwrap().len(), 1, "{out}");
    let wanted = json!({ "file": "<stdin>", "line": 1, "column": 20, "pointer": "/1/email", "code": "missing" });
    for (key, value) in wanted.as_object().unwrap() {
        assert_eq!(&first[key], value, "{out}");
    }
    for key in ["message", "expected", "found"] {
        assert!(first[key].as_str().is_some_and(|text| !text.is_empty()), "{out}");
    }
    assert_eq!(validate(&arguments, "[]"), outcome(0, "[]\n", ""));
}

/// For people and programs, for every kind of violation, with and without sensitive values.
#[test]
fn expected_is_said_once() {
    let wrong = [
        r#"{"email" 1}"#,
        r#"{"email": x}"#,
        r#"{"email": "\u00g0"}"#,
        r#"{"email": tru}"#,
        r#"{"email": -}"#,
        r#"{"email": "a@b" "name": ""}"#,
        r#"{"email": "a@b", 1}"#,
        r#"{"email": [1 2]}"#,
        r#"{"email": ""}"#,
        r#"{"email": 7, "name": x}"#,
        r#"{"name": {}, "role": "raeder"}"#,
        r#"{"email": "a@b", "role": 1, "home": []}"#,
    ];
    let mut count = 0;
    for ty in ["user_form", "place", "[user]", "map[role]"] {
        for document in wrong {
            let arguments = ["--type", ty, "--format", "json", "-"];
            let (_, out, _) = validate(&arguments, document);
            for violation in serde_json::from_str::<Vec<Value>>(&out).unwrap() {
                let [message, expected] = ["message", "expected"].map(|key| violation[key].as_str().unwrap());
                assert!(message.matches("expected").count() <= 1 && !expected.contains("expected"), "{violation}");
                count += 1;
            }
        }
    }
    assert!(count > 40, "{count} violations");
    // Invalid JSON is reported as such, even in a sensitive value.
    let (_, out, _) = validate(&["--type", "user_form", "--format", "json", "-"], r#"{"email": x}"#);
    let told: Value = serde_json::from_str(&out).unwrap();
    assert_eq!(told[0]["message"], "email: invalid JSON: expected a JSON value");
    assert_eq!((&told[0]["expected"], &told[0]["found"]), (&json!("a JSON value"), &json!("[REDACTED]")));
}

#[test]
fn workflows_read_annotations() {
    let (code, out, told) = validate(&["--type", "role", "--format", "github", "-"], "\n \"boss\"");
    assert_eq!((code, told.as_str()), (Some(1), ""));
    assert!(out.starts_with("::error file=<stdin>,line=2,col=2,title=enum::") && out.contains("\"editor\""), "{out}");
}

#[test]
fn lines_are_documents() {
    let lines = "{\"email\": \"a@b\"}\n\n{\"email\": 5}\n{\"email\": \"c@d\"}";
    let (code, out, told) = validate(&["--type", "user_form", "--lines", "-"], lines);
    let wanted =
        "<stdin>:3:11: type: email: expected a string, found a sensitive value (withheld)\n1 violation in 1 document\n";
    assert_eq!((code, out.as_str(), told.as_str()), (Some(1), "", wanted));
}

#[test]
fn documents_have_a_largest_size() {
    let largest = format!("\"{}\"", "x".repeat((1 << 20) - 2));
    for more in [&[][..], &["--lines"]] {
        let arguments = [&["--type", "string", "--limit", "1"], more, &["-"]].concat();
        assert_eq!(validate(&arguments, &largest), outcome(0, "", ""));
        let (code, out, told) = validate(&arguments, &format!("{largest} "));
        let wanted = "<stdin>:1: the document has more than 1 MiB; `--limit` raises the limit\n";
        assert!(code == Some(2) && out.is_empty() && told.ends_with(wanted), "{told}");
    }
}

#[test]
fn what_was_accepted_is_printed_converted() {
    let lines = "{\"email\": [\"a@b\"], \"role\": \" Admin\", \"more\": 1.50}\n{\"email\": null}\n";
    let arguments = ["--type", "user_form", "--lines", "--coerce", "--print", "-"];
    let (code, out, told) = validate(&arguments, lines);
    assert_eq!((code, out.as_str()), (Some(1), "{\"email\":\"a@b\",\"role\":\"admin\",\"more\":1.50}\n"));
    assert!(told.starts_with("<stdin>:2:") && told.ends_with("1 violation in 1 document\n"), "{told}");
    // Printed documents are strictly valid, and stay unchanged.
    let again = validate(&["--type", "user_form", "--print", "-"], &out);
    assert_eq!(again, outcome(0, &out, ""));
    // Machine-readable reports go to standard error, too.
    let (_, out, told) = validate(&[&arguments[..], &["--format", "json"]].concat(), "{\"email\": 5.0}\n{}");
    assert_eq!(out, "{\"email\":\"5.0\"}\n");
    assert_eq!(serde_json::from_str::<Value>(&told).unwrap()[0]["code"], "missing");
}

#[test]
fn bodies_of_operations_are_known() {
    let form = r#"{"email": "ada@example.com"}"#;
    assert_eq!(validate(&["--operation", "POST /users", "-"], form), outcome(0, "", ""));
    assert_eq!(validate(&["--operation", "post /users", "--request", "-"], form), outcome(0, "", ""));
    let (code, _, told) = validate(&["--operation", "POST /users", "--response", "-"], form);
    assert!(code == Some(1) && told.contains("guid"), "{told}");
    let errors = r#"[{"code": "email_taken", "message": "ada@example.com is taken"}]"#;
    let conflict = ["--operation", "POST /users", "--response", "--status", "409", "-"];
    let (code, _, told) = validate(&conflict, errors);
    assert_eq!(code, Some(0), "{told}");
    // The path of a request works like the template.
    assert_eq!(validate(&["--operation", "GET /regions/7", "--response", "--status", "418", "-"], "{}").0, Some(1));
}

#[test]
fn what_cannot_run_is_no_verdict() {
    let good = document("one.json", r#"{"email": "ada@example.com"}"#);
    let cases: [(&[&str], &str); 9] = [
        (&["--type", "user_form"], "FILE"),
        (&[&good], "--type"),
        (&["--type", "user_from", &good], "user_form"),
        (&["--type", "[user_form", &good], "[user_form"),
        (&["--operation", "POST /user", &good], "POST /users"),
        (&["--operation", "GET /users", &good], "no JSON body"),
        (&["--operation", "POST /users", "--response", "--status", "500", &good], "500"),
        (&["--type", "user_form", "no/such/file.json"], "no/such/file.json"),
        (&["--type", "user_form", "--operation", "POST /users", &good], "cannot be used"),
    ];
    for (arguments, words) in cases {
        let (code, out, told) = validate(arguments, "");
        assert!(code == Some(2) && told.contains(words), "{arguments:?}: {code:?}\n{told}");
        assert_eq!(out, "");
    }
    // Earlier findings are reported in any case.
    let bad = document("two.json", "[]");
    let (code, _, told) = validate(&["--type", "user_form", &bad, "no/such/file.json"], "");
    assert!(code == Some(2) && told.contains("two.json:1:1: type") && told.contains("no/such/file.json"), "{told}");
}

#[test]
fn unknown_fields_are_kept_left_out_or_refused() {
    let json = r#"{"name":"Ada","nmae":"Bob"}"#;
    let run = |choice: &str| validate(&["--type", "user_patch", "--unknown-fields", choice, "--print", "-"], json);
    assert_eq!(run("keep"), outcome(0, "{\"name\":\"Ada\",\"nmae\":\"Bob\"}\n", ""));
    assert_eq!(run("ignore"), outcome(0, "{\"name\":\"Ada\"}\n", ""));
    let (code, _, told) = run("refuse");
    assert!(code == Some(1) && told.contains("unknown: nmae: \"nmae\" is not a field of user_patch"), "{told}");
    assert!(told.contains("did you mean \"name\"?"), "{told}");
}
