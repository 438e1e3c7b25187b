//! Strict and lenient reading: what is accepted, and the messages for the rest.

use crate::types::*;
use apigen_runtime::{FromJson, Mode, ToJson, Violations, validate::Code};
use std::fmt::Debug;

fn violations<T: FromJson + Debug>(json: &str, mode: &Mode) -> Violations {
    match T::from_json_with(json, mode) {
        Ok(value) => panic!("{json} was accepted as {value:?}"),
        Err(violations) => violations,
    }
}

/// Checks that strict reading finds exactly these pointers and that the messages contain these words.
#[track_caller]
fn refused<T: FromJson + Debug>(json: &str, pointers: &[&str], words: &[&str]) {
    let found = violations::<T>(json, &Mode::strict());
    let mut at: Vec<_> = found.iter().map(|violation| violation.pointer.as_str()).collect();
    at.sort_unstable();
    assert_eq!(at, pointers, "{found}");
    for word in words {
        assert!(found.to_string().contains(word), "no {word:?} in {found}");
    }
}

#[track_caller]
fn round_trip<T: FromJson + ToJson + Debug>(json: &str, mode: &Mode) {
    let value = T::from_json_with(json, mode).unwrap_or_else(|violations| panic!("{json}: {violations}"));
    assert_eq!(value.to_json(), json);
}

#[test]
fn every_type_goes_round() {
    let json = concat!(
        r#"{"flag":true,"small":-5,"large":9223372036854775807,"double":1.5,"exact":0.10,"text":"a\"\u0001","#,
        r#""id":"5ecf6502-e532-4738-aad5-7ac9701251dd","day":"2017-07-24","instant":"2014-04-29T11:56:52.123456789Z","#,
        r#""any":[null,{"a":-1}],"object":{"a":{}},"list":["é","😀"],"map":{"a/b":1},"color":"BLUE-D"}"#
    );
    round_trip::<Everything>(json, &Mode::strict());
    round_trip::<Node>(
        r#"{"label":"a","children":[{"label":"b","children":[],"next":{"label":"c","children":[]}}]}"#,
        &Mode::strict(),
    );
    assert_eq!(Everything::from_json("{}").unwrap().to_json(), "{}");
}

#[test]
fn wrong_types_are_all_reported() {
    let json = r#"{"flag":1,"small":"1","large":1.5,"double":true,"exact":"1","text":5,"id":"x","day":"2017-7-4",
        "instant":"2014-04-29","object":[],"list":{},"map":{"a":1,"b/c":"x"},"color":"pink","unknown":{}}"#;
    let pointers = [
        "/color",
        "/day",
        "/double",
        "/exact",
        "/flag",
        "/id",
        "/instant",
        "/large",
        "/list",
        "/map/b~1c",
        "/object",
        "/small",
        "/text",
    ];
    let words = [
        "expected a boolean, found a number (1)",
        "integer",
        "long",
        "found 1.5",
        "double",
        "decimal",
        "uuid",
        "date-time",
        "an array",
        "map[\"b/c\"]: ",
        "\"pink\" is not a valid color, expected one of \"red\", \"BLUE-D\"",
    ];
    refused::<Everything>(json, &pointers, &words);
    refused::<Node>("null", &[""], &["expected an object (node), found null"]);
    refused::<Vec<Vec<i32>>>("[[1],[2,null,true]]", &["/1/1", "/1/2"], &["[1][2]: expected an integer"]);
}

