//! Untyped JSON: the types `json` and `object`.

use super::kind::Kind;
use super::number::double;
use super::reader::Reader;
use super::traits::FromJson;
use super::violation::Code;
use super::writer::guess;
use super::{Object, Value};

impl Reader<'_> {
    /// Reads any value. Its content is not checked: the last of duplicate keys is used.
    pub(crate) fn value(&mut self) -> Option<Value> {
        self.limits = None;
        match self.start() {
            b'{' => self.untyped_object().map(Value::Object),
            b'[' => Vec::read(self).map(Value::Array),
            b'"' => {
                let text = syntax!(self.string())?;
                self.keeps_text(&text);
                let text = text.into_owned();
                Some(if self.mode.guess && !text.is_empty() { guess(text) } else { Value::String(text) })
            }
            b't' | b'f' => self.boolean().map(Value::Bool),
            b'-' | b'0'..=b'9' => self.untyped_number(),
            b'N' | b'I' if self.made => self.untyped_number(),
            _ => syntax!(self.word("null")).map(|()| Value::Null),
        }
    }

    pub(crate) fn json_object(&mut self) -> Option<Object> {
        self.limits = None;
        if self.start() == b'{' { self.untyped_object() } else { self.mismatch(Kind::Object, "") }
    }

    fn untyped_object(&mut self) -> Option<Object> {
        let mut out = Object::new();
        self.entries(|r, key| {
            r.keeps_entry::<Value>(out.len());
            out.insert(key, r.value()?);
            Some(())
        })?;
        Some(out)
    }

    fn untyped_number(&mut self) -> Option<Value> {
        let at = self.scan.at;
        let number = match self.scan.number() {
            Ok(number) => number,
            Err(syntax_error) => return self.no_number(at, syntax_error),
        };
        let whole =
            || number.text.parse::<i64>().map(Value::from).or_else(|_| number.text.parse::<u64>().map(Value::from));
        // `-0` is not an integer, and what 64 bits cannot hold becomes the nearest double, as in serde_json.
        if let Some(value) = whole().ok().filter(|_| number.whole && number.text != "-0") {
            return Some(value);
        }
        let value = double(number.text).and_then(serde_json::Number::from_f64).map(Value::Number);
        value.or_else(|| self.malformed(Code::Range, Kind::Double, at))
    }
}
