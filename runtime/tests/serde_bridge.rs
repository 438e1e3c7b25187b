//! Generated types inside third-party serde types.
#![cfg(feature = "serde")]

use crate::types::*;
use apigen_runtime::{Decimal, FromJson, ToJson, codegen::serde_bridge};
use serde::{Deserialize, Serialize};
use serde_json::json;
use std::collections::BTreeMap;

serde_bridge!(Everything, Node, Color, Event, Keyed);

#[derive(Debug, PartialEq, Serialize, Deserialize)]
struct Owner {
    name: String,
    node: Node,
    events: Vec<Event>,
    note: Option<Color>,
}

#[derive(Debug, PartialEq, Serialize, Deserialize)]
struct Flat {
    extra: i32,
    #[serde(flatten)]
    node: Node,
}

#[derive(Debug, PartialEq, Serialize, Deserialize)]
#[serde(untagged)]
enum Either {
    Node(Node),
    Event(Event),
    Color(Color),
}

fn owner() -> Owner {
    let json = r#"{"name":"o","node":{"label":"é","children":[]},"events":[{"kind":"toy","id":1},{"kind":"boat", "x": 1.10}],"note":"red"}"#;
    serde_json::from_str(json).unwrap()
}

#[test]
fn json_text_goes_through_unchanged() {
    let json = r#"{"name":"o","node":{"label":"é","children":[]},"events":[{"kind":"toy","id":1},{"kind":"boat", "x": 1.10}],"note":"red"}"#;
    assert_eq!(serde_json::to_string(&owner()).unwrap(), json);
    assert_eq!(serde_json::from_reader::<_, Owner>(json.as_bytes()).unwrap(), owner());
    let exact = r#"{"exact":7.9228162514264337593543950335}"#;
    let value: Everything = serde_json::from_str(exact).unwrap();
    assert_eq!(value.exact, Some("7.9228162514264337593543950335".parse::<Decimal>().unwrap()));
    assert_eq!(serde_json::to_string(&vec![&value]).unwrap(), format!("[{exact}]"));
    assert_eq!(serde_json::to_string_pretty(&value).unwrap(), exact);
}

#[test]
fn values_flattened_fields_and_untagged_enums_work() {
    let value = serde_json::to_value(owner()).unwrap();
    assert_eq!(value["events"][1], json!({"kind": "boat", "x": 1.1}));
    let back: Owner = serde_json::from_value(value).unwrap();
    assert_eq!(back.node, owner().node);

    let flat: Flat = serde_json::from_str(r#"{"extra":1,"label":"a","next":{"label":"b"}}"#).unwrap();
    assert_eq!(flat.node.next.as_ref().unwrap().label, "b");
    let text = serde_json::to_string(&flat).unwrap();
    assert_eq!(serde_json::from_str::<Flat>(&text).unwrap(), flat);

    let either = |json| serde_json::from_str::<Either>(json).unwrap();
    assert!(matches!(either(r#"{"label":"x"}"#), Either::Node(_)));
    assert!(matches!(either(r#"{"kind":"note","value":"x"}"#), Either::Event(Event::Note(_))));
    assert_eq!(either("\"BLUE-D\""), Either::Color(Color::DarkBlue));
    assert_eq!(serde_json::to_string(&either("\"BLUE-D\"")).unwrap(), "\"BLUE-D\"");
}

#[test]
fn enums_are_map_keys() {
    let json = r#"{"pink":1,"red":2}"#;
    let map: std::collections::HashMap<Color, i32> = serde_json::from_str(json).unwrap();
    assert_eq!(map[&Color::Red], 2);
    let sorted: BTreeMap<String, i32> = serde_json::from_value(serde_json::to_value(&map).unwrap()).unwrap();
    assert_eq!(serde_json::to_string(&sorted).unwrap(), json);
    assert_eq!(serde_json::from_str::<BTreeMap<String, i32>>(&serde_json::to_string(&map).unwrap()).unwrap(), sorted);
}

#[test]
fn other_formats_work() {
    let bytes = rmp_serde::to_vec_named(&owner()).unwrap();
    let back: Owner = rmp_serde::from_slice(&bytes).unwrap();
    assert_eq!(back.node, owner().node);
    assert_eq!(back.events.len(), 2);
    let everything =
        Everything::from_json(r#"{"large":9223372036854775807,"double":0.1,"list":["a"],"color":"red","flag":true}"#)
            .unwrap();
    let bytes = rmp_serde::to_vec(&everything).unwrap();
    assert_eq!(rmp_serde::from_slice::<Everything>(&bytes).unwrap(), everything);
    assert_eq!(everything.to_json(), serde_json::to_string(&everything).unwrap());
}

#[test]
fn errors_carry_every_violation() {
    let error =
        serde_json::from_str::<Owner>(r#"{"name":"o","node":{"children":5},"events":[]}"#).unwrap_err().to_string();
    assert!(
        error.contains("the required field \"label\" of node is missing") && error.contains("expected an array"),
        "{error}"
    );
    let error = serde_json::from_value::<Node>(json!({"label": 1})).unwrap_err().to_string();
    assert!(error.contains("label: expected a string, found a number (1)"), "{error}");
}

/// The losses that docs/types.md describes.
#[test]
fn values_have_numbers_of_64_bits() {
    let json = r#"{"exact":1234567890123456789.10,"any":[1.10,12345678901234567890123,9223372036854775807]}"#;
    let value: Everything = serde_json::from_str(json).unwrap();
    let kept = r#"{"exact":1234567890123456789.10,"any":[1.1,1.2345678901234568e+22,9223372036854775807]}"#;
    assert_eq!(serde_json::to_string(&value).unwrap(), kept);
    let lost = serde_json::to_value(&value).unwrap();
    assert_eq!(lost["exact"], json!(1_234_567_890_123_456_800.0));
    assert_eq!(lost["any"][2], json!(i64::MAX));
    let back: Everything = serde_json::from_value(lost).unwrap();
    assert_ne!(back.exact, value.exact);
}
