//! Checks of unions (format reference, 10.1).

use std::collections::{BTreeMap, HashMap, HashSet};

use super::Checker;
use super::cycles::Nesting;
use super::names::{fold, invalid};
use crate::api::Primitive;
use crate::parse::scope::Meaning;
use crate::parse::service::{Kind, Text, Union, UnionType};
use crate::source::json::Span;
use crate::vocabulary::type_text;

impl<'a> Checker<'a> {
    pub fn unions(&mut self) {
        let unions = &self.service.unions;
        let nesting = self.nesting();
        for (union, nesting) in unions.iter().zip(nesting) {
            let label = format!("Union[{}] ", union.common.name.value);
            for name in union.interfaces.iter().filter(|name| self.scope.interface(&name.value).is_none()) {
                self.interface_not_found(label.trim_end(), name);
            }
            if union.types.is_empty() {
                self.error("E024", union.common.name.at, format!("{label}needs at least one type"), None);
            }
            union.types.iter().for_each(|member| self.member(&label, member));
            let types = union.types.iter().map(|t| &t.ty);
            self.duplicates(types, |name| format!("{label}Type[{name}] appears more than once"));
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
        if nesting.depth <= MAX_DEEP {
            self.nested = before.saturating_add(nesting.members.saturating_sub(union.types.len()));
        }
        let help = "nest fewer unions";
        if nesting.depth == MAX_DEEP + 1 {
            let message = format!("{label}contains unions that are nested deeper than {MAX_DEEP} levels");
            self.error("E065", at, message, Some(help));
        } else if self.nested > MAX_NESTED_MEMBERS && before <= MAX_NESTED_MEMBERS {
            let message = format!(
                "{label}and the unions before it have more than {MAX_NESTED_MEMBERS} members, including those of nested unions"
            );
            self.error("E065", at, message, Some(help));
        }
        nesting.depth <= MAX_DEEP && self.nested <= MAX_NESTED_MEMBERS
    }

    fn member(&mut self, label: &str, member: &UnionType) {
        let (union, label) = (label, format!("{label}type[{}]", member.ty.value));
        let Some((parsed, meaning)) = self.scope.parse(&member.ty.value) else {
            return self.error("E030", member.ty.at, format!("{label} has too many brackets"), None);
        };
        match meaning {
            Meaning::Unknown => self.type_not_found(union, &member.ty, parsed.base),
            Meaning::Primitive(Primitive::Unit) => {
                let help = "make the field of the union type optional instead: \"required\": false";
                let message = format!("{label} cannot be in a union: unit means no content");
                self.error("E033", member.ty.at, message, Some(help));
            }
            Meaning::Declared(target) if target.kind == Kind::Interface => self.interface_as_type(union, &member.ty),
            Meaning::Declared(target) if target.unit != self.scope.unit => {
                let help = "declare a model here that has a field of this type";
                let message = format!("{label} cannot be in a union: it is imported");
                self.error_by_form("E033", member.ty.at, message, Some(help));
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
            let help = "keep \"default\": true on one of them";
            self.error("E034", last.at, format!("{label}can have only one default type, but has: {names}"), Some(help));
        }
        if union.discriminator.is_none() {
            let help = "add \"discriminator\": \"discriminator\" to the union";
            self.error("E034", last.at, format!("{label}has a default type[{names}] but no discriminator"), Some(help));
        }
    }

    fn discriminator(&mut self, label: &str, union: &Union) {
        let Some(discriminator) = &union.discriminator else { return };
        let (name, at) = (&discriminator.value, discriminator.at);
        let label = format!("{label}discriminator[{name}]");
        if name == "value" || name == "implicit" {
            let help = "use `discriminator`, the usual name";
            self.error("E035", at, format!("{label} cannot be used: {name} is a reserved keyword"), Some(help));
        } else if let Some((reasons, help)) = invalid(name) {
            self.error("E035", at, format!("{label} is invalid: {reasons}"), help.as_deref());
        }
        let found = self.fields_named(union, name);
        if !found.is_empty() {
            let message = format!("{label} must be unique: a field of this name exists on: {}", found.join(", "));
            let help = "the discriminator is next to the fields: rename it, for example to `discriminator`";
            self.error("E035", at, message, Some(help));
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
                            && visited.len() < MAX_NESTED
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
            let Text { value, at } = value_of(member);
            if let Some((reasons, help)) = invalid(&value) {
                let ty = &member.ty.value;
                let message = format!("{label}type[{ty}] discriminator_value[{value}] is invalid: {reasons}");
                self.error("E036", at, message, help.as_deref());
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
            self.error("E036", value.at, message, Some(&help));
        }
    }

    /// Collects the values of a union and of everything nested in it.
    fn all_values(&self, union: &Union, all: &mut Vec<Text>) {
        for member in &union.types {
            all.push(value_of(member));
            if let Some(inner) = self.nested_union(&member.ty) {
                self.all_values(inner, all);
            }
        }
    }

    fn nested_union(&self, ty: &Text) -> Option<&'a Union> {
        self.nested_index(ty).and_then(|index| self.service.unions.get(index))
    }

    pub(super) fn nested_index(&self, ty: &Text) -> Option<usize> {
        match self.scope.resolve(&ty.value) {
            Meaning::Declared(target) if target.kind == Kind::Union && target.unit == self.scope.unit => {
                Some(target.index)
            }
            _ => None,
        }
    }

    /// Checks that nested unions have the same discriminator.
    fn nested(&mut self, label: &str, union: &Union) {
        let says = |union: &Union| match discriminator(union) {
            Some(name) => format!("specifies a discriminator '{name}'"),
            None => "does not specify a discriminator".to_owned(),
        };
        for UnionType { ty, .. } in &union.types {
            let Some(inner) = self.nested_union(ty).filter(|inner| discriminator(inner) != discriminator(union)) else {
                continue;
            };
            let (own, inner, name) = (says(union), says(inner), &ty.value);
            let message = format!("{label}{own}, but the union '{name}' in it {inner}: they must agree");
            self.error("E037", ty.at, message, Some("give both the same `discriminator`"));
        }
    }

    /// Checks that a type in several unions has the same discriminator and value in each.
    fn shared(&mut self) {
        let mut uses: BTreeMap<&str, Vec<(&Union, Text)>> = BTreeMap::new();
        for union in &self.service.unions {
            for member in &union.types {
                uses.entry(&member.ty.value).or_default().push((union, value_of(member)));
            }
        }
        for (ty, uses) in uses.iter().filter(|(_, uses)| uses.len() > 1) {
            let unions: Vec<&str> = uses.iter().map(|(u, _)| u.common.name.value.as_str()).collect();
            let label = format!("type[{ty}] is used in unions[{}] with more than one", unions.join(", "));
            let names: Vec<Option<&str>> = uses.iter().map(|(union, _)| discriminator(union)).collect();
            let values: Vec<&str> = uses.iter().map(|(_, value)| value.value.as_str()).collect();
            let (message, help) = if names.iter().any(|name| *name != names[0]) {
                let names: Vec<&str> = names.into_iter().map(|name| name.unwrap_or("none")).collect();
                let message = format!("{label} discriminator name[{}]", names.join(", "));
                (message, "give all of these unions the same `discriminator`")
            } else if values.iter().any(|value| *value != values[0]) {
                let message = format!("{label} discriminator value[{}]", values.join(", "));
                (message, "give it the same `discriminator_value` in each")
            } else {
                continue;
            };
            self.error_by_form("E037", uses[0].1.at, message, Some(help));
        }
    }
}

fn discriminator(union: &Union) -> Option<&str> {
    union.discriminator.as_ref().map(|name| name.value.as_str())
}

/// The maximum number of nested members of all unions of a service.
const MAX_NESTED_MEMBERS: usize = 500_000;

/// The maximum depth of nested unions: code that reads and writes them is as deep.
const MAX_DEEP: usize = 50;

/// The maximum number of unions visited inside one.
const MAX_NESTED: usize = 100;

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
