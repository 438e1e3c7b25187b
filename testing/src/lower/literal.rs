//! Values that a spec states, as JSON.

use apigen_model::api::{Api, Literal};
use apigen_runtime::ToJson;
use apigen_runtime::codegen::literal;

/// Returns a default or an example of the spec as JSON text.
pub fn literal(api: &Api, value: &Literal) -> String {
    match value {
        Literal::Boolean(value) => value.to_json(),
        Literal::Integer(value) => value.to_json(),
        Literal::Double(value) => value.to_json(),
        Literal::Decimal(text) => literal::decimal(text).to_json(),
        Literal::String(text) | Literal::Uuid(text) | Literal::Date(text) | Literal::DateTime(text) => text.to_json(),
        Literal::Enum(id, index) => api.enums[*id].values[*index].wire.to_json(),
        Literal::Object(text) => literal::object(text).to_json(),
        Literal::Json(text) => literal::json(text).to_json(),
        Literal::List(items) => {
            let items: Vec<String> = items.iter().map(|item| literal(api, item)).collect();
            format!("[{}]", items.join(","))
        }
        Literal::Map(entries) => {
            let entries = entries.iter().map(|(key, value)| format!("{}:{}", key.to_json(), literal(api, value)));
            format!("{{{}}}", entries.collect::<Vec<_>>().join(","))
        }
    }
}
