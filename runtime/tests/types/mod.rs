//! Types as the generator emits them.
#![allow(dead_code, unreachable_pub)] // each test file uses some of them, as public as the emitted ones

use apigen_runtime::codegen::{EnumTable, Field, FromJson, Reader, ToJson, UnionTable, Writer, opt, req};
use apigen_runtime::{Date, Decimal, Object, Timestamp, Unknown, Uuid, Value};
use std::collections::BTreeMap;

#[derive(Debug, Clone, PartialEq, Default)]
pub struct Everything {
    pub flag: Option<bool>,
    pub small: Option<i32>,
    pub large: Option<i64>,
    pub double: Option<f64>,
    pub exact: Option<Decimal>,
    pub text: Option<String>,
    pub id: Option<Uuid>,
    pub day: Option<Date>,
    pub instant: Option<Timestamp>,
    pub any: Option<Value>,
    pub object: Option<Object>,
    pub list: Option<Vec<String>>,
    pub map: Option<BTreeMap<String, i32>>,
    pub color: Option<Color>,
}

impl FromJson for Everything {
    fn read(r: &mut Reader<'_>) -> Option<Self> {
        const FIELDS: &[Field] = &[
            opt("flag"),
            opt("small").min(-5).max(10),
            opt("large").min(0),
            opt("double").max(100),
            opt("exact").max(10),
            opt("text").min(2).max(3),
            opt("id"),
            opt("day"),
            opt("instant"),
            opt("any"),
            opt("object"),
            opt("list").min(1).max(2),
            opt("map"),
            opt("color"),
        ];
        let mut value = Everything::default();
        let mut object = r.model("everything", FIELDS)?;
        while let Some(field) = r.next(&mut object) {
            match field {
                0 => value.flag = r.get(),
                1 => value.small = r.get(),
                2 => value.large = r.get(),
                3 => value.double = r.get(),
                4 => value.exact = r.get(),
                5 => value.text = r.get(),
                6 => value.id = r.get(),
                7 => value.day = r.get(),
                8 => value.instant = r.get(),
                9 => value.any = r.get(),
                10 => value.object = r.get(),
                11 => value.list = r.get(),
                12 => value.map = r.get(),
                _ => value.color = r.get(),
            }
        }
        r.end(object)?;
        Some(value)
    }
}

impl ToJson for Everything {
    fn write(&self, w: &mut Writer) {
        w.object(&[
            ("flag", &self.flag),
            ("small", &self.small),
            ("large", &self.large),
            ("double", &self.double),
            ("exact", &self.exact),
            ("text", &self.text),
            ("id", &self.id),
            ("day", &self.day),
            ("instant", &self.instant),
            ("any", &self.any),
            ("object", &self.object),
            ("list", &self.list),
            ("map", &self.map),
            ("color", &self.color),
        ]);
    }
}

#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub enum Color {
    Red,
    DarkBlue,
    Unknown(String),
}

impl Color {
    pub const ALL: &'static [Color] = &[Color::Red, Color::DarkBlue];

    pub fn as_str(&self) -> &str {
        match self {
            Color::Red => "red",
            Color::DarkBlue => "BLUE-D",
            Color::Unknown(text) => text,
        }
    }
}

impl FromJson for Color {
    fn read(r: &mut Reader<'_>) -> Option<Self> {
        static TABLE: EnumTable = EnumTable::new("color", &[("red", "red"), ("dark_blue", "BLUE-D")]);
        match r.enumeration(&TABLE)? {
            Ok(index) => Self::ALL.get(index).cloned(),
            Err(text) => Some(Self::Unknown(text)),
        }
    }
}

impl ToJson for Color {
    fn write(&self, w: &mut Writer) {
        w.string(self.as_str());
    }
}

/// A recursive model.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Node {
    pub label: String,
    pub children: Vec<Node>,
    pub next: Option<Box<Node>>,
}

impl FromJson for Node {
    fn read(r: &mut Reader<'_>) -> Option<Self> {
        const FIELDS: &[Field] = &[req("label"), opt("children"), opt("next")];
        let mut label = None;
        let mut children = None;
        let mut next = None;
        let mut object = r.model("node", FIELDS)?;
        while let Some(field) = r.next(&mut object) {
            match field {
                0 => label = r.get(),
                1 => children = r.get(),
                _ => next = r.get(),
            }
        }
        r.end(object)?;
        Some(Node { label: label?, children: children.unwrap_or_default(), next })
    }
}

