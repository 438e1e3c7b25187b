//! JSON in both directions, with validation.

mod array;
mod coerce;
mod enumeration;
mod field;
pub(crate) mod hidden;
mod impls;
mod kind;
mod limit;
#[cfg(feature = "testing")]
mod mark;
mod mode;
mod number;
mod object;
mod path;
mod reader;
mod room;
mod scalar;
mod scan;
mod suggest;
pub(crate) mod time;
mod traits;
mod union;
mod unknown;
mod value;
mod violation;
mod writer;

pub use array::Elements;
pub use enumeration::EnumTable;
pub use field::{Field, opt, req};
#[cfg(feature = "testing")]
pub(crate) use mark::{Mark, Marked};
pub use mode::{Mode, UnknownFields};
pub use object::Members;
pub use reader::Reader;
pub use traits::{FromJson, ToJson};
pub use union::UnionTable;
pub use unknown::Unknown;
pub use violation::{Code, Violation, Violations};
pub use writer::Writer;

#[cfg(feature = "chrono")]
pub(crate) use impls::chrono;
#[cfg(feature = "jiff")]
pub(crate) use impls::jiff;
pub(crate) use limit::compare;
pub(crate) use number::{counted, decimal};
pub(crate) use reader::shorten;
pub(crate) use room::Room;
#[cfg(feature = "testing")]
pub(crate) use scan::Scanner;
pub(crate) use suggest::closest;
pub(crate) use value::guess;
pub(crate) use violation::problem;

/// API Builder's `uuid`.
pub type Uuid = uuid::Uuid;
/// API Builder's `decimal`: every digit, never through a double.
pub type Decimal = rust_decimal::Decimal;
/// API Builder's `date-iso8601`.
#[cfg(feature = "jiff")]
pub type Date = ::jiff::civil::Date;
/// API Builder's `date-time-iso8601`: the instant; the offset that it was written with is not kept.
#[cfg(feature = "jiff")]
pub type Timestamp = ::jiff::Timestamp;
/// API Builder's `date-iso8601`, for users of chrono.
#[cfg(feature = "chrono")]
pub type NaiveDate = ::chrono::NaiveDate;
/// API Builder's `date-time-iso8601`, for users of chrono: the instant; the offset that it was written with is not kept.
#[cfg(feature = "chrono")]
pub type UtcDateTime = ::chrono::DateTime<::chrono::Utc>;
/// API Builder's `json`.
pub type Value = serde_json::Value;
/// API Builder's `object`.
pub type Object = serde_json::Map<String, Value>;
