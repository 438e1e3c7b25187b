//! Estimates the memory for generating code.

use apigen_model::api::{Api, Field, Header, Operation, Type};

/// Estimated bytes for each element: in the model, in the plan, as tokens while its file is generated, and as text.
/// Measured with documents that have many elements of one kind, and rounded up.
const OPERATION: usize = 38_000;
const PARAMETER: usize = 5_000;
const RESPONSE: usize = 2_500;
const HEADER: usize = 3_000;
const TYPE: usize = 9_000;
const FIELD: usize = 6_000;
const VALUE: usize = 2_500;
const MEMBER: usize = 12_000;
/// The number of times that generated code repeats the name of a declaration, and the name of a type at each use.
const NAME: usize = 25;
/// The number of copies of a description in memory.
const PROSE: usize = 6;

/// Returns the estimated memory for generating the code of the whole model, in bytes.
pub fn footprint(api: &Api) -> usize {
    let models = api.models.iter().map(|(_, m)| (&m.name, &m.description, &m.fields));
    let interfaces = api.interfaces.iter().map(|(_, i)| (&i.name, &i.description, &i.fields));
    let structs = models.chain(interfaces).map(|(name, description, fields)| {
        TYPE + NAME * name.len() + prose(description) + fields.iter().map(|f| field(api, f)).sum::<usize>()
    });
    let enums = api.enums.iter().map(|(_, e)| {
        let values = e.values.iter().map(|v| VALUE + NAME * v.name.len() + prose(&v.description));
        TYPE + NAME * e.name.len() + prose(&e.description) + values.sum::<usize>()
    });
    let unions = api.unions.iter().map(|(_, u)| {
        let members = u.members.iter().map(|m| MEMBER + used(api, &m.ty) + prose(&m.description));
        TYPE + NAME * u.name.len() + prose(&u.description) + members.sum::<usize>()
    });
    let services = api.services.iter().map(|(_, service)| {
        let operations = service.resources.iter().flat_map(|resource| &resource.operations);
        headers(api, &service.headers) + operations.map(|o| operation(api, o)).sum::<usize>()
    });
    structs.chain(enums).chain(unions).chain(services).sum()
}

fn field(api: &Api, field: &Field) -> usize {
    FIELD + NAME * field.name.len() + used(api, &field.ty) + prose(&field.description)
}

fn operation(api: &Api, operation: &Operation) -> usize {
    let parameters = operation.parameters.iter();
    let parameters = parameters.map(|p| PARAMETER + NAME * p.name.len() + used(api, &p.ty) + prose(&p.description));
    let responses = operation.responses.iter();
    let responses = responses.map(|r| RESPONSE + used(api, &r.ty) + headers(api, &r.headers) + prose(&r.description));
    let body = operation.body.as_ref().map_or(0, |body| used(api, &body.ty));
    // The name of an operation is derived from its path.
    let name = NAME * operation.path.len();
    OPERATION + name + prose(&operation.description) + body + parameters.sum::<usize>() + responses.sum::<usize>()
}

fn headers(api: &Api, headers: &[Header]) -> usize {
    headers.iter().map(|h| HEADER + NAME * h.name.len() + used(api, &h.ty) + prose(&h.description)).sum()
}

/// Returns the bytes for the name of a type at each use.
fn used(api: &Api, ty: &Type) -> usize {
    NAME * match ty {
        Type::Model(id) => api.models[*id].name.len(),
        Type::Union(id) => api.unions[*id].name.len(),
        Type::Enum(id) => api.enums[*id].name.len(),
        Type::List(inner) | Type::Map(inner) => return used(api, inner),
        _ => 0,
    }
}

fn prose(description: &Option<String>) -> usize {
    PROSE * description.as_ref().map_or(0, String::len)
}
