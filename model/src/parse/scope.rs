//! The names that a service can use, and their meaning (format reference, 6.3).

use std::cell::{Cell, OnceCell};
use std::collections::HashMap;

use super::Unit;
use super::names::commons;
use super::service::{Common, Field, Form, Kind};
use super::union_fields::Agreements;
use crate::checkpoint::checkpoint;
use crate::vocabulary::suggestions;
use crate::vocabulary::type_text::{self, Primitive, TypeText};

#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct Target {
    pub unit: usize,
    pub kind: Kind,
    pub index: usize,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Meaning {
    Primitive(Primitive),
    Declared(Target),
    /// A type of a service that was not found.
    Missing,
    Unknown,
}

/// The names that one service can use: short names of its own types, full names of the types that it imports. Published
/// documents may also use full names for their own types.
pub struct Scope<'a> {
    pub units: &'a [Unit],
    pub unit: usize,
    /// The services whose types have names qualified by their namespace.
    qualified: HashMap<&'a str, Vec<usize>>,
    /// The number of names.
    size: usize,
    /// The number of names compared for advice.
    compared: Cell<usize>,
    /// Types of imported services by short name, built on first use.
    short: OnceCell<HashMap<&'a str, Target>>,
    /// The types that the members of unions agree on.
    pub agreements: Agreements<'a>,
}

/// The kinds of types, and their section in full names. A union takes precedence over an interface of the same name.
pub const SECTIONS: [(Kind, &str); 4] =
    [(Kind::Enum, ".enums."), (Kind::Model, ".models."), (Kind::Union, ".unions."), (Kind::Interface, ".interfaces.")];

/// The maximum number of names compared for advice.
const MAX_COMPARED: usize = 500_000;

impl<'a> Scope<'a> {
    /// Returns the enum value whose text on the wire this is, if the type is an enum.
    pub fn sent(&self, ty: &str, text: &str) -> Option<usize> {
        let (parsed, Meaning::Declared(target)) = self.parse(ty)? else { return None };
        let is_enum = target.kind == Kind::Enum && parsed.wrappers.is_empty();
        let values = is_enum.then(|| &self.units[target.unit].service.enums[target.index].values)?;
        values.iter().position(|value| value.value.as_ref().unwrap_or(&value.common.name).value == text)
    }

    pub fn new(units: &'a [Unit], unit: usize) -> Self {
        let mut qualified: HashMap<&str, Vec<usize>> = HashMap::new();
        let own = (units[unit].form == Form::Service).then_some(unit);
        for unit in own.into_iter().chain(units[unit].imports.iter().flatten().copied()) {
            qualified.entry(units[unit].service.namespace.as_str()).or_default().push(unit);
        }
        let types = |unit: &Unit| unit.service.enums.len() + unit.service.models.len() + unit.service.unions.len();
        let imports = units[unit].imports.iter().flatten();
        let size = types(&units[unit]) + imports.map(|import| types(&units[*import])).sum::<usize>();
        Self {
            units,
            unit,
            qualified,
            size,
            compared: Cell::new(0),
            short: OnceCell::new(),
            agreements: Agreements::default(),
        }
    }

    /// Returns the position of the value of this name in an enum.
    pub fn value(&self, target: Target, name: &str) -> Option<usize> {
        let unit = &self.units[target.unit];
        unit.names.value(&unit.service, target.index, name)
    }

