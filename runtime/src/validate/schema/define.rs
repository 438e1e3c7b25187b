//! The description of a service.

use crate::operation::ResponseInfo;
use crate::validate::refusal::Refusal;
use crate::validate::request::Presence;
use crate::validate::violation::MessageLocation;

/// A use of a type. Numbers are indexes into the lists of the [`Service`].
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Type {
    /// A primitive type.
    Primitive(Primitive),
    /// One of [`Service::enums`].
    Enum(usize),
    /// One of [`Service::models`].
    Model(usize),
    /// One of [`Service::unions`].
    Union(usize),
    /// `[t]`.
    List(Box<Type>),
    /// `map[t]`: an object with any keys.
    Map(Box<Type>),
}

/// The primitives of API Builder.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
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
    /// Any JSON value, including `null`.
    Json,
    /// No content.
    Unit,
}

impl Primitive {
    /// Every primitive with its name.
    pub const ALL: [(Primitive, &'static str); 12] = [
        (Primitive::Boolean, "boolean"),
        (Primitive::Integer, "integer"),
        (Primitive::Long, "long"),
        (Primitive::Double, "double"),
        (Primitive::Decimal, "decimal"),
        (Primitive::String, "string"),
        (Primitive::Uuid, "uuid"),
        (Primitive::Date, "date-iso8601"),
        (Primitive::DateTime, "date-time-iso8601"),
        (Primitive::Object, "object"),
        (Primitive::Json, "json"),
        (Primitive::Unit, "unit"),
    ];
}

/// A service and its imports.
#[derive(Debug, Clone, Default)]
pub struct Service {
    /// All enums.
    pub enums: Vec<EnumDefinition>,
    /// All models; interfaces are models of their fields.
    pub models: Vec<ModelDefinition>,
    /// All unions. None contains itself, directly or indirectly.
    pub unions: Vec<UnionDefinition>,
    /// The names of types: `user` for those of the service itself, `io.example.common.v0.models.error` for all.
    pub names: Vec<(String, Type)>,
    /// The operations of the service itself.
    pub operations: Vec<OperationDefinition>,
}

/// A closed list of texts.
#[derive(Debug, Clone)]
pub struct EnumDefinition {
    /// Its name in the spec.
    pub name: String,
    /// Name and wire text of each value.
    pub values: Vec<(String, String)>,
}

/// An object with declared fields.
#[derive(Debug, Clone)]
pub struct ModelDefinition {
    /// Its name in the spec.
    pub name: String,
    /// Its fields, in declared order.
    pub fields: Vec<FieldDefinition>,
}

/// A field of a model.
#[derive(Debug, Clone)]
pub struct FieldDefinition {
    /// The JSON key.
    pub name: String,
    /// Its type.
    pub ty: Type,
    /// Whether it is required.
    pub required: bool,
    /// Whether its values are sensitive.
    pub sensitive: bool,
    /// Minimum length, number of elements or value.
    pub minimum: Option<i64>,
    /// Maximum length, number of elements or value.
    pub maximum: Option<i64>,
}

/// One of several types.
#[derive(Debug, Clone)]
pub struct UnionDefinition {
    /// Its name in the spec.
    pub name: String,
    /// The key that distinguishes the members; without it they are wrapped in an object with one key.
    pub discriminator: Option<String>,
    /// Its members, in declared order.
    pub members: Vec<MemberDefinition>,
    /// The texts that identify members, with the position of the member. The texts of a nested union's members have the
    /// position of that union. Without a discriminator, the nested union's own key has a position after all members:
    /// their number plus the position of the union.
    pub tags: Vec<(String, usize)>,
}

/// A member of a union.
#[derive(Debug, Clone)]
pub struct MemberDefinition {
    /// Its type.
    pub ty: Type,
    /// Its discriminator value, or its key, on the wire.
    pub value: String,
    /// Whether an object without discriminator is this member.
    pub default: bool,
}

/// A method on a path.
#[derive(Debug, Clone)]
pub struct OperationDefinition {
    /// Its ID: `users.get_by_guid`.
    pub id: String,
    /// The HTTP method, in upper or lower case.
    pub method: &'static str,
    /// The whole path template: `/users/:guid.csv`.
    pub path: String,
    /// Whether calls may change something.
    pub side_effects: bool,
    /// Whether requests or responses have sensitive values.
    pub sensitive: bool,
    /// All parameters, in declared order.
    pub parameters: Vec<ParameterDefinition>,
    /// The type of the JSON body, if it has one.
    pub body: Option<Type>,
    /// Its declared responses, with the types of their bodies; [`Primitive::Unit`] if there is none. The types determine
    /// whether a response has a body, and whether that may be text.
    pub responses: Vec<(ResponseInfo, Type)>,
    /// The forms of its responses that can hold the server's own messages.
    pub refusals: Vec<Refusal>,
}

/// A parameter.
#[derive(Debug, Clone)]
pub struct ParameterDefinition {
    /// Its location; never [`Body`](crate::validate::MessageLocation::Body).
    pub location: MessageLocation,
    /// Its name on the wire.
    pub name: &'static str,
    /// Its type.
    pub ty: Type,
    /// The meaning of its absence.
    pub presence: Presence,
    /// Whether it is read before the body, as the arguments of an operation are.
    pub argument: bool,
    /// Whether its values are sensitive.
    pub sensitive: bool,
    /// Minimum length, number of elements or value.
    pub minimum: Option<i64>,
    /// Maximum length, number of elements or value.
    pub maximum: Option<i64>,
}
