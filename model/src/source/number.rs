//! Exact arithmetic on the texts of JSON numbers, without floating point.

use std::cmp::Ordering;

/// A number as digits: `digits × 10^exponent`, without leading or trailing zeros. Zero has no digits.
struct Number {
    negative: bool,
    digits: String,
    exponent: i64,
}

/// Numbers with more digits are not written in plain notation.
const PLAIN_DIGITS: i64 = 20;

impl Number {
    /// Parses a JSON number. `None` if it is not one, or if its exponent is too large to be useful.
    fn parse(text: &str) -> Option<Self> {
        let (negative, unsigned) = text.strip_prefix('-').map_or((false, text), |rest| (true, rest));
        let (mantissa, exponent) = unsigned.split_once(['e', 'E']).unwrap_or((unsigned, "0"));
        let (whole, fraction) = mantissa.split_once('.').unwrap_or((mantissa, ""));
        let all = format!("{whole}{fraction}");
        if all.is_empty() || !all.bytes().all(|b| b.is_ascii_digit()) {
            return None;
        }
        let exponent = exponent.parse::<i32>().ok()?;
        let significant = all.trim_end_matches('0');
        let dropped = all.len() - significant.len();
        let exponent = i64::from(exponent) - fraction.len() as i64 + dropped as i64;
        Some(Self { negative, digits: significant.trim_start_matches('0').to_owned(), exponent })
    }

    fn compare(&self, limit: i64) -> Ordering {
        let sign = match (self.digits.is_empty(), self.negative) {
            (true, _) => 0,
            (false, true) => -1,
            (false, false) => 1,
        };
        let own = limit.unsigned_abs().to_string();
        // The number of digits before the point.
        let size = self.digits.len() as i64 + self.exponent;
        let magnitude = size.cmp(&(own.len() as i64)).then_with(|| self.digits.as_str().cmp(own.trim_end_matches('0')));
        sign.cmp(&limit.signum()).then(match sign {
            0 => Ordering::Equal,
            1 => magnitude,
            _ => magnitude.reverse(),
        })
    }
}

/// Formats a number as the reference does: without unnecessary zeros (`1.50` is `1.5`, `1.0` is `1`), in plain notation
/// from 1e-10 to 1e20, else as `1E+25` (format reference, 2.5).
pub fn canonical(text: &str) -> String {
    let Some(number) = Number::parse(text) else { return text.to_owned() };
    if number.digits.is_empty() {
        return "0".to_owned();
    }
    let count = number.digits.len() as i64;
    // The power of ten of the first digit.
    let magnitude = count - 1 + number.exponent;
    let sign = if number.negative { "-" } else { "" };
    let largest = magnitude == PLAIN_DIGITS && number.digits == "1";
    if (-10..PLAIN_DIGITS).contains(&magnitude) || largest {
        format!("{sign}{}", plain(&number))
    } else {
        let (first, rest) = number.digits.split_at(1);
        let point = if rest.is_empty() { "" } else { "." };
        format!("{sign}{first}{point}{rest}E{magnitude:+}")
    }
}

fn plain(number: &Number) -> String {
    let (digits, exponent) = (&number.digits, number.exponent);
    if exponent >= 0 {
        return format!("{digits}{}", "0".repeat(exponent as usize));
    }
    let fraction = exponent.unsigned_abs() as usize;
    if fraction < digits.len() {
        let (whole, rest) = digits.split_at(digits.len() - fraction);
        return format!("{whole}.{rest}");
    }
    format!("0.{}{digits}", "0".repeat(fraction - digits.len()))
}

/// Converts to a whole number of 64 bits, if it is one: `2000.0` and `1e3` are.
pub fn whole(text: &str) -> Option<i64> {
    let number = Number::parse(text)?;
    if number.digits.is_empty() {
        return Some(0);
    }
    let fits = (0..=PLAIN_DIGITS).contains(&number.exponent);
    fits.then(|| format!("{}{}", if number.negative { "-" } else { "" }, plain(&number)).parse().ok())?
}

/// Compares a number, which may have a plus sign, with a limit. `None` if it is not a number.
pub fn compare(text: &str, limit: i64) -> Option<Ordering> {
    Number::parse(text.strip_prefix('+').unwrap_or(text)).map(|number| number.compare(limit))
}

/// Returns true if the Rust type of decimals holds a number exactly: it has 96 bits, and at most 28 digits after the point.
pub fn is_decimal(text: &str) -> bool {
    const LARGEST: u128 = (1 << 96) - 1;
    const PLACES: i64 = 28;
    let Some(Number { mut digits, exponent, .. }) = Number::parse(text.strip_prefix('+').unwrap_or(text)) else {
        return false;
    };
    if digits.is_empty() {
        return true;
    }
    if exponent > PLACES || -exponent > PLACES {
        return false;
    }
    digits.extend(std::iter::repeat_n('0', usize::try_from(exponent).unwrap_or(0)));
    digits.parse().is_ok_and(|whole: u128| whole <= LARGEST)
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::cmp::Ordering::{Equal, Greater, Less};

    #[test]
    fn numbers_are_compared_digit_by_digit() {
        for (text, limit, expected) in [
            ("9007199254740992.9", 9_007_199_254_740_993, Less),
            ("9.007199254740993e15", 9_007_199_254_740_993, Equal),
            ("9223372036854775807.00000000000001", i64::MAX, Greater),
            ("-9223372036854775808", i64::MIN, Equal),
            ("-9223372036854775808.5", i64::MIN, Less),
            ("-0.0", 0, Equal),
            ("-1e-999999999", 0, Less),
            ("+007.50", 7, Greater),
            ("1", -100, Greater),
            ("99", 100, Less),
        ] {
            assert_eq!(compare(text, limit), Some(expected), "{text} {limit}");
        }
        assert!(["", "-", ".", "x", "1e", "inf", "NaN"].iter().all(|text| compare(text, 0).is_none()));
    }

    #[test]
    fn numbers_are_printed_as_the_reference_does() {
        for (text, printed) in [
            ("1.0", "1"),
            ("1.50", "1.5"),
            ("0.25", "0.25"),
            ("-0.0", "0"),
            ("100", "100"),
            ("1e3", "1000"),
            ("1e25", "1E+25"),
            ("-12.5e30", "-1.25E+31"),
            ("0.00000000001", "1E-11"),
            ("0.0000000001", "0.0000000001"),
            ("100000000000000000000", "100000000000000000000"),
            ("99999999999999999999.5", "99999999999999999999.5"),
            ("200000000000000000000", "2E+20"),
            ("123456789012345678.90", "123456789012345678.9"),
            ("1e999999999999", "1e999999999999"),
        ] {
            assert_eq!(canonical(text), printed, "{text}");
        }
    }

    #[test]
    fn whole_numbers_are_exact() {
        for (text, value) in [
            ("2000.0", Some(2000)),
            ("1e3", Some(1000)),
            ("-0", Some(0)),
            ("9223372036854775807", Some(i64::MAX)),
            ("-9223372036854775808.0", Some(i64::MIN)),
            ("9223372036854775808", None),
            ("0.5", None),
            ("1e30", None),
            ("1e-1", None),
        ] {
            assert_eq!(whole(text), value, "{text}");
        }
    }
}
