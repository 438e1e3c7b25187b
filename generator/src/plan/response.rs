//! Responses of an operation: its success type, its declared errors, and the table that distinguishes them.

use proc_macro2::TokenStream;
use quote::quote;

use super::attributes::item_attributes;
use super::items::{ResponseInfo, StatusEnum, StatusKind, StatusVariant};
use super::status::reason;
use super::types::Scope;
use apigen_model::api::{Code, Primitive, Response, Type};
use apigen_model::behaviour::{Outcomes, Output};
use apigen_model::vocabulary::names::{Name, NameAllocator};

const UNIT: Type = Type::Primitive(Primitive::Unit);

/// Returns the table of the declared responses. `is_sensitive` returns true for types with sensitive values.
pub fn infos(outcomes: &Outcomes<'_>, is_sensitive: &dyn Fn(&Type) -> bool) -> Vec<ResponseInfo> {
    let is_success = |response: &Response| outcomes.success.iter().any(|success| success.code == response.code);
    let infos = outcomes.responses.iter().map(|response| {
        let status = match response.code {
            Code::Status(code) => Some(code),
            Code::Default => None,
        };
        ResponseInfo { success: is_success(response), ..info(response, status, is_sensitive) }
    });
    infos.collect()
}

fn info(response: &Response, status: Option<u16>, is_sensitive: &dyn Fn(&Type) -> bool) -> ResponseInfo {
    let (unit, text) = (response.ty == UNIT, response.ty == Type::Primitive(Primitive::String));
    ResponseInfo { status, success: false, unit, text, sensitive: is_sensitive(&response.ty), headers: Vec::new() }
}

/// Returns the tokens of the form; `name` is that of the enum for [`Output::Several`].
pub fn output_type(scope: Scope<'_>, output: &Output<'_>, name: &Name) -> TokenStream {
    match output {
        Output::Unit => quote!(()),
        Output::One(ty) => scope.owned(ty),
        Output::Optional(ty) => scope.optional(ty),
        Output::Several => quote!(#name),
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
