//! The writer: the counterpart of the reader, and not generic either.

use std::fmt::{self, Write};

use super::mode::DEEPEST;
use super::scan::{is_plain, plain};
use super::wording::NOT_FINITE;
use super::{Decimal, Value};

/// Builds one JSON text.
#[derive(Default)]
pub struct Writer {
    pub(super) out: String,
    /// A discriminator was written; the next object continues after it.
    open: bool,
    /// The number of open arrays and objects; the next field is its maximum.
    depth: usize,
    pub(super) deepest: usize,
    /// The output becomes a form, where JSON of any type loses its types.
    form: bool,
    /// What a form cannot represent.
    pub(super) lost: Option<&'static str>,
    /// Offsets of words for doubles that have no JSON number.
    pub(super) not_finite: Vec<usize>,
    /// One of them is sensitive.
    pub(super) not_finite_sensitive: bool,
    #[cfg(feature = "testing")]
    marks: Vec<super::field::Mark>,
    /// The number of sensitive values that are open around the next one.
    #[cfg(feature = "testing")]
    within: usize,
}

impl Writer {
    /// Creates an empty text.
    pub fn new() -> Self {
        Writer::default()
    }

    pub(crate) fn of_form() -> Self {
        Writer { form: true, ..Writer::default() }
    }

    /// Returns the written text. JSON has no NaN and no infinity: they become `null`, as do values that are nested too
    /// deeply.
    pub fn into_string(mut self) -> String {
        for at in self.not_finite.into_iter().rev() {
            let word = NOT_FINITE.iter().find(|word| self.out[at..].starts_with(**word)).map_or(0, |word| word.len());
            self.out.replace_range(at..at + word, "null");
        }
        self.out
    }

    /// Returns the written text, and the positions of its sensitive values, from left to right.
    #[cfg(feature = "testing")]
    pub(crate) fn into_parts(self) -> (String, Vec<super::field::Mark>) {
        (self.out, self.marks)
    }

    #[cfg_attr(not(feature = "testing"), expect(unused_variables, reason = "only recorders need the limits"))]
    pub(crate) fn sensitive(&mut self, min: Option<i64>, max: Option<i64>, value: &dyn ToJson) {
        #[cfg(feature = "testing")]
        {
            self.marks.push(super::field::Mark { at: self.out.len(), what: super::field::Marked::Value { min, max } });
            self.within += 1;
        }
        let before = self.not_finite.len();
        value.write(self);
        self.not_finite_sensitive |= self.not_finite.len() > before;
        #[cfg(feature = "testing")]
        {
            self.within -= 1;
        }
    }

    /// Writes an object: every entry that is not [absent](ToJson::is_absent).
    pub fn object(&mut self, entries: &[(&str, &dyn ToJson)]) {
        if !self.deeper() {
            return;
        }
        let mut first = self.begin();
        for (key, value) in entries {
            if !value.is_absent() {
                self.key(key, &mut first);
                value.write(self);
            }
        }
        self.close('}');
    }

    pub(crate) fn map<K: AsRef<str>, V: ToJson>(&mut self, entries: impl IntoIterator<Item = (K, V)>) {
        if !self.deeper() {
            return;
        }
        let mut first = self.begin();
        for (key, value) in entries {
            #[cfg(feature = "testing")]
            if self.within > 0 {
                let at = self.out.len() + usize::from(!first);
                self.marks.push(super::field::Mark { at, what: super::field::Marked::Key });
            }
            self.key(key.as_ref(), &mut first);
            value.write(self);
        }
        self.close('}');
    }

    pub(crate) fn array<T: ToJson>(&mut self, elements: impl Iterator<Item = T>) {
        if !self.deeper() {
            return;
        }
        self.out.push('[');
        for (index, element) in elements.enumerate() {
            if index > 0 {
                self.out.push(',');
            }
            element.write(self);
        }
        self.close(']');
    }

