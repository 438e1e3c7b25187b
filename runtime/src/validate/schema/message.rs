//! The tables of an operation.

use super::define::{OperationDefinition, ParameterDefinition, Primitive, Type};
use super::intern::{intern, list, text};
use crate::operation::{OperationInfo, ResponseInfo};
use crate::validate::refusal::Refusal;
use crate::validate::request_error::METHODS;
use crate::validate::violation::MessageLocation;

/// An operation of a [`Schema`](super::Schema).
#[derive(Debug)]
pub struct Operation {
    pub(super) info: &'static OperationInfo,
    pub(crate) parameters: Vec<ParameterDefinition>,
    pub(super) body: Option<Type>,
    responses: Vec<(ResponseInfo, Type)>,
    /// The operation as `HEAD`, if this is a `GET`.
    head: Option<Box<Operation>>,
    pub(crate) refusals: &'static [Refusal],
}

/// The input of a request: JSON texts that a strict reader accepts.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct SchemaInput {
    /// The parameters that are present, in declared order; absent lists are empty lists.
    pub parameters: Vec<InputParameter>,
    /// The JSON body, if the operation has one.
    pub body: Option<String>,
}

/// A parameter of a request.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct InputParameter {
    /// Its location.
    pub location: MessageLocation,
    /// Its name on the wire.
    pub name: &'static str,
    /// Its value as JSON.
    pub json: String,
}

impl Operation {
    pub(super) fn new(definition: OperationDefinition) -> Operation {
        let known = METHODS.iter().find(|known| known.eq_ignore_ascii_case(definition.method));
        let method = known.copied().unwrap_or(definition.method);
        let head = (method == "GET").then(|| Box::new(Operation::new(of_head(&definition))));
        let OperationDefinition { id, path, side_effects, sensitive, parameters, body, responses, refusals, .. } =
            definition;
        let declared = list(responses.iter().map(|(info, ty)| in_form_of(ty, info)).collect());
        let mut info = OperationInfo::new(text(&id), method, text(&path), declared).side_effects(side_effects);
        if sensitive {
            let names = parameters.iter().filter(|parameter| parameter.sensitive).map(|parameter| parameter.name);
            info = info.sensitive(list(names.collect()));
        }
        Operation { info: intern(info), parameters, body, responses, head, refusals: list(refusals) }
    }

    /// Returns the operation for a request with this method, its own or `HEAD`.
    pub(crate) fn asked_by(&self, method: &str) -> &Operation {
        self.head.as_deref().filter(|_| method.eq_ignore_ascii_case("HEAD")).unwrap_or(self)
    }

    /// Returns its ID, method, path and responses.
    pub fn info(&self) -> &'static OperationInfo {
        self.info
    }

    /// Returns the declaration that covers a status, and whether it is a success.
    pub fn declared(&self, status: u16) -> Option<(&'static ResponseInfo, bool)> {
        self.info.response(status)
    }

    /// Returns its parameters, in declared order.
    pub fn parameters(&self) -> &[ParameterDefinition] {
        &self.parameters
    }

    /// Returns the type of the JSON body of its requests.
    pub fn body(&self) -> Option<&Type> {
        self.body.as_ref()
    }

    /// Returns the first status that is declared as a success.
    pub fn success(&self) -> Option<u16> {
        self.info.success_status()
    }

    /// Returns the type of the body of a response with this status.
    pub fn response(&self, status: u16) -> Option<&Type> {
        let (declared, _) = self.info.response(status)?;
        self.responses.iter().find(|(own, _)| own.status == declared.status).map(|(_, ty)| ty)
    }
}

/// Copies a `GET` operation as `HEAD`, without the bodies of its responses.
fn of_head(get: &OperationDefinition) -> OperationDefinition {
    let mut head = OperationDefinition { method: "HEAD", ..get.clone() };
    head.responses.iter_mut().for_each(|(_, ty)| *ty = Type::Primitive(Primitive::Unit));
    head
}

fn in_form_of(ty: &Type, info: &ResponseInfo) -> ResponseInfo {
    let (unit, text) = (*ty == Type::Primitive(Primitive::Unit), *ty == Type::Primitive(Primitive::String));
    ResponseInfo { unit, text, ..*info }
}
