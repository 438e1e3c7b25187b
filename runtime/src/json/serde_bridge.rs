//! `Serialize` and `Deserialize` for types that implement [`FromJson`] and [`ToJson`].
//!
//! When serde_json writes or reads text, the JSON text itself is passed through, so every digit of a decimal and every
//! byte of an unknown union member is kept. `serde_json::to_value`, all other formats, and buffers such as those of
//! `#[serde(flatten)]` and untagged enums use a [`Value`], whose numbers have 64 bits. NaN and infinities are errors.
//! Reading is [lenient](Mode::lenient). Pretty printers write our types compactly.

use std::fmt;

use serde::de::value::{MapAccessDeserializer, SeqAccessDeserializer};
use serde::de::{Deserialize, Deserializer, Error as _, MapAccess, SeqAccess, Visitor};
use serde::ser::{Error as _, Serialize, Serializer};
use serde_json::value::RawValue;

use super::Value;
use super::mode::Mode;
use super::traits::{FromJson, encode};
use super::writer::ToJson;

/// serde_json's name of a raw value, in both directions.
const RAW: &str = "$serde_json::private::RawValue";

/// Implements `Serialize` and `Deserialize` for types that implement `FromJson` and `ToJson`, each a path in scope.
#[doc(hidden)]
#[macro_export]
macro_rules! serde_bridge {
    ($($type:ty),* $(,)?) => {$(
        impl $crate::codegen::serde::Serialize for $type {
            fn serialize<S: $crate::codegen::serde::Serializer>(&self, serializer: S) -> ::core::result::Result<S::Ok, S::Error> {
                $crate::codegen::serde_serialize(self, serializer)
            }
        }

        impl<'de> $crate::codegen::serde::Deserialize<'de> for $type {
            fn deserialize<D: $crate::codegen::serde::Deserializer<'de>>(deserializer: D) -> ::core::result::Result<Self, D::Error> {
                $crate::codegen::serde_deserialize(deserializer)
            }
        }
    )*};
}

/// Serializes a value, for `serde_bridge!`.
#[doc(hidden)]
pub fn serde_serialize<T: ToJson, S: Serializer>(value: &T, serializer: S) -> Result<S::Ok, S::Error> {
    let json = encode(value).map_err(S::Error::custom)?;
    if writes_json::<S>() {
        return RawValue::from_string(json).map_err(S::Error::custom)?.serialize(serializer);
    }
    let value = Value::from_json_with(json, &Mode::lenient().max_depth(usize::MAX)).map_err(S::Error::custom)?;
    value.serialize(serializer)
}

/// Returns true for serde_json's own text serializer: all others would serialize a raw value as a struct with a strange
/// name.
fn writes_json<S>() -> bool {
    let name = std::any::type_name::<S>();
    name.trim_start_matches("&mut ").starts_with("serde_json::ser::Serializer<")
}

/// Deserializes a value, for `serde_bridge!`.
#[doc(hidden)]
pub fn serde_deserialize<'de, T: FromJson, D: Deserializer<'de>>(deserializer: D) -> Result<T, D::Error> {
    let json = deserializer.deserialize_newtype_struct(RAW, Text)?;
    T::from_json_with(json, &Mode::lenient()).map_err(D::Error::custom)
}

/// Converts any value to JSON text.
struct Text;

macro_rules! visit_as_value {
    ($($method:ident: $type:ty),*) => {$(
        fn $method<E: serde::de::Error>(self, value: $type) -> Result<String, E> {
            Ok(Value::from(value).to_json())
        }
    )*};
}

impl<'de> Visitor<'de> for Text {
    type Value = String;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a value that JSON can express")
    }

    visit_as_value!(visit_bool: bool, visit_i64: i64, visit_u64: u64, visit_f64: f64, visit_str: &str, visit_string: String);

    fn visit_unit<E>(self) -> Result<String, E> {
        Ok("null".to_owned())
    }

    fn visit_none<E: serde::de::Error>(self) -> Result<String, E> {
        self.visit_unit()
    }

    fn visit_some<D: Deserializer<'de>>(self, deserializer: D) -> Result<String, D::Error> {
        self.visit_newtype_struct(deserializer)
    }

    fn visit_newtype_struct<D: Deserializer<'de>>(self, deserializer: D) -> Result<String, D::Error> {
        Value::deserialize(deserializer).map(|value| value.to_json())
    }

    fn visit_seq<A: SeqAccess<'de>>(self, elements: A) -> Result<String, A::Error> {
        Value::deserialize(SeqAccessDeserializer::new(elements)).map(|value| value.to_json())
    }

    /// Handles a map with the one reserved key, for which serde_json provides the text, and other maps.
    fn visit_map<A: MapAccess<'de>>(self, mut entries: A) -> Result<String, A::Error> {
        let Some(key) = entries.next_key::<String>()? else { return Ok("{}".to_owned()) };
        if key == RAW {
            return entries.next_value();
        }
        let mut object = serde_json::Map::new();
        object.insert(key, entries.next_value()?);
        let rest = MapAccessDeserializer::new(entries);
        object.extend(serde_json::Map::<String, Value>::deserialize(rest)?);
        Ok(object.to_json())
    }
}
