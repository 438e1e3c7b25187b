//! Completes JSON that somebody began to write.

use std::collections::BTreeMap;

use apigen_runtime::ToJson;
use apigen_runtime::validate::schema::Type;
use serde_json::value::RawValue;

use super::make::{DEEPEST, Maker};
use super::tables::{Form, Node, Slot, Tables, Value};
use super::{Options, Sampling};

impl Sampling {
    /// Returns JSON of a type of the schema with samples of all required fields that it lacks, at every depth. What it
    /// has is kept, whether or not it is valid; only white space, duplicate keys and the order of keys change.
    pub fn fill(&self, ty: &Type, json: &str, options: &Options<'_>) -> String {
        let mut filler = Filler { tables: &self.tables, maker: self.maker(options), depth: 0 };
        filler.value(&self.tables.slot(ty), json)
    }
}

struct Filler<'a> {
    tables: &'a Tables,
    maker: Maker<'a>,
    depth: usize,
}

type Members<'j> = BTreeMap<String, &'j RawValue>;

impl Filler<'_> {
    fn value(&mut self, slot: &Slot, json: &str) -> String {
        let json = json.trim();
        if self.depth >= DEEPEST {
            return json.to_owned();
        }
        self.depth += 1;
        let filled = match &slot.node {
            Node::Model(index) => self.model(*index, json, None),
            Node::Union(index) => self.union(*index, json),
            Node::List(inner) => self.list(inner, json),
            Node::Map(inner) => members(json).map(|members| {
                object(members.iter().map(|(key, value)| (key.to_json(), self.value(inner, value.get()))))
            }),
            Node::Only(_) | Node::Primitive(_) | Node::Enum(..) => None,
        };
        self.depth -= 1;
        filled.unwrap_or_else(|| json.to_owned())
    }

    fn list(&mut self, inner: &Slot, json: &str) -> Option<String> {
        let items: Vec<&RawValue> = serde_json::from_str(json).ok()?;
        let items: Vec<String> = items.into_iter().map(|item| self.value(inner, item.get())).collect();
        Some(format!("[{}]", items.join(",")))
    }

    /// Fills a model that may have a discriminator. The other undeclared fields follow the declared ones.
    fn model(&mut self, index: usize, json: &str, discriminator: Option<&str>) -> Option<String> {
        let (model, mut given) = (self.tables.models.get(index)?, members(json)?);
        let tag = discriminator.and_then(|key| given.remove_entry(key));
        let mut entries: Vec<(String, String)> =
            tag.iter().map(|(key, own)| (key.to_json(), own.to_string())).collect();
        for field in &model.fields {
            let key = || field.name.to_json();
            match (given.remove(&field.name), &field.value) {
                (Some(own), Value::Made(slot)) => entries.push((key(), self.value(slot, own.get()))),
                (Some(own), _) => entries.push((key(), own.to_string())),
                (None, _) if !field.required => {}
                (None, Value::Literal(json)) => entries.push((key(), json.clone())),
                (None, Value::Made(slot)) => entries.push((key(), self.maker.whole(slot))),
                (None, Value::Nothing) => {}
            }
        }
        entries.extend(given.into_iter().map(|(key, own)| (key.to_json(), own.to_string())));
        Some(object(entries.into_iter()))
    }

    /// Fills the member that the discriminator or the key names.
    fn union(&mut self, index: usize, json: &str) -> Option<String> {
        let (union, given) = (self.tables.unions.get(index)?, members(json)?);
        for member in &union.members {
            match (&member.form, &member.slot.node) {
                (Form::Tagged(tag), Node::Model(model))
                    if given.get(&tag.name).is_some_and(|value| value.get() == tag.value) =>
                {
                    return self.model(*model, json, Some(&tag.name));
                }
                (Form::Between(open, "}"), Node::Model(_) | Node::List(_) | Node::Map(_)) => {
                    let named = given.iter().find(|(key, _)| *open == format!("{{{}:", key.to_json()));
                    if let Some((_, value)) = named {
                        return Some(format!("{open}{}}}", self.value(&member.slot, value.get())));
                    }
                }
                (Form::Itself, Node::Union(inner)) if self.depth < DEEPEST => {
                    self.depth += 1;
                    let filled = self.union(*inner, json);
                    self.depth -= 1;
                    if filled.is_some() {
                        return filled;
                    }
                }
                _ => {}
            }
        }
        None
    }
}

/// Returns the members of an object, the last of each key; `None` for other JSON.
fn members(json: &str) -> Option<Members<'_>> {
    serde_json::from_str(json).ok()
}

fn object(entries: impl Iterator<Item = (String, String)>) -> String {
    let entries: Vec<String> = entries.map(|(key, value)| format!("{key}:{value}")).collect();
    format!("{{{}}}", entries.join(","))
}
