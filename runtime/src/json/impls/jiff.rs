//! Dates and date-times of jiff.

use ::jiff::fmt::temporal::DateTimePrinter;

use crate::json::time::{Day, Grammar, Moment};
use crate::json::{Date, Timestamp, time};

const PRINTER: DateTimePrinter = DateTimePrinter::new();

/// The text of [`Timestamp::MAX`], by convention "never". jiff itself prints a time that is a day earlier.
const NEVER: &str = "9999-12-31T23:59:59Z";

fn of_day(day: Day) -> Option<Date> {
    Date::new(day.year, day.month, day.day).ok()
}

/// Converts an instant. jiff's range ends 26 hours before the year 10000: later instants become its last one.
fn of_moment(moment: Moment) -> Option<Timestamp> {
    let later = moment.second > Timestamp::MAX.as_second();
    if later { Some(Timestamp::MAX) } else { Timestamp::new(moment.second, moment.nano).ok() }
}

json_as! {
    // Writing to a String cannot fail.
    Date => |r| r.date(of_day), |date, w| w.quoted(|out| drop(PRINTER.print_date(date, out)));
    Timestamp => |r| r.timestamp(of_moment), |time, w| w.quoted(|out| match *time == Timestamp::MAX {
        true => out.push_str(NEVER),
        false => drop(PRINTER.print_timestamp(time, out)),
    });
}

/// Parses a date `yyyy-MM-dd`; else returns `0000-01-01`.
pub fn date(text: &str) -> Date {
    time::day(text, false).and_then(of_day).unwrap_or_default()
}

/// Parses a date-time, in UTC without an offset; else returns the Unix epoch.
pub fn date_time(text: &str) -> Timestamp {
    time::moment(text, Grammar::Lenient).and_then(of_moment).unwrap_or_default()
}
