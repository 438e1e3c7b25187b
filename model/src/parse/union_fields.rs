//! What the members of unions have in common, remembered for whoever asks again.

use std::cell::RefCell;
use std::collections::{BTreeSet, HashMap};

/// What a member without the field would be sent as.
pub const TEXT: &str = "string";

/// What was asked of unions so far.
#[derive(Debug, Default)]
pub struct Agreements(pub RefCell<HashMap<(usize, usize), Known>>);

/// What was asked of one union.
#[derive(Debug, Default)]
pub struct Known {
    pub answers: HashMap<String, Option<String>>,
    pub table: Option<Table>,
}

/// What all fields of a union's members are.
#[derive(Debug)]
pub struct Table {
    /// The types of members that are primitives.
    pub primitives: BTreeSet<String>,
    /// How many members are none.
    pub others: usize,
    /// By name: the types of the fields, and how many members have one.
    pub fields: HashMap<String, (BTreeSet<String>, usize)>,
}

impl Table {
    /// The one type that all members have for a field of this name.
    pub fn agreed(&self, name: &str) -> Option<String> {
        let (types, count) = self.fields.get(name).map_or((None, 0), |(types, count)| (Some(types), *count));
        let text = TEXT.to_owned();
        let rest = (count < self.others).then_some(&text);
        let mut all = self.primitives.iter().chain(types.into_iter().flatten()).chain(rest);
        let first = all.next()?;
        all.all(|ty| ty == first).then(|| first.clone())
    }
}
