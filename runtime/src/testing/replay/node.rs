//! JSON as a tree that keeps the order of keys and every digit of numbers.

use crate::json::{ToJson, shorten};
use crate::testing::pseudonym::{Limits, Pseudonyms};

#[derive(Debug, Clone, PartialEq)]
pub(super) enum Node {
    Null,
    Bool(bool),
    /// The number as written.
    Number(String),
    Text(String),
    List(Vec<Node>),
    Object(Vec<(String, Node)>),
}

impl Node {
    pub(super) fn text(text: &str) -> Node {
        Node::Text(text.to_owned())
    }

    /// Returns the pseudonym of a scalar, of the same JSON type.
    pub(super) fn pseudonym(&self, names: &Pseudonyms, limits: Limits) -> Node {
        match self {
            Node::Text(text) => Node::Text(names.text(text, limits)),
            Node::Number(digits) => Node::Number(names.number(digits, limits).to_string()),
            // A constant: any other rule would reveal which of the two values it is.
            Node::Bool(_) => Node::Bool(false),
            other => other.clone(),
        }
    }

    pub(super) fn get(&self, key: &str) -> Option<&Node> {
        match self {
            Node::Object(members) => members.iter().find(|(name, _)| name == key).map(|(_, value)| value),
            _ => None,
        }
    }

    /// Writes JSON on several lines, indented by two spaces.
    pub(super) fn pretty(&self) -> String {
        self.indented("\n") + "\n"
    }

    /// Writes JSON on one line, equal for equal values: keys sorted, numbers by value.
    pub(super) fn canonical(&self) -> String {
        match self {
            Node::Number(digits) => number(digits),
            Node::List(items) => {
                let items: Vec<String> = items.iter().map(Node::canonical).collect();
                format!("[{}]", items.join(","))
            }
            Node::Object(members) => {
                let mut members: Vec<(&String, &Node)> = members.iter().map(|(key, value)| (key, value)).collect();
                members.sort_by_key(|(key, _)| *key);
                let members = members.iter().map(|(key, value)| format!("{}:{}", key.to_json(), value.canonical()));
                format!("{{{}}}", members.collect::<Vec<_>>().join(","))
            }
            scalar => scalar.scalar(),
        }
    }

    /// Returns the beginning of the canonical form, for messages.
    pub(super) fn excerpt(&self) -> String {
        shorten(&self.canonical(), 100)
    }

    /// Returns true if both are the same JSON, regardless of formatting.
    pub(super) fn equals(&self, other: &Node) -> bool {
        self == other || self.canonical() == other.canonical()
    }

    pub(super) fn replace(&mut self, texts: &[(String, String)]) {
        match self {
            Node::Text(text) => {
                for (from, to) in texts {
                    if text.contains(from) && text != to {
                        *text = text.replace(from, to);
                    }
                }
            }
            Node::List(items) => items.iter_mut().for_each(|item| item.replace(texts)),
            Node::Object(members) => members.iter_mut().for_each(|(_, value)| value.replace(texts)),
            _ => {}
        }
    }

    fn scalar(&self) -> String {
        match self {
            Node::Bool(value) => value.to_string(),
            Node::Number(digits) => digits.clone(),
            Node::Text(text) => text.to_json(),
            _ => "null".to_owned(),
        }
    }

    fn indented(&self, indent: &str) -> String {
        let deeper = format!("{indent}  ");
        let (open, close, parts): (_, _, Vec<String>) = match self {
            Node::List(items) => ('[', ']', items.iter().map(|item| item.indented(&deeper)).collect()),
            Node::Object(members) => {
                let member = |(key, value): &(String, Node)| format!("{}: {}", key.to_json(), value.indented(&deeper));
                ('{', '}', members.iter().map(member).collect())
            }
            scalar => return scalar.scalar(),
        };
        match parts.is_empty() {
            true => format!("{open}{close}"),
            false => format!("{open}{deeper}{}{indent}{close}", parts.join(&format!(",{deeper}"))),
        }
    }
}

/// Normalizes a number by value: `1.50`, `15e-1` and `1.5` are all `15e-1`.
fn number(text: &str) -> String {
    let (sign, unsigned) = text.strip_prefix('-').map_or(("", text), |rest| ("-", rest));
    let (mantissa, exponent) = unsigned.split_once(['e', 'E']).unwrap_or((unsigned, "0"));
    let (whole, fraction) = mantissa.split_once('.').unwrap_or((mantissa, ""));
    let all = format!("{whole}{fraction}");
    let digits = all.trim_start_matches('0');
    let significant = digits.trim_end_matches('0');
    // An exponent beyond 64 bits is compared as written.
    let Ok(exponent) = exponent.parse::<i64>() else { return text.to_owned() };
    let scale = exponent
        .saturating_sub(i64::try_from(fraction.len()).unwrap_or(i64::MAX))
        .saturating_add(i64::try_from(digits.len() - significant.len()).unwrap_or(i64::MAX));
    match (significant, scale) {
        ("", _) => "0".to_owned(),
        (digits, 0) => format!("{sign}{digits}"),
        (digits, scale) => format!("{sign}{digits}e{scale}"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn booleans_have_one_pseudonym() {
        for value in [true, false] {
            assert_eq!(Node::Bool(value).pseudonym(&Pseudonyms::default(), (None, None)), Node::Bool(false));
        }
    }

    #[test]
    fn numbers_are_compared_by_value() {
        let same: &[&[&str]] = &[
            &["0", "-0", "0.000", "0e9"],
            &["1.5", "1.50", "15e-1", "0.15E+1"],
            &["-100", "-1e2", "-100.0"],
            &["12345678901234567890.1", "123456789012345678901e-1"],
        ];
        for (index, group) in same.iter().enumerate() {
            for text in *group {
                assert_eq!(number(text), number(group[0]), "{text}");
                assert!(same.iter().skip(index + 1).all(|other| number(other[0]) != number(text)), "{text}");
            }
        }
    }
}
