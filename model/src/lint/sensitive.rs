//! Lint: fields that look sensitive, but are not annotated.

use super::Linter;
use super::rule::SENSITIVE_FIELD;
use crate::api::{Primitive, Type};
use crate::behaviour::{base, looks_sensitive};
use crate::vocabulary::names::words;

/// Words in the name of an annotation that show that its author considered sensitivity.
const MARKS: &str = "\
    personal pii pci phi gdpr secret secrets sensitive confidential private restricted credential credentials \
    redact redacted masked encrypted security privacy";

/// Returns true if a type can hold the sensitive value itself: a boolean `has_password` cannot.
fn holds_text(ty: &Type) -> bool {
    let Type::Primitive(primitive) = base(ty) else { return false };
    !matches!(primitive, Primitive::Boolean | Primitive::Unit | Primitive::Double)
}

fn is_mark(annotation: &str) -> bool {
    words(annotation).iter().any(|word| MARKS.split(' ').any(|mark| mark == word))
}

impl Linter<'_> {
    /// Checks every field of a model or interface; parameters have no annotations.
    pub fn sensitive(&mut self) {
        for field in self.fields() {
            let marked = field.field.annotations.iter().any(|annotation| is_mark(&annotation.value));
            if !marked && holds_text(field.ty) && looks_sensitive(field.name()) {
                let message = format!("{field} looks sensitive but has no such annotation");
                let help = "declare an annotation such as `personal_data` or `secret`, and add it to the field";
                self.add(&SENSITIVE_FIELD, field.at(), &field.attributes, message, help);
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn annotations_count() {
        assert!(is_mark("personal_data") && is_mark("PCI") && !is_mark("read_only"));
    }
}
