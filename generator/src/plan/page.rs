//! Paged lists: operations with the parameters `limit` and `offset`.

use proc_macro2::TokenStream;
use quote::quote;

use super::items::Page;
use apigen_model::api::{Operation, Parameter, Primitive, Type};
use apigen_model::behaviour::Output;
use apigen_model::vocabulary::names::Name;

/// Returns true if the operation returns one list, which may be paged.
pub fn paged(operation: &Operation, form: &Output<'_>) -> bool {
    matches!(form, Output::One(Type::List(_))) && number(operation, "limit").and(number(operation, "offset")).is_some()
}

/// Plans how the params struct reads and sets its page. `fields` has the field of each parameter in it.
pub fn page(operation: &Operation, fields: &[(String, Name)]) -> Option<Page> {
    let part = |name: &str| {
        let field = fields.iter().find(|(wire, _)| wire == name).map(|(_, field)| field)?;
        Some((number(operation, name)?, field))
    };
    let ((limit, limit_field), (offset, offset_field)) = (part("limit")?, part("offset")?);
    Some(Page {
        limit: get(limit, limit_field),
        offset: get(offset, offset_field),
        set_offset: set(offset, offset_field),
    })
}

fn number<'o>(operation: &'o Operation, name: &str) -> Option<&'o Parameter> {
    let numbers = [Type::Primitive(Primitive::Integer), Type::Primitive(Primitive::Long)];
    operation.parameters.iter().find(|p| p.name == name && numbers.contains(&p.ty))
}

/// Converts the field, 32 or 64 bits, optional or not, to `Option<i64>`.
fn get(parameter: &Parameter, field: &Name) -> TokenStream {
    let long = parameter.ty == Type::Primitive(Primitive::Long);
    match (parameter.required, long) {
        (true, true) => quote!(Some(self.#field)),
        (true, false) => quote!(Some(self.#field.into())),
        (false, true) => quote!(self.#field),
        (false, false) => quote!(self.#field.map(i64::from)),
    }
}

fn set(parameter: &Parameter, field: &Name) -> TokenStream {
    let value = match parameter.ty == Type::Primitive(Primitive::Long) {
        true => quote!(offset),
        false => quote!(i32::try_from(offset).unwrap_or(i32::MAX)),
    };
    if parameter.required { quote!(self.#field = #value) } else { quote!(self.#field = Some(#value)) }
}
