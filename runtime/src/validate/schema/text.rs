//! Writes accepted values as JSON.

use crate::json::{Day, Grammar, Moment, ToJson, Writer, moment};

/// Writes `{"key":value,…}`.
pub(super) fn object<'t>(entries: impl IntoIterator<Item = (&'t str, &'t str)>) -> String {
    let mut writer = Writer::new();
    writer.map(entries.into_iter().map(|(key, value)| (key, Raw(value))));
    writer.into_string()
}

/// JSON text, written as it is.
struct Raw<'t>(&'t str);

impl ToJson for Raw<'_> {
    fn write(&self, w: &mut Writer) {
        w.raw(self.0);
    }
}

pub(super) fn date(day: Day) -> String {
    format!("\"{:04}-{:02}-{:02}\"", day.year, day.month, day.day)
}

/// Returns a date-time of RFC 3339 as JSON text in UTC, so that equal instants are equal texts; `None` if the text is
/// not a date-time.
pub fn utc(text: &str) -> Option<String> {
    moment(text, Grammar::Strict).map(date_time)
}

/// Writes as many digits of a second as there are.
pub(super) fn date_time(moment: Moment) -> String {
    let (days, second) = (moment.second.div_euclid(86_400), moment.second.rem_euclid(86_400));
    let (year, month, day) = civil(days);
    let mut text =
        format!("\"{year:04}-{month:02}-{day:02}T{:02}:{:02}:{:02}", second / 3600, second / 60 % 60, second % 60);
    if moment.nano > 0 {
        let fraction = format!("{:09}", moment.nano);
        text.push('.');
        text.push_str(fraction.trim_end_matches('0'));
    }
    text.push_str("Z\"");
    text
}

/// Returns the date of a day after the Unix epoch, counted in years that begin in March and eras of 400 years.
fn civil(days: i64) -> (i64, i64, i64) {
    let days = days + 719_468;
    let (era, day_of_era) = (days.div_euclid(146_097), days.rem_euclid(146_097));
    let year_of_era = (day_of_era - day_of_era / 1460 + day_of_era / 36_524 - day_of_era / 146_096) / 365;
    let day_of_year = day_of_era - (365 * year_of_era + year_of_era / 4 - year_of_era / 100);
    let shifted = (5 * day_of_year + 2) / 153;
    let (day, month) =
        (day_of_year - (153 * shifted + 2) / 5 + 1, if shifted < 10 { shifted + 3 } else { shifted - 9 });
    (year_of_era + era * 400 + i64::from(month <= 2), month, day)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::json::day;

    #[test]
    fn equal_instants_have_one_text() {
        for text in ["2020-01-01T00:00:00Z", "2020-01-01T01:00:00.000+01:00", "2019-12-31T19:00:00-05:00"] {
            assert_eq!(utc(text).as_deref(), Some("\"2020-01-01T00:00:00Z\""), "{text}");
        }
        assert_eq!(utc("2020-01-01"), None);
    }

    #[test]
    fn moments_are_written_as_they_are_read() {
        for text in
            ["1970-01-01T00:00:00Z", "2024-02-29T23:59:59.5Z", "0001-03-01T00:00:00Z", "1969-12-31T23:59:59.000000001Z"]
        {
            assert_eq!(date_time(moment(text, Grammar::Strict).unwrap()), format!("\"{text}\""));
        }
        for number in 0..146_097 * 2 {
            let (year, month, day_of_month) = civil(number - 719_468);
            let text = format!("{year:04}-{month:02}-{day_of_month:02}");
            assert_eq!(date(day(&text, true).unwrap()), format!("\"{text}\""), "{number}");
            let instant = moment(&format!("{text}T00:00:00Z"), Grammar::Strict).unwrap();
            assert_eq!(instant.second, (number - 719_468) * 86_400);
        }
    }
}
