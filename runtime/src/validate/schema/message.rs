//! The tables of an operation.

use super::define::{OperationDefinition, ParameterDefinition, Primitive, Type};
use super::leak::{list, text};
use crate::operation::{HeaderInfo, OperationInfo, ResponseInfo};
use crate::validate::refusal::Refusal;
use crate::validate::request::Parameter;
use crate::validate::violation::MessageLocation as At;

/// An operation of a [`Schema`](super::Schema).
#[derive(Debug)]
pub struct Operation {
    pub(super) info: &'static OperationInfo,
    /// The required parameters without a default; then the body and all others follow, in the order that generated code
    /// reads.
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
        let head = (definition.method == "GET").then(|| Box::new(Operation::new(of_head(&definition))));
        let responses = definition.responses.iter().map(|response| {
            let row = match response.status {
                Some(status) if (200..300).contains(&status) => ResponseInfo::success(status),
                Some(status) => ResponseInfo::error(status),
                None => ResponseInfo::others(!definition.responses.iter().any(|r| matches!(r.status, Some(200..300)))),
            };
            let row = match response.ty {
                Type::Primitive(Primitive::Unit) => row.unit(),
                Type::Primitive(Primitive::String) => row.text(),
                _ => row,
            };
            let headers = response.headers.iter().map(|(name, required)| {
                let header = HeaderInfo::of::<String>(text(name));
                if *required { header.required() } else { header }
            });
            row.headers(list(headers.collect()))
        });
        let responses = list(responses.collect());
        let info = OperationInfo::new(text(&definition.id), definition.method, text(&definition.path), responses);
        let sensitive = definition.parameters.iter().filter(|parameter| parameter.sensitive);
        let sensitive: Vec<&'static str> = sensitive.map(|parameter| text(&parameter.name)).collect();
        let info = if sensitive.is_empty() { info } else { info.sensitive(list(sensitive)) };
        let refusals = definition
            .refusals
            .into_iter()
            .map(|refusal| Refusal::new(list(refusal.statuses), text(&refusal.template)));
        let refusals = list(refusals.collect());
        let types = definition.responses.into_iter().map(|response| (response.status, response.ty));
        let (first, then) = definition.parameters.into_iter().partition::<Vec<_>, _>(|parameter| parameter.required);
        let rows = |parameters: Vec<ParameterDefinition>| parameters.into_iter().map(Row::new).collect();
        Operation {
            info: Box::leak(Box::new(info)),
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
        let ParameterDefinition { location: at, name, ty, required, sensitive, minimum, maximum } = definition;
        let list = matches!(ty, Type::List(_));
        let object = at == At::Form
            && required
            && matches!(ty, Type::Map(_) | Type::Model(_) | Type::Primitive(Primitive::Object));
        let must = required && !list && !object && at != At::Path;
        let parameter = Parameter { required: must, list, object, sensitive, min: minimum, max: maximum };
        Row { at, name: text(&name), ty, parameter }
    }
}
