//! Which names a service can use, and what they mean (format reference, 6.3).

use std::cell::{Cell, RefCell};
use std::collections::HashMap;

use super::types::{self, TypeText};
use super::{Form, read::plural_of};
use crate::front::Unit;
use crate::ir::Primitive;

/// The kind of a declaration.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Kind {
    Enum,
    Model,
    Union,
    Interface,
}

impl Kind {
    /// The word for messages.
    pub fn word(self) -> &'static str {
        match self {
            Self::Enum => "enum",
            Self::Model => "model",
            Self::Union => "union",
            Self::Interface => "interface",
        }
    }
}

/// A declaration of some service.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Target {
    pub unit: usize,
    pub kind: Kind,
    pub index: usize,
}

/// What a name means.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Meaning {
    Primitive(Primitive),
    Declared(Target),
    /// A type of a service that was not found.
    Missing,
    Unknown,
}

/// The names that one service can use.
#[derive(Debug)]
pub struct Scope<'a> {
    pub units: &'a [Unit],
    pub unit: usize,
    names: HashMap<String, Target>,
    interfaces: HashMap<String, Target>,
    /// How many names have been compared for advice.
    compared: Cell<usize>,
    /// Where the values of enums are, once somebody asks: by unit and index.
    values: RefCell<HashMap<(usize, usize), Positions<'a>>>,
}

type Positions<'a> = HashMap<&'a str, usize>;

/// No more names than this are compared for advice.
const MOST_COMPARED: usize = 500_000;

impl std::fmt::Debug for Unit {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Unit").field("namespace", &self.service.namespace).finish_non_exhaustive()
    }
}

impl<'a> Scope<'a> {
    /// The position of the value of this name in an enum.
    pub fn value(&self, target: Target, name: &str) -> Option<usize> {
        let mut values = self.values.borrow_mut();
        let positions = values.entry((target.unit, target.index)).or_insert_with(|| {
            let values = &self.units[target.unit].service.enums[target.index].values;
            // From the end: of equal names the first one counts.
            values.iter().enumerate().rev().map(|(at, value)| (value.common.name.value.as_str(), at)).collect()
        });
        positions.get(name).copied()
    }

    /// The value of an enum for which this text is sent, if the type is an enum.
    pub fn sent(&self, ty: &str, text: &str) -> Option<usize> {
        let (parsed, Meaning::Declared(target)) = self.parse(ty)? else { return None };
        let is_enum = target.kind == Kind::Enum && parsed.wrappers.is_empty();
        let values = is_enum.then(|| &self.units[target.unit].service.enums[target.index].values)?;
        values.iter().position(|value| value.value.as_ref().unwrap_or(&value.common.name).value == text)
    }

    /// Short names of its own types, full names of the types that it imports. Published documents may also use full names for
    /// their own types.
    pub fn new(units: &'a [Unit], unit: usize) -> Self {
        let mut scope = Self {
            units,
            unit,
            names: HashMap::new(),
            interfaces: HashMap::new(),
            compared: Cell::new(0),
            values: RefCell::default(),
        };
        let lenient = units[unit].form == Form::Service;
        let own = |kind: &str, name: &str| {
            if lenient { vec![name.to_owned(), full(units, unit, kind, name)] } else { vec![name.to_owned()] }
        };
        scope.declare(unit, &own);
        for import in units[unit].imports.iter().flatten() {
            scope.declare(*import, &|kind, name| vec![full(units, *import, kind, name)]);
        }
        scope
    }

    fn declare(&mut self, unit: usize, keys: &dyn Fn(&str, &str) -> Vec<String>) {
        let service = &self.units[unit].service;
        let lists = [
            (Kind::Enum, "enums", service.enums.iter().map(|e| &e.common).collect::<Vec<_>>()),
            (Kind::Model, "models", service.models.iter().map(|m| &m.common).collect()),
            (Kind::Union, "unions", service.unions.iter().map(|u| &u.common).collect()),
            (Kind::Interface, "interfaces", service.interfaces.iter().map(|i| &i.common).collect()),
        ];
        for (kind, section, list) in lists {
            for (index, common) in list.into_iter().enumerate() {
                let names = if kind == Kind::Interface { &mut self.interfaces } else { &mut self.names };
                for key in keys(section, &common.name.value) {
                    names.entry(key).or_insert(Target { unit, kind, index });
                }
            }
        }
    }

