//! Merges a template into a model or resource (format reference, 9.2 and 9.4).

use std::collections::{HashMap, HashSet};

use crate::source::json::{Member, Node, Object, Value};

/// Merges a template into a model, which takes precedence.
pub fn model(own: &Node, template: &Node) -> Node {
    merge(own, template, &[], |merged| {
        merged.list("fields", by_name("fields", own, template, field));
        merged.list("interfaces", interfaces(own, template));
    })
}

/// What a field or parameter takes from its template.
const VALUES: &[&str] = &["default", "example", "minimum", "maximum"];

/// Merges a field that is in both; it is required, whatever either says.
fn field(own: &Node, template: &Node) -> Node {
    merge(own, template, VALUES, |merged| {
        let mut annotations = items(own, "annotations").to_vec();
        let known: HashSet<Option<&str>> = items(own, "annotations").iter().map(Node::text).collect();
        annotations.extend(items(template, "annotations").iter().filter(|t| !known.contains(&t.text())).cloned());
        merged.list("annotations", annotations);
        merged.members.retain(|member| member.key != "required");
    })
}

/// Merges interfaces: own ones, the template's, then the templates that either declares, since each template model
/// becomes an interface.
fn interfaces(own: &Node, template: &Node) -> Vec<Node> {
    let declared = |node: &Node| -> Vec<Node> {
        items(node, "templates").iter().filter_map(|d| d.get("name").map(|m| m.node.clone())).collect()
    };
    let listed = |node: &Node| items(node, "interfaces").to_vec();
    let all = [listed(own), listed(template), declared(own), declared(template)].into_iter().flatten();
    let mut seen = HashSet::new();
    all.filter(|name| seen.insert(name.text().map(str::to_owned))).collect()
}

/// Merges a template into a resource. Operations are the same if method and path are.
pub fn resource(own: &Node, template: &Node) -> Node {
    merge(own, template, &["path"], |merged| {
        merged.list("operations", matched("operations", own, template, route, operation));
    })
}

/// Returns the key that identifies an operation.
fn route(operation: &Node) -> String {
    let part = |key: &str| operation.word(key).trim().to_lowercase();
    format!("{}:{}", part("method"), part("path"))
}

fn operation(own: &Node, template: &Node) -> Node {
    merge(own, template, &["body"], |merged| {
        let parameter = |own: &Node, template: &Node| merge(own, template, VALUES, |_| ());
        merged.list("parameters", by_name("parameters", own, template, parameter));
        merged.set("responses", responses(own, template));
    })
}

/// Merges responses: codes of the operation alone come first, then all of the template's.
fn responses(own: &Node, template: &Node) -> Option<Node> {
    let all = |node: &Node| node.get("responses").map(|m| m.node.members().to_vec()).unwrap_or_default();
    let (mine, theirs) = (all(own), all(template));
    let their_codes: HashSet<&str> = theirs.iter().map(|t| t.key.as_str()).collect();
    let by_code: HashMap<&str, &Member> = mine.iter().rev().map(|m| (m.key.as_str(), m)).collect();
    let own_only = mine.iter().filter(|m| !their_codes.contains(m.key.as_str())).cloned();
    let rest = theirs.iter().map(|t| match by_code.get(t.key.as_str()) {
        Some(m) => Member { node: response(&m.node, &t.node), ..(*m).clone() },
        None => t.clone(),
    });
    let members: Vec<Member> = own_only.chain(rest).collect();
    (!members.is_empty()).then(|| Value::Object(members).into())
}

fn response(own: &Node, template: &Node) -> Node {
    merge(own, template, &[], |merged| {
        merged.list("headers", by_name("headers", own, template, |own, _| own.clone()));
    })
}

/// Merges two elements: what every element has, these keys, and what `more` sets.
fn merge(own: &Node, template: &Node, keys: &[&str], more: impl FnOnce(&mut Object)) -> Node {
    let mut merged = Object { members: own.members().to_vec() };
    for key in ["description", "deprecation"].iter().chain(keys).filter(|key| own.get(key).is_none()) {
        merged.members.extend(template.get(key).cloned());
    }
    merged.list("attributes", attributes(own, template));
    more(&mut merged);
    Node { span: own.span, ..merged.node() }
}

/// Merges attributes: own ones in order, then the template's; values of one name are merged, the rest of both is lost.
fn attributes(own: &Node, template: &Node) -> Vec<Node> {
    by_name("attributes", own, template, |own, template| {
        let value = |node: &Node| node.get("value").map(|m| m.node.members().to_vec()).unwrap_or_default();
        let mut members = value(template);
        let mut at: HashMap<String, usize> =
            members.iter().enumerate().rev().map(|(index, known)| (known.key.clone(), index)).collect();
        for member in value(own) {
            match at.get(&member.key) {
                Some(index) => members[*index] = member,
                None => {
                    at.insert(member.key.clone(), members.len());
                    members.push(member);
                }
            }
        }
        let merged = Object::default().maybe("name", own.get("name").map(|m| m.node.clone()));
        Node { span: own.span, ..merged.with("value", Value::Object(members)).node() }
    })
}

fn by_name(list: &str, own: &Node, template: &Node, merge: impl Fn(&Node, &Node) -> Node) -> Vec<Node> {
    matched(list, own, template, |node| node.word("name").to_owned(), merge)
}

/// Returns own elements of a list in order, each merged with the template's of the same key, then the template's others.
fn matched(
    list: &str,
    own: &Node,
    template: &Node,
    key: impl Fn(&Node) -> String,
    merge: impl Fn(&Node, &Node) -> Node,
) -> Vec<Node> {
    let (own, template) = (items(own, list), items(template, list));
    // In reverse, since the first of several equal keys wins.
    let others: HashMap<String, &Node> = template.iter().rev().map(|node| (key(node), node)).collect();
    let known: HashSet<String> = own.iter().map(&key).collect();
    let mine = own.iter().map(|node| match others.get(&key(node)) {
        Some(other) => merge(node, other),
        None => node.clone(),
    });
    let rest = template.iter().filter(|node| !known.contains(&key(node))).cloned();
    mine.chain(rest).collect()
}

fn items<'n>(node: &'n Node, key: &str) -> &'n [Node] {
    node.get(key).map(|m| m.node.items()).unwrap_or_default()
}

impl Object {
    fn list(&mut self, key: &str, items: Vec<Node>) {
        self.set(key, (!items.is_empty()).then(|| Value::Array(items).into()));
    }

    fn set(&mut self, key: &str, node: Option<Node>) {
        let Some(node) = node else { return };
        match self.members.iter_mut().find(|m| m.key == key) {
            Some(member) => member.node = Node { span: member.node.span, ..node },
            None => self.members.push(Member { key: key.to_owned(), key_span: node.span, node }),
        }
    }
}
