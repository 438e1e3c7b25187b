//! Lint: types in problematic places, and interfaces that are not implemented.

use std::collections::HashMap;

use super::Linter;
use super::rule::{INTERFACE_MISMATCH, UNIT_VALUE};
use crate::api::{self, Id, Primitive, Type};
use crate::behaviour::base;
use crate::parse::service::{Model, Text};

fn is_unit(ty: &Type) -> bool {
    *base(ty) == Type::Primitive(Primitive::Unit)
}

const UNIT_HELP: &str = "remove it, or use a type that has values; `unit` means no body";

impl Linter<'_> {
    /// Checks uses of `unit`, and interfaces of other services.
    pub fn types(&mut self) {
        self.units();
        let service = self.service;
        for (model, id) in service.models.iter().zip(&self.own.models) {
            for name in &model.interfaces {
                let Some(target) = self.scope.interface(&name.value) else { continue };
                // Interfaces of this service have been checked already.
                if target.unit == self.scope.unit {
                    continue;
                }
                if let Some(interface) =
                    self.service_of(target.unit).and_then(|service| service.interfaces.get(target.index))
                {
                    self.promises(model, *id, name, *interface);
                }
            }
        }
    }

    fn units(&mut self) {
        for field in self.field_refs() {
            if is_unit(field.ty) {
                let message = format!("{field} has the type `{}`, which has no value", field.field.ty.value);
                self.add(&UNIT_VALUE, field.field.ty.at, &field.attributes, message, UNIT_HELP);
            }
        }
        for operation in self.operation_refs() {
            let bodies = operation.written.body.iter().map(|body| ("body", &body.ty)).filter(|(_, ty)| names_unit(ty));
            let responses = operation.written.responses.iter().map(|r| ("response", &r.ty));
            // A `unit` response is how a spec declares a response without a body.
            let lists = responses.filter(|(_, ty)| names_unit(ty) && ty.value.contains('['));
            for (what, ty) in bodies.chain(lists) {
                let message = format!("a {what} of {operation} has the type `{}`, which has no value", ty.value);
                self.add(&UNIT_VALUE, ty.at, &operation.attributes(), message, UNIT_HELP);
            }
        }
    }

    /// Checks that a model repeats the fields of an imported interface; API Builder does not check those.
    fn promises(&mut self, model: &Model, id: Id<api::Model>, name: &Text, interface: Id<api::Interface>) {
        let own: HashMap<&str, &api::Field> =
            self.api.models[id].fields.iter().rev().map(|field| (field.name.as_str(), field)).collect();
        let faults = self.api.interfaces[interface].fields.iter().filter_map(|wanted| {
            let (field, must) = (&wanted.name, if wanted.required { "required" } else { "optional" });
            match own.get(field.as_str()) {
                None => Some(format!("lacks the field `{field}`")),
                Some(own) if own.ty != wanted.ty => Some(format!("has another type for the field `{field}`")),
                Some(own) if own.required != wanted.required => {
                    Some(format!("has a field `{field}` that should be {must}"))
                }
                Some(_) => None,
            }
        });
        let faults: Vec<String> = faults.collect();
        if !faults.is_empty() {
            let (model_name, faults) = (&model.common.name.value, faults.join(", "));
            let message = format!("model `{model_name}` does not implement `{}`: it {faults}", name.value);
            let help = "repeat the fields of the interface as they are";
            self.add(&INTERFACE_MISMATCH, name.at, &[&model.common.attributes], message, help);
        }
    }
}

fn names_unit(text: &Text) -> bool {
    crate::vocabulary::type_text::parse(&text.value)
        .is_some_and(|parsed| crate::vocabulary::type_text::primitive(parsed.base) == Some(Primitive::Unit))
}
