//! Families: the types of a large service are grouped into files by the first word of their names, or by its first
//! letter if most names share no word.
//!
//! Thus the name of a type tells its file, and a new type moves no other.

use super::context::Context;
use super::enumeration::enumeration;
use super::interface::interface;
use super::items::{Factories, Family, Items};
use super::model::model;
use super::sample::factories;
use super::symbols::module_scope;
use super::type_set::TypeSet;
use super::union::union;
use apigen_model::api::{Id, Service};
use apigen_model::vocabulary::names::Name;

/// A service with more types has a file for each family.
const LARGE: usize = 100;

/// Returns the families of a service: one without a name, or one for each first word or letter.
pub fn families(cx: &Context<'_>, id: Id<Service>, notes: &mut Vec<String>) -> Vec<Family> {
    let types = TypeSet::new(&cx.api.services[id], &cx.reach);
    if types.len() <= LARGE {
        return vec![family(cx, None, &types, notes)];
    }
    let mut names = module_scope();
    let groups = types.by_word(cx.api).into_iter();
    groups.map(|(word, types)| family(cx, Some(names.value(&word)), &types, notes)).collect()
}

fn family(cx: &Context<'_>, name: Option<Name>, types: &TypeSet, notes: &mut Vec<String>) -> Family {
    let items = Items {
        enums: types.enums.iter().map(|id| enumeration(cx, *id)).collect(),
        structs: types.models.iter().map(|id| model(cx, *id)).collect(),
        unions: types.unions.iter().map(|id| union(cx, *id)).collect(),
        traits: types.interfaces.iter().map(|id| interface(cx, *id, notes)).collect(),
    };
    let factories = if cx.options.mocks.wanted() { factories(cx, types, notes) } else { Factories::default() };
    Family { name, items, factories }
}
