//! The tokenizer: exactly RFC 8259.

use crate::types::Node;
use apigen_runtime::{
    FromJson, Mode, ToJson, Value,
    validate::{Code, Violation},
};

#[track_caller]
fn broken(json: impl AsRef<[u8]>) -> Violation {
    match Value::from_json(json.as_ref()) {
        Ok(value) => panic!("{} was accepted as {value}", String::from_utf8_lossy(json.as_ref())),
        Err(violations) => violations.into_iter().next().unwrap(),
    }
}

const BROKEN: &[&str] = &[
    "",
    " ",
    "nul",
    "nulll",
    "True",
    "NaN",
    "Infinity",
    "'a'",
    "[",
    "[1",
    "[1,",
    "[1,]",
    "[,1]",
    "[1 2]",
    "[1}",
    "{",
    "{\"a\"",
    "{\"a\":",
    "{\"a\":1",
    "{\"a\":1,",
    "{\"a\":1,}",
    "{,}",
    "{a:1}",
    "{1:1}",
    "{\"a\" 1}",
    "{\"a\":1 \"b\":2}",
    "{\"a\":1]",
    "1 2",
    "[] x",
    "// c\n1",
    "01",
    "-01",
    "-",
    "+1",
    ".5",
    "1.",
    "1.e3",
    "1e",
    "1e+",
    "1-2",
    "--1",
    "0x1",
    "1_0",
    "00",
    "1.2.3",
    "1e5.2",
    "\"",
    "\"a",
    "\"\\",
    "\"\\\"",
    "\"\\x\"",
    "\"\\u12\"",
    "\"\\u12g4\"",
    "\"\\ud800\"",
    "\"\\ud800x\"",
    "\"\\ud800\\n\"",
    "\"\\ud800\\ud800\"",
    "\"\\udc00\"",
    "\"\\udc00\\ud800\"",
    "\"a\nb\"",
    "\"\t\"",
    "\"\0\"",
    "\u{a0}1",
    "\u{feff}1",
    "\0",
    "1\0",
    "{\"\\q\":1}",
    "1e400",
    "-1e400",
];

const GOOD: &[&str] = &[
    "null",
    " true\r\n\t",
    "false",
    "0",
    "-0",
    "-0.0",
    "1e3",
    "1E-2",
    "1.5e+3",
    "18446744073709551615",
    "-9223372036854775808",
    "18446744073709551616",
    "\"\"",
    "\"\\\"\\\\\\/\\b\\f\\n\\r\\t\\u00e9\\ud83d\\uDE00\"",
    "\"é😀\u{7f}\"",
    "[]",
    "[ ]",
    "{}",
    "{ }",
    "[1,[2,{\"a\":[]}]]",
    "{\"a\":1,\"b\":{\"\":null}}",
    "\"0123456\\u0041 89012345678901234567\"",
    "1e-400",
    "0e99999",
];

#[test]
fn refuses_what_the_grammar_refuses() {
    for json in BROKEN {
        broken(json);
        if !json.ends_with("e400") {
            assert_eq!(broken(json).code, Code::Syntax, "{json}");
            assert!(<()>::from_json(json).is_err(), "skipping accepted {json}");
        }
    }
}

#[test]
fn accepts_what_serde_json_accepts_and_means_the_same() {
    for json in GOOD {
        let value = Value::from_json(json).unwrap_or_else(|violations| panic!("{json}: {violations}"));
        assert_eq!(value, serde_json::from_str::<Value>(json).unwrap(), "{json}");
        assert_eq!(Value::from_json(value.to_json()).unwrap(), value);
        assert!(<()>::from_json(json).is_ok());
    }
}

