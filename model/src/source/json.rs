//! JSON with positions: a tree that records where each value and key is in the text.
//!
//! serde_json's `Value` does not suffice: it loses positions, repeated keys and the digits of numbers.

use crate::checkpoint::checkpoint;

/// A range of bytes of a document.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, PartialOrd, Ord, Hash)]
pub struct Span {
    /// The first byte.
    pub start: usize,
    /// The byte after the last.
    pub end: usize,
}

/// A value and its position.
#[derive(Debug, Clone)]
pub struct Node {
    /// The position of the value.
    pub span: Span,
    /// The value.
    pub value: Value,
}

/// A JSON value.
#[derive(Debug, Clone)]
pub enum Value {
    /// `null`
    Null,
    /// `true` or `false`
    Bool(bool),
    /// The number as written.
    Number(String),
    /// The text, unescaped.
    String(String),
    /// The elements.
    Array(Vec<Node>),
    /// The members as written, including repeated keys.
    Object(Vec<Member>),
}

/// A member of an object.
#[derive(Debug, Clone)]
pub struct Member {
    /// The key, unescaped.
    pub key: String,
    /// The position of the key.
    pub key_span: Span,
    /// The value.
    pub node: Node,
}

/// Why a text is not JSON that we accept.
#[derive(Debug, PartialEq, Eq)]
pub struct SyntaxError {
    /// One sentence without the position.
    pub message: &'static str,
    /// How to fix it, if that can be guessed.
    pub help: Option<&'static str>,
    /// The position.
    pub span: Span,
}

/// Documents with more values are rejected: in memory, a value takes about fifty times the two bytes it may have in the text.
const MAX_VALUES: usize = 2_000_000;

/// Deeper documents are rejected, so that no traversal of the tree can exhaust the stack.
const MAX_DEPTH: usize = 128;

impl From<Value> for Node {
    /// Creates a node without a position.
    fn from(value: Value) -> Self {
        Self { span: Span::default(), value }
    }
}

impl From<&str> for Node {
    fn from(text: &str) -> Self {
        Value::String(text.to_owned()).into()
    }
}

pub(crate) struct RepeatedKey<'n> {
    pub(crate) key: &'n str,
    pub(crate) first: Span,
    pub(crate) again: Span,
}

impl Node {
    /// Returns the elements, if this is an array.
    pub fn items(&self) -> &[Node] {
        match &self.value {
            Value::Array(items) => items,
            _ => &[],
        }
    }

    /// Returns the members, if this is an object.
    pub fn members(&self) -> &[Member] {
        match &self.value {
            Value::Object(members) => members,
            _ => &[],
        }
    }

    /// Returns the text, if this is a string.
    pub fn text(&self) -> Option<&str> {
        match &self.value {
            Value::String(text) => Some(text),
            _ => None,
        }
    }

    /// Returns the approximate memory use in bytes: a constant for each value, and all texts.
    pub fn weight(&self) -> usize {
        const VALUE: usize = 64;
        let parts: usize = match &self.value {
            Value::Array(items) => items.iter().map(Node::weight).sum(),
            Value::Object(members) => members.iter().map(|member| member.key.len() + member.node.weight()).sum(),
            Value::String(text) | Value::Number(text) => text.len(),
            _ => 0,
        };
        VALUE + parts
    }

    /// Returns the string under this key; empty if there is none.
    pub fn word(&self, key: &str) -> &str {
        self.get(key).and_then(|member| member.node.text()).unwrap_or_default()
    }

    /// Returns the last member with this key, if this is an object.
    pub fn get(&self, key: &str) -> Option<&Member> {
        self.members().iter().rev().find(|member| member.key == key)
    }

