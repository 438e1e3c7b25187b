//! Reads strings, booleans and the types that are written as strings.

use std::borrow::Cow;

use super::kind::Kind;
use super::reader::Reader;
use super::time::{Day, Grammar, Moment};
use super::violation::Code;
use super::{Uuid, time};

impl<'a> Reader<'a> {
    pub(crate) fn string(&mut self) -> Option<Cow<'a, str>> {
        let limits = self.limits.take();
        let (byte, at) = self.start_at();
        let text = match byte {
            b'"' => syntax!(self.string())?,
            _ if self.mode.coerce => Cow::Owned(self.coerced_text("")?),
            _ => return self.mismatch(Kind::String, ""),
        };
        if let Some(field) = limits {
            self.count_within(field, at, text.chars().count(), "characters")?;
        }
        Some(text)
    }

    pub(crate) fn boolean(&mut self) -> Option<bool> {
        self.limits = None;
        match self.start() {
            b't' => syntax!(self.word("true")).map(|()| true),
            b'f' => syntax!(self.word("false")).map(|()| false),
            _ if self.mode.coerce => self.coerced_boolean(),
            _ => self.mismatch(Kind::Boolean, ""),
        }
    }

    /// Reads a uuid in its canonical form, 8-4-4-4-12 digits; no other form has 36 characters.
    pub(crate) fn uuid(&mut self) -> Option<Uuid> {
        self.formatted(Kind::Uuid, |text| (text.len() == 36).then(|| Uuid::try_parse(text).ok()).flatten())
    }

    pub(crate) fn date<T>(&mut self, make: fn(Day) -> Option<T>) -> Option<T> {
        let padded = self.grammar() == Grammar::Strict;
        self.formatted(Kind::Date, |text| time::day(text, padded).and_then(make))
    }

    pub(crate) fn timestamp<T>(&mut self, make: fn(Moment) -> Option<T>) -> Option<T> {
        let grammar = self.grammar();
        self.formatted(Kind::DateTime, |text| time::moment(text, grammar).and_then(make))
    }

    fn grammar(&self) -> Grammar {
        if self.mode.coerce || self.mode.tolerant { Grammar::Lenient } else { Grammar::Strict }
    }

    #[inline]
    fn formatted<T>(&mut self, kind: Kind, parse: impl Fn(&str) -> Option<T>) -> Option<T> {
        self.limits = None;
        let byte = self.start();
        if byte != b'"' {
            let unwrapped = self.mode.coerce && self.open_single();
            if !unwrapped {
                return self.mismatch(kind, "");
            }
            let value = self.formatted_inside(kind, &parse);
            return self.close_single(value);
        }
        let at = self.scan.at;
        let text = syntax!(self.string())?;
        parse(&text).or_else(|| self.malformed(Code::Format, kind, at))
    }

    /// Reads the element of an array of one; the trait object ends the recursion of types.
    #[cold]
    fn formatted_inside<T>(&mut self, kind: Kind, parse: &dyn Fn(&str) -> Option<T>) -> Option<T> {
        self.formatted(kind, parse)
    }
}
