//! Type expressions: `user`, `[user]`, `map[[io.example.common.v0.models.error]]`.

use std::fmt;

use super::Schema;
use super::define::{Primitive, Type};
use crate::json::{closest, shorten};

/// The maximum nesting of lists and maps.
const DEEPEST: usize = 64;

/// A type expression that is unknown or ambiguous.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct UnknownType {
    text: String,
    /// Its possible meanings, or similar names.
    candidates: Vec<String>,
    ambiguous: bool,
}

impl Schema {
    /// Resolves a type expression: a primitive, else the name of an enum, model, union or interface, exactly or else
    /// case-insensitively; `[…]` and `map[…]` of these.
    ///
    /// # Errors
    /// Returns an error if it is unknown or ambiguous.
    pub fn find(&self, text: &str) -> Result<Type, UnknownType> {
        self.within(text, 0)
    }

    fn within(&self, text: &str, depth: usize) -> Result<Type, UnknownType> {
        let text = text.trim();
        let inside = |open: &str| {
            let inner = text.strip_prefix(open).and_then(|rest| rest.strip_suffix(']'));
            inner.filter(|_| depth < DEEPEST)
        };
        if let Some(inner) = inside("[") {
            return Ok(Type::List(Box::new(self.within(inner, depth + 1)?)));
        }
        if let Some(inner) = inside("map[") {
            return Ok(Type::Map(Box::new(self.within(inner, depth + 1)?)));
        }
        if text == "map" {
            return Ok(Type::Map(Box::new(Type::Primitive(Primitive::String))));
        }
        if let Some((primitive, _)) = Primitive::ALL.iter().find(|(_, name)| name.eq_ignore_ascii_case(text)) {
            return Ok(Type::Primitive(*primitive));
        }
        let exact = self.names.iter().find(|(name, _)| name == text);
        if let Some((_, ty)) = exact {
            return Ok(ty.clone());
        }
        let alike: Vec<&(String, Type)> =
            self.names.iter().filter(|(name, _)| name.eq_ignore_ascii_case(text)).collect();
        match alike.as_slice() {
            [(_, ty)] => Ok(ty.clone()),
            [] => Err(UnknownType { text: text.to_owned(), candidates: self.near(text), ambiguous: false }),
            several => {
                let candidates = several.iter().map(|(name, _)| name.clone()).collect();
                Err(UnknownType { text: text.to_owned(), candidates, ambiguous: true })
            }
        }
    }

    /// Returns suggestions: all names that end in `.text`, or else the closest name.
    fn near(&self, text: &str) -> Vec<String> {
        let end = format!(".{text}");
        let names = || self.names.iter().map(|(name, _)| name.as_str());
        let mut near: Vec<String> = names().filter(|name| name.ends_with(&end)).map(str::to_owned).collect();
        if near.is_empty() {
            near.extend(closest(text, names()).map(str::to_owned));
        }
        near
    }
}

impl fmt::Display for UnknownType {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let what = if self.ambiguous { "means several types" } else { "is not a type of the service" };
        write!(f, "{:?} {what}", shorten(&self.text, 80))?;
        match self.candidates.as_slice() {
            [] => Ok(()),
            candidates if self.ambiguous => write!(f, ": {}", candidates.join(", ")),
            candidates => write!(f, "; did you mean {}?", candidates.join(" or ")),
        }
    }
}

impl std::error::Error for UnknownType {}
