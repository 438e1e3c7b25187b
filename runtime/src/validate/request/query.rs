//! Query strings and forms without a schema.

use super::pairs::Pairs;
use super::tree::{QueryError, Tree};
use crate::encoding::push_encoded;
use crate::json::{Object, Value};

/// Reads a query string or a form without a schema: `a=1&b[c]=x` is `{"a": 1, "b": {"c": "x"}}`.
///
/// Integers in canonical form, `true` and `false` get their types; empty values are `null`, and all else is text.
/// Repeated keys are lists. The rules are those of API Builder's own libraries.
///
/// # Errors
/// Returns an error if a percent sequence is malformed, an index is over 1000, brackets nest deeper than 64, there are
/// more than 10 000 pairs, or these create more than 100 000 values.
pub fn query_to_json(query: &str) -> Result<Value, QueryError> {
    query_to_tree(query).map(Tree::guessed)
}

pub(crate) fn query_to_tree(query: &str) -> Result<Tree, QueryError> {
    let pairs = Pairs::new(query);
    if pairs.too_many {
        return Err(QueryError::TooMany);
    }
    if let Some(key) = pairs.undecodable.first() {
        return Err(QueryError::Encoding((*key).to_owned()));
    }
    let encoding = |key: &str| QueryError::Encoding(key.to_owned());
    let decoded = pairs.of(None).map(|(key, value)| value.map(|value| (key, value)).map_err(|_| encoding(key)));
    let decoded = decoded.collect::<Result<Vec<_>, _>>()?;
    Tree::new(decoded.into_iter(), &pairs.values_left).map(Tree::Object)
}

/// Whether to write list indexes.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum ListIndexes {
    /// `id[0]=a&id[1]=b`
    #[default]
    Written,
    /// `id=a&id=b`
    Omitted,
}

/// Writes a query string or a form for [`query_to_json`]: `{"a": 1, "b": {"c": "x"}}` is `a=1&b[c]=x`.
///
/// `null` is an empty value; empty lists and objects write nothing. Of a list in a list only the first item can be read
/// back: the format has no more. Keys and values are encoded as in forms, except for the brackets.
pub fn json_to_query(json: &Object, indexes: ListIndexes) -> String {
    let mut query = String::new();
    for (key, value) in json {
        let mut name = String::new();
        push_encoded(&mut name, key);
        push(&mut query, &name, value, indexes);
    }
    query
}

/// `name` is already encoded.
fn push(query: &mut String, name: &str, value: &Value, indexes: ListIndexes) {
    match value {
        Value::Object(fields) => {
            for (key, value) in fields {
                let mut inner = format!("{name}[");
                push_encoded(&mut inner, key);
                inner.push(']');
                push(query, &inner, value, indexes);
            }
        }
        Value::Array(items) => {
            for (index, value) in items.iter().enumerate() {
                match indexes {
                    ListIndexes::Written => push(query, &format!("{name}[{index}]"), value, indexes),
                    ListIndexes::Omitted => push(query, name, value, indexes),
                }
            }
        }
        scalar => {
            if !query.is_empty() {
                query.push('&');
            }
            query.push_str(name);
            query.push('=');
            match scalar {
                Value::Null => {}
                Value::String(text) => push_encoded(query, text),
                other => push_encoded(query, &other.to_string()),
            }
        }
    }
}

/// Reads test cases from a file in `tests/cases`, or in the folder that `APIGEN_CORPUS` names.
#[cfg(test)]
pub(crate) fn cases(name: &str, ours: bool) -> Vec<Value> {
    let folder = match ours {
        true => std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/cases"),
        false => {
            std::env::var_os("APIGEN_CORPUS").expect("APIGEN_CORPUS names a folder of API Builder documents").into()
        }
    };
    serde_json::from_str(&std::fs::read_to_string(folder.join(name)).unwrap()).unwrap()
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

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
        assert_eq!(query_to_json(&"%&".repeat(10_001)), Err(QueryError::TooMany));
        assert_eq!(query_to_json(&format!("a{0}=1&b{0}=1", "[1000]".repeat(64))), Err(QueryError::Values));
        assert_eq!(query_to_json("key=%f").unwrap_err().to_string(), "`key` is not percent-encoded UTF-8");
    }

    #[test]
    fn our_query_strings() {
        query_strings(&cases("querystring-cases.json", true));
    }

    #[test]
    #[ignore = "reads the folder of API Builder documents that APIGEN_CORPUS names"]
    fn query_strings_of_the_folder() {
        let cases = cases("querystring-cases.json", false);
        query_strings(&cases);
        assert!(cases.len() >= 90, "the folder is incomplete");
    }

    fn query_strings(cases: &[Value]) {
        for case in cases {
            if case["direction"] == "encode" {
                let omitted = case["options"].as_array().is_some_and(|all| all.contains(&"omit_array_indexes".into()));
                let indexes = if omitted { ListIndexes::Omitted } else { ListIndexes::Written };
                let written = json_to_query(case["json"].as_object().unwrap(), indexes);
                assert_eq!(parts(&written), parts(case["query"].as_str().unwrap()), "{}", case["id"]);
                continue;
            }
            let read = query_to_json(case["query"].as_str().unwrap());
            match case["error"].as_str() {
                None => assert_eq!(read.as_ref(), Ok(&case["json"]), "{}", case["id"]),
                Some("index_too_large") => assert_eq!(read, Err(QueryError::Index), "{}", case["id"]),
                Some("too_deep") => assert_eq!(read, Err(QueryError::Depth), "{}", case["id"]),
                Some(_) => assert!(matches!(read, Err(QueryError::Encoding(_))), "{}: {read:?}", case["id"]),
            }
        }
    }

    /// Splits into pairs sorted by key; the pairs of one key stay in order.
    fn parts(query: &str) -> Vec<&str> {
        let mut parts: Vec<&str> = query.split('&').collect();
        parts.sort_by_key(|part| part.split('=').next());
        parts
    }

    #[test]
    fn what_is_written_is_read_again() {
        for json in [
            json!({}),
            json!({"a b": "c d", "é&": {"=": "+%"}, "n": -5, "big": 1.5, "t": [true, "true "]}),
            json!({"items": [{"id": 1, "x": null}, {"id": 2, "tags": ["a", "b"]}]}),
        ] {
            let query = json_to_query(json.as_object().unwrap(), ListIndexes::Written);
            let mut wanted = json.clone();
            if let Some(big) = wanted.get_mut("big") {
                *big = "1.5".into(); // only whole numbers are guessed
            }
            assert_eq!(query_to_json(&query), Ok(wanted), "{query}");
        }
    }
}
