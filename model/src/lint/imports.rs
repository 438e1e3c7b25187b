//! Lint: imports and annotations that nothing uses.

use std::collections::BTreeSet;

use super::Linter;
use super::rule::{DUPLICATE_IMPORT, UNUSED_ANNOTATION, UNUSED_IMPORT};
use crate::parse::scope::SECTIONS;
use crate::parse::service::{Import, Text};
use crate::vocabulary::type_text;

impl Linter<'_> {
    /// Checks the service's imports, then its annotations.
    pub fn imports(&mut self) {
        let service = self.service;
        let mut seen = BTreeSet::new();
        let namespaces = self.namespaces_in_use();
        let fields = service.models.iter().chain(&service.interfaces).flat_map(|m| &m.fields);
        let annotations: BTreeSet<&str> = fields.flat_map(|f| &f.annotations).map(|a| a.value.as_str()).collect();
        for (index, import) in service.imports.iter().enumerate() {
            let uri = &import.uri;
            if !seen.insert(uri.value.as_str()) {
                let message = format!("{} is imported more than once", uri.value);
                self.add(&DUPLICATE_IMPORT, uri.at, &[], message, "remove the second import");
            } else if !self.is_used(index, import, &namespaces, &annotations) {
                let message = format!("nothing of the imported service {} is used", uri.value);
                self.add(&UNUSED_IMPORT, uri.at, &[], message, "remove the import");
            }
        }
        // A service without operations declares annotations for others.
        let is_unused = |name: &&Text| !service.resources.is_empty() && !annotations.contains(name.value.as_str());
        for name in service.annotations.iter().map(|a| &a.name).filter(is_unused) {
            let message = format!("no field has the annotation `{}`", name.value);
            self.add(&UNUSED_ANNOTATION, name.at, &[], message, "remove it, or add it to fields");
        }
    }

    fn is_used(&self, index: usize, import: &Import, namespaces: &BTreeSet<String>, used: &BTreeSet<&str>) -> bool {
        let unit = self.scope.units[self.scope.unit].imports.get(index).copied().flatten();
        let found = unit.map(|unit| &self.scope.units[unit].service);
        let declared = found.iter().flat_map(|service| &service.annotations).map(|a| a.name.value.as_str());
        let mut annotations = declared.chain(import.annotations.iter().map(String::as_str));
        let names: Vec<&str> =
            import.namespace.as_deref().into_iter().chain(found.map(|service| service.namespace.as_str())).collect();
        // Nothing is known about a service that was not found.
        names.is_empty() || names.iter().any(|name| namespaces.contains(*name)) || annotations.any(|a| used.contains(a))
    }

    /// Returns the namespaces of all full names that the service uses.
    fn namespaces_in_use(&self) -> BTreeSet<String> {
        let service = self.service;
        let responses = service.resources.iter().flat_map(|r| &r.operations).flat_map(|o| &o.responses);
        let headers = service.headers.iter().chain(responses.flat_map(|r| &r.headers)).map(|h| h.ty.value.as_str());
        let bases = service.type_texts().chain(headers).filter_map(|text| Some(type_text::parse(text)?.base));
        let namespaces = bases.filter_map(|name| {
            let end = SECTIONS.iter().filter_map(|(_, section)| name.rfind(section)).max()?;
            Some(name[..end].to_owned())
        });
        namespaces.collect()
    }
}
