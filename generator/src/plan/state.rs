//! The state of a stateful mock, as generated code.

use super::context::Context;
use super::empty::smallest;
use super::items::{Collection, State, Stored};
use apigen_model::api::{Id, Role, Service, Type};
use apigen_model::behaviour::direct;
use apigen_model::behaviour::state::{self, Action, StoredOperation};

/// Plans the state of a service's mock; `None` if it has no collection.
pub fn state(cx: &Context<'_>, id: Id<Service>) -> Option<State> {
    let service = &cx.api.services[id];
    if service.role != Role::Requested || !cx.options.mocks.wanted() {
        return None;
    }
    let table = state::state_table(cx.api, service, &cx.smallest, &cx.fields)?;
    let models = table.collections.iter().map(|collection| Type::Model(collection.model));
    let refusals = table.operations.iter().flat_map(|operation| &operation.refusals).map(|(_, ty)| ty.clone());
    Some(State {
        roots: models.chain(refusals).filter_map(|ty| direct(&ty)).collect(),
        collections: table.collections.iter().map(|own| collection(cx, id, own)).collect(),
        operations: table.operations.into_iter().map(|own| operation(cx, id, own)).collect(),
    })
}

fn collection(cx: &Context<'_>, id: Id<Service>, collection: &state::Collection) -> Collection {
    Collection {
        key: collection.key.clone(),
        keys: collection.keys,
        unique: collection.unique.clone(),
        instants: collection.instants.clone(),
        ty: cx.child(id).owned(&Type::Model(collection.model)),
    }
}

fn operation(cx: &Context<'_>, id: Id<Service>, operation: StoredOperation) -> Stored {
    let scope = cx.child(id);
    let symbols = &cx.symbols[id].resources[operation.place.resource];
    let method = &symbols.operations[operation.place.operation].method;
    let bodies = operation.refusals.iter().filter_map(|(status, ty)| {
        let (ty, value) = (scope.owned(ty), smallest(cx, scope, ty)?);
        Some((*status, ty, value))
    });
    Stored {
        id: format!("{}.{}", symbols.accessor.as_str(), method.as_str()),
        collection: operation.collection,
        action: operation.action,
        bodies: bodies.collect(),
        // Other bodies say which fields they set.
        fields: match operation.action {
            Action::List | Action::Replace => operation.fields,
            Action::Create | Action::Read | Action::Change | Action::Delete => Vec::new(),
        },
        path: operation.path,
    }
}
