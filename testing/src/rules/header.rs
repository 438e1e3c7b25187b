//! The headers of a response.

use apigen_model::api::{Header, Response, Type};
use apigen_model::source::json::{Member, Node, Value};
use apigen_model::vocabulary::suggestions::meant;
use apigen_runtime::Mode;
use apigen_runtime::http::{HeaderName, HeaderValue};
use apigen_runtime::validate::schema::Schema;

use super::operations::Target;
use super::problems::{FORM, Problems, RESPONSE, place};
use crate::lower::ty;

/// Headers that responses may have without a declaration: HTTP defines what they mean.
const STANDARD: &[&str] = &[
    "age",
    "cache-control",
    "date",
    "etag",
    "expires",
    "last-modified",
    "link",
    "location",
    "retry-after",
    "set-cookie",
    "vary",
    "www-authenticate",
];

/// Headers that the server itself sets, since they say where a response ends.
const FRAMING: &[&str] =
    &["connection", "content-length", "keep-alive", "te", "trailer", "transfer-encoding", "upgrade"];

/// Reads headers, and checks them against the declared response.
pub(super) struct HeaderReader<'h> {
    pub(super) schema: &'h Schema,
    pub(super) target: &'h Target<'h>,
    pub(super) status: u16,
    pub(super) declared: Option<&'h Response>,
    /// Whether the response need not be as declared.
    pub(super) allow_invalid: bool,
}

impl HeaderReader<'_> {
    pub(super) fn read(&self, node: &Node, problems: &mut Problems) -> Vec<(HeaderName, HeaderValue)> {
        if !matches!(node.value, Value::Object(_)) {
            let message = format!("`headers` takes names with their values, found {}", node.kind());
            problems.add(
                FORM,
                place(node),
                message,
                Some("for example `headers = { Retry-After = \"5\" }`".to_owned()),
            );
        }
        node.members().iter().flat_map(|member| self.header(member, problems)).collect()
    }

    fn header(&self, member: &Member, problems: &mut Problems) -> Vec<(HeaderName, HeaderValue)> {
        let Ok(name) = HeaderName::from_bytes(member.key.as_bytes()) else {
            problems.add(FORM, member.key_span, format!("{:?} cannot be the name of a header", member.key), None);
            return Vec::new();
        };
        if FRAMING.contains(&name.as_str()) {
            let message = format!("the server sets the header `{}` itself", member.key);
            let help = "`fault = \"cut N\"` breaks the connection within the body".to_owned();
            problems.add(FORM, member.key_span, message, Some(help));
            return Vec::new();
        }
        let declared = self.declared.map(|response| response.headers.as_slice()).unwrap_or_default();
        let declared = declared.iter().find(|header| header.name.eq_ignore_ascii_case(&member.key));
        if declared.is_none() && !self.allow_invalid && !STANDARD.contains(&name.as_str()) {
            self.undeclared(member, problems);
        }
        let several = match &member.node.value {
            Value::Array(items) => items.as_slice(),
            _ => std::slice::from_ref(&member.node),
        };
        let is_list = declared.is_none_or(|header| matches!(header.ty, Type::List(_))) || self.allow_invalid;
        if several.len() != 1 && !is_list {
            let message = format!("the header `{}` has one value, found {}", member.key, several.len());
            problems.add(RESPONSE, place(&member.node), message, None);
        }
        let values = several.iter().filter_map(|value| self.value(&member.key, declared, value, problems));
        values.map(|value| (name.clone(), value)).collect()
    }

    fn value(
        &self,
        name: &str,
        declared: Option<&Header>,
        node: &Node,
        problems: &mut Problems,
    ) -> Option<HeaderValue> {
        let text = match &node.value {
            Value::String(text) => text.clone(),
            Value::Number(_) | Value::Bool(_) => node.compact(),
            _ => {
                let message = format!("the header `{name}` takes a text or a list of texts, found {}", node.kind());
                problems.add(FORM, place(node), message, None);
                return None;
            }
        };
        if let Some(header) = declared.filter(|_| !self.allow_invalid) {
            let of = match &header.ty {
                Type::List(inner) => inner,
                of => of,
            };
            if let Err(violations) = self.schema.validate(&ty(of), Node::from(&*text).compact(), &Mode::strict()) {
                let message = violations.as_slice().first().map(|violation| violation.message.clone());
                problems.add(RESPONSE, node.span, format!("header `{name}`: {}", message.unwrap_or_default()), None);
            }
        }
        let value = HeaderValue::from_bytes(text.as_bytes()).ok();
        if value.is_none() {
            let message = format!("the header `{name}` cannot have this value: it contains control characters");
            problems.add(FORM, node.span, message, None);
        }
        value
    }

    fn undeclared(&self, member: &Member, problems: &mut Problems) {
        let declared = self.declared.map(|response| response.headers.as_slice()).unwrap_or_default();
        let names: Vec<&str> = declared.iter().map(|header| header.name.as_str()).collect();
        let (id, status) = (&self.target.id, self.status);
        let message = format!("`{id}` declares no header `{}` for status {status}", member.key);
        let known: Vec<&str> = names.iter().chain(STANDARD).copied().collect();
        let near = meant(&member.key, &known).map(|near| format!("did you mean `{near}`?"));
        let help = near.or_else(|| Some("`allow-invalid = true` sends any header".to_owned()));
        problems.add(RESPONSE, member.key_span, message, help);
    }
}
