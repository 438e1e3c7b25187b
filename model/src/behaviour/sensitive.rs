//! What must not be shown, apart from fields whose annotations say so.

use std::collections::{BTreeSet, HashMap};

use super::{Node, base, direct};
use crate::api::{Api, Id, Location, Model, Operation, Parameter, Primitive, Resource, Type};
use crate::vocabulary::names::words;

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

/// Whether each model and union holds, in any depth, a field whose annotations say that it is sensitive.
#[derive(Debug)]
pub struct SensitiveTypes {
    sensitive: Vec<bool>,
    /// The models of each name, in all services.
    named: HashMap<String, Vec<Id<Model>>>,
}

impl SensitiveTypes {
    /// What holds a sensitive type is sensitive, too.
    pub fn new(api: &Api, annotations: &SensitiveAnnotations) -> Self {
        let nodes: Vec<Node> = Node::all(api).collect();
        let mut holders = vec![Vec::new(); nodes.len()];
        for (index, node) in nodes.iter().enumerate() {
            for part in node.parts(api).into_iter().filter_map(|part| direct(base(part))) {
                holders[part.index(api)].push(index);
            }
        }
        let has_field = |node: &Node| match node {
            Node::Model(id) => {
                api.models[*id].fields.iter().flat_map(|f| &f.annotations).any(|mark| annotations.is_sensitive(mark))
            }
            Node::Union(_) => false,
        };
        let mut sensitive: Vec<bool> = nodes.iter().map(has_field).collect();
        let mut work: Vec<usize> = (0..nodes.len()).filter(|index| sensitive[*index]).collect();
        while let Some(index) = work.pop() {
            for &holder in &holders[index] {
                if !std::mem::replace(&mut sensitive[holder], true) {
                    work.push(holder);
                }
            }
        }
        let mut named: HashMap<String, Vec<Id<Model>>> = HashMap::new();
        api.models.iter().for_each(|(id, model)| named.entry(model.name.clone()).or_default().push(id));
        Self { sensitive, named }
    }

    /// The models of this name.
    pub fn models(&self, name: &str) -> &[Id<Model>] {
        self.named.get(name).map_or(&[], Vec::as_slice)
    }

    /// The names of all sensitive fields that values of these types have, in any depth.
    pub fn fields<'a>(&self, api: &'a Api, annotations: &SensitiveAnnotations, types: Vec<Type>) -> BTreeSet<&'a str> {
        let (mut names, mut seen) = (BTreeSet::new(), BTreeSet::new());
        let mut work: Vec<Node> = types.iter().filter_map(|ty| direct(base(ty))).collect();
        while let Some(node) = work.pop() {
            let index = node.index(api);
            if !self.sensitive[index] || !seen.insert(index) {
                continue;
            }
            if let Node::Model(id) = node {
                let sensitive =
                    api.models[id].fields.iter().filter(|f| f.annotations.iter().any(|a| annotations.is_sensitive(a)));
                names.extend(sensitive.map(|field| field.name.as_str()));
            }
            work.extend(node.parts(api).into_iter().filter_map(|part| direct(base(part))));
        }
        names
    }

    /// Whether values of this type have parts that must not be shown.
    pub fn holds(&self, api: &Api, ty: &Type) -> bool {
        direct(base(ty)).is_some_and(|node| self.sensitive[node.index(api)])
    }
}

/// Headers that say who is calling.
const CREDENTIALS: &[&str] = &["authorization", "proxy-authorization", "cookie", "set-cookie"];

/// Which parameters and headers of an operation have values that must not be shown. They have no annotations: what counts is how
/// they are named, and whether a sensitive field has the same name, in any depth of what the operation takes and gives, or of the
/// type that its resource is about.
pub struct OperationSensitivity {
    /// The words of the names of the sensitive fields.
    fields: Vec<Vec<String>>,
}

impl OperationSensitivity {
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
