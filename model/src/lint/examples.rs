//! Lint: examples that do not fit their types.

use super::Linter;
use super::elements::FieldRef;
use super::rule::INVALID_EXAMPLE;
use super::value_limits::outside;
use crate::parse::default;
use crate::parse::scope::Meaning;
use crate::parse::service::{EnumValue, Kind};
use crate::vocabulary::type_text::{TypeText, Wrapper};

impl Linter<'_> {
    /// Checks the examples of fields and parameters, which are read like defaults.
    pub fn examples(&mut self) {
        for field in self.field_refs() {
            let Some(text) = &field.field.example else { continue };
            if let Some(fault) = self.example(&field, &text.value) {
                let message = format!("the example `{}` of {field} {fault}", text.value);
                let help = "correct it: documentation shows it";
                self.add(&INVALID_EXAMPLE, text.at, &field.attributes, message, help);
            }
        }
    }

    /// Returns what is wrong with an example. Examples of models and unions have no agreed form and are not checked.
    fn example(&self, field: &FieldRef<'_>, text: &str) -> Option<String> {
        let (mut parsed, meaning) = self.scope.parse(&field.field.ty.value)?;
        let whole = self.fault(field, &parsed, meaning, text)?;
        // People write several examples separated by commas, or a single element for a list.
        let mut pieces = text.trim_start_matches('[').trim_end_matches(']').split(',').map(str::trim);
        let fit = match parsed.wrappers.as_slice() {
            [] => text.contains(',') && pieces.all(|one| self.fault(field, &parsed, meaning, one).is_none()),
            [Wrapper::List] if self.misfit(&parsed, meaning, text).is_some() => {
                parsed.wrappers.clear();
                pieces.all(|one| self.misfit(&parsed, meaning, one).is_none())
            }
            _ => false,
        };
        (!fit).then_some(whole)
    }

    /// Checks the type first, then the limits.
    fn fault(&self, field: &FieldRef<'_>, parsed: &TypeText<'_>, meaning: Meaning, text: &str) -> Option<String> {
        if let Some(misfit) = self.misfit(parsed, meaning, text) {
            return Some(misfit);
        }
        let value = default::literal(self.scope, &parsed.wrappers, meaning, text, &|_, _| None).ok()?;
        outside(field.field, &value).map(|broken| format!("is {broken}"))
    }

    fn misfit(&self, parsed: &TypeText<'_>, meaning: Meaning, text: &str) -> Option<String> {
        match meaning {
            Meaning::Declared(target) if target.kind == Kind::Enum && parsed.wrappers.is_empty() => {
                let e = &self.scope.units[target.unit].service.enums[target.index];
                // An example may be the name or the text on the wire.
                let is = |v: &EnumValue| {
                    v.common.name.value == text || v.value.as_ref().is_some_and(|wire| wire.value == text)
                };
                return (!e.values.iter().any(is)).then(|| format!("is not a value of enum `{}`", e.common.name.value));
            }
            Meaning::Declared(target) if target.kind != Kind::Enum => return None,
            Meaning::Missing | Meaning::Unknown => return None,
            Meaning::Declared(_) | Meaning::Primitive(_) => {}
        }
        let fits = default::literal(self.scope, &parsed.wrappers, meaning, text, &|_, _| None).is_ok();
        (!fits).then(|| {
            let ty: String =
                parsed.wrappers.iter().map(|w| if *w == Wrapper::List { "a list of " } else { "a map of " }).collect();
            format!("is not {ty}`{}`", parsed.base)
        })
    }
}
