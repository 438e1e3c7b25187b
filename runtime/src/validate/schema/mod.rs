//! Dynamic validators: the checks of generated validators for a service that is known only at run time.
//!
//! Describe a spec with the types of this module; [`Schema::new`] builds the tables that generated code has as statics,
//! and reads JSON by them with the same [`Reader`](crate::Reader). So both report the same violations with the same
//! messages.

mod check;
mod define;
mod leak;
mod long_path;
mod message;
mod name;
mod read;
mod tables;
mod text;

pub use define::{
    EnumDefinition, FieldDefinition, MemberDefinition, ModelDefinition, OperationDefinition, ParameterDefinition,
    Primitive, RefusalDefinition, ResponseDefinition, Service, Type, UnionDefinition,
};
pub use long_path::LongPath;
pub use message::Operation;
pub use name::UnknownType;
pub use tables::Schema;
