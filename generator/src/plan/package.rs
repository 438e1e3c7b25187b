//! Assembles the plan of a whole run.

use std::collections::BTreeSet;

use super::Options;
use super::context::Context;
use super::docs::{cell, code_cell, code_span, doc_item, doc_lines, paragraphs};
use super::empty::{empties, needed};
use super::family::families;
use super::items::{ApiClient, BuilderHeader, Module, Operation, Package, Resource, State};
use super::resource::resource;
use super::state::state;
use super::symbols::{Symbols, package_text};
use apigen_model::api::{Api, Header, Id, Literal, Role, Service};
use apigen_model::behaviour::{Node, overlapping_routes};
use apigen_model::vocabulary::http::is_token;
use apigen_model::vocabulary::names::{Name, NameAllocator, snake};

/// Plans everything that emission places, from the resolved model.
pub fn package(mut api: Api, options: &Options) -> Package {
    let mut symbols = Symbols::new(&api);
    let unmatched = options.selection.apply(&mut api, &mut symbols);
    let api = &api;
    let cx = Context::new(api, options, &symbols);
    let mut notes = symbols.notes.clone();
    let mut states: Vec<Option<State>> = api.services.ids().map(|id| state(&cx, id)).collect();
    let needed = if options.mocks.wanted() { needed(&cx, &states) } else { BTreeSet::new() };
    let deprecated = has_deprecated_types(api);
    let mut modules: Vec<Module> = api
        .services
        .iter()
        .filter(|(id, service)| symbols[*id].external.is_none() && cx.reach.has_service(service))
        .filter_map(|(id, _)| module(&cx, id, &needed, states[id.index()].take(), &mut notes))
        .map(|module| Module { deprecated: module.deprecated || deprecated, ..module })
        .collect();
    let children: Vec<_> = modules.iter().filter_map(|m| m.path.first().cloned()).collect();
    if let Some(root) = modules.iter_mut().find(|m| m.path.is_empty()) {
        root.services = children;
    }
    notes.extend(cx.extras.notes());
    let recursion_limit = cx.depth.recursion_limit;
    if let Some(limit) = recursion_limit.filter(|_| !options.krate) {
        notes.push(format!(
            "the models are linked so deeply that the root of your crate needs `#![recursion_limit = \"{limit}\"]`"
        ));
    }
    Package { modules, notes, unmatched, recursion_limit }
}

fn module(
    cx: &Context<'_>,
    id: Id<Service>,
    needed: &BTreeSet<Node>,
    state: Option<State>,
    notes: &mut Vec<String>,
) -> Option<Module> {
    let (service, symbols) = (&cx.api.services[id], &cx.symbols[id]);
    let files = symbols.files.as_ref()?;
    let resources = service.resources.iter().zip(&symbols.resources);
    let resources: Vec<_> = resources.map(|(r, names)| resource(cx, id, r, names)).collect();
    // The root of a module tree is `include!`d and cannot begin with documentation: the index goes to the client.
    let has_page = cx.options.krate || !symbols.module.is_empty();
    let title = format!("{} {}", one_line(&service.name), one_line(&service.version));
    let (docs, client_index) = if has_page {
        (module_docs(&title, service.description.as_deref(), &index(&resources, "")), Vec::new())
    } else {
        (Vec::new(), index(&resources, "super::"))
    };
    Some(Module {
        path: symbols.module.clone(),
        docs,
        title,
        services: Vec::new(),
        files: files.clone(),
        families: families(cx, id, notes),
        resources,
        api: api_client(cx, id, client_index, notes),
        empties: empties(cx, id, needed),
        state,
        deprecated: has_deprecated(service),
        placeholders: has_placeholders(cx, service),
        conventions: has_conventions(cx, id),
    })
}

