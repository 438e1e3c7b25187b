//! Names of types in messages.

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Kind {
    String,
    Integer,
    Long,
    Double,
    Decimal,
    Boolean,
    Uuid,
    Date,
    DateTime,
    Array,
    Object,
}

impl Kind {
    /// Returns API Builder's name of the type; and with its article and, for text formats, an example.
    pub(crate) const fn names(self) -> (&'static str, &'static str) {
        match self {
            Kind::String => ("string", "a string"),
            Kind::Integer => ("integer", "an integer (a whole number of 32 bits)"),
            Kind::Long => ("long", "a long (a whole number of 64 bits)"),
            Kind::Double => ("double", "a double (a number)"),
            Kind::Decimal => ("decimal", "a decimal (a number)"),
            Kind::Boolean => ("boolean", "a boolean"),
            Kind::Uuid => ("uuid", "a uuid such as 5ecf6502-e532-4738-aad5-7ac9701251dd"),
            Kind::Date => ("date", "a date such as 2014-04-29"),
            Kind::DateTime => ("date-time", "a date-time such as 2014-04-29T11:56:52Z"),
            Kind::Array => ("array", "an array"),
            Kind::Object => ("object", "an object"),
        }
    }
}

/// Returns the type of a value that begins with `byte`, without and with its article.
pub(crate) const fn found(byte: u8) -> (&'static str, &'static str) {
    match byte {
        b'"' => ("string", "a string"),
        b'{' => ("object", "an object"),
        b'[' => ("array", "an array"),
        b't' | b'f' => ("boolean", "a boolean"),
        b'n' => ("null", "null"),
        _ => ("number", "a number"),
    }
}
