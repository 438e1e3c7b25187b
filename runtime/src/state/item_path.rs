//! Paths that identify items.

use percent_encoding::percent_decode_str;

use crate::encoding::variable;

#[derive(Debug, Clone)]
pub(super) struct Parent {
    /// The segment before its variable (`users` of `/users/:guid/visits`), or else the variable's own name: operations
    /// may name the variable differently.
    pub(super) above: String,
    pub(super) variable: String,
    pub(super) value: String,
}

#[derive(Debug, Clone)]
pub(super) struct ItemPath {
    pub(super) parents: Vec<Parent>,
    /// The last segment, if that is a variable.
    pub(super) key: Option<String>,
}

impl ItemPath {
    /// Parses a path by the template that it was expanded from.
    pub(super) fn read(template: &str, path: &str) -> ItemPath {
        let segments = |path: &str| path.split('/').filter(|part| !part.is_empty()).map(str::to_owned).collect();
        let (template, path): (Vec<String>, Vec<String>) = (segments(template), segments(path));
        let mut place = ItemPath { parents: Vec::new(), key: None };
        for (index, (part, value)) in template.iter().zip(path).enumerate() {
            let Some((name, _)) = variable(part) else { continue };
            let value = percent_decode_str(&value).decode_utf8_lossy().into_owned();
            if index + 1 == template.len() {
                place.key = Some(value);
            } else {
                let before = index.checked_sub(1).map(|before| &template[before]);
                let above = before.filter(|before| variable(before).is_none()).map_or(name, String::as_str);
                place.parents.push(Parent { above: above.to_owned(), variable: name.to_owned(), value });
            }
        }
        place
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn variables_are_parents_or_the_key() {
        let place = ItemPath::read("/:org/users/:guid/visits/:id", "/acme/users/a%2Fb/visits/7");
        let parents: Vec<_> = place.parents.iter().map(|p| [&*p.above, &*p.variable, &*p.value]).collect();
        assert_eq!(parents, [["org", "org", "acme"], ["users", "guid", "a/b"]]);
        assert_eq!(place.key.as_deref(), Some("7"));
        assert_eq!(ItemPath::read("/users/", "/users/").key, None);
    }
}
