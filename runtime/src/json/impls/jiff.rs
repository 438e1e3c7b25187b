//! Dates and date-times as jiff has them.

use crate::json::time::{self, Day, Grammar, Moment};
use crate::json::{FromJson, Reader, ToJson, Writer};
use crate::{Date, Timestamp};
use ::jiff::fmt::temporal::DateTimePrinter;

const PRINTER: DateTimePrinter = DateTimePrinter::new();

fn of_day(day: Day) -> Option<Date> {
    Date::new(day.year, day.month, day.day).ok()
}

fn of_moment(moment: Moment) -> Option<Timestamp> {
    Timestamp::new(moment.second, moment.nano).ok()
}

impl FromJson for Date {
    fn read(r: &mut Reader<'_>) -> Option<Self> {
        r.date(of_day)
    }
}

impl ToJson for Date {
    fn write(&self, w: &mut Writer) {
        w.quoted(|out| drop(PRINTER.print_date(self, out))); // a String takes everything
    }
}

impl FromJson for Timestamp {
    fn read(r: &mut Reader<'_>) -> Option<Self> {
        r.timestamp(of_moment)
    }
}

impl ToJson for Timestamp {
    fn write(&self, w: &mut Writer) {
        w.quoted(|out| drop(PRINTER.print_timestamp(self, out)));
    }
}

/// A date `yyyy-MM-dd`; else `0000-01-01`.
pub fn date(text: &str) -> Date {
    time::day(text, false).and_then(of_day).unwrap_or_default()
}

/// A date-time, without offset in UTC; else the Unix epoch.
pub fn date_time(text: &str) -> Timestamp {
    time::moment(text, Grammar::Guess).and_then(of_moment).unwrap_or_default()
}
