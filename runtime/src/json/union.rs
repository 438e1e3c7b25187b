//! Reads unions, by discriminator or by key.

use std::borrow::Cow;

use super::enumeration::choices;
use super::field::{Field, req};
use super::kind::Kind;
use super::name_index::NameIndex;
use super::object::Members;
use super::path::Segment;
use super::reader::{Found, Problem, Reader};
use super::scan::Scan;
use super::traits::FromJson;
use super::unknown::Unknown;
use super::violation::Code;
use super::wording::{QUOTED, closest, shorten};

/// The members of a union.
#[derive(Debug, PartialEq, Eq, Hash)]
pub struct UnionTable {
    name: &'static str,
    pub(crate) discriminator: Option<&'static str>,
    members: &'static [(&'static str, usize)],
    default: Option<usize>,
    names: NameIndex,
}

/// The field that holds a primitive member (reference 10.2).
const VALUE: &[Field] = &[req("value").nullable()];

impl UnionTable {
    /// Creates a union with a discriminator: maps its values to arms. Members of nested unions are listed too.
    pub const fn tagged(
        name: &'static str,
        discriminator: &'static str,
        members: &'static [(&'static str, usize)],
    ) -> Self {
        UnionTable { name, discriminator: Some(discriminator), members, default: None, names: NameIndex::new() }
    }

    /// Creates a union without discriminator: maps its one key to arms.
    pub const fn keyed(name: &'static str, members: &'static [(&'static str, usize)]) -> Self {
        UnionTable { name, discriminator: None, members, default: None, names: NameIndex::new() }
    }

    /// Sets the arm of an object without discriminator.
    pub const fn default(mut self, arm: usize) -> Self {
        self.default = Some(arm);
        self
    }

    /// Returns the arm of an object without discriminator.
    #[cfg(feature = "testing")]
    pub(crate) fn default_arm(&self) -> Option<usize> {
        self.default
    }

    pub(crate) fn find(&self, text: &str) -> Option<(&'static str, usize)> {
        self.names.find(self.members.len(), |index| self.members[index].0, text).map(|index| self.members[index])
    }

    fn choices(&self) -> String {
        choices(self.members.iter().map(|(name, _)| *name))
    }

    fn no_member(&self, code: Code, text: &str) -> Problem {
        let choices = self.choices();
        let quoted = shorten(&format!("{text:?}"), QUOTED);
        let sentence = format!("{quoted} is not a member of the union {}, expected one of {choices}", self.name);
        let mut problem = Problem::new(code, choices, quoted, sentence);
        problem.suggestion = closest(text, self.members.iter().map(|(name, _)| *name)).map(str::to_owned);
        problem
    }
}

impl<'a> Reader<'a> {
    /// Determines which member the next value is, without reading it: returns the arm in the table, or `Some(None)` for
    /// an undeclared member, if the mode keeps those. Returns `None` if the value was rejected and skipped.
    pub fn union(&mut self, table: &'static UnionTable) -> Option<Option<usize>> {
        self.limits = None;
        if self.start() != b'{' {
            return self.mismatch(Kind::Object, table.name);
        }
        self.enter()?;
        let at = self.scan.at - 1;
        let arm = match table.discriminator {
            Some(discriminator) => self.tagged(table, discriminator, at),
            None => self.keyed(table, at),
        };
        self.depth -= 1;
        if self.aborted {
            return None;
        }
        self.scan.at = at;
        if arm.is_none() {
            self.skip()?;
        }
        arm
    }

    /// Reads a primitive or enum member of a union with discriminator: `{"kind": "note", "value": x}`.
    pub fn get_value<T: FromJson>(&mut self) -> Option<T> {
        self.value_by(&mut T::read)
    }

    pub(crate) fn value_by<T>(&mut self, read: &mut dyn FnMut(&mut Self) -> Option<T>) -> Option<T> {
        let mut members = self.model(self.member.name, VALUE)?;
        let mut value = None;
        while self.next(&mut members).is_some() {
            value = read(self);
        }
        self.end(members)?;
        value
    }

    /// Reads a member of a union without discriminator: `{"toy": x}`.
    pub fn get_keyed<T: FromJson>(&mut self) -> Option<T> {
        self.keyed_by(&mut T::read)
    }

    pub(crate) fn keyed_by<T>(&mut self, read: &mut dyn FnMut(&mut Self) -> Option<T>) -> Option<T> {
        let open = self.open_member()?;
        let value = read(self);
        self.close_member(open)?;
        value
    }

    /// Reads a primitive member of a union without discriminator: `{"string": {"value": x}}`.
    pub fn get_keyed_value<T: FromJson>(&mut self) -> Option<T> {
        self.keyed_value_by(&mut T::read)
    }

    pub(crate) fn keyed_value_by<T>(&mut self, read: &mut dyn FnMut(&mut Self) -> Option<T>) -> Option<T> {
        let open = self.open_member()?;
        let value = self.value_by(read);
        self.close_member(open)?;
        value
    }

    /// Reads an object that is not a declared member of the union, to keep and write it unchanged.
    pub fn unknown(&mut self) -> Option<Unknown> {
        let (_, from) = self.start_at();
        self.skip()?;
        let text = self.scan.text.get(from..self.scan.at)?;
        self.unknown_values += 1;
        self.keeps_text(text);
        Some(Unknown { json: text.to_owned(), discriminator: self.member.unknown.take() })
    }

    fn tagged(&mut self, table: &'static UnionTable, key: &'static str, at: usize) -> Option<Option<usize>> {
        let ahead = self.look_ahead(key);
        let (value, offset) = self.syntax(ahead)?;
        let Some(offset) = offset else { return self.untagged(table, key, at, &value) };
        self.tag = key;
        match table.find(&value) {
            Some((name, arm)) => {
                self.member = Found { name, ..Found::default() };
                Some(Some(arm))
            }
            None if self.mode.unknown_kept => {
                self.tag = "";
                self.member = Found { unknown: Some(value.into_owned()), ..Found::default() };
                Some(None)
            }
            None => {
                self.tag = "";
                self.report_at(Segment::Field(key), offset, table.no_member(Code::Member, &value));
                None
            }
        }
    }

    /// Returns the text of a discriminator and its offset; if it is not text, its type without an offset.
    fn look_ahead(&self, key: &str) -> Scan<(Cow<'a, str>, Option<usize>)> {
        let mut scan = self.scan;
        let left = self.mode.max_depth.saturating_sub(self.depth);
        let mut first = true;
        while scan.more(b'}', first)? {
            first = false;
            let name = scan.string()?;
            let byte = scan.colon()?;
            let at = scan.at;
            match byte {
                b'"' if name == key => return Ok((scan.string()?, Some(at))),
                b'n' if name == key => scan.word("null")?, // same as absent
                _ if name == key => return Ok((super::kind::found(byte).1.into(), None)),
                _ => scan.skip(left)?,
            }
        }
        Ok(("".into(), None))
    }

    /// Handles an object whose discriminator is absent or, if `found` is not empty, not text.
    fn untagged(&mut self, table: &UnionTable, key: &'static str, at: usize, found: &str) -> Option<Option<usize>> {
        if let Some(arm) = table.default {
            self.tag = key;
            self.member = Found::default();
            return Some(Some(arm));
        }
        let (start, union, choices) = (format!("the discriminator {key:?}"), table.name, table.choices());
        let text = match found {
            "" => format!("{start} of the union {union} is missing, expected one of {choices}"),
            found => format!("{start} of the union {union} must be a string, found {found}; expected one of {choices}"),
        };
        let found = if found.is_empty() { "nothing" } else { found };
        self.report_at(Segment::Field(key), at, Problem::new(Code::Discriminator, choices, found, text));
        None
    }

    fn keyed(&mut self, table: &UnionTable, at: usize) -> Option<Option<usize>> {
        let left = self.mode.max_depth.saturating_sub(self.depth);
        let mut only: Option<(Cow<'a, str>, usize)> = None;
        let mut count = 0;
        loop {
            if !syntax!(self.more(b'}', count == 0))? {
                break;
            }
            let offset = self.scan.at;
            let key = syntax!(self.string())?;
            syntax!(self.colon())?;
            if let Some((name, arm)) = table.find(&key).filter(|_| count == 0 || self.mode.tolerant) {
                self.member = Found { name, value: self.scan.at, unknown: None };
                return Some(Some(arm));
            }
            count += 1;
            only = (count == 1).then_some((key, offset));
            syntax!(self.skip(left))?;
        }
        if self.mode.unknown_kept {
            let unknown = only.map(|(key, _)| key.into_owned());
            self.member = Found { unknown, ..Found::default() };
            return Some(None);
        }
        match only {
            Some((key, offset)) => self.report_at(Segment::Key(offset), offset, table.no_member(Code::Member, &key)),
            None => {
                let choices = table.choices();
                let text =
                    format!("expected exactly one key that names a member of the union {}: {choices}", table.name);
                self.report(at, Problem::new(Code::Member, choices, "none or several", text));
            }
        }
        None
    }

    /// Moves to the value of the key that `union` found.
    fn open_member(&mut self) -> Option<Members> {
        let Found { name, value, .. } = self.member;
        self.tag = "";
        let mut members = self.model(name, &[])?;
        members.first = false;
        self.scan.at = value;
        self.here(Segment::Field(name));
        Some(members)
    }

    /// Moves past the end of the object around the member. A second key makes the member ambiguous.
    fn close_member(&mut self, mut members: Members) -> Option<()> {
        if !self.aborted && !self.mode.tolerant && self.start() == b',' {
            let at = self.scan.at;
            let last = self.path.pop();
            let text = "expected exactly one key, which names the union's member, found more".to_owned();
            self.report(at, Problem::new(Code::Member, "one key", "several", text));
            self.path.extend(last);
        }
        while self.next(&mut members).is_some() {}
        self.end(members)
    }
}
