//! Dates and date-times. We have our own parser because RFC 3339 is narrower than what date libraries accept.

/// A valid day of the proleptic Gregorian calendar.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Day {
    pub year: i16,
    pub month: i8,
    pub day: i8,
}

#[derive(Debug, Clone, Copy)]
pub(crate) struct Moment {
    /// Seconds since the Unix epoch.
    pub second: i64,
    /// 0 to 999 999 999, towards the future.
    pub nano: i32,
}

/// The last second whose year has four digits in UTC.
const LATEST: i64 = 253_402_300_799;
/// The first second whose year is not negative in UTC.
const EARLIEST: i64 = -62_167_219_200;

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Grammar {
    /// RFC 3339: date, time with seconds, offset.
    Strict,
    /// Everything unambiguous: time, seconds and offset (UTC) may be absent, month, day and hour may have one digit, the
    /// offset may be `+0100`, `+01`, `UTC` or `GMT`, and a time zone in brackets may follow it. Spaces may precede time and
    /// offset, and a comma may precede the fraction.
    Lenient,
}

/// Parses `yyyy-MM-dd`; month and day may have one digit unless `padded`.
pub(crate) fn day(text: &str, padded: bool) -> Option<Day> {
    let mut digits = Digits { rest: text.as_bytes(), lenient: !padded };
    let day = digits.day()?;
    digits.rest.is_empty().then_some(day)
}

/// Parses a date-time as an instant. The last day of year 9999 means "never" at any offset, so later instants become
/// its last nanosecond in UTC.
pub(crate) fn moment(text: &str, grammar: Grammar) -> Option<Moment> {
    let lenient = grammar == Grammar::Lenient;
    let mut digits = Digits { rest: text.as_bytes(), lenient };
    let day = digits.day()?;
    let is_day = lenient && digits.rest.is_empty();
    let (time, offset) = if is_day { ((0, 0), 0) } else { digits.time_and_offset()? };
    let second = day.since_epoch() * 86_400 + time.0 - offset;
    let moment = match second > LATEST {
        true => Moment { second: LATEST, nano: 999_999_999 },
        false => Moment { second, nano: time.1 },
    };
    (second >= EARLIEST).then_some(moment)
}

impl Day {
    fn new(year: i16, month: i16, day: i16) -> Option<Self> {
        let leap = year % 4 == 0 && (year % 100 != 0 || year % 400 == 0);
        let length = match month {
            1 | 3 | 5 | 7 | 8 | 10 | 12 => 31,
            4 | 6 | 9 | 11 => 30,
            2 => 28 + i16::from(leap),
            _ => return None,
        };
        let (month, day) = ((1..=length).contains(&day).then_some(month)?, day);
        Some(Self { year, month: i8::try_from(month).ok()?, day: i8::try_from(day).ok()? })
    }

    /// Returns the days since 1970-01-01. Years are counted from March, so that the leap day is the last one.
    fn since_epoch(self) -> i64 {
        let (year, month) = (i64::from(self.year), i64::from(self.month));
        let (year, month) = if month > 2 { (year, month - 3) } else { (year - 1, month + 9) };
        let leap_days = year.div_euclid(4) - year.div_euclid(100) + year.div_euclid(400);
        year * 365 + leap_days + (month * 153 + 2) / 5 + i64::from(self.day) - 719_469
    }
}

/// The remaining text, and whether the grammar is [lenient](Grammar::Lenient).
struct Digits<'a> {
    rest: &'a [u8],
    lenient: bool,
}

impl Digits<'_> {
    fn skip(&mut self, byte: u8) -> bool {
        let rest = self.rest.strip_prefix(&[byte]);
        self.rest = rest.unwrap_or(self.rest);
        rest.is_some()
    }

    /// Reads a number of `least` to `most` digits.
    fn number(&mut self, least: usize, most: usize) -> Option<i16> {
        let mut value = 0;
        let mut count = 0;
        while let Some((digit, rest)) =
            self.rest.split_first().filter(|(digit, _)| count < most && digit.is_ascii_digit())
        {
            value = value * 10 + i16::from(digit - b'0');
            count += 1;
            self.rest = rest;
        }
        (count >= least).then_some(value)
    }

    /// Reads a number of two digits that is less than `end`.
    fn two(&mut self, end: i16) -> Option<i64> {
        self.number(2, 2).filter(|value| *value < end).map(i64::from)
    }

    fn day(&mut self) -> Option<Day> {
        let least = if self.lenient { 1 } else { 2 };
        let year = self.number(4, 4)?;
        let month = self.skip(b'-').then(|| self.number(least, 2))??;
        let day = self.skip(b'-').then(|| self.number(least, 2))??;
        Day::new(year, month, day)
    }

    /// Reads everything after a day: seconds and nanoseconds since midnight, and seconds east of Greenwich.
    fn time_and_offset(&mut self) -> Option<((i64, i32), i64)> {
        if !(self.skip(b'T') || self.skip(b't') || (self.lenient && self.skip(b' '))) {
            return None;
        }
        let time = self.time()?;
        let offset = self.offset()?;
        if self.lenient && self.skip(b'[') {
            // The offset determines the instant, not the time zone.
            self.rest = self.rest.strip_suffix(b"]")?;
            return (!self.rest.contains(&b']')).then_some((time, offset));
        }
        self.rest.is_empty().then_some((time, offset))
    }

    /// Reads seconds and nanoseconds since midnight.
    fn time(&mut self) -> Option<(i64, i32)> {
        let least = if self.lenient { 1 } else { 2 };
        let hour = self.number(least, 2).filter(|hour| *hour < 24).map(i64::from)?;
        let minute = self.skip(b':').then(|| self.two(60))??;
        if self.lenient && self.rest.first() != Some(&b':') {
            return Some((hour * 3600 + minute * 60, 0));
        }
        // A leap second is valid RFC 3339; instants have none, so it becomes the previous second.
        let second = self.skip(b':').then(|| self.two(61))??.min(59);
        let mut nano = 0;
        if self.skip(b'.') || (self.lenient && self.skip(b',')) {
            let digits = self.rest.iter().take_while(|byte| byte.is_ascii_digit()).count();
            let (fraction, rest) = self.rest.split_at(digits);
            self.rest = rest;
            let digit = |index: usize| i32::from(fraction.get(index).map_or(0, |byte| byte - b'0'));
            nano = (0..9).fold(0, |sum, index| sum * 10 + digit(index)); // truncated to nanoseconds
            if fraction.is_empty() {
                return None;
            }
        }
        Some((hour * 3600 + minute * 60 + second, nano))
    }

    /// Reads seconds east of Greenwich.
    fn offset(&mut self) -> Option<i64> {
        let spaced = self.lenient && self.skip(b' ');
        let name = self.rest.get(..3).filter(|name| self.lenient && [b"UTC", b"GMT"].iter().any(|zone| name == zone));
        if name.is_some() {
            self.rest = &self.rest[3..];
            return Some(0);
        }
        if self.skip(b'Z') || self.skip(b'z') || (self.lenient && !spaced && self.rest.is_empty()) {
            return Some(0);
        }
        let sign = if self.skip(b'-') { -1 } else { self.skip(b'+').then_some(1)? };
        let hours = self.two(24)?;
        let colon = self.skip(b':');
        let loose = self.lenient && !colon;
        let minutes = if loose && self.rest.is_empty() { 0 } else { self.two(60)? };
        (colon || loose).then_some(sign * (hours * 3600 + minutes * 60))
    }
}
