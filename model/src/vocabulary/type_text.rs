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

impl Primitive {
    /// All primitives with their names.
    pub(crate) const ALL: [(Self, &'static str); 12] = [
        (Self::Boolean, "boolean"),
        (Self::Integer, "integer"),
        (Self::Long, "long"),
        (Self::Double, "double"),
        (Self::Decimal, "decimal"),
        (Self::String, "string"),
        (Self::Uuid, "uuid"),
        (Self::Date, "date-iso8601"),
        (Self::DateTime, "date-time-iso8601"),
        (Self::Object, "object"),
        (Self::Json, "json"),
        (Self::Unit, "unit"),
    ];

    /// Returns its name in the format: `date-iso8601`.
    pub fn name(self) -> &'static str {
        Self::ALL[self as usize].1
    }
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
    Primitive::ALL.iter().find(|(_, known)| known.eq_ignore_ascii_case(name.trim())).map(|(primitive, _)| *primitive)
}