fn api_client(cx: &Context<'_>, id: Id<Service>, index: Vec<String>, notes: &mut Vec<String>) -> Option<ApiClient> {
    let service = &cx.api.services[id];
    let names = cx.symbols[id].api.as_ref()?;
    if service.role != Role::Requested || service.resources.is_empty() {
        return None;
    }
    let mut headers = Vec::new();
    for header in &service.headers {
        match &header.default {
            Some(value) if is_token(&header.name) => {
                headers.push((header.name.clone(), header_values(cx, value).join(", ")));
            }
            Some(_) => {
                let name = one_line(&header.name);
                notes.push(format!("header `{name}` is not sent: its name is not a valid HTTP header name"));
            }
            None => {}
        }
    }
    let overlapping = overlapping_routes(service).into_iter();
    let agent = format!("{}/{}/{}", service.organization, service.application, service.version);
    let agent = agent.replace(|c: char| !c.is_ascii_graphic(), "-");
    Some(ApiClient {
        index,
        docs: service.description.as_deref().map(doc_lines).unwrap_or_default(),
        api: names.api.clone(),
        client: names.client.clone(),
        mock: names.mock.clone(),
        name: service.name.clone(),
        namespace: service.namespace.clone(),
        version: service.version.clone(),
        user_agent: format!("apigen/{} {agent}", env!("CARGO_PKG_VERSION")),
        base_url: service.base_url.clone(),
        headers,
        overlapping: overlapping.map(|(method, path)| (method.as_str(), path.to_owned())).collect(),
        required: required_headers(cx, id),
    })
}

/// Returns the headers that are arguments of the builder, since the spec requires them without a value.
fn required_headers(cx: &Context<'_>, id: Id<Service>) -> Vec<BuilderHeader> {
    let mut names = NameAllocator::new();
    names.reserve("base_url");
    let headers = cx.api.services[id].headers.iter();
    let required = headers.filter(|h| h.required && h.default.is_none() && is_token(&h.name));
    let planned = required.map(|header| {
        let name = names.value(&header.name);
        BuilderHeader {
            docs: header_docs(&name, header),
            wire: header.name.clone(),
            ty: cx.child(id).borrowed(&header.ty),
            name,
        }
    });
    planned.collect()
}

fn header_docs(name: &Name, header: &Header) -> Vec<String> {
    let sent = format!("The header {} of every request.", code_span(&header.name));
    let description = header.description.as_deref().unwrap_or_default();
    doc_item(name.as_str(), Some(&format!("{sent} {description}")), &[])
}

fn has_deprecated(service: &Service) -> bool {
    let operations = service.resources.iter().flat_map(|r| &r.operations);
    service.resources.iter().any(|r| r.deprecation.is_some())
        || operations.clone().any(|o| o.deprecation.is_some() || o.parameters.iter().any(|p| p.deprecation.is_some()))
        || operations.flat_map(|o| &o.responses).any(|r| r.deprecation.is_some())
}

/// Returns true if a type of any service is deprecated: imported ones may be used everywhere.
fn has_deprecated_types(api: &Api) -> bool {
    let fields = |fields: &[apigen_model::api::Field]| fields.iter().any(|f| f.deprecation.is_some());
    api.enums.iter().any(|(_, e)| e.deprecation.is_some() || e.values.iter().any(|v| v.deprecation.is_some()))
        || api.models.iter().any(|(_, m)| m.deprecation.is_some() || fields(&m.fields))
        || api.unions.iter().any(|(_, u)| u.deprecation.is_some() || u.members.iter().any(|m| m.deprecation.is_some()))
        || api.interfaces.iter().any(|(_, i)| i.deprecation.is_some() || fields(&i.fields))
}

/// Returns true if there are names that clippy takes for forgotten placeholders.
fn has_placeholders(cx: &Context<'_>, service: &Service) -> bool {
    let fields = service.models.iter().flat_map(|id| &cx.api.models[*id].fields).map(|f| &f.name);
    let parameters = service.resources.iter().flat_map(|r| &r.operations).flat_map(|o| &o.parameters).map(|p| &p.name);
    fields.chain(parameters).any(|name| ["foo", "baz", "quux"].contains(&snake(name).as_str()))
}