    /// Returns the field of this name in a model.
    pub fn field(&self, unit: usize, model: usize, name: &str) -> Option<&'a Field> {
        let unit = &self.units[unit];
        let index = unit.names.field(&unit.service, model, name)?;
        unit.service.models[model].fields.get(index)
    }

    /// Finds the declaration of this name, of one of these kinds.
    fn find(&self, kinds: &[(Kind, &str)], name: &str) -> Option<Target> {
        let of_kind = |unit: usize, kind: Kind, name: &str| {
            let index = self.units[unit].names.of_kind(&self.units[unit].service, kind, name)?;
            Some(Target { unit, kind, index })
        };
        let own = || kinds.iter().find_map(|(kind, _)| of_kind(self.unit, *kind, name));
        let qualified = |(kind, section): &(Kind, &str)| {
            name.match_indices(section).find_map(|(at, _)| {
                let units = self.qualified.get(&name[..at])?;
                units.iter().find_map(|unit| of_kind(*unit, *kind, &name[at + section.len()..]))
            })
        };
        own().or_else(|| kinds.iter().find_map(qualified))
    }

    /// Returns the meaning of a name outside all brackets; a union takes precedence over an interface of the same name.
    pub fn resolve(&self, name: &str) -> Meaning {
        checkpoint();
        if let Some(primitive) = type_text::primitive(name) {
            return Meaning::Primitive(primitive);
        }
        if let Some(target) = self.find(&SECTIONS, name) {
            return Meaning::Declared(target);
        }
        let published = self.units[self.unit].form == Form::Service;
        if published && SECTIONS.iter().any(|(_, section)| name.contains(section)) {
            Meaning::Missing
        } else {
            Meaning::Unknown
        }
    }

    pub fn interface(&self, name: &str) -> Option<Target> {
        self.find(&SECTIONS[3..], name)
    }

    /// Parses a type text and resolves its name.
    pub fn parse<'t>(&self, text: &'t str) -> Option<(TypeText<'t>, Meaning)> {
        let parsed = type_text::parse(text)?;
        let meaning = self.resolve(parsed.base);
        Some((parsed, meaning))
    }

    /// Suggests a type for an unknown one, if it can be guessed.
    pub fn similar(&self, base: &str) -> Option<String> {
        self.advised(self.size, &SECTIONS[..3], |known| suggestions::for_type(base, known))
    }

    /// Suggests an interface for an unknown one, if it can be guessed.
    pub fn similar_interface(&self, name: &str) -> Option<String> {
        let imports = self.units[self.unit].imports.iter().flatten().chain([&self.unit]);
        let size = imports.map(|unit| self.units[*unit].service.interfaces.len()).sum();
        self.advised(size, &SECTIONS[3..], |known| suggestions::near(name, known))
    }

    /// Returns true if this many names may be compared for advice: a document full of errors needs none on each of ten
    /// thousand names.
    pub fn advises(&self, names: usize) -> bool {
        let spent = self.compared.get().saturating_add(names);
        self.compared.set(spent);
        spent <= MAX_COMPARED || spent == names
    }

    /// Returns advice from all names of these kinds, which are at most `size`.
    fn advised<T>(&self, size: usize, kinds: &[(Kind, &str)], advise: impl Fn(&[&str]) -> Option<T>) -> Option<T> {
        if !self.advises(size) {
            return None;
        }
        let mut known = Vec::new();
        for (kind, section) in kinds {
            known.extend(commons(&self.units[self.unit].service, *kind).map(|common| common.name.value.clone()));
            for unit in self.qualified.values().flatten() {
                let service = &self.units[*unit].service;
                let full = |common: &Common| format!("{}{section}{}", service.namespace, common.name.value);
                known.extend(commons(service, *kind).map(full));
            }
        }
        known.sort_unstable();
        known.dedup();
        advise(&known.iter().map(String::as_str).collect::<Vec<_>>())
    }

    /// Returns the type that a resource is named after; imported ones by short name too, for its default path only (5.8).
    pub fn resource_type(&self, name: &str) -> Option<Target> {
        if let Meaning::Declared(target) = self.resolve(name) {
            return Some(target);
        }
        let short = self.short.get_or_init(|| {
            let mut short = HashMap::new();
            for unit in self.units[self.unit].imports.iter().flatten().copied() {
                for (kind, _) in &SECTIONS[..3] {
                    for (index, common) in commons(&self.units[unit].service, *kind).enumerate() {
                        short.entry(common.name.value.as_str()).or_insert(Target { unit, kind: *kind, index });
                    }
                }
            }
            short
        });
        short.get(name).copied()
    }

    /// Returns the model of this short name in its own service or in one that it imports.
    pub fn model_of(&self, unit: usize, name: &str) -> Option<usize> {
        let Unit { names, service, .. } = &self.units[unit];
        let is_enum = unit == self.unit && names.of_kind(service, Kind::Enum, name).is_some();
        names.of_kind(service, Kind::Model, name).filter(|_| !is_enum)
    }

    /// Returns what every declaration has.
    pub fn common(&self, target: Target) -> &'a Common {
        let service = &self.units[target.unit].service;
        match target.kind {
            Kind::Enum => &service.enums[target.index].common,
            Kind::Model => &service.models[target.index].common,
            Kind::Union => &service.unions[target.index].common,
            Kind::Interface => &service.interfaces[target.index].common,
        }
    }

    /// Returns the type of a field, unless it is a short name of another service, which means that service's type.
    pub fn own_type<'f>(&self, unit: usize, field: &'f Field) -> Option<&'f str> {
        let is_foreign = unit != self.unit && type_text::primitive(&field.ty.value).is_none();
        (!is_foreign).then_some(field.ty.value.as_str())
    }
}
