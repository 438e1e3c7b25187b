//! Redacts URLs and forms: paths by their template, pairs by the types of parameters.

use std::borrow::Cow;

use http::Uri;
use percent_encoding::utf8_percent_encode;

use super::json::{Declared, Place};
use super::message::Messages;
use crate::encoding::{SEGMENT, push_encoded, variable};
use crate::validate::MessageLocation;
use crate::validate::schema::{Operation, ParameterDefinition, Primitive, Schema, Type};

impl<'a> Messages<'a> {
    /// Returns path and query.
    pub(super) fn target(&mut self, uri: &Uri) -> String {
        let (path, query) = (uri.path(), uri.query());
        if !self.redactor.enabled {
            return uri.path_and_query().map_or_else(|| path.to_owned(), ToString::to_string);
        }
        let operation = self.operation;
        let target = self.location(operation, path, query);
        let all_kept = uri.path_and_query().is_some_and(|all| all.as_str() == target);
        self.note(!all_kept, "/target".to_owned());
        target
    }

    /// Returns path and query of a URL that leads to an operation.
    pub(super) fn location(&mut self, operation: Option<&'a Operation>, path: &str, query: Option<&str>) -> String {
        let mut out = match operation {
            Some(operation) => self.path(operation, path),
            None => self.schema.table.shown(path),
        };
        let query = query.map(|query| {
            self.pairs(query, |own| match operation {
                Some(operation) => parameter(operation, MessageLocation::Query, own),
                None => None,
            })
        });
        if let Some(query) = query.filter(|query| !query.is_empty()) {
            out.push('?');
            out.push_str(&query);
        }
        out
    }

    fn path(&mut self, operation: &Operation, path: &str) -> String {
        let mut out = String::with_capacity(path.len());
        let templates = operation.info().path.split('/').map(Some).chain(std::iter::repeat(None));
        for (index, (given, template)) in path.split('/').zip(templates).enumerate() {
            if index > 0 {
                out.push('/');
            }
            let variable = template.and_then(variable);
            let own = variable.and_then(|(name, suffix)| {
                let own = parameter(operation, MessageLocation::Path, name)?;
                (own.sensitive || self.redactor.hides(name)).then_some((own, suffix))
            });
            let Some((own, suffix)) = own else {
                out.push_str(given);
                continue;
            };
            let decoded = percent_encoding::percent_decode_str(given).decode_utf8_lossy();
            let suffix = percent_encoding::percent_decode_str(suffix).decode_utf8_lossy();
            let value = decoded.strip_suffix(&*suffix).unwrap_or(&decoded);
            let pseudonym = self.pseudonym(Some(&own.ty), value, (own.minimum, own.maximum));
            out.extend(utf8_percent_encode(&pseudonym, SEGMENT));
            out.extend(utf8_percent_encode(&suffix, SEGMENT));
        }
        out
    }

    /// Returns the pairs of a query or a form. Undeclared ones are dropped; those that cannot be decoded are too.
    pub(super) fn pairs<'t>(&mut self, text: &str, find: impl Fn(&str) -> Option<&'t ParameterDefinition>) -> String {
        let mut out = String::with_capacity(text.len());
        for part in text.split('&').filter(|part| !part.is_empty()) {
            let (key, value) = part.split_once('=').map_or((part, None), |(key, value)| (key, Some(value)));
            let Some(name) = decoded(key) else { continue };
            let base = name.find('[').filter(|at| *at > 0).map_or(&*name, |at| &name[..at]);
            let known = find(base).and_then(|own| nested(self.schema, own, &name[base.len()..]));
            let (place, is_data) = match known {
                Some(known) => known,
                None if self.redactor.keep_undeclared => (Place::of(Declared::Anything), true),
                None => continue,
            };
            let names = || std::iter::once(base).chain(name.split(['[', ']']));
            let hidden = names().any(|own| self.redactor.hides(own))
                || (is_data && names().any(|own| self.redactor.looks_sensitive(own)));
            if !out.is_empty() {
                out.push('&');
            }
            match (place.sensitive || hidden, value) {
                (true, Some(value)) => {
                    let value = decoded(value).unwrap_or(Cow::Borrowed(value));
                    let pseudonym = self.pseudonym(place.ty(), &value, place.limits);
                    self.hidden_key(&mut out, key, &name, base, is_data);
                    out.push('=');
                    push_encoded(&mut out, &pseudonym);
                }
                // A key without a value, or a value to keep.
                _ => out.push_str(part),
            }
        }
        out
    }

    /// Writes the key of a sensitive value: what is in brackets after an untyped parameter is a part of the value.
    fn hidden_key(&mut self, out: &mut String, key: &str, name: &str, base: &str, is_data: bool) {
        if !is_data || name.len() == base.len() {
            return out.push_str(key);
        }
        let inner = &name[base.len()..];
        let pseudonym = self.pseudonym(None, inner.trim_matches(['[', ']']), (None, None));
        push_encoded(out, base);
        out.push_str(&format!("[{pseudonym}]"));
    }
}

fn parameter<'o>(operation: &'o Operation, location: MessageLocation, name: &str) -> Option<&'o ParameterDefinition> {
    operation.parameters.iter().find(|own| own.location == location && own.name == name)
}

/// Decodes a key or value of a form; `None` if it cannot be decoded.
fn decoded(text: &str) -> Option<Cow<'_, str>> {
    let spaced = if text.contains('+') { Cow::Owned(text.replace('+', " ")) } else { Cow::Borrowed(text) };
    match spaced {
        Cow::Borrowed(text) => percent_encoding::percent_decode_str(text).decode_utf8().ok(),
        Cow::Owned(text) => {
            let text = percent_encoding::percent_decode_str(&text).decode_utf8().ok()?;
            Some(Cow::Owned(text.into_owned()))
        }
    }
}

/// Returns the place of a value below a parameter, by the brackets of its key, such as `[items][0][price]`, and whether a part
/// of the key is data. Returns `None` if no type declares it.
fn nested<'t>(schema: &'t Schema, own: &'t ParameterDefinition, brackets: &str) -> Option<(Place<'t>, bool)> {
    let limits = (own.minimum, own.maximum);
    let mut place = Place { declared: Declared::Type(&own.ty), sensitive: own.sensitive, limits };
    let mut is_data = false;
    for step in brackets.split(['[', ']']).filter(|step| !step.is_empty()) {
        let Declared::Type(mut ty) = place.declared else { break };
        place.limits = (None, None);
        while let Type::List(inner) = ty {
            ty = inner;
        }
        let index = step.bytes().all(|byte| byte.is_ascii_digit());
        match ty {
            Type::Model(model) if !index => {
                let model = schema.models.get(*model)?;
                let at = model.fields.iter().position(|field| field.name == step)?;
                let (field, inner) = (&model.fields[at], model.types.get(at)?);
                let sensitive = place.sensitive || field.sensitive;
                place = Place { declared: Declared::Type(inner), sensitive, limits: (field.min, field.max) };
            }
            Type::Map(inner) => {
                place.declared = Declared::Type(inner);
                is_data = true;
            }
            // One key does not say which member it is, so all are taken for sensitive.
            Type::Union(_) => {
                (place.declared, place.sensitive, is_data) = (Declared::Anything, true, true);
            }
            Type::Primitive(Primitive::Json | Primitive::Object) => {
                (place.declared, is_data) = (Declared::Anything, true);
            }
            Type::Primitive(_) | Type::Enum(_) if !index => return None,
            ty => place.declared = Declared::Type(ty),
        }
    }
    Some((place, is_data))
}
