//! Fields that look as if they must not be logged.

use super::Linter;
use super::rule::SENSITIVE_FIELD;
use crate::ir::{Primitive, Type};
use crate::rust::analysis::base;
use crate::rust::names::words;

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

/// Words that say, in the name of an annotation, that somebody has thought about it.
const MARKS: &[&str] = &[
    "personal",
    "pii",
    "pci",
    "phi",
    "gdpr",
    "secret",
    "secrets",
    "sensitive",
    "confidential",
    "private",
    "restricted",
    "credential",
    "credentials",
    "redact",
    "redacted",
    "masked",
    "encrypted",
    "security",
    "privacy",
];

fn looks_sensitive(name: &str) -> bool {
    let words = words(name);
    let ends = |list: &[&[&str]]| {
        list.iter().any(|end| words.len() >= end.len() && words[words.len() - end.len()..].iter().eq(end.iter()))
    };
    let made_harmless = words.first().is_some_and(|word| MADE_HARMLESS.contains(&word.as_str()));
    ends(SENSITIVE) && !ends(HARMLESS) && !made_harmless
}

/// Types that can hold the thing itself: `has_password` as a boolean does not.
fn holds_text(ty: &Type) -> bool {
    let Type::Primitive(primitive) = base(ty) else { return false };
    !matches!(primitive, Primitive::Boolean | Primitive::Unit | Primitive::Double)
}

fn is_mark(annotation: &str) -> bool {
    words(annotation).iter().any(|word| MARKS.contains(&word.as_str()))
}

impl Linter<'_> {
    /// Every field of a model or interface; parameters have no annotations.
    pub fn sensitive(&mut self) {
        for slot in self.fields() {
            let marked = slot.field.annotations.iter().any(|annotation| is_mark(&annotation.value));
            if !marked && holds_text(slot.ty) && looks_sensitive(slot.name()) {
                let message = format!("{slot} looks sensitive, but has no annotation that says so");
                let help = "declare an annotation such as `personal_data` or `secret`, and give it to the field";
                self.add(&SENSITIVE_FIELD, slot.at(), &slot.attributes, message, help);
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

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
        assert!(is_mark("personal_data") && is_mark("PCI") && !is_mark("read_only"));
    }
}
