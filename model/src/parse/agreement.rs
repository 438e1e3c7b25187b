//! The type that all members of a union have for the field named like a path parameter.

use std::collections::{BTreeSet, HashMap};

use super::scope::{Scope, Target};
use super::union_fields::{TEXT, Table};
use crate::vocabulary::type_text::primitive;

/// Up to this many names are searched one by one; beyond that, a table of all fields is built.
const FEW: usize = 64;

/// Returns the one type that all members have for a field of this name.
pub fn agreed_type(scope: &Scope<'_>, union: Target, name: &str) -> Option<String> {
    let mut all = scope.agreements.0.borrow_mut();
    let known = all.entry((union.unit, union.index)).or_default();
    if let Some(answer) = known.answers.get(name) {
        return answer.clone();
    }
    let answer = match known.answers.len() < FEW {
        true => search(scope, union, name),
        false => known.table.get_or_insert_with(|| table(scope, union)).agreed(name),
    };
    known.answers.insert(name.to_owned(), answer.clone());
    answer
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

/// Builds the table of all fields of the members.
fn table(scope: &Scope<'_>, union: Target) -> Table {
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
