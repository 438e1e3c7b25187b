//! Reads numbers directly from their digits.

use std::fmt::Display;

use super::field::Field;
use super::kind::Kind;
use super::reader::{Problem, Reader};
use super::scan::{Number, SyntaxError};
use super::violation::Code;
use super::wording::{NOT_FINITE, counted};
use super::{Decimal, limit};

impl<'a> Reader<'a> {
    #[inline]
    pub(crate) fn whole(&mut self, kind: Kind, bounds: (i64, i64)) -> Option<i64> {
        let limits = self.limits.take();
        let (byte, at) = self.start_at();
        let value = match byte {
            b'-' | b'0'..=b'9' => self.digits(kind, bounds)?,
            _ => self.other(kind, |r| r.whole(kind, bounds), |r| r.text_whole(kind, bounds))?,
        };
        match limits {
            None => Some(value),
            Some(field) => self.within(field, at, value, "", |limit| value.cmp(&limit)),
        }
    }

    #[inline]
    fn digits(&mut self, kind: Kind, bounds: (i64, i64)) -> Option<i64> {
        let at = self.scan.at;
        let number = syntax!(self.number())?;
        let value = match number.whole {
            true => short(number.text).map(|(value, _)| value).or_else(|| number.text.parse().ok()),
            false => self.integral(number),
        };
        match value {
            Some(value) if bounds.0 <= value && value <= bounds.1 => Some(value),
            _ => self.malformed(if number.whole { Code::Range } else { Code::Format }, kind, at),
        }
    }

    /// Converts `12.0` and `1e3` if the mode accepts them as integers.
    #[cold]
    fn integral(&self, number: Number<'_>) -> Option<i64> {
        decimal(number.text)
            .filter(|value| (self.mode.tolerant || self.mode.coerce) && value.is_integer())
            .and_then(|value| i64::try_from(value.trunc()).ok())
    }

    #[cold]
    fn text_whole(&mut self, kind: Kind, bounds: (i64, i64)) -> Option<i64> {
        let at = self.scan.at;
        let text = syntax!(self.string())?;
        let digits = text.strip_prefix(['+', '-']).unwrap_or(&text);
        let plain = !digits.is_empty() && digits.bytes().all(|byte| byte.is_ascii_digit());
        match text.parse().ok().filter(|_| plain) {
            Some(value) if bounds.0 <= value && value <= bounds.1 => Some(value),
            _ => self.malformed(if plain { Code::Range } else { Code::Format }, kind, at),
        }
    }

    pub(crate) fn double(&mut self) -> Option<f64> {
        let limits = self.limits.take();
        let (byte, at) = self.start_at();
        let value = match byte {
            b'-' | b'0'..=b'9' => match self.scan.number().map(|number| double(number.text)) {
                Ok(Some(value)) => value,
                Ok(None) => return self.malformed(Code::Range, Kind::Double, at),
                Err(syntax_error) => return self.no_number(at, syntax_error),
            },
            b'N' | b'I' if self.made => {
                return self.no_number(at, SyntaxError { at, what: "expected a number", too_deep: false });
            }
            _ => self.other(Kind::Double, Self::double, |r| r.text_number(Kind::Double, double))?,
        };
        let Some(field) = limits.filter(|field| limit::exceeds(value, field.min, field.max)) else {
            return Some(value);
        };
        let written =
            self.scan.text[at..self.scan.at].trim_matches(|c: char| c.is_ascii_whitespace() || "[]\"".contains(c));
        self.within(field, at, value, "", |limit| limit::compare_either(value, written, limit))
    }

    /// Reports a syntax error, unless this is one of the words that a [`Writer`](crate::Writer) writes for what JSON
    /// cannot express.
    #[cold]
    pub(crate) fn no_number<T>(&mut self, at: usize, syntax_error: SyntaxError) -> Option<T> {
        let rest = &self.scan.text[at..];
        let Some(word) = NOT_FINITE.iter().find(|word| self.made && rest.starts_with(**word)) else {
            self.syntax_error(syntax_error);
            return None;
        };
        self.scan.at = at + word.len();
        self.malformed(Code::Range, Kind::Double, at)
    }

    pub(crate) fn decimal(&mut self) -> Option<Decimal> {
        let limits = self.limits.take();
        let (byte, at) = self.start_at();
        let value = match byte {
            b'-' | b'0'..=b'9' => {
                let number = syntax!(self.number())?;
                decimal(number.text).or_else(|| self.malformed(Code::Range, Kind::Decimal, at))?
            }
            b'"' if self.mode.tolerant => self.text_number(Kind::Decimal, decimal)?,
            _ => self.other(Kind::Decimal, Self::decimal, |r| r.text_number(Kind::Decimal, decimal))?,
        };
        let Some(field) = limits else { return Some(value) };
        self.within(field, at, value, "", |limit| value.cmp(&Decimal::from(limit)))
    }

    #[cold]
    fn text_number<T>(&mut self, kind: Kind, parse: fn(&str) -> Option<T>) -> Option<T> {
        let at = self.scan.at;
        let text = syntax!(self.string())?;
        if !is_number(&text) {
            return self.malformed(Code::Format, kind, at);
        }
        parse(&text).or_else(|| self.malformed(Code::Range, kind, at))
    }

