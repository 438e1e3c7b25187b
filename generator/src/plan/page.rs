//! Paged lists: operations with the parameters `limit` and `offset`.

use super::items::{Page, Parameter};
use apigen_model::api::{self, Operation, Primitive, Type};
use apigen_model::behaviour::Output;

/// Returns true if the operation returns one list, which may be paged.
pub fn paged(operation: &Operation, form: &Output<'_>) -> bool {
    matches!(form, Output::One(Type::List(_))) && number(operation, "limit").and(number(operation, "offset")).is_some()
}

/// Plans how the params struct reads and sets its page. `parameters` are those of the operation.
pub fn page(operation: &Operation, parameters: &[Parameter]) -> Option<Page> {
    let part = |name: &str| {
        let field = parameters.iter().find(|parameter| parameter.in_params && parameter.wire == name)?;
        number(operation, name).map(|_| field.name.clone())
    };
    Some(Page { limit: part("limit")?, offset: part("offset")? })
}

fn number<'o>(operation: &'o Operation, name: &str) -> Option<&'o api::Parameter> {
    let numbers = [Type::Primitive(Primitive::Integer), Type::Primitive(Primitive::Long)];
    operation.parameters.iter().find(|p| p.name == name && numbers.contains(&p.ty))
}
