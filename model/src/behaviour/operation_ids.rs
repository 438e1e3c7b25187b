//! Ids of operations: `users.get_by_guid` is the method `get_by_guid` of the clients' accessor `users`.

use super::apigen_values;
use crate::api::{Operation, Resource, Service};
use crate::vocabulary::method_names::{MethodName, Route, method_names};
use crate::vocabulary::names::{Name, NameAllocator};

/// Names that no resource may shadow: methods of clients, mock clients and the mocks that these dereference to,
/// functions of servers, and methods of std's prelude that clients have, alone or in an `Arc` or `Box`.
const RESERVED: &str = "\
    allow_side_effects as_mut as_ref be_strict builder calls check_answers client clone clone_from clone_into \
    default drop fall_through falling_through faults from from_client into journal journal_bytes journal_limit \
    new on overriding reset router serve state_bytes stateful strict to_owned try_from try_into validator verify \
    with_header with_request_id";

/// Returns true if no resource may have an accessor of this name.
pub fn is_reserved(name: &str) -> bool {
    RESERVED.split(' ').any(|reserved| reserved == name)
}

/// Returns the accessors of a service's resources, and the scope that they are in.
pub fn accessors(resources: &[Resource]) -> (Vec<Name>, NameAllocator) {
    let mut scope = NameAllocator::new();
    RESERVED.split(' ').for_each(|name| scope.reserve(name));
    let names = resources.iter().map(|resource| scope.value(&resource.plural)).collect();
    (names, scope)
}

/// Returns the name chosen for an operation by the user, or by the spec's author with an attribute `apigen` of
/// `{"name": "…"}`.
pub fn name_override(operation: &Operation) -> Option<&str> {
    let written = || apigen_values(&operation.attributes, "name").find_map(|name| name.as_str());
    operation.name.as_deref().or_else(written)
}

/// Returns the methods of a resource's operations in order: the name by the naming rule, and the resulting identifier.
pub fn methods(resource: &Resource) -> Vec<(MethodName, Name)> {
    let given: Vec<Route<'_>> =
        resource.operations.iter().map(|o| (o.method, o.path.as_str(), name_override(o))).collect();
    let mut scope = NameAllocator::new();
    // The traits of resources have it.
    scope.reserve("http");
    let names = method_names(resource.path.as_deref(), &given).into_iter();
    names.map(|method| (method.clone(), scope.value(&method.name))).collect()
}

/// Returns the ids of a service's operations, by resource.
pub fn operation_ids(service: &Service) -> Vec<Vec<String>> {
    let (accessors, _) = accessors(&service.resources);
    let resources = service.resources.iter().zip(&accessors);
    let ids = resources.map(|(resource, accessor)| {
        let methods = methods(resource).into_iter();
        methods.map(|(_, method)| format!("{}.{}", accessor.as_str(), method.as_str())).collect()
    });
    ids.collect()
}
