//! A cache of the fields that the members of unions have in common.

use std::cell::RefCell;
use std::collections::{BTreeSet, HashMap};

/// The type under which a member without the field would be sent.
pub const TEXT: &str = "string";

/// The results for all unions so far.
#[derive(Debug, Default)]
pub struct Agreements(pub RefCell<HashMap<(usize, usize), Known>>);

/// The results for one union.
#[derive(Debug, Default)]
pub struct Known {
    pub answers: HashMap<String, Option<String>>,
    pub table: Option<Table>,
}

/// The types of all fields of a union's members.
#[derive(Debug)]
pub struct Table {
    /// The types of members that are primitives.
    pub primitives: BTreeSet<String>,
    /// The number of members that are not primitives.
    pub others: usize,
    /// Per name: the types of the fields, and the number of members that have one.
    pub fields: HashMap<String, (BTreeSet<String>, usize)>,
}

impl Table {
    /// Returns the one type that all members have for a field of this name.
    pub fn agreed(&self, name: &str) -> Option<String> {
        let (types, count) = self.fields.get(name).map_or((None, 0), |(types, count)| (Some(types), *count));
        let text = TEXT.to_owned();
        let rest = (count < self.others).then_some(&text);
        let mut all = self.primitives.iter().chain(types.into_iter().flatten()).chain(rest);
        let first = all.next()?;
        all.all(|ty| ty == first).then(|| first.clone())
    }
}
