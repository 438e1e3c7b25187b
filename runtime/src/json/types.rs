//! The Rust types of API Builder's primitive types.

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
