//! Responses of an operation: its success type, its declared errors, and the table that distinguishes them.

use super::attributes::item_attributes;
use super::items::{HeaderInfo, ResponseInfo, RustType, StatusEnum, StatusKind, StatusVariant, TypePath};
use super::status::reason;
use super::types::Scope;
use apigen_model::api::{Code, Primitive, Response, Type};
use apigen_model::behaviour::{Output, RouteResponse};
use apigen_model::vocabulary::names::{Name, NameAllocator};

const UNIT: Type = Type::Primitive(Primitive::Unit);

/// Returns a row of the table of declared responses.
pub fn info(scope: Scope<'_>, response: &RouteResponse<'_>) -> ResponseInfo {
    let headers = response.headers.iter().map(|header| HeaderInfo {
        wire: header.name.to_owned(),
        ty: scope.owned(header.ty),
        list: header.list,
        required: header.required,
        sensitive: header.sensitive,
    });
    ResponseInfo {
        status: response.status,
        success: response.success,
        unit: *response.ty == UNIT,
        text: *response.ty == Type::Primitive(Primitive::String),
        sensitive: response.sensitive,
        headers: headers.collect(),
    }
}

/// Returns the type of the form; `name` is that of the enum for [`Output::Several`].
pub fn output_type(scope: Scope<'_>, output: &Output<'_>, name: &Name) -> RustType {
    match output {
        Output::Unit => RustType::Unit,
        Output::One(ty) => scope.owned(ty),
        Output::Optional(ty) => scope.optional(ty),
        Output::Several => RustType::Path(TypePath::local(name)),
    }
}

/// Plans an enum with a variant for each response.
pub fn status_enum(
    scope: Scope<'_>,
    responses: &[&Response],
    name: &Name,
    kind: StatusKind,
    docs: String,
) -> StatusEnum {
    let mut names = NameAllocator::new();
    let variants = responses.iter().map(|response| {
        let (status, text) = match response.code {
            Code::Status(code) => (Some(code), reason(code).map_or_else(|| format!("Status{code}"), str::to_owned)),
            Code::Default => (None, "Default".to_owned()),
        };
        let mut attributes = item_attributes(response.description.as_deref(), response.deprecation.as_ref());
        if attributes.docs.is_empty() {
            attributes.docs = vec![status.map_or("Any other status.".to_owned(), |code| format!("Status {code}."))];
        }
        let ty = (response.ty != UNIT).then(|| scope.owned(&response.ty));
        StatusVariant { attributes, name: names.ty(&text), status, ty }
    });
    StatusEnum { docs, name: name.clone(), variants: variants.collect(), kind }
}
