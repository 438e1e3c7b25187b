//! The pairs of a query string or a form.

use std::borrow::Cow;
use std::cell::Cell;

use super::tree::MAX_VALUES;
use crate::validate::routing::decode;

const MAX: usize = 10_000;

/// `a=1&b[c]=2`, split and decoded.
#[derive(Debug)]
pub(crate) struct Pairs<'r> {
    list: Vec<Pair<'r>>,
    /// The keys that cannot be decoded, as received.
    pub(crate) undecodable: Vec<&'r str>,
    pub(crate) too_many: bool,
    /// How many more values brackets may create, over all keys.
    pub(crate) values_left: Cell<usize>,
}

/// A key and its value, which is an error with the raw value if it cannot be decoded.
type Pair<'r> = (Cow<'r, str>, Result<Cow<'r, str>, &'r str>);

impl<'r> Pairs<'r> {
    /// Splits at `&`, then at the first `=`. Parts without a key are ignored; a part without `=` has an empty value.
    pub(crate) fn new(text: &'r str) -> Self {
        let (list, undecodable) = (Vec::new(), Vec::new());
        let mut pairs = Pairs { list, undecodable, too_many: false, values_left: Cell::new(MAX_VALUES) };
        for part in text.split('&') {
            let (key, value) = part.split_once('=').unwrap_or((part, ""));
            if key.is_empty() {
                continue;
            }
            if pairs.list.len() + pairs.undecodable.len() >= MAX {
                pairs.too_many = true;
                break;
            }
            match decode_form(key) {
                Some(key) => pairs.list.push((key, decode_form(value).ok_or(value))),
                None => pairs.undecodable.push(key),
            }
        }
        pairs
    }

    pub(crate) fn values<'p>(&'p self, name: &'p str) -> impl Iterator<Item = Result<&'p str, &'r str>> {
        self.list.iter().filter(move |(key, _)| key == name).map(|(_, value)| value.as_deref().map_err(|raw| *raw))
    }

    /// Returns true if there is a key `name[…]`.
    pub(crate) fn has_nested(&self, name: &str) -> bool {
        self.list.iter().any(|(key, _)| belongs(key, name) && key.len() > name.len())
    }

    /// Returns the pairs of `name` and of all `name[…]`, or all pairs without a name.
    pub(crate) fn of<'p>(&'p self, name: Option<&'p str>) -> impl Iterator<Item = (&'p str, Result<&'p str, &'r str>)> {
        let wanted = move |(key, _): &&Pair<'r>| name.is_none_or(|name| belongs(key, name));
        self.list.iter().filter(wanted).map(|(key, value)| (&**key, value.as_deref().map_err(|raw| *raw)))
    }
}

fn belongs(key: &str, name: &str) -> bool {
    key.strip_prefix(name).is_some_and(|rest| rest.is_empty() || rest.starts_with('['))
}

/// [Decodes](decode) a key or value of a form or a query string, where a plus is a space.
fn decode_form(text: &str) -> Option<Cow<'_, str>> {
    if memchr::memchr(b'+', text.as_bytes()).is_none() {
        return decode(text);
    }
    decode(&text.replace('+', " ")).map(|text| Cow::Owned(text.into_owned()))
}
