//! The type that all members of a union have for the field named like a path parameter.

use std::collections::BTreeSet;

use super::scope::{Scope, Target};
use super::union_fields::{TEXT, Table, same};
use crate::vocabulary::type_text::primitive;

/// Up to this many names are searched one by one; beyond that, a table of all fields is built.
const FEW: usize = 64;

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
