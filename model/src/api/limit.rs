//! Comparison of values with limits (format reference, 12.2), without rounding either.

use std::cmp::Ordering;

use super::Literal;
use crate::source::number;

impl Literal {
    /// Compares a value, or its number of characters or elements, with a limit; `None` if limits do not apply to it.
    pub fn compare(&self, limit: i64) -> Option<Ordering> {
        let count = |count: usize| i64::try_from(count).unwrap_or(i64::MAX).cmp(&limit);
        match self {
            Literal::String(text) => Some(count(text.chars().count())),
            Literal::List(items) => Some(count(items.len())),
            Literal::Integer(value) => Some(value.cmp(&limit)),
            Literal::Double(value) => Some(compare_double(*value, limit)),
            Literal::Decimal(text) => number::compare(text, limit),
            _ => None,
        }
    }
}

/// Compares a finite number with a limit.
pub fn compare_double(value: f64, limit: i64) -> Ordering {
    /// 2^63, the first whole number that does not fit 64 bits.
    const END: f64 = 9_223_372_036_854_775_808.0;
    let fraction = || value.fract().partial_cmp(&0.0).unwrap_or(Ordering::Equal);
    match value {
        _ if value >= END => Ordering::Greater,
        _ if value < -END => Ordering::Less,
        _ => (value.trunc() as i64).cmp(&limit).then_with(fraction),
    }
}

/// Returns true if there is a double between two limits: beyond 2^53 not every whole number is one.
#[expect(clippy::cast_precision_loss, reason = "rounding is what is asked about")]
pub fn has_double(low: i64, high: i64) -> bool {
    let nearest = low as f64;
    let first = if compare_double(nearest, low).is_lt() { nearest.next_up() } else { nearest };
    compare_double(first, high).is_le()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn doubles_between_limits() {
        let large = 1_i64 << 53;
        for (low, high, expected) in [
            (0, 0, true),
            (large + 1, large + 1, false),
            (large + 1, large + 2, true),
            (i64::MAX, i64::MAX, false),
            (i64::MIN, i64::MIN, true),
            (-large - 1, -large, true),
            (1, 0, false),
        ] {
            assert_eq!(has_double(low, high), expected, "{low} {high}");
        }
    }
}
