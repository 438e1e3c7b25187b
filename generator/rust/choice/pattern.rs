//! Which types a pattern means.

use super::{Change, Choice};
use crate::diagnostic::{Diagnostic, Report, Severity};
use crate::ir::{Api, Id, Role, Service, Type};
use crate::rust::analysis::Reach;
use crate::spec::advice::closest;
use crate::spec::json::Span;

/// Every enum, model and union with its full name, `io.flow.common.v0.models.price`.
pub fn names(api: &Api) -> impl Iterator<Item = (Type, String)> {
    let full =
        |service: Id<Service>, kind: &str, name: &str| format!("{}.{kind}.{name}", api.services[service].namespace);
    let enums = api.enums.iter().map(move |(id, e)| (Type::Enum(id), full(e.service, "enums", &e.name)));
    let models = api.models.iter().map(move |(id, m)| (Type::Model(id), full(m.service, "models", &m.name)));
    let unions = api.unions.iter().map(move |(id, u)| (Type::Union(id), full(u.service, "unions", &u.name)));
    enums.chain(models).chain(unions)
}

/// Whether a pattern matches the end of a full name, part by part.
pub fn matches(pattern: &str, name: &str) -> bool {
    let mut parts = name.rsplit('.');
    pattern.rsplit('.').all(|wanted| parts.next().is_some_and(|part| fits(wanted, part)))
}

/// Whether one part fits; `*` stands for any characters.
fn fits(wanted: &str, part: &str) -> bool {
    let Some((start, rest)) = wanted.split_once('*') else { return wanted == part };
    let Some(mut left) = part.strip_prefix(start) else { return false };
    let (middle, end) = rest.rsplit_once('*').unwrap_or(("", rest));
    for piece in middle.split('*') {
        // The earliest place leaves most for the others.
        let Some(at) = left.find(piece) else { return false };
        left = &left[at + piece.len()..];
    }
    left.ends_with(end)
}

/// A warning for each choice that changes nothing.
pub fn unmatched(api: &Api, choices: &[Choice], report: &mut Report) {
    if choices.is_empty() {
        return;
    }
    let reach = Reach::new(api, true);
    let known: Vec<(Type, String)> = names(api).collect();
    for choice in choices {
        let usable = |ty: &Type| match choice.change {
            Change::Replace(_) => api.replaced.contains_key(ty),
            _ => is_generated(api, &reach, ty),
        };
        let found: Vec<&(Type, String)> = known.iter().filter(|(_, name)| matches(&choice.pattern, name)).collect();
        let help = match found.first() {
            Some(_) if found.iter().any(|(ty, _)| usable(ty)) => continue,
            Some((_, name)) => format!("`{name}` is not generated: nothing uses it, or it exists elsewhere"),
            None => advice(&choice.pattern, &known),
        };
        let option = choice.option().0;
        let message = format!("option {option}: pattern[{}] matches no type that is generated", choice.pattern);
        let source = report.add_document(&format!("option {option}"), &choice.pattern);
        let span = Span { start: 0, end: choice.pattern.len() };
        report.push(Diagnostic { code: "W005", severity: Severity::Warning, message, help: Some(help), source, span });
    }
}

/// Whether code is generated for an enum, model or union.
pub fn is_generated(api: &Api, reach: &Reach, ty: &Type) -> bool {
    let (reached, service) = match ty {
        Type::Enum(id) => (reach.has_enum(*id), api.enums[*id].service),
        Type::Model(id) => (reach.has_model(*id), api.models[*id].service),
        Type::Union(id) => (reach.has_union(*id), api.unions[*id].service),
        Type::Primitive(_) | Type::List(_) | Type::Map(_) => return false,
    };
    reached && !matches!(api.services[service].role, Role::External(_))
}

fn advice(pattern: &str, known: &[(Type, String)]) -> String {
    let count = pattern.split('.').count();
    let tail = |name: &String| {
        let parts: Vec<&str> = name.split('.').collect();
        parts[parts.len().saturating_sub(count)..].join(".")
    };
    let tails: Vec<String> = known.iter().map(|(_, name)| tail(name)).collect();
    let tails: Vec<&str> = tails.iter().map(String::as_str).collect();
    let plain = |text: &str| text.replace(['_', '-'], "").to_lowercase();
    let same = tails.iter().copied().find(|tail| plain(tail) == plain(pattern));
    match same.or_else(|| closest(pattern, &tails)) {
        Some(near) => format!("did you mean `{near}`?"),
        None => {
            "write the name as in the spec, for example `user`, `models.user` or `io.flow.*.models.user`".to_owned()
        }
    }
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
        // What the beginning took is not there for the end.
        assert!(!matches("ab*ba", "x.models.aba"));
        assert!(matches("ab*ba", "x.models.abba"));
    }
}
