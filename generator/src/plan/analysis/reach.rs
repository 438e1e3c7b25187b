//! Determines the generated types: all types of a requested service, and the used types of an imported one.

use apigen_model::api::{Api, Enum, Id, Interface, Model, Role, Service, Type, Union};

/// The set of types that some requested service needs.
#[derive(Debug)]
pub struct Reach {
    enums: Vec<bool>,
    models: Vec<bool>,
    unions: Vec<bool>,
    interfaces: Vec<bool>,
}

impl Reach {
    /// Follows fields, members and interfaces from all declarations of the requested services, or, unless `everything`,
    /// from their operations only. A service without operations consists of its types, so all of them count.
    pub fn new(api: &Api, everything: bool) -> Self {
        let mut reach = Self {
            enums: vec![false; api.enums.len()],
            models: vec![false; api.models.len()],
            unions: vec![false; api.unions.len()],
            interfaces: vec![false; api.interfaces.len()],
        };
        let mut work = Vec::new();
        for (_, service) in api.services.iter().filter(|(_, s)| s.role == Role::Requested) {
            if everything || service.resources.is_empty() {
                work.extend(service.enums.iter().map(|id| Type::Enum(*id)));
                work.extend(service.models.iter().map(|id| Type::Model(*id)));
                work.extend(service.unions.iter().map(|id| Type::Union(*id)));
                service.interfaces.iter().for_each(|id| reach.interface(api, *id, &mut work));
            }
            work.extend(operation_types(service));
            work.extend(service.headers.iter().map(|h| h.ty.clone()));
        }
        while let Some(ty) = work.pop() {
            reach.visit(api, &ty, &mut work);
        }
        reach
    }

    fn visit(&mut self, api: &Api, ty: &Type, work: &mut Vec<Type>) {
        match ty {
            replaced if api.replaced.contains_key(replaced) => {}
            Type::Primitive(_) => {}
            Type::List(inner) | Type::Map(inner) => work.push((**inner).clone()),
            Type::Enum(id) => self.enums[id.index()] = true,
            Type::Model(id) => {
                if !std::mem::replace(&mut self.models[id.index()], true) {
                    work.extend(api.models[*id].fields.iter().map(|f| f.ty.clone()));
                    api.models[*id].interfaces.iter().for_each(|id| self.interface(api, *id, work));
                }
            }
            Type::Union(id) => {
                if !std::mem::replace(&mut self.unions[id.index()], true) {
                    work.extend(api.unions[*id].members.iter().map(|m| m.ty.clone()));
                }
            }
        }
    }

    fn interface(&mut self, api: &Api, id: Id<Interface>, work: &mut Vec<Type>) {
        if !std::mem::replace(&mut self.interfaces[id.index()], true) {
            work.extend(api.interfaces[id].fields.iter().map(|f| f.ty.clone()));
        }
    }

    /// Returns true if this enum is generated.
    pub fn has_enum(&self, id: Id<Enum>) -> bool {
        self.enums[id.index()]
    }

    /// Returns true if this model is generated.
    pub fn has_model(&self, id: Id<Model>) -> bool {
        self.models[id.index()]
    }

    /// Returns true if this union is generated.
    pub fn has_union(&self, id: Id<Union>) -> bool {
        self.unions[id.index()]
    }

    /// Returns true if this interface is generated.
    pub fn has_interface(&self, id: Id<Interface>) -> bool {
        self.interfaces[id.index()]
    }

    /// Returns true if anything of this service is generated.
    pub fn has_service(&self, service: &Service) -> bool {
        service.role == Role::Requested
            || service.enums.iter().any(|id| self.has_enum(*id))
            || service.models.iter().any(|id| self.has_model(*id))
            || service.unions.iter().any(|id| self.has_union(*id))
            || service.interfaces.iter().any(|id| self.has_interface(*id))
    }
}

fn operation_types(service: &Service) -> impl Iterator<Item = Type> {
    service.resources.iter().flat_map(|r| &r.operations).flat_map(|operation| {
        let parameters = operation.parameters.iter().map(|p| &p.ty);
        let bodies = operation.body.iter().map(|b| &b.ty);
        let responses = operation.responses.iter().map(|r| &r.ty);
        let headers = operation.responses.iter().flat_map(|r| &r.headers).map(|h| &h.ty);
        parameters.chain(bodies).chain(responses).chain(headers).cloned().collect::<Vec<_>>()
    })
}
