//! Values as text: as in paths and queries, and their order.

use std::cmp::Ordering;

use serde_json::value::RawValue;

use crate::json::{Grammar, decimal, moment};

/// Returns a JSON value as in a path or query: the text of a string, else the JSON itself.
pub(super) fn text(value: &RawValue) -> String {
    serde_json::from_str(value.get()).unwrap_or_else(|_| value.get().to_owned())
}

/// Returns true if a value equals the text of a path or query, or is a list that contains it. Date-times are compared
/// as instants, numbers by value.
pub(super) fn is(value: &RawValue, wanted: &str) -> bool {
    if value.get().starts_with('[') {
        let items: Vec<&RawValue> = serde_json::from_str(value.get()).unwrap_or_default();
        return items.into_iter().any(|item| is(item, wanted));
    }
    let (own, string) = (text(value), value.get().starts_with('"'));
    own == wanted || (value.get() != "null" && known(&own, wanted, string) == Some(Ordering::Equal))
}

/// Compares two values; absent and `null` ones are last.
pub(super) fn compare(a: Option<&RawValue>, b: Option<&RawValue>) -> Ordering {
    let there = |value: Option<&'_ RawValue>| value.map(|value| (text(value), value.get().starts_with('"')));
    let is_value = |value: &&RawValue| value.get() != "null";
    match (there(a.filter(is_value)), there(b.filter(is_value))) {
        (Some((a, string)), Some((b, _))) => known(&a, &b, string).unwrap_or_else(|| a.cmp(&b)),
        (a, b) => a.is_none().cmp(&b.is_none()),
    }
}

/// Converts a string to lower case; other values stay unchanged.
pub(super) fn lower(value: &RawValue) -> Box<RawValue> {
    let string = value.get().starts_with('"').then(|| json(&text(value).to_lowercase(), true));
    string.unwrap_or_else(|| value.to_owned())
}

/// Compares values that are more than text: instants and numbers.
fn known(a: &str, b: &str, string: bool) -> Option<Ordering> {
    if string {
        let instant = |text| moment(text, Grammar::Strict).map(|moment| (moment.second, moment.nano));
        return Some(instant(a)?.cmp(&instant(b)?));
    }
    let (double, other): (f64, f64) = (a.parse().ok()?, b.parse().ok()?);
    match (decimal(a), decimal(b)) {
        (Some(a), Some(b)) => Some(a.cmp(&b)),
        _ => double.partial_cmp(&other),
    }
}

/// Converts text to JSON: a string, or, if it is not `quoted`, the JSON that it contains.
pub(super) fn json(text: &str, quoted: bool) -> Box<RawValue> {
    let own = if quoted { None } else { RawValue::from_string(text.to_owned()).ok() };
    own.or_else(|| serde_json::value::to_raw_value(text).ok()).unwrap_or_else(|| RawValue::NULL.to_owned())
}

/// Returns the time of a tick: one second each, in a calendar with months of 28 days, so that every date is valid.
pub(super) fn instant(tick: u64) -> String {
    let (days, second) = (tick / 86_400, tick % 86_400);
    let (months, day) = (days / 28, days % 28 + 1);
    let (year, month) = (2020 + months / 12, months % 12 + 1);
    format!("{year:04}-{month:02}-{day:02}T{:02}:{:02}:{:02}Z", second / 3600, second / 60 % 60, second % 60)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn raw(json: &str) -> Box<RawValue> {
        RawValue::from_string(json.to_owned()).unwrap()
    }

    #[test]
    fn values_are_what_a_query_says() {
        for (value, wanted, expected) in [
            (r#""a""#, "a", true),
            (r#""a""#, "b", false),
            ("1.50", "1.5", true),
            ("true", "true", true),
            ("null", "null", true),
            (r#"["x","y"]"#, "y", true),
            (r#"["x","y"]"#, "z", false),
            (r#""2020-01-01T00:00:00Z""#, "2020-01-01T01:00:00.000+01:00", true),
            (r#""1.50""#, "1.5", false),
        ] {
            assert_eq!(is(&raw(value), wanted), expected, "{value} {wanted}");
        }
    }

    #[test]
    fn values_have_an_order() {
        let order = |a: &str, b: &str| compare(Some(&raw(a)), Some(&raw(b)));
        assert_eq!(order("9", "10"), Ordering::Less);
        assert_eq!(order("9007199254740993", "9007199254740992"), Ordering::Greater);
        assert_eq!(order("9007199254740993.5", "9007199254740993.25"), Ordering::Greater);
        assert_eq!(order("1e300", "1e299"), Ordering::Greater);
        assert_eq!(order(r#""9""#, r#""10""#), Ordering::Greater);
        assert_eq!(order(r#""2020-01-01T00:00:00.5Z""#, r#""2020-01-01T00:00:00Z""#), Ordering::Greater);
        assert_eq!(order("null", "1"), Ordering::Greater);
        assert_eq!(compare(None, Some(&raw("1"))), Ordering::Greater);
    }

    #[test]
    fn instants_increase() {
        assert_eq!(instant(1), "2020-01-01T00:00:01Z");
        let mut last = String::new();
        for tick in (0..400).map(|n| n * 86_399 * 2) {
            let next = instant(tick);
            assert!(next > last && moment(&next, Grammar::Strict).is_some(), "{last} {next}");
            last = next;
        }
    }
}
