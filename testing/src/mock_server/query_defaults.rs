//! Defaults of query parameters: what a list is filtered, sorted and paged by if a request does not say.

use std::borrow::Cow;
use std::fmt::Write as _;

use apigen_model::api::{Api, Literal, Location, Operation};
use serde_json::Value;

use crate::lower::literal;

/// The query parameters of an operation that have defaults, with the pairs of their defaults.
#[derive(Debug, Default)]
pub(super) struct QueryDefaults {
    pairs: Vec<(String, String)>,
}

impl QueryDefaults {
    pub(super) fn new(api: &Api, operation: &Operation) -> QueryDefaults {
        let parameters = operation.parameters.iter().filter(|parameter| parameter.location == Location::Query);
        let pairs = parameters.filter_map(|parameter| {
            let values = values(api, parameter.default.as_ref()?);
            let pairs = values.iter().map(|value| format!("{}={}", encoded(&parameter.name), encoded(value)));
            Some((parameter.name.clone(), pairs.collect::<Vec<_>>().join("&")))
        });
        QueryDefaults { pairs: pairs.filter(|(_, pairs)| !pairs.is_empty()).collect() }
    }

    /// Returns a query with the defaults of parameters that it does not have.
    pub(super) fn complete<'q>(&self, query: &'q str) -> Cow<'q, str> {
        let given = |name: &str| query.split('&').any(|pair| pair.split('=').next() == Some(name));
        let mut missing = self.pairs.iter().filter(|(name, _)| !given(name)).peekable();
        if missing.peek().is_none() {
            return Cow::Borrowed(query);
        }
        // Of two values the last one counts, so that a name in another encoding takes precedence.
        let mut all: Vec<&str> = missing.map(|(_, pairs)| pairs.as_str()).collect();
        all.extend(Some(query).filter(|query| !query.is_empty()));
        Cow::Owned(all.join("&"))
    }
}

/// Returns the texts of a default: one for each element of a list.
fn values(api: &Api, default: &Literal) -> Vec<String> {
    match default {
        Literal::List(items) => items.iter().flat_map(|item| values(api, item)).collect(),
        single => {
            let json = literal(api, single);
            vec![
                serde_json::from_str::<Value>(&json)
                    .ok()
                    .and_then(|own| own.as_str().map(str::to_owned))
                    .unwrap_or(json),
            ]
        }
    }
}

fn encoded(text: &str) -> String {
    text.bytes().fold(String::new(), |mut out, byte| {
        match byte {
            b'a'..=b'z' | b'A'..=b'Z' | b'0'..=b'9' | b'-' | b'.' | b'_' | b'~' => out.push(char::from(byte)),
            // Writing to a text cannot fail.
            _ => drop(write!(out, "%{byte:02X}")),
        }
        out
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_missing_parameters_get_their_defaults() {
        let pair = |name: &str, pairs: &str| (name.to_owned(), pairs.to_owned());
        let defaults =
            QueryDefaults { pairs: vec![pair("limit", "limit=25"), pair("sort", "sort=-at"), pair("a", "a=1&a=2")] };
        for (query, expected) in [
            ("", "limit=25&sort=-at&a=1&a=2"),
            ("sort=", "limit=25&a=1&a=2&sort="),
            ("limit=1&sort=x&a", "limit=1&sort=x&a"),
            ("x=limit&l%69mit=1", "limit=25&sort=-at&a=1&a=2&x=limit&l%69mit=1"),
        ] {
            assert_eq!(defaults.complete(query), expected, "{query}");
        }
        assert_eq!(QueryDefaults::default().complete("x"), "x");
    }
}
