//! The text of a parameter, as JSON from which its type is read.

use http::HeaderMap;

use super::tree::Tree;
use crate::encoding::HeaderError;
use crate::json::{Code, Field, Mode, Violation, Writer, shorten};
use crate::operation::{OperationInfo, ResponseInfo};
use crate::validate::violation::{MessageLocation, MessageViolation};

pub(crate) enum Values<'v> {
    /// Separate values, in order.
    Texts(Vec<&'v str>),
    /// Values nested by brackets.
    Tree(Tree),
    Json(&'v str),
}

impl Values<'_> {
    /// Returns the JSON, which is `absent` if there is no value, and an alternative for types that do not accept empty
    /// text.
    pub(crate) fn json(self, list: bool, absent: Option<&str>) -> Option<(String, Option<String>)> {
        let tree = match self {
            Values::Tree(tree) => tree,
            Values::Json(json) => return Some((json.to_owned(), None)),
            Values::Texts(texts) => match texts.as_slice() {
                [] => return absent.map(|json| (json.to_owned(), None)),
                [one] if !list => Tree::Text((*one).to_owned()),
                // Browsers send `tags=` for an empty list.
                [""] => return Some((r#"[""]"#.to_owned(), Some("[]".to_owned()))),
                many => Tree::List(many.iter().map(|text| Tree::Text((*text).to_owned())).collect()),
            },
        };
        let written = |nulls| {
            let mut writer = Writer::new();
            tree.write(&mut writer, nulls);
            writer.into_string()
        };
        Some((written(false), tree.has_blanks().then(|| written(true))))
    }
}

#[derive(Debug)]
pub(crate) struct Source {
    pub(crate) at: MessageLocation,
    pub(crate) field: Field,
    pub(crate) json: String,
    /// The same with `null` for empty text, if there is any.
    pub(crate) blank: Option<String>,
    pub(crate) mode: Mode,
}

impl MessageViolation {
    pub(crate) fn missing(at: MessageLocation, name: &str) -> MessageViolation {
        let text = if name.is_empty() { "is missing".to_owned() } else { format!("{name} is missing") };
        MessageViolation::made(at, name, Code::Missing, "a value", "nothing", text)
    }

    /// Creates the violation for a value that cannot be decoded.
    pub(crate) fn malformed(at: MessageLocation, name: &str, expected: &str, found: &str) -> MessageViolation {
        let found = shorten(found, 80);
        let text = format!("{name}: expected {expected}, found {found}");
        MessageViolation::made(at, name, Code::Format, expected, &found, text)
    }

    pub(crate) fn not_utf8() -> MessageViolation {
        let text = "expected a form of UTF-8 text, found other bytes".to_owned();
        MessageViolation::made(MessageLocation::Body, "", Code::Format, "a form of UTF-8 text", "other bytes", text)
    }

    /// Creates the violation for a body whose content type the operation does not accept.
    pub(crate) fn content_type(mut violation: Violation) -> MessageViolation {
        violation.pointer = "/Content-Type".to_owned();
        violation.message = format!("Content-Type: {}", violation.message);
        MessageViolation { location: MessageLocation::Header, name: "Content-Type".to_owned(), violation }
    }

    pub(crate) fn body(violation: Violation) -> MessageViolation {
        MessageViolation { location: MessageLocation::Body, name: String::new(), violation }
    }

    pub(crate) fn of_headers(declared: &ResponseInfo, headers: &HeaderMap) -> Vec<MessageViolation> {
        let wrong = declared.headers.iter().filter_map(|header| match (header.check)(headers, header.name) {
            Err(error) => Some(MessageViolation::header(&error)),
            Ok(()) if header.required && !headers.contains_key(header.name) => {
                Some(MessageViolation::missing(MessageLocation::Header, header.name))
            }
            Ok(()) => None,
        });
        wrong.collect()
    }

    /// Creates the violation for a response header whose type does not accept its value.
    fn header(error: &HeaderError) -> MessageViolation {
        let text = error.to_string();
        let text = text.strip_prefix("header ").unwrap_or(&text).to_owned();
        MessageViolation::made(MessageLocation::Header, error.name(), Code::Format, "a value of its type", "", text)
    }

    pub(crate) fn undeclared(operation: &OperationInfo, status: u16) -> MessageViolation {
        let declared = operation.responses.iter().filter_map(|response| response.status);
        let declared = declared.map(|status| status.to_string()).collect::<Vec<_>>().join(", ");
        let OperationInfo { id, method, path, .. } = operation;
        let text = format!("status {status} is not declared by {id} ({method} {path}), which has {declared}");
        MessageViolation::made(MessageLocation::Status, "", Code::Status, &declared, &status.to_string(), text)
    }

    fn made(
        location: MessageLocation,
        name: &str,
        code: Code,
        expected: &str,
        found: &str,
        message: String,
    ) -> MessageViolation {
        let pointer = match name {
            "" => String::new(),
            name => format!("/{}", name.replace('~', "~0").replace('/', "~1")),
        };
        let (expected, found) = (expected.to_owned(), found.to_owned());
        // There is no text to point into.
        let (offset, line, column) = (0, 0, 0);
        let violation = Violation { pointer, code, message, expected, found, suggestion: None, offset, line, column };
        MessageViolation { location, name: name.to_owned(), violation }
    }
}
