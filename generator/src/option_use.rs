//! Options without effect, which are errors: those that name something missing from the specs (namespaces, types,
//! operations, annotations), and those that do not apply to what is generated.

use std::sync::Arc;

use crate::option_error::{OptionError, OptionPlaces, OptionText};
use apigen_model::api::{Api, Role};
use apigen_model::behaviour::SensitiveAnnotations;
use apigen_model::vocabulary::suggestions::{meant, shown};

/// What the options of one output name, and which of them had no effect.
#[derive(Debug)]
pub struct OptionUse {
    pub named: Vec<OptionText>,
    /// The options that do not fit these specs; nothing is generated with them.
    pub errors: Vec<OptionError>,
    /// The texts that name nothing, and the options that have no effect.
    pub unmatched: Vec<OptionError>,
    pub places: Option<Arc<OptionPlaces>>,
    /// The number of operations in the specs, if none is generated although types alone were not requested.
    pub clientless: Option<usize>,
    /// The first spec.
    pub spec: OptionText,
    /// What determines the output folder.
    pub folder: OptionText,
}

impl OptionUse {
    pub fn named(&self, unmatched: &OptionError) -> Option<&OptionText> {
        self.named.iter().find(|named| named.option == unmatched.option && named.text == unmatched.text)
    }

    pub fn has_matched(&self, named: &OptionText) -> bool {
        let is_it = |unmatched: &&OptionError| unmatched.option == named.option && unmatched.text == named.text;
        self.named.contains(named) && !self.unmatched.iter().any(|unmatched| is_it(&unmatched))
    }
}

/// Returns the `extern` namespaces that no imported service has.
pub fn unmatched_externs(api: &Api, externs: &[(String, String)]) -> Vec<OptionError> {
    let imported = api.services.iter().filter(|(_, service)| service.role != Role::Requested);
    let imported: Vec<&str> = imported.map(|(_, service)| service.namespace.as_str()).collect();
    let unmatched = |(namespace, _): &(String, String)| {
        let role = api.services.iter().find(|(_, service)| service.namespace == *namespace).map(|(_, s)| &s.role);
        let (near, help) = match role {
            Some(Role::External(_)) => return None,
            Some(_) => (None, "this namespace belongs to a spec that is generated here".to_owned()),
            None => suggestion(namespace, &imported, "the spec imports nothing"),
        };
        let message = format!("no imported service has the namespace `{namespace}`");
        Some(OptionError::new("E056", "extern", namespace, message, help).near(near))
    };
    externs.iter().filter_map(unmatched).collect()
}

/// Returns what may be meant by a text, and the help if nothing is.
fn suggestion(text: &str, known: &[&str], nothing: &str) -> (Option<String>, String) {
    let help = if known.is_empty() { nothing.to_owned() } else { format!("there are {}", shown(known)) };
    (meant(text, known).map(str::to_owned), help)
}

/// Returns the annotations that no field has and no service declares. The default names are not typing errors.
pub fn unmatched_annotations(api: &Api, sensitive: &[String]) -> Vec<OptionError> {
    let declared = api.services.iter().flat_map(|(_, service)| &service.annotations);
    let of_models = api.models.iter().flat_map(|(_, model)| &model.fields).flat_map(|field| &field.annotations);
    let of_interfaces = api.interfaces.iter().flat_map(|(_, i)| &i.fields).flat_map(|field| &field.annotations);
    let mut known: Vec<&str> = declared.chain(of_models).chain(of_interfaces).map(String::as_str).collect();
    known.sort_unstable();
    known.dedup();
    let unknown = sensitive
        .iter()
        .filter(|name| !known.contains(&name.as_str()) && !SensitiveAnnotations::USUAL.contains(&name.as_str()));
    let unmatched = |name: &String| {
        let (near, help) = suggestion(name, &known, "the spec has no annotations");
        let message = format!("no annotation is named `{name}`");
        OptionError::new("E056", "sensitive", name, message, help).near(near)
    };
    unknown.map(unmatched).collect()
}
