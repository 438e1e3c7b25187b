//! Lint: `minimum`, `maximum`, and defaults outside them.

use std::cmp::Ordering;

use super::Linter;
use super::elements::{FieldRef, Owner};
use super::rule::{DEFAULT_OUT_OF_LIMITS, DROPPED_VALUE, MEANINGLESS_LIMIT, UNKNOWN_DEFAULT, UNSATISFIABLE_LIMIT};
use crate::api::limit::has_double;
use crate::api::{Enum, Id, Literal, Primitive, Type};
use crate::behaviour::limits::count;
use crate::parse::service::{Attribute, Field, Header};
use crate::source::json::Span;

/// Returns the limit that a value violates: `less than its minimum 3`.
pub fn outside(field: &Field, value: &Literal) -> Option<String> {
    let unit = match value {
        Literal::String(_) => " characters",
        Literal::List(_) => " elements",
        _ => "",
    };
    let low = field.minimum.filter(|low| value.compare(*low).is_some_and(Ordering::is_lt));
    let high = field.maximum.filter(|high| value.compare(*high).is_some_and(Ordering::is_gt));
    low.map(|low| format!("less than the minimum of {low}{unit}"))
        .or_else(|| high.map(|high| format!("more than the maximum of {high}{unit}")))
}

impl Linter<'_> {
    pub fn limits(&mut self) {
        for field in self.field_refs() {
            self.limits_of(&field);
            self.dropped(&field);
            self.default_of(&field);
        }
        self.header_defaults();
    }

    fn limits_of(&mut self, field: &FieldRef<'_>) {
        let (low, high) = (field.field.minimum, field.field.maximum);
        if low.is_none() && high.is_none() {
            return;
        }
        if !count(field.ty) {
            let message = format!("{field} has limits, which do not apply to its type `{}`", field.field.ty.value);
            let help = "remove `minimum` and `maximum`; they apply only to strings, lists and numbers";
            return self.add(&MEANINGLESS_LIMIT, field.at(), &field.attributes, message, help);
        }
        let (is_integer, sized) = match field.ty {
            Type::Primitive(Primitive::String) => (false, Some("string")),
            Type::List(_) => (false, Some("list")),
            ty => (*ty == Type::Primitive(Primitive::Integer), None),
        };
        let why = match (low, high, sized) {
            (Some(low), Some(high), _) if low > high => {
                format!("its minimum {low} is greater than its maximum {high}")
            }
            (_, Some(high), Some(what)) if high < 0 => {
                format!("the length of a {what} cannot be negative, and its maximum is {high}")
            }
            (Some(low), ..) if is_integer && low > i64::from(i32::MAX) => {
                format!("its minimum {low} is beyond the 32 bits of an integer")
            }
            (_, Some(high), _) if is_integer && high < i64::from(i32::MIN) => {
                format!("its maximum {high} is beyond the 32 bits of an integer")
            }
            (Some(low), Some(high), _) if *field.ty == Type::Primitive(Primitive::Double) && !has_double(low, high) => {
                format!("a double has too few digits for a number between {low} and {high}")
            }
            _ => return,
        };
        let message = format!("no value of {field} is within its limits: {why}");
        let help = "correct the limits, or the type";
        self.add(&UNSATISFIABLE_LIMIT, field.at(), &field.attributes, message, help);
    }

    fn dropped(&mut self, field: &FieldRef<'_>) {
        for key in &field.field.dropped {
            let (why, help) = match key.value.as_str() {
                "default" => {
                    ("it is blank", "remove it, or make the field optional; an empty default cannot be expressed")
                }
                _ => ("it is not a 64-bit integer", "use integers as limits"),
            };
            let message = format!("the {} of {field} is dropped, because {why}", key.value);
            self.add(&DROPPED_VALUE, key.at, &field.attributes, message, help);
        }
    }

    fn default_of(&mut self, field: &FieldRef<'_>) {
        let Some(text) = &field.field.default else { return };
        // In fields, a default that looks like a number has been checked already.
        let checked = matches!(field.owner, Owner::Type(..)) && text.value.parse::<f64>().is_ok();
        if let Some(broken) = field.default.and_then(|value| outside(field.field, value)).filter(|_| !checked) {
            let message = format!("the default of {field} is {broken}");
            let help = "correct the default or the limits";
            self.add(&DEFAULT_OUT_OF_LIMITS, text.at, &field.attributes, message, help);
        }
        if let (Type::Enum(id), None) = (field.ty, field.default)
            && self.is_foreign(*id)
        {
            let what = format!("the default `{}` of {field}", text.value);
            self.unknown_default(&what, text.at, &field.attributes, *id);
        }
    }

    /// Returns true if the enum belongs to another service: defaults of own enums have been checked already.
    fn is_foreign(&self, id: Id<Enum>) -> bool {
        self.api.services[self.api.enums[id].service].namespace != self.own.namespace
    }

    fn unknown_default(&mut self, what: &str, at: Span, attributes: &[&[Attribute]], id: Id<Enum>) {
        let e = &self.api.enums[id];
        let names: Vec<&str> = e.values.iter().take(20).map(|v| v.name.as_str()).collect();
        let message = format!("{what} is not a value of enum `{}`", e.name);
        let help = format!("use one of: {}", names.join(", "));
        self.add(&UNKNOWN_DEFAULT, at, attributes, message, &help);
    }

    fn header_defaults(&mut self) {
        let service = self.service;
        for (header, own) in service.headers.iter().zip(&self.own.headers) {
            self.header_default(header, &own.ty, &[&header.common.attributes]);
        }
        for operation in self.operation_refs() {
            let [of_operation, of_resource] = operation.attributes();
            for (written, resolved) in operation.written.responses.iter().zip(&operation.resolved.responses) {
                for (header, own) in written.headers.iter().zip(&resolved.headers) {
                    self.header_default(header, &own.ty, &[&header.common.attributes, of_operation, of_resource]);
                }
            }
        }
    }

    fn header_default(&mut self, header: &Header, ty: &Type, attributes: &[&[Attribute]]) {
        let (Some(text), Type::Enum(id)) = (&header.default, ty) else { return };
        if !self.api.enums[*id].values.iter().any(|v| v.name == text.value || v.wire == text.value) {
            let what = format!("the default `{}` of header `{}`", text.value, header.common.name.value);
            self.unknown_default(&what, text.at, attributes, *id);
        }
    }
}
