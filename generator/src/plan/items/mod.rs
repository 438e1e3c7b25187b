//! The input of emission: every decision is made, and is plain data.

mod expression;
mod factory;
mod operation;
mod rust_type;

use super::symbols::FileSymbols;
use crate::option_error::OptionError;
use apigen_model::behaviour::Node;
use apigen_model::behaviour::state::{self, StoredOperation};
use apigen_model::vocabulary::names::Name;
pub use expression::{Conversion, Expression, Fallback};
pub use factory::*;
pub use operation::*;
pub use rust_type::{RustType, TypePath};

#[derive(Debug)]
pub struct Package {
    /// In the order of the model: requested services first.
    pub modules: Vec<Module>,
    /// Sentences for the user about names and omitted parts.
    pub notes: Vec<String>,
    /// Patterns that match no operation.
    pub unmatched: Vec<OptionError>,
    /// The recursion limit that the crate must set, if the default is too small.
    pub recursion_limit: Option<usize>,
}

#[derive(Debug)]
pub struct Module {
    /// Path from the root of the package; empty if this service is the root.
    pub path: Vec<Name>,
    /// Name and version for the file headers.
    pub title: String,
    /// Title and description, cleaned.
    pub docs: Vec<String>,
    /// Child modules with one imported or sibling service each; only on the root.
    pub services: Vec<Name>,
    pub files: FileSymbols,
    pub families: Vec<Family>,
    pub resources: Vec<Resource>,
    /// Absent on imported services and on services without operations.
    pub api: Option<ApiClient>,
    pub empties: Vec<Empty>,
    pub state: Option<State>,
    /// Whether something in it is deprecated, so that generated uses must not warn.
    pub deprecated: bool,
    /// Whether something has a name like `foo`, which clippy rejects.
    pub placeholders: bool,
    /// Whether a method of a client has a name like `into_parts`, for which clippy expects another signature.
    pub conventions: bool,
}

impl Module {
    pub fn types(&self) -> usize {
        self.families.iter().map(|family| family.items.len()).sum()
    }
}

/// Types in one file, with one file for their codec and one for their factories.
#[derive(Debug)]
pub struct Family {
    /// The name of the files, in separate folders; `None` if all types are in this family.
    pub name: Option<Name>,
    pub items: Items,
    pub factories: Factories,
}

#[derive(Debug, Default)]
pub struct Items {
    pub enums: Vec<Enum>,
    pub structs: Vec<Struct>,
    pub unions: Vec<Union>,
    pub traits: Vec<Trait>,
}

impl Items {
    pub fn len(&self) -> usize {
        self.enums.len() + self.structs.len() + self.unions.len() + self.traits.len()
    }

    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }
}

/// Documentation and deprecation, the same for all items.
#[derive(Debug, Default, Clone)]
pub struct ItemAttributes {
    pub docs: Vec<String>,
    /// The note of `#[deprecated]`; empty for none.
    pub deprecated: Option<String>,
}

/// The derives and attributes of a type.
#[derive(Debug, Default)]
pub struct Derives {
    /// Traits of std.
    pub own: Vec<&'static str>,
    /// The texts of the user's derives.
    pub more: Vec<String>,
    /// The texts of the user's attributes, below the derives.
    pub attributes: Vec<String>,
}

/// A model.
#[derive(Debug)]
pub struct Struct {
    pub attributes: ItemAttributes,
    pub name: Name,
    /// The name in the spec, for messages.
    pub spec_name: String,
    pub derives: Derives,
    pub fields: Vec<Field>,
    pub constructor: Option<Constructor>,
    /// Whether `Default` is written out, since it cannot be derived.
    pub default_impl: bool,
    /// Whether `Debug` is written out, since a field is sensitive.
    pub debug_impl: bool,
    /// Whether values may be nested without end.
    pub recursive: bool,
    /// The path used by the codec: `super::Name`.
    pub path: TypePath,
}

#[derive(Debug)]
pub struct Field {
    pub attributes: ItemAttributes,
    pub name: Name,
    pub wire: String,
    pub ty: RustType,
    /// Whether the field is required, in the codec's table.
    pub required: bool,
    pub nullable: bool,
    pub sensitive: bool,
    pub minimum: Option<i64>,
    pub maximum: Option<i64>,
    pub absent: Absent,
    /// The value in `Default` and in the constructor, for fields that are not arguments.
    pub preset: Option<Expression>,
}

/// How an absent field is read.
#[derive(Debug)]
pub enum Absent {
    /// As `None`: the struct holds an `Option`.
    None,
    /// As a violation.
    Missing,
    /// As the default, in the scope of the codec.
    Default(Fallback),
}

/// The function `new`, whose arguments are the fields without a default.
#[derive(Debug)]
pub struct Constructor {
    pub docs: &'static str,
    pub arguments: Vec<Argument>,
    /// Whether the type has the same name, which clippy considers a mistake.
    pub named_like_type: bool,
}

