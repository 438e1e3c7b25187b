//! Unique identifiers of one Rust scope.

use std::collections::{HashMap, HashSet};

use super::words::{camel, snake};
use super::{Name, is_keyword, is_never_raw};
use crate::checkpoint::checkpoint;

/// Longer names are cut: they slow down rustc and editors, and a spec may contain anything.
pub const LONGEST: usize = 200;

/// Allocates the identifiers of one Rust scope. The same calls in the same order yield the same names.
#[derive(Debug, Default)]
pub struct NameAllocator {
    taken: HashSet<String>,
    /// The next number to try after a collision on a base name: keeps a thousand collisions linear.
    next_number: HashMap<String, usize>,
}

impl NameAllocator {
    /// Creates an empty scope.
    pub fn new() -> Self {
        Self::default()
    }

    /// Marks a name (without `r#`) as taken by something that is not allocated here.
    pub fn reserve(&mut self, name: &str) {
        self.taken.insert(name.to_owned());
    }

    /// Allocates a name in UpperCamelCase for a type or variant: `country_defaults` → `CountryDefaults`, `3d` → `N3d`,
    /// nothing → `Value`. After a collision it gets a number: `Usd2`, after a digit `V12X2`.
    pub fn ty(&mut self, text: &str) -> Name {
        let base = type_base(text);
        self.numbered(base, numbered_type)
    }

    /// Like [`ty`](Self::ty), but for generated names beside names of the spec: after a collision the suffixes are
    /// tried in order, then numbers. Also returns whether the name differs from the requested one.
    pub fn ty_with(&mut self, text: &str, suffixes: &[&str]) -> (Name, bool) {
        let base = type_base(text);
        if !self.taken.contains(&base) {
            return (self.take(base), false);
        }
        let suffixed = suffixes.iter().map(|suffix| format!("{base}{}", camel(suffix)));
        let name = match suffixed.into_iter().find(|name| !self.taken.contains(name)) {
            Some(free) => self.take(free),
            None => self.numbered(base, numbered_type),
        };
        (name, true)
    }

    /// Allocates a name in snake_case for a field, function, module or argument: `userID` → `user_id`, `type` →
    /// `r#type`, `self` → `self_`, `2fa` → `_2fa`, `12` → `n12`, nothing → `value`. After a collision it gets a number: `user_id_2`.
    pub fn value(&mut self, text: &str) -> Name {
        let base = value_base(text);
        self.numbered(base, |base, number| format!("{}_{number}", base.trim_end_matches('_')))
    }

    /// Returns those of these names that are in the scope.
    pub fn taken_of(&self, names: &[&str]) -> Vec<String> {
        names.iter().filter(|name| self.taken.contains(**name)).map(|name| (*name).to_owned()).collect()
    }

    fn numbered(&mut self, base: String, numbered: fn(&str, usize) -> String) -> Name {
        checkpoint();
        if !self.taken.contains(&base) {
            return self.take(base);
        }
        let mut number = self.next_number.get(&base).copied().unwrap_or(2);
        let name = loop {
            let candidate = numbered(&base, number);
            number += 1;
            if !self.taken.contains(&candidate) {
                break candidate;
            }
        };
        self.next_number.insert(base, number);
        self.take(name)
    }

    fn take(&mut self, name: String) -> Name {
        self.taken.insert(name.clone());
        Name::from_valid(name)
    }
}

fn numbered_type(base: &str, number: usize) -> String {
    let base = base.trim_end_matches('_');
    let separator = if base.ends_with(|c: char| c.is_ascii_digit()) { "X" } else { "" };
    format!("{base}{separator}{number}")
}

fn type_base(text: &str) -> String {
    let mut base = cut(camel(head(text)));
    if base.is_empty() {
        base.push_str("Value");
    } else if base.starts_with(|c: char| c.is_ascii_digit()) {
        base.insert(0, 'N');
    } else if is_keyword(&base) {
        base.push('_');
    }
    base
}

fn value_base(text: &str) -> String {
    let mut base = cut(snake(head(text)));
    if base.is_empty() {
        base.push_str("value");
    } else if base.bytes().all(|b| b == b'_' || b.is_ascii_digit()) {
        base.insert(0, 'n'); // clippy rejects `_1`
    } else if base.starts_with(|c: char| c.is_ascii_digit()) {
        base.insert(0, '_');
    } else if is_never_raw(&base) {
        base.push('_');
    }
    base
}

/// Returns as much of the text as can matter, so that a huge name costs nothing.
fn head(text: &str) -> &str {
    text.char_indices().nth(4 * LONGEST).map_or(text, |(end, _)| &text[..end])
}

