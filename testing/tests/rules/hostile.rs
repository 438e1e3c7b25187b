//! Texts that nobody should write: located errors, in bounded time and memory.

use std::path::Path;

use apigen_model::Report;

use crate::support::{read, read_file};

/// Checks that every problem has a place in the text, and that the report can be rendered.
fn check(name: &str, text: &[u8], report: &Report) {
    let shown = String::from_utf8_lossy(text);
    for diagnostic in report.diagnostics() {
        let (span, code) = (diagnostic.span, diagnostic.code);
        assert!(code == "E075" || shown.get(span.start..span.end).is_some(), "{name}: {diagnostic:?}");
        assert!(diagnostic.document.is_some(), "{name}: {diagnostic:?}");
    }
    assert!(report.render(false).contains(&format!("{name}:")), "{name}");
}

/// Returns the codes, without repetitions, and the number of problems.
fn codes(name: &str, text: &[u8]) -> (Vec<&'static str>, usize) {
    let Err(report) = read(name, text) else { return (Vec::new(), 0) };
    check(name, text, &report);
    let diagnostics = report.diagnostics();
    let mut codes: Vec<&str> = diagnostics.iter().map(|diagnostic| diagnostic.code).collect();
    codes.dedup();
    (codes, diagnostics.len())
}

#[test]
fn hostile_texts_are_refused() {
    let rule = r#"{"operation":"users.get"}"#;
    let deep = |open: &str, close: &str| {
        format!(r#"{{"operation":"users.get","when":{{"name":{}1{}}}}}"#, open.repeat(100_000), close.repeat(100_000))
    };
    let rows: Vec<(&str, Vec<u8>, &str)> = vec![
        ("a.json", b"".to_vec(), "E070"),
        ("a.toml", b"".to_vec(), "E071"),
        ("a", b"".to_vec(), "E071"),
        ("a.json", b"\0".to_vec(), "E070"),
        ("a.toml", b"\0".to_vec(), "E070"),
        ("a.json", b"{\"operation\":\"users.get\0\"}".to_vec(), "E070"),
        ("a.toml", b"[[rule]]\noperation = \"users.get\0\"".to_vec(), "E070"),
        ("a.json", b"{\"operation\":\"users.get\xff\"}".to_vec(), "E070"),
        ("a.toml", b"[[rule]]\r\noperation = \"\xe2\x82\"".to_vec(), "E070"),
        ("a.json", deep("[", "]").into_bytes(), "E070"),
        ("a.json", deep(r#"{"a":"#, "}").into_bytes(), "E070"),
        ("a.toml", format!("rule = {}", "[".repeat(100_000)).into_bytes(), "E070"),
        ("a.toml", format!("rule = {}", "{a=".repeat(100_000)).into_bytes(), "E070"),
        ("a.toml", format!("rule.{}a = 1", "a.".repeat(100_000)).into_bytes(), "E070"),
        ("a.json", br#"{"operation":"users.get","operation":"users.get"}"#.to_vec(), "E070"),
        ("a.toml", b"[[rule]]\noperation = 1\noperation = 2".to_vec(), "E070"),
        ("a.toml", b"[[rule]]\noperation = \"users.get\"\nwhen = { limit = inf }".to_vec(), "E070"),
        ("a.json", br#"{"operation":"orders.post","body":{"number":{"a":1,"a":2}}}"#.to_vec(), "E070"),
        ("a.json", format!("[{rule}{}]", format!(",{rule}").repeat(99_999)).into_bytes(), "E075"),
        ("a.toml", "[[rule]]\noperation = \"users.get\"\n".repeat(100_000).into_bytes(), "E075"),
        ("a.json", " ".repeat((4 << 20) + 1).into_bytes(), "E075"),
        ("a.json", b"3".to_vec(), "E071"),
        ("a.json", b"[[]]".to_vec(), "E071"),
        ("a.json", format!(r#"{{"operation":"{}"}}"#, "x".repeat(1 << 20)).into_bytes(), "E072"),
    ];
    for (name, text, code) in rows {
        let (found, _) = codes(name, &text);
        assert!(found.contains(&code), "{name} {:?}: {found:?}", String::from_utf8_lossy(&text[..text.len().min(80)]));
    }
}

#[test]
fn files_are_read_up_to_a_size() {
    let folder = Path::new(env!("CARGO_TARGET_TMPDIR"));
    let path = folder.join("rules.toml");
    std::fs::write(&path, "[[rule]]\noperation = \"users.get\"\n").unwrap();
    assert_eq!(read_file(&path).unwrap().len(), 1);
    std::fs::write(&path, vec![b' '; 5 << 20]).unwrap();
    let report = read_file(&path).unwrap_err().to_string();
    assert!(report.contains("error[E075]: the rules have more than 4 MiB"), "{report}");
    for path in [folder.to_owned(), folder.join("missing.toml")] {
        let report = read_file(&path).unwrap_err().to_string();
        assert!(report.contains(&format!("error[E070]: {} cannot be read: ", path.display())), "{report}");
    }
}

/// A mark at the beginning and line ends of Windows are not problems, and columns are right behind them.
#[test]
fn marks_and_line_ends_are_accepted() {
    for (name, text) in [
        ("a.json", "\u{feff}{\r\n\"operation\":\r\n\"users.get\"}"),
        ("a.toml", "\u{feff}[[rule]]\r\noperation = \"users.get\"\r\n"),
        ("a", "\u{feff}\r\n [\r\n{\"operation\":\"users.get\"}]"),
    ] {
        assert!(read(name, text.as_bytes()).is_ok(), "{text:?}");
        let report = read(name, text.replace("users.get", "é.get").as_bytes()).unwrap_err().render(false);
        assert!(report.contains("unknown operation `é.get`"), "{report}");
    }
}

#[test]
fn many_problems_are_cut_off() {
    let unknown = r#"{"operation":"users.gett"}"#;
    let text = format!("[{unknown}{}]", format!(",{unknown}").repeat(9_999));
    let (found, count) = codes("a.json", text.as_bytes());
    assert_eq!((found, count), (vec!["E072", "E075"], 101));
    // In one rule.
    let keys: Vec<String> = (0..50_000).map(|number| format!(r#""statu{number}":1"#)).collect();
    let text = format!(r#"{{"operation":"users.get",{},"when":{{{}}}}}"#, keys.join(","), keys.join(","));
    let (found, count) = codes("a.json", text.as_bytes());
    assert_eq!((found, count), (vec!["E071", "E075"], 101));
}

/// Each level of the first condition could be one of two types.
#[test]
fn conditions_and_samples_are_bounded() {
    let payments = "{\"parent\":".repeat(60) + "{\"issuer\":3}" + &"}".repeat(60);
    let text = format!(r#"{{"operation":"orders.post","when":{{"body":{{"payment":{payments}}}}}}}"#);
    assert!(codes("a.json", text.as_bytes()).0.contains(&"E075"));
    let objects = "{\"issuer\":\"x\"},".repeat(100_000);
    let text = format!(r#"{{"operation":"orders.post","when":{{"body":{{"note":[{objects}0]}}}}}}"#);
    assert_eq!(codes("a.json", text.as_bytes()).1, 0);
    let text = format!(r#"{{"operation":"orders.post","body":{{"items":[{}{{}}]}}}}"#, "{},".repeat(100_000));
    assert_eq!(codes("a.json", text.as_bytes()), (vec!["E075"], 1));
}

/// Mutated texts give rules, or located errors.
#[test]
fn mutated_texts_never_panic() {
    let seeds: [(&str, &str); 2] = [
        (
            "a.toml",
            "[[rule]]\noperation = \"users.get\"\nwhen = { limit = 5, tag = [\"a\"] }\nstatus = 200\nup-to = 2\ndelay = \"50ms\"\n\
             headers = { X-State = \"open\" }\n[[rule]]\noperation = \"orders.post\"\nsequence = [ { status = 503 }, { body = { number = \"F-1\" } } ]\n",
        ),
        (
            "a.json",
            r#"[{"operation":"POST /orders","when":{"body":{"items":[{"sku":"a"}],"payment":{"kind":"card"},"total":1.5}},
                 "body":{"number":"1","owner":{"user":{}},"payment":{}},"fault":"cut 10","allow-invalid":false,"name":"x"}]"#,
        ),
    ];
    let pieces: [&[u8]; 12] =
        [b"\"", b"{", b"}", b"[", b"]", b"\n", b"null", b"-1", b"\xff", b"\xc3\xa9", b"=", b"999999999999999999999"];
    let mut state = 1_u64;
    let mut random = |below: usize| {
        state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        usize::try_from(state >> 33).unwrap() % below
    };
    let mut accepted = 0;
    for round in 0..4000 {
        let (name, seed) = seeds[round % 2];
        let mut text = seed.as_bytes().to_vec();
        for _ in 0..=random(3) {
            let (at, length) = (random(text.len()), random(6));
            let end = (at + length).min(text.len());
            match random(3) {
                0 => drop(text.splice(at..end, [])),
                1 => drop(text.splice(at..at, pieces[random(pieces.len())].iter().copied())),
                _ => {
                    let from = random(text.len());
                    let piece: Vec<u8> = text[from..(from + length * 4).min(text.len())].to_vec();
                    drop(text.splice(at..end, piece));
                }
            }
        }
        match read(name, &text) {
            Ok(_) => accepted += 1,
            Err(report) => check(name, &text, &report),
        }
    }
    assert!((10..3000).contains(&accepted), "{accepted} texts were accepted");
}
