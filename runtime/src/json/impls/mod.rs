//! The traits for API Builder's built-in types.

#[cfg(feature = "chrono")]
pub(crate) mod chrono;
mod container;
#[cfg(feature = "jiff")]
pub(crate) mod jiff;

use crate::json::kind::Kind;
use crate::json::reader::Reader;
use crate::json::traits::FromJson;
use crate::json::writer::{ToJson, Writer};
use crate::json::{Decimal, Object, Uuid, Value};

macro_rules! read_by {
    ($($type:ty => $method:ident),* $(,)?) => {$(
        impl FromJson for $type {
            fn read(r: &mut Reader<'_>) -> Option<Self> {
                r.$method()
            }
        }
    )*};
}

read_by! {
    bool => boolean, f64 => double, Decimal => decimal, Uuid => uuid, Value => value, Object => json_object,
}

impl FromJson for i32 {
    fn read(r: &mut Reader<'_>) -> Option<Self> {
        r.whole(Kind::Integer, (i64::from(i32::MIN), i64::from(i32::MAX))).and_then(|value| i32::try_from(value).ok())
    }
}

impl FromJson for i64 {
    fn read(r: &mut Reader<'_>) -> Option<Self> {
        r.whole(Kind::Long, (i64::MIN, i64::MAX))
    }
}

impl FromJson for String {
    fn read(r: &mut Reader<'_>) -> Option<Self> {
        let text = r.string()?;
        r.keeps_text(&text);
        Some(text.into_owned())
    }
}

/// API Builder's `unit`: any value is skipped.
impl FromJson for () {
    fn read(r: &mut Reader<'_>) -> Option<Self> {
        r.skip()
    }
}

macro_rules! write_as {
    ($($type:ty => |$value:ident, $writer:ident| $write:expr),* $(,)?) => {$(
        impl ToJson for $type {
            fn write(&self, $writer: &mut Writer) {
                let $value = self;
                $write
            }
        }
    )*};
}

write_as! {
    bool => |value, w| w.raw(if *value { "true" } else { "false" }),
    i32 => |value, w| w.integer(i64::from(*value)),
    i64 => |value, w| w.integer(*value),
    f64 => |value, w| w.double(*value),
    Decimal => |value, w| w.decimal(value),
    str => |value, w| w.string(value),
    String => |value, w| w.string(value),
    Uuid => |value, w| w.string(value.hyphenated().encode_lower(&mut [0; 36])),
    Value => |value, w| w.value(value),
    Object => |value, w| w.map(value.iter().map(|(key, value)| (key.as_str(), value as &dyn ToJson))),
    () => |_unit, w| w.raw("null"),
}
