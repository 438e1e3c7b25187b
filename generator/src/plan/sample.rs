//! Factories: their setters, and the samples for all other fields.

use proc_macro2::TokenStream;
use quote::quote;

use super::context::Context;
use super::items::{EnumFactory, Factories, ModelFactory, Setter, UnionChoice, UnionFactory};
use super::literal::{expression, integer};
use super::type_set::TypeSet;
use super::types::{Pointer, Scope};
use apigen_model::api::{Enum, Field, Id, Literal, Model, Primitive, Type, Union};
use apigen_model::behaviour::base;
use apigen_model::behaviour::is_option;
use apigen_model::behaviour::limits::{count, possible, within};
use apigen_model::vocabulary::names::{Name, NameAllocator};

/// The methods that every factory has.
const OWN: [&str; 6] = ["seed", "minimal", "full", "with", "build", "many"];

/// Plans the factories of these types; the notes name the types without one.
pub fn factories(cx: &Context<'_>, types: &TypeSet, notes: &mut Vec<String>) -> Factories {
    let mut has_values = |ty: Type, name: &str| {
        let known = cx.valid.known(cx.api, &ty);
        if !known {
            notes.push(format!("`{name}` has no factory: no finite value of it is within its limits"));
        }
        known
    };
    let models = types.models.iter().filter(|id| has_values(Type::Model(**id), &cx.api.models[**id].name));
    let models = models.map(|id| model(cx, *id)).collect();
    let unions = types.unions.iter().filter(|id| has_values(Type::Union(**id), &cx.api.unions[**id].name));
    let unions = unions.filter_map(|id| union(cx, *id)).collect();
    let enums = types.enums.iter().filter_map(|id| enumeration(cx, *id));
    Factories { models, unions, enums: enums.collect() }
}

fn enumeration(cx: &Context<'_>, id: Id<Enum>) -> Option<EnumFactory> {
    let service = cx.api.enums[id].service;
    let first = cx.symbols.values[id.index()].0.first()?.clone();
    Some(EnumFactory { path: cx.child(service).path(service, &cx.symbols.enums[id.index()]), first })
}

fn model(cx: &Context<'_>, id: Id<Model>) -> ModelFactory {
    let model = &cx.api.models[id];
    let scope = cx.child(model.service);
    let names = &cx.symbols.fields[id.index()];
    let mut methods = NameAllocator::new();
    OWN.iter().copied().chain(names.iter().map(Name::as_str)).for_each(|name| methods.reserve(name));
    let mut factory = ModelFactory {
        name: cx.symbols.model_factories[id.index()].clone(),
        path: scope.path(model.service, &cx.symbols.models[id.index()]),
        values: Vec::new(),
        seeded: false,
        setters: Vec::new(),
        renamed: Vec::new(),
    };
    for (index, (field, name)) in model.fields.iter().zip(names).enumerate() {
        let pointer = cx.pointer(id, index);
        let value = field_value(cx, scope, field, pointer);
        factory.seeded |= matches!(value, Value::Made(_));
        factory.values.push((name.clone(), value.into_tokens()));
        if field.ty == Type::Primitive(Primitive::Unit) {
            continue;
        }
        let ty = pointer.around(scope, scope.owned(&field.ty));
        let field = name.clone();
        if OWN.contains(&name.as_str()) {
            factory.renamed.push(Setter { name: methods.value(name.as_str()), field, ty });
        } else {
            factory.setters.push(Setter { name: name.clone(), field, ty });
        }
    }
    factory
}

