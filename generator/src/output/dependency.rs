//! Checks whether cargo would accept the dependencies that users add to a crate.

use semver::VersionReq;
use toml::de::{DeTable, DeValue};

use crate::option_error::{OptionError, is_name};
use apigen_model::vocabulary::suggestions::closest;

const RUNTIME: &str = "apigen-runtime";
const EXAMPLES: &str = "write for example `money = \"1.2\"` or `money = { path = \"../money\" }`";

/// The type of keys in the table of a dependency.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Takes {
    Requirement,
    Text,
    Texts,
    Flag,
}

const KEYS: [(Takes, &str); 4] = [
    (Takes::Requirement, "version"),
    (Takes::Text, "path git branch tag rev registry package"),
    (Takes::Texts, "features"),
    (Takes::Flag, "default-features optional public workspace"),
];

/// The keys that say where a crate comes from. One of them is required.
const SOURCES: [&str; 4] = ["version", "path", "git", "workspace"];

/// Returns every reason for cargo to reject the dependency `name`, with this version or table, in the manifest of the
/// crate `own`.
pub fn errors(name: &str, spec: &str, own: Option<&str>) -> Vec<OptionError> {
    let about_name = |message: String, help: &str| vec![OptionError::new("E053", "dependencies", name, message, help)];
    if !is_name(name) {
        let message = format!("`{name}` is not the name of a package");
        return about_name(message, "write letters, digits, - and _, and begin with a letter");
    }
    if same(name, RUNTIME) {
        let message = format!("every generated crate depends on `{RUNTIME}`");
        return about_name(message, "remove it; `runtime-path` sets the path");
    }
    if own.is_some_and(|own| same(name, own)) {
        return about_name(format!("the crate `{name}` cannot depend on itself"), "remove it");
    }
    if !spec.starts_with('{') {
        let message = || format!("`{spec}` is not a version requirement");
        return (!is_requirement(spec)).then(|| error(name, spec, message(), EXAMPLES)).into_iter().collect();
    }
    let text = format!("it = {spec}");
    let document = DeTable::parse(&text).ok().filter(|_| !spec.contains(['\n', '\r']));
    let member = document.as_ref().filter(|document| document.get_ref().len() == 1);
    match member.and_then(|document| document.get_ref().get("it")).map(|member| member.get_ref()) {
        Some(DeValue::Table(table)) => of_table(name, table),
        _ => about_name(format!("`{spec}` is not a table of a manifest"), EXAMPLES),
    }
}

fn of_table(name: &str, table: &DeTable<'_>) -> Vec<OptionError> {
    let mut errors = Vec::new();
    for (key, value) in table {
        let key = key.get_ref().as_ref();
        let Some((takes, _)) = KEYS.iter().find(|(_, names)| names.split(' ').any(|name| name == key)) else {
            let names: Vec<&str> = KEYS.iter().flat_map(|(_, names)| names.split(' ')).collect();
            let near = closest(key, &names).map(|near| format!("did you mean `{near}`?"));
            let help = near.unwrap_or_else(|| format!("there are {}", names.join(", ")));
            errors.push(error(name, key, format!("a dependency has no key `{key}`"), &help));
            continue;
        };
        if let Some(wanted) = wanted(*takes, value.get_ref()) {
            errors.push(error(name, key, format!("`{key}` of `{name}` takes {wanted}"), EXAMPLES));
        }
    }
    if errors.is_empty() && !SOURCES.iter().any(|source| table.contains_key(*source)) {
        let message = format!("the dependency `{name}` has neither a version nor a path");
        errors.push(OptionError::new("E053", "dependencies", name, message, EXAMPLES));
    }
    errors
}

/// Returns the expected type of a key, unless the value has it.
fn wanted(takes: Takes, value: &DeValue<'_>) -> Option<&'static str> {
    match (takes, value) {
        (Takes::Requirement, DeValue::String(text)) if is_requirement(text) => None,
        (Takes::Text, DeValue::String(text)) if !text.is_empty() => None,
        (Takes::Flag, DeValue::Boolean(_)) => None,
        (Takes::Texts, DeValue::Array(items))
            if items.iter().all(|item| matches!(item.get_ref(), DeValue::String(_))) =>
        {
            None
        }
        (Takes::Requirement, _) => Some("a version requirement, such as \"1.2\""),
        (Takes::Text, _) => Some("a string"),
        (Takes::Texts, _) => Some("a list of strings"),
        (Takes::Flag, _) => Some("true or false"),
    }
}

fn error(name: &str, text: &str, message: String, help: &str) -> OptionError {
    OptionError::new("E053", "dependencies", text, message, help).of_value(name)
}

/// Returns true if two names denote the same crate: cargo treats `-` and `_` as equal.
pub fn same(one: &str, other: &str) -> bool {
    one.replace('-', "_") == other.replace('-', "_")
}

fn is_requirement(text: &str) -> bool {
    // Cargo reads `x` as `*`, which is never intended.
    VersionReq::parse(text).is_ok() && !text.trim().starts_with(['x', 'X'])
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn requirements_are_those_of_cargo() {
        for good in
            ["1", "1.2", "0.3.10", "^1.2.3-beta.1+x", "~1", "=1.0.0", ">=1.2, <1.5", "1.*", "1.2.*", "*", ">= 1"]
        {
            assert!(is_requirement(good), "{good}");
        }
        for bad in
            ["", " ", "one", "v1", "1.2.3.4", "1..2", "*.1", "1.*.2", "1.2-beta", "1.2.3-", ">=", "1 2", "1,", "latest"]
        {
            assert!(!is_requirement(bad), "{bad}");
        }
    }

    #[test]
    fn dependencies_are_those_of_cargo() {
        for (name, spec) in [
            ("money", "1.2"),
            ("money-2", "{ path = \"../money\", features = [\"a\"], default-features = false }"),
            ("money", "{ workspace = true }"),
            ("money", "{ git = \"https://example.com/money\", rev = \"a1\", package = \"cash\" }"),
        ] {
            assert_eq!(errors(name, spec, Some("shop")), [], "{name} {spec}");
        }
        for (name, spec, text, words) in [
            ("mo ney", "1", "mo ney", "is not the name of a package"),
            ("1st", "1", "1st", "is not the name of a package"),
            ("apigen_runtime", "1", "apigen_runtime", "every generated crate depends on"),
            ("the-shop", "1", "the-shop", "cannot depend on itself"),
            ("money", "", "", "is not a version requirement"),
            ("money", "{}", "money", "has neither a version nor a path"),
            ("money", "{ features = [] }", "money", "has neither a version nor a path"),
            ("money", "{ pth = \"../money\" }", "pth", "has no key `pth`"),
            ("money", "{ version = \"new\" }", "version", "takes a version requirement"),
            ("money", "{ path = \"\" }", "path", "takes a string"),
            ("money", "{ version = \"1\", features = \"a\" }", "features", "takes a list of strings"),
            ("money", "{ version = \"1\", optional = \"no\" }", "optional", "takes true or false"),
            ("money", "{ version = \"1\" }\n[lib]", "money", "is not a table of a manifest"),
            ("money", "{ version = \"1\"", "money", "is not a table of a manifest"),
        ] {
            let found = errors(name, spec, Some("the_shop"));
            let told = |error: &OptionError| error.text == text && error.message.contains(words);
            assert!(found.len() == 1 && found.iter().all(told), "{name} {spec}: {found:?}");
        }
    }
}
