//! Instants and days of samples.

use std::fmt::Write;

/// How a field's name orders its instant among the others of the same value.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Order {
    /// The day of somebody's birth.
    Birth,
    /// When a thing began: `created_at`.
    First,
    /// When it was changed since: `updated_at`.
    Later,
    /// When it ends: `expires_at`.
    Last,
}

const MINUTE: u64 = 60;
const DAY: u64 = 24 * 60 * MINUTE;
/// The days before 2025-01-01, the first possible day of a thing's beginning, since 0000-03-01.
const BEGIN: u64 = 739_557;
/// The days before 1950-01-01, likewise.
const BIRTH: u64 = 712_163;

/// Returns seconds since 0000-03-01 for an order, by the bits of a subject: equal bits give instants in order.
pub fn instant(order: Order, bits: u64) -> u64 {
    let first = BEGIN * DAY + bits % (365 * DAY / MINUTE) * MINUTE;
    let (later, last) = (MINUTE + (bits >> 24) % DAY, (30 + (bits >> 40) % 60) * DAY);
    match order {
        Order::Birth => (BIRTH + (bits >> 16) % (55 * 365)) * DAY,
        Order::First => first,
        Order::Later => first + later,
        Order::Last => first + last,
    }
}

/// Writes the day of an instant: `2025-03-04`.
pub fn write_day(out: &mut String, instant: u64) {
    // The algorithm of Howard Hinnant, for years that begin in March.
    let days = instant / DAY;
    let (era, day_of_era) = (days / 146_097, days % 146_097);
    let year_of_era = (day_of_era - day_of_era / 1_460 + day_of_era / 36_524 - day_of_era / 146_096) / 365;
    let day_of_year = day_of_era - (365 * year_of_era + year_of_era / 4 - year_of_era / 100);
    let shifted = (5 * day_of_year + 2) / 153;
    let day = day_of_year - (153 * shifted + 2) / 5 + 1;
    let month = if shifted < 10 { shifted + 3 } else { shifted - 9 };
    let year = era * 400 + year_of_era + u64::from(month <= 2);
    let _ = write!(out, "{year:04}-{month:02}-{day:02}"); // writing to a String cannot fail
}

/// Writes an instant: `2025-03-04T05:06:07Z`.
pub fn write_instant(out: &mut String, instant: u64) {
    write_day(out, instant);
    let second = instant % DAY;
    let _ = write!(out, "T{:02}:{:02}:{:02}Z", second / 3600, second / 60 % 60, second % 60);
}

#[cfg(test)]
mod tests {
    use super::*;

    fn day(days: u64) -> String {
        let mut out = String::new();
        write_day(&mut out, days * DAY);
        out
    }

    #[test]
    fn days_are_those_of_the_calendar() {
        assert_eq!(
            (day(0).as_str(), day(BIRTH).as_str(), day(BEGIN).as_str()),
            ("0000-03-01", "1950-01-01", "2025-01-01")
        );
        assert_eq!(day(BEGIN + 58), "2025-02-28");
        assert_eq!(day(BEGIN + 59), "2025-03-01");
        assert_eq!(day(BEGIN - 307), "2024-02-29");
        assert_eq!(day(BEGIN + 364), "2025-12-31");
    }

    #[test]
    fn instants_are_in_order() {
        for bits in (0..64).map(|shift| 0x9e37_79b9_7f4a_7c15_u64.rotate_left(shift)) {
            let [first, later, last] = [Order::First, Order::Later, Order::Last].map(|order| instant(order, bits));
            assert!(first < later && later < last, "{bits}");
            let texts = [first, later, last].map(|instant| {
                let mut out = String::new();
                write_instant(&mut out, instant);
                out
            });
            assert!(texts.is_sorted() && texts.iter().all(|text| text.len() == 20), "{texts:?}");
        }
    }
}
