//! Checks of unions (format reference, 10.1).

use crate::diagnostic::Diagnostic;
use std::collections::{HashMap, HashSet};

use super::Checker;
use super::cycles::Nesting;
use super::names::{fold, invalid};
use crate::api::Primitive;
use crate::parse::scope::Meaning;
use crate::parse::service::Kind;
use crate::parse::service::{Text, Union, UnionType};
use crate::source::json::Span;
use crate::vocabulary::suggestions;
use crate::vocabulary::type_text;

impl Checker<'_> {
    /// Checks all unions.
    pub fn unions(&mut self) {
        let unions = &self.service.unions;
        let nesting = self.nesting();
        for (union, nesting) in unions.iter().zip(nesting) {
            let label = format!("Union[{}] ", union.common.name.value);
            for name in union.interfaces.iter().filter(|name| self.scope.interface(&name.value).is_none()) {
                self.interface_not_found(label.trim_end(), name);
            }
            if union.types.is_empty() {
                self.push(Diagnostic::error("E024", union.common.name.at, format!("{label}needs at least one type")));
            }
            union.types.iter().for_each(|member| self.member(&label, member));
            let types: Vec<&Text> = union.types.iter().map(|t| &t.ty).collect();
            self.duplicates("E022", &types, |name| format!("{label}Type[{name}] appears more than once"));
            self.defaults(&label, union);
            if !nesting.cyclic && self.is_small(&label, union, nesting) {
                self.discriminator(&label, union);
                self.values(&label, union);
                self.nested(&label, union);
            }
        }
        self.shared();
    }

    /// Returns true if a union is small enough to check with everything nested in it; small documents can nest without end.
    fn is_small(&mut self, label: &str, union: &Union, nesting: Nesting) -> bool {
        let (before, at) = (self.nested, union.common.name.at);
        if nesting.depth <= MOST_DEEP {
            self.nested = before.saturating_add(nesting.members.saturating_sub(union.types.len()));
        }
        let help = "nest fewer unions".to_owned();
        if nesting.depth == MOST_DEEP + 1 {
            let message = format!("{label}contains unions that are nested deeper than {MOST_DEEP} levels");
            self.push(Diagnostic::error("E065", at, message).help(help));
        } else if self.nested > MOST_NESTED_MEMBERS && before <= MOST_NESTED_MEMBERS {
            let message = format!(
                "{label}and the unions before it have more than {MOST_NESTED_MEMBERS} members, including those of nested unions"
            );
            self.push(Diagnostic::error("E065", at, message).help(help));
        }
        nesting.depth <= MOST_DEEP && self.nested <= MOST_NESTED_MEMBERS
    }

    fn member(&mut self, label: &str, member: &UnionType) {
        let (union, label) = (label, format!("{label}type[{}]", member.ty.value));
        let Some((parsed, meaning)) = self.scope.parse(&member.ty.value) else {
            self.push(Diagnostic::error("E030", member.ty.at, format!("{label} has too many brackets")));
            return;
        };
        match meaning {
            Meaning::Unknown => {
                self.type_not_found(union, &member.ty, parsed.base);
            }
            Meaning::Primitive(Primitive::Unit) => {
                let help = "make the field of the union type optional instead: \"required\": false";
                let message = format!("{label} cannot be in a union: unit means no content");
                self.push(Diagnostic::error("E033", member.ty.at, message).help(help.to_owned()));
            }
            Meaning::Declared(target) if target.kind == Kind::Interface => {
                self.interface_as_type(union, member.ty.at, &member.ty.value)
            }
            Meaning::Declared(target) if target.unit != self.scope.unit => {
                let help = "declare a model here that has a field of this type".to_owned();
                let message = format!("{label} cannot be in a union: it is imported");
                self.push_by_form(Diagnostic::error("E033", member.ty.at, message).help(help));
            }
            _ => {}
        }
    }

    fn defaults(&mut self, label: &str, union: &Union) {
        let marked: Vec<&Text> = union.types.iter().filter(|t| t.default == Some(true)).map(|t| &t.ty).collect();
        let Some(last) = marked.last() else { return };
        let mut names: Vec<&str> = marked.iter().map(|ty| ty.value.as_str()).collect();
        names.sort_unstable();
        let names = names.join(", ");
        if marked.len() > 1 {
            let help = Some("keep \"default\": true on one of them".to_owned());
            self.push(
                Diagnostic::error("E034", last.at, format!("{label}can have only one default type, but has: {names}"))
                    .help(help),
            );
        }
        if union.discriminator.is_none() {
            let help = Some("add \"discriminator\": \"discriminator\" to the union".to_owned());
            self.push(
                Diagnostic::error("E034", last.at, format!("{label}has a default type[{names}] but no discriminator"))
                    .help(help),
            );
        }
    }

    fn discriminator(&mut self, label: &str, union: &Union) {
        let Some(discriminator) = &union.discriminator else { return };
        let (name, at) = (&discriminator.value, discriminator.at);
        let label = format!("{label}discriminator[{name}]");
        if name == "value" || name == "implicit" {
            let help = Some("use `discriminator`, the usual name".to_owned());
            self.push(
                Diagnostic::error("E035", at, format!("{label} cannot be used: {name} is a reserved keyword"))
                    .help(help),
            );
        } else if let Some(reasons) = invalid(name) {
            let help = suggestions::for_name(name).map(|valid| format!("`{valid}` would be valid"));
            self.push(Diagnostic::error("E035", at, format!("{label} is invalid: {reasons}")).help(help));
        }
        let found = self.fields_named(union, name);
        if !found.is_empty() {
            let message = format!("{label} must be unique: a field of this name exists on: {}", found.join(", "));
            let help = "the discriminator is next to the fields: rename it, for example to `discriminator`";
            self.push(Diagnostic::error("E035", at, message).help(help.to_owned()));
        }
    }

    /// Returns the members, also of nested unions, that have a field of this name, each with the unions that lead to it.
    fn fields_named(&self, union: &Union, name: &str) -> Vec<String> {
        // Unions to visit, each with the position of the one that led to it.
        let mut visited: Vec<(&Union, usize)> = vec![(union, 0)];
        let mut seen = HashSet::new();
        let mut found = Vec::new();
        let mut next = 0;
        while let Some((union, _)) = visited.get(next).copied() {
            for member in &union.types {
                let Some((_, Meaning::Declared(target))) = self.scope.parse(&member.ty.value) else { continue };
                let service = &self.scope.units[target.unit].service;
                match target.kind {
                    Kind::Model if self.scope.field(target.unit, target.index, name).is_some() => {
                        found.push(path_to(&visited, next, &service.models[target.index].common.name.value));
                    }
                    Kind::Union
                        if target.unit == self.scope.unit
                            && visited.len() < MOST_NESTED
                            && seen.insert(target.index) =>
                    {
                        visited.push((&service.unions[target.index], next));
                    }
                    _ => {}
                }
            }
            next += 1;
        }
        found
    }

    fn values(&mut self, label: &str, union: &Union) {
        for member in &union.types {
            let value = value_of(member);
            if let Some(reasons) = invalid(&value.value) {
                let message = format!(
                    "{label}type[{}] discriminator_value[{}] is invalid: {reasons}",
                    member.ty.value, value.value
                );
                let help = suggestions::for_name(&value.value).map(|valid| format!("`{valid}` would be valid"));
                self.push(Diagnostic::error("E036", value.at, message).help(help));
            }
        }
        let mut all = Vec::new();
        self.all_values(union, &mut all);
        let mut seen: HashMap<String, Text> = HashMap::new();
        let mut told = HashSet::new();
        let types: HashMap<Span, &str> = union.types.iter().map(|t| (t.ty.at, t.ty.value.as_str())).collect();
        for value in all {
            let folded = fold(&value.value);
            let Some(first) = seen.get(&folded) else {
                seen.insert(folded, value);
                continue;
            };
            // A type that appears twice has its own diagnostic.
            let of_type = |at| types.get(&at).copied();
            let same_type = of_type(first.at).is_some() && of_type(first.at) == of_type(value.at);
            if same_type || !told.insert(folded) {
                continue;
            }
            let line = self.report.line(self.scope.units[self.scope.unit].document, first.at.start);
            let help = format!("the first one is `{}` in line {line}; use `discriminator_value`", first.value);
            let message = format!("{label}discriminator value[{}] appears more than once", value.value);
            self.push(Diagnostic::error("E036", value.at, message).help(help));
        }
    }

    /// Collects the values of a union and of everything nested in it.
    fn all_values(&self, union: &Union, all: &mut Vec<Text>) {
        for member in &union.types {
            all.push(value_of(member));
            if let Some(inner) = self.nested_union(member) {
                self.all_values(inner, all);
            }
        }
    }

    fn nested_union(&self, member: &UnionType) -> Option<&Union> {
        self.nested_index(member).and_then(|index| self.service.unions.get(index))
    }

    pub(super) fn nested_index(&self, member: &UnionType) -> Option<usize> {
        match self.scope.resolve(&member.ty.value) {
            Meaning::Declared(target) if target.kind == Kind::Union && target.unit == self.scope.unit => {
                Some(target.index)
            }
            _ => None,
        }
    }

    fn nested(&mut self, label: &str, union: &Union) {
        let own = union.discriminator.as_ref().map(|d| d.value.clone());
        let inner: Vec<(Text, Option<String>)> = union
            .types
            .iter()
            .filter_map(|member| Some((member, self.nested_union(member)?)))
            .map(|(member, inner)| (member.ty.clone(), inner.discriminator.as_ref().map(|d| d.value.clone())))
            .collect();
        for (name, discriminator) in inner.into_iter().filter(|(_, discriminator)| *discriminator != own) {
            let says = |d: &Option<String>| match d {
                Some(d) => format!("specifies a discriminator '{d}'"),
                None => "does not specify a discriminator".to_owned(),
            };
            let message = format!(
                "{label}{}, but the union '{}' in it {}: they must agree",
                says(&own),
                name.value,
                says(&discriminator)
            );
            let help = "give both the same `discriminator`".to_owned();
            self.push(Diagnostic::error("E037", name.at, message).help(help));
        }
    }

    /// Checks that a type in several unions has the same discriminator and value in each.
    fn shared(&mut self) {
        let mut uses: Vec<(&str, Vec<(&Union, Text)>)> = Vec::new();
        let mut index = HashMap::new();
        for union in &self.service.unions {
            for member in &union.types {
                let at = *index.entry(member.ty.value.as_str()).or_insert_with(|| {
                    uses.push((&member.ty.value, Vec::new()));
                    uses.len() - 1
                });
                uses[at].1.push((union, value_of(member)));
            }
        }
        for (ty, uses) in uses.iter().filter(|(_, uses)| uses.len() > 1) {
            let unions: Vec<&str> = uses.iter().map(|(u, _)| u.common.name.value.as_str()).collect();
            let label = format!("type[{ty}] is used in unions[{}] with more than one", unions.join(", "));
            let at = uses[0].1.at;
            let first = &uses[0];
            if uses.iter().any(|(u, _)| {
                u.discriminator.as_ref().map(|d| &d.value) != first.0.discriminator.as_ref().map(|d| &d.value)
            }) {
                let names: Vec<&str> =
                    uses.iter().map(|(u, _)| u.discriminator.as_ref().map_or("none", |d| &d.value)).collect();
                let message = format!("{label} discriminator name[{}]", names.join(", "));
                let help = "give all of these unions the same `discriminator`".to_owned();
                self.push_by_form(Diagnostic::error("E037", at, message).help(help));
            } else if uses.iter().any(|(_, value)| value.value != first.1.value) {
                let values: Vec<&str> = uses.iter().map(|(_, value)| value.value.as_str()).collect();
                let message = format!("{label} discriminator value[{}]", values.join(", "));
                let help = "give it the same `discriminator_value` in each".to_owned();
                self.push_by_form(Diagnostic::error("E037", at, message).help(help));
            }
        }
    }
}

/// The maximum number of nested members of all unions of a service.
const MOST_NESTED_MEMBERS: usize = 500_000;

/// The maximum depth of nested unions: code that reads and writes them is as deep.
const MOST_DEEP: usize = 50;

/// The maximum number of unions visited inside one.
const MOST_NESTED: usize = 100;

/// Formats `inner.member`: the unions inside the first one that lead to a member.
fn path_to(visited: &[(&Union, usize)], mut at: usize, member: &str) -> String {
    let mut path = vec![member];
    while at > 0 {
        path.push(&visited[at].0.common.name.value);
        at = visited[at].1;
    }
    path.reverse();
    path.join(".")
}

/// Returns the discriminator value of a member: as written, else the name of its type.
fn value_of(member: &UnionType) -> Text {
    member.discriminator_value.clone().unwrap_or_else(|| {
        let base = type_text::parse(&member.ty.value).map_or(member.ty.value.as_str(), |parsed| parsed.base);
        Text { value: base.to_owned(), at: member.ty.at }
    })
}
