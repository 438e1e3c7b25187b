//! What `minimum` and `maximum` leave (format reference, 12.2).

use crate::ir::{Field, Literal, Primitive, Type};

/// Longer texts and lists than this are not made up.
const LONGEST: i64 = 10_000;

/// Whether some value of a type is within the limits of a field that holds it; what the value is made of is not looked at.
pub fn possible(ty: &Type, low: Option<i64>, high: Option<i64>) -> bool {
    let bounds = match ty {
        Type::Primitive(Primitive::String) | Type::List(_) => (0, i64::MAX),
        Type::Primitive(Primitive::Integer) => (i32::MIN.into(), i32::MAX.into()),
        Type::Primitive(Primitive::Long | Primitive::Double | Primitive::Decimal) => (i64::MIN, i64::MAX),
        _ => return true,
    };
    let (least, most) = (low.unwrap_or(bounds.0).max(bounds.0), high.unwrap_or(bounds.1).min(bounds.1));
    least <= most && (bounds.0 < 0 || least <= LONGEST)
}

/// Whether limits mean something for a type.
pub fn count(ty: &Type) -> bool {
    use Primitive::{Decimal, Double, Integer, Long, String};
    matches!(ty, Type::List(_) | Type::Primitive(String | Integer | Long | Double | Decimal))
}

/// Whether a value is within the limits of its field.
#[expect(clippy::cast_precision_loss, reason = "limits beyond 2^53 are rounded; no document's value is that close")]
pub fn within(field: &Field, value: &Literal) -> bool {
    let size = match value {
        Literal::String(text) => text.chars().count() as f64,
        Literal::List(items) => items.len() as f64,
        Literal::Integer(value) => *value as f64,
        Literal::Double(value) => *value,
        Literal::Decimal(text) => text.parse().unwrap_or(f64::NAN),
        _ => return true,
    };
    size.is_finite()
        && field.minimum.is_none_or(|low| size >= low as f64)
        && field.maximum.is_none_or(|high| size <= high as f64)
}
