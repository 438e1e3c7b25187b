//! chrono's types read and write the same texts as jiff's, with the same violations. Only the last 26 hours of the year
//! 9999, which jiff does not have, are one instant there.
#![cfg(all(feature = "jiff", feature = "chrono"))]

use apigen_runtime::chrono::Timelike;
use apigen_runtime::{
    Date, FromJson, Mode, NaiveDate, Timestamp, ToJson, UtcDateTime, Violations, client::ToParam, codegen::literal,
};

const DATES: &[&str] = &[
    "2014-04-29",
    "2024-02-29",
    "2023-02-29",
    "1900-02-29",
    "2000-02-29",
    "0000-01-01",
    "0000-02-29",
    "0000-00-00",
    "9999-12-31",
    "1969-12-31",
    "2017-13-01",
    "2017-00-01",
    "2017-04-31",
    "2017-01-00",
    "2017-01-32",
    "2017-7-4",
    "2017-7-04",
    "17-07-24",
    "20170724",
    "+2017-07-24",
    "-2017-07-24",
    "12017-07-24",
    " 2017-07-24",
    "2017-07-24 ",
    "2017-07-24T00:00:00Z",
    "2017-07",
    "",
];

const TIMES: &[&str] = &[
    "T10:00:00Z",
    "t10:00:00z",
    "T10:00:00.5Z",
    "T10:00:00.123Z",
    "T10:00:00.120Z",
    "T10:00:00.123456Z",
    "T10:00:00.1234567899Z",
    "T10:00:00.000000001Z",
    "T10:00:00.Z",
    "T10:00:00.000Z",
    "T10:00:00+01:00",
    "T10:00:00-23:59",
    "T10:00:00+23:59",
    "T10:00:00+24:00",
    "T10:00:00+01:60",
    "T10:00:00+0100",
    "T10:00:00+01",
    "T10:00:00-00:00",
    "T10:00:00",
    "T10:00Z",
    "T10:00",
    "T10",
    " 10:00:00Z",
    "T23:59:60Z",
    "T23:59:60.5Z",
    "T23:59:61Z",
    "T00:00:60Z",
    "T24:00:00Z",
    "T10:60:00Z",
    "T10:00:00ZZ",
    "T10:00:00 Z",
    "T1:00:00Z",
    "T10:00:00,5Z",
    "T23:59:59.999999999Z",
    "T22:00:00Z",
    "T22:00:01Z",
    "T21:59:60.999Z",
    "T00:00:00+23:59",
    "",
    "T",
];

const OTHER: &[&str] =
    &["1", "null", "true", "[]", "[\"2014-04-29\"]", "[\"2014-04-29T10:00:00Z\"]", "{}", "\"x", "\"2014\\u002d04-29\""];

const NEVER: &str = r#""9999-12-31T23:59:59Z""#;

fn modes() -> [Mode; 3] {
    [Mode::strict(), Mode::lenient(), Mode::coerce()]
}

fn same<A: FromJson + ToJson + ToParam, B: FromJson + ToJson + ToParam>(json: &str) -> usize {
    let mut accepted = 0;
    for mode in modes() {
        let (a, b): (Result<A, Violations>, Result<B, Violations>) =
            (A::from_json_with(json, &mode), B::from_json_with(json, &mode));
        match (a, b) {
            (Ok(a), Ok(b)) => {
                accepted += 1;
                let late = b.to_json().contains('T') && b.to_json().as_str() > "\"9999-12-30T22:00:00.999999998Z";
                let expected = if late { NEVER.to_owned() } else { b.to_json() };
                assert_eq!(a.to_json(), expected, "{json} {mode:?}");
                let (mut left, mut right) = (Vec::new(), Vec::new());
                a.values(&mut |text| left.push(text.to_owned()));
                b.values(&mut |text| right.push(text.to_owned()));
                assert!(late || left == right, "{json} {mode:?}");
                let again = B::from_json(b.to_json());
                assert!(
                    again.is_ok_and(|again| again.to_json() == b.to_json()) || json.contains("0000-01-01T"),
                    "{json}"
                );
            }
            (Err(a), Err(b)) => assert_eq!(a, b, "{json} {mode:?}"),
            (a, b) => panic!("{json} {mode:?}: jiff {:?}, chrono {:?}", a.is_ok(), b.is_ok()),
        }
    }
    accepted
}

