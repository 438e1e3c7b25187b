//! The templates that a model or resource declares, directly and through other templates (format reference, 9.1).

use std::cell::Cell;
use std::collections::{HashMap, HashSet};

use super::rename::Names;
use crate::checkpoint::checkpoint;
use crate::parse::reader::Reader;
use crate::source::json::{Member, Node, Span};
use crate::vocabulary::suggestions::near;

/// The maximum number of templates of one model or resource; without it they could grow without limit.
const MAX_RESOLVED: usize = 500;

/// The maximum size of templates copied into one document, in MiB: without it, a small document could grow without
/// limit. It equals the size of the 2 000 000 values that a document may contain.
const MAX_COPIED: usize = 128;

/// The maximum number of templates considered for advice.
const ADVISED: usize = 50;

/// One entry of `templates` in a model or resource.
#[derive(Debug, Clone)]
pub struct Declaration {
    /// In lower case, since case is ignored.
    pub name: String,
    written: String,
    at: Span,
    cast: Option<Vec<(String, String)>>,
}

/// Returns the declarations of a node, the first of each name.
pub fn of(node: &Node) -> Vec<Declaration> {
    let declarations = node.get("templates").map(|m| m.node.items()).unwrap_or_default().iter().filter_map(|item| {
        let name = &item.get("name")?.node;
        let written = name.text().unwrap_or_default().trim().to_owned();
        let cast = item.get("cast").map(|m| {
            let pair = |m: &Member| (m.key.clone(), m.node.text().unwrap_or_default().to_owned());
            m.node.members().iter().map(pair).collect()
        });
        Some(Declaration { name: written.to_lowercase(), written, at: name.span, cast })
    });
    let mut seen = HashSet::new();
    declarations.filter(|declaration| seen.insert(declaration.name.clone())).collect()
}

/// Templates in the order of merging.
type Resolved<'l> = Vec<(Declaration, &'l Node)>;

pub struct Library {
    pub models: Templates,
    resources: Templates,
    /// The number of bytes that may still be copied from templates.
    left: Cell<usize>,
}

pub struct Templates {
    pub members: Vec<Member>,
    /// The number of bytes that each template copies.
    weights: Vec<usize>,
    /// Positions by key as written, and in lower case.
    exact: HashMap<String, usize>,
    lower: HashMap<String, usize>,
}

impl Templates {
    fn new(members: Vec<Member>) -> Self {
        let positions = |key: fn(&str) -> String| {
            members.iter().enumerate().rev().map(|(at, member)| (key(&member.key), at)).collect::<HashMap<_, _>>()
        };
        let weights = members.iter().map(|member| member.node.weight()).collect();
        Self { exact: positions(str::to_owned), lower: positions(|key| key.trim().to_lowercase()), weights, members }
    }

    /// Finds a template, with the number of bytes it copies.
    fn find(&self, lower: &str) -> Option<(&Member, usize)> {
        self.lower.get(lower).map(|at| (&self.members[*at], self.weights[*at]))
    }
}

impl Library {
    pub fn new(document: &Node) -> Self {
        let section = |key: &str| {
            let templates = document.get("templates").and_then(|m| m.node.get(key));
            Templates::new(templates.map(|m| m.node.members().to_vec()).unwrap_or_default())
        };
        Self { models: section("models"), resources: section("resources"), left: Cell::new(MAX_COPIED << 20) }
    }

    /// Returns the template model of exactly this name.
    pub fn model(&self, name: &str) -> Option<&Member> {
        self.models.exact.get(name).map(|at| &self.models.members[*at])
    }

