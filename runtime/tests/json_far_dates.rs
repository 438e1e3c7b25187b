//! Date-times at the ends of the calendar, and those that only clients accept.
#![cfg(all(feature = "jiff", feature = "chrono"))]

use apigen_runtime::{
    Date, FromJson, Mode, NaiveDate, Timestamp, ToJson, UtcDateTime, client::ToParam, codegen::literal,
};

fn modes() -> [Mode; 3] {
    [Mode::strict(), Mode::lenient(), Mode::coerce()]
}

fn quoted(text: &str) -> String {
    format!("\"{text}\"")
}

fn param(value: &dyn ToParam) -> String {
    let mut text = String::new();
    value.values(&mut |value| text.push_str(value));
    text
}

/// Reads a text in every mode, with the same result, and writes it.
fn round<T: FromJson + ToJson + ToParam + PartialEq + std::fmt::Debug>(text: &str) -> (T, String) {
    let [strict, lenient, coerce] = modes().map(|mode| T::from_json_with(quoted(text), &mode).expect(text));
    assert!(strict == lenient && lenient == coerce, "{text}");
    let written = strict.to_json();
    assert_eq!(T::from_json(&written).unwrap(), strict, "{text} does not survive");
    assert_eq!(quoted(&param(&strict)), written);
    (strict, written.trim_matches('"').to_owned())
}

const NEVER: &str = "9999-12-31T23:59:59Z";

#[test]
fn what_never_ends_is_read_and_written_with_jiff() {
    for text in [
        NEVER,
        "9999-12-31T23:59:59.999Z",
        "9999-12-31T23:59:59.999999999Z",
        "9999-12-31T00:00:00Z",
        "9999-12-31T23:59:59+14:00",
        "9999-12-31T23:59:59-05:00",
        "9999-12-31T23:59:59.9999999-23:59",
        "9999-12-30T22:00:01Z",
    ] {
        let (value, written): (Timestamp, _) = round(text);
        assert_eq!((value, written.as_str()), (Timestamp::MAX, NEVER), "{text}");
        assert_eq!(literal::date_time(text), value);
    }
    let (before, written): (Timestamp, _) = round("9999-12-30T22:00:00.999999998Z");
    assert!(before < Timestamp::MAX && written == "9999-12-30T22:00:00.999999998Z");
}

#[test]
fn what_never_ends_is_exact_with_chrono() {
    for (text, expected) in [
        (NEVER, NEVER),
        ("9999-12-31T23:59:59.999Z", "9999-12-31T23:59:59.999Z"),
        ("9999-12-31T00:00:00Z", "9999-12-31T00:00:00Z"),
        ("9999-12-31T23:59:59+14:00", "9999-12-31T09:59:59Z"),
        ("9999-12-31T23:59:59-05:00", "9999-12-31T23:59:59.999999999Z"),
    ] {
        let (value, written): (UtcDateTime, _) = round(text);
        assert_eq!(written, expected, "{text}");
        assert_eq!(literal::utc_date_time(text), value);
        // Each reads what the other writes.
        assert_eq!(Timestamp::from_json(quoted(&written)).unwrap(), Timestamp::MAX);
        assert!(
            UtcDateTime::from_json(Timestamp::MAX.to_json()).unwrap() > literal::utc_date_time("9999-12-30T22:00:00Z")
        );
    }
}

#[test]
fn the_beginning_is_exact() {
    for (text, expected) in [
        ("0001-01-01T00:00:00Z", "0001-01-01T00:00:00Z"),
        ("0001-01-01T00:00:00+01:00", "0000-12-31T23:00:00Z"),
        ("0000-01-01T00:00:00Z", "0000-01-01T00:00:00Z"),
        ("0000-01-01T00:00:00-12:00", "0000-01-01T12:00:00Z"),
    ] {
        assert_eq!(round::<Timestamp>(text).1, expected);
        assert_eq!(round::<UtcDateTime>(text).1, expected);
    }
    for text in
        ["0000-01-01T00:00:00+00:01", "-0001-01-01T00:00:00Z", "10000-01-01T00:00:00Z", "+010000-01-01T00:00:00Z"]
    {
        for mode in modes() {
            assert!(Timestamp::from_json_with(quoted(text), &mode).is_err(), "{text}");
            assert!(UtcDateTime::from_json_with(quoted(text), &mode).is_err(), "{text}");
        }
    }
}

