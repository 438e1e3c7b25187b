//! Declared headers of responses, as a struct per operation.

use std::collections::{HashMap, HashSet};

use super::attributes::item_attributes;
use super::docs::code_span;
use super::items::{HeaderReader, ResponseHeader, ResponseHeaders};
use super::types::Scope;
use apigen_model::api::{Header, Operation, Type};
use apigen_model::behaviour::Route;
use apigen_model::vocabulary::http::is_token;
use apigen_model::vocabulary::names::{Name, NameAllocator};

/// Plans the struct of all headers that the operation's responses declare; `None` if there are none.
///
/// A header is required only if every response that declares any headers requires it.
pub fn response_headers(
    scope: Scope<'_>,
    operation: &Operation,
    route: &Route<'_>,
    name: &Name,
    id: &str,
) -> Option<ResponseHeaders> {
    let responses: Vec<&[Header]> =
        operation.responses.iter().map(|r| r.headers.as_slice()).filter(|headers| !headers.is_empty()).collect();
    // The number of responses that require each header, by lower-case name, since case is ignored.
    let mut required: HashMap<String, usize> = HashMap::new();
    for headers in &responses {
        let certain: HashSet<String> =
            headers.iter().filter(|h| h.required).map(|h| h.name.to_ascii_lowercase()).collect();
        certain.into_iter().for_each(|name| *required.entry(name).or_default() += 1);
    }
    let sensitive = route.responses.iter().flat_map(|response| &response.headers).filter(|header| header.sensitive);
    let sensitive: HashSet<&str> = sensitive.map(|header| header.name).collect();
    let mut seen = HashSet::new();
    let all = responses.iter().flat_map(|headers| headers.iter()).filter(|header| is_token(&header.name));
    let distinct = all.filter(|header| seen.insert(header.name.to_ascii_lowercase()));
    let mut names = NameAllocator::new();
    let fields = distinct.map(|header| {
        let certain = required.get(&header.name.to_ascii_lowercase()) == Some(&responses.len());
        let sensitive = sensitive.contains(header.name.as_str());
        ResponseHeader { sensitive, ..field(scope, header, names.value(&header.name), certain) }
    });
    let fields: Vec<ResponseHeader> = fields.collect();
    let docs = vec![format!("The headers that responses of `{id}` declare.")];
    (!fields.is_empty()).then(|| ResponseHeaders { name: name.clone(), docs, fields })
}

fn field(scope: Scope<'_>, header: &Header, name: Name, certain: bool) -> ResponseHeader {
    let mut attributes = item_attributes(header.description.as_deref(), header.deprecation.as_ref());
    if attributes.docs.is_empty() {
        attributes.docs.push(format!("The header {}.", code_span(&header.name)));
    }
    let (ty, reader) = match header.ty {
        Type::List(_) => (scope.owned(&header.ty), HeaderReader::List),
        _ if certain => (scope.owned(&header.ty), HeaderReader::Required),
        _ => (scope.optional(&header.ty), HeaderReader::Optional),
    };
    ResponseHeader { attributes, name, wire: header.name.clone(), ty, reader, sensitive: false }
}