/// Small changes to valid texts, the same in each run: both parsers must agree.
#[test]
fn agrees_with_serde_json_on_mutations() {
    let seeds: Vec<String> =
        GOOD.iter().map(|json| format!("{{\"k\":[{json},\"\\u00e9\",-1.5e2],\"l\":{json}}}")).collect();
    let letters = b"{}[]\",:\\ue0159.-+tfn \n\x01\xc3";
    let mut state = 7u64;
    let mut random = |below: usize| {
        state = state.wrapping_mul(6364136223846793005).wrapping_add(1442695040888963407);
        (state >> 33) as usize % below
    };
    let mut accepted = 0;
    for _ in 0..40_000 {
        let mut json = seeds[random(seeds.len())].clone().into_bytes();
        for _ in 0..=random(2) {
            let at = random(json.len());
            match random(3) {
                0 => json[at] = letters[random(letters.len())],
                1 => drop(json.remove(at)),
                _ => json.insert(at, letters[random(letters.len())]),
            }
        }
        let (ours, theirs) = (Value::from_json(&json), serde_json::from_slice::<Value>(&json));
        let text = String::from_utf8_lossy(&json);
        assert_eq!(ours.is_ok(), theirs.is_ok(), "{text}: {:?} / {:?}", ours.err(), theirs.err());
        // Skipping checks the same grammar; it only accepts numbers beyond the range of a double.
        let in_range =
            ours.as_ref().err().is_none_or(|violations| violations.as_slice().last().unwrap().code != Code::Range);
        assert_eq!(<()>::from_json(&json).is_ok(), ours.is_ok() || !in_range, "{text}");
        if let (Ok(ours), Ok(theirs)) = (ours, theirs) {
            accepted += 1;
            // Their doubles may be off in the last digit.
            assert!(ours == theirs || text.contains(['.', 'e', 'E']), "{text}");
        }
    }
    assert!(accepted > 1000, "{accepted}");
}

#[test]
fn says_what_is_broken_and_where() {
    let violation = broken("{\"a\": [1,\n  tru]}");
    assert_eq!((violation.pointer.as_str(), violation.offset, violation.line, violation.column), ("/a/1", 12, 2, 3));
    assert!(broken("\u{feff}1").message.contains("byte order mark"));
    assert_eq!(broken(b"[\"a\xff\"]").offset, 3);
    assert!(broken(b"[\"a\xff\"]").message.contains("UTF-8"));
    assert!(broken("[1").message.contains("ends too early"));
    assert!(broken("1 1").message.contains("text after"));
    assert!(broken("\"\\ud800\"").message.contains("surrogate"));
}

#[test]
fn broken_syntax_keeps_what_was_found_before() {
    let violations = Node::from_json(r#"{"label": 5, "next": {"label": 6}, "children": [}"#).unwrap_err();
    let pointers: Vec<_> = violations.iter().map(|violation| violation.pointer.as_str()).collect();
    assert_eq!(pointers, ["/label", "/next/label", "/children/0"]);
}

#[test]
fn depth_is_limited_everywhere() {
    let nested =
        |open: &str, middle: &str, close: &str, depth: usize| open.repeat(depth) + middle + &close.repeat(depth);
    for (open, middle, close) in [("[", "", "]"), ("{\"a\":", "1", "}")] {
        assert!(Value::from_json(nested(open, middle, close, 128)).is_ok());
        assert!(<()>::from_json(nested(open, middle, close, 128)).is_ok());
        let violation = broken(nested(open, middle, close, 129));
        assert_eq!(violation.code, Code::Depth);
        let skipped = <()>::from_json(nested(open, middle, close, 100_000)).unwrap_err();
        assert_eq!(skipped.as_slice()[0].code, Code::Depth);
        assert!(Value::from_json_with(nested(open, middle, close, 512), &Mode::strict().max_depth(100_000)).is_ok());
    }
    let chain = nested("{\"label\":\"x\",\"next\":", "null", "}", 128);
    assert!(Node::from_json(&chain).is_ok());
    let chain = nested("{\"label\":\"x\",\"next\":", "null", "}", 129);
    assert_eq!(Node::from_json(&chain).unwrap_err().as_slice()[0].code, Code::Depth);
    let unions = nested("{\"kind\":\"x\",\"a\":", "1", "}", 100_000);
    assert_eq!(
        crate::types::Event::from_json_with(unions, &Mode::lenient()).unwrap_err().as_slice()[0].code,
        Code::Depth
    );
}

#[test]
fn doubles_read_and_write_exactly() {
    for text in [
        "0.1",
        "1e21",
        "1e-7",
        "123456.789",
        "5e-324",
        "1.7976931348623157e308",
        "0.3",
        "-0.0",
        "100.0",
        "9007199254740993.0",
    ] {
        let value = f64::from_json(text).unwrap();
        assert_eq!(value.to_bits(), text.parse::<f64>().unwrap().to_bits());
        assert_eq!(f64::from_json(value.to_json()).unwrap().to_bits(), value.to_bits());
    }
    assert_eq!(f64::NAN.to_json(), "null");
    assert_eq!(1.0_f64.to_json(), "1.0");
}
