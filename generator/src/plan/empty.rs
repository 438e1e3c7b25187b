//! The smallest values, for mocks without rules.

use std::collections::BTreeSet;

use super::context::Context;
use super::items::{Empty, EmptyBody, EmptyResponse, Expression, State, TypePath};
use super::literal::expression;
use super::status::reason;
use super::symbols::EnumSymbols;
use super::types::{BTREE_MAP, Scope};
use apigen_model::api::{Field, Id, Model, Operation, Primitive, Response, Role, Service, Type, Union};
use apigen_model::behaviour::limits::{fewest, nearest_to_zero};
use apigen_model::behaviour::{Node, Outcomes, Output, direct, is_option};
use apigen_model::vocabulary::names::{Name, NameAllocator};

/// Returns the smallest value of a type as an expression; `None` if every value would be infinite.
pub fn smallest(cx: &Context<'_>, scope: Scope<'_>, ty: &Type) -> Option<Expression> {
    bounded(cx, scope, ty, None, None)
}

/// Returns the result of a mocked method that is not overridden: an empty collection, nothing, or the smallest value.
pub fn empty_result(cx: &Context<'_>, scope: Scope<'_>, outcomes: &Outcomes<'_>, name: &Name) -> Option<Expression> {
    match outcomes.output() {
        Output::Unit => Some(Expression::Unit),
        Output::Optional(_) => Some(Expression::None),
        Output::One(ty) => smallest(cx, scope, ty),
        Output::Several => {
            let (code, response) = first_finite(cx, &outcomes.success)?;
            let mut names = NameAllocator::new();
            let variant = names.ty(&reason(code).map_or_else(|| format!("Status{code}"), str::to_owned));
            let content = match response.ty == UNIT {
                true => None,
                false => Some(Box::new(smallest(cx, scope, &response.ty)?)),
            };
            Some(Expression::Variant(TypePath::local(name), variant, content))
        }
    }
}

/// Returns the same result as a response.
pub fn empty_response(cx: &Context<'_>, scope: Scope<'_>, outcomes: &Outcomes<'_>) -> Option<EmptyResponse> {
    let response = match outcomes.output() {
        Output::Unit | Output::One(_) => outcomes.success.first().copied(),
        Output::Optional(_) => outcomes.success.iter().copied().find(|response| response.ty == UNIT),
        Output::Several => first_finite(cx, &outcomes.success).map(|(_, response)| response),
    };
    let body = match response.map(|response| &response.ty) {
        None | Some(&UNIT) => EmptyBody::Nothing,
        Some(Type::List(_)) => EmptyBody::List,
        Some(Type::Map(_)) => EmptyBody::Map,
        Some(ty @ (Type::Model(_) | Type::Union(_))) if !is_elsewhere(cx, ty) => {
            smallest(cx, scope, ty)?;
            EmptyBody::Smallest(scope.owned(ty))
        }
        Some(ty) => EmptyBody::Value { ty: scope.owned(ty), value: smallest(cx, scope, ty)? },
    };
    let first = outcomes.success.iter().find_map(|response| response.code.status());
    let status = response.and_then(|response| response.code.status()).filter(|code| Some(*code) != first);
    Some(EmptyResponse { body, status })
}

const UNIT: Type = Type::Primitive(Primitive::Unit);

/// Returns the first response with a status that has a finite value.
fn first_finite<'r>(cx: &Context<'_>, success: &[&'r Response]) -> Option<(u16, &'r Response)> {
    let mut finite = success.iter().filter(|response| cx.smallest.exists(&response.ty));
    finite.find_map(|response| Some((response.code.status()?, *response)))
}

/// Returns the impls of `Empty` that mocks need, for the types of one service.
pub fn empties(cx: &Context<'_>, service: Id<Service>, needed: &BTreeSet<Node>) -> Vec<Empty> {
    let scope = cx.child(service);
    let service = &cx.api.services[service];
    let (models, unions) = (service.models.iter().copied(), service.unions.iter().copied());
    let nodes = models.map(Node::Model).chain(unions.map(Node::Union)).filter(|node| needed.contains(node));
    let mut nodes: Vec<Node> = nodes.collect();
    nodes.sort_unstable();
    let empties = nodes.into_iter().filter_map(|node| match node {
        Node::Model(id) => model(cx, scope, id),
        Node::Union(id) => union(cx, scope, id),
    });
    empties.collect()
}

/// Returns all models and unions that some mocked response, or some state, contains in place, here or elsewhere.
pub fn needed(cx: &Context<'_>, states: &[Option<State>]) -> BTreeSet<Node> {
    let requested = cx.api.services.iter().filter(|(_, s)| s.role == Role::Requested);
    let operations = requested.flat_map(|(_, s)| &s.resources).flat_map(|r| &r.operations);
    let answered = operations.flat_map(answers).filter_map(direct);
    let kept = states.iter().flatten().flat_map(|state| state.roots.iter().copied());
    cx.smallest.held(answered.chain(kept).chain(shared(cx)).collect())
}

