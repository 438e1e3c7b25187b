//! The type that all members of a union have for the field named like a path parameter.

use std::cell::RefCell;
use std::collections::{BTreeSet, HashMap};

use super::scope::{Scope, Target};
use crate::vocabulary::type_text::primitive;

/// Up to this many names are searched one by one; beyond that, a table of all fields is built.
const FEW: usize = 64;

/// The type under which a member without the field would be sent.
const TEXT: &str = "string";

/// The results so far, by unit and union.
pub type Agreements<'a> = RefCell<HashMap<(usize, usize), Known<'a>>>;

#[derive(Default)]
pub struct Known<'a> {
    answers: HashMap<String, Option<&'a str>>,
    table: Option<Table<'a>>,
}

/// The types of all fields of a union's members.
#[derive(Default)]
struct Table<'a> {
    /// The types of members that are primitives.
    primitives: BTreeSet<&'a str>,
    /// The number of members that are not primitives.
    others: usize,
    /// Per name: the types of the fields, and the number of members that have one.
    fields: HashMap<&'a str, (BTreeSet<&'a str>, usize)>,
}

/// Returns the one type that all members have for a field of this name.
pub fn agreed_type<'a>(scope: &Scope<'a>, union: Target, name: &str) -> Option<&'a str> {
    let mut all = scope.agreements.borrow_mut();
    let known = all.entry((union.unit, union.index)).or_default();
    if let Some(answer) = known.answers.get(name) {
        return *answer;
    }
    let answer = match known.answers.len() < FEW {
        true => search(scope, union, name),
        false => known.table.get_or_insert_with(|| table(scope, union)).agreed(name),
    };
    known.answers.insert(name.to_owned(), answer);
    answer
}

fn search<'a>(scope: &Scope<'a>, union: Target, name: &str) -> Option<&'a str> {
    same(scope.units[union.unit].service.unions[union.index].types.iter().map(|member| {
        let ty = member.ty.value.as_str();
        let field = || scope.field(union.unit, scope.model_of(union.unit, ty)?, name);
        match primitive(ty) {
            Some(_) => ty,
            None => field().and_then(|field| scope.own_type(union.unit, field)).unwrap_or(TEXT),
        }
    }))
}

/// Returns the type of all, if there is only one.
fn same<'a>(mut types: impl Iterator<Item = &'a str>) -> Option<&'a str> {
    let first = types.next()?;
    types.all(|ty| ty == first).then_some(first)
}

fn table<'a>(scope: &Scope<'a>, union: Target) -> Table<'a> {
    let service = &scope.units[union.unit].service;
    let mut table = Table::default();
    for member in &service.unions[union.index].types {
        let ty = member.ty.value.as_str();
        if primitive(ty).is_some() {
            table.primitives.insert(ty);
            continue;
        }
        table.others += 1;
        let fields = scope.model_of(union.unit, ty).map(|index| &service.models[index].fields);
        let mut seen = BTreeSet::new();
        for field in fields.into_iter().flatten().filter(|field| seen.insert(&field.common.name.value)) {
            let (types, count) = table.fields.entry(&field.common.name.value).or_default();
            types.insert(scope.own_type(union.unit, field).unwrap_or(TEXT));
            *count += 1;
        }
    }
    table
}

impl<'a> Table<'a> {
    fn agreed(&self, name: &str) -> Option<&'a str> {
        let (types, count) = self.fields.get(name).map_or((None, 0), |(types, count)| (Some(types), *count));
        let lacking = (count < self.others).then_some(TEXT);
        same(self.primitives.iter().chain(types.into_iter().flatten()).copied().chain(lacking))
    }
}
