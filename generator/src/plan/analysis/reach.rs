//! Determines the generated types: all types of a requested service, and the used types of an imported one.

use std::collections::HashSet;

use apigen_model::api::{Api, Id, Interface, Role, Service, Type};

/// The types that some requested service needs, with the types inside of lists and maps.
#[derive(Debug, Default)]
pub struct Reach {
    types: HashSet<Type>,
    interfaces: HashSet<Id<Interface>>,
}

impl Reach {
    /// Follows fields, members and interfaces from all declarations of the requested services, or, unless `everything`,
    /// from their operations only. A service without operations consists of its types, so all of them count.
    pub fn new(api: &Api, everything: bool) -> Self {
        let (mut reach, mut work) = (Self::default(), Vec::new());
        for (_, service) in api.services.iter().filter(|(_, s)| s.role == Role::Requested) {
            if everything || service.resources.is_empty() {
                work.extend(declared(service));
                service.interfaces.iter().for_each(|id| reach.interface(api, *id, &mut work));
            }
            work.extend(operation_types(service));
            work.extend(service.headers.iter().map(|h| h.ty.clone()));
        }
        while let Some(ty) = work.pop() {
            if !api.replaced.contains_key(&ty) && reach.types.insert(ty.clone()) {
                reach.follow(api, ty, &mut work);
            }
        }
        reach
    }

    fn follow(&mut self, api: &Api, ty: Type, work: &mut Vec<Type>) {
        match ty {
            Type::Primitive(_) | Type::Enum(_) => {}
            Type::List(inner) | Type::Map(inner) => work.push(*inner),
            Type::Model(id) => {
                work.extend(api.models[id].fields.iter().map(|f| f.ty.clone()));
                api.models[id].interfaces.iter().for_each(|id| self.interface(api, *id, work));
            }
            Type::Union(id) => work.extend(api.unions[id].members.iter().map(|m| m.ty.clone())),
        }
    }

    fn interface(&mut self, api: &Api, id: Id<Interface>, work: &mut Vec<Type>) {
        if self.interfaces.insert(id) {
            work.extend(api.interfaces[id].fields.iter().map(|f| f.ty.clone()));
        }
    }

    /// Returns true if this enum, model or union is generated.
    pub fn has(&self, ty: &Type) -> bool {
        self.types.contains(ty)
    }

    pub fn has_interface(&self, id: Id<Interface>) -> bool {
        self.interfaces.contains(&id)
    }

    /// Returns true if anything of this service is generated.
    pub fn has_service(&self, service: &Service) -> bool {
        service.role == Role::Requested
            || declared(service).any(|ty| self.has(&ty))
            || service.interfaces.iter().any(|id| self.has_interface(*id))
    }
}

/// Returns the enums, models and unions of a service.
fn declared(service: &Service) -> impl Iterator<Item = Type> {
    let enums = service.enums.iter().copied().map(Type::Enum);
    enums.chain(service.models.iter().copied().map(Type::Model)).chain(service.unions.iter().copied().map(Type::Union))
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
