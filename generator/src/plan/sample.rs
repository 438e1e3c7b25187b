//! Factories: their setters, and how everything that is not set is generated.

use super::context::Context;
use super::items::{
    EnumFactory, Expression, Factories, ModelFactory, Sampled, Setter, TypePath, UnionChoice, UnionFactory,
};
use super::literal::expression;
use super::type_set::TypeSet;
use super::types::Scope;
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
        let pointer = cx.pointer(scope, id, index);
        let value = field_value(cx, scope, field, pointer.as_ref());
        factory.seeded |= value.is_seeded();
        factory.values.push((name.clone(), value));
        if field.ty == Type::Primitive(Primitive::Unit) {
            continue;
        }
        let ty = scope.owned(&field.ty).behind(pointer.as_ref());
        let field = name.clone();
        if OWN.contains(&name.as_str()) {
            factory.renamed.push(Setter { name: methods.value(name.as_str()), field, ty });
        } else {
            factory.setters.push(Setter { name: name.clone(), field, ty });
        }
    }
    factory
}

fn field_value(cx: &Context<'_>, scope: Scope<'_>, field: &Field, pointer: Option<&TypePath>) -> Sampled {
    let option = is_option(field);
    match cx.samples.field(field) {
        FieldSample::Nothing if option => Sampled::Fixed(Expression::None),
        FieldSample::Nothing => Sampled::Fixed(Expression::Unit),
        FieldSample::Literal(value) if option => Sampled::Optional(expression(scope, value).behind(pointer)),
        FieldSample::Literal(value) => Sampled::Fixed(expression(scope, value).behind(pointer)),
        FieldSample::Made { minimum, maximum, value } => {
            // The sampler also generates pointers and options of these types.
            let typed = value == TypeSample::Typed;
            let pointer = pointer.filter(|_| !typed).cloned();
            Sampled::Generated { minimum, maximum, value, pointer, optional: option && !typed }
        }
    }
}

fn union(cx: &Context<'_>, id: Id<Union>) -> Option<UnionFactory> {
    let service = cx.api.unions[id].service;
    let sample = cx.samples.union(id)?;
    let mut methods = NameAllocator::new();
    OWN.iter().for_each(|name| methods.reserve(name));
    // A member without values still allocates its name, so that the others keep theirs.
    let variants = &cx.symbols[id].members;
    let methods: Vec<Name> = variants.iter().map(|variant| methods.value(variant.as_str())).collect();
    let choices = sample.members.iter().map(|member| UnionChoice {
        method: methods[member.index].clone(),
        variant: variants[member.index].clone(),
        value: member.value.clone(),
    });
    Some(UnionFactory {
        name: cx.symbols[id].factory.clone(),
        path: cx.child(service).path(service, &cx.symbols[id].name),
        smallest: sample.smallest,
        seeded: sample.is_seeded(),
        choices: choices.collect(),
    })
}
