//! The dynamic twin of generated validators: the same checks for a service that is known at run time only.
//!
//! Whoever has read a spec describes it with the types of this module; [`Schema::new`] makes the tables of it that generated
//! code has as statics, and reads JSON by them with the same [`Reader`](crate::Reader). So both refuse the same things with the
//! same words.

mod check;
mod define;
mod intern;
mod long_path;
mod message;
mod name;
mod read;
mod tables;
mod text;

pub use define::{
    EnumDefinition, FieldDefinition, HeaderDefinition, MemberDefinition, ModelDefinition, OperationDefinition,
    ParameterDefinition, Primitive, RefusalDefinition, ResponseDefinition, Service, Type, UnionDefinition,
};
pub use long_path::LongPath;
pub use message::Operation;
pub use name::UnknownType;
pub use tables::Schema;

pub use super::request::Presence;
