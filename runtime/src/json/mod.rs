//! Reads and writes JSON, with validation.

/// `syntax!(reader.string())` is the string that `reader.scan` reads; a syntax error ends reading. A function of a closure
/// would make reading slower.
macro_rules! syntax {
    ($reader:ident.$($scan:tt)*) => {{
        let scan = $reader.scan.$($scan)*;
        $reader.syntax(scan)
    }};
}

mod array;
mod coerce;
mod enumeration;
mod field;
mod impls;
mod kind;
mod limit;
mod mode;
mod name_index;
mod number;
mod object;
mod path;
mod reader;
mod room;
mod scalar;
mod scan;
mod sensitive;
#[cfg(feature = "serde")]
mod serde_bridge;
mod time;
mod traits;
mod union;
mod unknown;
mod value;
mod violation;
mod wording;
mod writer;

pub use array::Elements;
pub use enumeration::EnumTable;
pub use field::{Field, opt, req};
pub use mode::{Mode, UnknownFields};
pub use object::Members;
pub use reader::Reader;
pub use sensitive::{SensitiveField, SensitiveValue, nested};
#[cfg(feature = "serde")]
pub use serde_bridge::{serde_deserialize, serde_serialize};
pub use traits::FromJson;
pub(crate) use traits::encode;
pub use union::UnionTable;
pub use unknown::Unknown;
pub use violation::{Code, Violation, Violations};
pub use writer::{RawJson, ToJson, Writer};

#[cfg(feature = "testing")]
pub(crate) use field::{Mark, Marked};
#[cfg(feature = "chrono")]
pub(crate) use impls::chrono;
#[cfg(feature = "jiff")]
pub(crate) use impls::jiff;
pub(crate) use limit::compare;
pub(crate) use number::decimal;
pub(crate) use object::keep_last;
pub(crate) use reader::Room;
#[cfg(feature = "testing")]
pub(crate) use scan::Scanner;
#[cfg(test)]
pub(crate) use time::day;
pub(crate) use time::{Day, Grammar, Moment, moment};
pub(crate) use wording::{REDACTED, closest, counted, shorten};
pub(crate) use writer::guess;

/// API Builder's `uuid`.
pub type Uuid = uuid::Uuid;
/// API Builder's `decimal`: every digit, never converted to a double.
pub type Decimal = rust_decimal::Decimal;
/// API Builder's `date-iso8601`.
#[cfg(feature = "jiff")]
pub type Date = ::jiff::civil::Date;
/// API Builder's `date-time-iso8601`: the instant, without its original offset.
#[cfg(feature = "jiff")]
pub type Timestamp = ::jiff::Timestamp;
/// API Builder's `date-iso8601`, for users of chrono.
#[cfg(feature = "chrono")]
pub type NaiveDate = ::chrono::NaiveDate;
/// API Builder's `date-time-iso8601`, for users of chrono: the instant, without its original offset.
#[cfg(feature = "chrono")]
pub type UtcDateTime = ::chrono::DateTime<::chrono::Utc>;
/// API Builder's `json`.
pub type Value = serde_json::Value;
/// API Builder's `object`.
pub type Object = serde_json::Map<String, Value>;
