//! Suggestions for likely mistakes: similar names, keys of other formats, and the form of values.

use strsim::osa_distance;

use super::type_text::Primitive;
use crate::checkpoint::checkpoint;

/// Keys that are accepted, but never suggested.
const TOLERATED: &[&str] = &["apidoc", "code", "enum", "interface", "model", "union"];

/// Keys, and what they are called in other formats.
const SYNONYMS: &[(&str, &str)] = &[
    ("description", "summary"),
    ("fields", "properties"),
    ("interfaces", "extends implements"),
    ("location", "in"),
    ("maximum", "max maxLength"),
    ("method", "verb"),
    ("minimum", "min minLength"),
    ("models", "schemas"),
    ("name", "title"),
    ("operations", "endpoints"),
    ("path", "url"),
    ("resources", "paths"),
    ("responses", "code returns"),
    ("type", "$ref ref"),
    ("types", "items members oneOf"),
];

/// Types, and what they are called in other languages and formats.
const TYPES: &[(&str, &str)] = &[
    ("boolean", "bool"),
    ("date-iso8601", "date"),
    ("date-time-iso8601", "date-time datetime timestamp"),
    ("decimal", "bigdecimal money number"),
    ("double", "float"),
    ("integer", "int int32"),
    ("json", "any"),
    ("long", "int64"),
    ("string", "str text"),
    ("unit", "null void"),
    ("uuid", "guid"),
];

/// Returns what a word of another format is called here.
fn synonym(table: &[(&'static str, &str)], word: &str) -> Option<&'static str> {
    let is_it = |(_, words): &&(&str, &str)| words.split(' ').any(|other| other == word);
    table.iter().find(is_it).map(|(here, _)| *here)
}

/// Returns what to write instead of an unknown key.
pub(crate) fn for_key(key: &str, known: &[&str]) -> String {
    if let Some(near) = near(key, known) {
        return near;
    }
    if ["nullable", "optional"].contains(&key) && known.contains(&"required") {
        return "to make it optional, write `\"required\": false`".to_owned();
    }
    if let Some(here) = synonym(SYNONYMS, key).filter(|here| known.contains(here)) {
        return format!("this is called `{here}` here");
    }
    // The name of a declaration is its key.
    let named = known.contains(&"plural");
    let shown: Vec<&str> =
        known.iter().copied().filter(|k| !TOLERATED.contains(k) && (!named || *k != "name")).collect();
    format!("allowed keys: {}", shown.join(", "))
}

/// Returns how the value of a key is written, if it must be an array (or else an object).
pub(crate) fn shape(key: &str, array: bool) -> Option<&'static str> {
    Some(match (key, array) {
        ("fields" | "parameters" | "headers", true) => "[{\"name\": \"…\", \"type\": \"…\"}]",
        ("values", true) => "[{\"name\": \"…\"}]",
        ("types", true) => "[{\"type\": \"…\"}]",
        ("operations", true) => "[{\"method\": \"GET\"}]",
        ("imports", true) => "[{\"uri\": \"https://…\"}]",
        ("attributes", true) => "[{\"name\": \"…\", \"value\": {…}}]",
        ("interfaces" | "annotations", true) => "[\"…\"]",
        ("models" | "interfaces", false) => "{\"NAME\": {\"fields\": […]}}",
        ("enums", false) => "{\"NAME\": {\"values\": […]}}",
        ("unions", false) => "{\"NAME\": {\"types\": […]}}",
        ("resources", false) => "{\"TYPE\": {\"operations\": […]}}",
        ("annotations", false) => "{\"NAME\": {}}",
        ("responses", false) => "{\"200\": {\"type\": \"…\"}}",
        ("deprecation", false) => "{\"description\": \"…\"}",
        _ => return None,
    })
}

/// Suggests a known type for an unknown one: its equivalent, or the nearest of `declared`.
pub(crate) fn for_type(base: &str, declared: &[&str]) -> Option<String> {
    let lower = base.to_ascii_lowercase();
    if let Some(inner) = base.strip_suffix("[]") {
        return Some(format!("a list is written `[{inner}]`"));
    }
    if lower.contains(['<', ',', '[', ']']) || lower == "array" || lower == "list" {
        return Some("a list is written `[type]`, and a map, whose keys are always strings, `map[type]`".to_owned());
    }
    let exact = declared.iter().find(|name| name.to_ascii_lowercase() == lower).copied();
    let by_short = || declared.iter().find(|full| full.rsplit('.').next() == Some(base)).copied();
    let all = || Primitive::ALL.iter().map(|(_, name)| name).chain(declared).copied().collect::<Vec<&str>>();
    let near = exact.or_else(by_short).or_else(|| synonym(TYPES, &lower)).or_else(|| closest(base, &all()))?;
    Some(format!("did you mean `{near}`?"))
}

/// Returns a valid name similar to an invalid one.
pub(crate) fn for_name(name: &str) -> Option<String> {
    let mut valid = String::new();
    for c in name.trim().chars() {
        match c {
            'ä' | 'Ä' => valid.push_str("ae"),
            'ö' | 'Ö' => valid.push_str("oe"),
            'ü' | 'Ü' => valid.push_str("ue"),
            'ß' => valid.push_str("ss"),
            c if c.is_ascii_alphanumeric() || "-_.".contains(c) => valid.push(c),
            _ if !valid.ends_with('_') => valid.push('_'),
            _ => {}
        }
    }
    let valid = valid.trim_matches(|c: char| !c.is_ascii_alphanumeric());
    let start = valid.chars().next()?;
    Some(if start.is_ascii_digit() { format!("_{valid}") } else { valid.to_owned() })
}

/// Suggests the known word that is closest to an unknown one.
pub(crate) fn near(word: &str, known: &[&str]) -> Option<String> {
    closest(word, known).map(|near| format!("did you mean `{near}`?"))
}

/// Formats the beginning of a list of names that may be long.
pub fn shown(names: &[&str]) -> String {
    const MAX: usize = 20;
    let shown = names[..names.len().min(MAX)].join(", ");
    match names.len().saturating_sub(MAX) {
        0 => shown,
        more => format!("{shown} and {more} more"),
    }
}

/// Returns the likely intended word: the same letters and digits in another spelling (`UserForm`, `/users/{guid}`), a
/// near word, or the only one with the same ending.
pub fn meant<'k>(text: &str, known: &[&'k str]) -> Option<&'k str> {
    let plain = |text: &str| text.chars().filter(char::is_ascii_alphanumeric).collect::<String>().to_ascii_lowercase();
    let wanted = plain(text);
    if wanted.is_empty() {
        return None;
    }
    let end = |word: &str| word.rsplit(['.', ' ']).next().map(plain).is_some_and(|end| end == wanted);
    let mut same = known.iter().copied().filter(|word| plain(word) == wanted);
    let mut ends = known.iter().copied().filter(|word| end(word));
    let only = || ends.next().filter(|_| ends.next().is_none());
    same.next().or_else(|| closest(text, known)).or_else(only)
}

