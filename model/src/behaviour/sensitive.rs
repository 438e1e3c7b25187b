//! What must not be shown, apart from fields whose annotations say so.

use super::names::words;
use super::{SensitiveTypes, base};
use crate::api::{Api, Location, Operation, Parameter, Primitive, Resource, Type};

/// Names of the annotations that mark fields whose values must not be logged: those of the user, or else the [usual ones](Self::USUAL).
#[derive(Debug, Clone, Default)]
pub struct SensitiveAnnotations {
    chosen: Option<Vec<String>>,
}

impl SensitiveAnnotations {
    /// The annotations that count unless the user chooses others.
    pub const USUAL: &[&str] = &["personal_data", "pii", "pci", "phi", "secret", "sensitive", "confidential"];

    /// These annotations, and no others.
    pub fn new(names: impl IntoIterator<Item = impl Into<String>>) -> Self {
        Self { chosen: Some(names.into_iter().map(Into::into).collect()) }
    }

    /// The names that the user chose, if there are any.
    pub fn chosen(&self) -> &[String] {
        self.chosen.as_deref().unwrap_or_default()
    }

    /// Whether an annotation marks fields whose values must not be logged.
    pub fn is_sensitive(&self, annotation: &str) -> bool {
        match &self.chosen {
            Some(names) => names.iter().any(|name| name == annotation),
            None => Self::USUAL.contains(&annotation),
        }
    }
}

/// Ends of names whose values harm someone when they leak. The reasons for this choice are in `rules/L024.md`.
const SENSITIVE: &[&[&str]] = &[
    &["password"],
    &["passwd"],
    &["passphrase"],
    &["passcode"],
    &["secret"],
    &["credential"],
    &["credentials"],
    &["api", "key"],
    &["apikey"],
    &["private", "key"],
    &["secret", "key"],
    &["access", "key"],
    &["encryption", "key"],
    &["signing", "key"],
    &["token"],
    &["cvv"],
    &["cvv2"],
    &["cvc"],
    &["card", "number"],
    &["bank", "account", "number"],
    &["iban"],
    &["pin"],
    &["ssn"],
    &["social", "security", "number"],
    &["tax", "id"],
    &["national", "id"],
    &["passport"],
    &["passport", "number"],
    &["driver", "license"],
    &["date", "of", "birth"],
    &["birth", "date"],
    &["birthdate"],
    &["dob"],
];

/// Names of tokens that give no access: where to go on in a list, which version of a thing.
const HARMLESS: &[&[&str]] =
    &[&["page", "token"], &["next", "token"], &["continuation", "token"], &["sync", "token"], &["cancel", "token"]];

/// What a name begins with if the value is not the thing itself.
const MADE_HARMLESS: &[&str] = &["masked", "hashed", "encrypted", "redacted", "has", "is"];

/// Whether a name says that values of this name harm someone when they leak.
pub fn looks_sensitive(name: &str) -> bool {
    let words = words(name);
    let ends = |list: &[&[&str]]| {
        list.iter().any(|end| words.len() >= end.len() && words[words.len() - end.len()..].iter().eq(end.iter()))
    };
    let made_harmless = words.first().is_some_and(|word| MADE_HARMLESS.contains(&word.as_str()));
    ends(SENSITIVE) && !ends(HARMLESS) && !made_harmless
}

/// Headers that say who is calling.
const CREDENTIALS: &[&str] = &["authorization", "proxy-authorization", "cookie", "set-cookie"];

/// Which parameters and headers of an operation have values that must not be shown. They have no annotations: what counts is how
/// they are named, and whether a marked field has the same name, in any depth of what the operation takes and gives, or of the
/// type that its resource is about.
pub struct SensitiveNames {
    /// The words of the names of the marked fields.
    fields: Vec<Vec<String>>,
}

impl SensitiveNames {
    /// Looks at the types of an operation.
    pub fn new(
        sensitive: &SensitiveTypes,
        (api, annotations): (&Api, &SensitiveAnnotations),
        resource: &Resource,
        operation: &Operation,
    ) -> Self {
        let own = resource.type_text.rsplit('.').next().unwrap_or_default();
        let own = sensitive.models(own).iter().copied().map(Type::Model);
        let parameters = operation.parameters.iter().map(|parameter| &parameter.ty);
        let bodies = operation.body.iter().map(|body| &body.ty);
        let responses = operation.responses.iter().map(|response| &response.ty);
        let types = parameters.chain(bodies).chain(responses).cloned().chain(own);
        Self { fields: sensitive.fields(api, annotations, types.collect()).into_iter().map(words).collect() }
    }

    /// Whether the values of a parameter must not be shown. `has_password` as a boolean tells no password.
    pub fn parameter(&self, parameter: &Parameter) -> bool {
        let boolean = *base(&parameter.ty) == Type::Primitive(Primitive::Boolean);
        let looks_sensitive = !boolean && looks_sensitive(&parameter.name);
        let is_header = parameter.location == Location::Header;
        looks_sensitive || self.is_field(&parameter.name) || (is_header && self.header(&parameter.name))
    }

    /// Whether the value of a header must not be shown.
    pub fn header(&self, name: &str) -> bool {
        let credentials = CREDENTIALS.iter().any(|known| known.eq_ignore_ascii_case(name));
        let plain = name.strip_prefix("X-").or(name.strip_prefix("x-")).unwrap_or(name);
        credentials || looks_sensitive(name) || self.is_field(plain)
    }

    fn is_field(&self, name: &str) -> bool {
        !self.fields.is_empty() && self.fields.contains(&words(name))
    }
}

#[cfg(test)]
mod tests {
    use super::looks_sensitive;

    #[test]
    fn ends_of_names_count() {
        for name in ["password", "newPassword", "api_key", "card-number", "dateOfBirth", "refresh_token", "CVV"] {
            assert!(looks_sensitive(name), "{name}");
        }
        for name in [
            "password_reset_url",
            "token_type",
            "secretary",
            "pinned",
            "next_page_token",
            "masked_token",
            "key",
            "number",
        ] {
            assert!(!looks_sensitive(name), "{name}");
        }
    }
}
