//! Lowers what a stateful server keeps to the table of the runtime.

use apigen_model::api::{Api, Id, Role, Service, Type};
use apigen_model::behaviour::state::{self, Action, Keys, PathField, StoredOperation, state_table};
use apigen_model::behaviour::{FieldIndex, SmallestValues, operation_ids};
use apigen_runtime::codegen::state as runtime;
use apigen_runtime::validate::schema::{list, text};

use super::smallest::smallest;

/// Returns the table of a service and the models of its collections; without collections, both are empty.
pub fn state(api: &Api, id: Id<Service>) -> (&'static runtime::StateTable, Vec<Type>) {
    let values = SmallestValues::new(api);
    let service = &api.services[id];
    let table = match service.role {
        Role::Requested => state_table(api, service, &values, &FieldIndex::new(api)),
        _ => None,
    }
    .unwrap_or_default();
    let models = table.collections.iter().map(|own| Type::Model(own.model)).collect();
    let ids = operation_ids(service);
    let cx = Lowering { api, values: &values };
    let lowered = runtime::StateTable {
        collections: list(table.collections.iter().map(|own| cx.collection(own)).collect()),
        operations: list(table.operations.iter().map(|own| cx.operation(own, &ids)).collect()),
    };
    (&list(vec![lowered])[0], models)
}

struct Lowering<'a> {
    api: &'a Api,
    values: &'a SmallestValues<'a>,
}

impl Lowering<'_> {
    fn collection(&self, own: &state::Collection) -> runtime::Collection {
        // A collection exists only if its items have values.
        let blank = smallest(self.api, self.values, &Type::Model(own.model)).unwrap_or_else(|| "{}".to_owned());
        runtime::Collection {
            key: own.key.as_deref().map(text),
            keys: match own.keys {
                Keys::Uuids => runtime::Keys::Uuids,
                Keys::Numbers(first) => runtime::Keys::Numbers(first),
                Keys::Texts(length) => runtime::Keys::Texts(length),
                Keys::Given => runtime::Keys::Given,
            },
            // Each operation names its own.
            fields: &[],
            unique: texts(&own.unique),
            instants: texts(&own.instants),
            blank: runtime::StaticJson::Text(text(&blank)),
        }
    }

    fn operation(&self, own: &StoredOperation, ids: &[Vec<String>]) -> runtime::Stored {
        let bodies = own.refusals.iter();
        let bodies = bodies.filter_map(|(status, ty)| Some((*status, text(&smallest(self.api, self.values, ty)?))));
        let path = own.path.iter().map(|PathField { field, variable, is_text }| runtime::PathField {
            field: text(field),
            variable: text(variable),
            is_text: *is_text,
        });
        runtime::Stored {
            operation: text(&ids[own.place.resource][own.place.operation]),
            collection: own.collection,
            action: match own.action {
                Action::Create => runtime::Action::Create,
                Action::Read => runtime::Action::Read,
                Action::List => runtime::Action::List,
                Action::Replace => runtime::Action::Replace,
                Action::Change => runtime::Action::Change,
                Action::Delete => runtime::Action::Delete,
            },
            fields: Some(texts(&own.fields)),
            path: list(path.collect()),
            bodies: &[],
            texts: list(bodies.collect()),
        }
    }
}

fn texts(words: &[String]) -> &'static [&'static str] {
    list(words.iter().map(|word| text(word)).collect())
}
