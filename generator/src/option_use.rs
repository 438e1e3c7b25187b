//! Options that have no effect, which nobody wants, so that they are errors: those that name something that the specs do not have
//! (namespaces, types, operations, annotations), and those that mean nothing for what is generated.

use std::sync::Arc;

use crate::fault::{Fault, Named, Places};
use crate::{Error, Generated};
use apigen_model::api::{Api, Role};
use apigen_model::behaviour::SensitiveAnnotations;
use apigen_model::diagnostic::Report;
use apigen_model::vocabulary::advice::{meant, shown};

/// A text of an option that names nothing, or an option that has no effect.
#[derive(Debug, Clone)]
pub struct Unmatched {
    pub code: &'static str,
    pub option: &'static str,
    pub text: String,
    pub message: String,
    /// What may have been meant.
    pub near: Option<String>,
    /// What to do if that is not known.
    pub help: String,
}

/// What the options of one output name, and what came of it.
#[derive(Debug)]
pub struct Outcome {
    pub named: Vec<Named>,
    pub unmatched: Vec<Unmatched>,
    pub places: Option<Arc<Places>>,
    /// How many operations the specs have, if none of them is generated though nobody asked for types alone.
    pub clientless: Option<usize>,
    /// The first spec.
    pub spec: Named,
    /// What decides about the output folder.
    pub folder: Named,
}

impl Outcome {
    fn named(&self, unmatched: &Unmatched) -> Option<&Named> {
        self.named.iter().find(|named| named.option == unmatched.option && named.text == unmatched.text)
    }

    fn has_matched(&self, named: &Named) -> bool {
        let is_it = |unmatched: &&Unmatched| unmatched.option == named.option && unmatched.text == named.text;
        self.named.contains(named) && !self.unmatched.iter().any(|unmatched| is_it(&unmatched))
    }
}

/// Whether all options name something that the specs have. What is said once for several outputs, at the top of `apigen.toml` or
/// by a flag, need not name something for each of them, but for one.
///
/// # Errors
/// Every option that names nothing or means nothing, with its place and what may have been meant; or an output without operations, since
/// there are none or `include` and `exclude` have taken all, unless types alone were asked for.
pub fn check_options<'g>(outputs: impl IntoIterator<Item = &'g Generated>) -> Result<(), Error> {
    let outcomes: Vec<&Outcome> = outputs.into_iter().map(|generated| &generated.outcome).collect();
    let mut report = Report::default();
    for outcome in &outcomes {
        for unmatched in &outcome.unmatched {
            let named = outcome.named(unmatched);
            if !named.is_some_and(|named| outcomes.iter().any(|other| other.has_matched(named))) {
                let Unmatched { code, option, text, message, help, .. } = unmatched;
                // Any of the outputs may have what was meant.
                let same = |other: &&Unmatched| (other.option, &other.text) == (*option, text);
                let near =
                    outcomes.iter().flat_map(|outcome| &outcome.unmatched).filter(same).find_map(|u| u.near.as_ref());
                let help = near.map_or_else(|| help.clone(), |near| format!("did you mean `{near}`?"));
                problem(&mut report, outcome, (code, option, text), message.clone(), help);
            }
        }
    }
    // Why nothing is left has been said then.
    if !report.has_errors() {
        outcomes.iter().for_each(|outcome| nothing_left(&mut report, outcome));
    }
    if report.has_errors() { Err(report.into()) } else { Ok(()) }
}

fn nothing_left(report: &mut Report, outcome: &Outcome) {
    let Some(declared) = outcome.clientless else { return };
    let selects = |named: &&Named| ["include", "exclude"].contains(&named.option) && declared > 0;
    let Named { option, text, .. } = outcome.named.iter().find(selects).unwrap_or(&outcome.spec);
    let message = match declared {
        0 => "the spec has no operations: there would be no client".to_owned(),
        1 => "the one operation of the spec is left out: there would be no client".to_owned(),
        count => format!("all {count} operations are left out: there would be no client"),
    };
    let help = "types alone are what `--types-only` is for, `types-only = true` in apigen.toml, `Config::types_only` in build.rs";
    problem(report, outcome, ("E057", option, text), message, help.to_owned());
}

/// What is told of an option that some output has.
fn problem(
    report: &mut Report,
    outcome: &Outcome,
    (code, option, text): (&'static str, &'static str, &str),
    message: String,
    help: String,
) {
    Fault::new(code, option, text, message, help).report(report, outcome.places.as_deref());
}

/// The namespaces of existing types that no imported service has.
pub fn unmatched_externs(api: &Api, externs: &[(String, String)]) -> Vec<Unmatched> {
    let unmatched = |(namespace, _): &(String, String)| {
        let role = api.services.iter().find(|(_, service)| service.namespace == *namespace).map(|(_, s)| &s.role);
        let (near, help) = match role {
            Some(Role::External(_)) => return None,
            Some(_) => (None, "it is the namespace of a spec that is generated here".to_owned()),
            None => advice(api, namespace),
        };
        let message = format!("no imported service has the namespace `{namespace}`");
        Some(Unmatched { code: "E056", option: "extern", text: namespace.clone(), message, near, help })
    };
    externs.iter().filter_map(unmatched).collect()
}

fn advice(api: &Api, namespace: &str) -> (Option<String>, String) {
    let imported = api.services.iter().filter(|(_, service)| service.role != Role::Requested);
    let imported: Vec<&str> = imported.map(|(_, service)| service.namespace.as_str()).collect();
    let help = match imported.is_empty() {
        true => "the spec imports nothing".to_owned(),
        false => format!("there are {}", shown(&imported)),
    };
    (meant(namespace, &imported).map(str::to_owned), help)
}

/// The annotations that no field has and no service declares. Those that mark fields by default are no typing mistakes.
pub fn unmatched_annotations(api: &Api, sensitive: &[String]) -> Vec<Unmatched> {
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
        let help = match known.is_empty() {
            true => "the spec has no annotations".to_owned(),
            false => format!("there are {}", shown(&known)),
        };
        let (near, message) = (meant(name, &known).map(str::to_owned), format!("no annotation is called `{name}`"));
        Unmatched { code: "E056", option: "sensitive", text: name.clone(), message, near, help }
    };
    unknown.map(unmatched).collect()
}
