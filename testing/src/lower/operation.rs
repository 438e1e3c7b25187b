//! Lowers operations.

use apigen_runtime::validate::MessageLocation;
use apigen_runtime::validate::schema::{
    OperationDefinition, ParameterDefinition, RefusalDefinition, ResponseDefinition,
};

use apigen_model::api::{Api, Code, Location, Operation, Parameter, Role};
use apigen_model::behaviour::refusal::{Refusal, refusals};
use apigen_model::behaviour::{OperationSensitivity, SensitiveAnnotations, SensitiveTypes, operation_ids};
use apigen_model::vocabulary::http::is_token;

use super::types::ty;

/// Lowers the operations of the requested services, named as in generated code.
pub fn operations(api: &Api, annotations: &SensitiveAnnotations) -> Vec<OperationDefinition> {
    let sensitive = SensitiveTypes::new(api, annotations);
    let requested = api.services.iter().filter(|(_, service)| service.role == Role::Requested);
    let resources = requested.flat_map(|(_, service)| service.resources.iter().zip(operation_ids(service)));
    let operations = resources.flat_map(|(resource, ids)| {
        let of_resource = resource.operations.iter().zip(ids).map(|(operation, id)| {
            let names = OperationSensitivity::new(&sensitive, (api, annotations), resource, operation);
            definition(api, operation, &names, id)
        });
        of_resource.collect::<Vec<_>>()
    });
    operations.collect()
}

fn definition(api: &Api, operation: &Operation, sensitive: &OperationSensitivity, id: String) -> OperationDefinition {
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
            .map(|parameter| self::parameter(parameter, sensitive.parameter(parameter)))
            .collect(),
        body: operation.body.as_ref().map(|body| ty(&body.ty)),
        responses: responses.collect(),
        refusals: refusals(api, operation)
            .into_iter()
            .map(|Refusal { statuses, template }| RefusalDefinition { statuses, template })
            .collect(),
    }
}

fn parameter(parameter: &Parameter, sensitive: bool) -> ParameterDefinition {
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
        sensitive,
        minimum: parameter.minimum,
        maximum: parameter.maximum,
    }
}
