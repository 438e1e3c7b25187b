//! The smallest values, for mocks that nobody told what to answer.

use std::collections::BTreeSet;

use proc_macro2::TokenStream;
use quote::quote;

use super::builder::Builder;
use super::items::{Empty, State};
use super::literal::{expression, integer};
use super::response::{Output, outcomes, output};
use super::status::reason;
use super::types::Scope;
use apigen_model::api::{Code, Field, Id, Model, Operation, Primitive, Response, Role, Service, Type, Union};
use apigen_model::behaviour::is_option;
use apigen_model::behaviour::names::Name;
use apigen_model::behaviour::{Node, direct, in_place};

/// Limits beyond this are not filled with invented elements or characters.
const MAX_INVENTED: i64 = 1_000;

/// The smallest value of a type as an expression; `None` if every value would be infinite.
pub fn smallest(b: &Builder<'_>, scope: Scope<'_>, ty: &Type) -> Option<TokenStream> {
    bounded(b, scope, ty, None, None)
}

/// The first response of an enum of outputs.
pub fn output_value(b: &Builder<'_>, scope: Scope<'_>, success: &[&Response], name: &Name) -> Option<TokenStream> {
    success.iter().find_map(|response| {
        let Code::Status(code) = response.code else { return None };
        let mut names = apigen_model::behaviour::names::NameAllocator::new();
        let variant = names.ty(&reason(code).map_or_else(|| format!("Status{code}"), str::to_owned));
        if response.ty == Type::Primitive(Primitive::Unit) {
            return Some(quote!(#name::#variant));
        }
        let value = smallest(b, scope, &response.ty)?;
        Some(quote!(#name::#variant(#value)))
    })
}

/// The impls of `Empty` that mocks need, for the types of one service.
pub fn empties(b: &Builder<'_>, service: Id<Service>, needed: &BTreeSet<(bool, usize)>) -> Vec<Empty> {
    let scope = b.child(service);
    let service = &b.api.services[service];
    let (mut models, mut unions) = (service.models.clone(), service.unions.clone());
    models.sort_unstable();
    unions.sort_unstable();
    let models = models.into_iter().filter(|id| needed.contains(&(false, id.index())));
    let unions = unions.into_iter().filter(|id| needed.contains(&(true, id.index())));
    let models = models.filter_map(|id| model(b, scope, id));
    let unions = unions.filter_map(|id| union(b, scope, id));
    models.chain(unions).collect()
}

/// All models (`false`) and unions (`true`) that some mocked answer, or some state, holds in place, here or elsewhere.
pub fn needed(b: &Builder<'_>, states: &[Option<State>]) -> BTreeSet<(bool, usize)> {
    let requested = b.api.services.iter().filter(|(_, s)| s.role == Role::Requested);
    let operations = requested.flat_map(|(_, s)| &s.resources).flat_map(|r| &r.operations);
    let answered = operations.flat_map(answers).filter_map(direct);
    let kept = states.iter().flatten().flat_map(|state| state.roots.iter().copied());
    within(b, answered.chain(kept).chain(shared(b)).collect())
}

/// What mocks elsewhere cannot have from a factory, since no value of it is within its limits.
fn shared<'b>(b: &'b Builder<'_>) -> impl Iterator<Item = Node> + 'b {
    let reached = |node: &Node| match node {
        Node::Model(id) => b.reach.has_model(*id),
        Node::Union(id) => b.reach.has_union(*id),
    };
    let nodes = Node::all(b.api).filter(move |node| reached(node));
    nodes.filter(|node| b.finite.known(b.api, &node.ty()) && !b.valid.known(b.api, &node.ty()))
}

/// Whether a type is generated elsewhere, with a factory. `Empty` is there only for what the mocks there answer with.
fn is_elsewhere(b: &Builder<'_>, ty: &Type) -> bool {
    let service = match ty {
        Type::Model(id) => b.api.models[*id].service,
        Type::Union(id) => b.api.unions[*id].service,
        _ => return false,
    };
    b.symbols.services[service.index()].external.is_some() && b.valid.known(b.api, ty)
}

/// Whether the smallest value of a type needs nobody's help: no type of the user's, none of another crate.
pub fn is_inventable(b: &Builder<'_>, ty: &Type) -> bool {
    let foreign = b.foreign.get_or_init(|| foreign(b));
    !b.api.replaced.contains_key(ty)
        && b.finite.known(b.api, ty)
        && direct(ty).is_none_or(|node| !foreign[node.index(b.api)])
}

/// What needs somebody's help, or holds in place what does.
fn foreign(b: &Builder<'_>) -> Vec<bool> {
    let nodes: Vec<Node> = Node::all(b.api).collect();
    let mut users: Vec<Vec<usize>> = vec![Vec::new(); nodes.len()];
    for (index, node) in nodes.iter().enumerate() {
        parts(b, *node).iter().for_each(|part| users[part.index(b.api)].push(index));
    }
    let mut foreign: Vec<bool> = nodes.iter().map(|node| is_foreign(b, *node)).collect();
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
fn is_foreign(b: &Builder<'_>, node: Node) -> bool {
    let is_elsewhere = |service: Id<Service>| b.symbols.services[service.index()].external.is_some();
    let is_replaced = |ty: &Type| b.api.replaced.contains_key(ty);
    match node {
        _ if is_replaced(&node.ty()) => false,
        Node::Model(id) => {
            let model = &b.api.models[id];
            is_elsewhere(model.service) || model.fields.iter().any(|field| !is_option(field) && is_replaced(&field.ty))
        }
        Node::Union(id) => {
            let union = &b.api.unions[id];
            is_elsewhere(union.service) || union.members.iter().any(|member| is_replaced(&member.ty))
        }
    }
}

/// What the smallest value of a type holds in place.
fn parts(b: &Builder<'_>, node: Node) -> Vec<Node> {
    let parts: Vec<Node> = match node {
        _ if b.api.replaced.contains_key(&node.ty()) => return Vec::new(),
        Node::Model(id) => {
            let needed = b.api.models[id].fields.iter().filter(|field| !is_option(field));
            needed.filter_map(|field| direct(in_place(field))).collect()
        }
        Node::Union(id) => {
            let member = b.finite.member(b.api, id).map(|index| &b.api.unions[id].members[index].ty);
            member.and_then(direct).into_iter().collect()
        }
    };
    parts.into_iter().filter(|part| !b.api.replaced.contains_key(&part.ty())).collect()
}

/// These and what their smallest values hold in place.
fn within(b: &Builder<'_>, mut work: Vec<Node>) -> BTreeSet<(bool, usize)> {
    let mut found = BTreeSet::new();
    while let Some(node) = work.pop() {
        if b.api.replaced.contains_key(&node.ty()) {
            continue;
        }
        let key = match node {
            Node::Model(id) => (false, id.index()),
            Node::Union(id) => (true, id.index()),
        };
        if found.insert(key) {
            work.extend(parts(b, node));
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

fn model(b: &Builder<'_>, scope: Scope<'_>, id: Id<Model>) -> Option<Empty> {
    let model = &b.api.models[id];
    let values = model.fields.iter().enumerate().map(|(index, field)| {
        let name = &b.symbols.fields[id.index()][index];
        let value = field_value(b, scope, field)?;
        let value = if is_option(field) { value } else { b.pointer(id, index).to(scope, value) };
        Some(quote!(#name: #value))
    });
    let values = values.collect::<Option<Vec<_>>>()?;
    let path = scope.path(model.service, &b.symbols.models[id.index()]);
    Some(Empty { path, value: quote!(Self { #(#values),* }) })
}

fn field_value(b: &Builder<'_>, scope: Scope<'_>, field: &Field) -> Option<TokenStream> {
    if is_option(field) {
        return Some(quote!(None));
    }
    match &field.default {
        Some(literal) => Some(expression(scope, literal)),
        None => bounded(b, scope, &field.ty, field.minimum, field.maximum),
    }
}

fn union(b: &Builder<'_>, scope: Scope<'_>, id: Id<Union>) -> Option<Empty> {
    let union = &b.api.unions[id];
    let member = b.finite.member(b.api, id)?;
    let variant = &b.symbols.members[id.index()].0[member];
    let value = smallest(b, scope, &union.members[member].ty)?;
    let path = scope.path(union.service, &b.symbols.unions[id.index()]);
    Some(Empty { path, value: quote!(Self::#variant(#value)) })
}

fn bounded(b: &Builder<'_>, scope: Scope<'_>, ty: &Type, low: Option<i64>, high: Option<i64>) -> Option<TokenStream> {
    let number = || 0i64.max(low.unwrap_or(i64::MIN)).min(high.unwrap_or(i64::MAX));
    let count = low.unwrap_or(0).clamp(0, MAX_INVENTED) as usize;
    Some(match ty {
        replaced if b.api.replaced.contains_key(replaced) => quote!(::apigen_runtime::codegen::Empty::empty()),
        Type::Enum(id) => {
            let (path, first) = (scope.owned(ty), b.symbols.values[id.index()].0.first()?);
            quote!(#path::#first)
        }
        ty if is_elsewhere(b, ty) => quote!(::apigen_runtime::codegen::smallest()),
        Type::Model(_) | Type::Union(_) if b.finite.known(b.api, ty) => {
            quote!(::apigen_runtime::codegen::Empty::empty())
        }
        Type::Model(_) | Type::Union(_) => return None,
        Type::Map(_) => quote!(::std::collections::BTreeMap::new()),
        Type::List(inner) => list(b, scope, inner, count),
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

fn list(b: &Builder<'_>, scope: Scope<'_>, inner: &Type, count: usize) -> TokenStream {
    let vec = scope.std("Vec");
    let element = if count == 0 { None } else { smallest(b, scope, inner) };
    match element {
        None => quote!(#vec::new()),
        Some(element) if count == 1 => quote!(vec![#element]),
        Some(element) => {
            let count = proc_macro2::Literal::usize_unsuffixed(count);
            quote!(vec![#element; #count])
        }
    }
}
