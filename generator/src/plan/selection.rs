//! Selects the operations to generate. Types that only other operations need are omitted with them.

use super::symbols::Symbols;
use super::type_override::glob;
use crate::option_error::OptionError;
use apigen_model::api::{Api, Id, Role, Service};
use apigen_model::vocabulary::http::with_upper_method;
use apigen_model::vocabulary::suggestions::meant;

/// Patterns of operations. A pattern is the id of an operation (`users.get_by_guid`), a resource (`users`), or a path
/// with or without a method (`/users/:guid`, `GET /users/*`); `*` stands for any text.
#[derive(Debug, Clone, Default)]
pub struct Selection {
    /// Operations must match one of these to be generated; all do if there are none.
    pub include: Vec<String>,
    /// Operations that match one of these are not generated.
    pub exclude: Vec<String>,
    /// No operation is generated, whatever matches.
    pub types_only: bool,
}

impl Selection {
    pub fn is_everything(&self) -> bool {
        self.include.is_empty() && self.exclude.is_empty() && !self.types_only
    }

    /// Removes unselected operations from the model and from the names, which remain as if everything were generated.
    /// Returns the patterns that match nothing.
    pub fn apply(&self, api: &mut Api, symbols: &mut Symbols) -> Vec<OptionError> {
        if self.is_everything() {
            return Vec::new();
        }
        let (mut matched, mut known) = (vec![false; self.patterns().count()], Vec::new());
        // Only types of imported services are generated.
        let requested = |id: &Id<Service>| api.services[*id].role == Role::Requested;
        for id in api.services.ids().filter(requested).collect::<Vec<_>>() {
            let (resources, names) = (&mut api.services[id].resources, &mut symbols.services[id.index()].resources);
            for (resource, names) in resources.iter_mut().zip(names.iter_mut()) {
                let accessor = names.accessor.as_str();
                let methods = names.operations.iter().map(|o| format!("{accessor}.{}", o.method.as_str()));
                let described = resource.operations.iter().zip(methods).map(|(operation, id)| {
                    let path = operation.path.as_str();
                    let route = format!("{} {path}", operation.method.as_str());
                    [accessor.to_owned(), resource.type_text.clone(), id, path.to_owned(), route]
                });
                let described: Vec<Described> = described.collect();
                let keep: Vec<bool> = described.iter().map(|names| self.keeps(names, &mut matched)).collect();
                retain(&mut resource.operations, &keep);
                retain(&mut names.operations, &keep);
                known.extend(described);
            }
            let keep: Vec<bool> = resources.iter().map(|resource| !resource.operations.is_empty()).collect();
            retain(resources, &keep);
            retain(names, &keep);
        }
        let unmatched = self.patterns().zip(matched).filter(|(_, matched)| !matched);
        unmatched.map(|((option, pattern), _)| nothing(option, pattern, &known)).collect()
    }

    /// Iterates over all patterns, each with its option.
    pub fn patterns(&self) -> impl Iterator<Item = (&'static str, &str)> {
        let include = self.include.iter().map(|pattern| ("include", pattern.as_str()));
        include.chain(self.exclude.iter().map(|pattern| ("exclude", pattern.as_str())))
    }

    fn keeps(&self, names: &Described, matched: &mut [bool]) -> bool {
        let (mut included, mut excluded) = (self.include.is_empty(), false);
        for ((option, pattern), matched) in self.patterns().zip(matched) {
            let pattern = with_upper_method(pattern);
            if names.iter().any(|name| glob(&pattern, name)) {
                *matched = true;
                if option == "include" { included = true } else { excluded = true }
            }
        }
        included && !excluded && !self.types_only
    }
}

/// What identifies an operation in a pattern: its resource in Rust and in the spec, its id, its path, and its route.
type Described = [String; 5];

/// Reports a pattern that matches no operation.
fn nothing(option: &'static str, pattern: &str, known: &[Described]) -> OptionError {
    // The most common forms come first.
    let order = [0, 2, 4, 3, 1];
    let words: Vec<&str> = order.iter().flat_map(|at| known.iter().map(|names| names[*at].as_str())).collect();
    let (head, rest) = pattern.split_at(pattern.find('*').unwrap_or(pattern.len()));
    let near = if rest.is_empty() {
        meant(pattern, &words).map(str::to_owned)
    } else {
        // The beginnings of the same length as the text before the first `*`.
        let size = head.chars().count();
        let heads: Vec<String> = words.iter().map(|word| word.chars().take(size).collect()).collect();
        let near = meant(head, &heads.iter().map(String::as_str).collect::<Vec<_>>());
        near.map(|near| format!("{near}{rest}")).filter(|near| words.iter().any(|word| glob(near, word)))
    };
    let help = match known.first() {
        Some([resource, _, id, _, route]) => {
            format!("write a resource, an id or a route, for example `{resource}`, `{id}` or `{route}`")
        }
        None => "the spec has no operations".to_owned(),
    };
    let message = format!("no operation matches `{pattern}`");
    OptionError::new("E056", option, pattern, message, help).near(near)
}

fn retain<T>(items: &mut Vec<T>, keep: &[bool]) {
    let mut keep = keep.iter();
    items.retain(|_| keep.next().copied().unwrap_or(true));
}

#[cfg(test)]
mod tests {
    use super::glob;

    #[test]
    fn stars_stand_for_any_text() {
        for (pattern, text, matches) in [
            ("users", "users", true),
            ("users", "users.get", false),
            ("users.*", "users.get", true),
            ("GET /*", "GET /users/:guid", true),
            ("*", "", true),
            ("/a/*/b", "/a/x/y/b", true),
            ("/a/*/b", "/a/b", false),
            ("a*a", "a", false),
            ("a*b*c", "aXbYc", true),
            ("a*b*c", "aXcYb", false),
        ] {
            assert_eq!(glob(pattern, text), matches, "{pattern} {text}");
        }
    }
}