    /// Returns the kind of value, with article, for messages.
    pub fn kind(&self) -> &'static str {
        match self.value {
            Value::Null => "null",
            Value::Bool(_) => "a boolean",
            Value::Number(_) => "a number",
            Value::String(_) => "a string",
            Value::Array(_) => "an array",
            Value::Object(_) => "an object",
        }
    }

    /// Returns the part that identifies this value: for an object, its name or opening bracket; otherwise all of it.
    pub fn head(&self) -> Span {
        let naming = ["name", "method", "type", "uri"].iter().find_map(|key| self.get(key));
        let named = naming.filter(|m| matches!(&m.node.value, Value::String(text) if !text.trim().is_empty()));
        match (&self.value, named) {
            (_, Some(member)) => member.node.span,
            (Value::Object(_) | Value::Array(_), None) => Span { end: self.span.start + 1, ..self.span },
            _ => self.span,
        }
    }

    /// Returns the first repeated key of an object in this tree.
    pub(crate) fn repeated_key(&self) -> Option<RepeatedKey<'_>> {
        match &self.value {
            Value::Array(items) => items.iter().find_map(Node::repeated_key),
            Value::Object(members) => {
                let mut seen = std::collections::HashMap::new();
                members.iter().find_map(|Member { key, key_span, node }| match seen.insert(key.as_str(), *key_span) {
                    Some(first) => Some(RepeatedKey { key, first, again: *key_span }),
                    None => node.repeated_key(),
                })
            }
            _ => None,
        }
    }

    /// Converts to serde_json's tree, which keeps the last of repeated keys.
    pub fn to_value(&self) -> serde_json::Value {
        match &self.value {
            Value::Null => serde_json::Value::Null,
            Value::Bool(value) => (*value).into(),
            Value::Number(text) => serde_json::from_str(text).unwrap_or_default(),
            Value::String(text) => text.as_str().into(),
            Value::Array(items) => items.iter().map(Node::to_value).collect(),
            Value::Object(members) => {
                serde_json::Value::Object(members.iter().map(|m| (m.key.clone(), m.node.to_value())).collect())
            }
        }
    }

    /// Formats as compact JSON, with digits and key order as written.
    pub fn compact(&self) -> String {
        self.formatted(&str::to_owned, None)
    }

    /// Formats as compact JSON, with numbers as API Builder prints them (format reference, 2.5).
    pub fn canonical(&self) -> String {
        self.formatted(&super::number::canonical, None)
    }

    /// Formats for people: two spaces of indentation, empty collections on one line, a final line break.
    pub fn pretty(&self) -> String {
        self.formatted(&str::to_owned, Some(0)) + "\n"
    }

    /// Formats the numbers by this function, and, with a depth, each element on its own line.
    fn formatted(&self, number: &dyn Fn(&str) -> String, depth: Option<usize>) -> String {
        let mut text = String::new();
        self.write(&mut text, number, depth);
        text
    }

    fn write(&self, out: &mut String, number: &dyn Fn(&str) -> String, depth: Option<usize>) {
        let quoted = |text: &str| serde_json::Value::from(text).to_string();
        match &self.value {
            Value::Null => out.push_str("null"),
            Value::Bool(value) => out.push_str(if *value { "true" } else { "false" }),
            Value::Number(text) => out.push_str(&number(text)),
            Value::String(text) => out.push_str(&quoted(text)),
            Value::Array(items) => enclosed(out, ['[', ']'], items, depth, |out, item, depth| {
                item.write(out, number, depth);
            }),
            Value::Object(members) => enclosed(out, ['{', '}'], members, depth, |out, member, depth| {
                out.push_str(&quoted(&member.key));
                out.push_str(if depth.is_some() { ": " } else { ":" });
                member.node.write(out, number, depth);
            }),
        }
    }
}

/// Writes elements between brackets; with a depth, each on its own line.
fn enclosed<T>(
    out: &mut String,
    [open, close]: [char; 2],
    elements: &[T],
    depth: Option<usize>,
    write: impl Fn(&mut String, &T, Option<usize>),
) {
    let line = |out: &mut String, depth: Option<usize>| {
        if let Some(depth) = depth {
            out.push('\n');
            out.extend(std::iter::repeat_n("  ", depth));
        }
    };
    let inner = depth.map(|depth| depth + 1);
    out.push(open);
    for (index, element) in elements.iter().enumerate() {
        out.push_str(if index > 0 { "," } else { "" });
        line(out, inner);
        write(out, element, inner);
    }
    line(out, depth.filter(|_| !elements.is_empty()));
    out.push(close);
}

/// An object under construction.
#[derive(Default)]
pub(crate) struct Object {
    pub(crate) members: Vec<Member>,
}

impl Object {
    pub(crate) fn with(mut self, key: &str, value: impl Into<Node>) -> Self {
        self.members.push(Member { key: key.to_owned(), key_span: Span::default(), node: value.into() });
        self
    }

    /// Adds a member, if there is a value.
    pub(crate) fn maybe(self, key: &str, value: Option<impl Into<Node>>) -> Self {
        match value {
            Some(value) => self.with(key, value),
            None => self,
        }
    }

    /// Returns the object, without a position.
    pub(crate) fn node(self) -> Node {
        Value::Object(self.members).into()
    }
}

