//! Resources and operations, with everything that they need.

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
    /// `Box`, as written in its module.
    pub std_box: TokenStream,
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
    /// The human-readable id: `users.get_by_guid`.
    pub id: String,
    pub http_method: &'static str,
    pub path: String,
    pub responses: Vec<ResponseInfo>,
    /// Whether it has side effects, if that contradicts its method.
    pub side_effects: Option<bool>,
    pub arguments: Vec<OperationArgument>,
    /// Whether an argument is borrowed, so that a lifetime must be named.
    pub borrows: bool,
    pub params: Option<Params>,
    /// `.query("ip", &params.ip)` …
    pub request: Vec<TokenStream>,
    /// How a server reads arguments and params.
    pub reads: Reads,
    /// How the server's own error responses fit the declared ones.
    pub refusals: Vec<Refusal>,
    /// The names of its sensitive parameters, possibly none, if it is sensitive; `None` also if its responses are
    /// marked as sensitive.
    pub sensitive: Option<Vec<String>>,
    /// The name of the context argument in a server's handler.
    pub context: Name,
    pub output: TokenStream,
    pub error: TokenStream,
    /// Alias of a shared error enum.
    pub error_alias: Option<(Name, Name)>,
    pub result: Name,
    /// `Result`, as written in the resource's module.
    pub std_result: TokenStream,
    /// The default response of a mock; absent if no finite value exists.
    pub empty: Option<TokenStream>,
    /// The same response as JSON; absent if no finite value exists.
    pub empty_response: Option<EmptyResponse>,
    /// `None` if no response declares any.
    pub headers: Option<ResponseHeaders>,
}

/// The response of a mock for which nothing was set up.
#[derive(Debug)]
pub struct EmptyResponse {
    pub body: EmptyBody,
    /// The status, if it is not the first success.
    pub status: Option<u16>,
}

/// The body of an [`EmptyResponse`].
#[derive(Debug)]
pub enum EmptyBody {
    Nothing,
    List,
    Map,
    /// The smallest value of this type, which implements `Empty`.
    Smallest(TokenStream),
    /// A value of this type.
    Value {
        ty: TokenStream,
        value: TokenStream,
    },
}

/// The expressions that read an operation from a request, whose reader is `r`.
#[derive(Debug)]
pub struct Reads {
    /// In the order of the arguments.
    pub arguments: Vec<Read>,
    /// In the order of the fields of params, if there are any.
    pub params: Option<Vec<Read>>,
    /// Whether any of them reads a header.
    pub headers: bool,
}

/// An expression that reads a field.
#[derive(Debug)]
pub struct Read {
    /// The field.
    pub name: Name,
    pub value: TokenStream,
    /// Whether it returns an `Option`, unlike the field.
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
    /// Whether its body has sensitive values.
    pub sensitive: bool,
    /// The declared headers.
    pub headers: Vec<HeaderInfo>,
}

/// A declared header, for validation.
#[derive(Debug)]
pub struct HeaderInfo {
    pub wire: String,
    /// The type, or that of an element of a list.
    pub ty: TokenStream,
    pub list: bool,
    pub required: bool,
    pub sensitive: bool,
}

/// A positional argument of a method.
#[derive(Debug)]
pub struct OperationArgument {
    /// The attributes of the field of the operation's type.
    pub attributes: ItemAttributes,
    pub name: Name,
    /// The type, with the lifetime `'a` if it borrows.
    pub ty: TokenStream,
    /// The same type without a named lifetime.
    pub elided: TokenStream,
    pub owned: TokenStream,
    /// Whether it is a reference.
    pub borrowed: bool,
    /// Whether its type has only one value, `()`.
    pub unit: bool,
    /// Whether it is sensitive.
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
    /// Whether `Debug` is written out, since a field is sensitive.
    pub debug_impl: bool,
    /// Whether the constructor has more arguments than clippy accepts.
    pub many: bool,
    /// How the list is paged, if it is.
    pub page: Option<Page>,
}

/// The declared headers of an operation's responses.
#[derive(Debug)]
pub struct ResponseHeaders {
    pub name: Name,
    pub docs: Vec<String>,
    pub fields: Vec<ResponseHeader>,
}

/// A declared response header.
#[derive(Debug)]
pub struct ResponseHeader {
    pub attributes: ItemAttributes,
    pub name: Name,
    pub wire: String,
    pub ty: TokenStream,
    /// The function of the runtime that reads it.
    pub reader: &'static str,
    /// Whether it is sensitive.
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
    /// The argument of `new`, if it is required and has no default.
    pub argument: Option<Argument>,
    /// Otherwise the initial value.
    pub preset: Option<TokenStream>,
    pub setter: Option<ParamSetter>,
    /// Whether it is sensitive.
    pub sensitive: bool,
}

/// A chainable setter.
#[derive(Debug)]
pub struct ParamSetter {
    pub name: Name,
    pub ty: TokenStream,
    pub value: TokenStream,
    /// The lint of clippy that rejects its name.
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

/// The purpose of a [`StatusEnum`].
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
