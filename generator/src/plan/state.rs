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
    let roots = models.chain(refusals).filter_map(|ty| direct(&ty)).collect();
    let collections = table.collections.into_iter().enumerate().map(|(index, own)| Collection {
        fields: body_fields(&table.operations, index),
        ty: cx.child(id).owned(&Type::Model(own.model)),
        own,
    });
    let collections: Vec<Collection> = collections.collect();
    let operations = table.operations.into_iter();
    let operations = operations.map(|own| operation(cx, id, &collections[own.collection].fields, own)).collect();
    Some(State { roots, operations, collections })
}

/// Returns the fields that the first operation of a collection with a body sets, which are mostly those of all.
fn body_fields(operations: &[StoredOperation], collection: usize) -> Vec<String> {
    let mut own = operations.iter().filter(|operation| operation.collection == collection);
    let first = own.find(|operation| matches!(operation.action, Action::Create | Action::Replace | Action::Change));
    first.map(|operation| operation.fields.clone()).unwrap_or_default()
}

fn operation(cx: &Context<'_>, id: Id<Service>, shared: &[String], own: StoredOperation) -> Stored {
    let scope = cx.child(id);
    let symbols = &cx.symbols[id].resources[own.place.resource];
    let method = &symbols.operations[own.place.operation].method;
    let bodies = own.refusals.iter();
    let bodies = bodies.filter_map(|(status, ty)| Some((*status, scope.owned(ty), smallest(cx, scope, ty)?))).collect();
    let fields = match own.action {
        Action::List => Some(&own.fields),
        Action::Read | Action::Delete => None,
        Action::Create | Action::Replace | Action::Change => Some(&own.fields).filter(|own| *own != shared),
    };
    let fields = fields.cloned();
    Stored { id: format!("{}.{}", symbols.accessor.as_str(), method.as_str()), own, fields, bodies }
}
