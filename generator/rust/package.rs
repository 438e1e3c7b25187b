//! Puts the plan of a whole run together.

use std::collections::BTreeSet;

use proc_macro2::TokenStream;

use super::Options;
use super::builder::Builder;
use super::docs::{code_span, doc_lines};
use super::empty::{empties, needed};
use super::enumeration::enumeration;
use super::headers::is_token;
use super::interface::interface;
use super::model::model;
use super::names::NameAllocator;
use super::plan::{ApiClient, BuilderHeader, Factories, Items, Module, Package, State};
use super::resource::resource;
use super::sample::factories;
use super::state::state;
use super::symbols::{Symbols, module_text};
use super::union::union;
use crate::ir::{Api, Id, Role, Service};

/// Decides everything: from the resolved model to what emission places.
pub fn package(mut api: Api, options: &Options) -> Package {
    let mut symbols = Symbols::new(&api);
    options.selection.apply(&mut api, &mut symbols);
    let api = &api;
    let b = Builder::new(api, options, &symbols);
    let mut notes = symbols.notes.clone();
    let mut states: Vec<Option<State>> = api.services.ids().map(|id| state(&b, id)).collect();
    let needed = if options.mocks.wanted() { needed(&b, &states) } else { BTreeSet::new() };
    let mut modules: Vec<Module> = api
        .services
        .iter()
        .filter(|(id, service)| symbols.services[id.index()].external.is_none() && b.reach.has_service(service))
        .filter_map(|(id, _)| module(&b, id, &needed, states[id.index()].take(), &mut notes))
        .collect();
    let children: Vec<_> = modules.iter().filter_map(|m| m.path.first().cloned()).collect();
    if let Some(root) = modules.iter_mut().find(|m| m.path.is_empty()) {
        root.services = children;
    }
    notes.extend(b.extras.notes());
    Package { modules, notes }
}

fn module(
    b: &Builder<'_>,
    id: Id<Service>,
    needed: &BTreeSet<(bool, usize)>,
    state: Option<State>,
    notes: &mut Vec<String>,
) -> Option<Module> {
    let (service, symbols) = (&b.api.services[id], &b.symbols.services[id.index()]);
    let files = symbols.files.as_ref()?;
    let resources = service.resources.iter().zip(&symbols.resources);
    let mut resources: Vec<_> = resources.map(|(r, names)| resource(b, id, r, names)).collect();
    let stored: Vec<&str> = state.iter().flat_map(|state| &state.operations).map(|stored| stored.id.as_str()).collect();
    for operation in resources.iter_mut().flat_map(|resource| &mut resource.operations) {
        operation.stored = stored.contains(&operation.id.as_str());
    }
    let factories = if b.options.mocks.wanted() { factories(b, service, notes) } else { Factories::default() };
    let title = format!("{} {}", one_line(&service.name), one_line(&service.version));
    Some(Module {
        path: symbols.module.clone(),
        docs: module_docs(&title, service.description.as_deref()),
        title,
        services: Vec::new(),
        models: files.models.clone(),
        json: files.json.clone(),
        client: files.client.clone(),
        mock: files.mock.clone(),
        factory: files.factories.clone(),
        server: files.server.clone(),
        items: items(b, service, notes),
        resources,
        api: api_client(b, id, notes),
        empties: empties(b, id, needed),
        factories,
        state,
        deprecated: has_deprecated(b, service),
        placeholders: has_placeholders(b, service),
    })
}

fn items(b: &Builder<'_>, service: &Service, notes: &mut Vec<String>) -> Items {
    let enums = service.enums.iter().filter(|id| b.reach.has_enum(**id));
    let models = service.models.iter().filter(|id| b.reach.has_model(**id));
    let unions = service.unions.iter().filter(|id| b.reach.has_union(**id));
    let interfaces = service.interfaces.iter().filter(|id| b.reach.has_interface(**id));
    Items {
        enums: enums.map(|id| enumeration(b, *id)).collect(),
        structs: models.map(|id| model(b, *id)).collect(),
        unions: unions.map(|id| union(b, *id)).collect(),
        traits: interfaces.map(|id| interface(b, *id, notes)).collect(),
    }
}

