//! Encodes values in paths, queries, forms and headers.

pub(crate) mod form;
mod header_values;
pub(crate) mod headers;
pub(crate) mod path;

pub(crate) use form::{Form, Query, push_encoded};
pub use header_values::{FromHeaders, HeaderError, header, header_list, optional_header};
pub(crate) use headers::Shown;
#[cfg(feature = "testing")]
pub(crate) use path::SEGMENT;
#[cfg(feature = "testing")]
pub(crate) use path::expand;
pub(crate) use path::{WITHHELD, variable};

#[cfg(any(feature = "jiff", feature = "chrono"))]
use crate::json::ToJson;

/// A type that can be sent in a path, a query string or a header.
pub trait ToParam {
    /// Calls `out` with each value as plain text: never for an absent value, once for a scalar, several times for a
    /// list.
    fn values(&self, out: &mut dyn FnMut(&str));

    /// Returns true for a list: in a header, commas separate its elements.
    fn is_list(&self) -> bool {
        false
    }

    /// Returns false for NaN and infinities, which have no text. A request or response with one is not sent.
    fn is_finite(&self) -> bool {
        true
    }
}

macro_rules! by_display {
    ($($type:ty),*) => {$(
        impl ToParam for $type {
            fn values(&self, out: &mut dyn FnMut(&str)) {
                out(&self.to_string());
            }
        }
    )*};
}

// Rust never prints a number with an exponent, which API Builder servers would reject.
by_display!(bool, i32, i64, rust_decimal::Decimal, uuid::Uuid);

impl ToParam for f64 {
    fn values(&self, out: &mut dyn FnMut(&str)) {
        out(&self.to_string());
    }

    fn is_finite(&self) -> bool {
        f64::is_finite(*self)
    }
}

#[cfg(any(feature = "jiff", feature = "chrono"))]
macro_rules! as_in_json {
    ($($type:ty),*) => {$(
        impl ToParam for $type {
            fn values(&self, out: &mut dyn FnMut(&str)) {
                out(self.to_json().trim_matches('"'));
            }
        }
    )*};
}

// One notation for both places: servers read dates in a query as in a body.
#[cfg(feature = "jiff")]
as_in_json!(crate::json::Date, crate::json::Timestamp);
#[cfg(feature = "chrono")]
as_in_json!(crate::json::NaiveDate, crate::json::UtcDateTime);

impl ToParam for str {
    fn values(&self, out: &mut dyn FnMut(&str)) {
        out(self);
    }
}

impl ToParam for String {
    fn values(&self, out: &mut dyn FnMut(&str)) {
        out(self);
    }
}

impl<T: ToParam> ToParam for Option<T> {
    fn values(&self, out: &mut dyn FnMut(&str)) {
        self.iter().for_each(|value| value.values(out));
    }

    fn is_list(&self) -> bool {
        self.iter().any(ToParam::is_list)
    }

    fn is_finite(&self) -> bool {
        self.iter().all(ToParam::is_finite)
    }
}

impl<T: ToParam> ToParam for [T] {
    fn values(&self, out: &mut dyn FnMut(&str)) {
        self.iter().for_each(|value| value.values(out));
    }

    fn is_list(&self) -> bool {
        true
    }

    fn is_finite(&self) -> bool {
        self.iter().all(ToParam::is_finite)
    }
}

macro_rules! values_through {
    ($([$($bound:tt)*] $type:ty),*) => {$(
        impl<T: $($bound)*> ToParam for $type {
            fn values(&self, out: &mut dyn FnMut(&str)) {
                (**self).values(out);
            }

            fn is_list(&self) -> bool {
                (**self).is_list()
            }

            fn is_finite(&self) -> bool {
                (**self).is_finite()
            }
        }
    )*};
}

values_through!([ToParam] Vec<T>, [ToParam + ?Sized] &T, [ToParam + ?Sized] Box<T>);
