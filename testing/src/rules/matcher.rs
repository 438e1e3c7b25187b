//! What a rule requires of the values of a request.

use std::cell::OnceCell;

use apigen_model::source::json::{Node, Value, parse};
use apigen_runtime::validate::MessageLocation;
use apigen_runtime::validate::schema::utc;

/// The input of a request, as the validator accepted it.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct RuleInput {
    /// Location, name and accepted JSON text of each parameter that is present.
    pub parameters: Vec<(MessageLocation, &'static str, String)>,
    /// The accepted JSON text of the body, if the operation has one.
    pub body: Option<String>,
}

/// A condition on a value. A part that it does not mention may be anything.
#[derive(Debug, Clone, PartialEq)]
pub(super) enum Matcher {
    /// No value, or `null`.
    Absent,
    /// No value, whose meaning is the same as that of the given one: a default.
    OrAbsent(Box<Matcher>),
    Bool(bool),
    /// The digits in canonical form, so that equal numbers are equal texts.
    Number(String),
    Text(String),
    /// A date-time in UTC, as JSON text.
    Instant(String),
    /// Each element in turn.
    List(Vec<Matcher>),
    /// Some members; others may be there.
    Object(Vec<(String, Matcher)>),
    /// One of several types of a union.
    Any(Vec<Matcher>),
}

impl Matcher {
    /// Creates the matcher of a value without a type: numbers by value, everything else exactly.
    pub(super) fn exactly(node: &Node) -> Matcher {
        match &node.value {
            Value::Null => Matcher::Absent,
            Value::Bool(value) => Matcher::Bool(*value),
            Value::Number(_) => Matcher::Number(node.canonical()),
            Value::String(text) => Matcher::Text(text.clone()),
            Value::Array(items) => Matcher::List(items.iter().map(Matcher::exactly).collect()),
            Value::Object(members) => {
                let members = members.iter().map(|member| (member.key.clone(), Matcher::exactly(&member.node)));
                Matcher::Object(members.collect())
            }
        }
    }

    pub(super) fn matches(&self, value: Option<&Node>) -> bool {
        match (self, value.map(|node| (&node.value, node))) {
            (Matcher::Absent | Matcher::OrAbsent(_), None | Some((Value::Null, _))) => true,
            (Matcher::OrAbsent(inner), _) => inner.matches(value),
            (Matcher::Any(several), _) => several.iter().any(|one| one.matches(value)),
            (Matcher::Bool(wanted), Some((Value::Bool(own), _))) => wanted == own,
            (Matcher::Number(wanted), Some((Value::Number(own), node))) => wanted == own || *wanted == node.canonical(),
            (Matcher::Text(wanted), Some((Value::String(own), _))) => wanted == own,
            (Matcher::Instant(wanted), Some((Value::String(own), _))) => utc(own).as_ref() == Some(wanted),
            (Matcher::List(wanted), Some((Value::Array(own), _))) => {
                wanted.len() == own.len() && wanted.iter().zip(own).all(|(wanted, own)| wanted.matches(Some(own)))
            }
            (Matcher::Object(wanted), Some((Value::Object(_), node))) => {
                wanted.iter().all(|(key, wanted)| wanted.matches(node.get(key).map(|member| &member.node)))
            }
            _ => false,
        }
    }
}

/// The conditions of a rule: all must hold.
#[derive(Debug, Clone, Default, PartialEq)]
pub(super) struct Conditions {
    pub(super) parameters: Vec<(MessageLocation, String, Matcher)>,
    pub(super) body: Option<Matcher>,
}

impl Conditions {
    pub(super) fn is_empty(&self) -> bool {
        self.parameters.is_empty() && self.body.is_none()
    }

    pub(super) fn hold(&self, input: &ParsedInput) -> bool {
        let parameters =
            self.parameters.iter().all(|(location, name, wanted)| wanted.matches(input.parameter(*location, name)));
        parameters && self.body.as_ref().is_none_or(|wanted| wanted.matches(input.body()))
    }
}

/// The input of a request as trees. The body is parsed when a rule asks for it.
pub(super) struct ParsedInput {
    parameters: Vec<(MessageLocation, &'static str, Option<Node>)>,
    body: Option<String>,
    tree: OnceCell<Option<Node>>,
}

impl ParsedInput {
    pub(super) fn new(input: RuleInput) -> ParsedInput {
        let parameters = input.parameters.into_iter();
        let parameters = parameters.map(|(location, name, json)| (location, name, parse(&json).ok())).collect();
        ParsedInput { parameters, body: input.body, tree: OnceCell::new() }
    }

    fn parameter(&self, location: MessageLocation, name: &str) -> Option<&Node> {
        let own = self.parameters.iter().find(|(place, own, _)| *place == location && *own == name);
        own.and_then(|(_, _, node)| node.as_ref())
    }

    fn body(&self) -> Option<&Node> {
        self.tree.get_or_init(|| self.body.as_ref().and_then(|json| parse(json).ok())).as_ref()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Returns whether the matcher of the first JSON text matches the second.
    fn matches(wanted: &str, own: &str) -> bool {
        Matcher::exactly(&parse(wanted).unwrap()).matches(Some(&parse(own).unwrap()))
    }

    #[test]
    fn values_without_a_type_match_exactly_or_in_part() {
        for (wanted, own, expected) in [
            ("1.50", "1.5", true),
            ("150e-2", "1.5", true),
            ("9007199254740993", "9007199254740992", false),
            ("0", "-0.0", true),
            (r#""1""#, "1", false),
            (r#""2020-01-01T00:00:00Z""#, r#""2020-01-01T01:00:00+01:00""#, false),
            (r#"{"a":1}"#, r#"{"b":2,"a":1}"#, true),
            (r#"{"a":1}"#, r#"{"b":2}"#, false),
            (r#"{"a":{"b":[1]}}"#, r#"{"a":{"b":[1.0],"c":0}}"#, true),
            ("[1,2]", "[1,2]", true),
            ("[1,2]", "[2,1]", false),
            ("[1]", "[1,2]", false),
            (r#"[{"a":1}]"#, r#"[{"a":1,"b":2}]"#, true),
            (r#"{"a":null}"#, r#"{"b":1}"#, true),
            (r#"{"a":null}"#, r#"{"a":1}"#, false),
            ("{}", "[]", false),
            ("true", "true", true),
            ("false", "null", false),
        ] {
            assert_eq!(matches(wanted, own), expected, "{wanted} {own}");
        }
    }
}
