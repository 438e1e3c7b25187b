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