#[test]
fn dates_are_the_same() {
    let texts = DATES.iter().map(|text| format!("{text:?}"));
    let accepted = texts
        .chain(OTHER.iter().map(|&text| text.to_owned()))
        .map(|json| same::<Date, NaiveDate>(&json))
        .sum::<usize>();
    assert!(accepted > 20, "{accepted}");
}

#[test]
fn date_times_are_the_same() {
    let texts = DATES.iter().flat_map(|date| TIMES.iter().map(move |time| format!("\"{date}{time}\"")));
    let accepted = texts
        .chain(OTHER.iter().map(|&text| text.to_owned()))
        .map(|json| same::<Timestamp, UtcDateTime>(&json))
        .sum::<usize>();
    assert!(accepted > 400, "{accepted}");
}

#[test]
fn days_of_all_years_are_the_same() {
    let mut second = -62_167_219_200; // year 0
    while second <= 253_402_207_200_i64 {
        let (a, b) = (Timestamp::new(second, 0).unwrap(), UtcDateTime::from_timestamp(second, 0).unwrap());
        assert_eq!(a.to_json(), b.to_json());
        assert_eq!(UtcDateTime::from_json(a.to_json()).unwrap(), b);
        assert_eq!(Timestamp::from_json(b.to_json()).unwrap(), a);
        second += 37 * 86_399; // days of all months, each at another second
    }
    assert_eq!(Timestamp::MAX.as_second(), 253_402_207_200);
}

#[test]
fn what_only_chrono_can_hold_is_still_valid_text() {
    let leap = literal::utc_date_time("2016-12-31T23:59:59Z").with_nanosecond(1_500_000_000).unwrap();
    assert_eq!(leap.to_json(), r#""2016-12-31T23:59:59.5Z""#);
    assert_eq!(NaiveDate::MAX.to_json(), r#""+262142-12-31""#);
    let ancient = NaiveDate::from_ymd_opt(-44, 3, 15).unwrap();
    assert_eq!(ancient.to_json(), r#""-000044-03-15""#);
    assert_eq!(Date::new(-44, 3, 15).unwrap().to_json(), ancient.to_json());
}

#[test]
fn literals_are_the_same() {
    for text in ["2017-07-04T01:02:03+01:00", "2017-07-04", "2017-07-04T10:00", "x"] {
        assert_eq!(literal::date_time(text).to_json(), literal::utc_date_time(text).to_json());
    }
    assert_eq!(literal::date("2017-07-04").to_json(), literal::naive_date("2017-07-04").to_json());
    assert_eq!(literal::naive_date("x").to_json(), r#""1970-01-01""#);
}

/// Notations with a single meaning are read by clients and in coerce mode only.
#[test]
fn other_notations_of_an_instant_are_read_where_reading_is_lenient() {
    for (text, instant) in [
        ("2024-02-29T1:02:03Z", "2024-02-29T01:02:03Z"),
        ("2024-02-29 10:00:00 UTC", "2024-02-29T10:00:00Z"),
        ("2024-02-29T10:00GMT", "2024-02-29T10:00:00Z"),
        ("2024-02-29T10:00:00+01:00[Europe/Paris]", "2024-02-29T09:00:00Z"),
        ("2024-02-29T10:00Z[UTC]", "2024-02-29T10:00:00Z"),
    ] {
        let json = text.to_json();
        for mode in [Mode::lenient(), Mode::coerce()] {
            assert_eq!(Timestamp::from_json_with(&json, &mode).unwrap().to_json(), format!("\"{instant}\""), "{text}");
        }
        assert!(Timestamp::from_json(&json).is_err(), "{text}");
    }
    for text in [
        "2024-02-29T24:00:00Z",
        " 2024-02-29T10:00:00Z",
        "2024-02-29T25:00Z",
        "2024-02-29T10",
        "2024-02-29T10:00:00 PST",
        "2024-02-29T10:00:00UTC+1",
        "2024-02-29T10:00:00Z[",
        "2024-02-29T10:00:00Z[UTC]]",
        "2024-02-29T10:00:00Z[UTC",
    ] {
        assert!(Timestamp::from_json_with(text.to_json(), &Mode::lenient()).is_err(), "{text}");
    }
}