/// Parses a whole text as one JSON value.
///
/// # Errors
/// Returns the first error: what follows it cannot be interpreted.
pub fn parse(text: &str) -> Result<Node, SyntaxError> {
    let mut parser = Parser { text, at: if text.starts_with('\u{feff}') { 3 } else { 0 }, values: 0 };
    parser.blank();
    let node = parser.value(0)?;
    parser.blank();
    if parser.at < text.len() {
        return Err(parser.fault("there is text after the end of the document"));
    }
    Ok(node)
}

struct Parser<'a> {
    text: &'a str,
    at: usize,
    values: usize,
}

impl Parser<'_> {
    fn peek(&self) -> Option<u8> {
        self.text.as_bytes().get(self.at).copied()
    }

    fn blank(&mut self) {
        while matches!(self.peek(), Some(b' ' | b'\t' | b'\n' | b'\r')) {
            self.at += 1;
        }
    }

    /// Creates an error at the next word, quoted text or single character.
    fn fault(&self, message: &'static str) -> SyntaxError {
        let rest = &self.text[self.at..];
        let word = rest.find(|c: char| !c.is_alphanumeric() && !"_-+.".contains(c)).unwrap_or(rest.len());
        let quoted = rest.strip_prefix('"').and_then(|inner| inner.find(['"', '\n'])).map(|end| end + 2);
        let quoted = quoted.filter(|length| !rest[..*length].ends_with('\n'));
        let length = quoted.unwrap_or(word).max(rest.chars().next().map_or(0, char::len_utf8));
        let help = if rest.starts_with("//") || rest.starts_with("/*") || rest.starts_with('#') {
            Some("JSON has no comments: use `description`")
        } else if rest.starts_with('\'') {
            Some("use double quotes")
        } else {
            match &rest[..word] {
                "True" | "TRUE" => Some("write `true`"),
                "False" | "FALSE" => Some("write `false`"),
                "None" | "NULL" | "Null" | "nil" | "undefined" => Some("write `null`, or omit the key"),
                _ => None,
            }
        };
        SyntaxError { message, help, span: Span { start: self.at, end: self.at + length } }
    }

    /// Reports an unclosed bracket or quote at its beginning, since the end of the text is no help.
    fn open(&self, start: usize, message: &'static str) -> SyntaxError {
        SyntaxError { message, help: None, span: Span { start, end: start + 1 } }
    }

    /// Passes one character and the blanks after it.
    fn skip(&mut self) {
        self.at += 1;
        self.blank();
    }

    fn value(&mut self, depth: usize) -> Result<Node, SyntaxError> {
        const OBJECT: [&str; 2] =
            ["this object is not closed: its `}` is missing", "expected a comma before this, or `}`"];
        const ARRAY: [&str; 2] =
            ["this array is not closed: its `]` is missing", "expected a comma before this, or `]`"];
        let start = self.at;
        if depth > MAX_DEPTH {
            return Err(self.fault("values are nested deeper than 128 levels"));
        }
        self.values += 1;
        checkpoint();
        if self.values > MAX_VALUES {
            return Err(self.fault("the document has more than 2000000 values"));
        }
        let value = match self.peek() {
            Some(b'{') => Value::Object(self.elements(b'}', OBJECT, |parser| parser.member(depth + 1))?),
            Some(b'[') => Value::Array(self.elements(b']', ARRAY, |parser| parser.value(depth + 1))?),
            Some(b'"') => Value::String(self.string()?),
            Some(b'-' | b'0'..=b'9') => Value::Number(self.number()?),
            Some(b't') => self.word("true", Value::Bool(true))?,
            Some(b'f') => self.word("false", Value::Bool(false))?,
            Some(b'n') => self.word("null", Value::Null)?,
            Some(_) => return Err(self.fault("expected a JSON value")),
            None => return Err(self.fault("the JSON ends where a value is expected")),
        };
        Ok(Node { span: Span { start, end: self.at }, value })
    }

    fn word(&mut self, word: &str, value: Value) -> Result<Value, SyntaxError> {
        if !self.text[self.at..].starts_with(word) {
            return Err(self.fault("expected a JSON value"));
        }
        self.at += word.len();
        Ok(value)
    }

    fn member(&mut self, depth: usize) -> Result<Member, SyntaxError> {
        if self.peek() != Some(b'"') {
            return Err(self.fault("expected a key in double quotes, or `}`"));
        }
        let start = self.at;
        let key = self.string()?;
        let key_span = Span { start, end: self.at };
        self.blank();
        if self.peek() != Some(b':') {
            return Err(self.fault("expected a colon between the key and its value"));
        }
        self.skip();
        Ok(Member { key, key_span, node: self.value(depth)? })
    }

    /// Reads elements up to the closing bracket. The messages are for an end of the text and for a missing comma.
    fn elements<T>(
        &mut self,
        close: u8,
        [unclosed, no_comma]: [&'static str; 2],
        element: impl Fn(&mut Self) -> Result<T, SyntaxError>,
    ) -> Result<Vec<T>, SyntaxError> {
        let (opening, mut elements) = (self.at, Vec::new());
        self.skip();
        while self.peek() != Some(close) {
            if self.peek().is_none() {
                return Err(self.open(opening, unclosed));
            }
            elements.push(element(self)?);
            self.blank();
            let comma = self.at;
            match self.peek() {
                Some(b',') => self.skip(),
                Some(byte) if byte == close => break,
                None => return Err(self.open(opening, unclosed)),
                Some(_) => return Err(self.fault(no_comma)),
            }
            if self.peek() == Some(close) {
                let fault = self.open(comma, "there is a comma after the last element");
                return Err(SyntaxError { help: Some("remove it"), ..fault });
            }
        }
        self.at += 1;
        Ok(elements)
    }

    /// Finds the extent; serde_json decodes the escapes.
    fn string(&mut self) -> Result<String, SyntaxError> {
        let start = self.at;
        let bytes = self.text.as_bytes();
        let mut at = start + 1;
        loop {
            match bytes.get(at) {
                Some(b'"') => break,
                Some(b'\\') => at += 2,
                Some(b'\n' | b'\r') | None => {
                    return Err(self.open(start, "this string has no closing quote on its line"));
                }
                Some(_) => at += 1,
            }
        }
        let raw = &self.text[start..=at];
        let text = serde_json::from_str(raw).map_err(|_| SyntaxError {
            message: "the string has an invalid escape or a control character",
            help: raw.contains('\\').then_some("write a backslash twice: `\\\\`"),
            span: Span { start, end: at + 1 },
        })?;
        self.at = at + 1;
        Ok(text)
    }

    fn number(&mut self) -> Result<String, SyntaxError> {
        let length =
            self.text[self.at..].find(|c: char| !"+-.0123456789eE".contains(c)).unwrap_or(self.text.len() - self.at);
        let raw = &self.text[self.at..self.at + length];
        if serde_json::from_str::<serde_json::Number>(raw).is_err() {
            let digits = raw.trim_start_matches('-');
            let zero = digits.len() > 1 && digits.starts_with('0');
            let help = zero.then_some("a number must not begin with 0, except 0 and 0.…");
            let beyond = raw.parse::<f64>().is_ok_and(f64::is_infinite);
            let message =
                if beyond { "this number is beyond the range of a double" } else { "this is not a JSON number" };
            return Err(SyntaxError { help, ..self.fault(message) });
        }
        self.at += length;
        Ok(raw.to_owned())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn places_are_kept() {
        let node = parse(r#" {"a": [1.50, "x\n"]} "#).unwrap();
        let a = node.get("a").unwrap();
        assert_eq!((a.key_span, a.node.span), (Span { start: 2, end: 5 }, Span { start: 7, end: 20 }));
        assert_eq!(node.compact(), r#"{"a":[1.50,"x\n"]}"#);
    }

    #[test]
    fn faults_are_located() {
        for (text, start) in [
            ("", 0),
            ("{", 0),
            ("[1,]", 2),
            ("{\"a\" 1}", 5),
            ("nul", 0),
            ("1 2", 2),
            ("\"\\x\"", 0),
            ("01", 0),
            ("{a:1}", 1),
        ] {
            assert_eq!(parse(text).unwrap_err().span.start, start, "{text}");
        }
        assert!(parse(&"[".repeat(100_000)).unwrap_err().message.contains("nested"));
        assert!(parse(&format!("[{}1]", "1,".repeat(MAX_VALUES))).unwrap_err().message.contains("2000000 values"));
        assert!(parse("\"\u{1}\"").is_err());
    }

    #[test]
    fn repeated_keys_are_found() {
        let node = parse(r#"{"a":1,"b":{"c":1,"c":2}}"#).unwrap();
        assert_eq!(node.repeated_key().unwrap().key, "c");
    }
}
