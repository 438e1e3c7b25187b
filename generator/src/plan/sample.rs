//! Factories: their setters, and the expressions that generate everything that is not set.

use proc_macro2::TokenStream;
use quote::quote;

use super::context::Context;
use super::items::{EnumFactory, Factories, ModelFactory, Setter, UnionChoice, UnionFactory};
use super::literal::{expression, integer};
use super::type_set::TypeSet;
use super::types::{Pointer, Scope};
use apigen_model::api::{Enum, Field, Id, Model, Primitive, Type, Union};
use apigen_model::behaviour::{FieldSample, TypeSample, is_option};
use apigen_model::vocabulary::names::{Name, NameAllocator};

/// The methods that every factory has.
const OWN: [&str; 6] = ["seed", "minimal", "full", "with", "build", "many"];

/// Plans the factories of these types; the notes name the types without one.
pub fn factories(cx: &Context<'_>, types: &TypeSet, notes: &mut Vec<String>) -> Factories {
    let mut has_values = |ty: Type, name: &str| {
        let known = cx.samples.exists(&ty);
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
    let first = cx.symbols[id].values.first()?.clone();
    Some(EnumFactory { path: cx.child(service).path(service, &cx.symbols[id].name), first })
}

fn model(cx: &Context<'_>, id: Id<Model>) -> ModelFactory {
    let model = &cx.api.models[id];
    let scope = cx.child(model.service);
    let names = &cx.symbols[id].fields;
    let mut methods = NameAllocator::new();
    OWN.iter().copied().chain(names.iter().map(Name::as_str)).for_each(|name| methods.reserve(name));
    let mut factory = ModelFactory {
        name: cx.symbols[id].factory.clone(),
        path: scope.path(model.service, &cx.symbols[id].name),
        values: Vec::new(),
        seeded: false,
        setters: Vec::new(),
        renamed: Vec::new(),
    };
    for (index, (field, name)) in model.fields.iter().zip(names).enumerate() {
        let pointer = cx.pointer(id, index);
        let (value, seeded) = field_value(cx, scope, field, pointer);
        factory.seeded |= seeded;
        factory.values.push((name.clone(), value));
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

/// Returns the expression for a field, and whether it uses the sampler `s`.
fn field_value(cx: &Context<'_>, scope: Scope<'_>, field: &Field, pointer: Pointer) -> (TokenStream, bool) {
    let option = is_option(field);
    let fixed = |value: TokenStream| match (pointer.to(scope, value), option) {
        (value, true) => (quote!(s.some(#value)), true),
        (value, false) => (value, false),
    };
    let (minimum, maximum, value) = match cx.samples.field(field) {
        FieldSample::Nothing if option => return (quote!(None), false),
        FieldSample::Nothing => return (quote!(()), false),
        FieldSample::Literal(value) => return fixed(expression(scope, value)),
        FieldSample::Made { value, .. } if !value.is_seeded() => return fixed(self::value(scope, &value)),
        FieldSample::Made { minimum, maximum, value } => (minimum, maximum, value),
    };
    let limit = |name: &str, value: Option<i64>| {
        let name = quote::format_ident!("{name}");
        value.map(integer).map(|value| quote!(.#name(#value)))
    };
    let (low, high, call) = (limit("min", minimum), limit("max", maximum), call(scope, &value));
    let made = quote!(s #low #high #call);
    let made = match value {
        // The sampler also generates pointers and options of these types.
        TypeSample::Typed => made,
        _ if option => {
            let made = pointer.to(scope, made);
            quote!(s.maybe(|s| #made))
        }
        _ => pointer.to(scope, made),
    };
    (made, true)
}

/// Returns an expression that generates a value, using a sampler `s` if the seed matters.
fn value(scope: Scope<'_>, sample: &TypeSample) -> TokenStream {
    let vec = scope.std("Vec");
    match sample {
        TypeSample::Foreign => quote!(::apigen_runtime::codegen::Empty::empty()),
        TypeSample::EmptyList => quote!(#vec::new()),
        TypeSample::EmptyMap => quote!(::std::collections::BTreeMap::new()),
        seeded => {
            let call = call(scope, seeded);
            quote!(s #call)
        }
    }
}

/// Returns the call of the sampler that generates a value.
fn call(scope: Scope<'_>, sample: &TypeSample) -> TokenStream {
    let (TypeSample::List(inner) | TypeSample::Map(inner)) = sample else { return quote!(.get()) };
    let (map, value) = (matches!(sample, TypeSample::Map(_)), value(scope, inner));
    match (inner.is_seeded(), map) {
        (true, false) => quote!(.list(|s| #value)),
        (false, false) => quote!(.list(|_| #value)),
        (_, true) => quote!(.list(|s| (s.get(), #value)).into_iter().collect()),
    }
}

fn union(cx: &Context<'_>, id: Id<Union>) -> Option<UnionFactory> {
    let service = cx.api.unions[id].service;
    let scope = cx.child(service);
    let sample = cx.samples.union(id)?;
    let mut methods = NameAllocator::new();
    OWN.iter().for_each(|name| methods.reserve(name));
    // A member without values still allocates its name, so that the others keep theirs.
    let variants = &cx.symbols[id].members;
    let methods: Vec<Name> = variants.iter().map(|variant| methods.value(variant.as_str())).collect();
    let choices = sample.members.iter().map(|member| UnionChoice {
        method: methods[member.index].clone(),
        variant: variants[member.index].clone(),
        value: value(scope, &member.value),
    });
    Some(UnionFactory {
        name: cx.symbols[id].factory.clone(),
        path: scope.path(service, &cx.symbols[id].name),
        smallest: sample.smallest,
        seeded: sample.is_seeded(),
        choices: choices.collect(),
    })
}
