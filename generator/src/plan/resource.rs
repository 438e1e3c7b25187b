//! Resources: their operations, and the enums that operations share.

use std::collections::HashMap;

use super::attributes::item_attributes;
use super::context::Context;
use super::docs::summary;
use super::items::{Resource, StatusEnum, StatusKind};
use super::operation::operation;
use super::response::status_enum;
use super::symbols::PRELUDE_TYPES;
use super::symbols::ResourceSymbols;
use super::types::Scope;
use apigen_model::api::{self, Code, Id, Service, Type};
use apigen_model::behaviour::{Outcomes, Output};
use apigen_model::vocabulary::names::Name;

pub fn resource(cx: &Context<'_>, service: Id<Service>, resource: &api::Resource, names: &ResourceSymbols) -> Resource {
    let hidden = hidden(names);
    let scope = cx.file(service, &hidden);
    let (mut errors, mut outputs) = (ErrorEnums::default(), Vec::new());
    let operations = resource.operations.iter().zip(&names.operations).map(|(o, symbols)| {
        let outcomes = Outcomes::new(o);
        let error = errors.find_or_add(scope, &outcomes, &symbols.error);
        if let Output::Several = outcomes.output() {
            let docs =
                format!("Success responses of `{}.{}`, by status.", names.accessor.as_str(), symbols.method.as_str());
            outputs.push(status_enum(scope, &outcomes.success, &symbols.output, StatusKind::Output, docs));
        }
        operation(cx, scope, (service, resource, &names.accessor), o, symbols, outcomes, error.as_ref())
    });
    Resource {
        summary: resource.description.as_deref().map(summary).unwrap_or_default(),
        attributes: item_attributes(resource.description.as_deref(), resource.deprecation.as_ref()),
        operations: operations.collect(),
        module: names.module.clone(),
        accessor: names.accessor.clone(),
        with: names.with.clone(),
        api: names.api.clone(),
        mock: names.mock.clone(),
        std_box: scope.std("Box"),
        errors: errors.enums,
        outputs,
    }
}

/// Returns every type name of the module.
fn hidden(names: &ResourceSymbols) -> Vec<String> {
    let operations =
        names.operations.iter().flat_map(|o| [&o.ty, &o.params, &o.error, &o.output, &o.result, &o.headers]);
    let names = operations.chain([&names.api, &names.mock]).map(Name::as_str);
    names.filter(|name| PRELUDE_TYPES.contains(name)).map(str::to_owned).collect()
}

/// Operations with the same errors share one enum, named after the first of them: each distinct enum costs compile time
/// at every call.
#[derive(Default)]
struct ErrorEnums {
    keys: HashMap<Vec<(Code, Type)>, Name>,
    enums: Vec<StatusEnum>,
}

impl ErrorEnums {
    fn find_or_add(&mut self, scope: Scope<'_>, outcomes: &Outcomes<'_>, name: &Name) -> Option<Name> {
        if outcomes.errors.is_empty() {
            return None;
        }
        let mut key: Vec<(Code, Type)> = outcomes.errors.iter().map(|r| (r.code, r.ty.clone())).collect();
        key.sort_by_key(|(code, _)| *code);
        if let Some(name) = self.keys.get(&key) {
            return Some(name.clone());
        }
        let docs = "The errors that the service declares.".to_owned();
        self.enums.push(status_enum(scope, &outcomes.errors, name, StatusKind::Error, docs));
        self.keys.insert(key, name.clone());
        Some(name.clone())
    }
}
