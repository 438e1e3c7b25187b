//! The text of rules, TOML or JSON, as one kind of tree in which every value has its place.

use std::collections::HashSet;

use apigen_model::source::json::{Node, Value, parse};

use super::problems::{FORM, Problems, UNREADABLE, place};

/// The key of a file under which its rules are.
const RULES: &str = "rule";

/// Reads a text as a tree; problems with it are reported.
pub(super) fn tree(name: &str, text: &str, problems: &mut Problems) -> Option<Node> {
    let tree = if is_json(name, text) { json(text, problems) } else { toml(text, problems) }?;
    // What a key with two values means is unknown, so nothing else is checked.
    check_keys(&tree, problems);
    Some(tree).filter(|_| !problems.are_there())
}

/// Returns true for JSON: by the extension of the name, or else by how the text begins.
fn is_json(name: &str, text: &str) -> bool {
    let extension = name.rsplit_once('.').map(|(_, extension)| extension.to_ascii_lowercase());
    match extension.as_deref() {
        Some("json") => true,
        Some("toml") => false,
        _ => {
            let text = text.trim_start_matches('\u{feff}').trim_start();
            let in_array = text.strip_prefix('[').map(str::trim_start);
            // `[rule]` and `[[rule]]` begin tables of TOML.
            text.starts_with('{') || in_array.is_some_and(|rest| rest.starts_with(['{', ']', '"']))
        }
    }
}

fn json(text: &str, problems: &mut Problems) -> Option<Node> {
    let syntax = |error: apigen_model::source::json::SyntaxError| {
        let help = error.help.map(str::to_owned);
        problems.add(UNREADABLE, error.span, format!("invalid JSON: {}", error.message), help);
    };
    parse(text).map_err(syntax).ok()
}

#[cfg(feature = "toml")]
fn toml(text: &str, problems: &mut Problems) -> Option<Node> {
    super::toml::parse(text, problems)
}

#[cfg(not(feature = "toml"))]
fn toml(_: &str, problems: &mut Problems) -> Option<Node> {
    let message = "rules in TOML need the feature `toml` of apigen-testing; this program reads JSON only";
    problems.add(UNREADABLE, apigen_model::source::json::Span::default(), message, None);
    None
}

/// Reports keys that an object has twice: one of the values would be lost.
fn check_keys(node: &Node, problems: &mut Problems) {
    node.items().iter().for_each(|item| check_keys(item, problems));
    let mut known = HashSet::new();
    for member in node.members() {
        if !known.insert(member.key.as_str()) && !problems.is_full() {
            problems.add(UNREADABLE, member.key_span, format!("the key `{}` occurs twice", member.key), None);
        }
        check_keys(&member.node, problems);
    }
}

/// Returns the rules of a document: all below the key `rule`, a list of rules, or one rule.
pub(super) fn rules<'n>(tree: &'n Node, problems: &mut Problems) -> Vec<&'n Node> {
    if let Value::Array(rules) = &tree.value {
        return rules.iter().collect();
    }
    let members = tree.members();
    let rules = tree.get(RULES).map(|member| &member.node);
    let is_rule = rules.is_none() && tree.get("operation").is_some();
    if is_rule || !matches!(tree.value, Value::Object(_)) {
        return vec![tree];
    }
    for member in members.iter().filter(|member| member.key != RULES) {
        let help = problems.suggestion(&member.key, &[RULES], "allowed key");
        problems.add(FORM, member.key_span, format!("unknown key `{}` beside the rules", member.key), help);
    }
    match rules.map(|rules| (&rules.value, rules)) {
        Some((Value::Array(list), _)) => list.iter().collect(),
        Some((_, one)) => vec![one],
        None if members.is_empty() => {
            let help = "for example `[[rule]]`, then `operation = \"users.get\"` and `status = 404`".to_owned();
            problems.add(FORM, place(tree), "there are no rules", Some(help));
            Vec::new()
        }
        None => Vec::new(),
    }
}