/// Returns the types for which mocks elsewhere cannot use a factory, since no value is within the limits.
fn shared<'b>(cx: &'b Context<'_>) -> impl Iterator<Item = Node> + 'b {
    let nodes = Node::all(cx.api).filter(|node| cx.reach.has(&node.ty()));
    nodes.filter(|node| cx.smallest.exists(&node.ty()) && !cx.samples.exists(&node.ty()))
}

/// Returns true if a type is generated elsewhere, with a factory. Those mocks implement `Empty` only for their own responses.
fn is_elsewhere(cx: &Context<'_>, ty: &Type) -> bool {
    let service = match ty {
        Type::Model(id) => cx.api.models[*id].service,
        Type::Union(id) => cx.api.unions[*id].service,
        _ => return false,
    };
    cx.symbols[service].external.is_some() && cx.samples.exists(ty)
}

fn answers(operation: &Operation) -> Vec<&Type> {
    let outcomes = Outcomes::new(operation);
    match outcomes.output() {
        Output::One(ty) => vec![ty],
        Output::Several => outcomes.success.iter().map(|r| &r.ty).collect(),
        Output::Unit | Output::Optional(_) => Vec::new(),
    }
}

fn model(cx: &Context<'_>, scope: Scope<'_>, id: Id<Model>) -> Option<Empty> {
    let model = &cx.api.models[id];
    let values = model.fields.iter().enumerate().map(|(index, field)| {
        let name = &cx.symbols[id].fields[index];
        let value = field_value(cx, scope, field)?;
        let pointer = cx.pointer(scope, id, index).filter(|_| !is_option(field));
        Some((name.clone(), value.behind(pointer.as_ref())))
    });
    let value = Expression::Fields(values.collect::<Option<Vec<_>>>()?);
    Some(Empty { path: scope.path(model.service, &cx.symbols[id].name), value })
}

fn field_value(cx: &Context<'_>, scope: Scope<'_>, field: &Field) -> Option<Expression> {
    if is_option(field) {
        return Some(Expression::None);
    }
    match &field.default {
        Some(literal) => Some(expression(scope, literal)),
        None => bounded(cx, scope, &field.ty, field.minimum, field.maximum),
    }
}

fn union(cx: &Context<'_>, scope: Scope<'_>, id: Id<Union>) -> Option<Empty> {
    let union = &cx.api.unions[id];
    let member = cx.smallest.member(id)?;
    let variant = cx.symbols[id].members[member].clone();
    let value = smallest(cx, scope, &union.members[member].ty)?;
    let value = Expression::Variant(TypePath::Plain("Self"), variant, Some(Box::new(value)));
    Some(Empty { path: scope.path(union.service, &cx.symbols[id].name), value })
}

fn bounded(cx: &Context<'_>, scope: Scope<'_>, ty: &Type, low: Option<i64>, high: Option<i64>) -> Option<Expression> {
    let (number, count) = (|| nearest_to_zero(low, high), fewest(low));
    Some(match ty {
        replaced if cx.api.replaced.contains_key(replaced) => Expression::Empty,
        Type::Enum(id) => {
            let EnumSymbols { name, values, .. } = &cx.symbols[*id];
            Expression::Variant(scope.path(cx.api.enums[*id].service, name), values.first()?.clone(), None)
        }
        ty if is_elsewhere(cx, ty) => Expression::Smallest,
        Type::Model(_) | Type::Union(_) if cx.smallest.exists(ty) => Expression::Empty,
        Type::Model(_) | Type::Union(_) => return None,
        Type::Map(_) => Expression::New(BTREE_MAP),
        Type::List(inner) => list(cx, scope, inner, count),
        Type::Primitive(primitive) => match primitive {
            Primitive::Boolean => Expression::Boolean(false),
            Primitive::Integer => Expression::Integer(number().clamp(i32::MIN.into(), i32::MAX.into())),
            Primitive::Long => Expression::Integer(number()),
            Primitive::Double => Expression::Double(number() as f64),
            Primitive::Decimal => Expression::Decimal(number()),
            Primitive::String => scope.text("x".repeat(count)),
            Primitive::Uuid => Expression::NilUuid,
            Primitive::Date => scope.date("1970-01-01", false),
            Primitive::DateTime => scope.date("1970-01-01T00:00:00Z", true),
            Primitive::Object => Expression::New(TypePath::Runtime("Object")),
            Primitive::Json => Expression::Null,
            Primitive::Unit => Expression::Unit,
        },
    })
}

fn list(cx: &Context<'_>, scope: Scope<'_>, inner: &Type, count: usize) -> Expression {
    let element = if count == 0 { None } else { smallest(cx, scope, inner) };
    match element {
        None => Expression::New(scope.std("Vec")),
        Some(element) if count == 1 => Expression::List(vec![element]),
        Some(element) => Expression::Repeated(Box::new(element), count),
    }
}
