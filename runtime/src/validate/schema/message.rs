//! The tables of an operation.

use super::define::{HeaderDefinition, OperationDefinition, ParameterDefinition, Primitive, ResponseDefinition, Type};
use super::intern::{intern, list, text};
use crate::operation::{HeaderInfo, OperationInfo, ResponseInfo};
use crate::validate::refusal::Refusal;
use crate::validate::request::Parameter;
use crate::validate::validator::METHODS;
use crate::validate::violation::MessageLocation as At;

/// An operation of a [`Schema`](super::Schema).
#[derive(Debug)]
pub struct Operation {
    pub(super) info: &'static OperationInfo,
    /// The arguments. The body and all others follow, in the order in which generated code reads them.
    pub(super) first: Vec<Row>,
    pub(super) body: Option<Type>,
    pub(super) then: Vec<Row>,
    pub(super) responses: Vec<(Option<u16>, Type)>,
    /// The operation as `HEAD`, if this is a `GET`.
    pub(super) head: Option<Box<Operation>>,
    pub(super) refusals: &'static [Refusal],
}

#[derive(Debug)]
pub(super) struct Row {
    pub(super) at: At,
    pub(super) name: &'static str,
    pub(super) ty: Type,
    pub(super) parameter: Parameter,
}

impl Operation {
    pub(super) fn new(definition: OperationDefinition) -> Operation {
        let known = METHODS.iter().find(|known| known.eq_ignore_ascii_case(definition.method));
        let method = known.copied().unwrap_or(definition.method);
        let head = (method == "GET").then(|| Box::new(Operation::new(of_head(&definition))));
        let responses = list(definition.responses.iter().map(response).collect());
        let info = OperationInfo::new(text(&definition.id), method, text(&definition.path), responses)
            .side_effects(definition.side_effects);
        let sensitive = definition.parameters.iter().filter(|parameter| parameter.sensitive);
        let sensitive: Vec<&'static str> = sensitive.map(|parameter| text(&parameter.name)).collect();
        let info = if definition.sensitive { info.sensitive(list(sensitive)) } else { info };
        let refusals = definition.refusals.into_iter();
        let refusals = refusals.map(|refusal| Refusal::new(list(refusal.statuses), text(&refusal.template)));
        let refusals = list(refusals.collect());
        let types = definition.responses.into_iter().map(|response| (response.status, response.ty));
        let (first, then) = definition.parameters.into_iter().partition::<Vec<_>, _>(|parameter| parameter.argument);
        let rows = |parameters: Vec<ParameterDefinition>| parameters.into_iter().map(Row::new).collect();
        Operation {
            info: intern(info),
            first: rows(first),
            body: definition.body,
            then: rows(then),
            responses: types.collect(),
            head,
            refusals,
        }
    }

    /// Returns the operation for a request with this method, its own or `HEAD`.
    pub(super) fn asked_by(&self, method: &str) -> &Operation {
        self.head.as_deref().filter(|_| method.eq_ignore_ascii_case("HEAD")).unwrap_or(self)
    }

    /// Returns its ID, method, path and responses.
    pub fn info(&self) -> &'static OperationInfo {
        self.info
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
        self.responses.iter().find(|(status, _)| *status == declared.status).map(|(_, ty)| ty)
    }
}

/// Copies a `GET` operation as `HEAD`, without the bodies of its responses.
fn of_head(get: &OperationDefinition) -> OperationDefinition {
    let mut head = OperationDefinition { method: "HEAD", ..get.clone() };
    head.responses.iter_mut().for_each(|response| response.ty = Type::Primitive(Primitive::Unit));
    head
}

impl Row {
    fn new(definition: ParameterDefinition) -> Row {
        let ParameterDefinition { location: at, name, ty, presence, sensitive, minimum: min, maximum: max, .. } =
            definition;
        Row { at, name: text(&name), ty, parameter: Parameter { presence, sensitive, min, max } }
    }
}

fn response(definition: &ResponseDefinition) -> ResponseInfo {
    ResponseInfo {
        status: definition.status,
        success: definition.success,
        unit: definition.ty == Type::Primitive(Primitive::Unit),
        text: definition.ty == Type::Primitive(Primitive::String),
        sensitive: definition.sensitive,
        headers: list(definition.headers.iter().map(header).collect()),
    }
}

fn header(definition: &HeaderDefinition) -> HeaderInfo {
    let name = text(&definition.name);
    let header = if definition.list { HeaderInfo::list::<String>(name) } else { HeaderInfo::of::<String>(name) };
    HeaderInfo { required: definition.required, sensitive: definition.sensitive, ..header }
}
