//! The typed form of `api.json`: a document must match it for its templates to be merged, and is rebuilt from it.
//!
//! API Builder reads such a document into this form and continues with it; everything else is lost (format reference,
//! 9.5). The shapes are those of the format's own description.

use crate::parse::service;
use crate::source::json::{Member, Node, Span, Value};
use crate::source::number::whole;

/// A part of the document that does not match the typed form.
pub struct Mismatch {
    pub at: Span,
    pub message: String,
}

enum Shape {
    Any,
    Text,
    Boolean,
    Whole,
    Object,
    List(&'static Shape),
    Map(&'static Shape),
    Keys(&'static [Key]),
    /// Keys that several shapes share, and those of this one.
    Extends(&'static [Key], &'static [Key]),
}

struct Key {
    name: &'static str,
    shape: &'static Shape,
    required: bool,
}

const fn must(name: &'static str, shape: &'static Shape) -> Key {
    Key { name, shape, required: true }
}

const fn may(name: &'static str, shape: &'static Shape) -> Key {
    Key { name, shape, required: false }
}

use Shape::{Any, Boolean, Extends, Keys, List, Map, Object, Text, Whole};

static TEXTS: Shape = List(&Text);
static DEPRECATION: Shape = Keys(&[may("description", &Text)]);
static ATTRIBUTE: Shape = Keys(&[must("name", &Text), must("value", &Object)]);
static ATTRIBUTES: Shape = List(&ATTRIBUTE);
static DECLARATION: Shape = Keys(&[must("name", &Text), may("cast", &Map(&Text))]);
static DECLARATIONS: Shape = List(&DECLARATION);

/// Keys that most objects have.
static DESCRIBED: &[Key] =
    &[may("description", &Text), may("attributes", &ATTRIBUTES), may("deprecation", &DEPRECATION)];

/// Keys that fields and parameters have.
static VALUED: &[Key] = &[
    must("name", &Text),
    must("type", &Text),
    may("required", &Boolean),
    may("default", &Any),
    may("example", &Text),
    may("minimum", &Whole),
    may("maximum", &Whole),
    may("description", &Text),
    may("attributes", &ATTRIBUTES),
    may("deprecation", &DEPRECATION),
];

static FIELD: Shape = Extends(VALUED, &[may("annotations", &TEXTS)]);
static PARAMETER: Shape = Extends(VALUED, &[may("location", &Text)]);
static MODEL: Shape = Extends(
    DESCRIBED,
    &[may("plural", &Text), may("fields", &List(&FIELD)), may("interfaces", &TEXTS), may("templates", &DECLARATIONS)],
);
static INTERFACE: Shape = Extends(DESCRIBED, &[may("plural", &Text), may("fields", &List(&FIELD))]);
static ENUM_VALUE: Shape = Extends(DESCRIBED, &[must("name", &Text), may("value", &Text)]);
static ENUM: Shape = Extends(DESCRIBED, &[may("plural", &Text), must("values", &List(&ENUM_VALUE))]);
static UNION_TYPE: Shape =
    Extends(DESCRIBED, &[must("type", &Text), may("default", &Boolean), may("discriminator_value", &Text)]);
static UNION: Shape = Extends(
    DESCRIBED,
    &[may("plural", &Text), may("discriminator", &Text), must("types", &List(&UNION_TYPE)), may("interfaces", &TEXTS)],
);
static HEADER: Shape = Extends(DESCRIBED, &[must("name", &Text), must("type", &Text), may("required", &Boolean)]);
static BODY: Shape = Extends(DESCRIBED, &[must("type", &Text)]);
static RESPONSE: Shape = Extends(DESCRIBED, &[must("type", &Text), may("headers", &List(&HEADER))]);
static OPERATION: Shape = Extends(
    DESCRIBED,
    &[
        must("method", &Text),
        may("path", &Text),
        may("body", &BODY),
        may("parameters", &List(&PARAMETER)),
        may("responses", &Map(&RESPONSE)),
    ],
);
static RESOURCE: Shape =
    Extends(DESCRIBED, &[may("path", &Text), may("operations", &List(&OPERATION)), may("templates", &DECLARATIONS)]);
static CONTACT: Shape = Keys(&[may("name", &Text), may("url", &Text), may("email", &Text)]);
static LICENSE: Shape = Keys(&[must("name", &Text), may("url", &Text)]);
static DOCUMENT: Shape = Keys(&[
    must("name", &Text),
    may("info", &Keys(&[may("contact", &CONTACT), may("license", &LICENSE)])),
    may("namespace", &Text),
    may("base_url", &Text),
    may("description", &Text),
    may("imports", &List(&Keys(&[must("uri", &Text)]))),
    may("headers", &List(&HEADER)),
    may("enums", &Map(&ENUM)),
    may("interfaces", &Map(&INTERFACE)),
    may("templates", &Keys(&[may("models", &Map(&MODEL)), may("resources", &Map(&RESOURCE))])),
    may("unions", &Map(&UNION)),
    may("models", &Map(&MODEL)),
    may("resources", &Map(&RESOURCE)),
    may("annotations", &Map(&Keys(&[may("description", &Text), may("deprecation", &DEPRECATION)]))),
    may("attributes", &ATTRIBUTES),
    may("$schema", &Any),
    may("apidoc", &Any),
]);

/// Rebuilds a document from the typed form, keeping positions, and returns what was dropped.
///
/// # Errors
/// Returns the first part that does not match the typed form.
pub fn rebuild(document: &Node) -> Result<(Node, Vec<service::Text>), Mismatch> {
    let mut dropped = Vec::new();
    let node = DOCUMENT.rebuild(document, "the document", &mut dropped)?;
    Ok((node, dropped))
}

impl Shape {
    fn rebuild(&self, node: &Node, what: &str, dropped: &mut Vec<service::Text>) -> Result<Node, Mismatch> {
        let value = match (self, &node.value) {
            (Any, value) => value.clone(),
            (Text, Value::String(_)) | (Boolean, Value::Bool(_)) | (Object, Value::Object(_)) => node.value.clone(),
            (Whole, Value::Number(text)) if whole(text).is_some() => node.value.clone(),
            (List(inner), Value::Array(items)) => {
                let items: Result<_, _> = items.iter().map(|item| inner.rebuild(item, what, dropped)).collect();
                Value::Array(items?)
            }
            (Map(inner), Value::Object(members)) => {
                let rebuilt = members.iter().map(|m| Ok(with(m, inner.rebuild(&m.node, &m.key, dropped)?)));
                Value::Object(rebuilt.collect::<Result<_, _>>()?)
            }
            (Keys(keys), Value::Object(_)) => Value::Object(object(node, [keys, &[]], what, dropped)?),
            (Extends(shared, own), Value::Object(_)) => Value::Object(object(node, [shared, own], what, dropped)?),
            _ => {
                let message = format!("{what} must be {}, not {}", self.wanted(), node.kind());
                return Err(Mismatch { at: node.head(), message });
            }
        };
        Ok(Node { span: node.span, value })
    }

    fn wanted(&self) -> &'static str {
        match self {
            Any => "any JSON",
            Text => "a string",
            Boolean => "true or false",
            Whole => "a whole number",
            Object | Map(_) | Keys(_) | Extends(..) => "an object",
            List(_) => "an array",
        }
    }
}

fn object(
    node: &Node,
    keys: [&[Key]; 2],
    what: &str,
    dropped: &mut Vec<service::Text>,
) -> Result<Vec<Member>, Mismatch> {
    let mut kept = Vec::new();
    for member in node.members() {
        match keys.into_iter().flatten().find(|key| key.name == member.key) {
            None => dropped.push(service::Text { value: member.key.clone(), at: member.key_span }),
            Some(key) if !key.required && matches!(member.node.value, Value::Null) => {}
            Some(key) => kept.push(with(member, key.shape.rebuild(&member.node, key.name, dropped)?)),
        }
    }
    match keys.into_iter().flatten().find(|key| key.required && node.get(key.name).is_none()) {
        Some(key) => Err(Mismatch { at: node.head(), message: format!("{what} lacks `{}`", key.name) }),
        None => Ok(kept),
    }
}

fn with(member: &Member, node: Node) -> Member {
    Member { key: member.key.clone(), key_span: member.key_span, node }
}
