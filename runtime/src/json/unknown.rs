//! Members of a union that the spec does not declare.

use std::fmt;

use serde_json::Value;

use super::mode::Mode;
use super::traits::FromJson;
use super::writer::Writer;

/// An object that is not a declared member of the union: its exact JSON text, written back unchanged. `Debug` does not
/// show it, since any part of it may be sensitive.
#[derive(Clone, PartialEq, Eq, Hash)]
pub struct Unknown {
    pub(super) json: String,
    pub(super) discriminator: Option<String>,
}

impl fmt::Debug for Unknown {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Unknown { json, discriminator } = self;
        f.debug_struct("Unknown").field("discriminator", discriminator).field("bytes", &json.len()).finish()
    }
}

impl Unknown {
    /// Creates an object to send, with the value of its discriminator (or its only key).
    pub fn new(value: &Value, discriminator: Option<&str>) -> Self {
        let mut writer = Writer::new();
        writer.value(value);
        Unknown { json: writer.into_string(), discriminator: discriminator.map(str::to_owned) }
    }

    /// Returns the value of the discriminator; in a union without one, the only key, if there is exactly one.
    pub fn discriminator(&self) -> Option<&str> {
        self.discriminator.as_deref()
    }

    /// Returns the JSON text.
    pub fn json(&self) -> &str {
        &self.json
    }

    /// Returns the parsed JSON. Numbers are limited to what [`Value`] can hold.
    pub fn to_value(&self) -> Value {
        // Only a number beyond the range of f64 is accepted by the reader but not as a `Value`.
        Value::from_json_with(&self.json, &Mode::lenient().max_depth(usize::MAX)).unwrap_or_default()
    }
}

impl Writer {
    /// Writes an unknown union member, byte for byte as it was read.
    pub fn unknown(&mut self, unknown: &Unknown) {
        self.raw(unknown.json());
    }
}