/// Returns the default, the example, or a sample within the limits.
fn field_value(cx: &Context<'_>, scope: Scope<'_>, field: &Field, pointer: Pointer) -> Value {
    let option = is_option(field);
    let written = [&field.default, &field.sample].into_iter().flatten().find(|value| within(field, value));
    match written {
        _ if field.ty == Type::Primitive(Primitive::Unit) => return Value::Fixed(quote!(())),
        // In an optional field, `null` would mean that the field is absent.
        Some(Literal::Json(text)) if option && text.trim() == "null" => {}
        Some(value) => {
            return Value::Fixed(pointer.to(scope, expression(scope, value))).optional(option);
        }
        None => {}
    }
    if option && !(possible(&field.ty, field.minimum, field.maximum) && cx.valid.fits(cx.api, field)) {
        return Value::Fixed(quote!(None));
    }
    let limit = |name: &str, value: Option<i64>| {
        let name = quote::format_ident!("{name}");
        value.filter(|_| count(&field.ty)).map(integer).map(|value| quote!(.#name(#value)))
    };
    let (low, high) = (limit("min", field.minimum), limit("max", field.maximum));
    let plain = is_plain(cx, &field.ty);
    match value(cx, scope, &field.ty) {
        // Pointers to a plain type are sampled like the type itself.
        Value::Made(call) if plain => Value::Made(quote!(s #low #high #call)),
        Value::Made(call) => {
            let made = pointer.to(scope, quote!(s #low #high #call));
            Value::Made(if option { quote!(s.maybe(|s| #made)) } else { made })
        }
        Value::Fixed(value) => Value::Fixed(pointer.to(scope, value)).optional(option),
    }
}

/// How a value is obtained.
enum Value {
    /// By methods of the sampler `s`.
    Made(TokenStream),
    /// Independent of the seed.
    Fixed(TokenStream),
}

impl Value {
    fn into_tokens(self) -> TokenStream {
        match self {
            Self::Made(tokens) | Self::Fixed(tokens) => tokens,
        }
    }

    /// Makes a fixed value optional, for an optional field.
    fn optional(self, option: bool) -> Self {
        match self {
            Self::Fixed(value) if option => Self::Made(quote!(s.some(#value))),
            other => other,
        }
    }
}

/// Returns true if the type determines its samples: it is not replaced, and has valid values.
fn is_plain(cx: &Context<'_>, ty: &Type) -> bool {
    let base = base(ty);
    !cx.api.replaced.contains_key(base) && cx.valid.known(cx.api, base)
}

fn value(cx: &Context<'_>, scope: Scope<'_>, ty: &Type) -> Value {
    if is_plain(cx, ty) {
        return Value::Made(quote!(.get()));
    }
    let (Type::List(inner) | Type::Map(inner)) = ty else {
        return Value::Fixed(quote!(::apigen_runtime::codegen::Empty::empty()));
    };
    let map = matches!(ty, Type::Map(_));
    if !cx.valid.known(cx.api, inner) {
        let vec = scope.std("Vec");
        return Value::Fixed(if map { quote!(::std::collections::BTreeMap::new()) } else { quote!(#vec::new()) });
    }
    Value::Made(match (value(cx, scope, inner), map) {
        (Value::Made(call), false) => quote!(.list(|s| s #call)),
        (Value::Made(call), true) => quote!(.list(|s| (s.get(), s #call)).into_iter().collect()),
        (Value::Fixed(value), false) => quote!(.list(|_| #value)),
        (Value::Fixed(value), true) => quote!(.list(|s| (s.get(), #value)).into_iter().collect()),
    })
}

fn union(cx: &Context<'_>, id: Id<Union>) -> Option<UnionFactory> {
    let union = &cx.api.unions[id];
    let scope = cx.child(union.service);
    let variants = &cx.symbols.members[id.index()].0;
    let mut methods = NameAllocator::new();
    OWN.iter().for_each(|name| methods.reserve(name));
    let mut choices: Vec<UnionChoice> = Vec::new();
    let (mut usual, mut smallest, mut seeded) = (None, 0, false);
    for (index, (member, variant)) in union.members.iter().zip(variants).enumerate() {
        let method = methods.value(variant.as_str());
        if !cx.valid.known(cx.api, &member.ty) {
            continue;
        }
        usual = usual.or(Some(choices.len()));
        if cx.valid.member(cx.api, id) == Some(index) {
            smallest = choices.len();
        }
        let value = match value(cx, scope, &member.ty) {
            Value::Made(call) => {
                seeded = true;
                quote!(s #call)
            }
            Value::Fixed(value) => value,
        };
        choices.push(UnionChoice { method, variant: variant.clone(), value });
    }
    Some(UnionFactory {
        name: cx.symbols.union_factories[id.index()].clone(),
        path: scope.path(union.service, &cx.symbols.unions[id.index()]),
        usual: usual?,
        smallest,
        seeded: seeded || choices.len() > 1,
        choices,
    })
}
