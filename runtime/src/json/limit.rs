//! Compares doubles with limits, without rounding either.

use std::cmp::Ordering;

/// Compares a parsed double with a limit, both by its value and by its text: only if both are beyond the limit, it is.
/// They differ where the nearest double is not the written number.
pub(crate) fn compare_either(held: f64, written: &str, limit: i64) -> Ordering {
    let order = compare(held, limit);
    match compare_text(written, limit) {
        Some(other) if other != order => Ordering::Equal,
        _ => order,
    }
}

/// Returns true if the double is below `min` or above `max`; its text need not be compared otherwise.
pub(crate) fn exceeds(held: f64, min: Option<i64>, max: Option<i64>) -> bool {
    min.is_some_and(|min| compare(held, min).is_lt()) || max.is_some_and(|max| compare(held, max).is_gt())
}

pub(crate) fn compare(value: f64, limit: i64) -> Ordering {
    /// 2^63, the first integer beyond 64 bits.
    const END: f64 = 9_223_372_036_854_775_808.0;
    match () {
        () if value >= END => Ordering::Greater,
        () if value < -END => Ordering::Less,
        () => {
            let fraction = || value.fract().partial_cmp(&0.0).unwrap_or(Ordering::Equal);
            (value.trunc() as i64).cmp(&limit).then_with(fraction)
        }
    }
}

/// Compares a number of any length with a limit; returns `None` if it is not a number.
fn compare_text(text: &str, limit: i64) -> Option<Ordering> {
    let unsigned = text.strip_prefix(['-', '+']).unwrap_or(text);
    let (mantissa, exponent) = unsigned.split_once(['e', 'E']).unwrap_or((unsigned, "0"));
    let (whole, fraction) = mantissa.split_once('.').unwrap_or((mantissa, ""));
    let digits = [whole, fraction].concat();
    if digits.is_empty() || !digits.bytes().all(|byte| byte.is_ascii_digit()) {
        return None;
    }
    let significant = digits.trim_start_matches('0');
    let zeros = i64::try_from(digits.len() - significant.len()).ok()?;
    let exponent: i64 = exponent.parse::<i32>().ok()?.into();
    // The number of digits before the point.
    let size = i64::try_from(whole.len()).ok()? - zeros + exponent;
    let own = limit.unsigned_abs().to_string();
    let sign = if text.starts_with('-') { -1 } else { 1 } * i64::from(!significant.is_empty());
    let magnitude = size
        .cmp(&i64::try_from(own.len()).ok()?)
        .then_with(|| significant.trim_end_matches('0').cmp(own.trim_end_matches('0')));
    Some(sign.cmp(&limit.signum()).then(match sign {
        0 => Ordering::Equal,
        1 => magnitude,
        _ => magnitude.reverse(),
    }))
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::cmp::Ordering::{Equal, Greater, Less};

    #[test]
    fn doubles_are_not_rounded() {
        let large = 9_007_199_254_740_992.0; // 2^53
        for (value, limit, expected) in [
            (large, 9_007_199_254_740_993, Less),
            (large, 9_007_199_254_740_992, Equal),
            (-large, -9_007_199_254_740_993, Greater),
            (9_223_372_036_854_775_808.0, i64::MAX, Greater),
            (-9_223_372_036_854_775_808.0, i64::MIN, Equal),
            (-9_223_372_036_854_777_856.0, i64::MIN, Less),
            (1e300, i64::MAX, Greater),
            (2.5, 2, Greater),
            (-2.5, -2, Less),
            (-0.0, 0, Equal),
            (5e-324, 0, Greater),
        ] {
            assert_eq!(compare(value, limit), expected, "{value} {limit}");
        }
    }

    #[test]
    fn texts_are_compared_digit_by_digit() {
        for (text, limit, expected) in [
            ("9007199254740992.9", 9_007_199_254_740_993, Less),
            ("9.007199254740993e15", 9_007_199_254_740_993, Equal),
            ("9223372036854775807.00000000000001", i64::MAX, Greater),
            ("-9223372036854775808", i64::MIN, Equal),
            ("-9223372036854775808.5", i64::MIN, Less),
            ("0.00", 0, Equal),
            ("-0", 0, Equal),
            ("1e-999999999", 0, Greater),
            ("-1e-999999999", 0, Less),
            ("+007.50", 7, Greater),
            (".5", 1, Less),
            ("10.", 10, Equal),
            ("100e-1", 10, Equal),
            ("99", 100, Less),
            ("1", -100, Greater),
        ] {
            assert_eq!(compare_text(text, limit), Some(expected), "{text} {limit}");
        }
        assert!(["", "-", ".", "x", "1e", "0x10"].iter().all(|text| compare_text(text, 0).is_none()));
    }

    #[test]
    fn only_what_is_beyond_both_ways_is_beyond() {
        let limit = 9_007_199_254_740_993;
        assert_eq!(compare_either(9_007_199_254_740_992.0, "9007199254740993", limit), Equal);
        assert_eq!(compare_either(9_007_199_254_740_992.0, "9007199254740992", limit), Less);
        assert_eq!(
            compare_either(9_223_372_036_854_774_784.0, "9.223372036854775e18", 9_223_372_036_854_774_900),
            Equal
        );
    }
}
