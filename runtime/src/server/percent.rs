//! Percent-encoding, read strictly: what is malformed is refused instead of kept.

use std::borrow::Cow;

use percent_encoding::percent_decode_str;

/// The text behind `text`; `None` if a `%` has no two hexadecimal digits behind it, or the bytes are no UTF-8.
pub(crate) fn decode(text: &str) -> Option<Cow<'_, str>> {
    if memchr::memchr(b'%', text.as_bytes()).is_none() {
        return Some(Cow::Borrowed(text));
    }
    let complete = text.split('%').skip(1).all(|rest| {
        let digits = rest.as_bytes().get(..2);
        digits.is_some_and(|digits| digits.iter().all(u8::is_ascii_hexdigit))
    });
    if complete { percent_decode_str(text).decode_utf8().ok() } else { None }
}

/// The same in a form or a query string, where a plus is a space.
pub(crate) fn decode_form(text: &str) -> Option<Cow<'_, str>> {
    if memchr::memchr(b'+', text.as_bytes()).is_none() {
        return decode(text);
    }
    decode(&text.replace('+', " ")).map(|text| Cow::Owned(text.into_owned()))
}
