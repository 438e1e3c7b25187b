//! Conversions of unambiguous values.

use crate::types::*;
use apigen_runtime::{Date, Decimal, FromJson, Mode, Timestamp, ToJson, Uuid};
use std::collections::BTreeMap;

/// Each input with its converted form, or `None` if it is rejected. The result passes the strict check and stays
/// unchanged.
#[track_caller]
fn check<T: FromJson + ToJson>(cases: &[(&str, Option<&str>)]) {
    for (json, expected) in cases {
        let converted = T::from_json_with(json, &Mode::coerce()).map(|value| value.to_json());
        assert_eq!(converted.as_deref().ok(), *expected, "{json}: {:?}", converted.as_ref().err());
        if let Ok(converted) = converted {
            for mode in [Mode::strict(), Mode::coerce()] {
                let again = T::from_json_with(&converted, &mode).unwrap_or_else(|violations| panic!("{violations}"));
                assert_eq!(again.to_json(), converted);
            }
        }
    }
}

#[test]
fn texts() {
    check::<String>(&[
        ("1.10", Some(r#""1.10""#)),
        ("true", Some(r#""true""#)),
        ("[[42]]", Some(r#""42""#)),
        (r#"["a","b"]"#, None),
        ("[]", None),
        ("{}", None),
        ("null", None),
    ]);
    check::<Uuid>(&[
        (r#"["5ECF6502-E532-4738-AAD5-7AC9701251DD"]"#, Some(r#""5ecf6502-e532-4738-aad5-7ac9701251dd""#)),
        (r#""5ecf6502e5324738aad57ac9701251dd""#, None),
        ("5", None),
    ]);
    check::<Date>(&[(r#""2017-7-4""#, Some(r#""2017-07-04""#)), (r#""17-07-24""#, None), (r#""2017-007-4""#, None)]);
    check::<Timestamp>(&[
        (r#""2014-4-9""#, Some(r#""2014-04-09T00:00:00Z""#)),
        (r#""2014-04-29T11:56""#, Some(r#""2014-04-29T11:56:00Z""#)),
        (r#""2014-04-29T11:56+01:00""#, Some(r#""2014-04-29T10:56:00Z""#)),
        (r#""2014-04-29T11:56:52.5+0100""#, Some(r#""2014-04-29T10:56:52.5Z""#)),
        (r#""2014-04""#, None),
        (r#""T10:00:00Z""#, None),
        ("1398772612", None),
    ]);
}

#[test]
fn numbers() {
    check::<i32>(&[
        (r#""+5""#, Some("5")),
        (r#""007""#, Some("7")),
        (r#"["-9"]"#, Some("-9")),
        ("1e3", Some("1000")),
        ("12.0", Some("12")),
        (r#""12.0""#, None),
        (r#"" 7""#, None),
        (r#""+-7""#, None),
        (r#""""#, None),
        (r#""2147483648""#, None),
        ("true", None),
    ]);
    check::<f64>(&[
        (r#""-0.5""#, Some("-0.5")),
        (r#""1e3""#, Some("1000.0")),
        (r#"".5""#, Some("0.5")),
        (r#""-.5""#, Some("-0.5")),
        (r#""+5.""#, Some("5.0")),
        (r#""5.e1""#, Some("50.0")),
        (r#"".""#, None),
        (r#""-.e1""#, None),
        (r#""""#, None),
        (r#""Infinity""#, None),
        (r#""1.5d""#, None),
    ]);
    check::<Decimal>(&[
        (r#"["0.10"]"#, Some("0.10")),
        (r#""+1e2""#, Some("100")),
        (r#""1.""#, Some("1")),
        (r#"".50""#, Some("0.50")),
        (r#"".""#, None),
        ("false", None),
    ]);
}

#[test]
fn booleans_and_enums() {
    check::<bool>(&[
        (r#""YES""#, Some("true")),
        (r#"["off"]"#, Some("false")),
        ("1", Some("true")),
        ("0", Some("false")),
        ("2", None),
        ("1.0", None),
        (r#"" true""#, None),
        ("[true,false]", None),
    ]);
    check::<Color>(&[
        (r#"" RED ""#, Some(r#""red""#)),
        (r#""blue-d""#, Some(r#""BLUE-D""#)),
        (r#"["Dark_Blue"]"#, Some(r#""BLUE-D""#)),
        ("1", None),
        (r#""""#, None),
    ]);
}

#[test]
fn containers() {
    check::<Vec<i32>>(&[(r#""12""#, Some("[12]")), ("[[1],2]", Some("[1,2]")), ("null", None), ("[null]", None)]);
    check::<Vec<Vec<String>>>(&[(r#""a""#, Some(r#"[["a"]]"#)), (r#"["a",["b",1]]"#, Some(r#"[["a"],["b","1"]]"#))]);
    check::<BTreeMap<String, bool>>(&[(r#"[{"a":"y"}]"#, Some(r#"{"a":true}"#)), ("[{},{}]", None), ("1", None)]);
    check::<Toy>(&[(r#"{"id":"1","name":["x"]}"#, Some(r#"{"id":1,"name":"x"}"#)), (r#"[{"id":1}]"#, None)]);
    check::<Node>(&[(
        r#"{"label":1,"children":{"label":"b"}}"#,
        Some(r#"{"label":"1","children":[{"label":"b","children":[]}]}"#),
    )]);
}

#[test]
fn unions_limits_and_duplicates_stay_strict() {
    check::<Event>(&[
        (r#"{"kind":"toy","id":"7"}"#, Some(r#"{"kind":"toy","id":7}"#)),
        (r#"{"kind":"color","value":["RED"]}"#, Some(r#"{"kind":"color","value":"red"}"#)),
        (r#"{"kind":"TOY","id":7}"#, None),
        (r#"{"kind":["toy"],"id":7}"#, None),
    ]);
    check::<Keyed>(&[
        (r#"{"string":{"value":7}}"#, Some(r#"{"string":{"value":"7"}}"#)),
        (r#"{"color":"red","x":1}"#, None),
        (r#"{"x":1,"color":"red"}"#, None),
    ]);
    check::<Everything>(&[
        (r#"{"text":123}"#, Some(r#"{"text":"123"}"#)),
        (r#"{"text":1234}"#, None),
        (r#"{"small":"11"}"#, None),
        (r#"{"list":"a"}"#, Some(r#"{"list":["a"]}"#)),
        (r#"{"flag":true,"flag":true}"#, None),
    ]);
    let deep = "[".repeat(200) + "1" + &"]".repeat(200);
    assert!(i32::from_json_with(deep, &Mode::coerce()).is_err());
}
