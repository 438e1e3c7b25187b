//! Defaults in generated code, from the text in the spec.
//!
//! The generator checks each text with the same grammar. A text that does not fit gives the type's zero instead of a panic.

use crate::json::{self, FromJson, Grammar, Mode};
use crate::{Date, Decimal, Object, Timestamp, Uuid, Value};

/// A uuid in its canonical form; else the nil uuid.
pub fn uuid(text: &str) -> Uuid {
    Uuid::try_parse(text).unwrap_or_default()
}

/// A date `yyyy-MM-dd`; else `0000-01-01`.
pub fn date(text: &str) -> Date {
    json::date(text, false).unwrap_or_default()
}

/// A date-time, without offset in UTC; else the Unix epoch.
pub fn date_time(text: &str) -> Timestamp {
    json::timestamp(text, Grammar::Guess).unwrap_or_default()
}

/// A decimal number; else zero.
pub fn decimal(text: &str) -> Decimal {
    json::decimal(text).unwrap_or_default()
}

/// Any JSON; else `null`.
pub fn json(text: &str) -> Value {
    Value::from_json_with(text, &Mode::lenient()).unwrap_or_default()
}

/// A JSON object; else an empty one.
pub fn object(text: &str) -> Object {
    Object::from_json_with(text, &Mode::lenient()).unwrap_or_default()
}
