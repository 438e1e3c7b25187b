//! Encodes query strings and forms, so that values survive a round trip.

use std::collections::BTreeMap;

use percent_encoding::{AsciiSet, utf8_percent_encode};
use serde_json::value::RawValue;

use super::path::all_but;
use crate::json::{ToJson, Writer};

/// The characters that `application/x-www-form-urlencoded` keeps (WHATWG URL, section 5.2), apart from the space.
const FORM: &AsciiSet = &all_but(b"*-._");

/// The unreserved characters of RFC 3986; servers do not agree on others in a query string.
const QUERY: &AsciiSet = &all_but(b"-._~");

/// The limits of our servers: pairs, index of a list, and brackets in a key.
const MAX_PAIRS: usize = 10_000;
const LARGEST: usize = 1000;
const DEEPEST: usize = 64;

/// The message for a query string or a form with more pairs.
pub(crate) const TOO_MANY: &str = "too many values: at most 10000 are allowed";

/// Encoded pairs: a query string.
#[derive(Default)]
pub(crate) struct Query {
    text: String,
    pairs: usize,
}

impl Query {
    /// Appends `name=value`. A space becomes `%20`, which all servers decode alike.
    pub(crate) fn push(&mut self, name: &str, value: &str) {
        self.add(name, value, |query, text| query.extend(utf8_percent_encode(text, QUERY)));
    }

    fn add(&mut self, name: &str, value: &str, encode: fn(&mut String, &str)) {
        if self.pairs > 0 {
            self.text.push('&');
        }
        self.pairs += 1;
        encode(&mut self.text, name);
        self.text.push('=');
        encode(&mut self.text, value);
    }

    pub(crate) fn has_too_many(&self) -> bool {
        self.pairs > MAX_PAIRS
    }

    pub(crate) fn as_str(&self) -> &str {
        &self.text
    }
}

/// Returns true if an encoded name in a query string is this one.
pub(crate) fn is_query_name(encoded: &str, name: &str) -> bool {
    utf8_percent_encode(name, QUERY).to_string() == encoded
}

/// A form. Scalars are plain text, objects and lists are flattened to `a[b][0]`; numbers keep their digits.
#[derive(Default)]
pub(crate) struct Form(Query);

impl Form {
    /// Appends a parameter. An empty list or object sends nothing; a required parameter is then decoded as empty. Fails
    /// for a value that would not survive a round trip. The error repeats no value, but may name a key.
    pub(crate) fn push(&mut self, name: &str, value: &dyn ToJson) -> Result<(), String> {
        let mut writer = Writer::of_form();
        value.write(&mut writer);
        let json = writer.finish()?;
        let empty = matches!(json.as_str(), "[]" | "{}");
        match empty && value.is_optional() {
            true => Err("an empty value cannot be distinguished from an absent one".to_owned()),
            false if empty => Ok(()),
            false => self.push_json(name, &json, 0),
        }
    }

    fn push_json(&mut self, name: &str, text: &str, depth: usize) -> Result<(), String> {
        let nested = text.starts_with(['{', '[']);
        if nested && depth >= DEEPEST {
            return Err(format!("it is nested deeper than {DEEPEST} levels"));
        }
        if nested && depth == 0 && name.contains(['[', ']']) {
            return Err("a name with brackets can have no nested values".to_owned());
        }
        match text.as_bytes().first() {
            Some(b'{') => self.push_object(name, text, depth),
            Some(b'[') => self.push_list(name, text, depth),
            Some(b'"') => self.push_pair(name, &parsed::<String>(text)?),
            Some(b'n') => Ok(()),
            _ => self.push_pair(name, text),
        }
    }

    fn push_object(&mut self, name: &str, text: &str, depth: usize) -> Result<(), String> {
        let fields: BTreeMap<String, &RawValue> = parsed(text)?;
        for (key, value) in fields {
            if let Some(what) = misread(&key) {
                return Err(format!("it has a key that is {what}"));
            }
            if matches!(value.get(), "[]" | "{}") {
                return Err("a nested empty list or object cannot be distinguished from an absent one".to_owned());
            }
            self.push_json(&format!("{name}[{key}]"), value.get(), depth + 1)?;
        }
        Ok(())
    }