impl ToJson for Node {
    fn write(&self, w: &mut Writer) {
        w.object(&[("label", &self.label), ("children", &self.children), ("next", &self.next)]);
    }
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Toy {
    pub id: i32,
    pub name: Option<String>,
}

impl FromJson for Toy {
    fn read(r: &mut Reader<'_>) -> Option<Self> {
        const FIELDS: &[Field] = &[req("id"), opt("name")];
        let mut id = None;
        let mut name = None;
        let mut object = r.model("toy", FIELDS)?;
        while let Some(field) = r.next(&mut object) {
            match field {
                0 => id = r.get(),
                _ => name = r.get(),
            }
        }
        r.end(object)?;
        Some(Toy { id: id?, name })
    }
}

impl ToJson for Toy {
    fn write(&self, w: &mut Writer) {
        w.object(&[("id", &self.id), ("name", &self.name)]);
    }
}

/// A model without fields.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Leaf {}

impl FromJson for Leaf {
    fn read(r: &mut Reader<'_>) -> Option<Self> {
        let mut object = r.object(&[])?;
        while r.next(&mut object).is_some() {}
        r.end(object)?;
        Some(Leaf {})
    }
}

impl ToJson for Leaf {
    fn write(&self, w: &mut Writer) {
        w.object(&[]);
    }
}

/// A required field of type `json`.
#[derive(Debug, Clone, PartialEq)]
pub struct Holder {
    pub payload: Value,
}

impl FromJson for Holder {
    fn read(r: &mut Reader<'_>) -> Option<Self> {
        const FIELDS: &[Field] = &[req("payload").nullable()];
        let mut payload = None;
        let mut object = r.model("holder", FIELDS)?;
        while r.next(&mut object).is_some() {
            payload = r.get();
        }
        r.end(object)?;
        Some(Holder { payload: payload? })
    }
}

impl ToJson for Holder {
    fn write(&self, w: &mut Writer) {
        w.object(&[("payload", &self.payload)]);
    }
}

/// A union with discriminator `kind`; `Inner` is a union of its own with the same discriminator.
#[derive(Debug, Clone, PartialEq)]
pub enum Event {
    Toy(Box<Toy>),
    Note(String),
    Color(Color),
    Inner(Inner),
    Unknown(Unknown),
}

impl FromJson for Event {
    fn read(r: &mut Reader<'_>) -> Option<Self> {
        static TABLE: UnionTable =
            UnionTable::tagged("event", "kind", &[("toy", 0), ("note", 1), ("color", 2), ("leaf", 3), ("holder", 3)]);
        match r.union(&TABLE)? {
            Some(0) => r.get().map(Self::Toy),
            Some(1) => r.get_value().map(Self::Note),
            Some(2) => r.get_value().map(Self::Color),
            Some(3) => r.get().map(Self::Inner),
            _ => r.unknown().map(Self::Unknown),
        }
    }
}

impl ToJson for Event {
    fn write(&self, w: &mut Writer) {
        match self {
            Self::Toy(value) => w.tagged("kind", "toy", value),
            Self::Note(value) => w.tagged_value("kind", "note", value),
            Self::Color(value) => w.tagged_value("kind", "color", value),
            Self::Inner(value) => value.write(w),
            Self::Unknown(value) => w.unknown(value),
        }
    }
}

/// A union whose default member is `Leaf`.
#[derive(Debug, Clone, PartialEq)]
pub enum Inner {
    Leaf(Leaf),
    Holder(Holder),
    Unknown(Unknown),
}

impl FromJson for Inner {
    fn read(r: &mut Reader<'_>) -> Option<Self> {
        static TABLE: UnionTable = UnionTable::tagged("inner", "kind", &[("leaf", 0), ("holder", 1)]).default(0);
        match r.union(&TABLE)? {
            Some(0) => r.get().map(Self::Leaf),
            Some(1) => r.get().map(Self::Holder),
            _ => r.unknown().map(Self::Unknown),
        }
    }
}

impl ToJson for Inner {
    fn write(&self, w: &mut Writer) {
        match self {
            Self::Leaf(value) => w.tagged("kind", "leaf", value),
            Self::Holder(value) => w.tagged("kind", "holder", value),
            Self::Unknown(value) => w.unknown(value),
        }
    }
}

/// A union without discriminator.
#[derive(Debug, Clone, PartialEq)]
pub enum Keyed {
    Toy(Toy),
    String(String),
    Color(Color),
    Inner(KeyedInner),
    Unknown(Unknown),
}

impl FromJson for Keyed {
    fn read(r: &mut Reader<'_>) -> Option<Self> {
        static TABLE: UnionTable =
            UnionTable::keyed("keyed", &[("toy", 0), ("string", 1), ("color", 2), ("leaf", 3), ("keyed_inner", 4)]);
        match r.union(&TABLE)? {
            Some(0) => r.get_keyed().map(Self::Toy),
            Some(1) => r.get_keyed_value().map(Self::String),
            Some(2) => r.get_keyed().map(Self::Color),
            Some(3) => r.get().map(Self::Inner),
            Some(4) => r.get_keyed().map(Self::Inner),
            _ => r.unknown().map(Self::Unknown),
        }
    }
}

impl ToJson for Keyed {
    fn write(&self, w: &mut Writer) {
        match self {
            Self::Toy(value) => w.keyed("toy", value),
            Self::String(value) => w.keyed_value("string", value),
            Self::Color(value) => w.keyed("color", value),
            Self::Inner(value) => value.write(w),
            Self::Unknown(value) => w.unknown(value),
        }
    }
}

#[derive(Debug, Clone, PartialEq)]
pub enum KeyedInner {
    Leaf(Leaf),
    Unknown(Unknown),
}

impl FromJson for KeyedInner {
    fn read(r: &mut Reader<'_>) -> Option<Self> {
        static TABLE: UnionTable = UnionTable::keyed("keyed_inner", &[("leaf", 0)]);
        match r.union(&TABLE)? {
            Some(0) => r.get_keyed().map(Self::Leaf),
            _ => r.unknown().map(Self::Unknown),
        }
    }
}

impl ToJson for KeyedInner {
    fn write(&self, w: &mut Writer) {
        match self {
            Self::Leaf(value) => w.keyed("leaf", value),
            Self::Unknown(value) => w.unknown(value),
        }
    }
}
