//! Members of a union that the spec does not declare.

use std::fmt;

use serde_json::Value;

use super::mode::Mode;
use super::traits::FromJson;
use super::writer::Writer;

/// An object that is no member that the union declares: the exact JSON text, written back as it came. `Debug` does not show it:
/// nobody knows what in it is sensitive.
#[derive(Clone, PartialEq, Eq, Hash)]
pub struct Unknown {
    json: String,
    discriminator: Option<String>,
}

impl fmt::Debug for Unknown {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Unknown { json, discriminator } = self;
        f.debug_struct("Unknown").field("discriminator", discriminator).field("bytes", &json.len()).finish()
    }
}

impl Unknown {
    /// An object to send, with what its discriminator (or only key) says.
    pub fn new(value: &Value, discriminator: Option<&str>) -> Self {
        let mut writer = Writer::new();
        writer.value(value);
        Unknown { json: writer.into_string(), discriminator: discriminator.map(str::to_owned) }
    }

    pub(crate) fn raw(json: &str, discriminator: Option<String>) -> Self {
        Unknown { json: json.to_owned(), discriminator }
    }

    /// The value of the discriminator; in a union without one, the only key, if there is exactly one.
    pub fn discriminator(&self) -> Option<&str> {
        self.discriminator.as_deref()
    }

    /// The JSON text.
    pub fn json(&self) -> &str {
        &self.json
    }

    /// The parsed JSON. Numbers become what [`Value`] can hold.
    pub fn to_value(&self) -> Value {
        // Only a number beyond the range of f64 passes the reader and is no `Value`.
        Value::from_json_with(&self.json, &Mode::lenient().max_depth(usize::MAX)).unwrap_or_default()
    }
}

impl Writer {
    /// Writes what a union did not know when it was read, byte for byte.
    pub fn unknown(&mut self, unknown: &Unknown) {
        self.raw(unknown.json());
    }
}
