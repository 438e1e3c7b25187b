//! Replaces a template's own names with those of real types (format reference, 9.4).

use std::collections::BTreeMap;

use crate::source::json::{Member, Node, Value};

/// Maps names in the template to names of real types.
pub type Names = BTreeMap<String, String>;

/// Renames the types of a model's or interface's fields.
pub fn fields(node: &mut Node, names: &Names) {
    for field in items(node, "fields") {
        ty(field, names);
    }
}

/// Renames the types of a resource's bodies, parameters and responses.
pub fn operations(node: &mut Node, names: &Names) {
    for operation in items(node, "operations") {
        if let Some(body) = child(operation, "body") {
            ty(body, names);
        }
        for parameter in items(operation, "parameters") {
            ty(parameter, names);
        }
        for response in members(operation, "responses") {
            ty(&mut response.node, names);
        }
    }
}

/// Renames the type inside all brackets.
fn ty(node: &mut Node, names: &Names) {
    let Some(Node { value: Value::String(text), .. }) = child(node, "type") else { return };
    let Some(base) = crate::vocabulary::type_text::parse(text).map(|parsed| parsed.base) else { return };
    // Only brackets follow the name.
    if let (Some(name), Some(at)) = (names.get(base), text.rfind(base)) {
        *text = format!("{}{name}{}", &text[..at], &text[at + base.len()..]);
    }
}

/// Returns the value of the last member with this key.
pub(super) fn child<'n>(node: &'n mut Node, key: &str) -> Option<&'n mut Node> {
    let Value::Object(members) = &mut node.value else { return None };
    members.iter_mut().rev().find(|m| m.key == key).map(|m| &mut m.node)
}

pub(super) fn members<'n>(node: &'n mut Node, key: &str) -> &'n mut [Member] {
    match child(node, key) {
        Some(Node { value: Value::Object(members), .. }) => members,
        _ => &mut [],
    }
}

pub(super) fn items<'n>(node: &'n mut Node, key: &str) -> &'n mut [Node] {
    match child(node, key) {
        Some(Node { value: Value::Array(items), .. }) => items,
        _ => &mut [],
    }
}
