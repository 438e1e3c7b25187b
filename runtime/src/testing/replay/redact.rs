//! Reads JSON into a tree, with pseudonyms in place of sensitive values.

use super::node::Node;
use crate::json::{Mark, Marked, Scanner};
use crate::testing::pseudonym::{Limits, Pseudonyms};

/// The maximum nesting of arrays and objects, as in the codec.
const DEPTH: usize = 512;
/// Shorter values are not searched for in other text, where they occur by chance.
const FINDABLE: usize = 4;

#[derive(Debug, Default, Clone)]
pub(super) struct SensitiveTexts(Vec<(String, String)>);

impl SensitiveTexts {
    pub(super) fn add(&mut self, value: &Node, pseudonym: &Node) {
        let (Node::Text(value) | Node::Number(value), Node::Text(other) | Node::Number(other)) = (value, pseudonym)
        else {
            return;
        };
        if value.chars().count() >= FINDABLE && value != other {
            self.0.push((value.clone(), other.clone()));
        }
    }

    /// Returns longer values first: one may be part of another.
    pub(super) fn sorted(&self) -> Vec<(String, String)> {
        let mut texts = self.0.clone();
        texts.sort_by(|a, b| b.0.len().cmp(&a.0.len()).then_with(|| a.cmp(b)));
        texts.dedup();
        texts
    }
}

/// Parses JSON; returns `None` if it is invalid.
pub(super) fn parse(json: &str) -> Option<Node> {
    parse_with(
        json,
        &mut Redaction { marks: &[], names: &Pseudonyms::default(), sensitive_texts: &mut SensitiveTexts::default() },
    )
}

pub(super) struct Redaction<'a> {
    /// From left to right.
    pub(super) marks: &'a [Mark],
    pub(super) names: &'a Pseudonyms,
    pub(super) sensitive_texts: &'a mut SensitiveTexts,
}

/// Parses JSON and replaces marked values; returns `None` if it is invalid.
pub(super) fn parse_with(json: &str, redaction: &mut Redaction<'_>) -> Option<Node> {
    let mut scan = Scanner::new(json);
    let node = redaction.value(&mut scan, DEPTH, None)?;
    scan.space();
    (scan.at == json.len()).then_some(node)
}

impl Redaction<'_> {
    fn at(&self, at: usize) -> impl Iterator<Item = Marked> + '_ {
        let first = self.marks.partition_point(|mark| mark.at < at);
        self.marks[first..].iter().take_while(move |mark| mark.at == at).map(|mark| mark.what)
    }

    /// Parses a value; `sensitive` has the limits if it belongs to a sensitive one.
    fn value(&mut self, scan: &mut Scanner<'_>, depth: usize, sensitive: Option<Limits>) -> Option<Node> {
        let byte = scan.space();
        let at = scan.at;
        let own = self.at(at).find_map(|mark| match mark {
            Marked::Value { min, max } => Some((min, max)),
            _ => None,
        });
        let sensitive = own.or(sensitive);
        let inner = sensitive.map(|_| (None, None));
        let node = match byte {
            b'{' => return self.object(scan, depth.checked_sub(1)?, inner),
            b'[' => return self.list(scan, depth.checked_sub(1)?, inner),
            b'"' => Node::Text(scan.string().ok()?.into_owned()),
            b't' => scan.word("true").ok().map(|()| Node::Bool(true))?,
            b'f' => scan.word("false").ok().map(|()| Node::Bool(false))?,
            b'n' => scan.word("null").ok().map(|()| Node::Null)?,
            _ => Node::Number(scan.number().ok()?.text.to_owned()),
        };
        Some(match sensitive {
            Some(limits) => self.hide(node, at, limits),
            None => node,
        })
    }

    fn hide(&mut self, node: Node, at: usize, limits: Limits) -> Node {
        let choices = self.at(at).find_map(|mark| match mark {
            Marked::Choice(choices) => Some(choices),
            _ => None,
        });
        let pseudonym = match (&node, choices) {
            (Node::Text(text), Some(choices)) => Node::text(self.names.choice(text, choices)),
            _ => node.pseudonym(self.names, limits),
        };
        if choices.is_none() {
            self.sensitive_texts.add(&node, &pseudonym);
        }
        pseudonym
    }

    fn list(&mut self, scan: &mut Scanner<'_>, depth: usize, sensitive: Option<Limits>) -> Option<Node> {
        let mut items = Vec::new();
        scan.at += 1;
        while scan.more(b']', items.is_empty()).ok()? {
            items.push(self.value(scan, depth, sensitive)?);
        }
        Some(Node::List(items))
    }

    fn object(&mut self, scan: &mut Scanner<'_>, depth: usize, sensitive: Option<Limits>) -> Option<Node> {
        let mut members = Vec::new();
        scan.at += 1;
        while scan.more(b'}', members.is_empty()).ok()? {
            let at = scan.at;
            let mut key = scan.string().ok()?.into_owned();
            if self.at(at).any(|mark| matches!(mark, Marked::Key)) {
                let pseudonym = self.names.text(&key, (None, None));
                self.sensitive_texts.add(&Node::text(&key), &Node::text(&pseudonym));
                key = pseudonym;
            }
            scan.colon().ok()?;
            members.push((key, self.value(scan, depth, sensitive)?));
        }
        Some(Node::Object(members))
    }
}
