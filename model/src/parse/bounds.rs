//! Limits on sizes: what messages and generated code repeat must be short, or megabytes would become gigabytes.

use super::names::commons;
use super::reader::Reader;
use super::service::{Kind, Service};
use crate::source::json::{Node, Span, Value};
use crate::vocabulary::paths::variables;

/// The maximum length of a name, a type, a path or a key, in bytes.
const LONGEST: usize = 2_000;

/// The maximum number of variables in a path.
pub const MAX_VARIABLES: usize = 64;

/// The maximum number of operations of a document. Each takes about 40 KB of memory during generation.
const MAX_OPERATIONS: usize = 20_000;

/// The maximum number of enums, interfaces, models and unions of a document, together.
const MAX_TYPES: usize = 50_000;

/// The maximum number of their values, fields and members.
const MAX_PARTS: usize = 1_000_000;

/// Keys whose values are names.
const NAMING: &str = "discriminator discriminator_value enum interface key location method model name namespace path \
                      plural type union uri value version";

impl Reader<'_> {
    /// Reports every key and every name that is too long. Returns true if there was any.
    pub fn too_long(&mut self, node: &Node) -> bool {
        match &node.value {
            Value::Object(members) => members.iter().fold(false, |found, member| {
                let is_data = member.key == "value" && matches!(member.node.value, Value::Object(_));
                let is_text = matches!(member.key.as_str(), "default" | "description" | "example");
                let key = self.is_long("key", &member.key, member.key_span);
                let value = match &member.node.value {
                    _ if is_data || is_text => false,
                    Value::String(text) => {
                        text.len() > LONGEST
                            && NAMING.split(' ').any(|key| key == member.key)
                            && self.is_long(&member.key, text, member.node.span)
                    }
                    _ => self.too_long(&member.node),
                };
                found | key | value
            }),
            Value::Array(items) => items.iter().fold(false, |found, item| {
                let long = match &item.value {
                    Value::String(text) => self.is_long("name", text, item.span),
                    _ => self.too_long(item),
                };
                found | long
            }),
            _ => false,
        }
    }

    /// Reports too many declarations in a document. Returns true if there are.
    pub fn too_many(&mut self, service: &Service) -> bool {
        let types = [Kind::Model, Kind::Interface, Kind::Enum, Kind::Union].into_iter();
        let types = types.flat_map(|kind| commons(service, kind)).map(|common| common.name.at);
        let models = service.models.iter().chain(&service.interfaces);
        let parts = models.flat_map(|model| &model.fields).map(|field| field.common.name.at);
        let parts = parts.chain(service.enums.iter().flat_map(|e| &e.values).map(|value| value.common.name.at));
        let parts = parts.chain(service.unions.iter().flat_map(|union| &union.types).map(|member| member.ty.at));
        let operations =
            service.resources.iter().flat_map(|resource| &resource.operations).map(|operation| operation.at);
        let types = self.is_beyond("types", MAX_TYPES, types);
        let parts = self.is_beyond("fields, values and members", MAX_PARTS, parts);
        self.is_beyond("operations", MAX_OPERATIONS, operations) || types || parts
    }

    fn is_beyond(&mut self, what: &str, most: usize, mut places: impl Iterator<Item = Span>) -> bool {
        let beyond = places.nth(most);
        if let Some(at) = beyond {
            self.error("E065", at, format!("the document has more than {most} {what}"), None);
        }
        beyond.is_some()
    }

    fn is_long(&mut self, what: &str, text: &str, at: Span) -> bool {
        let is_long = text.len() > LONGEST;
        if is_long {
            let message = format!("{what}[{}] has {} bytes, more than {LONGEST}", beginning(text), text.len());
            self.error("E065", at, message, None);
        }
        is_long
    }
}

/// Returns why a path is too long, if it is.
pub fn long_path(path: &str) -> Option<String> {
    let count = variables(path).len();
    let path = beginning(path);
    (count > MAX_VARIABLES).then(|| format!("path[{path}] has {count} parameters, more than {MAX_VARIABLES}"))
}

/// Returns the beginning of a text, enough to recognise it.
pub fn beginning(text: &str) -> String {
    match text.char_indices().nth(40) {
        Some((at, _)) => format!("{}…", &text[..at]),
        None => text.to_owned(),
    }
}
