//! Families: the types of a large service stand in files by the first word of their names.
//!
//! So the name of a type tells its file, and a type that is added moves no other.

use std::collections::{BTreeMap, BTreeSet};

use super::analysis::{Node, Reach, base};
use super::builder::Builder;
use super::enumeration::enumeration;
use super::interface::interface;
use super::model::model;
use super::names::{Name, NameAllocator, words};
use super::plan::{Factories, Family, Items};
use super::sample::factories;
use super::union::union;
use crate::ir::{Api, Enum, Id, Interface, Model, Service, Type, Union};

/// A service with more types has a folder of families in the place of each file of types.
const LARGE: usize = 100;

/// Names of files that mean something else to rustc, or to Windows.
const FOREIGN: [&str; 5] = ["mod", "aux", "con", "nul", "prn"];

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

/// Whether the types of this service are divided.
pub fn is_divided(service: &Service, reach: &Reach) -> bool {
    Types::new(service, reach).len() > LARGE
}

/// All types of a service: one family without a name, or one for each first word.
pub fn families(b: &Builder<'_>, id: Id<Service>, notes: &mut Vec<String>) -> Vec<Family> {
    let types = Types::new(&b.api.services[id], &b.reach);
    if !b.divided[id.index()] {
        return vec![family(b, id, None, &types, notes)];
    }
    let mut names = NameAllocator::new();
    FOREIGN.iter().for_each(|name| names.reserve(name));
    let groups = types.by_word(b.api).into_iter();
    groups.map(|(word, types)| family(b, id, Some(names.value(&word)), &types, notes)).collect()
}

fn family(b: &Builder<'_>, service: Id<Service>, name: Option<Name>, types: &Types, notes: &mut Vec<String>) -> Family {
    let items = Items {
        enums: types.enums.iter().map(|id| enumeration(b, *id)).collect(),
        structs: types.models.iter().map(|id| model(b, *id)).collect(),
        unions: types.unions.iter().map(|id| union(b, *id)).collect(),
        traits: types.interfaces.iter().map(|id| interface(b, *id, notes)).collect(),
    };
    let uses = if name.is_some() { uses(b, service, types, &items) } else { Vec::new() };
    let factories = if b.options.mocks.wanted() { factories(b, types, notes) } else { Factories::default() };
    Family { name, items, uses, factories }
}

/// The types of the same service that these name, and that are in other families.
fn uses(b: &Builder<'_>, service: Id<Service>, types: &Types, items: &Items) -> Vec<Name> {
    let nodes = types.models.iter().map(|id| Node::Model(*id)).chain(types.unions.iter().map(|id| Node::Union(*id)));
    let parts = nodes.flat_map(|node| node.parts(b.api));
    let fields = types.interfaces.iter().flat_map(|id| &b.api.interfaces[*id].fields).map(|field| &field.ty);
    let named = parts.chain(fields).filter_map(|ty| name_of(b, service, base(ty)));
    let implementers = items.traits.iter().flat_map(|item| &item.implementers).filter_map(|i| i.own.clone());
    let used: BTreeSet<Name> = named.cloned().chain(implementers).collect();
    let structs = items.structs.iter().map(|item| &item.name).chain(items.enums.iter().map(|item| &item.name));
    let own: BTreeSet<&Name> = structs.chain(items.unions.iter().map(|item| &item.name)).collect();
    used.into_iter().filter(|name| !own.contains(name)).collect()
}

/// The name of a type that this service declares.
fn name_of<'b>(b: &'b Builder<'_>, service: Id<Service>, ty: &Type) -> Option<&'b Name> {
    let (owner, name) = match ty {
        _ if b.api.replaced.contains_key(ty) => return None,
        Type::Enum(id) => (b.api.enums[*id].service, &b.symbols.enums[id.index()]),
        Type::Model(id) => (b.api.models[*id].service, &b.symbols.models[id.index()]),
        Type::Union(id) => (b.api.unions[*id].service, &b.symbols.unions[id.index()]),
        Type::Primitive(_) | Type::List(_) | Type::Map(_) => return None,
    };
    (owner == service).then_some(name)
}
