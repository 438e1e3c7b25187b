//! Factories: what they set, and how they make up what nobody set.

use proc_macro2::TokenStream;
use quote::quote;

use super::builder::Builder;
use super::family::Types;
use super::items::{Choice, EnumFactory, Factories, ModelFactory, Setter, UnionFactory};
use super::literal::{expression, integer};
use super::types::{Pointer, Scope};
use apigen_model::api::{Enum, Field, Id, Literal, Model, Primitive, Type, Union};
use apigen_model::behaviour::base;
use apigen_model::behaviour::is_option;
use apigen_model::behaviour::limits::{count, possible, within};
use apigen_model::behaviour::names::{Name, NameAllocator};

/// The methods that every factory has.
const OWN: [&str; 6] = ["seed", "minimal", "full", "with", "build", "many"];

/// The factories of these types; the notes tell which of them have none.
pub fn factories(b: &Builder<'_>, types: &Types, notes: &mut Vec<String>) -> Factories {
    let mut has_values = |ty: Type, name: &str| {
        let known = b.valid.known(b.api, &ty);
        if !known {
            notes.push(format!("`{name}` has no factory: no finite value of it is within its limits"));
        }
        known
    };
    let models = types.models.iter().filter(|id| has_values(Type::Model(**id), &b.api.models[**id].name));
    let models = models.map(|id| model(b, *id)).collect();
    let unions = types.unions.iter().filter(|id| has_values(Type::Union(**id), &b.api.unions[**id].name));
    let unions = unions.filter_map(|id| union(b, *id)).collect();
    let enums = types.enums.iter().filter_map(|id| enumeration(b, *id));
    Factories { models, unions, enums: enums.collect() }
}

fn enumeration(b: &Builder<'_>, id: Id<Enum>) -> Option<EnumFactory> {
    let service = b.api.enums[id].service;
    let first = b.symbols.values[id.index()].0.first()?.clone();
    Some(EnumFactory { path: b.child(service).path(service, &b.symbols.enums[id.index()]), first })
}

fn model(b: &Builder<'_>, id: Id<Model>) -> ModelFactory {
    let model = &b.api.models[id];
    let scope = b.child(model.service);
    let names = &b.symbols.fields[id.index()];
    let mut methods = NameAllocator::new();
    OWN.iter().copied().chain(names.iter().map(Name::as_str)).for_each(|name| methods.reserve(name));
    let mut factory = ModelFactory {
        name: b.symbols.model_factories[id.index()].clone(),
        path: scope.path(model.service, &b.symbols.models[id.index()]),
        values: Vec::new(),
        seeded: false,
        setters: Vec::new(),
        renamed: Vec::new(),
    };
    for (index, (field, name)) in model.fields.iter().zip(names).enumerate() {
        let pointer = b.pointer(id, index);
        let value = field_value(b, scope, field, pointer);
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

/// Default, example, or something within the limits.
fn field_value(b: &Builder<'_>, scope: Scope<'_>, field: &Field, pointer: Pointer) -> Value {
    let option = is_option(field);
    let written = [&field.default, &field.sample].into_iter().flatten().find(|value| within(field, value));
    match written {
        _ if field.ty == Type::Primitive(Primitive::Unit) => return Value::Fixed(quote!(())),
        // In an optional field, `null` would mean that nothing is there.
        Some(Literal::Json(text)) if option && text.trim() == "null" => {}
        Some(value) => {
            return Value::Fixed(pointer.to(scope, expression(scope, value))).optional(option);
        }
        None => {}
    }
    if option && !(possible(&field.ty, field.minimum, field.maximum) && b.valid.fits(b.api, field)) {
        return Value::Fixed(quote!(None));
    }
    let limit = |name: &str, value: Option<i64>| {
        let name = quote::format_ident!("{name}");
        value.filter(|_| count(&field.ty)).map(integer).map(|value| quote!(.#name(#value)))
    };
    let (low, high) = (limit("min", field.minimum), limit("max", field.maximum));
    let plain = is_plain(b, &field.ty);
    match value(b, scope, &field.ty) {
        // Whatever the type is, so are pointers to it made.
        Value::Made(call) if plain => Value::Made(quote!(s #low #high #call)),
        Value::Made(call) => {
            let made = pointer.to(scope, quote!(s #low #high #call));
            Value::Made(if option { quote!(s.maybe(|s| #made)) } else { made })
        }
        Value::Fixed(value) => Value::Fixed(pointer.to(scope, value)).optional(option),
    }
}

/// How a value comes about.
enum Value {
    /// By methods of the sampler `s`.
    Made(TokenStream),
    /// Whatever the seed is.
    Fixed(TokenStream),
}

impl Value {
    fn into_tokens(self) -> TokenStream {
        match self {
            Self::Made(tokens) | Self::Fixed(tokens) => tokens,
        }
    }

    /// A fixed value for an optional field.
    fn optional(self, option: bool) -> Self {
        match self {
            Self::Fixed(value) if option => Self::Made(quote!(s.some(#value))),
            other => other,
        }
    }
}

/// Whether the type itself says everything: nothing in it is the user's, or cannot be.
fn is_plain(b: &Builder<'_>, ty: &Type) -> bool {
    let base = base(ty);
    !b.api.replaced.contains_key(base) && b.valid.known(b.api, base)
}

fn value(b: &Builder<'_>, scope: Scope<'_>, ty: &Type) -> Value {
    if is_plain(b, ty) {
        return Value::Made(quote!(.get()));
    }
    let (Type::List(inner) | Type::Map(inner)) = ty else {
        return Value::Fixed(quote!(::apigen_runtime::codegen::Empty::empty()));
    };
    let map = matches!(ty, Type::Map(_));
    if !b.valid.known(b.api, inner) {
        let vec = scope.std("Vec");
        return Value::Fixed(if map { quote!(::std::collections::BTreeMap::new()) } else { quote!(#vec::new()) });
    }
    Value::Made(match (value(b, scope, inner), map) {
        (Value::Made(call), false) => quote!(.list(|s| s #call)),
        (Value::Made(call), true) => quote!(.list(|s| (s.get(), s #call)).into_iter().collect()),
        (Value::Fixed(value), false) => quote!(.list(|_| #value)),
        (Value::Fixed(value), true) => quote!(.list(|s| (s.get(), #value)).into_iter().collect()),
    })
}

fn union(b: &Builder<'_>, id: Id<Union>) -> Option<UnionFactory> {
    let union = &b.api.unions[id];
    let scope = b.child(union.service);
    let variants = &b.symbols.members[id.index()].0;
    let mut methods = NameAllocator::new();
    OWN.iter().for_each(|name| methods.reserve(name));
    let mut choices: Vec<Choice> = Vec::new();
    let (mut usual, mut smallest, mut seeded) = (None, 0, false);
    for (index, (member, variant)) in union.members.iter().zip(variants).enumerate() {
        let method = methods.value(variant.as_str());
        if !b.valid.known(b.api, &member.ty) {
            continue;
        }
        usual = usual.or(Some(choices.len()));
        if b.valid.member(b.api, id) == Some(index) {
            smallest = choices.len();
        }
        let value = match value(b, scope, &member.ty) {
            Value::Made(call) => {
                seeded = true;
                quote!(s #call)
            }
            Value::Fixed(value) => value,
        };
        choices.push(Choice { method, variant: variant.clone(), value });
    }
    Some(UnionFactory {
        name: b.symbols.union_factories[id.index()].clone(),
        path: scope.path(union.service, &b.symbols.unions[id.index()]),
        usual: usual?,
        smallest,
        seeded: seeded || choices.len() > 1,
        choices,
    })
}
