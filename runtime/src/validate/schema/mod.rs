//! Dynamic validators: the checks of generated validators for a service that is known only at run time.
//!
//! Describe a spec with the types of this module; [`Schema::new`] builds the tables that generated code has as statics,
//! and reads JSON by them with the same [`Reader`](crate::Reader). So both report the same violations with the same
//! messages. [`text`] and [`list`] make the static parts of a description.

mod check;
mod coerce;
mod define;
mod intern;
mod long_path;
mod message;
mod name;
mod read;
mod text;

pub(crate) use check::RequestParts;
pub use coerce::Coerced;
#[cfg(feature = "testing")]
pub(crate) use coerce::texts;
pub use define::{
    EnumDefinition, FieldDefinition, MemberDefinition, ModelDefinition, OperationDefinition, ParameterDefinition,
    Primitive, Service, Type, UnionDefinition,
};
pub use intern::{list, text};
pub use long_path::LongPath;
pub use message::{InputParameter, Operation, SchemaInput};
pub use name::UnknownType;
pub use read::Seen;
pub use text::utc;

pub use super::refusal::Refusal;
pub use super::request::Presence;

use crate::json::{EnumTable, Field, UnionTable};
use crate::validate::routing::Table;
use intern::intern;

/// The tables of a service.
///
/// The reader requires static texts and tables, so they stay in memory until the program ends; all schemas share equal
/// ones. Create one schema per service, not one per document.
#[derive(Debug)]
pub struct Schema {
    pub(crate) enums: Vec<&'static EnumTable>,
    pub(crate) models: Vec<Model>,
    pub(crate) unions: Vec<Union>,
    pub(crate) names: Vec<(String, Type)>,
    pub(crate) operations: Vec<Operation>,
    pub(crate) table: Table<usize>,
}

#[derive(Debug)]
pub(crate) struct Model {
    pub(crate) name: &'static str,
    pub(crate) fields: &'static [Field],
    pub(crate) types: Vec<Type>,
}

#[derive(Debug)]
pub(crate) struct Union {
    pub(crate) table: &'static UnionTable,
    pub(crate) members: Vec<MemberDefinition>,
}

impl Schema {
    /// Builds the tables.
    ///
    /// # Errors
    /// Returns an error if the path of an operation has more than 64 parameters, which would be slow to match.
    pub fn new(service: Service) -> Result<Schema, LongPath> {
        service.operations.iter().try_for_each(LongPath::check)?;
        let operations: Vec<Operation> = service.operations.into_iter().map(Operation::new).collect();
        let rows = operations.iter().enumerate().map(|(index, o)| (o.info, index));
        Ok(Schema {
            table: Table::new(rows),
            enums: service.enums.iter().map(enumeration).collect(),
            models: service.models.into_iter().map(Model::new).collect(),
            unions: service.unions.into_iter().map(Union::new).collect(),
            names: service.names,
            operations,
        })
    }

    /// Returns all operations, in the order of the description.
    pub fn operations(&self) -> &[Operation] {
        &self.operations
    }
}

fn enumeration(definition: &EnumDefinition) -> &'static EnumTable {
    let values = definition.values.iter().map(|(name, wire)| (text(name), text(wire)));
    intern(EnumTable::new(text(&definition.name), list(values.collect())))
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
    fn new(definition: UnionDefinition) -> Union {
        let tags = definition.tags.iter().map(|(value, arm)| (text(value), *arm));
        let (name, tags) = (text(&definition.name), list(tags.collect::<Vec<_>>()));
        let table = match &definition.discriminator {
            Some(key) => UnionTable::tagged(name, text(key), tags),
            None => UnionTable::keyed(name, tags),
        };
        let table = match definition.members.iter().position(|member| member.default) {
            Some(arm) => table.default(arm),
            None => table,
        };
        Union { table: intern(table), members: definition.members }
    }
}