fn cut(mut base: String) -> String {
    base.truncate(LONGEST); // only ASCII gets here
    base.truncate(base.trim_end_matches('_').len());
    base
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(text: &str, ty: &str, value: &str) {
        let (allocated_ty, allocated_value) = (NameAllocator::new().ty(text), NameAllocator::new().value(text));
        assert_eq!((&*allocated_ty.to_string(), &*allocated_value.to_string()), (ty, value), "{text:?}");
    }

    #[test]
    fn names_are_identifiers() {
        check("user", "User", "user");
        check("userID", "UserId", "user_id");
        check("type", "Type", "r#type");
        check("gen", "Gen", "r#gen");
        check("try", "Try", "r#try");
        check("async", "Async", "r#async");
        check("union", "Union", "union");
        check("self", "Self_", "self_");
        check("Self", "Self_", "self_");
        check("super", "Super", "super_");
        check("crate", "Crate", "crate_");
        check("3d", "N3d", "_3d");
        check("12", "N12", "n12");
        check("1.2", "N1_2", "n1_2");
        check("", "Value", "value");
        check("_", "Value", "value");
        check("r#type\"; } fn x() {", "RTypeFnX", "r_type_fn_x");
        check("日本語", "Value", "value");
        check("é", "E", "e");
    }

    #[test]
    fn collisions_get_numbers() {
        let mut scope = NameAllocator::new();
        let names: Vec<String> =
            ["usd", "USD", "Usd", "usd2", "v12", "V12", "self", "Self"].map(|text| scope.ty(text).to_string()).into();
        assert_eq!(names, ["Usd", "Usd2", "Usd3", "Usd2X2", "V12", "V12X2", "Self_", "Self2"]);

        let mut scope = NameAllocator::new();
        scope.reserve("client");
        let names: Vec<String> = ["id", "ID", "id_2", "self", "Self", "type", "Type", "client"]
            .map(|text| scope.value(text).to_string())
            .into();
        assert_eq!(names, ["id", "id_2", "id_2_2", "self_", "self_2", "r#type", "type_2", "client_2"]);
    }

    #[test]
    fn our_names_try_suffixes_first() {
        let mut scope = NameAllocator::new();
        scope.ty("country_defaults");
        let mut ours = || {
            let (name, renamed) = scope.ty_with("country_defaults", &["api", "resource"]);
            (name.to_string(), renamed)
        };
        assert_eq!(ours(), ("CountryDefaultsApi".to_owned(), true));
        assert_eq!(ours(), ("CountryDefaultsResource".to_owned(), true));
        assert_eq!(ours(), ("CountryDefaults2".to_owned(), true));
        assert_eq!(scope.ty_with("users", &["api"]), (NameAllocator::new().ty("Users"), false));
    }

    #[test]
    fn long_names_are_cut_and_unique() {
        let long = "very_long_".repeat(100_000);
        let mut scope = NameAllocator::new();
        let names: HashSet<Name> = (0..1000).flat_map(|_| [scope.ty(&long), scope.value(&long)]).collect();
        assert_eq!(names.len(), 2000);
        assert!(names.iter().all(|name| name.as_str().len() < LONGEST + 10));
    }

    /// Checks rustc's rules, from its `nonstandard_style` lints.
    fn is_quiet(name: &Name, camel: bool) -> bool {
        let text = name.as_str().trim_matches('_');
        let pairs = text.as_bytes().windows(2);
        let lonely = |pair: &[u8]| pair.contains(&b'_') && pair.iter().any(u8::is_ascii_alphabetic);
        match camel {
            true => {
                text.starts_with(|c: char| c.is_ascii_uppercase()) && !text.contains("__") && !pairs.clone().any(lonely)
            }
            false => !name.as_str().contains("__") && !text.contains(|c: char| c.is_ascii_uppercase()),
        }
    }

    #[test]
    fn random_text_gives_identifiers() {
        let alphabet: Vec<char> = "aZbS_- .019selfSELFéß日\u{301}\u{202e}\0\"'#{}İǅ".chars().collect();
        let mut seed = 42_u64;
        let mut random = |below: usize| {
            seed = seed.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
            (seed >> 33) as usize % below
        };
        let (mut types, mut values) = (NameAllocator::new(), NameAllocator::new());
        let mut seen = HashSet::new();
        for _ in 0..3000 {
            let text: String = (0..random(6)).map(|_| alphabet[random(alphabet.len())]).collect();
            for (name, camel) in [(types.ty(&text), true), (values.value(&text), false)] {
                let parsed: syn::Ident = syn::parse_str(&name.to_string()).unwrap();
                assert_eq!(parsed, name.to_string(), "{text:?}");
                assert!(is_quiet(&name, camel), "{text:?} gave {name}");
                assert!(seen.insert((name, camel)), "{text:?} gave a name twice");
            }
        }
    }
}
