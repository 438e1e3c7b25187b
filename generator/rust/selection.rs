//! Which operations are generated. Types that only others need are left out with them.

use super::symbols::Symbols;
use crate::ir::{Api, Operation, Resource};

/// Patterns of operations. A pattern is the id of an operation (`users.get_by_guid`), a resource (`users`), or a path with or
/// without a method (`/users/:guid`, `GET /users/*`); `*` stands for any text.
#[derive(Debug, Clone, Default)]
pub struct Selection {
    /// Only what matches one of these is generated; everything if there are none.
    pub include: Vec<String>,
    /// What matches one of these is not generated.
    pub exclude: Vec<String>,
}

impl Selection {
    /// Whether everything is generated.
    pub fn is_everything(&self) -> bool {
        self.include.is_empty() && self.exclude.is_empty()
    }

    /// Takes what is not selected out of the model and out of the names, which stay as they would be with everything.
    pub fn apply(&self, api: &mut Api, symbols: &mut Symbols) {
        if self.is_everything() {
            return;
        }
        let mut matched = vec![false; self.include.len() + self.exclude.len()];
        let ids: Vec<_> = api.services.ids().collect();
        for id in ids {
            let (resources, names) = (&mut api.services[id].resources, &mut symbols.services[id.index()].resources);
            for (resource, names) in resources.iter_mut().zip(names.iter_mut()) {
                let accessor = names.accessor.as_str().to_owned();
                let methods = names.operations.iter().map(|o| format!("{accessor}.{}", plain(o.method.as_str())));
                let methods: Vec<String> = methods.collect();
                let keep: Vec<bool> = resource
                    .operations
                    .iter()
                    .zip(&methods)
                    .map(|(operation, id)| self.keeps(resource, &accessor, id, operation, &mut matched))
                    .collect();
                retain(&mut resource.operations, &keep);
                retain(&mut names.operations, &keep);
            }
            let keep: Vec<bool> = resources.iter().map(|resource| !resource.operations.is_empty()).collect();
            retain(resources, &keep);
            retain(names, &keep);
        }
        let patterns = self.include.iter().chain(&self.exclude).zip(matched);
        let unmatched = patterns.filter(|(_, matched)| !matched);
        symbols.notes.extend(unmatched.map(|(pattern, _)| format!("no operation matches `{pattern}`")));
    }

    fn keeps(
        &self,
        resource: &Resource,
        accessor: &str,
        id: &str,
        operation: &Operation,
        matched: &mut [bool],
    ) -> bool {
        let path = operation.path.as_str();
        let route = format!("{} {path}", operation.method.as_str());
        let names = [accessor, resource.type_text.as_str(), id, path, &route];
        let (mut included, mut excluded) = (self.include.is_empty(), false);
        for (index, pattern) in self.include.iter().chain(&self.exclude).enumerate() {
            if names.iter().any(|name| glob(pattern, name)) {
                matched[index] = true;
                if index < self.include.len() { included = true } else { excluded = true }
            }
        }
        included && !excluded
    }
}

fn plain(name: &str) -> &str {
    name.strip_prefix("r#").unwrap_or(name)
}

fn retain<T>(items: &mut Vec<T>, keep: &[bool]) {
    let mut keep = keep.iter();
    items.retain(|_| keep.next().copied().unwrap_or(true));
}

/// Whether a pattern matches a whole text; `*` stands for any text, everything else for itself.
fn glob(pattern: &str, text: &str) -> bool {
    let mut parts = pattern.split('*');
    let Some(mut rest) = parts.next().and_then(|first| text.strip_prefix(first)) else { return false };
    let parts: Vec<&str> = parts.collect();
    let Some((last, middle)) = parts.split_last() else { return rest.is_empty() };
    for part in middle {
        match rest.find(part) {
            Some(at) => rest = &rest[at + part.len()..],
            None => return false,
        }
    }
    rest.len() >= last.len() && rest.ends_with(last)
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
