//! The type that all members of a union have for the field that a path parameter is named after.

use std::cell::RefCell;
use std::collections::{BTreeSet, HashMap};

use super::{Scope, Target};
use crate::vocabulary::type_text::primitive;

/// What a member without the field would be sent as.
const TEXT: &str = "string";

/// So many names are looked for one by one; for more of them a table of all fields is made.
const FEW: usize = 64;

/// What was asked of unions so far.
#[derive(Debug, Default)]
pub struct Agreements(RefCell<HashMap<(usize, usize), Known>>);

#[derive(Debug, Default)]
struct Known {
    answers: HashMap<String, Option<String>>,
    table: Option<Table>,
}

/// What all fields of a union's members are.
#[derive(Debug)]
struct Table {
    /// The types of members that are primitives.
    primitives: BTreeSet<String>,
    /// How many members are none.
    others: usize,
    /// By name: the types of the fields, and how many members have one.
    fields: HashMap<String, (BTreeSet<String>, usize)>,
}

impl Agreements {
    /// The one type that all members agree on for a field of this name.
    pub fn of(&self, scope: &Scope<'_>, union: Target, name: &str) -> Option<String> {
        let mut all = self.0.borrow_mut();
        let known = all.entry((union.unit, union.index)).or_default();
        if let Some(answer) = known.answers.get(name) {
            return answer.clone();
        }
        let answer = match known.answers.len() < FEW {
            true => search(scope, union, name),
            false => known.table.get_or_insert_with(|| Table::new(scope, union)).agreed(name),
        };
        known.answers.insert(name.to_owned(), answer.clone());
        answer
    }
}

fn search(scope: &Scope<'_>, union: Target, name: &str) -> Option<String> {
    let mut types = scope.units[union.unit].service.unions[union.index].types.iter().map(|member| {
        let ty = member.ty.value.as_str();
        let field = || scope.field(union.unit, scope.model_of(union.unit, ty)?, name);
        match primitive(ty) {
            Some(_) => ty,
            None => field().and_then(|field| scope.own_type(union.unit, field)).unwrap_or(TEXT),
        }
    });
    let first = types.next()?;
    types.all(|ty| ty == first).then(|| first.to_owned())
}

impl Table {
    fn new(scope: &Scope<'_>, union: Target) -> Self {
        let service = &scope.units[union.unit].service;
        let mut table = Table { primitives: BTreeSet::new(), others: 0, fields: HashMap::new() };
        for member in &service.unions[union.index].types {
            if primitive(&member.ty.value).is_some() {
                table.primitives.insert(member.ty.value.clone());
                continue;
            }
            table.others += 1;
            let fields = scope.model_of(union.unit, &member.ty.value).map(|index| &service.models[index].fields);
            let mut seen = BTreeSet::new();
            for field in fields.into_iter().flatten().filter(|field| seen.insert(&field.common.name.value)) {
                let (types, count) = table.fields.entry(field.common.name.value.clone()).or_default();
                types.insert(scope.own_type(union.unit, field).unwrap_or(TEXT).to_owned());
                *count += 1;
            }
        }
        table
    }

    fn agreed(&self, name: &str) -> Option<String> {
        let (types, count) = self.fields.get(name).map_or((None, 0), |(types, count)| (Some(types), *count));
        let text = TEXT.to_owned();
        let rest = (count < self.others).then_some(&text);
        let mut all = self.primitives.iter().chain(types.into_iter().flatten()).chain(rest);
        let first = all.next()?;
        all.all(|ty| ty == first).then(|| first.clone())
    }
}
