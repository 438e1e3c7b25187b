//! Secrets are not in the file, and nothing prints them.

use std::fs;

use apigen_testing::environment::{Environments, Target};

use crate::support::{consent, folder, parse, problems};

const SECRET: &str = "hunter2!ü";

#[test]
fn literal_secrets_are_refused_and_not_shown() {
    let base = "[environments.a]\nurl = \"https://a.example.org\"\nkind = \"sandbox\"\n";
    for line in [
        "bearer = \"S\"",
        "basic = \"S\"",
        "token = 'S'",
        "password = \"\"\"\nS\nS\"\"\"",
        "api-key = [\"S\", { x = \"S\" }]",
        "Authorization = \"S\"",
        "header = \"S\"",
        "header.X-Api-Key = \"S\"",
        "header.X-Api-Key.value = \"S\"",
        "header.X-Api-Key.secret = \"S\"",
        "bearer-from-env = \"S\"",
        "header.X-Api-Key.from-env = \"S\"",
        "services.shop.bearer = \"S\"",
        "credentials = \"S\"",
    ] {
        let report = problems(&format!("{base}{}", line.replace('S', SECRET)));
        assert!(!report.contains("hunter2"), "{line}:\n{report}");
        let code = if line.contains(".value") { "E076" } else { "E077" };
        assert!(report.contains(&format!("error[{code}]")), "{line}:\n{report}");
        assert!(report.contains("--> apigen.toml:4:"), "{line}:\n{report}");
    }
    let url = problems(&format!("[environments.a]\nurl = \"https://u:{SECRET}@a.example.org\"\nkind = \"sandbox\""));
    assert!(!url.contains("hunter2") && url.contains("error[E077]"), "{url}");
}

#[test]
fn excerpts_of_other_problems_show_no_secret() {
    for text in [
        format!("[environments.a]\nbearer = \"{SECRET}"),
        format!("[environments.a]\nbearer = \"{SECRET}\" x"),
        format!("[environments.a]\nfrobnicate = \"{SECRET}\""),
        format!("[environments.a]\nbearer = \"{SECRET}\"\nbearer = \"{SECRET}\""),
        format!("[environments]\na = \"https://u:{SECRET}@a.example.org\""),
        format!("environments = {{ a = {{ bearer = \"{SECRET}\", kind = 7 }} }}"),
        format!("[environments.a]\nkind = \"sandbox\"\nservices.shop = \"{SECRET}\""),
        format!("[environments.a]\ncredentials.token = \"{SECRET}\""),
        format!("[environments]\na = [[{{ x.y = \"{SECRET}\" }}]]"),
        format!("[environments.a]\nheader.\"X Key\".value.is = \"{SECRET}\""),
        format!("[environments.a]\nheader.\"X Key\" = \"{SECRET}\""),
    ] {
        let report = problems(&text);
        assert!(!report.contains("hunter2"), "{text}\n{report}");
    }
}

#[test]
fn credentials_that_cannot_be_read_are_reported_at_once() {
    let folder = folder("unreadable");
    fs::write(folder.join("empty"), "\n").unwrap();
    fs::write(folder.join("control"), format!("{SECRET}\u{1}")).unwrap();
    fs::write(folder.join("binary"), b"hunter2\xff").unwrap();
    fs::write(folder.join("large"), "x".repeat((64 << 10) + 1)).unwrap();
    let environments = parse(
        "[environments.a]\nurl = \"https://a.example.org\"\nkind = \"sandbox\"\nbearer-from-env = \"NO_SUCH_VARIABLE\"\n\
         header.A.from-file = \"none\"\nheader.B.from-file = \"empty\"\nheader.C.from-file = \"control\"\n\
         header.D.from-file = \"binary\"\nheader.E.from-file = \"large\"\nheader.F.from-file = \"large/x\"\n",
        &folder,
    );
    let report = environments.get("a").unwrap_err().to_string();
    for (line, message) in [
        ("4:19", "the environment variable NO_SUCH_VARIABLE is not set"),
        ("5:22", "none cannot be read"),
        ("6:22", "empty is empty"),
        ("7:22", "control contains control characters"),
        ("8:22", "binary is not text"),
        ("9:22", "large has more than 64 KiB"),
        ("10:22", "cannot be read"),
    ] {
        assert!(report.contains(message) && report.contains(&format!("apigen.toml:{line}\n")), "{message}\n{report}");
    }
    assert!(!report.contains("hunter2") && report.contains("error[E078]"), "{report}");
    // Declaring an environment needs none of its credentials.
    assert!(environments.declared()[0].credentials().iter().all(|source| !source.is_readable()));
}

#[test]
fn no_debug_and_no_audit_line_shows_a_secret() {
    let folder = folder("debug");
    fs::write(folder.join("token"), SECRET).unwrap();
    let text = "[environments.live]\nurl = \"https://a.example.org\"\nkind = \"production\"\nbearer-from-file = \"token\"\n\
                header.X-Key.from-file = \"token\"";
    let environments: Environments = parse(text, &folder);
    let target = Target::open("verify", environments.get("live").unwrap(), &consent()).unwrap();
    let credentials = target.headers();
    assert!(credentials["authorization"].as_bytes().starts_with(b"Bearer hunter2"));
    let audit = fs::read_to_string(folder.join(".apigen-audit.jsonl")).unwrap();
    let source = &environments.declared()[0].credentials()[0];
    assert_eq!(source.to_string(), format!("authorization (Bearer) from the file {}", folder.join("token").display()));
    let shown = format!("{environments:?} {target:?} {:?} {credentials:?} {source} {audit}", target.environment());
    assert!(!shown.contains("hunter2"), "{shown}");
    assert!(!shown.contains("aHVudGVyM"), "{shown}");
}
