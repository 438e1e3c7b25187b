//! Violations as JSON.

use super::violation::{Violation, Violations};
use super::writer::{ToJson, Writer};

/// Writes `{"pointer": "/age", "code": "maximum", "message": …, "expected": …, "found": …, "offset": 7, "line": 1,
/// "column": 8}`.
impl ToJson for Violation {
    fn write(&self, w: &mut Writer) {
        let Violation { pointer, message, expected, found, suggestion, .. } = self;
        let code = self.code.as_str();
        let [offset, line, column] = [self.offset, self.line, self.column].map(|number| number as i64);
        let mut fields: Vec<(&str, &dyn ToJson)> = vec![("pointer", pointer), ("code", &code), ("message", message)];
        fields.extend([("expected", expected as &dyn ToJson), ("found", found)]);
        fields.extend(suggestion.as_ref().map(|suggestion| ("suggestion", suggestion as &dyn ToJson)));
        fields.extend([("offset", &offset as &dyn ToJson), ("line", &line), ("column", &column)]);
        w.object(&fields);
    }
}

impl ToJson for Violations {
    fn write(&self, w: &mut Writer) {
        self.list.write(w);
    }
}

impl Violations {
    /// Returns the body of an `application/problem+json` response (RFC 9457) with this status and `title`; the member
    /// `violations` lists all violations.
    pub fn to_problem(&self, status: u16, title: &str) -> String {
        problem(status, title, &self.to_string(), self)
    }
}

pub(crate) fn problem(status: u16, title: &str, detail: &str, violations: &dyn ToJson) -> String {
    let mut writer = Writer::new();
    writer.object(&[
        ("type", &"about:blank"),
        ("title", &title),
        ("status", &i64::from(status)),
        ("detail", &detail),
        ("violations", &violations),
    ]);
    writer.into_string()
}
