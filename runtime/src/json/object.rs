//! Reads objects field by field or key by key.

use std::borrow::Cow;
use std::collections::BTreeSet;

use super::enumeration::choices;
use super::field::Field;
use super::kind::Kind;
use super::mode::UnknownFields;
use super::path::Segment;
use super::reader::{Problem, Reader};
use super::scan::Scanner;
use super::violation::Code;
use super::wording::{QUOTED, closest, shorten};

/// An object that is being read.
#[derive(Debug, Default)]
#[must_use]
pub struct Members {
    fields: &'static [Field],
    model: &'static str,
    tag: &'static str,
    tagged: bool,
    /// The offset of its `{`.
    start: usize,
    /// The field after the last one found: documents mostly follow the declared order.
    cursor: usize,
    order: Order,
    seen: Bits,
    null: Bits,
    /// No member was read yet.
    pub(super) first: bool,
}

/// A set of field indexes. Models of up to 64 fields need no allocation.
#[derive(Debug, Default)]
struct Bits {
    first: u64,
    more: Vec<u64>,
}

impl Bits {
    #[inline]
    fn has(&self, index: usize) -> bool {
        let word = if index < 64 { self.first } else { self.more.get(index / 64 - 1).copied().unwrap_or(0) };
        word >> (index % 64) & 1 == 1
    }

    #[inline]
    fn add(&mut self, index: usize) {
        if index < 64 {
            self.first |= 1 << index;
        } else {
            let word = index / 64 - 1;
            if self.more.len() <= word {
                self.more.resize(word + 1, 0);
            }
            self.more[word] |= 1 << (index % 64);
        }
    }
}

impl<'a> Reader<'a> {
    /// Opens an object with these fields; returns `None` if the value is not an object.
    #[inline]
    pub fn object(&mut self, fields: &'static [Field]) -> Option<Members> {
        self.model("", fields)
    }

    /// Opens an object with these fields and the model's name in the spec, for messages about missing fields.
    pub fn model(&mut self, model: &'static str, fields: &'static [Field]) -> Option<Members> {
        self.limits = None;
        let tag = std::mem::take(&mut self.tag);
        if self.start() != b'{' {
            return self.mismatch(Kind::Object, model);
        }
        let start = self.scan.at;
        self.enter()?;
        self.path.push(Segment::Here);
        Some(Members { fields, model, tag, start, first: true, ..Members::default() })
    }

    /// Moves to the next field of the table and returns its index; its value must be read before the next call. Skips
    /// other keys, and `null`, which is the same as an absent field (reference 12.4). Returns `None` at the end of the
    /// object.
    pub fn next(&mut self, members: &mut Members) -> Option<usize> {
        while self.more(members)? {
            let key = self.scan.at;
            let Some(index) = self.field(members)? else {
                self.unknown_key(members, key)?;
                continue;
            };
            let field = &members.fields[index];
            self.here(field.segment());
            let byte = syntax!(self.colon())?;
            if members.seen.has(index) || members.null.has(index) {
                self.duplicate(key)?;
                if !self.mode.duplicates {
                    self.skip()?;
                    continue;
                }
            }
            members.cursor = index + 1;
            if byte == b'n' && !field.nullable {
                members.null.add(index);
                syntax!(self.word("null"))?;
                continue;
            }
            members.seen.add(index);
            #[cfg(feature = "testing")]
            if field.sensitive {
                let what = super::field::Marked::Value { min: field.min, max: field.max };
                self.mark(super::field::Mark { at: self.scan.at, what });
            }
            self.limits = (field.limited() && self.mode.limits).then_some(field);
            return Some(index);
        }
        None
    }

    /// Closes the object and records every required field that is missing; returns `None` if there is one.
    pub fn end(&mut self, members: Members) -> Option<()> {
        self.path.pop();
        self.depth = self.depth.saturating_sub(1);
        self.limits = None;
        if self.aborted {
            return None;
        }
        let missing = |(index, field): (usize, &Field)| field.required && !members.seen.has(index);
        if members.fields.iter().enumerate().any(missing) {
            self.missing(&members);
            return None;
        }
        Some(())
    }

