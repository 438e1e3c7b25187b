//! Matches patterns with types, and marks replaced types.

use super::{TypeChange, TypeOverride};
use crate::option_error::OptionError;
use crate::plan::analysis::Reach;
use apigen_model::api::{Api, Id, Role, Service, Type};
use apigen_model::vocabulary::suggestions::meant;

/// Iterates over every enum, model and union with its full name, `io.flow.common.v0.models.price`.
pub fn names(api: &Api) -> impl Iterator<Item = (Type, String)> {
    let full =
        |service: Id<Service>, kind: &str, name: &str| format!("{}.{kind}.{name}", api.services[service].namespace);
    let enums = api.enums.iter().map(move |(id, e)| (Type::Enum(id), full(e.service, "enums", &e.name)));
    let models = api.models.iter().map(move |(id, m)| (Type::Model(id), full(m.service, "models", &m.name)));
    let unions = api.unions.iter().map(move |(id, u)| (Type::Union(id), full(u.service, "unions", &u.name)));
    enums.chain(models).chain(unions)
}

/// Records in the model which types already exist. If two replacements match a type, the later one wins.
pub fn replace(api: &mut Api, choices: &[TypeOverride]) {
    for choice in choices {
        let TypeChange::Replace(path) = &choice.change else { continue };
        let types: Vec<Type> =
            names(api).filter(|(_, name)| matches(&choice.pattern, name)).map(|(ty, _)| ty).collect();
        api.replaced.extend(types.into_iter().map(|ty| (ty, path.clone())));
    }
}

/// Returns true if a pattern matches the end of a full name, part by part.
pub fn matches(pattern: &str, name: &str) -> bool {
    let mut parts = name.rsplit('.');
    pattern.rsplit('.').all(|wanted| parts.next().is_some_and(|part| glob(wanted, part)))
}

/// Returns true if a pattern matches a whole text; `*` stands for any characters, everything else for itself.
pub fn glob(pattern: &str, text: &str) -> bool {
    let Some((start, rest)) = pattern.split_once('*') else { return pattern == text };
    let Some(mut left) = text.strip_prefix(start) else { return false };
    let (middle, end) = rest.rsplit_once('*').unwrap_or(("", rest));
    for piece in middle.split('*') {
        // The earliest match leaves the most text for the other pieces.
        let Some(at) = left.find(piece) else { return false };
        left = &left[at + piece.len()..];
    }
    left.ends_with(end)
}

/// Returns the overrides that match no generated type.
pub fn unmatched(api: &Api, choices: &[TypeOverride]) -> Vec<OptionError> {
    if choices.is_empty() {
        return Vec::new();
    }
    let reach = Reach::new(api, true);
    let known: Vec<(Type, String)> = names(api).collect();
    let unmatched = |choice: &TypeOverride| {
        let usable = |ty: &Type| match choice.change {
            TypeChange::Replace(_) => api.replaced.contains_key(ty),
            _ => is_generated(api, &reach, ty),
        };
        let found: Vec<&(Type, String)> = known.iter().filter(|(_, name)| matches(&choice.pattern, name)).collect();
        let (near, help) = match found.first() {
            Some(_) if found.iter().any(|(ty, _)| usable(ty)) => return None,
            Some((_, name)) => (None, format!("`{name}` is not generated: nothing uses it, or it exists elsewhere")),
            None => (nearest(&choice.pattern, &known), ADVICE.to_owned()),
        };
        let message = format!("no generated type matches `{}`", choice.pattern);
        Some(OptionError::new("E056", choice.option().0, &choice.pattern, message, help).near(near))
    };
    choices.iter().filter_map(unmatched).collect()
}

/// Returns true if code is generated for an enum, model or union.
pub fn is_generated(api: &Api, reach: &Reach, ty: &Type) -> bool {
    let service = match ty {
        Type::Enum(id) => api.enums[*id].service,
        Type::Model(id) => api.models[*id].service,
        Type::Union(id) => api.unions[*id].service,
        Type::Primitive(_) | Type::List(_) | Type::Map(_) => return false,
    };
    reach.has(ty) && !matches!(api.services[service].role, Role::External(_))
}

const ADVICE: &str = "write the name as in the spec, for example `user`, `models.user` or `io.flow.*.models.user`";

/// Returns the nearest name, with as many parts as the pattern.
fn nearest(pattern: &str, known: &[(Type, String)]) -> Option<String> {
    let count = pattern.split('.').count();
    let tail = |name: &String| {
        let parts: Vec<&str> = name.split('.').collect();
        parts[parts.len().saturating_sub(count)..].join(".")
    };
    let tails: Vec<String> = known.iter().map(|(_, name)| tail(name)).collect();
    let tails: Vec<&str> = tails.iter().map(String::as_str).collect();
    meant(pattern, &tails).map(str::to_owned)
}

#[cfg(test)]
mod tests {
    use super::matches;

    #[test]
    fn patterns_match_the_end_of_names() {
        let name = "io.flow.common.v0.models.price_with_base";
        for pattern in [
            "price_with_base",
            "models.price_with_base",
            "io.flow.common.v0.models.price_with_base",
            "*",
            "price*",
            "*base",
            "p*_w*th*",
            "*.*.v0.models.*",
            "v0.m*.price*base",
        ] {
            assert!(matches(pattern, name), "{pattern}");
        }
        for pattern in [
            "price",
            "base",
            "enums.price_with_base",
            "io.*",
            "a.io.flow.common.v0.models.price_with_base",
            "p*x*e",
            "",
        ] {
            assert!(!matches(pattern, name), "{pattern}");
        }
        // Text matched by the beginning is not available for the end.
        assert!(!matches("ab*ba", "x.models.aba"));
        assert!(matches("ab*ba", "x.models.abba"));
    }
}
