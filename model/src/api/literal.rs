//! Values written in a spec, parsed by their type.

use super::{Enum, Id};

/// A default (format reference, chapter 12.1), already known to fit its type.
#[derive(Debug, Clone, PartialEq)]
pub enum Literal {
    /// `true` or `false`.
    Boolean(bool),
    /// For `integer` and `long`; in the range of the type.
    Integer(i64),
    /// Finite.
    Double(f64),
    /// Digits with optional sign, point and exponent; in the range of the type.
    Decimal(String),
    /// Any text.
    String(String),
    /// Lower case, 8-4-4-4-12.
    Uuid(String),
    /// `yyyy-MM-dd`, a real day.
    Date(String),
    /// RFC 3339 with offset.
    DateTime(String),
    /// A value of an enum, by its position.
    Enum(Id<Enum>, usize),
    /// JSON text of an object.
    Object(String),
    /// JSON text.
    Json(String),
    /// Elements.
    List(Vec<Literal>),
    /// Keys (each once) and values, in written order.
    Map(Vec<(String, Literal)>),
}
