//! The traits for API Builder's built-in types.

/// Each row is a type, how it is read, and how it is written.
macro_rules! json_as {
    ($($type:ty => |$reader:ident| $read:expr, |$value:ident, $writer:ident| $write:expr;)*) => {$(
        impl $crate::json::FromJson for $type {
            fn read($reader: &mut $crate::json::Reader<'_>) -> Option<Self> {
                $read
            }
        }

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
use crate::json::{Decimal, Object, ToJson, Uuid, Value, Writer};

json_as! {
    bool => |r| r.boolean(), |value, w| w.raw(if *value { "true" } else { "false" });
    i32 => |r| {
        r.whole(Kind::Integer, (i64::from(i32::MIN), i64::from(i32::MAX))).and_then(|value| i32::try_from(value).ok())
    }, |value, w| w.integer(i64::from(*value));
    i64 => |r| r.whole(Kind::Long, (i64::MIN, i64::MAX)), |value, w| w.integer(*value);
    f64 => |r| r.double(), |value, w| w.double(*value);
    Decimal => |r| r.decimal(), |value, w| w.decimal(value);
    String => |r| {
        let text = r.string()?;
        r.keeps_text(&text);
        Some(text.into_owned())
    }, |value, w| w.string(value);
    Uuid => |r| r.uuid(), |value, w| w.string(value.hyphenated().encode_lower(&mut [0; 36]));
    Value => |r| r.value(), |value, w| w.value(value);
    Object => |r| r.json_object(), |value, w| w.map(value);
    // API Builder's `unit`: any value is skipped.
    () => |r| r.skip(), |_unit, w| w.raw("null");
}

impl ToJson for str {
    fn write(&self, w: &mut Writer) {
        w.string(self);
    }
}
