//! What emission places: every decision is already made, every type and expression already tokens.

mod operation;

use proc_macro2::TokenStream;

pub use super::factory::{EnumFactory, Factories, ModelFactory, Setter, UnionChoice, UnionFactory};
use crate::option_use::UnusedOption;
use apigen_model::behaviour::Node;
use apigen_model::behaviour::state::PathField;
use apigen_model::vocabulary::names::Name;
pub use operation::*;

/// All generated modules.
#[derive(Debug)]
pub struct Package {
    /// In the order of the model: requested services first.
    pub modules: Vec<Module>,
    /// Sentences for the user about names and left-out parts.
    pub notes: Vec<String>,
    /// Patterns of operations that match none.
    pub unmatched: Vec<UnusedOption>,
    /// What the crate must allow rustc, if that is more than usual.
    pub recursion_limit: Option<usize>,
}

/// One service.
#[derive(Debug)]
pub struct Module {
    /// From the root of the package; empty if this service is the root.
    pub path: Vec<Name>,
    /// Name and version for the file headers.
    pub title: String,
    /// Title and description, cleaned.
    pub docs: Vec<String>,
    /// Child modules with one imported or sibling service each; only on the root.
    pub services: Vec<Name>,
    /// Names of our own files.
    pub models: Name,
    pub json: Name,
    pub client: Name,
    pub mock: Name,
    pub factory: Name,
    pub server: Name,
    pub families: Vec<Family>,
    pub resources: Vec<Resource>,
    /// Absent on imported services and on services without operations.
    pub api: Option<ApiClient>,
    /// Values that mocks must invent, for types of this service.
    pub empties: Vec<Empty>,
    /// What a mock can keep.
    pub state: Option<State>,
    /// Whether something in it is deprecated, so that our own uses must not warn.
    pub deprecated: bool,
    /// Whether something has a name like `foo`, which clippy would mind.
    pub placeholders: bool,
    /// Whether a method of a client has a name like `into_parts`, by which clippy expects another signature.
    pub conventions: bool,
}

impl Module {
    /// How many types there are.
    pub fn types(&self) -> usize {
        self.families.iter().map(|family| family.items.len()).sum()
    }
}

/// Types that are in one file, with a file of their codec and one of their factories.
#[derive(Debug)]
pub struct Family {
    /// What the files are called, in folders of their own; `None` if all types are in this one.
    pub name: Option<Name>,
    pub items: Items,
    /// What makes values for tests.
    pub factories: Factories,
}

/// Types of a service.
#[derive(Debug, Default)]
pub struct Items {
    pub enums: Vec<Enum>,
    pub structs: Vec<Struct>,
    pub unions: Vec<Union>,
    pub traits: Vec<Trait>,
}

impl Items {
    /// How many types there are.
    pub fn len(&self) -> usize {
        self.enums.len() + self.structs.len() + self.unions.len() + self.traits.len()
    }

