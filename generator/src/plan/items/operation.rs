//! Resources and operations, with everything that they need.

use super::{Argument, Derives, Expression, Fallback, ItemAttributes, RustType, TypePath};
use apigen_model::api::Location;
use apigen_model::behaviour::Presence;
use apigen_model::behaviour::refusal::Refusal;
use apigen_model::vocabulary::names::Name;

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
    pub std_box: TypePath,
    pub operations: Vec<Operation>,
    pub errors: Vec<StatusEnum>,
    pub outputs: Vec<StatusEnum>,
}

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
    pub params: Option<Params>,
    /// In the order of the spec.
    pub parameters: Vec<Parameter>,
    /// The argument that is the body.
    pub body: Option<Name>,
    /// How the server's own error responses fit the declared ones.
    pub refusals: Vec<Refusal>,
    /// The names of its sensitive parameters, possibly none, if it is sensitive; `None` also if its responses are
    /// marked as sensitive.
    pub sensitive: Option<Vec<String>>,
    /// The name of the context argument in a server's handler.
    pub context: Name,
    pub output: RustType,
    pub error: RustType,
    /// Alias of a shared error enum.
    pub error_alias: Option<(Name, Name)>,
    pub result: Name,
    /// `Result`, as written in the resource's module.
    pub std_result: TypePath,
    /// The default response of a mock; absent if no finite value exists.
    pub empty: Option<Expression>,
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

#[derive(Debug)]
pub enum EmptyBody {
    Nothing,
    List,
    Map,
    /// The smallest value of this type, which implements `Empty`.
    Smallest(RustType),
    Value {
        ty: RustType,
        value: Expression,
    },
}

/// How a parameter is written to a request, and how a server reads it.
#[derive(Debug)]
pub struct Parameter {
    /// The argument of the method, or the field of the params.
    pub name: Name,
    pub in_params: bool,
    pub wire: String,
    pub location: Location,
    pub presence: Presence,
    pub sensitive: bool,
    pub minimum: Option<i64>,
    pub maximum: Option<i64>,
    /// The maximum number of elements of a list, for clients.
    pub at_most: Option<i64>,
    /// Whether clients write it like an optional value.
    pub optional: bool,
    /// What servers use where a request has no value.
    pub fallback: Option<Fallback>,
    /// Whether callers must pass it, so that a request without it cannot be read.
    pub given: bool,
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
    pub headers: Vec<HeaderInfo>,
}

/// A declared header, for validation.
#[derive(Debug)]
pub struct HeaderInfo {
    pub wire: String,
    /// The type, or that of an element of a list.
    pub ty: RustType,
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
    /// The type, a reference unless it is `Copy`.
    pub ty: RustType,
    pub owned: RustType,
    pub sensitive: bool,
}

impl OperationArgument {
    pub fn is_borrowed(&self) -> bool {
        matches!(self.ty, RustType::Reference(_))
    }

    /// Returns true if its type has only one value, `()`.
    pub fn is_unit(&self) -> bool {
        self.owned == RustType::Unit
    }
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
    pub page: Option<Page>,
}

#[derive(Debug)]
pub struct ResponseHeaders {
    pub name: Name,
    pub docs: Vec<String>,
    pub fields: Vec<ResponseHeader>,
}

#[derive(Debug)]
pub struct ResponseHeader {
    pub attributes: ItemAttributes,
    pub name: Name,
    pub wire: String,
    pub ty: RustType,
    pub reader: HeaderReader,
    pub sensitive: bool,
}

#[derive(Debug, Clone, Copy)]
pub enum HeaderReader {
    List,
    Required,
    Optional,
}

/// The fields of a params struct that say which page of a list is wanted.
#[derive(Debug)]
pub struct Page {
    pub limit: Name,
    pub offset: Name,
}

#[derive(Debug)]
pub struct ParamField {
    pub attributes: ItemAttributes,
    pub name: Name,
    pub ty: RustType,
    /// The argument of `new`, if it is required and has no default.
    pub argument: Option<Argument>,
    /// Otherwise the initial value.
    pub preset: Option<Expression>,
    pub setter: Option<ParamSetter>,
    pub sensitive: bool,
}

/// A chainable setter.
#[derive(Debug)]
pub struct ParamSetter {
    pub name: Name,
    pub ty: RustType,
    pub value: Expression,
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

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum StatusKind {
    Error,
    Output,
}

#[derive(Debug)]
pub struct StatusVariant {
    pub attributes: ItemAttributes,
    pub name: Name,
    /// `None` for `default`.
    pub status: Option<u16>,
    /// `None` for no content.
    pub ty: Option<RustType>,
}