    /// Writes a member of a union: the object that `inner` writes, with the discriminator before its fields.
    pub fn tagged(&mut self, discriminator: &str, value: &str, inner: &dyn ToJson) {
        // The inner object is this one, and descends one level itself.
        if self.depth >= DEEPEST {
            return self.elide();
        }
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

    pub(crate) fn raw(&mut self, json: &str) {
        self.out.push_str(json);
    }

    pub(crate) fn display(&mut self, value: &dyn fmt::Display) {
        let _ = write!(self.out, "{value}"); // writing to a String cannot fail
    }

    pub(crate) fn integer(&mut self, value: i64) {
        self.out.push_str(itoa::Buffer::new().format(value));
    }

    /// Writes the shortest digits that parse as the same double; for NaN and infinities, a word.
    pub(crate) fn double(&mut self, value: f64) {
        if value.is_finite() {
            return self.out.push_str(zmij::Buffer::new().format_finite(value));
        }
        self.not_finite.push(self.out.len());
        let [nan, positive, negative] = NOT_FINITE;
        let infinity = if value > 0.0 { positive } else { negative };
        self.out.push_str(if value.is_nan() { nan } else { infinity });
    }

    /// Writes all digits, including trailing zeros.
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
        if self.form {
            self.lost = self.lost.or(lost_in_form(value));
        }
        match value {
            Value::Null => self.raw("null"),
            Value::Bool(value) => value.write(self),
            Value::Number(number) => self.display(number),
            Value::String(text) => self.string(text),
            Value::Array(elements) => elements.write(self),
            Value::Object(object) => object.write(self),
        }
    }

    /// Writes a string with the minimum of escapes.
    #[inline]
    pub fn string(&mut self, text: &str) {
        if !is_plain(text.as_bytes()) {
            return self.escaped(text);
        }
        self.out.reserve(text.len() + 2);
        self.out.push('"');
        self.out.push_str(text);
        self.out.push('"');
    }

    #[cold]
    fn escaped(&mut self, text: &str) {
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

    /// Descends one level, unless that exceeds the limit of all readers: then writes `null` in place of the value.
    fn deeper(&mut self) -> bool {
        if self.depth >= DEEPEST {
            self.elide();
            return false;
        }
        self.depth += 1;
        self.deepest = self.deepest.max(self.depth);
        true
    }

    fn elide(&mut self) {
        self.deepest = DEEPEST + 1;
        self.raw("null");
    }

    fn close(&mut self, end: char) {
        self.out.push(end);
        self.depth -= 1;
    }

    /// Opens an object, or continues the one that a discriminator opened. Returns whether it is empty.
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

impl fmt::Debug for Writer {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        // Not the text, which may have sensitive values.
        f.debug_struct("Writer").field("bytes", &self.out.len()).finish_non_exhaustive()
    }
}

struct Wrapped<'w>(&'w dyn ToJson);

impl ToJson for Wrapped<'_> {
    fn write(&self, w: &mut Writer) {
        w.object(&[("value", &self.0)]);
    }
}

/// A type that is written as JSON.
pub trait ToJson {
    /// Writes the value.
    fn write(&self, w: &mut Writer);

    /// Returns true if a field with this value is omitted: an `Option` that is `None`.
    fn is_absent(&self) -> bool {
        false
    }

    /// Returns true if a field of this type is optional: every `Option`.
    fn is_optional(&self) -> bool {
        false
    }

    /// Returns the value as JSON text. JSON has no NaN and no infinity: they become `null`, and so do arrays and
    /// objects inside 512 others, which no reader accepts. [`FromJson::validate`](crate::FromJson::validate) reports
    /// them; clients and servers do not send them, nor anything nested more than 128 levels deep.
    fn to_json(&self) -> String {
        let mut writer = Writer::new();
        self.write(&mut writer);
        writer.into_string()
    }
}

/// JSON text, which is written unchanged.
#[derive(Debug, Clone, Copy)]
pub struct RawJson<'j>(pub &'j str);

impl ToJson for RawJson<'_> {
    fn write(&self, w: &mut Writer) {
        w.raw(self.0);
    }
}

/// Converts text of a form or a query string: integers in canonical form and the two booleans to their types, empty
/// text to `null`; everything else stays text.
pub(crate) fn guess(text: String) -> Value {
    match text.as_str() {
        "" => Value::Null,
        "true" => Value::Bool(true),
        "false" => Value::Bool(false),
        digits => match digits.parse::<i64>() {
            Ok(number) if number.to_string() == digits => Value::from(number),
            _ => Value::String(text),
        },
    }
}

/// Returns what [`guess`] would not restore of a value itself, without the values inside.
fn lost_in_form(value: &Value) -> Option<&'static str> {
    match value {
        Value::Null => Some("a null"),
        Value::Number(number) if !number.is_i64() => Some("a number that is not a 64-bit integer"),
        Value::String(text) if !text.is_empty() && !guess(text.clone()).is_string() => {
            Some("a string that looks like a number or a boolean")
        }
        Value::Array(items) if items.is_empty() => Some("an empty list"),
        Value::Object(fields) if fields.is_empty() => Some("an empty object"),
        _ => None,
    }
}
