//! The body of a response: what a rule says, and what samples fill.

use std::borrow::Cow;
use std::sync::Arc;

use apigen_model::api::{Api, Id, Model, Type, Union};
use apigen_model::source::json::{Member, Node, Value, parse};

use super::union::{self, VALUE};

/// Returns a sample of a type as JSON text; `None` if the type has no value. The number distinguishes the samples of
/// one body, from 0.
pub type Fill<'f> = dyn Fn(&Type, usize) -> Option<String> + 'f;

/// The body of a response.
#[derive(Debug, Clone)]
pub enum ResponseBody {
    /// No content.
    None,
    /// The rule does not say: a sample of this type.
    Sample(Type),
    /// The JSON text that the rule has.
    Json(Arc<str>),
    /// The JSON text that the rule has, with places for required fields that it omits.
    Partial(Arc<Partial>),
}

/// A body that lacks required fields.
#[derive(Debug)]
pub struct Partial {
    parts: Vec<Part>,
    /// The filled text that was checked against the spec.
    checked: String,
}

#[derive(Debug)]
enum Part {
    Json(String),
    Gap(Gap),
}

/// The end of an object, where fields are missing.
#[derive(Debug)]
struct Gap {
    model: Type,
    /// The names of the missing fields.
    fields: Vec<String>,
    /// Whether the object has other members before.
    follows: bool,
}

impl ResponseBody {
    /// Returns the JSON text, filled by samples; `None` for no content.
    pub(super) fn text(&self, fill: &Fill<'_>) -> Option<Cow<'_, str>> {
        match self {
            ResponseBody::None => None,
            ResponseBody::Sample(ty) => fill(ty, 0).map(Cow::Owned),
            ResponseBody::Json(text) => Some(Cow::Borrowed(text)),
            ResponseBody::Partial(partial) => {
                Some(filled(&partial.parts, fill).map_or(Cow::Borrowed(&*partial.checked), Cow::Owned))
            }
        }
    }

    /// Returns the approximate memory use in bytes.
    pub(super) fn weight(&self) -> usize {
        match self {
            ResponseBody::None | ResponseBody::Sample(_) => 0,
            ResponseBody::Json(text) => text.len(),
            ResponseBody::Partial(partial) => {
                // Each part has a text, the names of fields and their vector.
                partial.checked.len() * 2 + partial.parts.len() * size_of::<Part>()
            }
        }
    }
}

/// What a rule says about a body, with its gaps.
pub(super) struct Draft {
    parts: Vec<Part>,
}

impl Draft {
    /// Finds what a value of a type lacks.
    pub(super) fn new(api: &Api, ty: &Type, node: &Node) -> Draft {
        let mut writer = DraftWriter { api, parts: Vec::new(), text: String::new() };
        writer.value(ty, node);
        writer.flush();
        Draft { parts: writer.parts }
    }

    /// Returns the number of objects that lack fields.
    pub(super) fn gaps(&self) -> usize {
        self.parts.iter().filter(|part| matches!(part, Part::Gap(_))).count()
    }

    /// Fills the gaps; `None` if there is no sample of a type.
    pub(super) fn filled(&self, fill: &Fill<'_>) -> Option<String> {
        filled(&self.parts, fill)
    }

    /// Returns the body, with the text that was checked.
    pub(super) fn body(self, checked: String) -> ResponseBody {
        match self.gaps() {
            0 => ResponseBody::Json(checked.into()),
            _ => ResponseBody::Partial(Arc::new(Partial { parts: self.parts, checked })),
        }
    }
}

fn filled(parts: &[Part], fill: &Fill<'_>) -> Option<String> {
    let (mut text, mut number) = (String::new(), 0);
    for part in parts {
        match part {
            Part::Json(json) => text.push_str(json),
            Part::Gap(gap) => {
                gap.write(&mut text, &parse(&fill(&gap.model, number)?).ok()?);
                number += 1;
            }
        }
    }
    Some(text)
}

impl Gap {
    /// Writes the missing fields as the sample has them.
    fn write(&self, text: &mut String, sample: &Node) {
        let mut follows = self.follows;
        for member in self.fields.iter().filter_map(|field| sample.get(field)) {
            text.push_str(if follows { "," } else { "" });
            write_key(text, &member.key);
            text.push_str(&member.node.compact());
            follows = true;
        }
    }
}

fn write_key(text: &mut String, key: &str) {
    text.push_str(&Node::from(key).compact());
    text.push(':');
}

/// Writes a value as parts. Values that are not of their type are written as they are: the validator reports them.
struct DraftWriter<'d> {
    api: &'d Api,
    parts: Vec<Part>,
    text: String,
}

impl DraftWriter<'_> {
    fn value(&mut self, ty: &Type, node: &Node) {
        match (ty, &node.value) {
            (Type::Model(model), Value::Object(members)) => self.model(*model, members),
            (Type::Union(union), Value::Object(members)) => self.union(*union, node, members),
            (Type::Map(inner), Value::Object(members)) => {
                self.members(members, |_| Some(inner));
                self.text.push('}');
            }
            (Type::List(inner), Value::Array(items)) => {
                self.text.push('[');
                for (index, item) in items.iter().enumerate() {
                    self.text.push_str(if index > 0 { "," } else { "" });
                    self.value(inner, item);
                }
                self.text.push(']');
            }
            _ => self.text.push_str(&node.compact()),
        }
    }

    fn model(&mut self, id: Id<Model>, members: &[Member]) {
        let fields = &self.api.models[id].fields;
        self.members(members, |key| fields.iter().find(|field| field.name == key).map(|field| &field.ty));
        let is_missing = |name: &str| !members.iter().any(|member| member.key == name);
        let missing = fields.iter().filter(|field| field.required && is_missing(&field.name));
        let fields: Vec<String> = missing.map(|field| field.name.clone()).collect();
        if !fields.is_empty() {
            self.flush();
            self.parts.push(Part::Gap(Gap { model: Type::Model(id), fields, follows: !members.is_empty() }));
        }
        self.text.push('}');
    }

    fn union(&mut self, id: Id<Union>, node: &Node, members: &[Member]) {
        let union = &self.api.unions[id];
        let Some(discriminator) = &union.discriminator else {
            let ty = |key: &str| union::member(self.api, id, key).map(|member| &member.ty);
            // Primitives are wrapped once more, and never lack anything.
            self.members(members, |key| ty(key).filter(|ty| !matches!(ty, Type::Primitive(_))));
            return self.text.push('}');
        };
        let tag = node.get(discriminator).map(|member| member.node.text().unwrap_or_default());
        let member = match tag {
            Some(tag) => union::member(self.api, id, tag),
            None => union.members.iter().find(|member| member.default),
        };
        match member.map(|member| &member.ty) {
            Some(Type::Model(model)) => self.model(*model, members),
            other => {
                self.members(members, |key| other.filter(|_| key == VALUE));
                self.text.push('}');
            }
        }
    }

    /// Writes an object without its closing bracket. `ty` returns the type of a key's value, if it is known.
    fn members<'t>(&mut self, members: &[Member], ty: impl Fn(&str) -> Option<&'t Type>) {
        self.text.push('{');
        for (index, member) in members.iter().enumerate() {
            self.text.push_str(if index > 0 { "," } else { "" });
            write_key(&mut self.text, &member.key);
            match ty(&member.key) {
                Some(ty) => self.value(ty, &member.node),
                None => self.text.push_str(&member.node.compact()),
            }
        }
    }

    fn flush(&mut self) {
        if !self.text.is_empty() {
            self.parts.push(Part::Json(std::mem::take(&mut self.text)));
        }
    }
}
