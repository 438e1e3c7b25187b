//! Unions (format reference, 10.1).

use std::collections::HashSet;

use super::Checker;
use super::names::{fold, invalid};
use crate::ir::Primitive;
use crate::spec::scope::{Kind, Meaning};
use crate::spec::service::{Text, Union, UnionType};
use crate::spec::types;

impl Checker<'_> {
    /// Everything about unions.
    pub fn unions(&mut self) {
        let unions = &self.service.unions;
        let cyclic: Vec<bool> = (0..unions.len()).map(|index| self.cycle(index)).collect();
        for (union, cyclic) in unions.iter().zip(cyclic) {
            let label = format!("Union[{}] ", union.common.name.value);
            for name in union.interfaces.iter().filter(|name| self.scope.interface(&name.value).is_none()) {
                self.strict("E029", name.at, format!("{label}Interface[{}] not found", name.value));
            }
            if union.types.is_empty() {
                self.error("E024", union.common.name.at, format!("{}: at least one type is needed", label.trim_end()));
            }
            union.types.iter().for_each(|member| self.member(&label, member));
            let types: Vec<&Text> = union.types.iter().map(|t| &t.ty).collect();
            self.duplicates("E022", &types, |name| format!("{label}Type[{name}] appears more than once"));
            self.defaults(&label, union);
            if !cyclic {
                self.discriminator(&label, union);
                self.values(&label, union);
                self.nested(&label, union);
            }
        }
        self.shared();
    }

    fn member(&mut self, label: &str, member: &UnionType) {
        let label = format!("{label}type[{}]", member.ty.value);
        let Some((parsed, meaning)) = self.scope.parse(&member.ty.value) else {
            self.error("E030", member.ty.at, format!("{label} has too many brackets"));
            return;
        };
        match meaning {
            Meaning::Unknown => {
                let help = self.scope.similar(parsed.base).map(|name| format!("did you mean `{name}`?"));
                self.error_with("E030", member.ty.at, format!("{label} not found"), help);
            }
            Meaning::Primitive(Primitive::Unit) => {
                let message = format!(
                    "{label}: unit cannot be a member of a union; make the field optional (required: false) instead"
                );
                self.error("E033", member.ty.at, message);
            }
            Meaning::Declared(target) if target.kind == Kind::Interface => {
                self.interface_as_type("", member.ty.at, &member.ty.value)
            }
            Meaning::Declared(target) if target.unit != self.scope.unit => {
                self.strict("E033", member.ty.at, format!("{label}: imported types cannot be members of a union"));
            }
            _ => {}
        }
    }

    fn defaults(&mut self, label: &str, union: &Union) {
        let mut defaults: Vec<&str> =
            union.types.iter().filter(|t| t.default == Some(true)).map(|t| t.ty.value.as_str()).collect();
        defaults.sort_unstable();
        let at = union.common.name.at;
        if defaults.len() > 1 {
            self.error("E034", at, format!("{label}can have only 1 default type, but has: {}", defaults.join(", ")));
        }
        if !defaults.is_empty() && union.discriminator.is_none() {
            self.error("E034", at, format!("{label}a default type needs a discriminator: {}", defaults.join(", ")));
        }
    }

    fn discriminator(&mut self, label: &str, union: &Union) {
        let Some(discriminator) = &union.discriminator else { return };
        let (name, at) = (&discriminator.value, discriminator.at);
        let label = format!("{label}discriminator[{name}]");
        if name == "value" || name == "implicit" {
            self.error("E035", at, format!("{label}: {name} is a reserved keyword"));
        } else if let Some(reasons) = invalid(name) {
            self.error("E035", at, format!("{label} is invalid: {reasons}"));
        }
        let mut found = Vec::new();
        self.fields_named(union, name, "", &mut HashSet::new(), &mut found);
        if !found.is_empty() {
            let message = format!("{label} must be unique: a field of this name exists on: {}", found.join(", "));
            self.error("E035", at, message);
        }
    }

    /// The members, also of nested unions, that have a field of this name.
    fn fields_named(
        &self,
        union: &Union,
        name: &str,
        prefix: &str,
        seen: &mut HashSet<String>,
        found: &mut Vec<String>,
    ) {
        for member in &union.types {
            let Some((_, Meaning::Declared(target))) = self.scope.parse(&member.ty.value) else { continue };
            let service = &self.scope.units[target.unit].service;
            match target.kind {
                Kind::Model => {
                    let model = &service.models[target.index];
                    if model.fields.iter().any(|f| f.common.name.value == name) {
                        found.push(format!("{prefix}{}", model.common.name.value));
                    }
                }
                Kind::Union if target.unit == self.scope.unit => {
                    let inner = &service.unions[target.index];
                    if seen.insert(inner.common.name.value.clone()) {
                        self.fields_named(inner, name, &format!("{prefix}{}.", inner.common.name.value), seen, found);
                    }
                }
                _ => {}
            }
        }
    }

    fn values(&mut self, label: &str, union: &Union) {
        for member in &union.types {
            let value = value_of(member);
            if let Some(reasons) = invalid(&value.value) {
                let message = format!(
                    "{label}type[{}] discriminator_value[{}] is invalid: {reasons}",
                    member.ty.value, value.value
                );
                self.error("E036", value.at, message);
            }
        }
        let mut all = Vec::new();
        self.all_values(union, 0, &mut all);
        let mut seen = HashSet::new();
        let mut told = HashSet::new();
        for value in all {
            let folded = fold(&value.value);
            if !seen.insert(folded.clone()) && told.insert(folded.clone()) {
                let message = format!("{label}discriminator value[{folded}] appears more than once");
                self.error("E036", union.common.name.at, message);
            }
        }
    }

    /// The values of a union and of everything nested in it.
    fn all_values(&self, union: &Union, depth: usize, all: &mut Vec<Text>) {
        for member in &union.types {
            all.push(value_of(member));
            if let Some(inner) = self.nested_union(member).filter(|_| depth < 50 && all.len() < 10_000) {
                self.all_values(inner, depth + 1, all);
            }
        }
    }

    fn nested_union(&self, member: &UnionType) -> Option<&Union> {
        match self.scope.resolve(&member.ty.value) {
            Meaning::Declared(target) if target.kind == Kind::Union && target.unit == self.scope.unit => {
                self.service.unions.get(target.index)
            }
            _ => None,
        }
    }

    fn nested(&mut self, label: &str, union: &Union) {
        let own = union.discriminator.as_ref().map(|d| d.value.clone());
        let inner: Vec<(String, Option<String>)> = union
            .types
            .iter()
            .filter_map(|member| self.nested_union(member))
            .map(|inner| (inner.common.name.value.clone(), inner.discriminator.as_ref().map(|d| d.value.clone())))
            .collect();
        for (name, discriminator) in inner.into_iter().filter(|(_, discriminator)| *discriminator != own) {
            let says = |d: &Option<String>| match d {
                Some(d) => format!("specifies a discriminator '{d}'"),
                None => "does not specify a discriminator".to_owned(),
            };
            let message = format!(
                "{label}{}, but the union '{name}' in it {}: they must agree",
                says(&own),
                says(&discriminator)
            );
            self.error("E037", union.common.name.at, message);
        }
    }

    /// A type in several unions must look the same in each.
    fn shared(&mut self) {
        let mut uses: Vec<(&str, Vec<(&Union, Text)>)> = Vec::new();
        let mut index = std::collections::HashMap::new();
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
            let label = format!("Model[{ty}] is used in unions[{}] with more than one", unions.join(", "));
            let at = uses[0].1.at;
            let first = &uses[0];
            if uses.iter().any(|(u, _)| {
                u.discriminator.as_ref().map(|d| &d.value) != first.0.discriminator.as_ref().map(|d| &d.value)
            }) {
                let names: Vec<&str> =
                    uses.iter().map(|(u, _)| u.discriminator.as_ref().map_or("none", |d| &d.value)).collect();
                self.strict("E037", at, format!("{label} discriminator name: {}", names.join(", ")));
            } else if uses.iter().any(|(_, value)| value.value != first.1.value) {
                let values: Vec<&str> = uses.iter().map(|(_, value)| value.value.as_str()).collect();
                self.strict("E037", at, format!("{label} discriminator value[{}]", values.join(", ")));
            }
        }
    }

    /// Reports a union that contains itself.
    fn cycle(&mut self, start: usize) -> bool {
        let unions = &self.service.unions;
        let mut trail = vec![(start, 0)];
        let mut seen = HashSet::new();
        while let Some((at, member)) = trail.pop() {
            let Some(next) = unions[at].types.get(member) else { continue };
            trail.push((at, member + 1));
            let Some(inner) = self.nested_union(next) else { continue };
            let Some(index) = unions.iter().position(|u| std::ptr::eq(u, inner)) else { continue };
            if index == start {
                let names = trail.iter().map(|(i, _)| unions[*i].common.name.value.as_str());
                let path: Vec<&str> = names.chain([unions[start].common.name.value.as_str()]).collect();
                let name = &unions[start].common.name;
                let message = format!("Union[{}] cannot contain itself: {}", name.value, path.join("->"));
                self.error("E038", name.at, message);
                return true;
            }
            if seen.insert(index) {
                trail.push((index, 0));
            }
        }
        false
    }
}

/// The discriminator value of a member: as written, else the name of its type.
fn value_of(member: &UnionType) -> Text {
    member.discriminator_value.clone().unwrap_or_else(|| {
        let base = types::parse(&member.ty.value).map_or(member.ty.value.as_str(), |parsed| parsed.base);
        Text { value: base.to_owned(), at: member.ty.at }
    })
}
