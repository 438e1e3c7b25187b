//! Examples that do not fit.

use super::Linter;
use super::element::Slot;
use super::limits::outside;
use super::rule::INVALID_EXAMPLE;
use crate::spec::default;
use crate::spec::scope::{Kind, Meaning};

impl Linter<'_> {
    /// Examples of fields and parameters, read as defaults are.
    pub fn examples(&mut self) {
        for slot in self.slots() {
            let Some(text) = &slot.field.example else { continue };
            if let Some(fault) = self.example(&slot, &text.value) {
                let message = format!("the example `{}` of {slot} {fault}", text.value);
                let help = "correct it: it is what documentation shows";
                self.add(&INVALID_EXAMPLE, text.at, &slot.attributes, message, help);
            }
        }
    }

    /// What is wrong with an example. Examples of models and unions have no agreed form, and are not looked at.
    fn example(&self, slot: &Slot<'_>, text: &str) -> Option<String> {
        let (parsed, meaning) = self.scope.parse(&slot.field.ty.value)?;
        match meaning {
            Meaning::Declared(target) if target.kind == Kind::Enum => {
                let e = &self.scope.units[target.unit].service.enums[target.index];
                let known = e
                    .values
                    .iter()
                    .any(|v| v.common.name.value == text || v.value.as_ref().is_some_and(|wire| wire.value == text));
                let single = parsed.wrappers.is_empty();
                return (single && !known).then(|| format!("is no value of enum `{}`", e.common.name.value));
            }
            Meaning::Declared(_) | Meaning::Missing | Meaning::Unknown => return None,
            Meaning::Primitive(_) => {}
        }
        match default::literal(self.scope, &parsed, meaning, text, &|_, _| None) {
            Ok(value) => outside(slot.field, &value).map(|broken| format!("is {broken}")),
            Err(_) => Some(format!("does not fit the type `{}`", slot.field.ty.value)),
        }
    }
}
