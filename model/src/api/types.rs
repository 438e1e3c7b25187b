//! Types: primitives, enums, models, unions, interfaces.

use super::{Attribute, Deprecation, Id, Literal, Service};

/// A use of a type.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub enum Type {
    /// A type of the format itself.
    Primitive(Primitive),
    /// An enum.
    Enum(Id<Enum>),
    /// A model.
    Model(Id<Model>),
    /// A union.
    Union(Id<Union>),
    /// `[t]`.
    List(Box<Type>),
    /// `map[t]`: an object with any keys.
    Map(Box<Type>),
}

/// The primitives of API Builder (format reference, chapter 6.1).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Primitive {
    /// `true` or `false`.
    Boolean,
    /// Signed, 32 bits.
    Integer,
    /// Signed, 64 bits.
    Long,
    /// IEEE 754 double.
    Double,
    /// Exact decimal number.
    Decimal,
    /// Unicode text.
    String,
    /// 8-4-4-4-12 hexadecimal digits.
    Uuid,
    /// `yyyy-MM-dd`.
    Date,
    /// An instant.
    DateTime,
    /// Any JSON object.
    Object,
    /// Any JSON value, `null` included.
    Json,
    /// No content.
    Unit,
}

/// A closed list of texts.
#[derive(Debug)]
pub struct Enum {
    /// The service that declares it.
    pub service: Id<Service>,
    /// The name as written.
    pub name: String,
    /// Markdown.
    pub description: Option<String>,
    /// Set if it should no longer be used.
    pub deprecation: Option<Deprecation>,
    /// At least one.
    pub values: Vec<EnumValue>,
    /// Data for generators.
    pub attributes: Vec<Attribute>,
}

/// One value of an [`Enum`].
#[derive(Debug)]
pub struct EnumValue {
    /// The name, meant for code.
    pub name: String,
    /// The text on the wire (the `value`, or else the name).
    pub wire: String,
    /// Markdown.
    pub description: Option<String>,
    /// Set if it should no longer be used.
    pub deprecation: Option<Deprecation>,
}

/// An object with declared fields.
#[derive(Debug)]
pub struct Model {
    /// The service that declares it.
    pub service: Id<Service>,
    /// The name as written.
    pub name: String,
    /// Markdown.
    pub description: Option<String>,
    /// Set if it should no longer be used.
    pub deprecation: Option<Deprecation>,
    /// In written order.
    pub fields: Vec<Field>,
    /// Interfaces whose definition is at hand.
    pub interfaces: Vec<Id<Interface>>,
    /// Data for generators.
    pub attributes: Vec<Attribute>,
}

/// A field of a [`Model`] or [`Interface`].
#[derive(Debug)]
pub struct Field {
    /// The JSON key.
    pub name: String,
    /// Its type.
    pub ty: Type,
    /// Whether it must be on the wire.
    pub required: bool,
    /// Filled in by the reader (optional field) or by the sender (required field); chapter 12.1.
    pub default: Option<Literal>,
    /// Least length, number of elements or value.
    pub minimum: Option<i64>,
    /// Greatest length, number of elements or value.
    pub maximum: Option<i64>,
    /// Documentation only.
    pub example: Option<String>,
    /// The example as a value, if it is one of the type.
    pub sample: Option<Literal>,
    /// Markdown.
    pub description: Option<String>,
    /// Set if it should no longer be used.
    pub deprecation: Option<Deprecation>,
    /// Names of annotations.
    pub annotations: Vec<String>,
    /// Data for generators.
    pub attributes: Vec<Attribute>,
}

/// One of several types.
#[derive(Debug)]
pub struct Union {
    /// The service that declares it.
    pub service: Id<Service>,
    /// The name as written.
    pub name: String,
    /// Markdown.
    pub description: Option<String>,
    /// Set if it should no longer be used.
    pub deprecation: Option<Deprecation>,
    /// The JSON key that tells the members apart; without it members are wrapped in an object with one key.
    pub discriminator: Option<String>,
    /// At least one; never contains the union itself, not even through other unions.
    pub members: Vec<Member>,
    /// Interfaces whose definition is at hand.
    pub interfaces: Vec<Id<Interface>>,
    /// Data for generators.
    pub attributes: Vec<Attribute>,
}

/// One member of a [`Union`].
#[derive(Debug)]
pub struct Member {
    /// Its type; never [`Primitive::Unit`].
    pub ty: Type,
    /// What stands for it on the wire.
    pub discriminator_value: String,
    /// The type text as written, for naming: `string`, `[toy]`, `toy`.
    pub type_text: String,
    /// Whether an object without discriminator is this member.
    pub default: bool,
    /// Markdown.
    pub description: Option<String>,
    /// Set if it should no longer be used.
    pub deprecation: Option<Deprecation>,
}

/// A list of fields that models promise to have. Not a type.
#[derive(Debug)]
pub struct Interface {
    /// The service that declares it.
    pub service: Id<Service>,
    /// The name as written.
    pub name: String,
    /// Markdown.
    pub description: Option<String>,
    /// Set if it should no longer be used.
    pub deprecation: Option<Deprecation>,
    /// In written order.
    pub fields: Vec<Field>,
}
