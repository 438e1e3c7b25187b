//! Checks the meaning of a document: names resolve, defaults fit, unions are sound, operations can be called.
//!
//! Structure is checked while reading (`parse`). The rules and their messages are those of API Builder (format
//! reference, chapter 15). Published documents may violate rules that are newer than they are; those are warnings.

mod attribute_places;
mod attributes;
mod cycles;
mod interfaces;
mod names;
mod operations;
mod types;
mod unions;

use std::cell::OnceCell;
use std::collections::HashSet;

use crate::diagnostic::{Diagnostic, Report, Severity};
use crate::parse::scope::Scope;
use crate::parse::service::Service;
use crate::parse::{Form, Unit};
use crate::source::json::Span;

pub(crate) fn check(units: &[Unit], wanted: &[bool], report: &mut Report) {
    for unit in (0..units.len()).filter(|unit| wanted[*unit]) {
        let scope = Scope::new(units, unit);
        let service = &units[unit].service;
        let mut checker = Checker { scope: &scope, service, report, annotations: OnceCell::new(), nested: 0 };
        checker.service();
        checker.types();
        checker.unions();
        checker.operations();
    }
}

struct Checker<'a> {
    scope: &'a Scope<'a>,
    service: &'a Service,
    report: &'a mut Report,
    /// The names of all annotations that fields may have, built on first use.
    annotations: OnceCell<HashSet<&'a str>>,
    /// The number of members of nested unions checked so far.
    nested: usize,
}

impl Checker<'_> {
    /// Reports an error, with advice if there is any.
    fn error(&mut self, code: &'static str, at: Span, message: impl Into<String>, help: Option<&str>) {
        self.push(Diagnostic::error(code, at, message).help(help.map(str::to_owned)));
    }

    /// Reports an error in `api.json`, a warning in published documents, which older rules may have allowed.
    fn error_by_form(&mut self, code: &'static str, at: Span, message: impl Into<String>, help: Option<&str>) {
        let severity = if self.published() { Severity::Warning } else { Severity::Error };
        self.push(Diagnostic { severity, ..Diagnostic::error(code, at, message).help(help.map(str::to_owned)) });
    }

    fn push(&mut self, diagnostic: Diagnostic) {
        self.report.push(diagnostic.in_document(self.scope.units[self.scope.unit].document));
    }

    fn published(&self) -> bool {
        self.scope.units[self.scope.unit].form == Form::Service
    }

    fn service(&mut self) {
        let name = &self.service.name;
        if !name.value.starts_with(|c: char| c.is_ascii_alphabetic()) {
            self.error("E020", name.at, format!("the service's Name[{}] must start with a letter", name.value), None);
        }
        if let Some(url) = self.service.base_url.as_ref().filter(|url| url.value.ends_with('/')) {
            let help = format!("write `{}`", url.value.trim_end_matches('/'));
            self.error_by_form("E021", url.at, format!("base_url[{}] must not end with /", url.value), Some(&help));
        }
        self.headers("Header", &self.service.headers);
        self.annotations();
        self.attribute_places();
    }

    fn annotations(&mut self) {
        let own = || self.service.annotations.iter().map(|a| &a.name);
        for name in own() {
            self.name(&format!("Annotation[{}] ", name.value), name, true);
        }
        self.duplicates(own(), |name| format!("Annotation[{name}] appears more than once"));
        if self.published() {
            return;
        }
        let units = self.scope.units;
        let imported =
            units[self.scope.unit].imports.iter().flatten().flat_map(|unit| &units[*unit].service.annotations);
        let imported: Vec<String> = imported.map(|annotation| annotation.name.value.clone()).collect();
        for name in own().filter(|name| imported.contains(&name.value)) {
            let message = format!("Annotation[{}] appears more than once: it is imported as well", name.value);
            self.error("E022", name.at, message, None);
        }
    }
}