    fn within<T: Display>(
        &mut self,
        field: &Field,
        at: usize,
        value: T,
        unit: &str,
        compare: impl Fn(i64) -> std::cmp::Ordering,
    ) -> Option<T> {
        if let Some(min) = field.min.filter(|min| compare(*min).is_lt()) {
            return self.beyond(Code::Minimum, min, at, &value, unit);
        }
        if let Some(max) = field.max.filter(|max| compare(*max).is_gt()) {
            return self.beyond(Code::Maximum, max, at, &value, unit);
        }
        Some(value)
    }

    pub(crate) fn count_within(&mut self, field: &Field, at: usize, count: usize, unit: &str) -> Option<()> {
        let count = i64::try_from(count).unwrap_or(i64::MAX);
        self.within(field, at, count, unit, |limit| count.cmp(&limit)).map(drop)
    }

    #[cold]
    fn beyond<T>(&mut self, code: Code, limit: i64, at: usize, value: &dyn Display, unit: &str) -> Option<T> {
        let words = if code == Code::Minimum { "at least" } else { "at most" };
        let expected = [words, " ", &counted(&limit, unit)].concat();
        let found = counted(value, unit);
        let text = ["expected ", &expected, ", found ", &found].concat();
        self.report(at, Problem::new(code, expected, found, text));
        None
    }
}

/// Returns true for a number in quotes: sign, digits, point, exponent. Beyond JSON, it allows a plus, leading zeros,
/// `.5` and `5.`.
fn is_number(text: &str) -> bool {
    // Rust's grammar, without its words for NaN and infinity.
    text.bytes().all(|byte| !byte.is_ascii_alphabetic() || matches!(byte, b'e' | b'E')) && text.parse::<f64>().is_ok()
}

const POWERS: [f64; 19] =
    [1e0, 1e1, 1e2, 1e3, 1e4, 1e5, 1e6, 1e7, 1e8, 1e9, 1e10, 1e11, 1e12, 1e13, 1e14, 1e15, 1e16, 1e17, 1e18];

/// Parses a number as the nearest double; returns `None` beyond its range.
pub(crate) fn double(text: &str) -> Option<f64> {
    // Both are exact below 2^53 and 10^22, so their quotient is rounded once: to the nearest double.
    if let Some((value, scale)) = short(text).filter(|(value, _)| value.unsigned_abs() < 1 << 53 && *value != 0) {
        return POWERS.get(scale as usize).map(|power| value as f64 / power);
    }
    text.parse::<f64>().ok().filter(|value| value.is_finite())
}

/// Parses a number exactly: every digit and the scale. Returns `None` if 96 bits and 28 decimal places cannot hold it.
pub(crate) fn decimal(text: &str) -> Option<Decimal> {
    const LARGEST: u128 = (1 << 96) - 1;
    const SCALE: i64 = 28;
    if let Some((value, scale)) = short(text) {
        return Some(Decimal::new(value, scale));
    }
    let unsigned = text.strip_prefix(['+', '-']).unwrap_or(text);
    let (mantissa, exponent) = unsigned.split_once(['e', 'E']).unwrap_or((unsigned, "0"));
    let (whole, fraction) = mantissa.split_once('.').unwrap_or((mantissa, ""));
    let digits = [whole, fraction].concat();
    // 128 bits hold any 38 digits; of more, zeros at the end may be too many.
    let kept = if digits.len() > 38 { digits.trim_end_matches('0') } else { &digits };
    let (mut value, mut scale) =
        (0u128, i64::try_from(fraction.len() + kept.len()).ok()? - i64::try_from(digits.len()).ok()?);
    for byte in kept.bytes() {
        let digit = byte.is_ascii_digit().then(|| u128::from(byte - b'0'))?;
        value = value.checked_mul(10)?.checked_add(digit)?;
    }
    // An exponent beyond 32 bits always means zero or far out of range.
    scale -= exponent.parse::<i32>().map(i64::from).or(if value == 0 { Ok(0) } else { Err(()) }).ok()?;
    while value % 10 == 0 && scale > 0 && (scale > SCALE || value > LARGEST) {
        (value, scale) = if value == 0 { (0, SCALE) } else { (value / 10, scale - 1) };
    }
    if scale < 0 && value != 0 {
        let factor = 10u128.checked_pow(u32::try_from(-scale).ok()?)?;
        (value, scale) = (value.checked_mul(factor)?, 0);
    }
    let signed = i128::try_from(value).ok()? * if text.starts_with('-') { -1 } else { 1 };
    Decimal::try_from_i128_with_scale(signed, u32::try_from(scale.max(0)).ok()?).ok()
}

/// Returns the digits without the point, and how many follow it, in the common case: no exponent, no plus, at most 18
/// digits.
fn short(text: &str) -> Option<(i64, u32)> {
    const LONGEST: usize = 18;
    let unsigned = text.strip_prefix('-').unwrap_or(text);
    if unsigned.len() > LONGEST || unsigned.is_empty() {
        return None;
    }
    let (mut value, mut point) = (0i64, None);
    for (index, byte) in unsigned.bytes().enumerate() {
        match byte {
            b'0'..=b'9' => value = value * 10 + i64::from(byte - b'0'),
            b'.' if point.is_none() => point = Some(index + 1),
            _ => return None,
        }
    }
    let scale = point.map_or(0, |point| unsigned.len() - point);
    Some((if unsigned.len() < text.len() { -value } else { value }, u32::try_from(scale).ok()?))
}
