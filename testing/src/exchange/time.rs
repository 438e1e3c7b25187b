//! Instants as RFC 3339 text in UTC with milliseconds.

use std::time::{Duration, SystemTime, UNIX_EPOCH};

const DAY: i64 = 86_400_000;

/// Writes an instant between the years 0 and 9999; instants beyond are moved to the nearest one.
pub fn format(at: SystemTime) -> String {
    let millis = match at.duration_since(UNIX_EPOCH) {
        Ok(after) => i64::try_from(after.as_millis()).unwrap_or(i64::MAX),
        // Rounded down, as positive ones are.
        Err(before) => -i64::try_from(before.duration().as_micros().div_ceil(1000)).unwrap_or(i64::MAX),
    };
    let millis = millis.clamp(days(0, 1, 1) * DAY, days(10_000, 1, 1) * DAY - 1);
    let (day, time) = (millis.div_euclid(DAY), millis.rem_euclid(DAY));
    let (year, month, date) = civil(day);
    let (second, milli) = (time / 1000, time % 1000);
    let (hour, minute, second) = (second / 3600, second / 60 % 60, second % 60);
    format!("{year:04}-{month:02}-{date:02}T{hour:02}:{minute:02}:{second:02}.{milli:03}Z")
}

/// Reads an instant in UTC, with any number of digits of a second; further ones than milliseconds are dropped.
pub fn parse(text: &str) -> Option<SystemTime> {
    let text = text.strip_suffix('Z')?;
    let (whole, fraction) = text.split_once('.').unwrap_or((text, "0"));
    let digits = |text: &str| text.bytes().all(|byte| byte.is_ascii_digit());
    let signs = [(4, b'-'), (7, b'-'), (10, b'T'), (13, b':'), (16, b':')];
    if whole.len() != 19 || signs.iter().any(|(at, sign)| whole.as_bytes()[*at] != *sign) || fraction.is_empty() {
        return None;
    }
    let number = |from: usize, to: usize| -> Option<i64> {
        let part = whole.get(from..to)?;
        digits(part).then(|| part.parse().ok()).flatten()
    };
    let (year, month, date) = (number(0, 4)?, number(5, 7)?, number(8, 10)?);
    let (hour, minute, second) = (number(11, 13)?, number(14, 16)?, number(17, 19)?);
    let day = days(year, month, date);
    if !(1..=12).contains(&month) || civil(day) != (year, month, date) || hour > 23 || minute > 59 || second > 59 {
        return None;
    }
    let milli: i64 = digits(fraction).then(|| format!("{fraction:0<3.3}").parse().ok()).flatten()?;
    let millis = day * DAY + ((hour * 60 + minute) * 60 + second) * 1000 + milli;
    let distance = Duration::from_millis(millis.unsigned_abs());
    if millis < 0 { UNIX_EPOCH.checked_sub(distance) } else { UNIX_EPOCH.checked_add(distance) }
}

/// Returns the number of days from the Unix epoch to a date, counted in years that begin in March and eras of 400 years.
const fn days(year: i64, month: i64, date: i64) -> i64 {
    let year = if month > 2 { year } else { year - 1 };
    let (era, year_of_era) = (year.div_euclid(400), year.rem_euclid(400));
    let day_of_year = (153 * ((month + 9) % 12) + 2) / 5 + date - 1;
    era * 146_097 + year_of_era * 365 + year_of_era / 4 - year_of_era / 100 + day_of_year - 719_468
}

/// Returns year, month and day of the month of a day after the Unix epoch.
const fn civil(days: i64) -> (i64, i64, i64) {
    let days = days + 719_468;
    let (era, day_of_era) = (days.div_euclid(146_097), days.rem_euclid(146_097));
    let year_of_era = (day_of_era - day_of_era / 1460 + day_of_era / 36_524 - day_of_era / 146_096) / 365;
    let day_of_year = day_of_era - (365 * year_of_era + year_of_era / 4 - year_of_era / 100);
    let shifted = (5 * day_of_year + 2) / 153;
    let month = if shifted < 10 { shifted + 3 } else { shifted - 9 };
    let year = year_of_era + era * 400 + (month <= 2) as i64;
    (year, month, day_of_year - (153 * shifted + 2) / 5 + 1)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn instants_are_written_and_read() {
        for (millis, text) in [
            (0, "1970-01-01T00:00:00.000Z"),
            (1_772_600_767_123, "2026-03-04T05:06:07.123Z"),
            (951_782_400_000, "2000-02-29T00:00:00.000Z"),
            (-1, "1969-12-31T23:59:59.999Z"),
            (253_402_300_799_999, "9999-12-31T23:59:59.999Z"),
        ] {
            let distance = Duration::from_millis(i64::unsigned_abs(millis));
            let at = if millis < 0 { UNIX_EPOCH - distance } else { UNIX_EPOCH + distance };
            assert_eq!(format(at), text);
            assert_eq!(parse(text), Some(at), "{text}");
        }
        assert_eq!(parse("2026-03-04T05:06:07Z"), parse("2026-03-04T05:06:07.0001Z"));
        assert_eq!(parse("2026-03-04T05:06:07.1Z"), parse("2026-03-04T05:06:07.100Z"));
    }

    #[test]
    fn every_day_of_two_eras_has_its_number() {
        for day in -719_468..146_097 * 2 - 719_468 {
            let (year, month, date) = civil(day);
            assert_eq!(days(year, month, date), day);
        }
    }

    #[test]
    fn other_texts_are_refused() {
        for text in [
            "",
            "Z",
            "2026-03-04",
            "2026-03-04T05:06:07",
            "2026-02-30T05:06:07Z",
            "2026-13-01T05:06:07Z",
            "2026-00-01T05:06:07Z",
            "2026-03-04T24:00:00Z",
            "2026-03-04T05:06:07.Z",
            "2026-03-04T05:06:07.xZ",
            "+026-03-04T05:06:07Z",
            "2026-03-04T05:06:07+01:00",
            "ü026-03-04T05:06:7Z",
            "2026-03-04 05:06:07Z",
        ] {
            assert_eq!(parse(text), None, "{text}");
        }
    }
}
