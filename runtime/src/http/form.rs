use std::collections::BTreeMap;

use percent_encoding::{AsciiSet, NON_ALPHANUMERIC, utf8_percent_encode};
use serde_json::value::RawValue;

/// What `application/x-www-form-urlencoded` keeps as it is (WHATWG URL, section 5.2), apart from the space.
const FORM: &AsciiSet = &NON_ALPHANUMERIC.remove(b'*').remove(b'-').remove(b'.').remove(b'_');

/// Unreserved characters of RFC 3986; what else may stay in a query string, servers do not agree on.
const QUERY: &AsciiSet = &NON_ALPHANUMERIC.remove(b'-').remove(b'.').remove(b'_').remove(b'~');

/// Appends `name=value` to a query string. A space becomes `%20`, which every server reads alike.
pub(super) fn push_query(query: &mut String, name: &str, value: &str) {
    separate(query);
    query.extend(utf8_percent_encode(name, QUERY));
    query.push('=');
    query.extend(utf8_percent_encode(value, QUERY));
}

/// Whether a name in a query string is this one.
pub(super) fn is_query_name(encoded: &str, name: &str) -> bool {
    utf8_percent_encode(name, QUERY).to_string() == encoded
}

/// Appends a JSON text to a form: scalars as plain text, objects and lists flattened to `a[b][0]`; `null` and empty
/// collections send nothing. Numbers keep their digits.
pub(super) fn push_json(form: &mut String, name: &str, json: &RawValue) -> Result<(), serde_json::Error> {
    let text = json.get();
    match text.as_bytes().first() {
        Some(b'{') => {
            let fields: BTreeMap<String, &RawValue> = serde_json::from_str(text)?;
            fields.iter().try_for_each(|(key, value)| push_json(form, &format!("{name}[{key}]"), value))
        }
        Some(b'[') => {
            let items: Vec<&RawValue> = serde_json::from_str(text)?;
            items.iter().enumerate().try_for_each(|(index, value)| push_json(form, &format!("{name}[{index}]"), value))
        }
        Some(b'"') => {
            push_pair(form, name, &serde_json::from_str::<String>(text)?);
            Ok(())
        }
        Some(b'n') => Ok(()),
        _ => {
            push_pair(form, name, text);
            Ok(())
        }
    }
}

fn push_pair(form: &mut String, name: &str, value: &str) {
    separate(form);
    push_encoded(form, name);
    form.push('=');
    push_encoded(form, value);
}

/// Encodes a name or a value of a form.
pub(crate) fn push_encoded(form: &mut String, text: &str) {
    for (index, word) in text.split(' ').enumerate() {
        if index > 0 {
            form.push('+');
        }
        form.extend(utf8_percent_encode(word, FORM));
    }
}

fn separate(pairs: &mut String) {
    if !pairs.is_empty() {
        pairs.push('&');
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn flattens_json() {
        let cases = [
            ("null", ""),
            ("[]", ""),
            ("{}", ""),
            (r#""""#, "f="),
            (r#""a b+c&d=é\n~""#, "f=a+b%2Bc%26d%3D%C3%A9%0A%7E"),
            ("true", "f=true"),
            ("12345678901234567890.10", "f=12345678901234567890.10"),
            (r#"[1,null,"x"]"#, "f%5B0%5D=1&f%5B2%5D=x"),
            (r#"{"a b":{"c":[{"d":1}]},"e":null,"g":""}"#, "f%5Ba+b%5D%5Bc%5D%5B0%5D%5Bd%5D=1&f%5Bg%5D="),
        ];
        for (json, expected) in cases {
            let mut form = String::new();
            push_json(&mut form, "f", serde_json::from_str(json).unwrap()).unwrap();
            assert_eq!(form, expected, "{json}");
        }
    }

    #[test]
    fn query_pairs() {
        let mut query = String::new();
        push_query(&mut query, "a[]", "x y+z&'~");
        push_query(&mut query, "b", "");
        assert_eq!(query, "a%5B%5D=x%20y%2Bz%26%27~&b=");
    }
}
