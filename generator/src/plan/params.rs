//! The struct of the parameters that are not positional.

use super::attributes::{default, item_attributes, limits, with_facts};
use super::docs::code_span;
use super::items::{Conversion, Derives, Expression, ItemAttributes, ParamField, ParamSetter, Params, RustType};
use super::literal::{expression, is_type_default};
use super::model::argument;
use super::types::Scope;
use apigen_model::api::{Operation, Parameter, Primitive, Type};
use apigen_model::behaviour::{RouteParameter, must_be_given};
use apigen_model::vocabulary::names::{Name, NameAllocator};

/// Methods of std's traits whose names clippy rejects elsewhere.
const STD_NAMES: [&str; 14] =
    ["add", "sub", "mul", "div", "rem", "shl", "shr", "bitand", "bitor", "bitxor", "not", "neg", "next", "eq"];

const STRING: Type = Type::Primitive(Primitive::String);

/// Plans the struct of these parameters, with a field for each; `None` if there are none.
pub fn params(scope: Scope<'_>, operation: &Operation, name: &Name, rest: &[&RouteParameter<'_>]) -> Option<Params> {
    if rest.is_empty() {
        return None;
    }
    let (mut fields, mut setters) = (NameAllocator::new(), NameAllocator::new());
    // A setter would shadow functions that generated code and users call.
    ["new", "default", "clone"].iter().for_each(|name| setters.reserve(name));
    let planned: Vec<ParamField> =
        rest.iter().map(|p| field(scope, p, fields.value(&p.parameter.name), &mut setters)).collect();
    let free = planned.iter().all(|field| field.argument.is_none());
    let derivable = free && rest.iter().all(|p| p.parameter.default.as_ref().is_none_or(is_type_default));
    let debug_impl = planned.iter().any(|field| field.sensitive);
    let mut derives = if debug_impl { vec!["Clone"] } else { vec!["Debug", "Clone"] };
    derives.extend(derivable.then_some("Default"));
    derives.push("PartialEq");
    let what = code_span(&format!("{} {}", operation.method.as_str(), operation.path));
    Some(Params {
        name: name.clone(),
        docs: vec![format!("Parameters of {what}.")],
        fields: planned,
        derives: Derives { own: derives, ..Derives::default() },
        default_impl: free && !derivable,
        debug_impl,
        page: None,
    })
}

fn field(
    scope: Scope<'_>,
    &RouteParameter { parameter, sensitive, .. }: &RouteParameter<'_>,
    name: Name,
    setters: &mut NameAllocator,
) -> ParamField {
    let attributes = parameter_attributes(parameter, sensitive);
    let list = matches!(parameter.ty, Type::List(_));
    // An optional list needs no `Option`: absent and empty are the same on the wire.
    let option = !parameter.required && !list;
    let ty = if option { scope.optional(&parameter.ty) } else { scope.owned(&parameter.ty) };
    if must_be_given(parameter) {
        let argument = Some(argument(scope, &name, &parameter.ty, None));
        return ParamField { attributes, name, ty, argument, preset: None, setter: None, sensitive };
    }
    let preset = match &parameter.default {
        Some(literal) => expression(scope, literal),
        None if list => Expression::New(scope.std("Vec")),
        None => Expression::None,
    };
    let setter = Some(setter(scope, parameter, &name, option, setters));
    ParamField { attributes, name, ty, argument: None, preset: Some(preset), setter, sensitive }
}

fn setter(
    scope: Scope<'_>,
    parameter: &Parameter,
    name: &Name,
    option: bool,
    names: &mut NameAllocator,
) -> ParamSetter {
    let (ty, conversion) = setter_argument(scope, &parameter.ty);
    let value = Expression::Argument(name.clone(), conversion);
    let setter = names.value(&parameter.name);
    ParamSetter {
        odd_name: odd_name(setter.as_str()),
        name: setter,
        ty,
        value: if option { Expression::Some(Box::new(value)) } else { value },
    }
}

/// Returns the lint of clippy that rejects this name for a method that takes `self` by value.
fn odd_name(name: &str) -> Option<&'static str> {
    let converts = ["as_", "from_", "into_", "is_", "to_"].iter().any(|prefix| name.starts_with(prefix));
    match name {
        _ if STD_NAMES.contains(&name) => Some("should_implement_trait"),
        _ if converts => Some("wrong_self_convention"),
        _ => None,
    }
}

fn setter_argument(scope: Scope<'_>, ty: &Type) -> (RustType, Conversion) {
    let into = |ty| RustType::Into(scope.std("Into"), Box::new(scope.owned(ty)));
    let iterator = |element| RustType::IntoIterator(scope.std("IntoIterator"), Box::new(element));
    match ty {
        &STRING => (into(ty), Conversion::Into),
        Type::List(inner) if **inner == STRING => (iterator(into(inner)), Conversion::CollectInto(scope.std("Into"))),
        Type::List(inner) => (iterator(scope.owned(inner)), Conversion::Collect),
        other => (scope.owned(other), Conversion::Nothing),
    }
}

fn parameter_attributes(parameter: &Parameter, sensitive: bool) -> ItemAttributes {
    let attributes = item_attributes(parameter.description.as_deref(), parameter.deprecation.as_ref());
    let limits = limits(&parameter.ty, parameter.minimum, parameter.maximum);
    with_facts(attributes, [limits, default(parameter.default.as_ref().filter(|_| !sensitive))])
}
