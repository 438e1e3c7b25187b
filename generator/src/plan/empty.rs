//! The smallest values, for mocks that nobody told what to answer.

use std::collections::BTreeSet;

use proc_macro2::TokenStream;
use quote::quote;

use super::context::Context;
use super::items::{Empty, State};
use super::literal::{expression, integer};
use super::response::{Output, outcomes, output};
use super::status::reason;
use super::types::Scope;
use apigen_model::api::{Code, Field, Id, Model, Operation, Primitive, Response, Role, Service, Type, Union};
use apigen_model::behaviour::is_option;
use apigen_model::behaviour::{Node, direct, in_place};
use apigen_model::vocabulary::names::Name;

/// Limits beyond this are not filled with invented elements or characters.
const MAX_INVENTED: i64 = 1_000;

/// The smallest value of a type as an expression; `None` if every value would be infinite.
pub fn smallest(cx: &Context<'_>, scope: Scope<'_>, ty: &Type) -> Option<TokenStream> {
    bounded(cx, scope, ty, None, None)
}

/// The first response of an enum of outputs.
pub fn output_value(cx: &Context<'_>, scope: Scope<'_>, success: &[&Response], name: &Name) -> Option<TokenStream> {
    success.iter().find_map(|response| {
        let Code::Status(code) = response.code else { return None };
        let mut names = apigen_model::vocabulary::names::NameAllocator::new();
        let variant = names.ty(&reason(code).map_or_else(|| format!("Status{code}"), str::to_owned));
        if response.ty == Type::Primitive(Primitive::Unit) {
            return Some(quote!(#name::#variant));
        }
        let value = smallest(cx, scope, &response.ty)?;
        Some(quote!(#name::#variant(#value)))
    })
}

/// The impls of `Empty` that mocks need, for the types of one service.
pub fn empties(cx: &Context<'_>, service: Id<Service>, needed: &BTreeSet<(bool, usize)>) -> Vec<Empty> {
    let scope = cx.child(service);
    let service = &cx.api.services[service];
    let (mut models, mut unions) = (service.models.clone(), service.unions.clone());
    models.sort_unstable();
    unions.sort_unstable();
    let models = models.into_iter().filter(|id| needed.contains(&(false, id.index())));
    let unions = unions.into_iter().filter(|id| needed.contains(&(true, id.index())));
    let models = models.filter_map(|id| model(cx, scope, id));
    let unions = unions.filter_map(|id| union(cx, scope, id));
    models.chain(unions).collect()
}

/// All models (`false`) and unions (`true`) that some mocked answer, or some state, holds in place, here or elsewhere.
pub fn needed(cx: &Context<'_>, states: &[Option<State>]) -> BTreeSet<(bool, usize)> {
    let requested = cx.api.services.iter().filter(|(_, s)| s.role == Role::Requested);
    let operations = requested.flat_map(|(_, s)| &s.resources).flat_map(|r| &r.operations);
    let answered = operations.flat_map(answers).filter_map(direct);
    let kept = states.iter().flatten().flat_map(|state| state.roots.iter().copied());
    within(cx, answered.chain(kept).chain(shared(cx)).collect())
}

/// What mocks elsewhere cannot have from a factory, since no value of it is within its limits.
fn shared<'b>(cx: &'b Context<'_>) -> impl Iterator<Item = Node> + 'b {
    let reached = |node: &Node| match node {
        Node::Model(id) => cx.reach.has_model(*id),
        Node::Union(id) => cx.reach.has_union(*id),
    };
    let nodes = Node::all(cx.api).filter(move |node| reached(node));
    nodes.filter(|node| cx.finite.known(cx.api, &node.ty()) && !cx.valid.known(cx.api, &node.ty()))
}

/// Whether a type is generated elsewhere, with a factory. `Empty` is there only for what the mocks there answer with.
fn is_elsewhere(cx: &Context<'_>, ty: &Type) -> bool {
    let service = match ty {
        Type::Model(id) => cx.api.models[*id].service,
        Type::Union(id) => cx.api.unions[*id].service,
        _ => return false,
    };
    cx.symbols.services[service.index()].external.is_some() && cx.valid.known(cx.api, ty)
}

/// Whether the smallest value of a type needs nobody's help: no type of the user's, none of another crate.
pub fn is_inventable(cx: &Context<'_>, ty: &Type) -> bool {
    let foreign = cx.foreign.get_or_init(|| foreign(cx));
    !cx.api.replaced.contains_key(ty)
        && cx.finite.known(cx.api, ty)
        && direct(ty).is_none_or(|node| !foreign[node.index(cx.api)])
}

/// What needs somebody's help, or holds in place what does.
fn foreign(cx: &Context<'_>) -> Vec<bool> {
    let nodes: Vec<Node> = Node::all(cx.api).collect();
    let mut users: Vec<Vec<usize>> = vec![Vec::new(); nodes.len()];
    for (index, node) in nodes.iter().enumerate() {
        parts(cx, *node).iter().for_each(|part| users[part.index(cx.api)].push(index));
    }
    let mut foreign: Vec<bool> = nodes.iter().map(|node| is_foreign(cx, *node)).collect();
    let mut open: Vec<usize> = (0..nodes.len()).filter(|index| foreign[*index]).collect();
    while let Some(index) = open.pop() {
        for user in &users[index] {
            if !std::mem::replace(&mut foreign[*user], true) {
                open.push(*user);
            }
        }
    }
    foreign
}

/// Whether a type of another crate, or one that holds a type of the user's.
fn is_foreign(cx: &Context<'_>, node: Node) -> bool {
    let is_elsewhere = |service: Id<Service>| cx.symbols.services[service.index()].external.is_some();
    let is_replaced = |ty: &Type| cx.api.replaced.contains_key(ty);
    match node {
        _ if is_replaced(&node.ty()) => false,
        Node::Model(id) => {
            let model = &cx.api.models[id];
            is_elsewhere(model.service) || model.fields.iter().any(|field| !is_option(field) && is_replaced(&field.ty))
        }
        Node::Union(id) => {
            let union = &cx.api.unions[id];
            is_elsewhere(union.service) || union.members.iter().any(|member| is_replaced(&member.ty))
        }
    }
}

/// What the smallest value of a type holds in place.
fn parts(cx: &Context<'_>, node: Node) -> Vec<Node> {
    let parts: Vec<Node> = match node {
        _ if cx.api.replaced.contains_key(&node.ty()) => return Vec::new(),
        Node::Model(id) => {
            let needed = cx.api.models[id].fields.iter().filter(|field| !is_option(field));
            needed.filter_map(|field| direct(in_place(field))).collect()
        }
        Node::Union(id) => {
            let member = cx.finite.member(cx.api, id).map(|index| &cx.api.unions[id].members[index].ty);
            member.and_then(direct).into_iter().collect()
        }
    };
    parts.into_iter().filter(|part| !cx.api.replaced.contains_key(&part.ty())).collect()
}

/// These and what their smallest values hold in place.
fn within(cx: &Context<'_>, mut work: Vec<Node>) -> BTreeSet<(bool, usize)> {
    let mut found = BTreeSet::new();
    while let Some(node) = work.pop() {
        if cx.api.replaced.contains_key(&node.ty()) {
            continue;
        }
        let key = match node {
            Node::Model(id) => (false, id.index()),
            Node::Union(id) => (true, id.index()),
        };
        if found.insert(key) {
            work.extend(parts(cx, node));
        }
    }
    found
}

fn answers(operation: &Operation) -> Vec<&Type> {
    let outcomes = outcomes(operation, &|_| false);
    match output(&outcomes.success) {
        Output::One(ty) => vec![ty],
        Output::Several => outcomes.success.iter().map(|r| &r.ty).collect(),
        Output::Unit | Output::Optional(_) => Vec::new(),
    }
}

fn model(cx: &Context<'_>, scope: Scope<'_>, id: Id<Model>) -> Option<Empty> {
    let model = &cx.api.models[id];
    let values = model.fields.iter().enumerate().map(|(index, field)| {
        let name = &cx.symbols.fields[id.index()][index];
        let value = field_value(cx, scope, field)?;
        let value = if is_option(field) { value } else { cx.pointer(id, index).to(scope, value) };
        Some(quote!(#name: #value))
    });
    let values = values.collect::<Option<Vec<_>>>()?;
    let path = scope.path(model.service, &cx.symbols.models[id.index()]);
    Some(Empty { path, value: quote!(Self { #(#values),* }) })
}

fn field_value(cx: &Context<'_>, scope: Scope<'_>, field: &Field) -> Option<TokenStream> {
    if is_option(field) {
        return Some(quote!(None));
    }
    match &field.default {
        Some(literal) => Some(expression(scope, literal)),
        None => bounded(cx, scope, &field.ty, field.minimum, field.maximum),
    }
}

fn union(cx: &Context<'_>, scope: Scope<'_>, id: Id<Union>) -> Option<Empty> {
    let union = &cx.api.unions[id];
    let member = cx.finite.member(cx.api, id)?;
    let variant = &cx.symbols.members[id.index()].0[member];
    let value = smallest(cx, scope, &union.members[member].ty)?;
    let path = scope.path(union.service, &cx.symbols.unions[id.index()]);
    Some(Empty { path, value: quote!(Self::#variant(#value)) })
}

fn bounded(cx: &Context<'_>, scope: Scope<'_>, ty: &Type, low: Option<i64>, high: Option<i64>) -> Option<TokenStream> {
    let number = || 0i64.max(low.unwrap_or(i64::MIN)).min(high.unwrap_or(i64::MAX));
    let count = low.unwrap_or(0).clamp(0, MAX_INVENTED) as usize;
    Some(match ty {
        replaced if cx.api.replaced.contains_key(replaced) => quote!(::apigen_runtime::Empty::empty()),
        Type::Enum(id) => {
            let (path, first) = (scope.owned(ty), cx.symbols.values[id.index()].0.first()?);
            quote!(#path::#first)
        }
        ty if is_elsewhere(cx, ty) => quote!(::apigen_runtime::smallest()),
        Type::Model(_) | Type::Union(_) if cx.finite.known(cx.api, ty) => quote!(::apigen_runtime::Empty::empty()),
        Type::Model(_) | Type::Union(_) => return None,
        Type::Map(_) => quote!(::std::collections::BTreeMap::new()),
        Type::List(inner) => list(cx, scope, inner, count),
        Type::Primitive(primitive) => match primitive {
            Primitive::Boolean => quote!(false),
            Primitive::Integer => integer(number().clamp(i32::MIN.into(), i32::MAX.into())),
            Primitive::Long => integer(number()),
            Primitive::Double => {
                let value = proc_macro2::Literal::f64_unsuffixed(number().unsigned_abs() as f64);
                if number() < 0 { quote!(-#value) } else { quote!(#value) }
            }
            Primitive::Decimal => {
                let value = integer(number());
                quote!(::apigen_runtime::Decimal::from(#value))
            }
            Primitive::String if count == 0 => {
                let string = scope.std("String");
                quote!(#string::new())
            }
            Primitive::String => {
                let text = "x".repeat(count);
                quote!(#text.to_owned())
            }
            Primitive::Uuid => quote!(::apigen_runtime::Uuid::nil()),
            Primitive::Date => scope.date("1970-01-01", false),
            Primitive::DateTime => scope.date("1970-01-01T00:00:00Z", true),
            Primitive::Object => quote!(::apigen_runtime::Object::new()),
            Primitive::Json => quote!(::apigen_runtime::Value::Null),
            Primitive::Unit => quote!(()),
        },
    })
}

fn list(cx: &Context<'_>, scope: Scope<'_>, inner: &Type, count: usize) -> TokenStream {
    let vec = scope.std("Vec");
    let element = if count == 0 { None } else { smallest(cx, scope, inner) };
    match element {
        None => quote!(#vec::new()),
        Some(element) if count == 1 => quote!(vec![#element]),
        Some(element) => {
            let count = proc_macro2::Literal::usize_unsuffixed(count);
            quote!(vec![#element; #count])
        }
    }
}