    fn push_list(&mut self, name: &str, text: &str, depth: usize) -> Result<(), String> {
        let items: Vec<&RawValue> = parsed(text)?;
        if items.len() > LARGEST + 1 {
            return Err(format!("a list can have {} elements at most", LARGEST + 1));
        }
        for (index, value) in items.iter().enumerate() {
            let lost = match value.get() {
                "[]" | "{}" => Some("an element that is empty"),
                "null" => Some("an element that is null"),
                list if list.starts_with('[') => Some("an element that is a list"),
                _ => None,
            };
            if let Some(lost) = lost {
                return Err(format!("it has a list with {lost}"));
            }
            self.push_json(&format!("{name}[{index}]"), value.get(), depth + 1)?;
        }
        Ok(())
    }

    fn push_pair(&mut self, name: &str, value: &str) -> Result<(), String> {
        self.0.add(name, value, push_encoded);
        if self.0.has_too_many() { Err(TOO_MANY.to_owned()) } else { Ok(()) }
    }

    pub(crate) fn into_text(self) -> String {
        self.0.text
    }
}

/// Returns how a key in brackets would be misread, if it would.
fn misread(key: &str) -> Option<&'static str> {
    match key {
        "" => Some("empty, which would be read as the next position in a list"),
        _ if key.bytes().all(|byte| byte.is_ascii_digit()) => {
            Some("a number, which would be read as a position in a list")
        }
        _ if key.contains(['[', ']']) => Some("not without brackets, which would be read as more levels"),
        _ => None,
    }
}

fn parsed<'j, T: serde::Deserialize<'j>>(text: &'j str) -> Result<T, String> {
    serde_json::from_str(text).map_err(|error| error.to_string())
}

pub(crate) fn push_encoded(form: &mut String, text: &str) {
    for (index, word) in text.split(' ').enumerate() {
        if index > 0 {
            form.push('+');
        }
        form.extend(utf8_percent_encode(word, FORM));
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn pushed(json: &str) -> Result<String, String> {
        let mut form = Form::default();
        form.push_json("f", json, 0).map(|()| form.into_text())
    }

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
            (r#"[1,"x"]"#, "f%5B0%5D=1&f%5B1%5D=x"),
            (r#"{"a b":{"c":[{"d":1}]},"e":null,"g":""}"#, "f%5Ba+b%5D%5Bc%5D%5B0%5D%5Bd%5D=1&f%5Bg%5D="),
            (r#"{"a.b":1,"-1":2,"1a":3}"#, "f%5B-1%5D=2&f%5B1a%5D=3&f%5Ba.b%5D=1"),
        ];
        for (json, expected) in cases {
            assert_eq!(pushed(json).as_deref(), Ok(expected), "{json}");
        }
    }

    #[test]
    fn refuses_what_would_be_read_as_something_else() {
        let deep = format!("{}1{}", r#"{"a":"#.repeat(65), "}".repeat(65));
        let long = format!("[{}1]", "1,".repeat(1001));
        let many = format!(
            "[{}]",
            vec![format!("[{}1]", "1,".repeat(1000)).replace('[', "{\"a\":[").replace(']', "]}"); 10].join(",")
        );
        for (json, expected) in [
            (r#"{"1":1}"#, "a number"),
            (r#"{"5000":1}"#, "a number"),
            (r#"{"":1}"#, "empty"),
            (r#"{"a[b]":1}"#, "brackets"),
            (r#"{"]":1}"#, "brackets"),
            (r#"{"a":{"b":[]}}"#, "empty list or object"),
            ("[1,null]", "null"),
            ("[{}]", "empty"),
            ("[[1,2]]", "is a list"),
            (&deep, "deeper than 64"),
            (&long, "1001 elements"),
            (&many, "at most 10000"),
        ] {
            assert!(pushed(json).unwrap_err().contains(expected), "{json}");
        }
        let refused = |value: &dyn ToJson| Form::default().push("f", value).unwrap_err();
        assert!(refused(&Some(Vec::<String>::new())).contains("empty"));
        for value in
            ["null", r#"{"a":null}"#, "1.5", "18446744073709551615", r#""true""#, r#""-7""#, "[]", r#"{"a":{}}"#]
        {
            let value: crate::json::Value = serde_json::from_str(value).unwrap();
            assert!(!refused(&value).is_empty(), "{value}");
        }
        let keyed = BTreeMap::from([("1".to_owned(), 2)]);
        assert!(Form::default().push("f[]", &1).is_ok() && refused(&keyed).contains("position in a list"));
    }

    #[test]
    fn query_pairs() {
        let mut query = Query::default();
        query.push("a[]", "x y+z&'~");
        query.push("b", "");
        assert_eq!(query.as_str(), "a%5B%5D=x%20y%2Bz%26%27~&b=");
    }
}
