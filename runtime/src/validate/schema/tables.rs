//! The tables of a service that is known only at run time.

use std::collections::HashSet;

use super::define::{EnumDefinition, MemberDefinition, ModelDefinition, Primitive, Service, Type, UnionDefinition};
use super::leak::{list, text};
use super::long_path::LongPath;
use super::message::Operation;
use crate::json::{EnumTable, Field, UnionTable};
use crate::validate::routing::Table;

/// The tables of a service.
///
/// They stay in memory until the program ends, since the reader requires static tables. Create one per service, not one
/// per document.
#[derive(Debug)]
pub struct Schema {
    pub(super) enums: Vec<Enum>,
    pub(super) models: Vec<Model>,
    pub(super) unions: Vec<Union>,
    pub(super) names: Vec<(String, Type)>,
    pub(super) operations: Vec<Operation>,
    pub(super) table: Table<usize>,
}

#[derive(Debug)]
pub(super) struct Enum {
    pub(super) table: &'static EnumTable,
    pub(super) wires: Vec<&'static str>,
}

#[derive(Debug)]
pub(super) struct Model {
    pub(super) name: &'static str,
    pub(super) fields: &'static [Field],
    pub(super) types: Vec<Type>,
}

#[derive(Debug)]
pub(super) struct Union {
    pub(super) table: &'static UnionTable,
    pub(super) discriminator: Option<&'static str>,
    pub(super) members: Vec<Member>,
}

#[derive(Debug)]
pub(super) struct Member {
    pub(super) ty: Type,
    pub(super) value: &'static str,
}

impl Schema {
    /// Builds the tables.
    ///
    /// # Errors
    /// Returns an error if the path of an operation has more than 64 parameters, which would be slow to match.
    pub fn new(service: Service) -> Result<&'static Schema, LongPath> {
        service.operations.iter().try_for_each(LongPath::check)?;
        let unions = &service.unions;
        let tables: Vec<Union> = unions.iter().map(|union| Union::new(union, unions)).collect();
        let operations: Vec<Operation> = service.operations.into_iter().map(Operation::new).collect();
        let rows = operations.iter().enumerate().map(|(index, o)| (o.info, index));
        Ok(Box::leak(Box::new(Schema {
            table: Table::new(rows),
            enums: service.enums.into_iter().map(Enum::new).collect(),
            models: service.models.into_iter().map(Model::new).collect(),
            unions: tables,
            names: service.names,
            operations,
        })))
    }

    /// Returns all operations, in the order of the description.
    pub fn operations(&self) -> &[Operation] {
        &self.operations
    }
}

impl Enum {
    fn new(definition: EnumDefinition) -> Enum {
        let values = definition.values.iter().map(|(name, wire)| (text(name), text(wire)));
        let values = list(values.collect::<Vec<_>>());
        let table = Box::leak(Box::new(EnumTable::new(text(&definition.name), values)));
        Enum { table, wires: values.iter().map(|(_, wire)| *wire).collect() }
    }
}

impl Model {
    fn new(definition: ModelDefinition) -> Model {
        let fields = definition.fields.iter().map(|field| Field {
            name: text(&field.name),
            required: field.required,
            nullable: field.ty == Type::Primitive(Primitive::Unit)
                || (field.required && field.ty == Type::Primitive(Primitive::Json)),
            sensitive: field.sensitive,
            min: field.minimum,
            max: field.maximum,
        });
        let fields = list(fields.collect::<Vec<_>>());
        let types = definition.fields.into_iter().map(|field| field.ty).collect();
        Model { name: text(&definition.name), fields, types }
    }
}

impl Union {
    fn new(definition: &UnionDefinition, all: &[UnionDefinition]) -> Union {
        let discriminator = definition.discriminator.as_deref().map(text);
        let tags = tags(definition, all).into_iter().map(|(value, arm)| (text(&value), arm));
        let (name, tags) = (text(&definition.name), list(tags.collect::<Vec<_>>()));
        let table = match discriminator {
            Some(key) => UnionTable::tagged(name, key, tags),
            None => UnionTable::keyed(name, tags),
        };
        let table = match definition.members.iter().position(|member| member.default) {
            Some(arm) => table.default(arm),
            None => table,
        };
        let members = definition.members.iter();
        let members = members.map(|member| Member { ty: member.ty.clone(), value: text(&member.value) });
        Union { table: Box::leak(Box::new(table)), discriminator, members: members.collect() }
    }
}

/// Returns which tag leads to which arm. The leaves of a nested union lead to the member that holds it; without a
/// discriminator its own key leads to an arm of its own (`members.len()` + index).
fn tags(union: &UnionDefinition, all: &[UnionDefinition]) -> Vec<(String, usize)> {
    let (mut tags, mut visited) = (Vec::new(), HashSet::new());
    for (arm, member) in union.members.iter().enumerate() {
        let Type::Union(inner) = member.ty else {
            tags.push((member.value.clone(), arm));
            continue;
        };
        leaves(inner, all, &mut visited, &mut |value| tags.push((value.to_owned(), arm)));
        if union.discriminator.is_none() {
            tags.push((member.value.clone(), union.members.len() + arm));
        }
    }
    let mut seen = HashSet::new();
    tags.retain(|(value, _)| seen.insert(value.clone()));
    tags
}

/// Finds the values of members that are not unions. Each union is visited once: its values lead to the first arm that
/// has it.
fn leaves(union: usize, all: &[UnionDefinition], visited: &mut HashSet<usize>, found: &mut dyn FnMut(&str)) {
    let members = |union: usize| all.get(union).map(|union| union.members.as_slice()).unwrap_or_default().iter();
    let mut open = if visited.insert(union) { vec![members(union)] } else { Vec::new() };
    while let Some(members_left) = open.last_mut() {
        match members_left.next() {
            None => drop(open.pop()),
            Some(MemberDefinition { ty: Type::Union(inner), .. }) if visited.insert(*inner) => {
                open.push(members(*inner))
            }
            Some(MemberDefinition { ty: Type::Union(_), .. }) => {}
            Some(member) => found(&member.value),
        }
    }
}
