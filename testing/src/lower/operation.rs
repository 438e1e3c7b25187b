//! Lowers operations.

use apigen_runtime::client::{HeaderInfo, ResponseInfo};
use apigen_runtime::validate::MessageLocation;
use apigen_runtime::validate::schema::{OperationDefinition, ParameterDefinition, Presence, Refusal, Type, list, text};

use apigen_model::api::{Api, Location, Role};
use apigen_model::behaviour::{
    self, Route, RouteHeader, RouteParameter, RouteResponse, SensitiveAnnotations, SensitiveTypes, operation_ids,
};

use super::types::ty;

/// Lowers the operations of the requested services, named as in generated code.
pub fn operations(api: &Api, annotations: &SensitiveAnnotations) -> Vec<OperationDefinition> {
    let sensitive = SensitiveTypes::new(api, annotations);
    let requested = api.services.iter().filter(|(_, service)| service.role == Role::Requested);
    let resources = requested.flat_map(|(_, service)| service.resources.iter().zip(operation_ids(service)));
    let operations = resources.flat_map(|(resource, ids)| {
        let of_resource = resource
            .operations
            .iter()
            .zip(ids)
            .map(|(operation, id)| definition(Route::new(&sensitive, (api, annotations), resource, operation), id));
        of_resource.collect::<Vec<_>>()
    });
    operations.collect()
}

fn definition(route: Route<'_>, id: String) -> OperationDefinition {
    let refusals = route.refusals.into_iter();
    OperationDefinition {
        id,
        method: route.operation.method.as_str(),
        path: route.operation.path.clone(),
        side_effects: route.side_effects,
        sensitive: route.sensitive,
        parameters: route.parameters.into_iter().map(parameter).collect(),
        body: route.body.map(ty),
        responses: route.responses.iter().map(response).collect(),
        refusals: refusals.map(|own| Refusal::new(list(own.statuses), text(&own.template))).collect(),
    }
}

fn parameter(own: RouteParameter<'_>) -> ParameterDefinition {
    let RouteParameter { parameter, presence, argument, sensitive } = own;
    ParameterDefinition {
        location: match parameter.location {
            Location::Path => MessageLocation::Path,
            Location::Query => MessageLocation::Query,
            Location::Form => MessageLocation::Form,
            Location::Header => MessageLocation::Header,
        },
        name: text(&parameter.name),
        ty: ty(&parameter.ty),
        presence: match presence {
            behaviour::Presence::Optional => Presence::Optional,
            behaviour::Presence::Required => Presence::Required,
            behaviour::Presence::List => Presence::List,
            behaviour::Presence::PresetList => Presence::PresetList,
            behaviour::Presence::Object => Presence::Object,
        },
        argument,
        sensitive,
        minimum: parameter.minimum,
        maximum: parameter.maximum,
    }
}

fn response(response: &RouteResponse<'_>) -> (ResponseInfo, Type) {
    let RouteResponse { status, success, ty: body, sensitive, .. } = *response;
    let headers = list(response.headers.iter().map(header).collect());
    let info = ResponseInfo { status, success, sensitive, headers, ..ResponseInfo::others(success) };
    (info, ty(body))
}

fn header(header: &RouteHeader<'_>) -> HeaderInfo {
    let name = text(header.name);
    let mut info = if header.list { HeaderInfo::list::<String>(name) } else { HeaderInfo::of::<String>(name) };
    (info.required, info.sensitive) = (header.required, header.sensitive);
    info
}
