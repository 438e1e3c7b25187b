//! The single settings of a `Mode`, values built in code, and violations as JSON.

use crate::types::*;
use apigen_runtime::{
    FromJson, Mode, ToJson, Value, Violations,
    validate::{Code, UnknownFields},
};

fn told<T: FromJson>(json: &str, mode: &Mode) -> Vec<(String, Code)> {
    let violations = T::from_json_with(json, mode).err();
    violations.into_iter().flatten().map(|violation| (violation.pointer, violation.code)).collect()
}

fn at(pointer: &str, code: Code) -> (String, Code) {
    (pointer.to_owned(), code)
}

#[test]
fn unknown_fields_are_kept_or_refused() {
    let json = r#"{"label":"a","lable":"b","next":{"label":"c","x/y":[1,{"z":2}]}}"#;
    let refuse = Mode::strict().unknown_fields(UnknownFields::Refuse);
    assert_eq!(told::<Node>(json, &Mode::strict()), []);
    assert_eq!(told::<Node>(json, &Mode::strict().unknown_fields(UnknownFields::Ignore)), []);
    assert_eq!(told::<Node>(json, &refuse), [at("/lable", Code::Unknown), at("/next/x~1y", Code::Unknown)]);
    let violations = Node::from_json_with(json, &refuse).unwrap_err();
    assert_eq!(violations.as_slice()[0].suggestion.as_deref(), Some("label"), "{violations}");
    assert_eq!(violations.as_slice()[0].offset, 13);
    // An absent field and an undeclared one are separate violations.
    assert_eq!(told::<Node>(r#"{"lable":"b"}"#, &refuse), [at("/lable", Code::Unknown), at("/label", Code::Missing)]);
    // Here too, null is the same as absent.
    assert_eq!(told::<Node>(r#"{"label":"a","other":null}"#, &refuse), []);
    // Syntax errors inside are still reported.
    assert_eq!(told::<Node>(r#"{"label":"a","x":[01]}"#, &refuse).last(), Some(&at("/x", Code::Syntax)));
}

#[test]
fn what_tells_members_apart_is_known() {
    let refuse = Mode::strict().unknown_fields(UnknownFields::Refuse);
    assert_eq!(told::<Event>(r#"{"kind":"toy","id":1}"#, &refuse), []);
    assert_eq!(told::<Event>(r#"{"id":1,"kind":"toy"}"#, &refuse), []);
    assert_eq!(told::<Event>(r#"{"id":1,"kind":"toy","sort":1}"#, &refuse), [at("/sort", Code::Unknown)]);
    assert_eq!(told::<Event>(r#"{"kind":"note","value":"x"}"#, &refuse), []);
    assert_eq!(told::<Keyed>(r#"{"toy":{"id":1}}"#, &refuse), []);
}

#[test]
fn larger_texts_are_not_read() {
    let mode = Mode::strict().max_bytes(8);
    assert_eq!(told::<Value>("\"123456\"", &mode), []);
    assert_eq!(told::<Value>("\"1234567\"", &mode), [at("", Code::Size)]);
    assert_eq!(told::<Value>("         1", &mode), [at("", Code::Size)], "whitespace counts");
}

#[test]
fn caps_hold() {
    assert_eq!(told::<Value>("[[[1]]]", &Mode::strict().max_depth(3)), []);
    assert_eq!(told::<Value>("[[[1]]]", &Mode::strict().max_depth(2)), [at("/0/0", Code::Depth)]);
    let many = format!("[{}]", ["true"; 20].join(","));
    for (most, count) in [(0, 1), (1, 1), (7, 7), (20, 20), (21, 20)] {
        let violations = Vec::<i32>::from_json_with(&many, &Mode::strict().max_violations(most)).unwrap_err();
        assert_eq!((violations.as_slice().len(), violations.is_truncated()), (count, most < 20), "{most}");
    }
    assert_eq!(told::<Everything>(r#"{"small":11,"text":""}"#, &Mode::strict().limits(false)), []);
}

#[test]
fn values_built_in_code_are_checked() {
    let mut value = Everything { small: Some(10), text: Some("abc".to_owned()), ..Everything::default() };
    assert_eq!(value.validate(), Ok(()));
    value.small = Some(11);
    value.list = Some(vec!["a".to_owned(), "b".to_owned(), "c".to_owned()]);
    let codes = value.validate().err().into_iter().flatten().map(|violation| (violation.pointer, violation.code));
    assert_eq!(codes.collect::<Vec<_>>(), [at("/small", Code::Maximum), at("/list", Code::Maximum)]);
    // JSON has no number for it.
    value = Everything { double: Some(f64::INFINITY), ..Everything::default() };
    assert_eq!(value.to_json(), r#"{"double":null}"#);
}

#[test]
fn violations_are_json_and_problems() {
    let json = "{\"label\": \"a\",\n \"children\": [{\"lable\": 1}]}";
    let violations: Violations = Node::from_json(json).unwrap_err();
    let told: Value = serde_json::from_str(&violations.to_json()).unwrap();
    let expected = serde_json::json!([{
        "pointer": "/children/0/label", "code": "missing",
        "message": "children[0].label: the required field \"label\" of node is missing: there is a field \"lable\"",
        "expected": "label", "found": "nothing", "suggestion": "label", "offset": 28, "line": 2, "column": 15,
    }]);
    let keys = |value: &Value| value[0].as_object().unwrap().keys().cloned().collect::<Vec<_>>();
    assert_eq!(keys(&told), keys(&expected), "{told}");
    for key in ["pointer", "code", "line"] {
        assert_eq!(told[0][key], expected[0][key], "{told}");
    }
    let problem: Value = serde_json::from_str(&violations.to_problem(422, "The body violates the spec")).unwrap();
    assert_eq!((&problem["status"], &problem["title"]), (&422.into(), &"The body violates the spec".into()));
    assert_eq!((&problem["type"], &problem["violations"]), (&"about:blank".into(), &told));
    assert_eq!(problem["detail"], violations.to_string());
}
