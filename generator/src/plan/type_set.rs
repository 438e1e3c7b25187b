//! The types of a service that are generated, and their groups.

use std::collections::BTreeMap;

use super::analysis::Reach;
use apigen_model::api::{Api, Enum, Id, Interface, Model, Service, Type, Union};
use apigen_model::vocabulary::names::words;

/// The generated types of a service, or some of them.
#[derive(Default)]
pub struct TypeSet {
    pub enums: Vec<Id<Enum>>,
    pub models: Vec<Id<Model>>,
    pub unions: Vec<Id<Union>>,
    pub interfaces: Vec<Id<Interface>>,
}

impl TypeSet {
    pub fn new(service: &Service, reach: &Reach) -> Self {
        Self {
            enums: service.enums.iter().copied().filter(|id| reach.has(&Type::Enum(*id))).collect(),
            models: service.models.iter().copied().filter(|id| reach.has(&Type::Model(*id))).collect(),
            unions: service.unions.iter().copied().filter(|id| reach.has(&Type::Union(*id))).collect(),
            interfaces: service.interfaces.iter().copied().filter(|id| reach.has_interface(*id)).collect(),
        }
    }

    pub fn len(&self) -> usize {
        self.enums.len() + self.models.len() + self.unions.len() + self.interfaces.len()
    }

    /// Groups the types by the first words of their names, or by their first letters if most names share no word.
    pub fn by_word(&self, api: &Api) -> BTreeMap<String, TypeSet> {
        let by_word = self.by(api, |word| word);
        match by_word.len() * 2 > self.len() {
            true => self.by(api, |word| word.chars().take(1).collect()),
            false => by_word,
        }
    }

    /// Groups the types by `key` of the first words of their names.
    fn by(&self, api: &Api, key: impl Fn(String) -> String) -> BTreeMap<String, TypeSet> {
        let key = |name: &str| key(words(name).into_iter().next().unwrap_or_default());
        let mut groups: BTreeMap<String, TypeSet> = BTreeMap::new();
        self.enums.iter().for_each(|id| groups.entry(key(&api.enums[*id].name)).or_default().enums.push(*id));
        self.models.iter().for_each(|id| groups.entry(key(&api.models[*id].name)).or_default().models.push(*id));
        self.unions.iter().for_each(|id| groups.entry(key(&api.unions[*id].name)).or_default().unions.push(*id));
        for id in &self.interfaces {
            groups.entry(key(&api.interfaces[*id].name)).or_default().interfaces.push(*id);
        }
        groups
    }
}