/// Returns true if a resource or an operation has a name for which clippy expects a certain signature.
fn has_conventions(cx: &Context<'_>, id: Id<Service>) -> bool {
    const NAMES: &str = "add as_mut as_ref bitand bitor bitxor borrow borrow_mut cmp deref deref_mut div eq hash index \
                         index_mut len mul neg new next not rem shl shr sub to_string";
    let resources = &cx.symbols[id].resources;
    let mut methods = resources.iter().flat_map(|r| r.operations.iter().map(|o| &o.method).chain([&r.accessor]));
    methods.any(|name| {
        let begins = |start: &&str| name.as_str().starts_with(*start);
        NAMES.split(' ').any(|known| known == name.as_str()) || ["from_", "into_", "is_"].iter().any(begins)
    })
}

/// Returns the texts of a header's default, whose type is a string, an enum or a list of these, or another one in old documents.
fn header_values(cx: &Context<'_>, default: &Literal) -> Vec<String> {
    match default {
        Literal::List(items) => items.iter().flat_map(|item| header_values(cx, item)).collect(),
        Literal::Enum(id, index) => vec![cx.api.enums[*id].values[*index].wire.clone()],
        Literal::Map(_) => Vec::new(),
        Literal::Boolean(value) => vec![value.to_string()],
        Literal::Integer(value) => vec![value.to_string()],
        Literal::Double(value) => vec![value.to_string()],
        Literal::String(text)
        | Literal::Decimal(text)
        | Literal::Uuid(text)
        | Literal::Date(text)
        | Literal::DateTime(text)
        | Literal::Object(text)
        | Literal::Json(text) => vec![text.clone()],
    }
}

/// Returns the docs of a module: its title, the description of the service, and the index of operations.
fn module_docs(title: &str, description: Option<&str>, index: &[String]) -> Vec<String> {
    let title = doc_lines(&format!("{title}."));
    paragraphs(&[&title, &description.map(doc_lines).unwrap_or_default(), index])
}

/// Converts a text to one line for comments.
fn one_line(text: &str) -> String {
    text.chars().map(|c| if c.is_ascii_graphic() || c.is_alphanumeric() { c } else { ' ' }).take(80).collect()
}

/// Returns the name of the package: the requested one, else the snake case of the spec's name, or `api` for several specs.
pub fn package_name(api: &Api, options: &Options) -> String {
    let mut requested = api.services.iter().map(|(_, s)| s).filter(|s| s.role == Role::Requested);
    match (&options.name, requested.next(), requested.next()) {
        (Some(name), ..) => name.clone(),
        (None, Some(service), None) => package_text(service, options.krate),
        _ => "api".to_owned(),
    }
}

/// Returns a heading, and a table of links to operations for each resource; `root` is the path before its trait.
fn index(resources: &[Resource], root: &str) -> Vec<String> {
    if resources.is_empty() {
        return Vec::new();
    }
    let sections = resources.iter().flat_map(|resource| section(resource, root));
    std::iter::once("# Operations".to_owned()).chain(sections).collect()
}

fn section(resource: &Resource, root: &str) -> Vec<String> {
    let (api, accessor) = (resource.api.as_str(), &resource.accessor);
    let mut lines = vec![String::new(), format!("## `{api}`"), String::new()];
    if !resource.summary.is_empty() {
        lines.extend([cell(&resource.summary), String::new()]);
    }
    lines.extend([format!("| [`client.{accessor}()`]({root}{api}) | | |"), "|---|---|---|".to_owned()]);
    lines.extend(resource.operations.iter().map(|operation| row(operation, &format!("{root}{api}"))));
    lines
}

fn row(operation: &Operation, api: &str) -> String {
    let (method, link) = (&operation.method, operation.method.as_str());
    let route = code_cell(&format!("{} {}", operation.http_method, operation.path));
    let deprecated = if operation.attributes.deprecated.is_some() { "Deprecated. " } else { "" };
    let attributes = format!("{deprecated}{}", cell(&operation.summary));
    format!("| [`{method}`]({api}::{link}) | {route} | {} |", attributes.trim()).replace("|  |", "| |")
}
