//! Lints: valid but problematic constructs. They run on request, after all checks have passed.
//!
//! Rules use the checked documents for positions and names, and the resolved model for meaning. Only requested services
//! are linted. Each rule can be set to allow, warn or deny, and be ignored on an element, on its containers, or on the
//! whole service with an attribute `{"name": "linter", "value": {"ignore": ["rule-name"]}}`.

mod descriptions;
mod elements;
mod examples;
mod imports;
mod infinite;
mod names;
mod operations;
mod routes;
mod rule;
mod sensitive;
mod settings;
mod types;
mod unused;
mod value_limits;

pub use rule::{RULES, Rule, find};
pub use settings::{Level, Settings, UnknownRule};

use crate::api::{self, Role};
use crate::diagnostic::{Diagnostic, Report};
use crate::parse::Unit;
use crate::parse::scope::Scope;
use crate::parse::service::{Attribute, Service};
use crate::source::json::Span;

pub(crate) fn lint(units: &[Unit], api: &api::Api, settings: &Settings, report: &mut Report) {
    for (unit, (_, own)) in api.services.iter().enumerate().filter(|(unit, _)| units[*unit].role == Role::Requested) {
        let scope = Scope::new(units, unit);
        let mut linter = Linter { scope: &scope, service: &units[unit].service, api, own, settings, report };
        linter.imports();
        linter.unused_types();
        linter.names();
        linter.routes();
        linter.limits();
        linter.examples();
        linter.infinite();
        linter.types();
        linter.operations();
        linter.sensitive();
        linter.descriptions();
    }
}

struct Linter<'a> {
    scope: &'a Scope<'a>,
    /// The service as written.
    service: &'a Service,
    api: &'a api::Api,
    /// The service as resolved; its elements are in the order of `service`.
    own: &'a api::Service,
    settings: &'a Settings,
    report: &'a mut Report,
}

impl<'a> Linter<'a> {
    /// Returns the resolved service of a unit of `scope`; both are in the same order.
    fn service_of(&self, unit: usize) -> Option<&'a api::Service> {
        self.api.services.iter().nth(unit).map(|(_, service)| service)
    }

    /// Reports a finding, unless the settings, these attributes or those of the service allow it.
    fn add(&mut self, rule: &'static Rule, at: Span, attributes: &[&[Attribute]], message: String, help: &str) {
        let Some(severity) = self.settings.severity(rule) else { return };
        if attributes.iter().any(|list| ignores(list, rule)) || ignores(&self.service.attributes, rule) {
            return;
        }
        let document = Some(self.scope.units[self.scope.unit].document);
        let help = format!("{help} (`{}`; to allow it: attribute `linter` with {{\"ignore\": [\"{0}\"]}})", rule.name);
        self.report.push(Diagnostic { code: rule.code, severity, message, help: Some(help), document, span: at });
    }
}

/// Returns true if an attribute `linter` disables the rule. Names of other linters' rules are skipped.
fn ignores(attributes: &[Attribute], rule: &Rule) -> bool {
    let lists = attributes.iter().filter(|a| a.name == "linter").filter_map(|a| a.value.get("ignore"));
    lists
        .flat_map(|list| list.node.items())
        .filter_map(|name| name.text())
        .any(|name| find(name).is_some_and(|found| found == rule))
}
