//! Templates: shapes of models and resources that are copied into real ones (format reference, chapter 9).
//!
//! They are merged in the document itself, before it is read, so later stages never see them.

mod declared;
mod merge;
mod rename;
mod typed;

use crate::diagnostic::Diagnostic;
use std::collections::{HashMap, HashSet};

use super::reader::Reader;
use super::service::Text;
use crate::source::json::{Member, Node, Value};
use declared::{Declaration, Library};
use rename::{child, items, members};

pub enum Expanded {
    /// There is nothing to merge.
    Unchanged,
    /// The document with its templates merged.
    Merged(Node),
    /// The templates are invalid, as reported. Nothing else is checked.
    Refused,
}

/// Merges the templates of an `api.json`.
///
/// As in API Builder, templates are ignored if any part of the document does not match the typed form, and a document
/// whose templates are merged loses everything outside that form. Both are warnings here.
pub fn expand(document: &Node, reader: &mut Reader<'_>) -> Expanded {
    let Some(section) = document.get("templates") else {
        undeclared(document, reader);
        return Expanded::Unchanged;
    };
    let Value::Object(_) = section.node.value else { return Expanded::Unchanged };
    let (mut merged, dropped) = match typed::rebuild(document) {
        Ok(rebuilt) => rebuilt,
        Err(mismatch) => {
            let message = format!("the templates of this document are ignored: {}", mismatch.message);
            let help = "templates are merged only if every type is a name and every value has the expected JSON type";
            reader.push(Diagnostic::warning("W004", mismatch.at, message).help(help.to_owned()));
            return Expanded::Unchanged;
        }
    };
    for Text { value, at } in dropped {
        let message =
            format!("`{value}` is dropped: documents with templates keep only what the typed form can represent");
        reader.push(Diagnostic::warning("W004", at, message));
    }
    let before = reader.report.error_count();
    let library = Library::new(&merged);
    clashes(&merged, &library, reader);
    merge_all(&mut merged, &library, reader);
    typed_defaults(&mut merged);
    if reader.report.error_count() > before { Expanded::Refused } else { Expanded::Merged(merged) }
}

/// Reports declarations of templates in a document without templates.
fn undeclared(document: &Node, reader: &mut Reader<'_>) {
    for section in ["models", "resources"] {
        let members = document.get(section).map(|m| m.node.members()).unwrap_or_default();
        for declared in members.iter().filter_map(|m| m.node.get("templates")) {
            let message = "these templates are ignored: the document has no templates".to_owned();
            reader.push(Diagnostic::warning("W004", declared.key_span, message));
        }
    }
}

/// Reports template models whose names are taken: they become interfaces.
fn clashes(document: &Node, library: &Library, reader: &mut Reader<'_>) {
    for (section, article) in [("models", "a model"), ("interfaces", "an interface")] {
        let members = document.get(section).map(|m| m.node.members()).unwrap_or_default();
        for member in members.iter().filter(|m| library.model(&m.key).is_some()) {
            let message = format!("Name[{}] is used for {article} and for a template model", member.key);
            let help = "each template model becomes an interface of the same name: rename one of the two";
            reader.error("E005", member.key_span, message, Some(help));
        }
    }
}

fn merge_all(document: &mut Node, library: &Library, reader: &mut Reader<'_>) {
    let mut used: Vec<(String, rename::Names)> = Vec::new();
    let mut direct: Vec<(Vec<Declaration>, Node)> = Vec::new();
    for member in members(document, "models") {
        let own = declared::of(&member.node);
        let resolved = library.resolve_model(&member.key, &own, reader);
        for (_, template) in &resolved {
            member.node = merge::model(&member.node, template);
        }
        let names = declared::names(&member.key, &resolved, reader);
        direct.push((own, member.node.clone()));
        rename::fields(&mut member.node, &names);
        used.push((member.key.clone(), names));
    }
    for member in members(document, "resources") {
        let own = declared::of(&member.node);
        let resolved = library.resolve_resource(&member.key, &own, reader);
        for (_, template) in &resolved {
            member.node = merge::resource(&member.node, template);
        }
        let names = declared::names(&member.key, &resolved, reader);
        rename::operations(&mut member.node, &names);
    }
    let mut by_name: HashMap<&str, Vec<&rename::Names>> = HashMap::new();
    used.iter().for_each(|(name, names)| by_name.entry(name).or_default().push(names));
    for member in members(document, "interfaces") {
        for names in by_name.get(member.key.as_str()).into_iter().flatten() {
            rename::fields(&mut member.node, names);
        }
    }
    let shapes: Vec<HashSet<Shape<'_>>> = direct.iter().map(|(_, model)| fields(model).map(shape).collect()).collect();
    let mut users: HashMap<&str, Vec<&HashSet<Shape<'_>>>> = HashMap::new();
    for ((own, _), fields) in direct.iter().zip(&shapes) {
        own.iter().for_each(|declaration| users.entry(&declaration.name).or_default().push(fields));
    }
    let interfaces = library.models.members.iter().map(|template| {
        let users = users.get(template.key.to_lowercase().as_str()).map(Vec::as_slice);
        interface(template, users.unwrap_or_default())
    });
    append(document, "interfaces", interfaces.collect());
}

/// Returns the interface of a template model: the fields that every model declaring it has unchanged.
fn interface(template: &Member, users: &[&HashSet<Shape<'_>>]) -> Member {
    let mut made = template.clone();
    if let Value::Object(members) = &mut made.node.value {
        members.retain(|m| !matches!(m.key.as_str(), "interfaces" | "templates"));
    }
    if let Some(Node { value: Value::Array(fields), .. }) = child(&mut made.node, "fields") {
        fields.retain(|field| users.iter().all(|fields| fields.contains(&shape(field))));
    }
    made
}

/// Name, type, and whether the field is required.
type Shape<'n> = (&'n str, &'n str, bool);

fn shape(field: &Node) -> Shape<'_> {
    let required = field.get("required").is_none_or(|m| !matches!(m.node.value, Value::Bool(false)));
    (field.word("name"), field.word("type").trim(), required)
}

fn fields(model: &Node) -> impl Iterator<Item = &Node> {
    model.get("fields").into_iter().flat_map(|member| member.node.items())
}

/// Fills in the defaults of the typed form: `default` of union members, `location` of parameters.
fn typed_defaults(document: &mut Node) {
    let fill = |node: &mut Node, key: &str, value: Value| {
        let span = node.span;
        if node.get(key).is_none()
            && let Value::Object(members) = &mut node.value
        {
            members.push(Member { key: key.to_owned(), key_span: span, node: Node { span, value } });
        }
    };
    for union in members(document, "unions") {
        items(&mut union.node, "types").iter_mut().for_each(|member| fill(member, "default", Value::Bool(false)));
    }
    for resource in members(document, "resources") {
        for operation in items(&mut resource.node, "operations") {
            let query = || Value::String("query".to_owned());
            items(operation, "parameters").iter_mut().for_each(|parameter| fill(parameter, "location", query()));
        }
    }
}

fn append(document: &mut Node, key: &str, mut more: Vec<Member>) {
    if more.is_empty() {
        return;
    }
    let Value::Object(sections) = &mut document.value else { return };
    match sections.iter_mut().find(|m| m.key == key).map(|m| &mut m.node.value) {
        Some(Value::Object(known)) => known.append(&mut more),
        _ => {
            let node = Value::Object(more).into();
            sections.push(Member { key: key.to_owned(), key_span: document.span, node });
        }
    }
}
