//! What is sensitive, and what stands for it.

use std::fmt;

use crate::json::{Mode, Reader, ToJson};
use crate::testing::pseudonym::{Limits, Pseudonyms};
use crate::validate::schema::{Primitive, Schema, Type};

/// Replaces sensitive values of exchanges by pseudonyms, as a [`Schema`] declares them.
///
/// A pseudonym has the type of its value, and equal values have equal pseudonyms, so that redacted exchanges still satisfy
/// the spec and can be correlated. Sensitive are:
///
/// * values of fields, parameters and response headers that the spec declares as sensitive, and everything inside them,
///   keys of maps included;
/// * `Authorization`, `Proxy-Authorization`, `Cookie` and `Set-Cookie`, and user and password in URLs;
/// * what has a name that is [hidden](Self::hide), or, where the spec says nothing about a value, a name that
///   [looks sensitive](Self::sensitive_names);
/// * the same values inside other text, also JSON-escaped, percent-encoded or in Base64, if they have at least four
///   characters.
///
/// What the spec does not declare is dropped: fields, parameters of query and form, headers (except a few that describe the
/// message), and whole bodies. [`keep_undeclared`](Self::keep_undeclared) keeps it.
///
/// A body that is not JSON where JSON is declared is withheld, since it may be anything. With `keep_undeclared`, it is kept
/// unless the operation is sensitive.
#[derive(Clone)]
pub struct Redactor {
    pub(super) names: Pseudonyms,
    hidden: Vec<String>,
    looks_sensitive: fn(&str) -> bool,
    pub(super) keep_undeclared: bool,
    pub(super) enabled: bool,
}

/// What was replaced in an exchange.
#[derive(Default)]
pub(super) struct Replaced {
    /// JSON pointers into the record.
    pub(super) pointers: Vec<String>,
    /// Sensitive values, as text, with their pseudonyms.
    pub(super) values: Vec<(String, String)>,
}

impl Default for Redactor {
    fn default() -> Self {
        let names = Pseudonyms::default();
        Redactor { names, hidden: Vec::new(), looks_sensitive: |_| false, keep_undeclared: false, enabled: true }
    }
}

impl Redactor {
    /// Creates a redactor that drops what is not declared.
    pub fn new() -> Redactor {
        Redactor::default()
    }

    /// Creates a redactor that changes nothing but white space.
    pub fn disabled() -> Redactor {
        Redactor { enabled: false, keep_undeclared: true, ..Redactor::default() }
    }

    /// Makes pseudonyms depend on a key. Without one, a guessed value can be confirmed by its pseudonym.
    #[must_use]
    pub fn key(self, key: &str) -> Redactor {
        Redactor { names: Pseudonyms::keyed(key), ..self }
    }

    /// Treats fields, parameters and headers with this name as sensitive, ignoring case.
    #[must_use]
    pub fn hide(mut self, name: &str) -> Redactor {
        self.hidden.push(name.to_owned());
        self
    }

    /// Sets which names are sensitive where the spec says nothing: in undeclared parts and untyped JSON. By default none
    /// are.
    #[must_use]
    pub fn sensitive_names(self, looks_sensitive: fn(&str) -> bool) -> Redactor {
        Redactor { looks_sensitive, ..self }
    }

    /// Sets whether what the spec does not declare is kept.
    #[must_use]
    pub fn keep_undeclared(self, keep: bool) -> Redactor {
        Redactor { keep_undeclared: keep || !self.enabled, ..self }
    }

    /// Returns true if a name is hidden by [`hide`](Self::hide).
    pub fn hides(&self, name: &str) -> bool {
        self.enabled && self.hidden.iter().any(|hidden| hidden.eq_ignore_ascii_case(name))
    }

    /// Returns true if something undeclared with this name is sensitive.
    pub(super) fn looks_sensitive(&self, name: &str) -> bool {
        self.enabled && (self.looks_sensitive)(name)
    }

    /// Returns the pseudonym of a text that stands for a value of this type.
    pub(super) fn text(&self, schema: &Schema, ty: Option<&Type>, text: &str, limits: Limits, mode: &Mode) -> String {
        let names = &self.names;
        let is_valid = |ty: &Type| {
            let json = text.to_json();
            let mut reader = Reader::new(json.as_bytes(), mode);
            schema.check(&mut reader, ty);
            reader.finish().is_ok()
        };
        match ty {
            Some(Type::Enum(index)) => match schema.enums.get(*index).filter(|table| table.has(text)) {
                Some(table) => names.choice(text, table.values()).to_owned(),
                None => names.text(text, limits),
            },
            Some(ty @ Type::Primitive(primitive)) => match primitive {
                Primitive::Integer | Primitive::Long | Primitive::Double | Primitive::Decimal
                    if text.parse::<f64>().is_ok() =>
                {
                    names.number(text, limits).to_string()
                }
                Primitive::Boolean if text.parse::<bool>().is_ok() => false.to_string(),
                Primitive::Uuid if is_valid(ty) => names.uuid(text),
                Primitive::Date if is_valid(ty) => names.date(text),
                Primitive::DateTime if is_valid(ty) => names.date_time(text),
                _ => names.text(text, limits),
            },
            _ => names.text(text, limits),
        }
    }
}

/// Returns the text with pseudonyms in place of user and password in its URLs; `None` if there are none.
pub(super) fn without_userinfo(redactor: &Redactor, text: &str, replaced: &mut Replaced) -> Option<String> {
    if !redactor.enabled || !text.contains('@') || !text.contains("://") {
        return None;
    }
    let mut out = String::new();
    let mut rest = text;
    while let Some(at) = rest.find("://").map(|at| at + "://".len()) {
        let (before, after) = rest.split_at(at);
        out.push_str(before);
        let end = after.find(|c: char| "/?#\"'<>\\".contains(c) || c.is_whitespace()).unwrap_or(after.len());
        let (authority, more) = after.split_at(end);
        match authority.rsplit_once('@') {
            Some((user, host)) => {
                let pseudonym = redactor.names.text(user, (None, None));
                let parts = std::iter::once(user).chain(user.split(':'));
                replaced.values.extend(parts.map(|part| (part.to_owned(), pseudonym.clone())));
                out.push_str(&format!("{pseudonym}@{host}"));
            }
            None => out.push_str(authority),
        }
        rest = more;
    }
    out.push_str(rest);
    (out != text).then_some(out)
}

impl fmt::Debug for Redactor {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        // Not the key of the pseudonyms.
        let Redactor { hidden, keep_undeclared, enabled, .. } = self;
        f.debug_struct("Redactor")
            .field("hidden", hidden)
            .field("keep_undeclared", keep_undeclared)
            .field("enabled", enabled)
            .finish_non_exhaustive()
    }
}
