//! How samples are generated, as owned tables: what [`Samples`] says about a model, with plausible texts by name.

use apigen_model::api::{self, Api, Id, Primitive};
use apigen_model::behaviour::{FieldSample, Samples, TypeSample, in_place, is_option, limits, union_tags};
use apigen_model::vocabulary::names::words;
use apigen_runtime::ToJson;

use apigen_runtime::validate::schema::{self, Type};

use super::calendar::Order;
use super::dictionary::PLACES;
use super::field_name::{FieldName, Kind, Range};
use super::plausible::of_place;
use crate::lower::literal;

/// The samples of all types. Models are followed by interfaces, as in a [`Schema`](apigen_runtime::validate::schema::Schema).
#[derive(Debug)]
pub struct Tables {
    pub models: Vec<Model>,
    pub unions: Vec<Union>,
    pub enums: Vec<Enum>,
}

#[derive(Debug)]
pub struct Model {
    /// Whether it has a finite value within all limits.
    pub exists: bool,
    pub fields: Vec<Field>,
}

#[derive(Debug)]
pub struct Field {
    pub name: String,
    /// The name with its quotes and colon.
    pub key: String,
    pub required: bool,
    /// The limits, if they apply to the type.
    pub limits: (Option<i64>, Option<i64>),
    pub value: Value,
}

/// The value of a field or parameter.
#[derive(Debug)]
pub enum Value {
    /// It is always omitted.
    Nothing,
    /// JSON text of the spec: the default, or else the example.
    Literal(String),
    Made(Slot),
}

/// A place for a value.
#[derive(Debug, Clone)]
pub struct Slot {
    pub node: Node,
    /// The minimum and maximum number, or length.
    pub limits: (Option<i64>, Option<i64>),
    pub text: Option<Kind>,
    pub range: Option<Range>,
    /// The letters of [`Kind::Id`] and [`Kind::Number`].
    pub prefix: [u8; 3],
    pub other_side: bool,
    /// How it is ordered among the instants of its model.
    pub order: Order,
}

/// A type, lowered.
#[derive(Debug, Clone)]
pub enum Node {
    /// The only value, as JSON text.
    Only(&'static str),
    Primitive(Primitive),
    /// An enum; its values by [place](PLACES), if its field names something of a place.
    Enum(usize, Option<Box<[Option<usize>]>>),
    Model(usize),
    Union(usize),
    List(Box<Slot>),
    Map(Box<Slot>),
}

#[derive(Debug)]
pub struct Enum {
    /// The values as JSON text.
    pub values: Vec<String>,
    /// The positions of those that are not deprecated; all if every one is.
    pub usual: Vec<usize>,
}

#[derive(Debug)]
pub struct Union {
    pub members: Vec<Member>,
    /// The position of the member that ends recursion.
    pub smallest: usize,
}

#[derive(Debug)]
pub struct Member {
    pub slot: Slot,
    pub form: Form,
}

/// How a union's value is written.
#[derive(Debug)]
pub enum Form {
    /// As the value of the member, which is a union itself.
    Itself,
    /// As an object that begins with the discriminator.
    Tagged(Tag),
    /// Between these texts.
    Between(String, &'static str),
}

/// A discriminator and its value.
#[derive(Debug)]
pub struct Tag {
    pub name: String,
    /// The name with its quotes and colon.
    pub key: String,
    /// The value as JSON.
    pub value: String,
}

impl Tables {
    pub fn new(api: &Api, samples: &Samples<'_>) -> Self {
        let lowering = Lowering { api, samples };
        let models = api.models.iter().map(|(id, model)| Model {
            exists: samples.exists(&api::Type::Model(id)),
            fields: lowering.fields(&words(&model.name), &model.fields),
        });
        let interfaces = api.interfaces.iter().map(|(_, interface)| Model {
            exists: interface.fields.iter().all(|field| !field.required || lowering.has_value(field)),
            fields: lowering.fields(&words(&interface.name), &interface.fields),
        });
        Self {
            models: models.chain(interfaces).collect(),
            unions: api.unions.ids().map(|id| lowering.union(id)).collect(),
            enums: api.enums.iter().map(|(_, e)| enumeration(e)).collect(),
        }
    }

