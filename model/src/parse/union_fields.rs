//! The fields of a union's members, as far as they were asked for.

use std::cell::RefCell;
use std::collections::{BTreeSet, HashMap};

/// The type under which a member without the field would be sent.
pub const TEXT: &str = "string";

/// The results so far, by unit and union.
pub type Agreements<'a> = RefCell<HashMap<(usize, usize), Known<'a>>>;

#[derive(Default)]
pub struct Known<'a> {
    pub answers: HashMap<String, Option<&'a str>>,
    pub table: Option<Table<'a>>,
}

/// The types of all fields of a union's members.
#[derive(Default)]
pub struct Table<'a> {
    /// The types of members that are primitives.
    pub primitives: BTreeSet<&'a str>,
    /// The number of members that are not primitives.
    pub others: usize,
    /// Per name: the types of the fields, and the number of members that have one.
    pub fields: HashMap<&'a str, (BTreeSet<&'a str>, usize)>,
}

/// Returns the type of all, if there is only one.
pub fn same<'a>(mut types: impl Iterator<Item = &'a str>) -> Option<&'a str> {
    let first = types.next()?;
    types.all(|ty| ty == first).then_some(first)
}

impl<'a> Table<'a> {
    /// Returns the type that all members have for a field of this name.
    pub fn agreed(&self, name: &str) -> Option<&'a str> {
        let (types, count) = self.fields.get(name).map_or((None, 0), |(types, count)| (Some(types), *count));
        let lacking = (count < self.others).then_some(TEXT);
        same(self.primitives.iter().chain(types.into_iter().flatten()).copied().chain(lacking))
    }
}
