//! Relations between the modes, on generated texts.

use crate::types::*;
use apigen_runtime::{FromJson, Mode, ToJson, Value};

const SEEDS: &[&str] = &[
    r#"{"flag":true,"small":-5,"large":7,"double":1.5e1,"exact":"0.10","text":"a\"\u0041","list":["é",["😀"]],"map":[{"a":1}]}"#,
    r#"{"id":"5ecf6502-e532-4738-aad5-7ac9701251dd","day":"2017-7-24","instant":"2014-04-29T11:56:52.12+01:00","color":" RED"}"#,
    r#"[{"kind":"toy","id":"1"},{"value":"x","kind":"note"},{"kind":"boat","x":[]},{"kind":"holder","payload":null},{"kind":null}]"#,
    r#"[{"toy":{"id":1}},{"string":{"value":"x"}},{"color":"red"},{"leaf":{}},{"keyed_inner":{"leaf":{}}},{"boat":1,"toy":2}]"#,
    r#"{"label":"a","children":[{"label":["b"],"next":{"lable":"c","label":null}}],"next":{"label":"d","label":"e"}}"#,
];

/// Strictly valid text is valid in every mode with the same meaning; what was accepted is written as JSON that is
/// accepted again.
fn check<T: FromJson + ToJson>(json: &[u8]) -> bool {
    let text = || String::from_utf8_lossy(json);
    let strict = T::from_json(json).map(|value| value.to_json());
    for mode in [Mode::lenient(), Mode::coerce(), Mode::strict().unknown_values_kept(true)] {
        let value = T::from_json_with(json, &mode).map(|value| value.to_json());
        if let Ok(written) = &value {
            let again = T::from_json_with(written, &mode).map(|value| value.to_json());
            assert_eq!(again.as_ref(), Ok(written), "{}", text());
            assert!(serde_json::from_str::<Value>(written).is_ok(), "{written}");
        }
        assert!(strict.is_err() || strict == value, "{}: {strict:?} {value:?}", text());
    }
    for violation in strict.as_ref().err().into_iter().flatten() {
        assert!(violation.offset <= json.len() && violation.line > 0 && violation.column > 0, "{violation:?}");
    }
    strict.is_ok()
}

#[test]
fn strict_is_the_narrowest_mode() {
    let letters = b"{}[]\",:\\ue0159.-+tfn \n\xc3";
    let mut state = 11u64;
    let mut random = |below: usize| {
        state = state.wrapping_mul(6364136223846793005).wrapping_add(1442695040888963407);
        (state >> 33) as usize % below
    };
    let mut valid = 0;
    for round in 0..10_000 {
        let mut json = SEEDS[round % SEEDS.len()].as_bytes().to_vec();
        for _ in 0..random(4) {
            let (at, length) = (random(json.len()), random(12));
            match random(4) {
                0 => json[at] = letters[random(letters.len())],
                1 => drop(json.drain(at..(at + length).min(json.len()))),
                2 => json.insert(at, letters[random(letters.len())]),
                _ => {
                    let copy = json[at..(at + length).min(json.len())].to_vec();
                    let to = random(json.len());
                    json.splice(to..to, copy);
                }
            }
            if json.is_empty() {
                json.push(b' ');
            }
        }
        let results = [
            check::<Everything>(&json),
            check::<Vec<Event>>(&json),
            check::<Vec<Keyed>>(&json),
            check::<Node>(&json),
            check::<Value>(&json),
        ];
        valid += results.iter().filter(|valid| **valid).count();
    }
    assert!(valid > 1000, "{valid}");
}