    /// Reads the next key of an object without a table, such as a map; its value must be read before the next call.
    pub(crate) fn key(&mut self, members: &mut Members) -> Option<String> {
        if !self.more(members)? {
            return None;
        }
        let at = self.scan.at;
        let key = syntax!(self.string())?;
        #[cfg(feature = "testing")]
        self.mark_part(super::field::Mark { at, what: super::field::Marked::Key });
        self.here(Segment::Key(at));
        self.keeps_text(&key);
        syntax!(self.colon())?;
        Some(key.into_owned())
    }

    /// Reads an object without a table. `each` reads the value of a key; `None` means that a violation was recorded.
    pub(crate) fn entries(&mut self, mut each: impl FnMut(&mut Self, String) -> Option<()>) -> Option<()> {
        let mut members = self.object(&[])?;
        let mut complete = true;
        while let Some(key) = self.key(&mut members) {
            complete &= each(self, key).is_some();
        }
        self.end(members)?;
        complete.then_some(())
    }

    /// Returns the undeclared fields of an object that has been read, except for `null` and the discriminator.
    pub(crate) fn undeclared(&self, members: &Members) -> Vec<(Cow<'a, str>, &'a str)> {
        let mut found: Vec<_> = undeclared(self.scan.text, members).filter(|(_, value)| *value != "null").collect();
        keep_last(&mut found);
        found
    }

    /// Reports a duplicate key, whose quote is at `key`.
    #[cold]
    pub(crate) fn duplicate(&mut self, key: usize) -> Option<()> {
        if !self.mode.duplicates {
            let text = "the key occurs twice in one object".to_owned();
            self.report(key, Problem::new(Code::Duplicate, "each key once", "a second one", text));
        }
        (!self.aborted).then_some(())
    }

    #[inline]
    fn more(&mut self, members: &mut Members) -> Option<bool> {
        let first = std::mem::take(&mut members.first);
        syntax!(self.more(b'}', first))
    }

    #[inline]
    pub(super) fn here(&mut self, segment: Segment) {
        if let Some(last) = self.path.last_mut() {
            *last = segment;
        }
    }

    /// Reads a key and looks it up, starting after the last field found.
    #[inline]
    fn field(&mut self, members: &mut Members) -> Option<Option<usize>> {
        let rest = &self.scan.text.as_bytes()[self.scan.at..];
        if let Some(field) = members.fields.get(members.cursor) {
            let (name, end) = (field.name.as_bytes(), field.name.len() + 1);
            if rest.get(end) == Some(&b'"') && rest.first() == Some(&b'"') && rest.get(1..end) == Some(name) {
                self.scan.at += end + 1;
                return Some(Some(members.cursor));
            }
        }
        let key = syntax!(self.string())?;
        Some(members.order.find(members.fields, members.cursor, &key))
    }

    fn unknown_key(&mut self, members: &mut Members, key: usize) -> Option<()> {
        self.here(Segment::Key(key));
        let text = || Scanner { text: self.scan.text, at: key }.string();
        let tag = !members.tag.is_empty() && text().is_ok_and(|key| key == members.tag);
        if tag && members.tagged {
            self.duplicate(key)?;
        }
        members.tagged |= tag;
        let first = syntax!(self.colon())?;
        // Here too, `null` is the same as absent.
        if !tag && first != b'n' && self.mode.unknown_fields == UnknownFields::Refuse {
            self.refuse_key(members, key);
        }
        self.skip()
    }

