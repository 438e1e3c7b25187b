//! Method names chosen by users, for specs that they cannot change.

use std::collections::HashMap;

use crate::option_error::OptionError;
use apigen_model::api::{Api, Id, Operation, Role, Service};
use apigen_model::behaviour::{name_override, operation_ids};
use apigen_model::vocabulary::http::with_upper_method;
use apigen_model::vocabulary::method_names::{Route, clashes, name_problem};
use apigen_model::vocabulary::suggestions::meant;

const OPTION: &str = "rename";

/// A new name for the method of an operation.
#[derive(Debug, Clone)]
pub struct Rename {
    /// Method and path, `GET /users/:guid`, or the id, `users.get_by_guid`.
    pub operation: String,
    pub name: String,
}

/// Returns the names that no method can have, and operations with several names.
pub fn rename_errors(renames: &[Rename]) -> Vec<OptionError> {
    let error = |(at, Rename { operation, name }): (usize, &Rename)| {
        if let Some(help) = name_problem(name) {
            let message = format!("`{operation}`: `{name}` cannot be the name of a method");
            return Some(OptionError::new("E053", OPTION, name, message, help).of_value(operation));
        }
        let route = with_upper_method(operation);
        let earlier = renames[..at].iter().find(|earlier| with_upper_method(&earlier.operation) == route)?;
        let message = format!("`{operation}` already has the name `{}`", earlier.name);
        Some(OptionError::new("E053", OPTION, name, message, "a method has one name").of_value(operation))
    };
    renames.iter().enumerate().filter_map(error).collect()
}

/// Sets the names in the model, where they override those of the spec. Returns the operations that do not exist, and the
/// names that another operation of the resource has.
pub fn rename(api: &mut Api, renames: &[Rename]) -> (Vec<OptionError>, Vec<OptionError>) {
    if renames.is_empty() {
        return Default::default();
    }
    let (all, mut unmatched, mut renamed) = (known(api), Vec::new(), HashMap::new());
    for rename in renames {
        let Rename { operation, name } = rename;
        let route = with_upper_method(operation);
        let found = all.iter().filter(|known| known.id == *operation || known.route == route);
        let mut found = found.peekable();
        if found.peek().is_none() {
            let known: Vec<&str> = all.iter().flat_map(|known| [known.id.as_str(), &known.route]).collect();
            let message = format!("no operation is named `{operation}`");
            let help = "write its method and path, as in `GET /users/:guid`";
            let near = meant(operation, &known).map(str::to_owned);
            unmatched.push(OptionError::new("E056", OPTION, operation, message, help).near(near));
        }
        for known in found {
            api.services[known.service].resources[known.place.0].operations[known.place.1].name = Some(name.clone());
            renamed.insert(known.route.clone(), rename);
        }
    }
    (unmatched, clashing(api, &renamed))
}

/// An operation with the texts that identify it.
struct Known {
    service: Id<Service>,
    /// Positions of resource and operation.
    place: (usize, usize),
    id: String,
    route: String,
}

fn known(api: &Api) -> Vec<Known> {
    let mut all = Vec::new();
    for (service, own) in api.services.iter().filter(|(_, service)| service.role == Role::Requested) {
        for (at, (resource, ids)) in own.resources.iter().zip(operation_ids(own)).enumerate() {
            for (index, (operation, id)) in resource.operations.iter().zip(ids).enumerate() {
                all.push(Known { service, place: (at, index), id, route: route(operation) });
            }
        }
    }
    all
}

fn route(operation: &Operation) -> String {
    format!("{} {}", operation.method.as_str(), operation.path)
}

/// Returns the chosen names that another operation of the resource has, too. `renamed` has the choices by route.
fn clashing(api: &Api, renamed: &HashMap<String, &Rename>) -> Vec<OptionError> {
    let mut errors = Vec::new();
    let requested = api.services.iter().filter(|(_, service)| service.role == Role::Requested);
    for resource in requested.flat_map(|(_, service)| &service.resources) {
        let given: Vec<Route<'_>> =
            resource.operations.iter().map(|o| (o.method, o.path.as_str(), name_override(o))).collect();
        for (own, other) in clashes(resource.path.as_deref(), &given) {
            let (own, other) = (&resource.operations[own], &resource.operations[other]);
            // Either of the two may be the one that was renamed.
            let Some(rename) = renamed.get(&route(own)).or_else(|| renamed.get(&route(other))) else { continue };
            let other = if renamed.contains_key(&route(own)) { other } else { own };
            let Rename { operation, name } = rename;
            let message = format!("`{operation}`: `{name}` is the method of `{}` already", route(other));
            let help = "give each operation of a resource a name of its own";
            errors.push(OptionError::new("E053", OPTION, name, message, help).of_value(operation));
        }
    }
    errors
}
