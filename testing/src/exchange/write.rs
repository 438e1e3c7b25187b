//! Writes exchanges as JSON, without a tree in between.

use std::fmt::Write as _;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;

use super::{Body, Exchange, ExchangeViolation, Message, time};

impl Exchange {
    /// Returns the record as JSON on one line, without a line break.
    pub fn to_json(&self) -> String {
        let mut out = String::with_capacity(512);
        self.write(&mut out);
        out
    }

    /// Appends the record as JSON on one line, without a line break.
    pub fn write(&self, out: &mut String) {
        out.push_str(r#"{"v":1,"at":""#);
        out.push_str(&time::format(self.at));
        out.push('"');
        member(out, "service", Some(&self.service));
        member(out, "spec", Some(&self.spec));
        member(out, "environment", self.environment.as_deref());
        member(out, "operation", self.operation.as_deref());
        member(out, "method", Some(&self.method));
        member(out, "target", Some(&self.target));
        // Writing to a text cannot fail.
        let _ = write!(out, r#","duration_us":{},"request":{{"#, self.duration.as_micros());
        self.request.write(out);
        match &self.response {
            Some(response) => {
                let _ = write!(out, r#"}},"response":{{"status":{},"#, response.status);
                response.message.write(out);
                out.push('}');
            }
            None => out.push_str(r#"},"response":null"#),
        }
        out.push_str(r#","violations":"#);
        list(out, &self.violations, |out, violation| violation.write(out));
        out.push_str(r#","redacted":"#);
        list(out, &self.redacted, |out, pointer| string(out, pointer));
        out.push_str(if self.truncated { r#","truncated":true}"# } else { r#","truncated":false}"# });
    }
}

impl ExchangeViolation {
    fn write(&self, out: &mut String) {
        out.push_str(r#"{"side":"#);
        string(out, self.side.as_str());
        member(out, "in", Some(&self.location));
        member(out, "pointer", Some(&self.pointer));
        member(out, "code", Some(&self.code));
        member(out, "message", Some(&self.message));
        out.push('}');
    }
}

impl Message {
    /// Writes the members of the object.
    fn write(&self, out: &mut String) {
        out.push_str(r#""headers":{"#);
        for (index, same) in self.headers.chunk_by(|(a, _), (b, _)| a == b).enumerate() {
            let [(name, first), more @ ..] = same else { continue };
            out.push_str(if index > 0 { "," } else { "" });
            string(out, name);
            out.push(':');
            match more {
                [] => string(out, first),
                _ => list(out, same, |out, (_, value)| string(out, value)),
            }
        }
        out.push('}');
        match &self.body {
            Body::None => {}
            Body::Json(json) => {
                out.push_str(r#","json":"#);
                out.push_str(json);
            }
            Body::Text(text) => member(out, "text", Some(text)),
            Body::Binary(bytes) => member(out, "base64", Some(&STANDARD.encode(bytes))),
        }
    }
}

fn member(out: &mut String, key: &str, value: Option<&str>) {
    out.push_str(",\"");
    out.push_str(key);
    out.push_str("\":");
    match value {
        Some(value) => string(out, value),
        None => out.push_str("null"),
    }
}

fn list<T>(out: &mut String, items: &[T], write: impl Fn(&mut String, &T)) {
    out.push('[');
    for (index, item) in items.iter().enumerate() {
        if index > 0 {
            out.push(',');
        }
        write(out, item);
    }
    out.push(']');
}

/// Writes a JSON string.
fn string(out: &mut String, text: &str) {
    out.push('"');
    let mut plain = 0;
    for (at, byte) in text.bytes().enumerate().filter(|(_, byte)| *byte < 0x20 || matches!(byte, b'"' | b'\\')) {
        out.push_str(&text[plain..at]);
        plain = at + 1;
        match byte {
            b'"' => out.push_str("\\\""),
            b'\\' => out.push_str("\\\\"),
            b'\n' => out.push_str("\\n"),
            b'\r' => out.push_str("\\r"),
            b'\t' => out.push_str("\\t"),
            _ => {
                let _ = write!(out, "\\u{byte:04x}");
            }
        }
    }
    out.push_str(&text[plain..]);
    out.push('"');
}
