//! Texts for which RFC 8259 leaves the choice to parsers.

use apigen_runtime::validate::Code;

/// Our choice for such a text.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(crate) enum Open {
    /// Accepted, with this meaning.
    Means(&'static str),
    /// Rejected, with this code.
    Refused(Code),
}

use Open::{Means, Refused};

/// `i`: what the RFC leaves to implementations, and the reason for our choice.
pub(crate) const OPEN: &[(&str, Open, &str)] = &[
    ("\u{feff}[]", Refused(Code::Syntax), "section 8.1 lets parsers ignore a byte order mark; none is sent on purpose"),
    ("\u{feff}", Refused(Code::Syntax), "and nothing else"),
    ("1e400", Refused(Code::Range), "infinity is no JSON value"),
    ("-1e400", Refused(Code::Range), "infinity is no JSON value"),
    ("1e309", Refused(Code::Range), "just beyond the largest double"),
    ("1.7976931348623159e308", Refused(Code::Range), "rounds to infinity"),
    ("1e99999999999999999999", Refused(Code::Range), "an exponent that no integer holds"),
    ("[1e400]", Refused(Code::Range), "in an array too"),
    ("1e-400", Means("0.0"), "nearest double"),
    ("-1e-400", Means("-0.0"), "nearest double, with its sign"),
    ("1e-99999999999999999999", Means("0.0"), "nearest double"),
    ("0e99999999999999999999", Means("0.0"), "zero all the same"),
    ("2e-324", Means("0.0"), "less than half of the smallest double"),
    ("3e-324", Means("5e-324"), "nearest double"),
    ("9007199254740993.0", Means("9007199254740992.0"), "nearest double"),
    ("18446744073709551616", Means("18446744073709552000.0"), "more than 64 bits: nearest double"),
    ("-9223372036854775809", Means("-9223372036854775808.0"), "more than 64 bits: nearest double"),
    ("0.1000000000000000055511151231257827", Means("0.1"), "nearest double"),
    ("\"\\ud800\"", Refused(Code::Syntax), "a lone surrogate is not a character: there is no UTF-8 for it"),
    ("\"\\udc00\"", Refused(Code::Syntax), "a lone surrogate is not a character"),
    ("\"\\udfff\"", Refused(Code::Syntax), "a lone surrogate is not a character"),
    ("\"\\ud800a\"", Refused(Code::Syntax), "first half alone"),
    ("\"\\ud800\\n\"", Refused(Code::Syntax), "first half alone"),
    ("\"\\ud800\\ud800\"", Refused(Code::Syntax), "first half twice"),
    ("\"\\udc00\\ud800\"", Refused(Code::Syntax), "halves the wrong way round"),
    ("\"\\ud83d\\u0041\"", Refused(Code::Syntax), "first half alone"),
    ("\"\\ud83dx\\ude00\"", Refused(Code::Syntax), "halves apart"),
    ("{\"\\ud800\":1}", Refused(Code::Syntax), "in a key too"),
    ("\"\\u0000\"", Means("\"\\u0000\""), "a character as any other"),
    ("\"\u{ffff}\"", Means("\"\u{ffff}\""), "noncharacters are Unicode scalar values"),
    ("{\"a\":1,\"a\":2}", Means("{\"a\":2}"), "inside an untyped value the last one counts"),
    ("{\"a\":1,\"\\u0061\":2}", Means("{\"a\":2}"), "keys are compared unescaped"),
    ("{\"a\":1,\"a\":1}", Means("{\"a\":1}"), "equal or not"),
    ("{\"b\":1,\"a\":2}", Means("{\"a\":2,\"b\":1}"), "the order of keys has no meaning"),
];
