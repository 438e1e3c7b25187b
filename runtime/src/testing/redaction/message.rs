//! Redacts the headers and bodies of requests and responses.

use std::collections::HashSet;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use http::header::{self, HeaderMap, HeaderName, HeaderValue};
use http::{Request, Response};

use super::finder::Finder;
use super::json::{Declared, JsonWalk, Place, form_parameter};
use super::redactor::{Redactor, Replaced, without_userinfo};
use crate::json::Mode;
use crate::operation::{Media, text_as_json};
use crate::testing::pseudonym::{Limits, is_pseudonym};
use crate::validate::MessageLocation;
use crate::validate::schema::{Operation, ParameterDefinition, Schema, Type};

/// Headers and body of a request or response, without sensitive values.
#[derive(Debug)]
pub struct RedactedMessage {
    /// The headers in their order, with all values of one name together.
    pub headers: Vec<(HeaderName, String)>,
    /// The body.
    pub body: RedactedBody,
}

/// The body of a message, without sensitive values.
#[derive(Debug, PartialEq, Eq)]
pub enum RedactedBody {
    /// There is none, or it was dropped or withheld.
    None,
    /// Compact JSON.
    Json(String),
    /// Text, or a form.
    Text(String),
    /// Other bytes.
    Binary(Vec<u8>),
}

/// Headers whose values are sensitive, whatever the spec says.
const CREDENTIALS: [HeaderName; 4] =
    [header::AUTHORIZATION, header::PROXY_AUTHORIZATION, header::COOKIE, header::SET_COOKIE];

/// Headers that describe a message, and are kept without a declaration; sorted.
const DESCRIPTIVE: [&str; 28] = [
    "accept",
    "accept-encoding",
    "accept-language",
    "age",
    "allow",
    "cache-control",
    "content-encoding",
    "content-language",
    "content-length",
    "content-type",
    "date",
    "deprecation",
    "etag",
    "expires",
    "if-match",
    "if-modified-since",
    "if-none-match",
    "if-unmodified-since",
    "last-modified",
    "location",
    "prefer",
    "preference-applied",
    "retry-after",
    "server",
    "sunset",
    "transfer-encoding",
    "user-agent",
    "vary",
];

/// Schemes of credentials, which are kept.
const SCHEMES: [&str; 4] = ["Basic", "Bearer", "Digest", "Token"];

/// Words of JSON that are in every text.
const JSON_WORDS: [&str; 3] = ["true", "false", "null"];

/// The first pass over the messages of an exchange.
pub(super) struct Messages<'a> {
    pub(super) redactor: &'a Redactor,
    pub(super) schema: &'a Schema,
    pub(super) operation: Option<&'a Operation>,
    pub(super) replaced: Replaced,
}

/// A message after the first pass, with what the spec declares for its JSON.
pub(super) struct Draft<'a> {
    pub(super) message: RedactedMessage,
    declared: Declared<'a>,
}

/// What the spec says about a header or parameter.
enum Value<'t> {
    Declared { ty: Option<&'t Type>, limits: Limits, sensitive: bool },
    Undeclared,
}

impl<'t> Value<'t> {
    fn of(own: &'t ParameterDefinition) -> Self {
        Value::Declared { ty: Some(&own.ty), limits: (own.minimum, own.maximum), sensitive: own.sensitive }
    }
}

impl<'a> Messages<'a> {
    pub(super) fn note(&mut self, replaced: bool, pointer: String) {
        if replaced {
            self.replaced.pointers.push(pointer);
        }
    }

    /// Returns the pseudonym of the text of a parameter or header, and remembers it.
    pub(super) fn pseudonym(&mut self, ty: Option<&Type>, text: &str, limits: Limits) -> String {
        let ty = if let Some(Type::List(inner)) = ty { Some(&**inner) } else { ty };
        let pseudonym = self.redactor.text(self.schema, ty, text, limits, &Mode::coerce());
        if !matches!(ty, Some(Type::Enum(_))) {
            self.replaced.values.push((text.to_owned(), pseudonym.clone()));
        }
        pseudonym
    }

