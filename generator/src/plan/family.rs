//! Families: the types of a large service stand in files by the first word of their names.
//!
//! So the name of a type tells its file, and a type that is added moves no other.

use std::collections::BTreeMap;

use super::analysis::Reach;
use super::builder::Builder;
use super::enumeration::enumeration;
use super::interface::interface;
use super::items::{Factories, Family, Items};
use super::model::model;
use super::sample::factories;
use super::symbols::module_scope;
use super::union::union;
use apigen_model::api::{Api, Enum, Id, Interface, Model, Service, Union};
use apigen_model::vocabulary::names::{Name, words};

/// A service with more types has a file for each family.
const LARGE: usize = 100;

/// The generated types of a service, or some of them.
#[derive(Default)]
pub struct Types {
    pub enums: Vec<Id<Enum>>,
    pub models: Vec<Id<Model>>,
    pub unions: Vec<Id<Union>>,
    interfaces: Vec<Id<Interface>>,
}

impl Types {
    fn new(service: &Service, reach: &Reach) -> Self {
        Self {
            enums: service.enums.iter().copied().filter(|id| reach.has_enum(*id)).collect(),
            models: service.models.iter().copied().filter(|id| reach.has_model(*id)).collect(),
            unions: service.unions.iter().copied().filter(|id| reach.has_union(*id)).collect(),
            interfaces: service.interfaces.iter().copied().filter(|id| reach.has_interface(*id)).collect(),
        }
    }

    fn len(&self) -> usize {
        self.enums.len() + self.models.len() + self.unions.len() + self.interfaces.len()
    }

    /// In groups with the same first word.
    fn by_word(self, api: &Api) -> BTreeMap<String, Types> {
        let word = |name: &str| words(name).into_iter().next().unwrap_or_default();
        let mut groups: BTreeMap<String, Types> = BTreeMap::new();
        self.enums.iter().for_each(|id| groups.entry(word(&api.enums[*id].name)).or_default().enums.push(*id));
        self.models.iter().for_each(|id| groups.entry(word(&api.models[*id].name)).or_default().models.push(*id));
        self.unions.iter().for_each(|id| groups.entry(word(&api.unions[*id].name)).or_default().unions.push(*id));
        for id in self.interfaces {
            groups.entry(word(&api.interfaces[id].name)).or_default().interfaces.push(id);
        }
        groups
    }
}

/// All types of a service: one family without a name, or one for each first word.
pub fn families(b: &Builder<'_>, id: Id<Service>, notes: &mut Vec<String>) -> Vec<Family> {
    let types = Types::new(&b.api.services[id], &b.reach);
    if types.len() <= LARGE {
        return vec![family(b, None, &types, notes)];
    }
    let mut names = module_scope();
    let groups = types.by_word(b.api).into_iter();
    groups.map(|(word, types)| family(b, Some(names.value(&word)), &types, notes)).collect()
}

fn family(b: &Builder<'_>, name: Option<Name>, types: &Types, notes: &mut Vec<String>) -> Family {
    let items = Items {
        enums: types.enums.iter().map(|id| enumeration(b, *id)).collect(),
        structs: types.models.iter().map(|id| model(b, *id)).collect(),
        unions: types.unions.iter().map(|id| union(b, *id)).collect(),
        traits: types.interfaces.iter().map(|id| interface(b, *id, notes)).collect(),
    };
    let factories = if b.options.mocks.wanted() { factories(b, types, notes) } else { Factories::default() };
    Family { name, items, factories }
}
