//! Names of methods that users choose, for specs that are not theirs.

use super::methods::{Given, chosen_fault, clashes};
use super::symbols::{Symbols, name_override};
use crate::Error;
use crate::ir::{Api, Id, Operation, Role, Service};
use crate::named::Unmatched;
use crate::spec::advice::meant;

/// What the method of an operation is to be called.
#[derive(Debug, Clone)]
pub struct Rename {
    /// Method and path, `GET /users/:guid`, or the id, `users.get_by_guid`.
    pub operation: String,
    /// The name.
    pub name: String,
}

/// Puts the names into the model. They count more than those of the spec. Returns the operations that there are not.
///
/// # Errors
/// A name that cannot be that of a method, or that another operation of the resource has.
pub fn rename(api: &mut Api, renames: &[Rename]) -> Result<Vec<Unmatched>, Error> {
    if renames.is_empty() {
        return Ok(Vec::new());
    }
    let (all, mut unmatched) = (known(api), Vec::new());
    for Rename { operation, name } in renames {
        if let Some(help) = chosen_fault(name) {
            return Err(Error::usage(format!(
                "option rename of `{operation}`: `{name}` cannot be the name of a method; {help}"
            )));
        }
        let found = all.iter().filter(|known| known.id == *operation || known.route == *operation);
        let mut found = found.peekable();
        if found.peek().is_none() {
            let known: Vec<&str> = all.iter().flat_map(|known| [known.id.as_str(), &known.route]).collect();
            unmatched.push(Unmatched {
                option: "rename",
                text: operation.clone(),
                message: format!("no operation is called `{operation}`"),
                near: meant(operation, &known).map(str::to_owned),
                help: "write its method and path, as in `GET /users/:guid`".to_owned(),
            });
        }
        for known in found {
            api.services[known.service].resources[known.place.0].operations[known.place.1].name = Some(name.clone());
        }
    }
    unclashing(api)?;
    Ok(unmatched)
}

/// An operation by what it can be called.
struct Known {
    service: Id<Service>,
    /// Positions of resource and operation.
    place: (usize, usize),
    id: String,
    route: String,
}

/// The operations of requested services.
fn known(api: &Api) -> Vec<Known> {
    let symbols = Symbols::new(api);
    let mut all = Vec::new();
    for (service, own) in api.services.iter().filter(|(_, service)| service.role == Role::Requested) {
        for (at, (resource, names)) in
            own.resources.iter().zip(&symbols.services[service.index()].resources).enumerate()
        {
            for (index, (operation, name)) in resource.operations.iter().zip(&names.operations).enumerate() {
                let id = format!("{}.{}", names.accessor.as_str(), name.method.as_str());
                all.push(Known { service, place: (at, index), id, route: route(operation) });
            }
        }
    }
    all
}

fn route(operation: &Operation) -> String {
    format!("{} {}", operation.method.as_str(), operation.path)
}

fn unclashing(api: &Api) -> Result<(), Error> {
    let requested = api.services.iter().filter(|(_, service)| service.role == Role::Requested);
    for resource in requested.flat_map(|(_, service)| &service.resources) {
        let given: Vec<Given<'_>> =
            resource.operations.iter().map(|o| (o.method, o.path.as_str(), name_override(o))).collect();
        if let Some(&(own, other)) = clashes(resource.path.as_deref(), &given).first() {
            let (own, other) = (&resource.operations[own], &resource.operations[other]);
            let name = own.name.as_deref().unwrap_or_default();
            return Err(Error::usage(format!(
                "option rename of `{}`: `{name}` is the method of `{}` already",
                route(own),
                route(other)
            )));
        }
    }
    Ok(())
}