    /// The meaning of a name outside all brackets; a union goes before an interface of the same name.
    pub fn resolve(&self, name: &str) -> Meaning {
        if let Some(primitive) = types::primitive(name) {
            return Meaning::Primitive(primitive);
        }
        if let Some(target) = self.names.get(name).or_else(|| self.interfaces.get(name)) {
            return Meaning::Declared(*target);
        }
        let sections = [".enums.", ".models.", ".unions.", ".interfaces."];
        let published = self.units[self.unit].form == Form::Service;
        if published && sections.iter().any(|section| name.contains(section)) {
            Meaning::Missing
        } else {
            Meaning::Unknown
        }
    }

    /// An interface by its name.
    pub fn interface(&self, name: &str) -> Option<Target> {
        self.interfaces.get(name).copied()
    }

    /// Takes a type text apart and resolves its name.
    pub fn parse<'t>(&self, text: &'t str) -> Option<(TypeText<'t>, Meaning)> {
        let parsed = types::parse(text)?;
        let meaning = self.resolve(parsed.base);
        Some((parsed, meaning))
    }

    /// What to write instead of a type that is not known, if that can be guessed.
    pub fn similar(&self, base: &str) -> Option<String> {
        // A document that is all wrong needs no advice on each of ten thousand names.
        let spent = self.compared.get().saturating_add(self.names.len());
        self.compared.set(spent);
        if spent > MOST_COMPARED && spent > self.names.len() {
            return None;
        }
        let mut known: Vec<&str> = self.names.keys().map(String::as_str).collect();
        known.sort_unstable();
        super::advice::for_type(base, &known)
    }

    /// The interface that is most like this name.
    pub fn similar_interface(&self, name: &str) -> Option<&str> {
        let mut known: Vec<&str> = self.interfaces.keys().map(String::as_str).collect();
        known.sort_unstable();
        super::advice::closest(name, &known)
    }

    /// The type that a resource is named after; imported ones by short name too, for its default path only (5.8).
    pub fn resource_type(&self, name: &str) -> Option<Target> {
        if let Meaning::Declared(target) = self.resolve(name) {
            return Some(target);
        }
        let units = self.units[self.unit].imports.iter().flatten();
        units.copied().find_map(|unit| {
            let service = &self.units[unit].service;
            let find = |kind, mut names: Box<dyn Iterator<Item = &str> + '_>| {
                names.position(|n| n == name).map(|index| Target { unit, kind, index })
            };
            find(Kind::Enum, Box::new(service.enums.iter().map(|e| e.common.name.value.as_str())))
                .or_else(|| find(Kind::Model, Box::new(service.models.iter().map(|m| m.common.name.value.as_str()))))
                .or_else(|| find(Kind::Union, Box::new(service.unions.iter().map(|u| u.common.name.value.as_str()))))
        })
    }

    /// The model of this short name in its own service or in one that it imports.
    pub fn model_of(&self, unit: usize, name: &str) -> Option<usize> {
        let full = if unit == self.unit { None } else { Some(full(self.units, unit, "models", name)) };
        let target = self.names.get(full.as_deref().unwrap_or(name))?;
        (target.kind == Kind::Model && target.unit == unit).then_some(target.index)
    }

    /// The plural of a declared type.
    pub fn plural(&self, target: Target) -> String {
        let service = &self.units[target.unit].service;
        plural_of(match target.kind {
            Kind::Enum => &service.enums[target.index].common,
            Kind::Model => &service.models[target.index].common,
            Kind::Union => &service.unions[target.index].common,
            Kind::Interface => &service.interfaces[target.index].common,
        })
    }
}

fn full(units: &[Unit], unit: usize, section: &str, name: &str) -> String {
    format!("{}.{section}.{name}", units[unit].service.namespace)
}
