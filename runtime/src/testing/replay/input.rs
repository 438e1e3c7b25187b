//! The input of a call, and its differences from a recorded one.

use super::node::Node;
use super::redact::{Redaction, SensitiveTexts, parse_with};
use crate::call::{RecordedInput, RecordedJson};
use crate::testing::pseudonym::Pseudonyms;

#[derive(Debug, Clone)]
pub(super) struct Input {
    pub(super) path: Node,
    pub(super) query: Node,
    /// A JSON body, or an object of all form parameters.
    pub(super) body: Option<Node>,
}

/// The input of a call, raw and with pseudonyms.
pub(super) struct Call {
    raw: Input,
    pub(super) shown: Input,
    pub(super) sensitive_texts: SensitiveTexts,
}

/// The input that an example specifies; unspecified parts match everything.
#[derive(Debug, Default)]
pub(super) struct Expected {
    pub(super) path: Option<Node>,
    pub(super) query: Option<Node>,
    pub(super) body: Option<Option<Node>>,
}

impl Call {
    /// Returns `None` if a body is not JSON, which no codec writes.
    pub(super) fn new(recorded_input: &RecordedInput, names: &Pseudonyms, sensitive: &[String]) -> Option<Call> {
        let mut nothing = SensitiveTexts::default();
        let raw =
            Reading { recorded_input, raw: true, names, sensitive: &[], sensitive_texts: &mut nothing }.input()?;
        let mut texts = SensitiveTexts::default();
        let names_in_spec = recorded_input.sensitive.iter().copied();
        let sensitive = names_in_spec.chain(sensitive.iter().map(String::as_str)).map(str::to_lowercase);
        let sensitive: Vec<String> = sensitive.collect();
        let sensitive = &sensitive;
        let mut shown =
            Reading { recorded_input, raw: false, names, sensitive, sensitive_texts: &mut texts }.input()?;
        let sorted = texts.sorted();
        for node in [&mut shown.path, &mut shown.query].into_iter().chain(&mut shown.body) {
            node.replace(&sorted);
        }
        Some(Call { raw, shown, sensitive_texts: texts })
    }

    /// Returns the differences between this call and the expected input; empty if it matches.
    pub(super) fn differences(&self, expected: &Expected) -> Vec<String> {
        let mut all = Vec::new();
        let (shown, raw) = (&self.shown, &self.raw);
        if let Some(path) = &expected.path {
            compare("path", path, &shown.path, &raw.path, &mut all);
        }
        if let Some(query) = &expected.query {
            compare("query", query, &shown.query, &raw.query, &mut all);
        }
        match (&expected.body, &shown.body, &raw.body) {
            (None, ..) | (Some(None), None, _) => {}
            (Some(Some(body)), Some(shown), Some(raw)) => compare("body", body, shown, raw, &mut all),
            (Some(body), shown, _) => all.push(difference("body", body.as_ref(), shown.as_ref())),
        }
        all
    }
}

impl Input {
    pub(super) fn canonical(&self) -> String {
        let body = self.body.as_ref().map_or_else(String::new, Node::canonical);
        format!("{} {} {body}", self.path.canonical(), self.query.canonical())
    }

    pub(super) fn is_empty(&self) -> bool {
        let empty = |node: &Node| matches!(node, Node::Object(members) if members.is_empty());
        empty(&self.path) && empty(&self.query) && self.body.is_none()
    }
}

struct Reading<'a> {
    recorded_input: &'a RecordedInput,
    /// Whether to keep all values of bodies.
    raw: bool,
    names: &'a Pseudonyms,
    /// Names of parameters, in lower case.
    sensitive: &'a [String],
    sensitive_texts: &'a mut SensitiveTexts,
}

