//! The resolved model, which every later stage reads.
//!
//! It is built from valid documents only. Names are resolved to typed ids, defaults are parsed, types are trees; no
//! text is left to parse. Everything is in a fixed order (spec order, or the order of chapter "normalisation"), so that
//! two runs agree.

use std::collections::HashMap;

mod arena;
mod elements;
pub(crate) mod limit;

pub use crate::vocabulary::http::{Location, Method};
pub use crate::vocabulary::type_text::Primitive;
pub use arena::{Arena, Id};
pub use elements::{
    Attribute, Body, Code, Deprecation, Enum, EnumValue, Field, Header, Interface, Literal, Member, Model, Operation,
    Parameter, Resource, Response, Role, Service, Type, Union,
};

/// All services and types of one run: the requested services in the given order, then the imported ones in order of discovery.
#[derive(Debug, Default)]
pub struct Api {
    /// All services.
    pub services: Arena<Service>,
    /// Enums of all services.
    pub enums: Arena<Enum>,
    /// Models of all services.
    pub models: Arena<Model>,
    /// Unions of all services.
    pub unions: Arena<Union>,
    /// Interfaces of all services.
    pub interfaces: Arena<Interface>,
    /// Enums, models and unions that already exist, with their Rust paths: nothing is generated for them.
    pub replaced: HashMap<Type, String>,
}

impl Api {
    /// Returns the number of operations of the requested services.
    pub fn operations(&self) -> usize {
        let requested = self.services.iter().filter(|(_, service)| service.role == Role::Requested);
        requested.flat_map(|(_, service)| &service.resources).map(|resource| resource.operations.len()).sum()
    }
}
