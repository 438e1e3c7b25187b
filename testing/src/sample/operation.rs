//! The parameters and responses of operations, as tables.

use std::collections::{HashMap, HashSet};

use apigen_model::api::{self, Api, Header, Id, Location, Model, Resource, Role, Type};
use apigen_model::behaviour::{Echo, FieldIndex, Outcomes, Samples, base, echoes, has_elements, must_be_given};
use apigen_model::vocabulary::names::words;
use apigen_runtime::OperationInfo;
use apigen_runtime::http::HeaderName;
use apigen_runtime::validate::schema::Schema;

use super::tables::{Lowering, Slot, Value};

/// The operations of the requested services, in the order of the schema.
#[derive(Debug)]
pub struct Operations {
    list: Vec<Operation>,
    by_id: HashMap<&'static str, usize>,
}

#[derive(Debug)]
pub struct Operation {
    pub info: &'static OperationInfo,
    pub parameters: Vec<Parameter>,
    /// The body; `Err` if it has no value within all limits.
    pub body: Option<Result<Slot, NoValue>>,
    pub responses: Vec<Response>,
}

/// A type has no finite value within all limits.
#[derive(Debug, Clone, Copy)]
pub struct NoValue;

#[derive(Debug)]
pub struct Parameter {
    pub name: String,
    pub location: Location,
    /// Whether a request without it is invalid.
    pub required: bool,
    /// Whether it may have several values.
    pub is_list: bool,
    /// Whether an empty list cannot be sent, since its absence means another value.
    pub has_elements: bool,
    pub value: Value,
}

#[derive(Debug)]
pub struct Response {
    /// The status; `None` for all that are not declared.
    pub status: Option<u16>,
    pub body: Result<Slot, NoValue>,
    pub headers: Vec<ResponseHeader>,
    /// What the models of the body repeat of a request.
    pub echoes: Vec<(usize, Echo)>,
}

#[derive(Debug)]
pub struct ResponseHeader {
    pub name: HeaderName,
    pub required: bool,
    pub is_list: bool,
    pub value: Value,
}

/// Headers that the connection sets.
const FRAMING: [&str; 5] = ["connection", "content-length", "transfer-encoding", "upgrade", "trailer"];

impl Operations {
    pub fn new(api: &Api, samples: &Samples<'_>, schema: &Schema) -> Self {
        let lowering = OfOperation { api, fields: &FieldIndex::new(api), types: Lowering { api, samples } };
        let requested = api.services.iter().filter(|(_, service)| service.role == Role::Requested);
        let resources = requested.flat_map(|(_, service)| &service.resources);
        let operations = resources.flat_map(|resource| resource.operations.iter().map(move |own| (resource, own)));
        // The schema has the operations in the same order.
        let list = operations.zip(schema.operations()).map(|(own, known)| lowering.operation(own, known.info()));
        let list: Vec<Operation> = list.collect();
        let by_id = list.iter().enumerate().map(|(index, operation)| (operation.info.id, index)).collect();
        Self { list, by_id }
    }

    /// Returns the operation with this id.
    pub fn find(&self, id: &str) -> Option<&Operation> {
        self.by_id.get(id).map(|index| &self.list[*index])
    }
}

impl Operation {
    /// Returns the response that covers a status.
    pub fn response(&self, status: u16) -> Option<&Response> {
        let of = |wanted| self.responses.iter().find(|response| response.status == wanted);
        of(Some(status)).or_else(|| of(None))
    }
}

/// Lowers operations.
struct OfOperation<'b, 'a> {
    api: &'a Api,
    fields: &'b FieldIndex<'a>,
    types: Lowering<'a>,
}

impl<'a> OfOperation<'_, 'a> {
    fn operation(&self, of: (&'a Resource, &'a api::Operation), info: &'static OperationInfo) -> Operation {
        let (resource, operation) = of;
        let owner = &words(&resource.type_text);
        let parameters = operation.parameters.iter().map(|parameter| self.parameter(owner, parameter));
        let responses =
            Outcomes::new(operation).responses.into_iter().map(|response| self.response(of, owner, response));
        Operation {
            info,
            parameters: parameters.collect(),
            body: operation.body.as_ref().map(|body| self.body(&body.ty, owner)),
            responses: responses.collect(),
        }
    }

    fn parameter(&self, owner: &[String], parameter: &api::Parameter) -> Parameter {
        let field = field(&parameter.name, &parameter.ty, must_be_given(parameter) || parameter.default.is_some());
        let (default, minimum, maximum) = (parameter.default.clone(), parameter.minimum, parameter.maximum);
        let field = api::Field { default, minimum, maximum, ..field };
        let (is_list, has_elements) = (matches!(parameter.ty, Type::List(_)), has_elements(field.default.as_ref()));
        // Servers read an absent list as an empty one.
        let is_too_short = is_list && !has_elements && minimum.is_some_and(|minimum| minimum > 0);
        Parameter {
            name: parameter.name.clone(),
            location: parameter.location,
            required: must_be_given(parameter) || parameter.location == Location::Path || is_too_short,
            is_list,
            has_elements,
            value: self.types.value(owner, &field),
        }
    }

    fn response(
        &self,
        of: (&'a Resource, &'a api::Operation),
        owner: &[String],
        response: &'a api::Response,
    ) -> Response {
        let echoes = models_of(self.api, base(&response.ty)).into_iter().flat_map(|model| {
            let found = echoes(self.api, self.fields, of, model).into_iter();
            found.map(move |echo| (model.index(), echo))
        });
        Response {
            status: response.code.status(),
            body: self.body(&response.ty, owner),
            headers: response.headers.iter().filter_map(|header| self.header(header, owner)).collect(),
            echoes: echoes.collect(),
        }
    }

    fn header(&self, header: &Header, owner: &[String]) -> Option<ResponseHeader> {
        let name = HeaderName::from_bytes(header.name.as_bytes()).ok()?;
        if FRAMING.contains(&name.as_str()) {
            return None;
        }
        let (required, is_list) = (header.required, matches!(header.ty, Type::List(_)));
        let field = field(&header.name, &header.ty, true);
        // A header without elements is absent.
        let field = api::Field { default: header.default.clone(), minimum: is_list.then_some(1), ..field };
        Some(ResponseHeader { name, required, is_list, value: self.types.value(owner, &field) })
    }

    /// Lowers a body: a text is a message.
    fn body(&self, ty: &Type, owner: &[String]) -> Result<Slot, NoValue> {
        match self.types.samples.exists(ty) {
            true => Ok(self.types.slot(ty, (None, None), ("message", owner))),
            false => Err(NoValue),
        }
    }
}

/// Returns the models that a value of a type may be, also through unions.
fn models_of(api: &Api, ty: &Type) -> Vec<Id<Model>> {
    let (mut found, mut seen, mut open) = (Vec::new(), HashSet::new(), vec![ty]);
    while let Some(ty) = open.pop() {
        match ty {
            _ if !seen.insert(ty) => {}
            Type::Model(id) => found.push(*id),
            Type::Union(id) => open.extend(api.unions[*id].members.iter().map(|member| base(&member.ty))),
            _ => {}
        }
    }
    found
}

/// Returns a field without limits, for what is generated like one.
fn field(name: &str, ty: &Type, required: bool) -> api::Field {
    api::Field {
        name: name.to_owned(),
        ty: ty.clone(),
        required,
        default: None,
        minimum: None,
        maximum: None,
        example: None,
        sample: None,
        description: None,
        deprecation: None,
        annotations: Vec::new(),
        attributes: Vec::new(),
        at: apigen_model::source::json::Span::default(),
    }
}
