//! Dates and date-times. A parser of our own because RFC 3339 is narrower than what date libraries read.

use crate::{Date, Timestamp};
use jiff::tz::Offset;

/// Which date-times are read.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Grammar {
    /// RFC 3339: date, time with seconds, offset.
    Strict,
    /// The offset also as `+0000` and `+00`, as some clients print it.
    Tolerant,
    /// Time, seconds and offset (then UTC) may be left out, month and day may be one digit.
    Guess,
}

/// `yyyy-MM-dd`; month and day may be one digit unless `padded`.
pub(crate) fn date(text: &str, padded: bool) -> Option<Date> {
    let mut digits = Digits(text.as_bytes());
    let date = digits.date(padded)?;
    digits.0.is_empty().then_some(date)
}

/// A date-time, as the instant that it means.
pub(crate) fn timestamp(text: &str, grammar: Grammar) -> Option<Timestamp> {
    let mut digits = Digits(text.as_bytes());
    let date = digits.date(grammar < Grammar::Guess)?;
    let (mut time, mut offset) = ((0, 0, 0, 0), 0);
    if !(grammar == Grammar::Guess && digits.0.is_empty()) {
        if !(digits.skip(b'T') || digits.skip(b't')) {
            return None;
        }
        time = digits.time(grammar)?;
        offset = digits.offset(grammar)?;
    }
    let (hour, minute, second, nano) = time;
    let local = jiff::civil::Time::new(hour, minute, second, nano).ok()?;
    let instant = Offset::from_seconds(offset).ok()?.to_timestamp(date.to_datetime(local)).ok()?;
    digits.0.is_empty().then_some(instant)
}

/// What is left to read.
struct Digits<'a>(&'a [u8]);

impl Digits<'_> {
    fn skip(&mut self, byte: u8) -> bool {
        let rest = self.0.strip_prefix(&[byte]);
        self.0 = rest.unwrap_or(self.0);
        rest.is_some()
    }

    /// A number of at least `least` and at most `most` digits.
    fn number(&mut self, least: usize, most: usize) -> Option<i16> {
        let mut value = 0;
        let mut count = 0;
        while let Some((digit, rest)) = self.0.split_first().filter(|(digit, _)| count < most && digit.is_ascii_digit())
        {
            value = value * 10 + i16::from(digit - b'0');
            count += 1;
            self.0 = rest;
        }
        (count >= least).then_some(value)
    }

    fn two(&mut self) -> Option<i8> {
        self.number(2, 2).and_then(|value| i8::try_from(value).ok())
    }

    fn date(&mut self, padded: bool) -> Option<Date> {
        let least = if padded { 2 } else { 1 };
        let year = self.number(4, 4)?;
        let month = self.skip(b'-').then(|| self.number(least, 2))??;
        let day = self.skip(b'-').then(|| self.number(least, 2))??;
        Date::new(year, i8::try_from(month).ok()?, i8::try_from(day).ok()?).ok()
    }

    fn time(&mut self, grammar: Grammar) -> Option<(i8, i8, i8, i32)> {
        let hour = self.two()?;
        let minute = self.skip(b':').then(|| self.two())??;
        if grammar == Grammar::Guess && self.0.first() != Some(&b':') {
            return Some((hour, minute, 0, 0));
        }
        // A leap second is valid RFC 3339; instants have none, so it counts as the second before.
        let second = self.skip(b':').then(|| self.two())??;
        let second = if second == 60 { 59 } else { second };
        let mut nano = 0;
        if self.skip(b'.') {
            let digits = self.0.iter().take_while(|byte| byte.is_ascii_digit()).count();
            let (fraction, rest) = self.0.split_at(digits);
            self.0 = rest;
            let digit = |index: usize| i32::from(fraction.get(index).map_or(0, |byte| byte - b'0'));
            nano = (0..9).fold(0, |sum, index| sum * 10 + digit(index)); // finer than a nanosecond is cut off
            if fraction.is_empty() {
                return None;
            }
        }
        Some((hour, minute, second, nano))
    }

    /// Seconds east of Greenwich.
    fn offset(&mut self, grammar: Grammar) -> Option<i32> {
        if self.skip(b'Z') || self.skip(b'z') || (grammar == Grammar::Guess && self.0.is_empty()) {
            return Some(0);
        }
        let sign = if self.skip(b'-') { -1 } else { self.skip(b'+').then_some(1)? };
        let hours = i32::from(self.two()?);
        let colon = self.skip(b':');
        let loose = grammar > Grammar::Strict && !colon;
        let minutes = if loose && self.0.is_empty() { 0 } else { i32::from(self.two()?) };
        let valid = (colon || loose) && hours < 24 && minutes < 60;
        valid.then_some(sign * (hours * 3600 + minutes * 60))
    }
}