    /// Whether there is no type at all.
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

/// What stands above a type.
#[derive(Debug, Default)]
pub struct Derives {
    /// Traits of std.
    pub own: Vec<&'static str>,
    /// What the user derives.
    pub more: Vec<TokenStream>,
    /// What the user writes below.
    pub attributes: Vec<TokenStream>,
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
    /// Written out where it cannot be derived.
    pub default_impl: bool,
    /// Written out where a field must not be shown.
    pub debug_impl: bool,
    /// Whether values of it may be nested without end.
    pub recursive: bool,
    /// The codec writes `super::Name`.
    pub path: TokenStream,
}

/// A field of a model.
#[derive(Debug)]
pub struct Field {
    pub attributes: ItemAttributes,
    pub name: Name,
    pub wire: String,
    pub ty: TokenStream,
    /// Rows of the codec's table.
    pub required: bool,
    pub nullable: bool,
    /// Its value must not be logged.
    pub sensitive: bool,
    pub minimum: Option<i64>,
    pub maximum: Option<i64>,
    /// How an absent value is filled in.
    pub absent: Absent,
    /// The value in `Default` and in the constructor, for fields that are not arguments.
    pub preset: Option<TokenStream>,
}

/// What reading does when the field is not there.
#[derive(Debug)]
pub enum Absent {
    /// The struct holds an `Option`.
    None,
    /// A violation.
    Missing,
    /// `.unwrap_or(…)` with the default, in the scope of the codec.
    Default(TokenStream),
}

/// `new`, with what has no default.
#[derive(Debug)]
pub struct Constructor {
    pub docs: &'static str,
    /// Field and type of each argument.
    pub arguments: Vec<Argument>,
    /// More arguments than clippy likes.
    pub many: bool,
    /// The type is called so, too, which clippy takes for a mistake.
    pub named_like_type: bool,
}

/// An argument that converts into a field.
#[derive(Debug)]
pub struct Argument {
    pub name: Name,
    pub ty: TokenStream,
    /// The value for the field.
    pub value: TokenStream,
}

/// An enum of texts.
#[derive(Debug)]
pub struct Enum {
    pub attributes: ItemAttributes,
    pub name: Name,
    pub path: TokenStream,
    pub derives: Derives,
    /// The name in the spec.
    pub spec_name: String,
    pub values: Vec<EnumValue>,
    pub unknown: Name,
    /// `String`, as seen from the models.
    pub string: TokenStream,
}

/// A value of an enum.
#[derive(Debug)]
pub struct EnumValue {
    pub attributes: ItemAttributes,
    pub name: Name,
    pub spec_name: String,
    pub wire: String,
}

/// A union.
#[derive(Debug)]
pub struct Union {
    pub attributes: ItemAttributes,
    pub name: Name,
    pub path: TokenStream,
    pub spec_name: String,
    pub derives: Derives,
    pub discriminator: Option<String>,
    /// Discriminator values (or keys) and the arm each leads to.
    pub tags: Vec<(String, usize)>,
    pub members: Vec<Member>,
    /// The arm of the default member.
    pub default: Option<usize>,
    pub unknown: Name,
}

/// A member of a union.
#[derive(Debug)]
pub struct Member {
    pub attributes: ItemAttributes,
    pub name: Name,
    pub ty: TokenStream,
    pub wire: Wire,
    pub value: String,
    /// Whether `From` of this type is unambiguous.
    pub from: bool,
}

/// How a member stands in JSON (format reference, 10.2).
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
    /// A union in a union: the inner one's own form.
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

/// A method of an interface's trait.
#[derive(Debug)]
pub struct Accessor {
    pub attributes: ItemAttributes,
    pub name: Name,
    pub ty: TokenStream,
}

/// A model that has the fields of an interface.
#[derive(Debug)]
pub struct Implementer {
    pub ty: TokenStream,
    /// The body of each method, in order.
    pub bodies: Vec<TokenStream>,
}

/// Trait, client and mock of a whole service.
#[derive(Debug)]
pub struct ApiClient {
    pub docs: Vec<String>,
    /// The index of operations, if no module has it.
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
    /// Headers that every request needs and that have no default: arguments of the builder.
    pub required: Vec<BuilderHeader>,
}

/// A header that whoever makes a client must give.
#[derive(Debug)]
pub struct BuilderHeader {
    /// An item of a list.
    pub docs: Vec<String>,
    pub wire: String,
    pub name: Name,
    pub ty: TokenStream,
}

/// The smallest value of a model or union.
#[derive(Debug)]
pub struct Empty {
    pub path: TokenStream,
    pub value: TokenStream,
}

/// What the operations of a service mean for a mock that keeps what is created.
#[derive(Debug, Default)]
pub struct State {
    pub collections: Vec<Collection>,
    pub operations: Vec<Stored>,
    /// Types of which it invents values.
    pub roots: Vec<Node>,
}

/// Items of one model.
#[derive(Debug)]
pub struct Collection {
    /// The field by which paths name an item.
    pub key: Option<String>,
    /// The variant of `Keys`.
    pub keys: TokenStream,
    pub unique: Vec<String>,
    pub instants: Vec<String>,
    /// What the items are.
    pub ty: TokenStream,
}

/// An operation that the state answers.
#[derive(Debug)]
pub struct Stored {
    pub id: String,
    pub collection: usize,
    /// The variant of `Action`.
    pub action: &'static str,
    pub fields: Vec<String>,
    pub path: Vec<PathField>,
    /// Status and JSON of each refusal with a body.
    pub bodies: Vec<(u16, TokenStream)>,
}
