//! Query strings and forms whose types nobody knows.

use std::fmt;

use super::pairs::Pairs;
use super::tree::{Tree, TreeError};
use crate::Value;

/// Reads a query string or a form without a schema: `a=1&b[c]=x` is `{"a": 1, "b": {"c": "x"}}`.
///
/// Whole numbers that print back the same and `true` and `false` get their types, empty values are `null`, all else is
/// text; repeated keys are lists. The rules are those of API Builder's own libraries.
///
/// # Errors
/// A percent sequence is malformed, an index is over 1000, brackets nest deeper than 64, or there are more than 10 000 pairs.
pub fn query_to_json(query: &str) -> Result<Value, QueryError> {
    let pairs = Pairs::new(query);
    if pairs.too_many {
        return Err(QueryError::TooMany);
    }
    if let Some(key) = pairs.broken.first() {
        return Err(QueryError::Encoding((*key).to_owned()));
    }
    let decoded: Result<Vec<(&str, &str)>, QueryError> = pairs
        .of(None)
        .map(|(key, value)| value.map(|value| (key, value)).map_err(|_| QueryError::Encoding(key.to_owned())))
        .collect();
    let fields = Tree::new(decoded?.into_iter()).map_err(|error| match error {
        TreeError::Index => QueryError::Index,
        TreeError::Depth => QueryError::Depth,
    })?;
    Ok(Tree::Object(fields).guessed())
}

/// Why a query string cannot be read.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub enum QueryError {
    /// A key, or the value of this key, is not percent-encoded UTF-8.
    Encoding(String),
    /// The index of a list is over 1000.
    Index,
    /// Brackets nest deeper than 64.
    Depth,
    /// There are more than 10 000 pairs.
    TooMany,
}

impl fmt::Display for QueryError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            QueryError::Encoding(key) => write!(f, "`{key}` is not percent-encoded UTF-8"),
            QueryError::Index => write!(f, "expected {}", TreeError::Index),
            QueryError::Depth => write!(f, "expected {}", TreeError::Depth),
            QueryError::TooMany => f.write_str("there are more than 10000 pairs"),
        }
    }
}

impl std::error::Error for QueryError {}

/// Cases of the folder that `APIGEN_CORPUS` names; says so if there is none.
#[cfg(test)]
pub(super) fn cases(name: &str) -> Option<Vec<Value>> {
    let Some(folder) = std::env::var_os("APIGEN_CORPUS") else {
        // Not by a macro, whose text is hidden when a test passes.
        let text = b"skipped: APIGEN_CORPUS names no folder of API Builder documents\n";
        std::io::Write::write_all(&mut std::io::stderr(), text).unwrap();
        return None;
    };
    let text = std::fs::read_to_string(std::path::Path::new(&folder).join(name)).unwrap();
    Some(serde_json::from_str(&text).unwrap())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn brackets_nest_and_types_are_guessed() {
        for (query, json) in [
            ("a=1&b[c]=x&&=9", r#"{"a":1,"b":{"c":"x"}}"#),
            ("n=007&m=-0&z=-5&t=true&w=null&e=", r#"{"e":null,"m":"-0","n":"007","t":true,"w":"null","z":-5}"#),
            ("l[]=a&l[]=b&m[1]=x", r#"{"l":["a","b"],"m":[null,"x"]}"#),
            ("a[b=1&[x]=2&c[]d=3", r#"{"[x]":2,"a[b":1,"c[]d":3}"#),
        ] {
            assert_eq!(query_to_json(query).unwrap().to_string(), json, "{query}");
        }
        let deep = format!("a{}=1", "[b]".repeat(65));
        assert_eq!(query_to_json(&deep), Err(QueryError::Depth));
        assert_eq!(query_to_json("a[1001]=1"), Err(QueryError::Index));
        assert_eq!(query_to_json(&"a&".repeat(10_001)), Err(QueryError::TooMany));
        assert_eq!(query_to_json("key=%f").unwrap_err().to_string(), "`key` is not percent-encoded UTF-8");
    }

    #[test]
    fn query_string_cases() {
        let Some(cases) = cases("querystring-cases.json") else { return };
        let mut count = 0;
        // What is written by clients has a test of its own (`http_encoding`).
        for case in cases.iter().filter(|case| case["direction"] != "encode") {
            let read = query_to_json(case["query"].as_str().unwrap());
            match case["error"].as_str() {
                None => assert_eq!(read.as_ref(), Ok(&case["json"]), "{}", case["id"]),
                Some("index_too_large") => assert_eq!(read, Err(QueryError::Index), "{}", case["id"]),
                Some(_) => assert!(matches!(read, Err(QueryError::Encoding(_))), "{}: {read:?}", case["id"]),
            }
            count += 1;
        }
        assert!(count >= 50, "the corpus is incomplete");
    }
}
