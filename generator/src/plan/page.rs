//! Paged lists: operations with the parameters `limit` and `offset`.

use super::items::{Page, PageField};
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
        let (_, field) = fields.iter().find(|(wire, _)| wire == name)?;
        let parameter = number(operation, name)?;
        let long = parameter.ty == Type::Primitive(Primitive::Long);
        Some(PageField { name: field.clone(), required: parameter.required, long })
    };
    Some(Page { limit: part("limit")?, offset: part("offset")? })
}

fn number<'o>(operation: &'o Operation, name: &str) -> Option<&'o Parameter> {
    let numbers = [Type::Primitive(Primitive::Integer), Type::Primitive(Primitive::Long)];
    operation.parameters.iter().find(|p| p.name == name && numbers.contains(&p.ty))
}