    /// Returns true if a type has a finite value within all limits.
    pub fn exists(&self, ty: &Type) -> bool {
        match ty {
            Type::Primitive(_) | Type::List(_) | Type::Map(_) => true,
            Type::Enum(index) => self.enums.get(*index).is_some_and(|e| !e.values.is_empty()),
            Type::Model(index) => self.models.get(*index).is_some_and(|model| model.exists),
            Type::Union(index) => self.unions.get(*index).is_some_and(|union| !union.members.is_empty()),
        }
    }

    /// Returns the place for a value of a type that belongs to nothing.
    pub fn slot(&self, ty: &Type) -> Slot {
        let elements = |inner: &Type, empty| match self.exists(inner) {
            true => Ok(Box::new(self.slot(inner))),
            false => Err(Node::Only(empty)),
        };
        Slot::nameless(match ty {
            Type::Primitive(primitive) => Node::Primitive(self::primitive(*primitive)),
            Type::Enum(index) => Node::Enum(*index, None),
            Type::Model(index) => Node::Model(*index),
            Type::Union(index) => Node::Union(*index),
            Type::List(inner) => elements(inner, "[]").map_or_else(|none| none, Node::List),
            Type::Map(inner) => elements(inner, "{}").map_or_else(|none| none, Node::Map),
        })
    }
}

impl Slot {
    fn nameless(node: Node) -> Self {
        Self {
            node,
            limits: (None, None),
            text: None,
            range: None,
            prefix: *b"xxx",
            other_side: false,
            order: Order::First,
        }
    }
}

/// Lowers a model.
#[derive(Clone, Copy)]
pub struct Lowering<'a> {
    pub api: &'a Api,
    pub samples: &'a Samples<'a>,
}

impl Lowering<'_> {
    fn fields(self, owner: &[String], fields: &[api::Field]) -> Vec<Field> {
        let fields = fields.iter().map(|field| Field {
            name: field.name.clone(),
            key: format!("{}:", field.name.to_json()),
            required: field.required,
            limits: if limits::count(&field.ty) { (field.minimum, field.maximum) } else { (None, None) },
            value: self.value(owner, field),
        });
        fields.collect()
    }

    /// Lowers the value of a field of a model with these words.
    pub fn value(self, owner: &[String], field: &api::Field) -> Value {
        match self.samples.field(field) {
            // A required field without content must still be there.
            FieldSample::Nothing if field.required => Value::Literal("null".to_owned()),
            FieldSample::Nothing => Value::Nothing,
            FieldSample::Literal(value) => Value::Literal(literal(self.api, value)),
            // A field with a default outside of its limits is not optional in Rust, but on the wire.
            FieldSample::Made { .. } if !field.required && !is_option(field) && !self.has_value(field) => {
                Value::Nothing
            }
            FieldSample::Made { minimum, maximum, .. } => {
                Value::Made(self.slot(&field.ty, (minimum, maximum), (&field.name, owner)))
            }
        }
    }

    fn has_value(self, field: &api::Field) -> bool {
        limits::possible(&field.ty, field.minimum, field.maximum) && self.samples.exists(in_place(field))
    }

    /// Lowers a place for a value of a type, called by this name, in something with these words.
    pub fn slot(self, ty: &api::Type, limits: (Option<i64>, Option<i64>), (name, owner): (&str, &[String])) -> Slot {
        let is_listed = matches!(ty, api::Type::List(_) | api::Type::Map(_));
        let name = FieldName::new(name, owner, is_listed);
        Slot { limits, ..self.named(ty, &name) }
    }

    fn named(self, ty: &api::Type, name: &FieldName<'_>) -> Slot {
        use Primitive::{Date, DateTime, Decimal, Double, Integer, Long, String};
        use api::Type::{Enum, List, Map, Model, Union};
        let inner = |inner: &api::Type| Box::new(self.named(inner, name));
        let node = match (ty, self.samples.ty(ty)) {
            (_, TypeSample::EmptyList) => Node::Only("[]"),
            (_, TypeSample::EmptyMap) => Node::Only("{}"),
            (_, TypeSample::Foreign) if !self.api.replaced.contains_key(ty) => Node::Only("null"),
            (api::Type::Primitive(primitive), _) => Node::Primitive(*primitive),
            (Enum(id), _) => Node::Enum(id.index(), self.by_place(*id, name.text())),
            (Model(id), _) => Node::Model(id.index()),
            (Union(id), _) => Node::Union(id.index()),
            (List(element), _) => Node::List(inner(element)),
            (Map(value), _) => Node::Map(inner(value)),
        };
        let mut slot = Slot { other_side: name.is_other_side(), ..Slot::nameless(node) };
        match slot.node {
            Node::Primitive(String) => (slot.text, slot.prefix) = (name.text(), name.prefix()),
            Node::Primitive(Integer | Long | Double | Decimal) => slot.range = name.range(),
            Node::Primitive(Date | DateTime) => slot.order = name.order(),
            _ => {}
        }
        // Otherwise the instants of a model would not be in order.
        let is_instant = matches!(slot.text, Some(Kind::Instant(_) | Kind::Day(_)));
        slot.other_side &= !is_instant && !matches!(slot.node, Node::Primitive(Date | DateTime));
        slot
    }

