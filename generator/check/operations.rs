//! Resources and operations.

use super::Checker;
use super::types::Place;
use crate::ir::{Location, Method};
use crate::spec::json::Span;
use crate::spec::paths::variables;
use crate::spec::resource::{operation_path, parameters, path_place, resource_path, resource_plural};
use crate::spec::scope::{Kind, Meaning};
use crate::spec::service::{Operation, Parameter, Resource, Response, Text};

impl Checker<'_> {
    /// Everything about resources.
    pub fn operations(&mut self) {
        let service = self.service;
        for resource in &service.resources {
            self.resource_type(resource);
            if resource.operations.is_empty() {
                let name = &resource.common.name;
                self.strict("E040", name.at, format!("Resource[{}]: at least one operation is needed", name.value));
            }
            let path = resource_path(self.scope, resource);
            for operation in &resource.operations {
                self.operation(resource, path.as_deref(), operation);
            }
        }
        let plurals: Vec<Text> = service
            .resources
            .iter()
            .map(|r| Text { value: resource_plural(self.scope, r), at: r.common.name.at })
            .collect();
        let plurals: Vec<&Text> = plurals.iter().collect();
        let published = self.published();
        self.duplicates("E022", &plurals, |name| match published {
            true => format!("Resource[{name}] cannot appear multiple times"),
            false => format!("Resource with plural[{name}] appears more than once"),
        });
    }

    fn resource_type(&mut self, resource: &Resource) {
        let name = &resource.common.name;
        let label = format!("Resource[{}]", name.value);
        if name.value.trim().is_empty() {
            self.error("E040", name.at, "Resource[] needs the name of a type".to_owned());
            return;
        }
        let Some((parsed, meaning)) = self.scope.parse(&name.value) else { return };
        if !parsed.wrappers.is_empty() {
            self.strict("E040", name.at, format!("{label} must be a singleton: lists and maps cannot be resources"));
            return;
        }
        match meaning {
            Meaning::Primitive(_) => self.strict("E040", name.at, format!("{label}: primitives cannot be resources")),
            Meaning::Declared(target) if target.kind == Kind::Interface => {
                self.strict(
                    "E040",
                    name.at,
                    format!("Resource type[{}] is an interface: use a concrete model or a union", name.value),
                );
            }
            Meaning::Unknown => self.strict("E040", name.at, format!("Resource type[{}] not found", name.value)),
            Meaning::Declared(_) | Meaning::Missing => {}
        }
    }

    fn operation(&mut self, resource: &Resource, path: Option<&str>, operation: &Operation) {
        let full = operation_path(self.scope, path, operation);
        let method = operation.method.value.to_ascii_uppercase();
        let label = format!("Resource[{}] {method} {full} ", resource.common.name.value);
        if !Method::ALL.iter().any(|(_, name)| *name == method) {
            let names: Vec<&str> = Method::ALL.iter().map(|(_, name)| *name).collect();
            let message =
                format!("{label}Invalid HTTP method[{}]; must be one of: {}", operation.method.value, names.join(", "));
            self.error("E041", operation.method.at, message);
        }
        if let Some(body) = &operation.body {
            self.type_in(&format!("{label}body "), &body.ty, Place::Body);
            if method == "GET" {
                self.strict("E042", body.ty.at, format!("{label}: there can be no body for HTTP method[GET]"));
            }
        }
        self.path(&label, operation, &full);
        let all = parameters(self.scope, resource, operation, &full);
        for (parameter, location) in &all {
            self.parameter(&label, &full, operation, parameter, *location);
        }
        let names: Vec<&Text> = all.iter().map(|(p, _)| &p.field.common.name).collect();
        self.duplicates("E022", &names, |name| format!("{label}Parameter[{name}] appears more than once"));
        self.responses(resource, &label, operation);
    }

    /// A path begins with a slash, or it could not be appended to a base URL.
    fn path(&mut self, label: &str, operation: &Operation, full: &str) {
        if !full.starts_with('/') {
            self.strict("E043", path_place(operation), format!("{label}: the path[{full}] must start with /"));
        }
        if variables(full).iter().any(|name| name.is_empty()) {
            self.strict(
                "E043",
                path_place(operation),
                format!("{label}: the path[{full}] has a parameter without a name"),
            );
        }
        if full.chars().any(|c| c.is_control() || c == '?' || c == '#') {
            let message = format!("{label}: the path has a character that cannot stand in a path");
            self.error("E043", path_place(operation), message);
        }
    }

    fn parameter(
        &mut self,
        label: &str,
        path: &str,
        operation: &Operation,
        parameter: &Parameter,
        location: Option<Location>,
    ) {
        let field = &parameter.field;
        let (name, at) = (&field.common.name.value, field.common.name.at);
        let Some(location) = location else {
            let (text, at) = parameter.location.as_ref().map_or(("", at), |l| (l.value.as_str(), l.at));
            self.error(
                "E044",
                at,
                format!("{label}location[{text}] not recognized; must be one of: path, query, form, header"),
            );
            return;
        };
        let own = match location {
            Location::Path => format!("{label}path parameter[{name}] "),
            _ => format!("{label}Parameter[{name}] "),
        };
        let place = match location {
            Location::Path => Place::Path,
            Location::Query | Location::Header => Place::Query,
            Location::Form => Place::Body,
        };
        self.type_in(&own, &field.ty, place);
        if location == Location::Path {
            self.path_parameter(&own, path, operation, parameter);
        }
        if field.default.is_some() && !field.required {
            let message = format!("{label}param[{name}] has a default specified; it must be marked required");
            self.strict("E045", at, message);
        } else {
            self.default(&format!("{label}param[{name}] "), field);
        }
    }

    fn path_parameter(&mut self, label: &str, path: &str, operation: &Operation, parameter: &Parameter) {
        let field = &parameter.field;
        if !field.required {
            self.strict(
                "E044",
                field.common.name.at,
                format!("{label}is specified as optional; all path parameters are required"),
            );
        }
        if !variables(path).contains(&field.common.name.value.as_str()) {
            let at = if field.common.name.at == Span::default() { operation.at } else { field.common.name.at };
            self.error("E044", at, format!("{label}is missing from the path[{path}]"));
        }
    }

    fn responses(&mut self, resource: &Resource, label: &str, operation: &Operation) {
        let mut codes = std::collections::HashSet::new();
        for response in &operation.responses {
            self.response(label, response);
            if !codes.insert(response.code.value.to_ascii_lowercase()) {
                self.error(
                    "E046",
                    response.code.at,
                    format!("{label}response code[{}] appears more than once", response.code.value),
                );
            }
        }
        let success = operation
            .responses
            .iter()
            .filter(|r| r.code.value.parse().is_ok_and(|code: i32| (200..300).contains(&code)));
        let mut types: Vec<&str> = success.map(|r| r.ty.value.as_str()).collect();
        types.sort_unstable();
        types.dedup();
        if types.len() > 1 {
            let name = &resource.common.name.value;
            let message = format!(
                "Resource[{name}] cannot have varying response types for 2xx response codes: {}",
                types.join(", ")
            );
            self.strict("E047", operation.at, message);
        }
    }

    fn response(&mut self, label: &str, response: &Response) {
        let code = &response.code;
        let label = format!("{label}response code[{}] ", code.value);
        match code.value.parse::<i32>() {
            Ok(number) if number < 100 => {
                self.error("E046", code.at, format!("Response code[{number}] must be >= 100"));
            }
            Ok(number) if number > 65_535 => {
                self.error("E046", code.at, format!("Response code[{number}] is no HTTP status"))
            }
            Ok(204 | 304) if response.ty.value != "unit" => {
                self.error("E047", response.ty.at, format!("{label}must return unit, not[{}]", response.ty.value));
            }
            Ok(_) => {}
            Err(_) if code.value.eq_ignore_ascii_case("default") => {}
            Err(_) => {
                let message = format!("Response code must be an integer or the keyword 'default', not[{}]", code.value);
                self.error("E046", code.at, message);
            }
        }
        self.type_in(&label, &response.ty, Place::Body);
        let names: Vec<&Text> = response.headers.iter().map(|h| &h.common.name).collect();
        self.duplicates("E022", &names, |name| format!("{label}header[{name}] appears more than once"));
        for header in &response.headers {
            self.header_type(&format!("{label}header[{}] ", header.common.name.value), &header.ty);
        }
    }
}
