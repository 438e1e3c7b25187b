//! The state of a stateful mock, as generated code.

use super::context::Context;
use super::empty::smallest;
use super::items::{RustType, State, Stored};
use apigen_model::api::{Id, Role, Service, Type};
use apigen_model::behaviour::direct;
use apigen_model::behaviour::state::{self, Action, Collection, StoredOperation};

/// Plans the state of a service's mock; `None` if it has no collection.
pub fn state(cx: &Context<'_>, id: Id<Service>) -> Option<State> {
    let service = &cx.api.services[id];
    if service.role != Role::Requested || !cx.options.mocks.wanted() {
        return None;
    }
    let table = state::state_table(cx.api, service, &cx.smallest, &cx.fields)?;
    let scope = cx.child(id);
    let collections = table.collections.into_iter().map(|own| {
        let ty = scope.owned(&Type::Model(own.model));
        (own, ty)
    });
    let collections: Vec<(Collection, RustType)> = collections.collect();
    let models = collections.iter().map(|(own, _)| Type::Model(own.model));
    let refusals = table.operations.iter().flat_map(|operation| &operation.refusals).map(|(_, ty)| ty.clone());
    Some(State {
        roots: models.chain(refusals).filter_map(|ty| direct(&ty)).collect(),
        operations: table.operations.into_iter().map(|own| operation(cx, id, own)).collect(),
        collections,
    })
}

fn operation(cx: &Context<'_>, id: Id<Service>, mut operation: StoredOperation) -> Stored {
    let scope = cx.child(id);
    let symbols = &cx.symbols[id].resources[operation.place.resource];
    let method = &symbols.operations[operation.place.operation].method;
    let bodies = operation.refusals.iter();
    let bodies = bodies.filter_map(|(status, ty)| Some((*status, scope.owned(ty), smallest(cx, scope, ty)?))).collect();
    // Other bodies say which fields they set.
    if !matches!(operation.action, Action::List | Action::Replace) {
        operation.fields.clear();
    }
    Stored { id: format!("{}.{}", symbols.accessor.as_str(), method.as_str()), operation, bodies }
}