    /// Returns the position of an enum's value for each place, if it has some.
    fn by_place(self, id: Id<api::Enum>, kind: Option<Kind>) -> Option<Box<[Option<usize>]>> {
        let values = &self.api.enums[id].values;
        let position = |text: &str| values.iter().position(|value| value.wire.eq_ignore_ascii_case(text));
        let positions = PLACES.iter().map(|place| of_place(kind?, place).into_iter().flatten().find_map(position));
        let positions: Box<[Option<usize>]> = positions.collect();
        positions.iter().any(Option::is_some).then_some(positions)
    }

    fn union(self, id: Id<api::Union>) -> Union {
        let Some(sample) = self.samples.union(id) else { return Union { members: Vec::new(), smallest: 0 } };
        let (union, tags) = (&self.api.unions[id], union_tags(self.api, id));
        let owner = words(&union.name);
        let mut smallest = 0;
        let mut members = Vec::new();
        for (position, index) in sample.members.iter().map(|member| member.index).enumerate() {
            let member = &union.members[index];
            // Published documents may give one text to two members; readers take the first.
            let is_read = |(text, arm): &(String, usize)| *text == member.discriminator_value && *arm == index;
            if !matches!(member.ty, api::Type::Union(_)) && !tags.iter().any(is_read) {
                continue;
            }
            if position == sample.smallest {
                smallest = members.len();
            }
            let slot = self.slot(&member.ty, (None, None), (&member.discriminator_value, &owner));
            members.push(Member { form: form(union.discriminator.as_deref(), member), slot });
        }
        Union { members, smallest }
    }
}

fn enumeration(e: &api::Enum) -> Enum {
    let usual = e.values.iter().enumerate().filter(|(_, value)| value.deprecation.is_none());
    let usual: Vec<usize> = usual.map(|(index, _)| index).collect();
    Enum {
        values: e.values.iter().map(|value| value.wire.to_json()).collect(),
        usual: if usual.is_empty() { (0..e.values.len()).collect() } else { usual },
    }
}

fn form(discriminator: Option<&str>, member: &api::Member) -> Form {
    let own = member.discriminator_value.to_json();
    match (&member.ty, discriminator) {
        (api::Type::Union(_), _) => Form::Itself,
        (api::Type::Model(_), Some(name)) => {
            Form::Tagged(Tag { name: name.to_owned(), key: format!("{}:", name.to_json()), value: own })
        }
        (_, Some(key)) => Form::Between(format!("{{{}:{own},\"value\":", key.to_json()), "}"),
        (api::Type::Primitive(_), None) => Form::Between(format!("{{{own}:{{\"value\":"), "}}"),
        (_, None) => Form::Between(format!("{{{own}:"), "}"),
    }
}

fn primitive(primitive: schema::Primitive) -> Primitive {
    match primitive {
        schema::Primitive::Boolean => Primitive::Boolean,
        schema::Primitive::Integer => Primitive::Integer,
        schema::Primitive::Long => Primitive::Long,
        schema::Primitive::Double => Primitive::Double,
        schema::Primitive::Decimal => Primitive::Decimal,
        schema::Primitive::String => Primitive::String,
        schema::Primitive::Uuid => Primitive::Uuid,
        schema::Primitive::Date => Primitive::Date,
        schema::Primitive::DateTime => Primitive::DateTime,
        schema::Primitive::Object => Primitive::Object,
        schema::Primitive::Json => Primitive::Json,
        schema::Primitive::Unit => Primitive::Unit,
    }
}
