//! Checks of resources and operations.

use std::collections::{BTreeSet, HashSet};
use std::ops::Range;

use super::Checker;
use super::types::Place;
use crate::api::{Location, Method};
use crate::diagnostic::Diagnostic;
use crate::parse::bounds::long_path;
use crate::parse::resource::{operation_path, parameters, part_place, path_place, resource_path, resource_plural};
use crate::parse::scope::Meaning;
use crate::parse::service::{Kind, Operation, Parameter, Resource, Response, Text};
use crate::source::json::Span;
use crate::vocabulary::paths::{nameless, stray_colon, variables};
use crate::vocabulary::suggestions::near;

impl Checker<'_> {
    pub fn operations(&mut self) {
        let service = self.service;
        for resource in &service.resources {
            self.resource_type(resource);
            self.resource_attributes(resource);
            if resource.operations.is_empty() {
                let name = &resource.common.name;
                let message = format!("Resource[{}] needs at least one operation", name.value);
                let help = "add one, for example {\"method\": \"GET\"}";
                self.error_by_form("E040", name.at, message, Some(help));
            }
            let path = resource_path(self.scope, resource);
            for operation in &resource.operations {
                self.operation(resource, path.as_deref(), operation);
            }
        }
        let plural = |r: &Resource| Text { value: resource_plural(self.scope, r), at: r.common.name.at };
        let plurals: Vec<Text> = service.resources.iter().map(plural).collect();
        let published = self.published();
        self.duplicates(&plurals, |name| match published {
            true => format!("Resource[{name}] cannot appear multiple times"),
            false => format!("Resource with plural[{name}] appears more than once"),
        });
    }

    fn resource_type(&mut self, resource: &Resource) {
        let name = &resource.common.name;
        let label = format!("Resource[{}]", name.value);
        if name.value.trim().is_empty() {
            return self.error("E040", name.at, "Resource[] needs the name of a type", None);
        }
        let Some((parsed, meaning)) = self.scope.parse(&name.value) else { return };
        if !parsed.wrappers.is_empty() {
            let help = format!("write `{}`", parsed.base);
            return self.error_by_form("E040", name.at, format!("{label} cannot be a list or a map"), Some(&help));
        }
        let similar;
        let (message, help) = match meaning {
            Meaning::Primitive(_) => {
                (format!("{label} cannot be a primitive"), "name it after a model, an enum or a union")
            }
            Meaning::Declared(target) if target.kind == Kind::Interface => {
                (format!("Resource type[{}] is an interface", name.value), "use a concrete model or a union")
            }
            Meaning::Unknown => {
                similar = self.scope.similar(parsed.base);
                let help = similar.as_deref().unwrap_or("a resource is named after a model, an enum or a union");
                (format!("Resource type[{}] not found", name.value), help)
            }
            Meaning::Declared(_) | Meaning::Missing => return,
        };
        self.error_by_form("E040", name.at, message, Some(help));
    }

    fn operation(&mut self, resource: &Resource, path: Option<&str>, operation: &Operation) {
        let full = operation_path(self.scope, path, operation);
        let method = operation.method.value.to_ascii_uppercase();
        if let Some(fault) = long_path(&full) {
            let resource = &resource.common.name.value;
            let help = "send the other values in the query or in the body";
            let message = format!("Resource[{resource}] {method} {fault}");
            return self.error("E065", path_place(operation), message, Some(help));
        }
        let label = format!("Resource[{}] {method} {full} ", resource.common.name.value);
        if Method::named(&method).is_none() {
            let names = Method::ALL.map(|(_, name)| name);
            let (written, known) = (&operation.method.value, names.join(", "));
            let message = format!("{label}has an invalid HTTP method[{written}]; must be one of: {known}");
            self.error("E041", operation.method.at, message, near(&method, &names).as_deref());
        }
        if let Some(body) = &operation.body {
            self.type_in(&format!("{label}body "), &body.ty, Place::Body);
            if method == "GET" {
                let message = format!("{label}cannot have a body: its method is GET");
                self.error_by_form("E042", body.ty.at, message, Some("use query parameters, or POST"));
            }
        }
        self.path(resource, &label, operation, &full);
        let all = parameters(self.scope, resource, operation, &full);
        let declared: HashSet<&str> = operation.parameters.iter().map(|p| p.field.common.name.value.as_str()).collect();
        for (parameter, location) in &all {
            let is_declared = declared.contains(parameter.field.common.name.value.as_str());
            self.parameter(&label, &full, operation, parameter, *location, is_declared);
        }
        let names = all.iter().map(|(p, _)| &p.field.common.name);
        self.duplicates(names, |name| format!("{label}Parameter[{name}] appears more than once"));
        self.responses(&label, operation);
        self.attributes(&label, resource, operation);
        self.attribute_places_of(&label, operation);
    }

    /// Checks that a path begins with a slash; otherwise it could not be appended to a base URL.
    fn path(&mut self, resource: &Resource, label: &str, operation: &Operation, full: &str) {
        let at = path_place(operation);
        let own = resource.path.as_deref().filter(|path| !path.is_empty());
        match own {
            _ if full.starts_with('/') => {}
            Some(path) if full.starts_with(path) => {
                let name = &resource.common.name;
                let message = format!("Resource[{}] path[{path}] must start with /", name.value);
                self.error_by_form("E043", name.at, message, Some(&format!("write \"path\": \"/{path}\"")));
            }
            _ => self.error_by_form("E043", at, format!("{label}path[{full}] must start with /"), None),
        }
        let part = |range: Range<usize>| part_place(operation, full, range);
        if let Some(colon) = nameless(full) {
            let message = format!("{label}path[{full}] has a parameter without a name");
            self.error_by_form("E043", part(colon), message, Some("write a parameter as `/:name`"));
        }
        let wrong = full.char_indices().find(|(_, c)| c.is_control() || *c == '?' || *c == '#');
        if let Some((at, wrong)) = wrong {
            let help = (wrong == '?').then_some("declare query parameters under `parameters`");
            let message = format!("{label}path cannot have the character {wrong:?}");
            self.error("E043", part(at..at + wrong.len_utf8()), message, help);
        } else if let Some((segment, colon)) = stray_colon(full) {
            let help = "a parameter begins a segment and ends at the first dot; give each a segment of its own, `/:name`, or write `%3A` for a colon";
            let message = format!(
                "{label}path segment[{segment}] has a colon that does not begin a parameter; it is literal text"
            );
            self.push(Diagnostic::warning("W006", part(colon), message).help(help.to_owned()));
        }
    }

    fn parameter(
        &mut self,
        label: &str,
        path: &str,
        operation: &Operation,
        parameter: &Parameter,
        location: Option<Location>,
        is_declared: bool,
    ) {
        let field = &parameter.field;
        let (name, at) = (&field.common.name.value, field.common.name.at);
        let Some(location) = location else {
            let (text, at) = parameter.location.as_ref().map_or(("", at), |l| (l.value.as_str(), l.at));
            let known = ["path", "query", "form", "header"];
            let lower = text.to_ascii_lowercase();
            let near = near(&lower, &known);
            let help = near.as_deref().or(match lower.as_str() {
                "body" => Some("a body is declared as `body` of the operation"),
                "cookie" => Some("declare the header `Cookie`"),
                _ => None,
            });
            let known = known.join(", ");
            let message = format!("{label}Parameter[{name}] location[{text}] not recognized; must be one of: {known}");
            return self.error("E044", at, message, help);
        };
        let (what, place) = match location {
            Location::Path => ("path parameter", Place::Path),
            Location::Query | Location::Header => ("Parameter", Place::Query),
            Location::Form => ("Parameter", Place::Body),
        };
        let own = format!("{label}{what}[{name}] ");
        // The type of an undeclared path parameter is written elsewhere, where it is reported if unknown.
        if is_declared || !matches!(self.scope.parse(&field.ty.value), None | Some((_, Meaning::Unknown))) {
            self.type_in(&own, &field.ty, place);
        }
        if location == Location::Path {
            self.path_parameter(&own, path, operation, parameter);
        }
        if field.default.is_some() && !field.required {
            let message = format!("{label}Parameter[{name}] has a default specified; it must be marked required");
            self.error_by_form("E045", at, message, Some("remove \"required\": false, or the default"));
        } else {
            self.default(&format!("{label}Parameter[{name}] "), &field.ty, field.default.as_ref());
        }
    }

    fn path_parameter(&mut self, label: &str, path: &str, operation: &Operation, parameter: &Parameter) {
        let field = &parameter.field;
        if !field.required {
            let message = format!("{label}is specified as optional; all path parameters are required");
            self.error_by_form("E044", field.common.name.at, message, Some("remove \"required\": false"));
        }
        if !variables(path).contains(&field.common.name.value.as_str()) {
            let at = if field.common.name.at == Span::default() { operation.at } else { field.common.name.at };
            let name = &field.common.name.value;
            let help = format!("write `/:{name}` in the path, or \"location\": \"query\"");
            self.error("E044", at, format!("{label}is missing from the path[{path}]"), Some(&help));
        }
    }

    fn responses(&mut self, label: &str, operation: &Operation) {
        let mut codes = HashSet::new();
        for response in &operation.responses {
            self.response(label, response);
            if !codes.insert(response.code.value.to_ascii_lowercase()) {
                let message = format!("{label}response code[{}] appears more than once", response.code.value);
                self.error("E046", response.code.at, message, None);
            }
        }
        let is_success = |code: &Text| code.value.parse().is_ok_and(|code: i32| (200..300).contains(&code));
        let success: Vec<&Text> = operation.responses.iter().filter(|r| is_success(&r.code)).map(|r| &r.ty).collect();
        let Some(other) = success.iter().find(|ty| ty.value != success[0].value) else { return };
        let types: BTreeSet<&str> = success.iter().map(|ty| ty.value.as_str()).collect();
        let types = types.into_iter().collect::<Vec<_>>().join(", ");
        let message = format!("{label}cannot have varying response types for 2xx response codes: {types}");
        self.error_by_form("E047", other.at, message, Some("return one type, or a union of several"));
    }

    fn response(&mut self, label: &str, response: &Response) {
        let code = &response.code;
        let label = format!("{label}response code[{}] ", code.value);
        match code.value.parse::<i32>() {
            Ok(number) if number < 100 => self.error("E046", code.at, format!("{label}must be >= 100"), None),
            Ok(number) if number > 65_535 => self.error("E046", code.at, format!("{label}is not an HTTP status"), None),
            Ok(204 | 304) if response.ty.value != "unit" => {
                let help = "this status has no content: write \"type\": \"unit\"";
                let message = format!("{label}must return unit, not[{}]", response.ty.value);
                self.error("E047", response.ty.at, message, Some(help));
            }
            Err(_) if !code.value.eq_ignore_ascii_case("default") => {
                let message = format!("{label}must be an integer or the keyword 'default'");
                let help = "list each code, such as 404; `default` means all others";
                self.error("E046", code.at, message, Some(help));
            }
            Ok(_) | Err(_) => {}
        }
        self.type_in(&label, &response.ty, Place::Body);
        self.headers(&format!("{label}header"), &response.headers);
    }
}
