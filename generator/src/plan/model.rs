//! Models: structs, their constructors and defaults.

use super::attributes::{field_attributes, item_attributes};
use super::context::Context;
use super::items::{
    Absent, Argument, Constructor, Conversion, Expression, Fallback, Field, RustType, Struct, TypePath,
};
use super::literal::{expression, fallback, is_type_default};
use super::type_override::Subject;
use super::types::Scope;
use apigen_model::api::{self, Id, Primitive, Type};
use apigen_model::behaviour::Node;
use apigen_model::behaviour::is_option;
use apigen_model::vocabulary::names::Name;

/// The docs of constructors that do not take every field, and of those that do.
const REST_PRESET: &str = "Creates a value from the required fields; all others are absent or have their default.";
const ALL_REQUIRED: &str = "Creates a value from all fields; all are required.";

pub fn model(cx: &Context<'_>, id: Id<api::Model>) -> Struct {
    let model = &cx.api.models[id];
    let scope = cx.models(model.service);
    let fields: Vec<(Field, Option<Argument>)> = (0..model.fields.len()).map(|i| field(cx, scope, id, i)).collect();
    let free = fields.iter().filter(|(_, argument)| argument.is_none()).count();
    let defaults = model.fields.iter().all(preset_is_type_default);
    let derivable = free == fields.len() && defaults;
    let (fields, arguments): (Vec<Field>, Vec<Option<Argument>>) = fields.into_iter().unzip();
    let arguments: Vec<Argument> = arguments.into_iter().flatten().collect();
    // `Debug` counts the depth of nested values there.
    let recursive = cx.recursion.is_entrance(id);
    let debug_impl = recursive || fields.iter().any(|field| field.sensitive);
    let mut derives = if debug_impl { vec!["Clone"] } else { vec!["Debug", "Clone"] };
    derives.extend(derivable.then_some("Default"));
    derives.push("PartialEq");
    let total = cx.derives.total(cx.api, Node::Model(id));
    if total {
        derives.extend(["Eq", "Hash"]);
    }
    let default_impl = arguments.is_empty() && !derivable;
    let implemented = [("Default", default_impl), ("Debug", debug_impl)].into_iter().filter(|(_, here)| *here);
    let implemented: Vec<&str> = implemented.map(|(name, _)| name).collect();
    let name = cx.symbols[id].name.clone();
    Struct {
        attributes: item_attributes(model.description.as_deref(), model.deprecation.as_ref()),
        spec_name: model.name.clone(),
        derives: cx.extras.derives(&Subject {
            ty: Type::Model(id),
            derived: &derives,
            implemented: &implemented,
            defaults,
            total,
        }),
        default_impl,
        debug_impl,
        recursive,
        constructor: (!arguments.is_empty()).then(|| Constructor {
            docs: if free > 0 { REST_PRESET } else { ALL_REQUIRED },
            named_like_type: name.as_str() == "New",
            arguments,
        }),
        fields,
        path: cx.child(model.service).path(model.service, &name),
        name,
    }
}

fn preset_is_type_default(field: &api::Field) -> bool {
    is_option(field) || field.default.as_ref().is_none_or(is_type_default)
}

fn field(cx: &Context<'_>, scope: Scope<'_>, model: Id<api::Model>, index: usize) -> (Field, Option<Argument>) {
    let field = &cx.api.models[model].fields[index];
    let name = &cx.symbols[model].fields[index];
    let pointer = cx.pointer(scope, model, index);
    let pointer = pointer.as_ref();
    let unit = field.ty == Type::Primitive(Primitive::Unit);
    let option = is_option(field);
    let inner = scope.owned(&field.ty).behind(pointer);
    let literal = field.default.as_ref().filter(|_| !option);
    let preset = match literal {
        Some(literal) => Some(expression(scope, literal).behind(pointer)),
        None if option => Some(Expression::None),
        None if unit => Some(Expression::Unit),
        None => None,
    };
    let absent = match literal {
        _ if option => Absent::None,
        Some(literal) if !field.required => {
            let scope = cx.child(cx.api.models[model].service);
            Absent::Default(fallback(scope, literal, cx.pointer(scope, model, index).as_ref()))
        }
        _ if unit => Absent::Default(Fallback::Default),
        _ => Absent::Missing,
    };
    let argument = preset.is_none().then(|| argument(scope, name, &field.ty, pointer));
    let sensitive = cx.options.sensitive.are_on(field);
    let planned = Field {
        attributes: field_attributes(field, sensitive),
        name: name.clone(),
        wire: field.name.clone(),
        ty: if option { inner.within(scope.std("Option")) } else { inner },
        required: field.required && !unit,
        nullable: unit || (field.required && field.ty == Type::Primitive(Primitive::Json)),
        sensitive,
        minimum: field.minimum,
        maximum: field.maximum,
        absent,
        preset,
    };
    (planned, argument)
}

/// Plans an argument of a constructor: strings convert; values behind a pointer are taken without it.
pub fn argument(scope: Scope<'_>, name: &Name, ty: &Type, pointer: Option<&TypePath>) -> Argument {
    let (name, owned) = (name.clone(), scope.owned(ty));
    let value = |conversion| Expression::Argument(name.clone(), conversion);
    if *ty == Type::Primitive(Primitive::String) {
        let ty = RustType::Into(scope.std("Into"), Box::new(owned));
        return Argument { ty, value: value(Conversion::Into), name };
    }
    Argument { ty: owned, value: value(Conversion::Nothing).behind(pointer), name }
}
