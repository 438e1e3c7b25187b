//! Defaults in generated code.

use apigen_runtime::{ToJson, codegen::literal};

#[test]
fn texts_become_values() {
    assert_eq!(
        literal::uuid("5ecf6502-e532-4738-aad5-7ac9701251dd").to_json(),
        r#""5ecf6502-e532-4738-aad5-7ac9701251dd""#
    );
    assert_eq!(literal::date("2017-07-04").to_json(), r#""2017-07-04""#);
    assert_eq!(literal::date_time("2017-07-04T01:02:03+01:00").to_json(), r#""2017-07-04T00:02:03Z""#);
    assert_eq!(literal::date_time("2017-07-04").to_json(), r#""2017-07-04T00:00:00Z""#);
    assert_eq!(literal::decimal("-0.050").to_json(), "-0.050");
    assert_eq!(literal::json("[1,null]").to_json(), "[1,null]");
    assert_eq!(literal::object(r#"{"a":1}"#).to_json(), r#"{"a":1}"#);
}

#[test]
fn texts_that_do_not_fit_become_zero() {
    assert!(literal::uuid("x").is_nil());
    assert_eq!(literal::date("x").to_json(), r#""0000-01-01""#);
    assert_eq!(literal::date_time("x").to_json(), r#""1970-01-01T00:00:00Z""#);
    assert_eq!(literal::decimal("x").to_json(), "0");
    assert!(literal::json("x").is_null());
    assert!(literal::object("[]").is_empty());
}