#[test]
fn missing_fields_are_reported_where_they_should_be() {
    refused::<Node>("{}", &["/label"], &["label: the required field \"label\" of node is missing"]);
    refused::<Node>(r#"{"label":null}"#, &["/label"], &["node"]);
    refused::<Node>(r#"{"lable":"x"}"#, &["/label"], &["there is a field \"lable\""]);
    refused::<Node>(
        r#"{"children":[{"label":"a","children":[{}]}]}"#,
        &["/children/0/children/0/label", "/label"],
        &[],
    );
    assert_eq!(Holder::from_json(r#"{"payload":null}"#).unwrap().to_json(), r#"{"payload":null}"#);
    refused::<Holder>("{}", &["/payload"], &["holder"]);
}

#[test]
fn limits_are_inclusive_and_hold_for_the_value_itself() {
    for json in [
        r#"{"small":-5}"#,
        r#"{"small":10}"#,
        r#"{"text":"日本語"}"#,
        r#"{"list":["long enough"]}"#,
        r#"{"exact":10.00}"#,
    ] {
        assert!(Everything::from_json(json).is_ok(), "{json}");
    }
    refused::<Everything>(
        r#"{"small":11,"text":"日本語x","list":[]}"#,
        &["/list", "/small", "/text"],
        &["at most 10", "at most 3 characters, found 4", "at least 1 element"],
    );
    refused::<Everything>(
        r#"{"small":-6,"double":100.5,"exact":10.01,"large":-1}"#,
        &["/double", "/exact", "/large", "/small"],
        &["at least 0, found -1"],
    );
    assert!(Everything::from_json_with(r#"{"small":11,"text":""}"#, &Mode::lenient()).is_ok());
    let found = violations::<Everything>(r#"{"small":11}"#, &Mode::lenient().limits(true));
    assert_eq!(found.as_slice()[0].code, Code::Maximum);
}

#[test]
fn whole_numbers_have_neither_point_nor_exponent() {
    for json in ["1.0", "1e3", "2147483648", "-2147483649", "12.5"] {
        refused::<i32>(json, &[""], &["integer", json]);
    }
    assert_eq!(i32::from_json_with("12.0", &Mode::lenient()).unwrap(), 12);
    assert_eq!(i64::from_json_with("1e3", &Mode::lenient()).unwrap(), 1000);
    assert!(i64::from_json_with("12.5", &Mode::lenient()).is_err());
    refused::<i64>("9223372036854775808", &[""], &["long"]);
    refused::<f64>("1e400", &[""], &["double"]);
}

#[test]
fn decimals_keep_every_digit() {
    for text in ["79228162514264337593543950335", "0.10", "-1.0000000000000000000000000001", "0", "100.00"] {
        round_trip::<apigen_runtime::Decimal>(text, &Mode::strict());
    }
    let decimal = |json: &str| apigen_runtime::Decimal::from_json_with(json, &Mode::lenient());
    assert_eq!(decimal("\"19.990\"").unwrap().to_string(), "19.990");
    assert_eq!(decimal("1.5e3").unwrap().to_string(), "1500");
    assert_eq!(decimal("25E-3").unwrap().to_string(), "0.025");
    assert_eq!(decimal("0e99999999999").unwrap().to_string(), "0");
    for text in
        ["79228162514264337593543950336", "1e99", "0.00000000000000000000000000001", "1e99999999999", "\" 1\"", "\"\""]
    {
        assert!(decimal(text).is_err(), "{text}");
    }
}

#[test]
fn texts_follow_their_formats() {
    let instant = |text: &str, mode: Mode| apigen_runtime::Timestamp::from_json_with(format!("{text:?}"), &mode);
    for (text, utc) in [
        ("2014-04-29T11:56:52-05:30", "2014-04-29T17:26:52Z"),
        ("2014-04-29t11:56:52.1z", "2014-04-29T11:56:52.1Z"),
        ("2014-04-29T11:56:52.1234567899Z", "2014-04-29T11:56:52.123456789Z"),
    ] {
        assert_eq!(instant(text, Mode::strict()).unwrap().to_string(), utc);
    }
    for text in [
        "2014-04-29T11:56:52",
        "2014-04-29T11:56Z",
        "2014-04-29",
        "2014-04",
        "T10:00:00Z",
        "2014-02-30T00:00:00Z",
        "2014-04-29T24:00:00Z",
        "2014-04-29T11:60:00Z",
        "2014-04-29T11:56:52+25:00",
        "2014-04-29T11:56:52+0000",
        "2014-04-29T11:56:52.Z",
        "2014-04-29T11:56:52Zx",
        "",
    ] {
        assert!(instant(text, Mode::strict()).is_err(), "{text}");
    }
    assert_eq!(instant("2014-04-29T11:56:52+0100", Mode::lenient()).unwrap().to_string(), "2014-04-29T10:56:52Z");
    for text in ["2017-7-04", "2017-13-01", "20170724", "17-07-24", " 2017-07-24", "2017-07-24T00:00:00Z", "2017-02-29"]
    {
        refused::<apigen_runtime::Date>(&format!("{text:?}"), &[""], &["date", text]);
    }
    for text in [
        "5ecf6502e5324738aad57ac9701251dd",
        "{5ecf6502-e532-4738-aad5-7ac9701251dd}",
        "5ecf6502-e532-4738-aad5-7ac9701251ddx",
    ] {
        refused::<apigen_runtime::Uuid>(&format!("{text:?}"), &[""], &["uuid"]);
    }
    assert!(apigen_runtime::Uuid::from_json("\"5ECF6502-E532-4738-AAD5-7AC9701251DD\"").is_ok());
}

#[test]
fn unions_with_discriminator() {
    for json in [
        r#"{"kind":"toy","id":1}"#,
        r#"{"kind":"note","value":"x"}"#,
        r#"{"kind":"color","value":"red"}"#,
        r#"{"kind":"leaf"}"#,
        r#"{"kind":"holder","payload":{"a":1}}"#,
    ] {
        round_trip::<Event>(json, &Mode::strict());
    }
    assert!(matches!(Event::from_json(r#"{"id":7,"x":{"kind":1},"kind":"toy"}"#), Ok(Event::Toy(toy)) if toy.id == 7));
    assert!(matches!(Inner::from_json(r#"{"kind":null}"#), Ok(Inner::Leaf(_))));
    refused::<Event>(
        r#"{"kind":"toi","id":1}"#,
        &["/kind"],
        &["\"toi\"", "event", "\"toy\", \"note\"", "did you mean \"toy\"?"],
    );
    refused::<Event>(r#"{"id":1}"#, &["/kind"], &["discriminator \"kind\" of the union event is missing"]);
    refused::<Event>(r#"{"kind":5}"#, &["/kind"], &["must be a string, found a number"]);
    refused::<Event>(r#"["toy"]"#, &[""], &["expected an object (event), found an array"]);
    refused::<Vec<Event>>(
        r#"[{"kind":"toy"},{"kind":"note"},{"kind":"note","value":1},{"kind":"x"},{"kind":"leaf"}]"#,
        &["/0/id", "/1/value", "/2/value", "/3/kind"],
        &["of toy", "of note"],
    );
    refused::<Event>(r#"{"kind":"toy","id":1,"kind":"note"}"#, &["/kind"], &["twice"]);
}

#[test]
fn unions_without_discriminator() {
    for json in
        [r#"{"toy":{"id":1,"name":"x"}}"#, r#"{"string":{"value":"x"}}"#, r#"{"color":"red"}"#, r#"{"leaf":{}}"#]
    {
        round_trip::<Keyed>(json, &Mode::strict());
    }
    assert_eq!(Keyed::from_json(r#"{"keyed_inner":{"leaf":{}}}"#).unwrap(), Keyed::Inner(KeyedInner::Leaf(Leaf {})));
    refused::<Keyed>(r#"{"toy":{"id":"x"}}"#, &["/toy/id"], &[]);
    refused::<Keyed>(r#"{"string":{"value":1}}"#, &["/string/value"], &[]);
    refused::<Keyed>(r#"{"string":"x"}"#, &["/string"], &["an object"]);
    refused::<Keyed>(r#"{"toy":null}"#, &["/toy"], &["found null"]);
    refused::<Keyed>(
        r#"{"boat":{}}"#,
        &["/boat"],
        &["\"boat\"", "keyed", "\"toy\", \"string\", \"color\", \"leaf\", \"keyed_inner\""],
    );
    refused::<Keyed>("{}", &[""], &["exactly one key", "\"toy\""]);
    refused::<Keyed>(r#"{"toy":{"id":1},"color":"red"}"#, &[""], &["exactly one key"]);
    refused::<Keyed>(r#"{"x":1,"color":"red"}"#, &[""], &["exactly one key"]);
    assert_eq!(
        Keyed::from_json_with(r#"{"x":1,"color":"red","y":[]}"#, &Mode::lenient()).unwrap(),
        Keyed::Color(Color::Red)
    );
    refused::<Vec<Keyed>>(r#"[{},{"a":1},{"color":"red"},{"color":""}]"#, &["/0", "/1/a", "/3/color"], &[]);
}

#[test]
fn unknown_values_are_kept_byte_for_byte() {
    let json = r#"{ "id": 1.10, "kind" : "boat", "x":[ ] }"#;
    round_trip::<Event>(json, &Mode::lenient());
    let Ok(Event::Unknown(unknown)) = Event::from_json_with(json, &Mode::lenient()) else { panic!() };
    assert_eq!((unknown.discriminator(), unknown.json()), (Some("boat"), json));
    assert_eq!(unknown.to_value()["x"], serde_json::json!([]));
    round_trip::<Keyed>(r#"{"boat":{ }}"#, &Mode::lenient());
    round_trip::<Color>(r#""pink""#, &Mode::strict().unknown_values_kept(true));
    assert!(Event::from_json_with(r#"{"id":1}"#, &Mode::lenient()).is_err(), "no discriminator is not an unknown one");
    let made = apigen_runtime::Unknown::new(&serde_json::json!({"kind": "boat"}), Some("boat"));
    assert_eq!(Event::Unknown(made).to_json(), r#"{"kind":"boat"}"#);
}

#[test]
fn duplicate_keys() {
    refused::<Toy>(r#"{"id":1,"id":2}"#, &["/id"], &["twice"]);
    refused::<Toy>(r#"{"id":1,"\u0069d":null}"#, &["/id"], &["twice"]);
    refused::<Everything>(r#"{"map":{"a":1,"b":1,"a":2}}"#, &["/map/a"], &["twice"]);
    assert_eq!(Toy::from_json_with(r#"{"id":1,"id":2}"#, &Mode::lenient()).unwrap().id, 2);
    assert_eq!(Toy::from_json(r#"{"id":1,"x":1,"x":2}"#).unwrap().id, 1, "unknown fields are not looked at");
}

#[test]
fn many_fields_keep_their_bits_apart() {
    const NAMES: [&str; 130] = {
        let mut names = ["f"; 130];
        names[0] = "first";
        names[63] = "a";
        names[64] = "b";
        names[129] = "last";
        names
    };
    const FIELDS: &[apigen_runtime::codegen::Field] = &{
        let mut fields = [apigen_runtime::codegen::opt("f"); 130];
        let mut index = 0;
        while index < 130 {
            if NAMES[index].len() > 1 || index == 63 || index == 64 {
                fields[index] = apigen_runtime::codegen::req(NAMES[index]);
            }
            index += 1;
        }
        fields
    };
    #[derive(Debug)]
    struct Wide(Vec<usize>);
    impl FromJson for Wide {
        fn read(r: &mut apigen_runtime::Reader<'_>) -> Option<Self> {
            let mut seen = Vec::new();
            let mut object = r.object(FIELDS)?;
            while let Some(field) = r.next(&mut object) {
                r.get::<()>()?;
                seen.push(field);
            }
            r.end(object)?;
            Some(Wide(seen))
        }
    }
    assert_eq!(Wide::from_json(r#"{"last":1,"b":1,"a":1,"first":1}"#).unwrap().0, [129, 64, 63, 0]);
    refused::<Wide>(r#"{"last":1,"a":1,"last":2}"#, &["/b", "/first", "/last"], &[]);
}

#[test]
fn violations_say_where() {
    let found = violations::<Node>("{\n  \"label\": \"é\", \"next\":\n 5, \"é\": 1, \"children\": 1}", &Mode::strict());
    let places: Vec<_> =
        found.iter().map(|v| (v.pointer.as_str(), v.code.as_str(), v.line, v.column, v.found.as_str())).collect();
    assert_eq!(places, [("/next", "type", 3, 2, "number"), ("/children", "type", 3, 25, "number")]);
    assert_eq!(found.as_slice()[0].offset, 28);
    let many = violations::<Vec<i32>>(&format!("[{}null]", "null,".repeat(1000)), &Mode::strict());
    assert_eq!((many.as_slice().len(), many.is_truncated()), (100, true));
    let few = violations::<Vec<i32>>("[null,null,null]", &Mode::strict().max_violations(3));
    assert_eq!((few.as_slice().len(), few.is_truncated()), (3, false));
    assert!(few.to_string().contains("line 1, column 7"), "{few}");
}

#[test]
fn violations_stay_small() {
    let json = format!("{{\"map\":{{\"{}\":\"{}\"}}}}", "k".repeat(100_000), "v".repeat(100_000));
    let found = violations::<Everything>(&json, &Mode::strict());
    assert!(found.to_string().len() < 1000 && found.as_slice()[0].pointer.len() < 300);
    let list: Vec<String> = (0..30).map(|index| format!("value_{index}")).collect();
    let message = violations::<Many>(&format!("{:?}", list[3].to_uppercase()), &Mode::strict()).to_string();
    assert!(message.contains("\"value_19\" … (30 in all)") && !message.contains("value_20"), "{message}");
    assert!(message.contains("did you mean \"value_3\"?"), "{message}");
}

/// An enum of many values.
#[derive(Debug)]
struct Many;

impl FromJson for Many {
    fn read(r: &mut apigen_runtime::Reader<'_>) -> Option<Self> {
        const VALUES: [(&str, &str); 30] = {
            let mut values = [("x", "x"); 30];
            let texts = [
                "value_0", "value_1", "value_2", "value_3", "value_4", "value_5", "value_6", "value_7", "value_8",
                "value_9", "value_10", "value_11", "value_12", "value_13", "value_14", "value_15", "value_16",
                "value_17", "value_18", "value_19", "value_20", "value_21", "value_22", "value_23", "value_24",
                "value_25", "value_26", "value_27", "value_28", "value_29",
            ];
            let mut index = 0;
            while index < 30 {
                values[index] = (texts[index], texts[index]);
                index += 1;
            }
            values
        };
        const TABLE: apigen_runtime::codegen::EnumTable = apigen_runtime::codegen::EnumTable::new("many", &VALUES);
        r.enumeration(&TABLE)?.ok().map(|_| Many)
    }
}

/// Beyond 2^53 neither a limit nor a double is rounded.
#[test]
fn limits_beyond_2_to_the_53() {
    use apigen_runtime::codegen::{Field, Reader, opt};
    #[derive(Debug)]
    struct Limited;
    static FIELDS: &[Field] = &[
        opt("low").min(9_007_199_254_740_993),
        opt("high").max(9_007_199_254_740_993),
        opt("most").max(i64::MAX),
        opt("none").min(0).max(0),
        opt("exact").min(9_007_199_254_740_993).max(i64::MAX),
    ];
    impl FromJson for Limited {
        fn read(r: &mut Reader<'_>) -> Option<Self> {
            let mut object = r.object(FIELDS)?;
            while let Some(index) = r.next(&mut object) {
                match index {
                    4 => drop(r.get::<apigen_runtime::Decimal>()),
                    _ => drop(r.get::<f64>()),
                }
            }
            r.end(object).map(|()| Limited)
        }
    }
    for (json, valid) in [
        (r#"{"low": 9007199254740992}"#, false),
        (r#"{"low": 9007199254740992.0}"#, false),
        (r#"{"low": 9007199254740993}"#, true),
        (r#"{"low": 9007199254740994}"#, true),
        (r#"{"low": 9.007199254740992e15}"#, false),
        (r#"{"high": 9007199254740994}"#, false),
        (r#"{"high": 9007199254740993}"#, true),
        (r#"{"high": 9007199254740993.5}"#, false),
        (r#"{"most": 9223372036854775807}"#, true),
        (r#"{"most": 9223372036854775808}"#, false),
        (r#"{"most": 1e300}"#, false),
        (r#"{"none": -0.0}"#, true),
        (r#"{"none": 5e-324}"#, false),
        (r#"{"none": -1e-300}"#, false),
        (r#"{"exact": 9007199254740992.99999}"#, false),
        (r#"{"exact": 9223372036854775807.0}"#, true),
        (r#"{"exact": 9223372036854775807.1}"#, false),
    ] {
        assert_eq!(Limited::from_json(json).is_ok(), valid, "{json}");
        let text = json.replace(": ", ": \"").replace('}', "\"}");
        assert_eq!(Limited::from_json_with(&text, &Mode::coerce()).is_ok(), valid, "{text}");
    }
}