    #[cold]
    fn refuse_key(&mut self, members: &Members, at: usize) {
        let Ok(key) = (Scanner { text: self.scan.text, at }).string() else { return };
        let of = if members.model.is_empty() { String::new() } else { format!(" of {}", members.model) };
        let quoted = shorten(&format!("{key:?}"), QUOTED);
        let text = format!("{quoted} is not a field{of}");
        let expected = choices(members.fields.iter().map(|field| field.name));
        let mut problem = Problem::new(Code::Unknown, expected, quoted, text);
        problem.suggestion = closest(&key, members.fields.iter().map(|field| field.name)).map(str::to_owned);
        self.report(at, problem);
    }

    #[cold]
    fn missing(&mut self, members: &Members) {
        /// The maximum number of keys to compare the names of missing fields with.
        const ENOUGH: usize = 50;
        let unknown: Vec<_> = undeclared(self.scan.text, members).map(|(key, _)| key).take(ENOUGH).collect();
        for (index, field) in members.fields.iter().enumerate() {
            if self.aborted || !field.required || members.seen.has(index) {
                continue;
            }
            let found = if members.null.has(index) { "null" } else { "nothing" };
            let of = if members.model.is_empty() { String::new() } else { format!(" of {}", members.model) };
            let text = format!("the required field {:?}{of} is missing", field.name);
            let mut problem = Problem::new(Code::Missing, "a value", found, text);
            // Keys inside a sensitive value are not shown.
            let unknown = if self.is_sensitive() { &[][..] } else { &unknown[..] };
            problem.suggestion = closest(field.name, unknown.iter().map(|key| &**key)).map(|key| {
                problem.text.push_str(&format!(", there is a field {key:?}"));
                field.name.to_owned()
            });
            self.report_at(Segment::Field(field.name), members.start, problem);
        }
    }
}

/// Finds fields by name. Tables are short and documents mostly follow their order, so a linear search is fastest; for
/// an object that makes it slow, the names are sorted once.
#[derive(Debug, Default)]
struct Order {
    looked_at: usize,
    /// The indexes of the fields, sorted by name.
    sorted: Vec<usize>,
}

impl Order {
    /// The number of comparisons per field of a table after which its names are sorted.
    const LOOKS: usize = 32;

    fn find(&mut self, fields: &[Field], from: usize, key: &str) -> Option<usize> {
        if !self.sorted.is_empty() {
            let name = |index: &usize| fields[*index].name.cmp(key);
            return self.sorted.binary_search_by(name).ok().map(|at| self.sorted[at]);
        }
        let mut all = (from..fields.len()).chain(0..from.min(fields.len()));
        let found = all.position(|index| fields[index].name == key);
        self.looked_at += found.unwrap_or(fields.len());
        if self.looked_at > fields.len() * Self::LOOKS {
            self.sorted = (0..fields.len()).collect();
            self.sorted.sort_by_key(|index| fields[*index].name);
        }
        found.map(|steps| (from + steps) % fields.len())
    }
}

/// Returns the undeclared keys of an object that has been read, except for the discriminator, with the text of their
/// values.
fn undeclared<'a>(text: &'a str, members: &Members) -> impl Iterator<Item = (Cow<'a, str>, &'a str)> {
    let (fields, tag) = (members.fields, members.tag);
    let (mut scan, mut order, mut first) = (Scanner { text, at: members.start + 1 }, Order::default(), true);
    let all = std::iter::from_fn(move || {
        let more = scan.more(b'}', std::mem::take(&mut first)).ok()?;
        let key = more.then(|| scan.string().ok())??;
        scan.colon().ok()?;
        let from = scan.at;
        scan.skip(usize::MAX).ok()?;
        Some((key, &text[from..scan.at]))
    });
    all.filter(move |(key, _)| (tag.is_empty() || key != tag) && order.find(fields, 0, key).is_none())
}

/// Removes all but the last of the entries with the same key.
pub(crate) fn keep_last<K: Ord + Clone, V>(entries: &mut Vec<(K, V)>) {
    let mut seen = BTreeSet::new();
    entries.reverse();
    entries.retain(|(key, _)| seen.insert(key.clone()));
    entries.reverse();
}
