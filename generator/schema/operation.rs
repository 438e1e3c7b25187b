//! Operations.

use apigen_runtime::validate::MessageLocation;
use apigen_runtime::validate::schema::{
    OperationDefinition, ParameterDefinition, RefusalDefinition, ResponseDefinition,
};

use super::ty;
use crate::ir::{Api, Code, Location, Operation, Parameter, Role};
use crate::rust::analysis::Sensitive;
use crate::rust::refusal::{Refusal, refusals};
use crate::rust::sensitive::Hidden;
use crate::rust::symbols::Symbols;
use crate::rust::{Options, is_token};

/// The operations of the requested services, called as in generated code.
pub fn operations(api: &Api, options: &Options) -> Vec<OperationDefinition> {
    let (symbols, sensitive) = (Symbols::new(api), Sensitive::new(api, options));
    let requested = api.services.iter().filter(|(_, service)| service.role == Role::Requested);
    let resources =
        requested.flat_map(|(id, service)| service.resources.iter().zip(&symbols.services[id.index()].resources));
    let operations = resources.flat_map(|(resource, names)| {
        resource.operations.iter().zip(&names.operations).map(|(operation, own)| {
            let hidden = Hidden::new(&sensitive, (api, options), resource, operation);
            definition(api, operation, &hidden, format!("{}.{}", names.accessor.as_str(), own.method.as_str()))
        })
    });
    operations.collect()
}

fn definition(api: &Api, operation: &Operation, hidden: &Hidden, id: String) -> OperationDefinition {
    let responses = operation.responses.iter().map(|response| ResponseDefinition {
        status: match response.code {
            Code::Status(status) => Some(status),
            Code::Default => None,
        },
        ty: ty(&response.ty),
        headers: response.headers.iter().filter(|h| is_token(&h.name)).map(|h| (h.name.clone(), h.required)).collect(),
    });
    OperationDefinition {
        id,
        method: operation.method.as_str(),
        path: operation.path.clone(),
        parameters: operation
            .parameters
            .iter()
            .map(|parameter| self::parameter(parameter, hidden.parameter(parameter)))
            .collect(),
        body: operation.body.as_ref().map(|body| ty(&body.ty)),
        responses: responses.collect(),
        refusals: refusals(api, operation)
            .into_iter()
            .map(|Refusal { statuses, template }| RefusalDefinition { statuses, template })
            .collect(),
    }
}

fn parameter(parameter: &Parameter, secret: bool) -> ParameterDefinition {
    ParameterDefinition {
        location: match parameter.location {
            Location::Path => MessageLocation::Path,
            Location::Query => MessageLocation::Query,
            Location::Form => MessageLocation::Form,
            Location::Header => MessageLocation::Header,
        },
        name: parameter.name.clone(),
        ty: ty(&parameter.ty),
        required: parameter.required && parameter.default.is_none(),
        secret,
        minimum: parameter.minimum,
        maximum: parameter.maximum,
    }
}
