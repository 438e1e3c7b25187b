//! Which fields, enum values and union members occurred.

use std::sync::atomic::{AtomicBool, Ordering};

use apigen_model::api::{Api, Role, Type};
use apigen_runtime::validate::schema::Seen;

/// The parts of types that no message had.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
#[non_exhaustive]
pub struct UnseenValues {
    /// The number of all parts, seen or not.
    pub total: usize,
    /// The names of those that were never seen.
    pub names: Vec<String>,
}

/// The types that operations of the requested services use, by their positions in the schema.
pub(super) struct Types {
    models: Vec<Parts>,
    enums: Vec<Parts>,
    unions: Vec<Parts>,
}

/// The parts of a type, and which of them occurred.
#[derive(Default)]
struct Parts {
    name: String,
    parts: Vec<(String, AtomicBool)>,
    /// Whether messages can have the type.
    used: bool,
}

impl Types {
    pub fn new(api: &Api) -> Types {
        let parts = |name: &String, parts: Vec<String>| Parts {
            name: name.clone(),
            parts: parts.into_iter().map(|part| (part, AtomicBool::new(false))).collect(),
            used: false,
        };
        let fields = |model: &apigen_model::api::Model| model.fields.iter().map(|field| field.name.clone()).collect();
        let values = |e: &apigen_model::api::Enum| e.values.iter().map(|value| value.wire.clone()).collect();
        let members = |u: &apigen_model::api::Union| u.members.iter().map(|m| m.discriminator_value.clone()).collect();
        let mut types = Types {
            models: api.models.iter().map(|(_, model)| parts(&model.name, fields(model))).collect(),
            enums: api.enums.iter().map(|(_, e)| parts(&e.name, values(e))).collect(),
            unions: api.unions.iter().map(|(_, union)| parts(&union.name, members(union))).collect(),
        };
        types.mark_used(api);
        types
    }

    /// Marks everything that requests and responses can have.
    fn mark_used(&mut self, api: &Api) {
        let requested = api.services.iter().filter(|(_, service)| service.role == Role::Requested);
        let operations =
            requested.flat_map(|(_, service)| &service.resources).flat_map(|resource| &resource.operations);
        let mut waiting: Vec<&Type> = Vec::new();
        for operation in operations {
            waiting.extend(operation.parameters.iter().map(|parameter| &parameter.ty));
            waiting.extend(operation.body.iter().map(|body| &body.ty));
            waiting.extend(operation.responses.iter().map(|response| &response.ty));
        }
        while let Some(ty) = waiting.pop() {
            match ty {
                Type::List(inner) | Type::Map(inner) => waiting.push(inner),
                Type::Primitive(_) => {}
                Type::Enum(id) => drop(first_use(&mut self.enums, id.index())),
                Type::Model(id) if first_use(&mut self.models, id.index()) => {
                    waiting.extend(api.models[*id].fields.iter().map(|field| &field.ty));
                }
                Type::Union(id) if first_use(&mut self.unions, id.index()) => {
                    waiting.extend(api.unions[*id].members.iter().map(|member| &member.ty));
                }
                Type::Model(_) | Type::Union(_) => {}
            }
        }
    }

    pub fn reset(&self) {
        let all = self.models.iter().chain(&self.enums).chain(&self.unions);
        all.flat_map(|parts| &parts.parts).for_each(|(_, seen)| seen.store(false, Ordering::Relaxed));
    }

    pub fn fields(&self) -> UnseenValues {
        unseen(&self.models, ".")
    }

    pub fn values(&self) -> UnseenValues {
        unseen(&self.enums, ": ")
    }

    pub fn members(&self) -> UnseenValues {
        unseen(&self.unions, ": ")
    }
}

fn first_use(types: &mut [Parts], index: usize) -> bool {
    types.get_mut(index).is_some_and(|parts| !std::mem::replace(&mut parts.used, true))
}

fn unseen(types: &[Parts], separator: &str) -> UnseenValues {
    let mut unseen = UnseenValues::default();
    for parts in types.iter().filter(|parts| parts.used) {
        for (part, seen) in &parts.parts {
            unseen.total += 1;
            if !seen.load(Ordering::Relaxed) {
                unseen.names.push(format!("{}{separator}{part}", parts.name));
            }
        }
    }
    unseen
}

fn mark(types: &[Parts], index: usize, part: usize) {
    let seen = types.get(index).and_then(|parts| parts.parts.get(part));
    // Most have been seen before, and reading is cheaper.
    if let Some((_, seen)) = seen.filter(|(_, seen)| !seen.load(Ordering::Relaxed)) {
        seen.store(true, Ordering::Relaxed);
    }
}

impl Seen for Types {
    fn field(&self, model: usize, field: usize) {
        mark(&self.models, model, field);
    }

    fn value(&self, enumeration: usize, value: usize) {
        mark(&self.enums, enumeration, value);
    }

    fn member(&self, union: usize, member: usize) {
        mark(&self.unions, union, member);
    }
}
