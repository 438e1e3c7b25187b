//! The user's additions to types.

use std::cell::RefCell;
use std::collections::{BTreeMap, HashMap};

use super::{TypeChange, TypeOverride, pattern};
use crate::plan::items::Derives;
use apigen_model::api::{Api, Type};

/// The maximum number of types that a note names.
const SHOWN: usize = 3;

/// The user's additions to types, and the omitted ones.
pub struct Extras<'a> {
    choices: &'a [TypeOverride],
    /// Full names of all types; empty if there are no additions.
    names: HashMap<Type, String>,
    /// The omitted additions, each with its reason and the types affected.
    left_out: RefCell<BTreeMap<(&'a str, &'static str), Vec<String>>>,
}

/// A type with additions.
pub struct Subject<'d> {
    pub ty: Type,
    /// The generated derives.
    pub derived: &'d [&'static str],
    /// Traits that are implemented without a derive.
    pub implemented: &'d [&'static str],
    /// Whether a derived `Default` would match the spec.
    pub defaults: bool,
    /// Whether `==` can be total.
    pub total: bool,
}

impl<'a> Extras<'a> {
    pub fn new(api: &'a Api, choices: &'a [TypeOverride]) -> Self {
        let names = if choices.is_empty() { HashMap::new() } else { pattern::names(api).collect() };
        Self { choices, names, left_out: RefCell::default() }
    }

    pub fn derives(&self, subject: &Subject<'_>) -> Derives {
        let mut derives = Derives { own: subject.derived.to_vec(), ..Derives::default() };
        let Some(name) = self.names.get(&subject.ty) else { return derives };
        let mut texts: Vec<&str> = Vec::new();
        for choice in self.choices.iter().filter(|choice| pattern::matches(&choice.pattern, name)) {
            match &choice.change {
                TypeChange::Derive(text)
                    if !texts.iter().any(|other| plain(other) == plain(text)) && !is_there(subject, text) =>
                {
                    match clash(subject, text, choice.pattern.contains('*')) {
                        None => texts.push(text),
                        Some(why) => self.left_out.borrow_mut().entry((text, why)).or_default().push(name.clone()),
                    }
                }
                TypeChange::Attribute(text) => derives.attributes.push(text.clone()),
                TypeChange::Derive(_) | TypeChange::Replace(_) => {}
            }
        }
        derives.more = texts.into_iter().map(str::to_owned).collect();
        derives
    }

    /// Returns sentences about omitted additions.
    pub fn notes(&self) -> Vec<String> {
        let sentence = |((text, why), names): (&(&str, &str), &Vec<String>)| {
            let shown: Vec<String> = names.iter().take(SHOWN).map(|name| format!("`{name}`")).collect();
            let more = match names.len().saturating_sub(SHOWN) {
                0 => String::new(),
                more => format!(" and {more} more"),
            };
            format!("`{text}` is not derived for {}{more}: {why}", shown.join(", "))
        };
        self.left_out.borrow().iter().map(sentence).collect()
    }
}

/// Returns the name of a trait of std, if it is one: without a path, or with one into std.
fn std_name(text: &str) -> Option<&str> {
    let path = text.trim().trim_start_matches("::");
    let (root, name) = (path.split("::").next()?.trim(), path.rsplit("::").next()?.trim());
    (root == name || ["std", "core"].contains(&root)).then_some(name)
}

/// Returns the same text for all spellings of a trait of std, and for a path with and without a leading `::`.
fn plain(text: &str) -> &str {
    std_name(text).unwrap_or_else(|| text.trim().trim_start_matches("::"))
}

/// Returns true if this is derived or implemented anyway.
fn is_there(subject: &Subject<'_>, text: &str) -> bool {
    std_name(text).is_some_and(|name| {
        subject.derived.contains(&name) || (name == "Default" && subject.implemented.contains(&name))
    })
}

/// Returns why a derive is not possible.
fn clash(subject: &Subject<'_>, text: &str, wildcard: bool) -> Option<&'static str> {
    let last = text.rsplit("::").next().unwrap_or(text).trim();
    if subject.implemented.contains(&last) {
        return Some("it is already implemented");
    }
    let open = !matches!(subject.ty, Type::Model(_));
    match std_name(text)? {
        "Copy" if open => Some("unknown values are kept, which a `Copy` type cannot do"),
        "Default" if !subject.defaults => Some("the spec names no default value, or fields have defaults of their own"),
        // Naming the type itself overrides this, for example if a type that replaces one of its parts is known to
        // implement it.
        "Eq" | "Hash" | "Ord" if !subject.total && wildcard => {
            Some("floating-point numbers, free JSON and types that replace others do not implement it")
        }
        _ => None,
    }
}
