//! The operations that rules can name.

use std::collections::HashMap;

use apigen_model::api::{Api, Code, Operation, Response, Role};
use apigen_model::behaviour::{Outcomes, operation_ids};
use apigen_model::source::json::Span;
use apigen_model::vocabulary::http::with_upper_method;

use super::problems::{OPERATION, Problems};

/// An operation with its id.
pub(super) struct Target<'a> {
    pub(super) id: String,
    pub(super) operation: &'a Operation,
}

/// All operations of the requested services, by their names: `users.get_by_guid` and `GET /users/:guid`.
pub(super) struct Operations<'a> {
    targets: Vec<Target<'a>>,
    by_name: HashMap<String, Vec<usize>>,
}

impl<'a> Operations<'a> {
    pub(super) fn new(api: &'a Api) -> Operations<'a> {
        let services = api.services.iter().filter(|(_, service)| service.role == Role::Requested);
        let resources = services.flat_map(|(_, service)| service.resources.iter().zip(operation_ids(service)));
        let targets = resources.flat_map(|(resource, ids)| {
            resource.operations.iter().zip(ids).map(|(operation, id)| Target { id, operation })
        });
        let targets: Vec<Target<'a>> = targets.collect();
        let mut by_name: HashMap<String, Vec<usize>> = HashMap::new();
        for (index, target) in targets.iter().enumerate() {
            for name in [target.id.clone(), target.route()] {
                by_name.entry(name).or_default().push(index);
            }
        }
        Operations { targets, by_name }
    }

    /// Finds an operation by a name; reports a name of none or several.
    pub(super) fn find(&self, name: &str, at: Span, problems: &mut Problems) -> Option<&Target<'a>> {
        let name = with_upper_method(name.trim());
        match self.by_name.get(name.as_ref()).map(Vec::as_slice) {
            Some([index]) => self.targets.get(*index),
            Some(several) => {
                let routes = several.iter().filter_map(|index| self.targets.get(*index)).map(Target::route);
                let routes: Vec<String> = routes.collect();
                let message = format!("`{name}` is the name of operations of several services");
                problems.add(OPERATION, at, message, Some(format!("write method and path: {}", routes.join(" or "))));
                None
            }
            None => {
                let help = self.suggestion(&name, problems);
                problems.add(OPERATION, at, format!("unknown operation `{name}`"), help);
                None
            }
        }
    }

    fn suggestion(&self, name: &str, problems: &Problems) -> Option<String> {
        let ids: Vec<&str> = self.targets.iter().map(|target| target.id.as_str()).collect();
        let routes: Vec<String> = self.targets.iter().map(Target::route).collect();
        let is_route = name.contains([' ', '/']);
        let routes: Vec<&str> = routes.iter().map(String::as_str).collect();
        problems.suggestion(name, if is_route { &routes } else { &ids }, "operations")
    }
}

impl<'a> Target<'a> {
    fn route(&self) -> String {
        format!("{} {}", self.operation.method.as_str(), self.operation.path)
    }

    /// Returns the declaration that covers a status.
    pub(super) fn response(&self, status: u16) -> Option<&'a Response> {
        let with = |code: Code| self.operation.responses.iter().find(move |response| response.code == code);
        with(Code::Status(status)).or_else(|| with(Code::Default))
    }

    /// Returns the status of a rule that names none: the first declared success.
    pub(super) fn default_status(&self) -> u16 {
        let outcomes = Outcomes::new(self.operation);
        let success = outcomes.success.iter().find_map(|response| response.code.status());
        let any = || outcomes.responses.iter().find_map(|response| response.code.status());
        // `default` alone covers 200.
        let by_default = (!outcomes.success.is_empty()).then_some(200);
        success.or(by_default).or_else(any).unwrap_or(200)
    }

    /// Returns the declared statuses as text: `200, 404 and all others`.
    pub(super) fn statuses(&self) -> String {
        let mut statuses: Vec<u16> = self.operation.responses.iter().filter_map(|own| own.code.status()).collect();
        statuses.sort_unstable();
        statuses.iter().map(u16::to_string).collect::<Vec<_>>().join(", ")
    }
}
