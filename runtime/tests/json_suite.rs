//! RFC 8259 by cases: what must be accepted, what must be rejected, and our choice where it leaves one.

#[path = "json_suite/accepted.rs"]
mod accepted;
#[path = "json_suite/open.rs"]
mod open;
#[path = "json_suite/refused.rs"]
mod refused;

use crate::types::Everything;
use accepted::ACCEPTED;
use apigen_runtime::ToJson;
use apigen_runtime::{FromJson, Mode, Object, Value, validate::Code};
use open::{OPEN, Open};
use refused::{REFUSED, REFUSED_BYTES};

/// All ways to read a JSON text: keep it, skip it, inside an unknown field, and inside a field of type `json`.
fn verdicts(json: &[u8]) -> [(&'static str, bool); 4] {
    let wrapped = |key: &str| [format!("{{\"{key}\":[").as_bytes(), json, b"]}"].concat();
    [
        ("read", Value::from_json(json).is_ok()),
        ("skipped", <()>::from_json(json).is_ok()),
        ("in an unknown field", Everything::from_json(wrapped("unknown")).is_ok()),
        ("in a field", Everything::from_json(wrapped("any")).is_ok()),
    ]
}

/// Inside an array these mean something else.
const REFUSED_ALONE_ONLY: &[&str] = &["", " ", "\n", "1,2"];

#[test]
fn json_is_accepted() {
    for json in ACCEPTED.iter().flat_map(|(_, cases)| *cases) {
        for (how, accepted) in verdicts(json.as_bytes()) {
            assert!(accepted, "{json:?} {how}");
        }
        let ours = Value::from_json(json).unwrap_or_default();
        assert!(serde_json::from_str::<Value>(json).is_ok_and(|theirs| theirs == ours), "{json:?} is {ours}");
        assert_eq!(Value::from_json(ours.to_json()), Ok(ours));
    }
}

#[test]
fn what_is_no_json_is_refused_as_bad_syntax() {
    let texts = REFUSED.iter().flat_map(|(_, cases)| *cases).map(|text| text.as_bytes());
    for json in texts.chain(REFUSED_BYTES.iter().copied()) {
        let text = String::from_utf8_lossy(json);
        for (how, accepted) in verdicts(json) {
            assert!(!accepted || (how.starts_with("in ") && REFUSED_ALONE_ONLY.contains(&&*text)), "{text:?} {how}");
        }
        for mode in [Mode::strict(), Mode::lenient(), Mode::coerce()] {
            let violations =
                Value::from_json_with(json, &mode).map_or_else(|violations| violations, |v| panic!("{text:?}: {v}"));
            let last = &violations.as_slice()[violations.as_slice().len() - 1];
            assert!(last.code == Code::Syntax && last.offset <= json.len(), "{text:?}: {last:?}");
        }
        assert!(serde_json::from_slice::<Value>(json).is_err(), "{text:?}");
    }
}

#[test]
fn what_the_rfc_leaves_open_is_decided() {
    for (json, open, why) in OPEN {
        let outcome = Value::from_json(json);
        match open {
            Open::Means(meaning) => {
                let written = outcome.as_ref().map(ToJson::to_json);
                let wanted = serde_json::from_str::<Value>(meaning).map(|value| value.to_json());
                assert_eq!(written.ok(), wanted.ok(), "{json:?}: {why}");
            }
            Open::Refused(code) => {
                let codes = outcome.err().into_iter().flatten().map(|violation| violation.code);
                assert_eq!(codes.collect::<Vec<_>>(), [*code], "{json:?}: {why}");
            }
        }
    }
}

/// Differences between the modes, and between typed and untyped values.
#[test]
fn duplicate_keys_are_refused_where_they_would_be_lost() {
    for json in [r#"{"flag":true,"flag":true}"#, r#"{"flag":true,"fl\u0061g":false}"#] {
        let codes = Everything::from_json(json).err().into_iter().flatten().map(|violation| violation.code);
        assert_eq!(codes.collect::<Vec<_>>(), [Code::Duplicate]);
        assert!(Everything::from_json_with(json, &Mode::lenient()).is_ok());
    }
    assert!(Object::from_json(r#"{"a":1,"a":2}"#).is_ok_and(|object| object["a"] == 2));
}

#[test]
fn there_are_enough_cases() {
    let count = |groups: &[(&str, &[&str])]| groups.iter().map(|(_, cases)| cases.len()).sum::<usize>();
    let counts = [count(ACCEPTED), count(REFUSED) + REFUSED_BYTES.len(), OPEN.len()];
    eprintln!("{counts:?} cases");
    assert!(counts.iter().sum::<usize>() > 400);
}