/// An argument that is converted to a field.
#[derive(Debug)]
pub struct Argument {
    pub name: Name,
    pub ty: RustType,
    pub value: Expression,
}

/// An enum of strings.
#[derive(Debug)]
pub struct Enum {
    pub attributes: ItemAttributes,
    pub name: Name,
    pub path: TypePath,
    pub derives: Derives,
    pub spec_name: String,
    pub values: Vec<EnumValue>,
    pub unknown: Name,
    /// `String`, as written in the models file.
    pub string: TypePath,
}

#[derive(Debug)]
pub struct EnumValue {
    pub attributes: ItemAttributes,
    pub name: Name,
    pub spec_name: String,
    pub wire: String,
}

#[derive(Debug)]
pub struct Union {
    pub attributes: ItemAttributes,
    pub name: Name,
    pub path: TypePath,
    pub spec_name: String,
    pub derives: Derives,
    pub discriminator: Option<String>,
    /// Discriminator values (or keys), each with the arm that reads it.
    pub tags: Vec<(String, usize)>,
    pub members: Vec<Member>,
    /// The arm of the default member.
    pub default: Option<usize>,
    pub unknown: Name,
}

#[derive(Debug)]
pub struct Member {
    pub attributes: ItemAttributes,
    pub name: Name,
    pub ty: RustType,
    pub wire: Wire,
    pub value: String,
    /// Whether `From` of this type is unambiguous.
    pub from: bool,
}

/// The JSON form of a member (format reference, 10.2).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Wire {
    /// `{"d": "v", …fields}`
    Tagged,
    /// `{"d": "v", "value": x}`
    TaggedValue,
    /// `{"v": x}`
    Keyed,
    /// `{"v": {"value": x}}`
    KeyedValue,
    /// A union in a union: the form of the inner one.
    Nested,
}

/// An interface.
#[derive(Debug)]
pub struct Trait {
    pub attributes: ItemAttributes,
    pub name: Name,
    pub methods: Vec<Accessor>,
    pub implementers: Vec<Implementer>,
}

#[derive(Debug)]
pub struct Accessor {
    pub attributes: ItemAttributes,
    pub name: Name,
    pub ty: RustType,
}

/// A model that has the fields of an interface.
#[derive(Debug)]
pub struct Implementer {
    pub path: TypePath,
    /// The field that each method returns, in order.
    pub fields: Vec<(Name, FieldAccess)>,
}

/// How a method returns a field.
#[derive(Debug, Clone, Copy)]
pub enum FieldAccess {
    /// `self.field`
    Value,
    /// `&self.field`
    Reference,
    /// `Some(self.field)`
    SomeValue,
    /// `Some(&self.field)`
    SomeReference,
    /// What an option contains.
    Content,
    /// What the content of an option points to.
    Target,
    /// The slice of a list behind a link, in an option.
    Slice,
}

/// The trait, client and mock of a whole service.
#[derive(Debug)]
pub struct ApiClient {
    pub docs: Vec<String>,
    /// The index of operations, if it is not on a module.
    pub index: Vec<String>,
    pub api: Name,
    pub client: Name,
    pub mock: Name,
    pub name: String,
    pub namespace: String,
    pub version: String,
    pub user_agent: String,
    pub base_url: Option<String>,
    pub headers: Vec<(String, String)>,
    /// Method and path of the operations that a value in the path of another one could lead to.
    pub overlapping: Vec<(&'static str, String)>,
    /// Required headers without default: arguments of the builder.
    pub required: Vec<BuilderHeader>,
}

/// A header that is needed to create a client.
#[derive(Debug)]
pub struct BuilderHeader {
    /// The documentation, as an item of a list.
    pub docs: Vec<String>,
    pub wire: String,
    pub name: Name,
    pub ty: RustType,
}

/// The smallest value of a model or union.
#[derive(Debug)]
pub struct Empty {
    pub path: TypePath,
    pub value: Expression,
}

/// The collections and operations of a stateful mock.
#[derive(Debug)]
pub struct State {
    pub collections: Vec<Collection>,
    pub operations: Vec<Stored>,
    /// The types whose samples it generates.
    pub roots: Vec<Node>,
}

/// Items of one model.
#[derive(Debug)]
pub struct Collection {
    pub own: state::Collection,
    /// The fields that bodies set.
    pub fields: Vec<String>,
    pub ty: RustType,
}

/// An operation that the state responds to.
#[derive(Debug)]
pub struct Stored {
    pub id: String,
    pub own: StoredOperation,
    /// Its fields, if they are not those of the collection.
    pub fields: Option<Vec<String>>,
    /// Status, type and value of the body of each refusal that has one.
    pub bodies: Vec<(u16, RustType, Expression)>,
}
