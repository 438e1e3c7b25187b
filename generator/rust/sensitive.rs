//! What must not be shown, apart from fields whose annotations say so.

use super::Options;
use super::names::words;
use crate::ir::{Api, Operation, Parameter, Primitive, Type};

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

/// Whether the values of a parameter must not be shown. Parameters have no annotations: what counts is how they are named, and
/// whether the operation takes or gives a model that has a marked field of this name.
pub fn is_hidden(api: &Api, options: &Options, operation: &Operation, parameter: &Parameter) -> bool {
    if *super::analysis::base(&parameter.ty) == Type::Primitive(Primitive::Boolean) {
        return false;
    }
    let body = operation.body.iter().map(|body| &body.ty);
    let mut types = body.chain(operation.responses.iter().map(|response| &response.ty));
    looks_sensitive(&parameter.name) || types.any(|ty| has_marked(api, options, ty, &parameter.name))
}

/// Whether a type is, or has as elements or members, a model with a marked field of this name.
fn has_marked(api: &Api, options: &Options, ty: &Type, name: &str) -> bool {
    match super::analysis::base(ty) {
        Type::Model(id) => api.models[*id]
            .fields
            .iter()
            .any(|field| field.name == name && field.annotations.iter().any(|mark| options.is_sensitive(mark))),
        Type::Union(id) => api.unions[*id].members.iter().any(|member| has_marked(api, options, &member.ty, name)),
        _ => false,
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
