//! The values that `minimum` and `maximum` allow (format reference, 12.2).

use std::cmp::Ordering;

use crate::api::limit::has_double;
use crate::api::{Field, Literal, Primitive, Type};

/// Longer strings and lists than this are not generated.
const LONGEST: i64 = 10_000;
/// The smallest values are not padded with more generated elements or characters than this.
const MAX_INVENTED: i64 = 1_000;

/// Returns true if some value of a type is within the limits of its field; the parts of the value are not checked.
pub fn possible(ty: &Type, low: Option<i64>, high: Option<i64>) -> bool {
    let bounds = match ty {
        Type::Primitive(Primitive::String) | Type::List(_) => (0, i64::MAX),
        Type::Primitive(Primitive::Integer) => (i32::MIN.into(), i32::MAX.into()),
        Type::Primitive(Primitive::Double) => {
            return has_double(low.unwrap_or(i64::MIN), high.unwrap_or(i64::MAX));
        }
        Type::Primitive(Primitive::Long | Primitive::Decimal) => (i64::MIN, i64::MAX),
        _ => return true,
    };
    let (least, most) = (low.unwrap_or(bounds.0).max(bounds.0), high.unwrap_or(bounds.1).min(bounds.1));
    least <= most && (bounds.0 < 0 || least <= LONGEST)
}

/// Returns the number within these limits that is nearest to zero.
pub fn nearest_to_zero(low: Option<i64>, high: Option<i64>) -> i64 {
    0i64.max(low.unwrap_or(i64::MIN)).min(high.unwrap_or(i64::MAX))
}

/// Returns the number of elements or characters of the smallest value.
pub fn fewest(low: Option<i64>) -> usize {
    low.unwrap_or(0).clamp(0, MAX_INVENTED) as usize
}

/// Returns true if limits apply to a type.
pub fn count(ty: &Type) -> bool {
    use Primitive::{Decimal, Double, Integer, Long, String};
    matches!(ty, Type::List(_) | Type::Primitive(String | Integer | Long | Double | Decimal))
}

/// Returns true if a value is within the limits of its field.
pub fn within(field: &Field, value: &Literal) -> bool {
    let is =
        |limit: Option<i64>, fits: fn(Ordering) -> bool| limit.and_then(|limit| value.compare(limit)).is_none_or(fits);
    is(field.minimum, Ordering::is_ge) && is(field.maximum, Ordering::is_le)
}
