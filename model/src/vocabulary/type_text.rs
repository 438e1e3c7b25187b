//! Type texts: `[t]`, `map[t]`, names.

/// The primitives of API Builder (format reference, chapter 6.1).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Primitive {
    /// `true` or `false`.
    Boolean,
    /// Signed, 32 bits.
    Integer,
    /// Signed, 64 bits.
    Long,
    /// IEEE 754 double.
    Double,
    /// Exact decimal number.
    Decimal,
    /// Unicode text.
    String,
    /// 8-4-4-4-12 hexadecimal digits.
    Uuid,
    /// `yyyy-MM-dd`.
    Date,
    /// An instant.
    DateTime,
    /// Any JSON object.
    Object,
    /// Any JSON value, including `null`.
    Json,
    /// No content.
    Unit,
}

/// Type texts with more brackets are rejected: nobody means them, and trees of types must stay shallow.
pub const MAX_BRACKETS: usize = 16;

/// A collection around a type.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Wrapper {
    /// `[t]`
    List,
    /// `map[t]`
    Map,
}

/// A parsed type text: the collections from the outside in, and the name inside.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TypeText<'a> {
    pub wrappers: Vec<Wrapper>,
    pub base: &'a str,
}

/// Parses a type text (format reference, 6.2). `None` if it has too many brackets.
pub fn parse(text: &str) -> Option<TypeText<'_>> {
    let mut wrappers = Vec::new();
    let mut base = text.trim();
    loop {
        if wrappers.len() > MAX_BRACKETS {
            return None;
        }
        let inside = |start: &str| base.strip_prefix(start).and_then(|rest| rest.strip_suffix(']'));
        if let Some(inner) = inside("[") {
            wrappers.push(Wrapper::List);
            base = inner.trim();
        } else if let Some(inner) = inside("map[") {
            wrappers.push(Wrapper::Map);
            base = inner.trim();
        } else if base == "map" {
            wrappers.push(Wrapper::Map);
            base = "string";
        } else {
            return Some(TypeText { wrappers, base });
        }
    }
}

/// Returns the primitive of this name, ignoring case.
pub fn primitive(name: &str) -> Option<Primitive> {
    Some(match name.trim().to_ascii_lowercase().as_str() {
        "boolean" => Primitive::Boolean,
        "integer" => Primitive::Integer,
        "long" => Primitive::Long,
        "double" => Primitive::Double,
        "decimal" => Primitive::Decimal,
        "string" => Primitive::String,
        "uuid" => Primitive::Uuid,
        "date-iso8601" => Primitive::Date,
        "date-time-iso8601" => Primitive::DateTime,
        "object" => Primitive::Object,
        "json" => Primitive::Json,
        "unit" => Primitive::Unit,
        _ => return None,
    })
}
