//! What an operation answers: its success type, its declared errors, and the table that tells them apart.

use proc_macro2::TokenStream;
use quote::quote;

use super::attributes::item_attributes;
use super::items::{ResponseInfo, StatusEnum, StatusKind, StatusVariant};
use super::status::reason;
use super::types::Scope;
use apigen_model::api::{Code, Header, Operation, Primitive, Response, Type};
use apigen_model::vocabulary::names::{Name, NameAllocator};

/// The declared responses of an operation, sorted out.
pub struct Outcomes<'a> {
    pub success: Vec<&'a Response>,
    pub errors: Vec<&'a Response>,
    pub infos: Vec<ResponseInfo>,
    /// The declared headers of each.
    pub headers: Vec<&'a [Header]>,
}

const UNIT: Type = Type::Primitive(Primitive::Unit);

/// Sorts the responses by code, since their order in a document means nothing. Declared 2xx are success. `default` stands for every status not listed: an error, and, where no 2xx is listed, for a
/// 2xx the success as well. `is_sensitive` says whether values of a type must not be shown.
pub fn outcomes<'a>(operation: &'a Operation, is_sensitive: &dyn Fn(&Type) -> bool) -> Outcomes<'a> {
    let is_2xx = |r: &&Response| matches!(r.code, Code::Status(200..=299));
    let mut responses: Vec<&Response> = operation.responses.iter().collect();
    responses.sort_by_key(|response| response.code);
    let mut success: Vec<&Response> = responses.iter().copied().filter(|r| is_2xx(r)).collect();
    let errors: Vec<&Response> = responses.iter().copied().filter(|r| !is_2xx(r)).collect();
    let open = success.is_empty();
    if open {
        success.extend(errors.iter().filter(|r| r.code == Code::Default).copied());
    }
    let headers = responses.iter().map(|r| r.headers.as_slice()).collect();
    let infos = responses.iter().map(|r| match r.code {
        Code::Status(code) => ResponseInfo { success: (200..300).contains(&code), ..info(r, Some(code), is_sensitive) },
        Code::Default => ResponseInfo { success: open, ..info(r, None, is_sensitive) },
    });
    Outcomes { infos: infos.collect(), headers, success, errors }
}

fn info(response: &Response, status: Option<u16>, is_sensitive: &dyn Fn(&Type) -> bool) -> ResponseInfo {
    let (unit, text) = (response.ty == UNIT, response.ty == Type::Primitive(Primitive::String));
    ResponseInfo { status, success: false, unit, text, sensitive: is_sensitive(&response.ty), headers: Vec::new() }
}

/// The Rust form of the success responses.
pub enum Output<'a> {
    /// No content, ever.
    Unit,
    /// Always this type.
    One(&'a Type),
    /// This type or no content.
    Optional(&'a Type),
    /// Different types by status.
    Several,
}

/// Decides the form.
pub fn output<'a>(success: &[&'a Response]) -> Output<'a> {
    let types: Vec<&Type> = success.iter().map(|r| &r.ty).filter(|ty| **ty != UNIT).collect();
    match types.split_first() {
        None => Output::Unit,
        Some((first, rest)) if rest.iter().any(|ty| ty != first) => Output::Several,
        Some((first, _)) if types.len() == success.len() => Output::One(first),
        Some((first, _)) => Output::Optional(first),
    }
}

/// The tokens of the form; `name` is that of the enum for [`Output::Several`].
pub fn output_type(scope: Scope<'_>, output: &Output<'_>, name: &Name) -> TokenStream {
    match output {
        Output::Unit => quote!(()),
        Output::One(ty) => scope.owned(ty),
        Output::Optional(ty) => scope.optional(ty),
        Output::Several => quote!(#name),
    }
}

/// An enum with a variant for each response.
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