/// Returns the known word that is at most two edits away (letters changed, added, removed, or swapped with the next);
/// one edit for short words.
pub fn closest<'k>(word: &str, known: &[&'k str]) -> Option<&'k str> {
    if word.len() > 60 {
        return None;
    }
    let most = if word.chars().count() <= 4 { 1 } else { 2 };
    let distances = known.iter().map(|candidate| {
        checkpoint();
        (osa_distance(word, candidate), *candidate)
    });
    distances
        .filter(|(distance, candidate)| *distance <= most && *distance < candidate.len())
        .min()
        .map(|(_, word)| word)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn types_are_guessed() {
        for (base, guess) in [
            ("int", "did you mean `integer`?"),
            ("sting", "did you mean `string`?"),
            ("person", "did you mean `acme.models.person`?"),
            ("Book", "did you mean `book`?"),
            ("book[]", "a list is written `[book]`"),
        ] {
            assert_eq!(for_type(base, &["acme.models.person", "book"]).as_deref(), Some(guess));
        }
        assert_eq!(for_type("shelf", &["book"]), None);
    }

    #[test]
    fn near_words_are_found() {
        for (word, near) in [("GTE", Some("GET")), ("LEND", None), ("PSOT", Some("POST")), ("DELTE", Some("DELETE"))] {
            assert_eq!(closest(word, &["GET", "HEAD", "POST", "DELETE"]), near);
        }
    }

    #[test]
    fn other_spellings_are_understood() {
        let known = ["users", "users.get_by_guid", "GET /users/:guid", "orders.get"];
        for (text, wanted) in [
            ("usres", Some("users")),
            ("Users", Some("users")),
            ("users::GetByGuid", Some("users.get_by_guid")),
            ("get_by_guid", Some("users.get_by_guid")),
            ("get /users/{guid}", Some("GET /users/:guid")),
            ("order.get", Some("orders.get")),
            ("visits", None),
            ("*", None),
        ] {
            assert_eq!(meant(text, &known), wanted, "{text}");
        }
    }

    #[test]
    fn names_are_mended() {
        for (name, valid) in [("is it?", "is_it"), ("2nd try", "_2nd_try"), ("größe", "groesse"), ("a/b", "a_b")] {
            assert_eq!(for_name(name).as_deref(), Some(valid));
        }
        assert_eq!(for_name("!!"), None);
    }
}