    /// Returns the templates of a model in the order of merging; missing ones are reported.
    pub fn resolve_model(&self, name: &str, own: &[Declaration], reader: &mut Reader<'_>) -> Resolved<'_> {
        let label = format!("Model[{name}]");
        let inexact = |d: &&Declaration| {
            self.model(&d.written).is_none() && self.models.find(&d.name).is_some_and(|(m, _)| m.key != d.written)
        };
        for declaration in own.iter().filter(inexact) {
            missing(&label, declaration, &self.models, reader);
        }
        self.resolve(&label, &self.models, own, reader)
    }

    /// Returns the templates of a resource in the order of merging; missing ones are reported.
    pub fn resolve_resource(&self, name: &str, own: &[Declaration], reader: &mut Reader<'_>) -> Resolved<'_> {
        self.resolve(&format!("Resource[{name}]"), &self.resources, own, reader)
    }

    /// Resolves each declaration, followed by those of its template, depth first.
    fn resolve<'l>(
        &self,
        label: &str,
        library: &'l Templates,
        own: &[Declaration],
        reader: &mut Reader<'_>,
    ) -> Resolved<'l> {
        let (mut resolved, mut copied) = (Vec::new(), 0);
        // Declarations to follow, last first, each with the templates that led to it.
        let mut todo: Vec<(Declaration, Vec<String>)> = own.iter().rev().map(|d| (d.clone(), Vec::new())).collect();
        while let Some((declaration, mut trail)) = todo.pop() {
            checkpoint();
            if trail.contains(&declaration.name) {
                trail.push(declaration.name.clone());
                let message = format!("{label}: recursive template[{}]: {}", declaration.written, trail.join(" -> "));
                reader.error("E005", declaration.at, message, Some("remove this declaration"));
                continue;
            }
            let Some((member, weight)) = library.find(&declaration.name) else {
                missing(label, &declaration, library, reader);
                continue;
            };
            if resolved.len() >= MAX_RESOLVED {
                let message = format!(
                    "{label} declares more than {MAX_RESOLVED} templates, including those that templates declare"
                );
                reader.error("E005", declaration.at, message, None);
                break;
            }
            // What was merged before is copied again with each template.
            copied += weight;
            if !self.spend(copied) {
                let message =
                    format!("the templates of {label} and of those before it copy more than {MAX_COPIED} MiB");
                reader.error("E005", declaration.at, message, None);
                return Vec::new();
            }
            trail.push(declaration.name.clone());
            todo.extend(of(&member.node).into_iter().rev().map(|d| (d, trail.clone())));
            let exact = Declaration { written: member.key.clone(), ..declaration };
            resolved.push((exact, &member.node));
        }
        resolved
    }

    /// Returns true if this many more bytes may be copied.
    fn spend(&self, bytes: usize) -> bool {
        let left = self.left.get().checked_sub(bytes);
        self.left.set(left.unwrap_or_default());
        left.is_some()
    }
}

fn missing(label: &str, declaration: &Declaration, library: &Templates, reader: &mut Reader<'_>) {
    // A list of more names is not useful advice.
    let known: Vec<&str> = library.members.iter().take(ADVISED).map(|m| m.key.as_str()).collect();
    let message = format!("{label} template[{}] cannot be found", declaration.written);
    let help = match near(&declaration.written, &known) {
        Some(near) => near,
        None if known.is_empty() => "there are no templates of this kind".to_owned(),
        None => format!("available templates: {}", known.join(", ")),
    };
    reader.error("E005", declaration.at, message, Some(&help));
}

/// Returns the replacements for the templates' names: as cast, else the name of the model or resource itself.
pub fn names(own: &str, resolved: &[(Declaration, &Node)], reader: &mut Reader<'_>) -> Names {
    let mut names = Names::new();
    for (declaration, _) in resolved {
        let itself = || vec![(declaration.written.clone(), own.to_owned())];
        for (from, to) in declaration.cast.clone().unwrap_or_else(itself) {
            match names.get(&from) {
                Some(known) if *known != to => {
                    let message = format!("{own}: the templates put both {known} and {to} in place of {from}");
                    reader.error("E005", declaration.at, message, None);
                }
                _ => drop(names.insert(from, to)),
            }
        }
    }
    names
}