#[test]
fn days_at_the_ends() {
    for text in ["9999-12-31", "0001-01-01", "0000-01-01"] {
        assert_eq!(round::<Date>(text).1, text);
        assert_eq!(round::<NaiveDate>(text).1, text);
    }
    assert!(Date::from_json("\"-0001-01-01\"").is_err() && NaiveDate::from_json("\"10000-01-01\"").is_err());
}

#[test]
fn clients_read_what_has_one_meaning() {
    for (text, expected) in [
        ("2024-02-29T10:00:00", "2024-02-29T10:00:00Z"),
        ("2024-02-29T10:00:00.25", "2024-02-29T10:00:00.25Z"),
        ("2024-02-29T10:00Z", "2024-02-29T10:00:00Z"),
        ("2024-02-29T10:00", "2024-02-29T10:00:00Z"),
        ("2024-02-29T10:00+02:00", "2024-02-29T08:00:00Z"),
        ("2024-02-29", "2024-02-29T00:00:00Z"),
        ("2024-2-9", "2024-02-09T00:00:00Z"),
        ("2024-02-29 10:00:00", "2024-02-29T10:00:00Z"),
        ("2024-02-29 10:00:00Z", "2024-02-29T10:00:00Z"),
        ("2024-02-29 10:00:00 +0100", "2024-02-29T09:00:00Z"),
        ("2024-02-29T10:00:00+0100", "2024-02-29T09:00:00Z"),
        ("2024-02-29T10:00:00-01", "2024-02-29T11:00:00Z"),
        ("2024-02-29T10:00:00,5Z", "2024-02-29T10:00:00.5Z"),
        ("2024-02-29t10:00z", "2024-02-29T10:00:00Z"),
        ("9999-12-31", NEVER),
    ] {
        for mode in [Mode::lenient(), Mode::coerce()] {
            let (jiff, chrono) = (
                Timestamp::from_json_with(quoted(text), &mode).expect(text),
                UtcDateTime::from_json_with(quoted(text), &mode).expect(text),
            );
            assert_eq!(jiff.to_json(), quoted(expected), "{text}");
            assert!(chrono.to_json() == quoted(expected) || text == "9999-12-31", "{text}");
        }
        assert!(Timestamp::from_json(quoted(text)).is_err(), "{text} is not RFC 3339");
        assert!(UtcDateTime::from_json(quoted(text)).is_err(), "{text} is not RFC 3339");
    }
    // A leap second is valid RFC 3339 but not an instant: it becomes the previous second.
    assert_eq!(round::<Timestamp>("2016-12-31T23:59:60Z").1, "2016-12-31T23:59:59Z");
    assert_eq!(Date::from_json_with("\"2024-2-9\"", &Mode::lenient()).unwrap().to_json(), "\"2024-02-09\"");
}

#[test]
fn clients_refuse_what_has_none() {
    for text in [
        "2024-02-29T10",
        "2024-02-29T",
        "2024-02-29 ",
        "2024-02-29T10:00:00 ",
        "2024-02-29T10:00:00+",
        "2024-02-29T10:00:00+1",
        "2024-02-29T10:00:00 PST",
        "2024-02-30",
        "2024-02",
        "02/29/2024",
        "24-02-29T10:00:00Z",
        "2024-02-29T25:00:00Z",
        "",
    ] {
        for mode in modes() {
            assert!(Timestamp::from_json_with(quoted(text), &mode).is_err(), "{text}");
        }
    }
}
