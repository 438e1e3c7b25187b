//! Lint: types that no operation can reach.

use std::collections::HashMap;

use super::Linter;
use super::rule::UNUSED_TYPE;
use crate::api::{self, Api, Id, Interface, Type};
use crate::behaviour::base;
use crate::graph::{components, mark};
use crate::parse::scope::Target;
use crate::parse::service::Kind;

/// Returns the number of a type among all enums, models, unions and interfaces, in this order.
fn number(api: &Api, kind: Kind, index: usize) -> usize {
    let counts = [api.enums.len(), api.models.len(), api.unions.len()];
    counts[..kind as usize].iter().sum::<usize>() + index
}

fn number_of(api: &Api, ty: &Type) -> Option<usize> {
    match base(ty) {
        Type::Enum(id) => Some(number(api, Kind::Enum, id.index())),
        Type::Model(id) => Some(number(api, Kind::Model, id.index())),
        Type::Union(id) => Some(number(api, Kind::Union, id.index())),
        _ => None,
    }
}

/// Returns the number of a declaration by its position in its service.
fn number_in(api: &Api, service: &api::Service, kind: Kind, index: usize) -> Option<usize> {
    let position = match kind {
        Kind::Enum => service.enums.get(index)?.index(),
        Kind::Model => service.models.get(index)?.index(),
        Kind::Union => service.unions.get(index)?.index(),
        Kind::Interface => service.interfaces.get(index)?.index(),
    };
    Some(number(api, kind, position))
}

fn uses(api: &Api) -> Vec<Vec<usize>> {
    let fields = |fields: &[api::Field]| fields.iter().filter_map(|f| number_of(api, &f.ty)).collect::<Vec<_>>();
    let promised = |interfaces: &[Id<Interface>]| -> Vec<usize> {
        interfaces.iter().map(|id| number(api, Kind::Interface, id.index())).collect()
    };
    let enums = api.enums.iter().map(|_| Vec::new());
    let models = api.models.iter().map(|(_, m)| [fields(&m.fields), promised(&m.interfaces)].concat());
    let unions = api.unions.iter().map(|(_, u)| {
        let members = u.members.iter().filter_map(|m| number_of(api, &m.ty)).collect::<Vec<_>>();
        [members, promised(&u.interfaces)].concat()
    });
    let interfaces = api.interfaces.iter().map(|(_, i)| fields(&i.fields));
    enums.chain(models).chain(unions).chain(interfaces).collect()
}

impl Linter<'_> {
    /// Reports unused types, except those that only other unused ones use. A service without operations declares types
    /// for others, so nothing is reported; the same holds if most of its types are unused.
    pub fn unused_types(&mut self) {
        if self.own.resources.is_empty() {
            return;
        }
        let (api, own) = (self.api, self.own);
        let uses = uses(api);
        let mut seen = vec![false; uses.len()];
        mark(&uses, self.roots(), &mut seen);
        let of_kind = |kind| (0..).map_while(move |index| number_in(api, own, kind, index));
        let declared: Vec<usize> = Kind::ALL.into_iter().flat_map(of_kind).collect();
        // A service that mostly declares types for others may have an operation as well, such as a health check.
        if declared.iter().filter(|ty| !seen[**ty]).count() * 2 > declared.len() {
            return;
        }
        let declarations = self.declarations();
        let positions: HashMap<usize, usize> = declared.iter().enumerate().map(|(index, ty)| (*ty, index)).collect();
        // Users come before what they use; of types that use each other, the first stands for all.
        for component in components(&uses).iter().rev() {
            let Some(first) = component.iter().filter_map(|ty| positions.get(ty)).min() else { continue };
            if seen[declared[*first]] {
                continue;
            }
            mark(&uses, vec![declared[*first]], &mut seen);
            let (word, common) = declarations[*first];
            let message = format!("no operation uses the {word} `{}`", common.name.value);
            let help = "remove it, or use it";
            self.add(&UNUSED_TYPE, common.name.at, &[&common.attributes], message, help);
        }
    }

    /// Returns the types in operations and headers of all requested services, and those that name a resource.
    fn roots(&self) -> Vec<usize> {
        let services = || self.api.services.iter().map(|(_, service)| service);
        let operations = || services().flat_map(|s| &s.resources).flat_map(|r| &r.operations);
        let parameters = operations().flat_map(|o| &o.parameters).map(|p| &p.ty);
        let bodies = operations().filter_map(|o| o.body.as_ref()).map(|b| &b.ty);
        let responses = || operations().flat_map(|o| &o.responses);
        let headers = services().flat_map(|s| &s.headers).chain(responses().flat_map(|r| &r.headers)).map(|h| &h.ty);
        let types = parameters.chain(bodies).chain(responses().map(|r| &r.ty)).chain(headers);
        let named = self.service.resources.iter().filter_map(|r| self.scope.resource_type(&r.common.name.value));
        let named =
            named.filter_map(|Target { unit, kind, index }| number_in(self.api, self.service_of(unit)?, kind, index));
        types.filter_map(|ty| number_of(self.api, ty)).chain(named).collect()
    }
}
