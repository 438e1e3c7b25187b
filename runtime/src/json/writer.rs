//! The writer: the mirror of the reader, just as little generic.

use super::scan::plain;
use super::unknown::Unknown;
use super::{Decimal, ToJson, Value};
use std::fmt::Write;

/// Builds one JSON text.
#[derive(Debug, Default)]
pub struct Writer {
    out: String,
    /// A discriminator was written; the next object continues behind it.
    open: bool,
    /// Where values are that must not be shown.
    #[cfg(feature = "testing")]
    marks: Vec<super::Mark>,
    /// How many of those are open around the next value.
    #[cfg(feature = "testing")]
    within: usize,
}

impl Writer {
    /// An empty text.
    pub fn new() -> Self {
        Writer::default()
    }

    /// What was written.
    pub fn into_string(self) -> String {
        self.out
    }

    /// What was written, and where in it the values are that must not be shown, from left to right.
    #[cfg(feature = "testing")]
    pub(crate) fn into_parts(self) -> (String, Vec<super::Mark>) {
        (self.out, self.marks)
    }

    /// Writes a value that must not be shown.
    #[cfg_attr(not(feature = "testing"), expect(unused_variables, reason = "nobody asks where it is"))]
    pub(crate) fn hidden(&mut self, min: Option<i64>, max: Option<i64>, value: &dyn ToJson) {
        #[cfg(feature = "testing")]
        {
            self.marks.push(super::Mark { at: self.out.len(), what: super::Marked::Value { min, max } });
            self.within += 1;
        }
        value.write(self);
        #[cfg(feature = "testing")]
        {
            self.within -= 1;
        }
    }

    /// Writes an object: every entry that is not [absent](ToJson::is_absent).
    pub fn object(&mut self, entries: &[(&str, &dyn ToJson)]) {
        let mut first = self.begin();
        for (key, value) in entries {
            if !value.is_absent() {
                self.key(key, &mut first);
                value.write(self);
            }
        }
        self.out.push('}');
    }

    /// Writes an object with any keys.
    pub(crate) fn map<'k>(&mut self, entries: impl Iterator<Item = (&'k str, &'k dyn ToJson)>) {
        let mut first = self.begin();
        for (key, value) in entries {
            #[cfg(feature = "testing")]
            if self.within > 0 {
                let at = self.out.len() + usize::from(!first);
                self.marks.push(super::Mark { at, what: super::Marked::Key });
            }
            self.key(key, &mut first);
            value.write(self);
        }
        self.out.push('}');
    }

    pub(crate) fn array<'k>(&mut self, elements: impl Iterator<Item = &'k dyn ToJson>) {
        self.out.push('[');
        for (index, element) in elements.enumerate() {
            if index > 0 {
                self.out.push(',');
            }
            element.write(self);
        }
        self.out.push(']');
    }

    /// Writes a member of a union: the object that `inner` writes, with the discriminator in front of its fields.
    pub fn tagged(&mut self, discriminator: &str, value: &str, inner: &dyn ToJson) {
        let mut first = self.begin();
        self.key(discriminator, &mut first);
        self.string(value);
        self.open = true;
        inner.write(self);
        self.open = false;
    }

    /// Writes a primitive or enum member of a union: `{"kind":"note","value":x}`.
    pub fn tagged_value(&mut self, discriminator: &str, value: &str, inner: &dyn ToJson) {
        self.object(&[(discriminator, &value), ("value", &inner)]);
    }

    /// Writes a member of a union without discriminator: `{"toy":x}`.
    pub fn keyed(&mut self, key: &str, inner: &dyn ToJson) {
        self.object(&[(key, &inner)]);
    }

    /// Writes a primitive member of a union without discriminator: `{"string":{"value":x}}`.
    pub fn keyed_value(&mut self, key: &str, inner: &dyn ToJson) {
        self.object(&[(key, &Wrapped(inner))]);
    }

    /// Writes what a union did not know when it was read, byte for byte.
    pub fn unknown(&mut self, unknown: &Unknown) {
        self.raw(unknown.json());
    }

    /// Writes text that is JSON already.
    pub(crate) fn raw(&mut self, json: &str) {
        self.out.push_str(json);
    }

    pub(crate) fn display(&mut self, value: &dyn std::fmt::Display) {
        let _ = write!(self.out, "{value}"); // a String takes everything
    }

    pub(crate) fn integer(&mut self, value: i64) {
        self.out.push_str(itoa::Buffer::new().format(value));
    }

    /// The shortest digits that read back as the same double. JSON has no NaN and no infinity: they become `null`.
    pub(crate) fn double(&mut self, value: f64) {
        let mut buffer = zmij::Buffer::new();
        self.out.push_str(if value.is_finite() { buffer.format_finite(value) } else { "null" });
    }

    /// All digits, trailing zeros included.
    pub(crate) fn decimal(&mut self, value: &Decimal) {
        let scale = value.scale() as usize;
        let mut buffer = itoa::Buffer::new();
        let digits = buffer.format(value.mantissa().unsigned_abs());
        if value.is_sign_negative() {
            self.out.push('-');
        }
        let whole = digits.len().saturating_sub(scale);
        self.out.push_str(if whole == 0 { "0" } else { &digits[..whole] });
        if scale > 0 {
            self.out.push('.');
            self.out.extend(std::iter::repeat_n('0', scale - (digits.len() - whole)));
            self.out.push_str(&digits[whole..]);
        }
    }

    /// Writes a string that needs no escaping.
    pub(crate) fn quoted(&mut self, print: impl FnOnce(&mut String)) {
        self.out.push('"');
        print(&mut self.out);
        self.out.push('"');
    }

    pub(crate) fn value(&mut self, value: &Value) {
        match value {
            Value::Null => self.raw("null"),
            Value::Bool(value) => value.write(self),
            Value::Number(number) => self.display(number),
            Value::String(text) => self.string(text),
            Value::Array(elements) => elements.write(self),
            Value::Object(object) => object.write(self),
        }
    }

    /// Writes a string, escaping no more than JSON demands.
    pub fn string(&mut self, text: &str) {
        self.out.push('"');
        let bytes = text.as_bytes();
        let mut from = 0;
        loop {
            let at = plain(bytes, from);
            self.out.push_str(&text[from..at]);
            match bytes.get(at) {
                None => break,
                Some(b'"') => self.out.push_str("\\\""),
                Some(b'\\') => self.out.push_str("\\\\"),
                Some(b'\n') => self.out.push_str("\\n"),
                Some(b'\r') => self.out.push_str("\\r"),
                Some(b'\t') => self.out.push_str("\\t"),
                Some(byte) => self.display(&format_args!("\\u{byte:04x}")),
            }
            from = at + 1;
        }
        self.out.push('"');
    }

    /// Opens an object, or goes on in the one that a discriminator opened. Whether it is empty.
    fn begin(&mut self) -> bool {
        if std::mem::take(&mut self.open) {
            return false;
        }
        self.out.push('{');
        true
    }

    fn key(&mut self, key: &str, first: &mut bool) {
        if !std::mem::take(first) {
            self.out.push(',');
        }
        self.string(key);
        self.out.push(':');
    }
}

struct Wrapped<'w>(&'w dyn ToJson);

impl ToJson for Wrapped<'_> {
    fn write(&self, w: &mut Writer) {
        w.object(&[("value", &self.0)]);
    }
}
