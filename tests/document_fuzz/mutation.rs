//! Mutations of documents: of their bytes, and of their structure.

use serde_json::{Value, json};

/// A small random number generator; the same seed yields the same mutants everywhere.
pub struct Random(u64);

impl Random {
    pub fn new(seed: u64) -> Self {
        Self(seed)
    }

    /// Returns a number below `end`.
    pub fn below(&mut self, end: usize) -> usize {
        self.0 = self.0.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        (self.0 >> 33) as usize % end.max(1)
    }

    fn one<'a, T>(&mut self, items: &'a [T]) -> &'a T {
        &items[self.below(items.len())]
    }
}

const PIECES: [&str; 20] = [
    "{",
    "}",
    "[",
    "]",
    "\"",
    ":",
    ",",
    "null",
    "0",
    "-1e999",
    "\"type\"",
    "\"unit\"",
    "\"[place]\"",
    "\\u0000",
    "\u{feff}",
    "\"templates\"",
    "\"fields\"",
    "9223372036854775808",
    "\\ud800",
    "\r\n",
];

/// Returns a mutated document: one to four changes of one kind.
pub fn mutate(text: &str, random: &mut Random) -> String {
    let structural = random.below(4) > 0;
    match serde_json::from_str::<Value>(text) {
        Ok(mut value) if structural => {
            for _ in 0..=random.below(3) {
                change(&mut value, random);
            }
            if random.below(2) == 0 { format!("{value:#}") } else { value.to_string() }
        }
        _ => bytes(text, random),
    }
}

fn bytes(text: &str, random: &mut Random) -> String {
    let mut bytes = text.as_bytes().to_vec();
    for _ in 0..=random.below(3) {
        let at = random.below(bytes.len());
        let end = (at + random.below(4)).min(bytes.len());
        bytes.splice(at..end, random.one(&PIECES).bytes());
    }
    String::from_utf8_lossy(&bytes).into_owned()
}

/// Changes one place somewhere in the tree.
fn change(root: &mut Value, random: &mut Random) {
    let mut places = Vec::new();
    pointers(root, String::new(), &mut places);
    let other = root.pointer(random.one::<String>(&places)).cloned().unwrap_or_default();
    let pointer = random.one::<String>(&places).clone();
    let texts: Vec<String> = names(root);
    let Some(value) = root.pointer_mut(&pointer) else { return };
    match random.below(9) {
        0 => *value = odd(random),
        1 => *value = other,
        2 | 3 => {
            if value.is_string() && !texts.is_empty() {
                *value = Value::from(wrapped(&random.one::<String>(&texts).clone(), random));
            }
        }
        4 => {
            if let Value::Object(members) = value
                && let Some(key) = members.keys().nth(random.below(members.len())).cloned()
            {
                members.remove(&key);
            }
        }
        5 => {
            if let Value::Object(members) = value {
                let key = if texts.is_empty() { "x".to_owned() } else { random.one::<String>(&texts).clone() };
                members.insert(key, other);
            }
        }
        6 => {
            if let Value::Array(items) = value
                && !items.is_empty()
            {
                let item = random.one(items).clone();
                items.push(item);
            }
        }
        7 => {
            if let Value::Array(items) = value {
                items.reverse();
            }
        }
        _ => {
            if let Value::Object(members) = value {
                let (key, known) = random.one(&additions()).clone();
                members.insert(key.to_owned(), known);
            }
        }
    }
}

/// Returns keys that have a meaning in many places.
fn additions() -> [(&'static str, Value); 10] {
    [
        ("required", json!(false)),
        ("default", json!("x")),
        ("minimum", json!(5)),
        ("maximum", json!(1)),
        ("discriminator", json!("type")),
        ("templates", json!([{ "name": "place" }])),
        ("interfaces", json!(["named"])),
        ("deprecation", json!({})),
        ("headers", json!([{ "name": "X-A", "type": "string" }])),
        ("fields", json!([])),
    ]
}

fn pointers(value: &Value, at: String, places: &mut Vec<String>) {
    match value {
        Value::Array(items) => {
            items.iter().enumerate().for_each(|(index, item)| pointers(item, format!("{at}/{index}"), places));
        }
        Value::Object(members) => {
            for (key, item) in members {
                let key = key.replace('~', "~0").replace('/', "~1");
                pointers(item, format!("{at}/{key}"), places);
            }
        }
        _ => {}
    }
    places.push(at);
}

/// Returns names that occur in the document, so that changed texts often have a meaning.
fn names(root: &Value) -> Vec<String> {
    let mut found = Vec::new();
    for section in ["enums", "models", "unions", "interfaces", "resources"] {
        match &root[section] {
            Value::Object(members) => found.extend(members.keys().cloned()),
            Value::Array(items) => {
                found.extend(items.iter().filter_map(|item| item["name"].as_str().map(str::to_owned)))
            }
            _ => {}
        }
    }
    found.extend(["string", "long", "unit", "date-iso8601", "object", "id", "name", ""].map(str::to_owned));
    found
}

fn wrapped(name: &str, random: &mut Random) -> String {
    match random.below(5) {
        0 => format!("[{name}]"),
        1 => format!("map[{name}]"),
        2 => format!("[map[[{name}]]]"),
        _ => name.to_owned(),
    }
}

fn odd(random: &mut Random) -> Value {
    match random.below(12) {
        0 => Value::Null,
        1 => json!(true),
        2 => json!(-1),
        3 => json!(1e300),
        4 => json!(""),
        5 => json!("   "),
        6 => json!("a".repeat(5_000)),
        7 => json!("\u{0} */ \" \\ ` ${x} ü\n/// ```"),
        8 => json!([]),
        9 => json!({}),
        10 => (0..60).fold(json!("x"), |inner, _| json!([inner])),
        _ => json!("[".repeat(40) + &"]".repeat(40)),
    }
}
