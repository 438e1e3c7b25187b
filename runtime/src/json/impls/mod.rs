//! The traits for API Builder's built-in types.

macro_rules! read_by {
    ($($type:ty => |$reader:ident| $read:expr),* $(,)?) => {$(
        impl $crate::json::FromJson for $type {
            fn read($reader: &mut $crate::json::Reader<'_>) -> Option<Self> {
                $read
            }
        }
    )*};
}

macro_rules! write_as {
    ($($type:ty => |$value:ident, $writer:ident| $write:expr),* $(,)?) => {$(
        impl $crate::json::ToJson for $type {
            fn write(&self, $writer: &mut $crate::json::Writer) {
                let $value = self;
                $write
            }
        }
    )*};
}

#[cfg(feature = "chrono")]
pub(crate) mod chrono;
mod container;
#[cfg(feature = "jiff")]
pub(crate) mod jiff;

use crate::json::kind::Kind;
use crate::json::{Decimal, Object, Uuid, Value};

read_by! {
    bool => |r| r.boolean(),
    i32 => |r| {
        r.whole(Kind::Integer, (i64::from(i32::MIN), i64::from(i32::MAX))).and_then(|value| i32::try_from(value).ok())
    },
    i64 => |r| r.whole(Kind::Long, (i64::MIN, i64::MAX)),
    f64 => |r| r.double(),
    Decimal => |r| r.decimal(),
    String => |r| {
        let text = r.string()?;
        r.keeps_text(&text);
        Some(text.into_owned())
    },
    Uuid => |r| r.uuid(),
    Value => |r| r.value(),
    Object => |r| r.json_object(),
    // API Builder's `unit`: any value is skipped.
    () => |r| r.skip(),
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
    Object => |value, w| w.map(value),
    () => |_unit, w| w.raw("null"),
}