fn api_client(b: &Builder<'_>, id: Id<Service>, notes: &mut Vec<String>) -> Option<ApiClient> {
    let service = &b.api.services[id];
    let names = b.symbols.services[id.index()].api.as_ref()?;
    if service.role != Role::Requested || service.resources.is_empty() {
        return None;
    }
    let mut headers = Vec::new();
    for header in &service.headers {
        match &header.default {
            Some(value) if is_token(&header.name) && is_visible(value) => {
                headers.push((header.name.clone(), value.clone()))
            }
            Some(_) => notes.push(format!(
                "header `{}` is not sent: its name or default is no HTTP header",
                one_line(&header.name)
            )),
            None => {}
        }
    }
    let agent = format!("{}/{}/{}", service.organization, service.application, service.version);
    Some(ApiClient {
        docs: service.description.as_deref().map(doc_lines).unwrap_or_default(),
        api: names.api.clone(),
        client: names.client.clone(),
        mock: names.mock.clone(),
        name: service.name.clone(),
        namespace: service.namespace.clone(),
        version: service.version.clone(),
        user_agent: format!(
            "apigen/{} {}",
            env!("CARGO_PKG_VERSION"),
            agent.replace(|c: char| !c.is_ascii_graphic(), "-")
        ),
        base_url: service.base_url.clone(),
        headers,
        required: required_headers(b, id),
    })
}

/// What the builder asks for, since the spec requires it and says no value.
fn required_headers(b: &Builder<'_>, id: Id<Service>) -> Vec<BuilderHeader> {
    let mut names = NameAllocator::new();
    names.reserve("base_url");
    let headers = b.api.services[id].headers.iter();
    let required = headers.filter(|h| h.required && h.default.is_none() && is_token(&h.name));
    let planned = required.map(|header| {
        let name = names.value(&header.name);
        BuilderHeader {
            docs: format!("`{name}` is the header {} of every request.", code_span(&header.name)),
            wire: header.name.clone(),
            ty: b.child(id).borrowed(&header.ty, &TokenStream::new()),
            name,
        }
    });
    planned.collect()
}

/// Whether anything that generated code mentions is deprecated; imported types count, since they may be used here.
fn has_deprecated(b: &Builder<'_>, service: &Service) -> bool {
    let api = b.api;
    let fields = |fields: &[crate::ir::Field]| fields.iter().any(|f| f.deprecation.is_some());
    let operations = service.resources.iter().flat_map(|r| &r.operations);
    api.enums.iter().any(|(_, e)| e.deprecation.is_some() || e.values.iter().any(|v| v.deprecation.is_some()))
        || api.models.iter().any(|(_, m)| m.deprecation.is_some() || fields(&m.fields))
        || api.unions.iter().any(|(_, u)| u.deprecation.is_some() || u.members.iter().any(|m| m.deprecation.is_some()))
        || api.interfaces.iter().any(|(_, i)| i.deprecation.is_some() || fields(&i.fields))
        || service.resources.iter().any(|r| r.deprecation.is_some())
        || operations.clone().any(|o| o.deprecation.is_some() || o.parameters.iter().any(|p| p.deprecation.is_some()))
        || operations.flat_map(|o| &o.responses).any(|r| r.deprecation.is_some())
}

/// Names that clippy takes for forgotten placeholders.
fn has_placeholders(b: &Builder<'_>, service: &Service) -> bool {
    let fields = service.models.iter().flat_map(|id| &b.api.models[*id].fields).map(|f| &f.name);
    let parameters = service.resources.iter().flat_map(|r| &r.operations).flat_map(|o| &o.parameters).map(|p| &p.name);
    fields.chain(parameters).any(|name| ["foo", "baz", "quux"].contains(&super::names::snake(name).as_str()))
}

fn is_visible(value: &str) -> bool {
    value.chars().all(|c| c == ' ' || c.is_ascii_graphic())
}

/// What a module is about: its title, then the description of the service.
fn module_docs(title: &str, description: Option<&str>) -> Vec<String> {
    let mut lines = doc_lines(&format!("{title}."));
    let description = description.map(doc_lines).filter(|lines| !lines.is_empty());
    lines.extend(description.into_iter().flat_map(|lines| std::iter::once(String::new()).chain(lines)));
    lines
}

/// Text that goes into a comment.
fn one_line(text: &str) -> String {
    text.chars().map(|c| if c.is_ascii_graphic() || c.is_alphanumeric() { c } else { ' ' }).take(80).collect()
}

/// The name of the package: what was asked for, else the snake case of the spec's name, or `api` for several specs.
pub fn package_name(api: &Api, options: &Options) -> String {
    let mut requested = api.services.iter().map(|(_, s)| s).filter(|s| s.role == Role::Requested);
    match (&options.name, requested.next(), requested.next()) {
        (Some(name), ..) => name.clone(),
        (None, Some(service), None) => module_text(service),
        _ => "api".to_owned(),
    }
}
