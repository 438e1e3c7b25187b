//! Dates and date-times of chrono: parsed as those of jiff, and written as the same text.

use std::fmt::Write;

use ::chrono::{Datelike, Timelike};

use crate::json::time::{Day, Grammar, Moment};
use crate::json::{NaiveDate, UtcDateTime, time};

fn of_day(day: Day) -> Option<NaiveDate> {
    NaiveDate::from_ymd_opt(day.year.into(), u32::try_from(day.month).ok()?, u32::try_from(day.day).ok()?)
}

fn of_moment(moment: Moment) -> Option<UtcDateTime> {
    UtcDateTime::from_timestamp(moment.second, u32::try_from(moment.nano).ok()?)
}

json_as! {
    NaiveDate => |r| r.date(of_day), |date, w| w.quoted(|out| print_day(out, *date));
    UtcDateTime => |r| r.timestamp(of_moment), |time, w| w.quoted(|out| {
        print_day(out, time.date_naive());
        let _ = write!(out, "T{:02}:{:02}:{:02}", time.hour(), time.minute(), time.second());
        // chrono represents a leap second by more nanoseconds; it is written as the previous second, as it is read.
        let nano = time.nanosecond() % 1_000_000_000;
        if nano > 0 {
            let _ = write!(out, ".{nano:09}");
            out.truncate(out.trim_end_matches('0').len());
        }
        out.push('Z');
    });
}

/// Writes years of more than four digits by ISO 8601, with a sign and six digits. They are never read from JSON.
fn print_day(out: &mut String, date: NaiveDate) {
    let (year, month, day) = (date.year(), date.month(), date.day());
    let _ = match year {
        0..=9999 => write!(out, "{year:04}-{month:02}-{day:02}"), // writing to a String cannot fail
        _ => write!(out, "{year:+07}-{month:02}-{day:02}"),
    };
}

/// Parses a date `yyyy-MM-dd`; else returns `1970-01-01`.
pub fn naive_date(text: &str) -> NaiveDate {
    time::day(text, false).and_then(of_day).unwrap_or_default()
}

/// Parses a date-time, in UTC without an offset; else returns the Unix epoch.
pub fn utc_date_time(text: &str) -> UtcDateTime {
    time::moment(text, Grammar::Lenient).and_then(of_moment).unwrap_or_default()
}
