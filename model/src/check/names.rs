//! Checks of names: validity and duplicates (format reference, 2.10 and 2.11).

use std::collections::HashMap;

use super::Checker;
use crate::parse::service::Text;
use crate::vocabulary::suggestions;

impl Checker<'_> {
    /// Checks a name. In published documents an invalid one is a warning if `lenient`.
    pub fn name(&mut self, label: &str, name: &Text, lenient: bool) {
        let Some((reasons, help)) = invalid(&name.value) else { return };
        let report = if lenient { Self::error_by_form } else { Self::error };
        report(self, "E020", name.at, format!("{label}name is invalid: {reasons}"), help.as_deref());
    }

    /// Reports names that are equal after folding; the message gets the name as written the second time.
    pub fn duplicates<'t>(&mut self, names: impl IntoIterator<Item = &'t Text>, message: impl Fn(&str) -> String) {
        let mut seen: HashMap<String, &Text> = HashMap::new();
        for name in names {
            let folded = fold(&name.value);
            match seen.get(&folded) {
                Some(first) => {
                    let line = self.report.line(self.scope.units[self.scope.unit].document, first.at.start);
                    let help = match first.value == name.value {
                        true => format!("the first one is in line {line}"),
                        false => format!("`{}` in line {line} is treated as the same name", first.value),
                    };
                    self.error("E022", name.at, message(&name.value), Some(&help));
                }
                None => drop(seen.insert(folded, name)),
            }
        }
    }
}

/// Returns why a name is invalid, if it is, and a similar valid one as advice.
pub fn invalid(name: &str) -> Option<(String, Option<String>)> {
    let mut reasons = Vec::new();
    let help = || suggestions::for_name(name).map(|valid| format!("`{valid}` would be valid"));
    if name.trim().is_empty() {
        return Some(("it cannot be empty".to_owned(), help()));
    }
    if !name.chars().all(|c| c.is_ascii_alphanumeric() || "-_.".contains(c)) {
        reasons.push("it can only contain a-z, A-Z, 0-9, `-`, `_` and `.`");
    }
    let start = name.starts_with(|c: char| c.is_ascii_alphabetic()) || (name.starts_with('_') && name.len() > 1);
    if !start {
        reasons.push("it must start with a letter");
    }
    (!reasons.is_empty()).then(|| (reasons.join("; "), help()))
}

/// Returns the form in which names are compared for duplicates.
pub fn fold(name: &str) -> String {
    if name == name.to_uppercase() {
        return name.to_lowercase().trim().to_owned();
    }
    let mut folded = String::new();
    for c in name.chars() {
        if c.is_ascii_uppercase() {
            folded.push('_');
        }
        folded.extend(c.to_lowercase());
    }
    folded.strip_prefix('_').unwrap_or(&folded).trim().to_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_fold() {
        for (a, b, same) in [
            ("someId", "some_id", true),
            ("KEY", "key", true),
            ("Foo", "foo", true),
            ("X-Foo", "x-foo", false),
            ("userID", "user_id", false),
        ] {
            assert_eq!(fold(a) == fold(b), same, "{a} {b}");
        }
    }

    #[test]
    fn names_are_checked() {
        for name in ["_id", "geo.lat", "max-size", "A1"] {
            assert_eq!(invalid(name), None, "{name}");
        }
        for name in ["_", "3d", "é", "two words", "", " "] {
            assert!(invalid(name).is_some(), "{name}");
        }
    }
}
