//! Checks the meaning of a document: names resolve, defaults fit, unions are sound, operations can be called.
//!
//! Structure is checked while reading (`parse`). The rules and their messages are those of API Builder (format
//! reference, chapter 15). Published documents may violate rules that are newer than they are; those are warnings.

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
use crate::parse::Form;
use crate::parse::Unit;
use crate::parse::scope::Scope;
use crate::parse::service::{Service, Text};

/// Checks the wanted services and adds all problems to the report.
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

/// Checks one service.
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
    fn push(&mut self, diagnostic: Diagnostic) {
        self.report.push(diagnostic.in_document(self.scope.units[self.scope.unit].document));
    }

    /// Reports an error in `api.json`, a warning in published documents, which older rules may have allowed.
    fn push_by_form(&mut self, diagnostic: Diagnostic) {
        let severity = if self.published() { Severity::Warning } else { diagnostic.severity };
        self.push(Diagnostic { severity, ..diagnostic });
    }

    /// Returns true if this is a published document.
    fn published(&self) -> bool {
        self.scope.units[self.scope.unit].form == Form::Service
    }

    /// Checks the service as a whole.
    fn service(&mut self) {
        let name = &self.service.name;
        if !name.value.starts_with(|c: char| c.is_ascii_alphabetic()) {
            self.push(Diagnostic::error(
                "E020",
                name.at,
                format!("the service's Name[{}] must start with a letter", name.value),
            ));
        }
        if let Some(url) = self.service.base_url.as_ref().filter(|url| url.value.ends_with('/')) {
            let help = Some(format!("write `{}`", url.value.trim_end_matches('/')));
            self.push_by_form(
                Diagnostic::error("E021", url.at, format!("base_url[{}] must not end with /", url.value)).help(help),
            );
        }
        let headers: Vec<&Text> = self.service.headers.iter().map(|h| &h.common.name).collect();
        self.duplicates("E022", &headers, |name| format!("Header[{name}] appears more than once"));
        for header in &self.service.headers {
            let label = format!("Header[{}] ", header.common.name.value);
            self.header_type(&label, &header.ty);
            self.header_default(&label, &header.ty, header.default.as_ref());
        }
        self.annotations();
    }

    fn annotations(&mut self) {
        let own: Vec<&Text> = self.service.annotations.iter().map(|a| &a.name).collect();
        for name in &own {
            self.name("E020", &format!("Annotation[{}] ", name.value), name, true);
        }
        self.duplicates("E022", &own, |name| format!("Annotation[{name}] appears more than once"));
        if self.published() {
            return;
        }
        let units = self.scope.units;
        let imported =
            units[self.scope.unit].imports.iter().flatten().flat_map(|unit| &units[*unit].service.annotations);
        let imported: Vec<String> = imported.map(|annotation| annotation.name.value.clone()).collect();
        for name in own.iter().filter(|name| imported.contains(&name.value)) {
            let message = format!("Annotation[{}] appears more than once: it is imported as well", name.value);
            self.push(Diagnostic::error("E022", name.at, message));
        }
    }
}