    pub(super) fn request<B: AsRef<[u8]>>(&mut self, request: &Request<B>) -> Draft<'a> {
        let operation = self.operation;
        let headers = self.headers(request.headers(), "/request/headers", |name| {
            let own = operation.and_then(|o| {
                let own = o.parameters.iter().find(|own| own.name.eq_ignore_ascii_case(name));
                own.filter(|own| own.location == MessageLocation::Header)
            });
            own.map_or(Value::Undeclared, Value::of)
        });
        let (media, body) = (Media::of(request.headers()), request.body().as_ref());
        let parameters = operation.map_or(&[][..], |operation| operation.parameters.as_slice());
        let has_form = parameters.iter().any(|own| own.location == MessageLocation::Form);
        let looks_like_json = body.trim_ascii().starts_with(b"{");
        let declared = match operation.and_then(Operation::body) {
            Some(ty) => Some(Declared::Type(ty)),
            None if has_form && (media == Media::Json || (media == Media::Unknown && looks_like_json)) => {
                Some(Declared::Form(parameters))
            }
            None => None,
        };
        let is_form = self.redactor.enabled && has_form && declared.is_none();
        match std::str::from_utf8(body).ok().filter(|text| is_form && !text.is_empty()) {
            Some(text) => {
                let pairs = self.pairs(text, |name| form_parameter(parameters, name));
                self.note(pairs != text, "/request/text".to_owned());
                let body = RedactedBody::Text(pairs);
                Draft { message: RedactedMessage { headers, body }, declared: Declared::Anything }
            }
            None => self.draft(headers, declared, body, "/request"),
        }
    }

    pub(super) fn response<C: AsRef<[u8]>>(&mut self, response: &Response<C>) -> Draft<'a> {
        let (status, body) = (response.status().as_u16(), response.body().as_ref());
        let info = self.operation.and_then(|operation| operation.info().response(status)).map(|(info, _)| info);
        let headers = self.headers(response.headers(), "/response/headers", |name| {
            let own = info.and_then(|info| info.headers.iter().find(|own| own.name.eq_ignore_ascii_case(name)));
            own.map_or(Value::Undeclared, |own| Value::Declared {
                ty: None,
                limits: (None, None),
                sensitive: own.sensitive,
            })
        });
        let ty = self.operation.and_then(|operation| operation.response(status));
        let declared = info.zip(ty).filter(|(info, _)| !info.unit);
        let is_text = declared.is_some_and(|(info, _)| {
            matches!(text_as_json(info, response.headers(), body), Ok(Some(_))) && !body.is_empty()
        });
        match std::str::from_utf8(body).ok().filter(|_| is_text) {
            Some(text) => {
                let body = RedactedBody::Text(self.plain(text, "/response/text".to_owned()));
                Draft { message: RedactedMessage { headers, body }, declared: Declared::Anything }
            }
            None => self.draft(headers, declared.map(|(_, ty)| Declared::Type(ty)), body, "/response"),
        }
    }

    /// Redacts a body, which is JSON if `declared`.
    fn draft(
        &mut self,
        headers: Vec<(HeaderName, String)>,
        declared: Option<Declared<'a>>,
        body: &[u8],
        side: &str,
    ) -> Draft<'a> {
        let keep = self.redactor.keep_undeclared;
        let declared = declared.filter(|_| self.redactor.enabled);
        let place = Place::of(declared.unwrap_or(Declared::Anything));
        let json = (declared.is_some() || keep).then(|| self.json(place, body, side)).flatten();
        // What cannot be read may be anything, and an operation with sensitive values may have them in it.
        let may_keep = keep && (!self.redactor.enabled || !self.operation.is_some_and(|o| o.info().sensitive));
        let body = match json {
            Some(json) => RedactedBody::Json(json),
            None if body.is_empty() => RedactedBody::None,
            None if may_keep => match std::str::from_utf8(body) {
                Ok(text) => RedactedBody::Text(self.plain(text, format!("{side}/text"))),
                Err(_) => RedactedBody::Binary(body.to_vec()),
            },
            None => {
                if declared.is_some() && self.operation.is_some_and(|operation| operation.info().sensitive) {
                    self.words(body);
                }
                self.note(true, format!("{side}/body"));
                RedactedBody::None
            }
        };
        Draft { message: RedactedMessage { headers, body }, declared: place.declared }
    }

    fn json(&mut self, place: Place<'_>, body: &[u8], side: &str) -> Option<String> {
        let text = std::str::from_utf8(body).ok()?;
        let (known, root) = (self.replaced.pointers.len(), format!("{side}/json"));
        let json = JsonWalk::run((self.redactor, self.schema), None, text, place, &root, &mut self.replaced);
        if json.is_none() {
            // They were in the readable beginning, which is not kept.
            self.replaced.pointers.truncate(known);
        }
        json
    }

    /// Remembers the words of a body that cannot be read, and that may be sensitive: a response often repeats one.
    fn words(&mut self, body: &[u8]) {
        /// The maximum number of words of a body.
        const MOST: usize = 1000;
        let text = String::from_utf8_lossy(body);
        let names: HashSet<&str> =
            self.schema.models.iter().flat_map(|model| model.fields.iter().map(|field| field.name)).collect();
        let words = text.split(|c: char| c.is_whitespace() || c.is_control() || "\"'`{}[]()<>,;:=&\\".contains(c));
        let words = words.filter(|word| word.len() > 3 && !names.contains(word) && !JSON_WORDS.contains(word));
        for word in words.take(MOST) {
            self.replaced.values.push((word.to_owned(), self.redactor.names.text(word, (None, None))));
        }
    }

    fn plain(&mut self, text: &str, pointer: String) -> String {
        match without_userinfo(self.redactor, text, &mut self.replaced) {
            Some(changed) => {
                self.note(true, pointer);
                changed
            }
            None => text.to_owned(),
        }
    }

    fn headers<'t>(
        &mut self,
        headers: &HeaderMap,
        root: &str,
        find: impl Fn(&str) -> Value<'t>,
    ) -> Vec<(HeaderName, String)> {
        let mut out = Vec::with_capacity(headers.len());
        for name in headers.keys() {
            let declared = find(name.as_str());
            let credential = CREDENTIALS.contains(name);
            let (ty, limits, mut hidden) = match declared {
                Value::Declared { ty, limits, sensitive } => (ty, limits, sensitive),
                Value::Undeclared if credential || DESCRIPTIVE.binary_search(&name.as_str()).is_ok() => {
                    (None, (None, None), false)
                }
                Value::Undeclared if self.redactor.keep_undeclared => {
                    (None, (None, None), self.redactor.looks_sensitive(name.as_str()))
                }
                Value::Undeclared => continue,
            };
            hidden = self.redactor.enabled && (hidden || credential || self.redactor.hides(name.as_str()));
            let is_list = matches!(ty, Some(Type::List(_)));
            let all = headers.get_all(name);
            let several = all.iter().nth(1).is_some();
            for (index, value) in all.iter().enumerate() {
                let text = text(value);
                let shown = match hidden {
                    true if credential => Some(self.credentials(&text)),
                    true if is_list => {
                        let elements = text.split(',').map(str::trim);
                        let elements: Vec<String> = elements.map(|one| self.pseudonym(ty, one, limits)).collect();
                        Some(elements.join(", "))
                    }
                    true => Some(self.pseudonym(ty, &text, limits)),
                    false if *name == header::LOCATION => self.located(&text),
                    false => without_userinfo(self.redactor, &text, &mut self.replaced),
                };
                if shown.is_some() {
                    let end = if several { format!("/{index}") } else { String::new() };
                    self.note(true, format!("{root}/{}{end}", name.as_str().replace('~', "~0")));
                }
                out.push((name.clone(), shown.unwrap_or(text)));
            }
        }
        out
    }

    /// Returns credentials with their scheme and a pseudonym.
    fn credentials(&mut self, text: &str) -> String {
        let known = |scheme: &str| SCHEMES.iter().any(|known| known.eq_ignore_ascii_case(scheme));
        let Some((scheme, secret)) = text.split_once(' ').filter(|(scheme, _)| known(scheme)) else {
            // Each cookie is a credential too.
            let values = text.split(';').filter_map(|part| part.split_once('=')).map(|(_, value)| value.trim());
            let values: Vec<String> = values.map(str::to_owned).collect();
            values.into_iter().for_each(|value| drop(self.pseudonym(None, &value, (None, None))));
            return self.pseudonym(None, text, (None, None));
        };
        let user = STANDARD.decode(secret.trim()).ok().and_then(|bytes| String::from_utf8(bytes).ok());
        if let Some((_, password)) = user.as_deref().and_then(|user| user.split_once(':')) {
            self.pseudonym(None, password, (None, None));
        }
        format!("{scheme} {}", self.pseudonym(None, secret.trim(), (None, None)))
    }

    /// Returns a URL in a header with its path and query redacted as a target is; `None` if nothing changes.
    fn located(&mut self, text: &str) -> Option<String> {
        if !self.redactor.enabled {
            return None;
        }
        let clean = without_userinfo(self.redactor, text, &mut self.replaced);
        let url = clean.as_deref().unwrap_or(text);
        let start = url.find("://").map_or(0, |at| at + 3);
        let Some(path) = url[start..].find('/').map(|at| start + at) else { return clean };
        let (origin, target) = url.split_at(path);
        let target = target.split('#').next().unwrap_or_default();
        let (path, query) = target.split_once('?').map_or((target, None), |(path, query)| (path, Some(query)));
        let methods = ["GET", "PUT", "PATCH", "DELETE", "POST"];
        let schema = self.schema;
        let operation = methods.iter().find_map(|method| schema.operation(method, path));
        let changed = format!("{origin}{}", self.location(operation, path, query));
        (changed != text).then_some(changed)
    }

    /// Replaces sensitive values inside the other texts of a message.
    pub(super) fn clean(&mut self, finder: &Finder, draft: &mut Draft<'_>, side: &str) {
        let headers = format!("{side}/headers/");
        for (name, value) in &mut draft.message.headers {
            self.clean_text(finder, value, [headers.as_str(), name.as_str()]);
        }
        match &mut draft.message.body {
            RedactedBody::Text(text) => self.clean_text(finder, text, [side, "/text"]),
            // Escapes may hide a value from the search in the whole text.
            RedactedBody::Json(json) if json.contains('\\') || finder.is_in(json) => {
                let (root, place) = (format!("{side}/json"), Place::of(draft.declared));
                let context = (self.redactor, self.schema);
                let cleaned = JsonWalk::run(context, Some(finder), json, place, &root, &mut self.replaced);
                *json = cleaned.unwrap_or_default();
            }
            RedactedBody::Binary(bytes) => {
                let text = String::from_utf8_lossy(bytes);
                if finder.is_in(&text) {
                    draft.message.body = RedactedBody::None;
                    self.note(true, format!("{side}/body"));
                }
            }
            RedactedBody::Json(_) | RedactedBody::None => {}
        }
    }

    /// Replaces sensitive values inside a text; its pointer is the two parts together.
    pub(super) fn clean_text(&mut self, finder: &Finder, text: &mut String, [side, member]: [&str; 2]) {
        if is_pseudonym(text) {
            return;
        }
        if let Some(changed) = finder.replace(text).filter(|changed| changed != text) {
            *text = changed;
            self.note(true, format!("{side}{member}"));
        }
    }
}

fn text(value: &HeaderValue) -> String {
    String::from_utf8_lossy(value.as_bytes()).into_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn descriptive_headers_are_sorted_and_harmless() {
        assert!(DESCRIPTIVE.is_sorted());
        assert!(DESCRIPTIVE.iter().all(|name| CREDENTIALS.iter().all(|credential| credential != name)));
    }
}
