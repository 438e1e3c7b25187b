//! What is sensitive, apart from fields whose annotations say so.

use std::collections::{BTreeSet, HashMap};

use super::{Node, base, direct, holders};
use crate::api::{Api, Field, Id, Location, Model, Operation, Parameter, Primitive, Resource, Type};
use crate::vocabulary::names::words;

/// Names of the annotations that make a field sensitive: those of the user, or else the [usual ones](Self::USUAL).
#[derive(Debug, Clone, Default)]
pub struct SensitiveAnnotations {
    chosen: Option<Vec<String>>,
}

impl SensitiveAnnotations {
    /// The annotations that apply unless the user chooses others.
    pub const USUAL: &[&str] = &["personal_data", "pii", "pci", "phi", "secret", "sensitive", "confidential"];

    /// Uses these annotations, and no others.
    pub fn new(names: impl IntoIterator<Item = impl Into<String>>) -> Self {
        Self { chosen: Some(names.into_iter().map(Into::into).collect()) }
    }

    /// Returns the names that the user chose, if any.
    pub fn chosen(&self) -> &[String] {
        self.chosen.as_deref().unwrap_or_default()
    }

    /// Returns true if an annotation makes its field sensitive.
    pub fn is_sensitive(&self, annotation: &str) -> bool {
        match &self.chosen {
            Some(names) => names.iter().any(|name| name == annotation),
            None => Self::USUAL.contains(&annotation),
        }
    }

    /// Returns true if one of them is on a field.
    pub fn are_on(&self, field: &Field) -> bool {
        field.annotations.iter().any(|annotation| self.is_sensitive(annotation))
    }
}

/// Last words of names whose values harm someone when they leak. `rules/L024.md` gives the reasons for this choice.
const SENSITIVE: &str = "\
    password, passwd, passphrase, passcode, secret, credential, credentials, api key, apikey, private key, \
    secret key, access key, encryption key, signing key, token, cvv, cvv2, cvc, card number, bank account number, \
    iban, pin, ssn, social security number, tax id, national id, passport, passport number, driver license, \
    date of birth, birth date, birthdate, dob";

/// Names of tokens that give no access: a position in a list, the version of something.
const HARMLESS: &str = "page token, next token, continuation token, sync token, cancel token";

/// First words of names whose values are not the sensitive value itself.
const MADE_HARMLESS: &[&str] = &["masked", "hashed", "encrypted", "redacted", "has", "is"];

/// Returns true if values of this name harm someone when they leak.
pub fn looks_sensitive(name: &str) -> bool {
    let words = words(name);
    let name = format!(" {}", words.join(" "));
    let ends = |list: &str| list.split(", ").any(|end| name.strip_suffix(end).is_some_and(|rest| rest.ends_with(' ')));
    let made_harmless = words.first().is_some_and(|word| MADE_HARMLESS.contains(&word.as_str()));
    ends(SENSITIVE) && !ends(HARMLESS) && !made_harmless
}

/// Which models and unions contain, at any depth, a field that is annotated as sensitive.
#[derive(Debug)]
pub struct SensitiveTypes {
    sensitive: Vec<bool>,
    /// The models of each name, in all services.
    named: HashMap<String, Vec<Id<Model>>>,
}

impl SensitiveTypes {
    /// Marks the types with sensitive fields, and every type that contains one of them.
    pub fn new(api: &Api, annotations: &SensitiveAnnotations) -> Self {
        let has_field = |node: Node| match node {
            Node::Model(id) => api.models[id].fields.iter().any(|field| annotations.are_on(field)),
            Node::Union(_) => false,
        };
        let mut named: HashMap<String, Vec<Id<Model>>> = HashMap::new();
        api.models.iter().for_each(|(id, model)| named.entry(model.name.clone()).or_default().push(id));
        Self { sensitive: holders(api, has_field, |node| node.inner(api)), named }
    }

    /// Returns the models of this name.
    pub fn models(&self, name: &str) -> &[Id<Model>] {
        self.named.get(name).map_or(&[], Vec::as_slice)
    }

    /// Returns the names of all sensitive fields in values of these types, at any depth.
    pub fn fields<'a>(&self, api: &'a Api, annotations: &SensitiveAnnotations, types: Vec<Type>) -> BTreeSet<&'a str> {
        let (mut names, mut seen) = (BTreeSet::new(), BTreeSet::new());
        let mut work: Vec<Node> = types.iter().filter_map(|ty| direct(base(ty))).collect();
        while let Some(node) = work.pop() {
            let index = node.index(api);
            if !self.sensitive[index] || !seen.insert(index) {
                continue;
            }
            if let Node::Model(id) = node {
                let sensitive = api.models[id].fields.iter().filter(|field| annotations.are_on(field));
                names.extend(sensitive.map(|field| field.name.as_str()));
            }
            work.extend(node.inner(api));
        }
        names
    }

    /// Returns true if values of this type have sensitive parts.
    pub fn holds(&self, api: &Api, ty: &Type) -> bool {
        direct(base(ty)).is_some_and(|node| self.sensitive[node.index(api)])
    }
}

/// Headers that identify the caller.
const CREDENTIALS: &[&str] = &["authorization", "proxy-authorization", "cookie", "set-cookie"];

/// Which parameters and headers of an operation are sensitive. They have no annotations, so their names decide: whether
/// the name looks sensitive, or equals that of a sensitive field at any depth of the operation's input and output, or
/// of the type of its resource.
pub struct OperationSensitivity {
    /// The words of the names of the sensitive fields.
    fields: Vec<Vec<String>>,
}

impl OperationSensitivity {
    /// Collects the sensitive fields of the types of an operation.
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

    /// Returns true if a parameter is sensitive. A boolean `has_password` reveals no password.
    pub fn parameter(&self, parameter: &Parameter) -> bool {
        let boolean = *base(&parameter.ty) == Type::Primitive(Primitive::Boolean);
        let looks_sensitive = !boolean && looks_sensitive(&parameter.name);
        let is_header = parameter.location == Location::Header;
        looks_sensitive || self.is_field(&parameter.name) || (is_header && self.header(&parameter.name))
    }

    /// Returns true if a header is sensitive.
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
