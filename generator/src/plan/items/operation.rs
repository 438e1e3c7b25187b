//! Resources, their operations, and what these need.

use proc_macro2::TokenStream;

use super::{Argument, Derives, ItemAttributes};
use apigen_model::behaviour::refusal::Refusal;
use apigen_model::vocabulary::names::Name;

/// A resource.
#[derive(Debug)]
pub struct Resource {
    pub attributes: ItemAttributes,
    /// The first sentence of its description, as plain text; may be empty.
    pub summary: String,
    pub module: Name,
    pub accessor: Name,
    pub with: Name,
    pub api: Name,
    pub mock: Name,
    pub operations: Vec<Operation>,
    pub errors: Vec<StatusEnum>,
    pub outputs: Vec<StatusEnum>,
}

/// An operation.
#[derive(Debug)]
pub struct Operation {
    pub attributes: ItemAttributes,
    /// The first sentence of its description, as plain text; may be empty.
    pub summary: String,
    pub method: Name,
    pub ty: Name,
    /// What identifies it for people: `users.get_by_guid`.
    pub id: String,
    pub http_method: &'static str,
    pub path: String,
    pub responses: Vec<ResponseInfo>,
    /// Whether it has side effects, where the method says the opposite.
    pub side_effects: Option<bool>,
    pub arguments: Vec<OperationArgument>,
    /// Whether an argument is borrowed, so that a lifetime must be named.
    pub borrows: bool,
    pub params: Option<Params>,
    /// `.query("ip", &params.ip)` …
    pub request: Vec<TokenStream>,
    /// How a server reads arguments and params.
    pub reads: Reads,
    /// How declared responses hold what a server has to say itself.
    pub refusals: Vec<Refusal>,
    /// The names of its sensitive parameters, perhaps none, if it is sensitive; `None` too where its responses say so.
    pub sensitive: Option<Vec<String>>,
    /// What a server's handler calls the rest of the request.
    pub context: Name,
    pub output: TokenStream,
    pub error: TokenStream,
    /// Alias of a shared error enum.
    pub error_alias: Option<(Name, Name)>,
    pub result: Name,
    /// `Result`, as seen from the resource's module.
    pub std_result: TokenStream,
    /// What a mock answers; absent if no finite value exists.
    pub empty: Option<TokenStream>,
    /// `None` if no response declares any.
    pub headers: Option<ResponseHeaders>,
    /// Whether the state of a mock answers it.
    pub stored: bool,
}

/// The expressions that read an operation from a request, whose reader is `r`.
#[derive(Debug)]
pub struct Reads {
    /// In the order of the arguments.
    pub arguments: Vec<Read>,
    /// In the order of the fields of params, if there are any.
    pub params: Option<Vec<Read>>,
    /// Whether any of them is in a header.
    pub headers: bool,
}

/// One of them.
#[derive(Debug)]
pub struct Read {
    /// The field that it is for.
    pub name: Name,
    pub value: TokenStream,
    /// Whether it is an `Option` although the field is none.
    pub fallible: bool,
}

/// A row of the operation's description.
#[derive(Debug)]
pub struct ResponseInfo {
    pub status: Option<u16>,
    pub success: bool,
    pub unit: bool,
    /// Whether its body is a `string`.
    pub text: bool,
    /// Whether its body has values that must not be shown.
    pub sensitive: bool,
    /// The headers that it declares.
    pub headers: Vec<HeaderInfo>,
}

/// A declared header, for checks.
#[derive(Debug)]
pub struct HeaderInfo {
    pub wire: String,
    /// Of an element, if it is a list.
    pub ty: TokenStream,
    pub list: bool,
    pub required: bool,
    pub sensitive: bool,
}

/// A positional argument of a method.
#[derive(Debug)]
pub struct OperationArgument {
    /// What stands on the field of the operation's type.
    pub attributes: ItemAttributes,
    pub name: Name,
    /// With the lifetime `'a` where it borrows.
    pub ty: TokenStream,
    /// The same type without a named lifetime.
    pub elided: TokenStream,
    pub owned: TokenStream,
    /// Whether it is a reference.
    pub borrowed: bool,
    /// Whether there is only one value of its type, `()`.
    pub unit: bool,
    /// Whether its value must not be shown.
    pub sensitive: bool,
}

/// The struct of an operation's other parameters.
#[derive(Debug)]
pub struct Params {
    pub name: Name,
    pub docs: Vec<String>,
    pub fields: Vec<ParamField>,
    pub derives: Derives,
    pub default_impl: bool,
    /// `Debug` is written out, since it must hide something.
    pub debug_impl: bool,
    /// More constructor arguments than clippy likes.
    pub many: bool,
    /// How the list comes in pages, if it does.
    pub page: Option<Page>,
}

/// The declared headers of an operation's responses.
#[derive(Debug)]
pub struct ResponseHeaders {
    pub name: Name,
    pub docs: Vec<String>,
    pub fields: Vec<ResponseHeader>,
}

/// One of them.
#[derive(Debug)]
pub struct ResponseHeader {
    pub attributes: ItemAttributes,
    pub name: Name,
    pub wire: String,
    pub ty: TokenStream,
    /// The function of the runtime that reads it.
    pub reader: &'static str,
    /// Whether its value must not be shown.
    pub sensitive: bool,
}

/// The expressions that read and set the page of a params struct.
#[derive(Debug)]
pub struct Page {
    pub limit: TokenStream,
    pub offset: TokenStream,
    /// `set_offset(offset)`.
    pub set_offset: TokenStream,
}

/// A field of a params struct.
#[derive(Debug)]
pub struct ParamField {
    pub attributes: ItemAttributes,
    pub name: Name,
    pub ty: TokenStream,
    /// Argument of `new`: it is required and has no default.
    pub argument: Option<Argument>,
    /// Otherwise what it starts with, and how it is set.
    pub preset: Option<TokenStream>,
    pub setter: Option<ParamSetter>,
    /// Whether its value must not be shown.
    pub sensitive: bool,
}

/// A chainable setter.
#[derive(Debug)]
pub struct ParamSetter {
    pub name: Name,
    pub ty: TokenStream,
    pub value: TokenStream,
    /// The lint of clippy that minds its name.
    pub odd_name: Option<&'static str>,
}

/// One variant per status: declared errors, or several success types.
#[derive(Debug)]
pub struct StatusEnum {
    pub docs: String,
    pub name: Name,
    pub variants: Vec<StatusVariant>,
    pub kind: StatusKind,
}

/// What a [`StatusEnum`] is for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum StatusKind {
    Error,
    Output,
}

/// A declared response.
#[derive(Debug)]
pub struct StatusVariant {
    pub attributes: ItemAttributes,
    pub name: Name,
    /// `None` for `default`.
    pub status: Option<u16>,
    /// `None` for no content.
    pub ty: Option<TokenStream>,
}