impl Reading<'_> {
    fn input(&mut self) -> Option<Input> {
        let recorded_input = self.recorded_input;
        let path = self.pairs(&recorded_input.path);
        let query = self.pairs(&recorded_input.query);
        let body = match (&recorded_input.form, &recorded_input.body) {
            (Some(form), _) => Some(Node::Object(
                form.iter().map(|(name, text)| Some((name.clone(), self.form(name, text)?))).collect::<Option<_>>()?,
            )),
            (None, Some(text)) => Some(self.json(text)?),
            (None, None) => None,
        };
        Some(Input { path, query, body })
    }

    /// Groups parameters by name; a name that occurs several times has a list.
    fn pairs(&mut self, pairs: &[(String, String)]) -> Node {
        let mut members: Vec<(String, Node)> = Vec::new();
        for (name, text) in pairs {
            let value = self.parameter(name, Node::text(text));
            match members.iter_mut().find(|(other, _)| other == name) {
                None => members.push((name.clone(), value)),
                Some((_, Node::List(values))) => values.push(value),
                Some((_, first)) => *first = Node::List(vec![first.clone(), value]),
            }
        }
        members.sort_by(|a, b| a.0.cmp(&b.0));
        Node::Object(members)
    }

    fn parameter(&mut self, name: &str, value: Node) -> Node {
        if self.sensitive.contains(&name.to_lowercase()) { self.hide(value) } else { value }
    }

    fn hide(&mut self, value: Node) -> Node {
        match value {
            Node::List(items) => Node::List(items.into_iter().map(|item| self.hide(item)).collect()),
            Node::Object(members) => {
                Node::Object(members.into_iter().map(|(key, value)| (key, self.hide(value))).collect())
            }
            scalar => {
                let pseudonym = scalar.pseudonym(self.names, (None, None));
                self.sensitive_texts.add(&scalar, &pseudonym);
                pseudonym
            }
        }
    }

    fn form(&mut self, name: &str, text: &RecordedJson) -> Option<Node> {
        let value = self.json(text)?;
        // Values that are sensitive by the spec were already replaced, by the marks of their text.
        Some(if self.recorded_input.sensitive.contains(&name) { value } else { self.parameter(name, value) })
    }

    fn json(&mut self, text: &RecordedJson) -> Option<Node> {
        let marks = if self.raw { &[] } else { text.marks.as_slice() };
        let redaction = &mut Redaction { marks, names: self.names, sensitive_texts: self.sensitive_texts };
        parse_with(&text.json, redaction)
    }
}

/// Compares recorded input with that of a call. A replayed value is already a pseudonym, which is sent back unchanged,
/// so either form may match.
fn compare(place: &str, recorded: &Node, shown: &Node, raw: &Node, out: &mut Vec<String>) {
    match (recorded, shown, raw) {
        (Node::Object(old), Node::Object(new), Node::Object(raws)) => {
            for (key, value) in old {
                let inner = format!("{place}/{key}");
                let same = |((a, _), (b, _)): &(&(String, Node), &(String, Node))| a == key || b == key;
                match new.iter().zip(raws).find(same) {
                    Some(((_, new), (_, raw))) => compare(&inner, value, new, raw, out),
                    None => out.push(difference(&inner, Some(value), None)),
                }
            }
            for ((key, value), (raw, _)) in new.iter().zip(raws) {
                if !old.iter().any(|(name, _)| name == key || name == raw) {
                    out.push(difference(&format!("{place}/{key}"), None, Some(value)));
                }
            }
        }
        (Node::List(old), Node::List(new), Node::List(raws)) => {
            for (index, value) in old.iter().enumerate() {
                let inner = format!("{place}/{index}");
                match (new.get(index), raws.get(index)) {
                    (Some(new), Some(raw)) => compare(&inner, value, new, raw, out),
                    _ => out.push(difference(&inner, Some(value), None)),
                }
            }
            for (index, value) in new.iter().enumerate().skip(old.len()) {
                out.push(difference(&format!("{place}/{index}"), None, Some(value)));
            }
        }
        _ if recorded.equals(shown) || recorded.equals(raw) => {}
        _ => out.push(difference(place, Some(recorded), Some(shown))),
    }
}

fn difference(place: &str, recorded: Option<&Node>, shown: Option<&Node>) -> String {
    let text = |node: Option<&Node>| node.map_or_else(|| "nothing".to_owned(), Node::excerpt);
    format!("{place}: recorded {}, this call has {}", text(recorded), text(shown))
}
