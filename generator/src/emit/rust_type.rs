//! Writes types.
//!
//! The files of codec and factories are text, all others tokens. The text of a type, as of an expression, is the same in
//! both; as tokens it is read from its text.

use std::fmt::{Display, Formatter, Result};

use proc_macro2::TokenStream;
use quote::ToTokens;

use crate::plan::items::{Expression, Fallback, RustType, TypePath};

impl Display for TypePath {
    fn fmt(&self, f: &mut Formatter<'_>) -> Result {
        match self {
            Self::Plain(name) => f.write_str(name),
            Self::Std(module, name) => write!(f, "::std::{module}::{name}"),
            Self::Runtime(name) => write!(f, "::apigen_runtime::{name}"),
            Self::Package { up, down, name } => {
                (0..*up).try_for_each(|_| f.write_str("super::"))?;
                down.iter().try_for_each(|module| write!(f, "{module}::"))?;
                name.fmt(f)
            }
            Self::External(module, name) => write!(f, "{module}::{name}"),
        }
    }
}

impl Display for RustType {
    fn fmt(&self, f: &mut Formatter<'_>) -> Result {
        match self {
            Self::Unit => f.write_str("()"),
            Self::Path(path) => path.fmt(f),
            Self::Generic(path, parameters) => {
                write!(f, "{path}<")?;
                list(f, parameters)?;
                f.write_str(">")
            }
            Self::Reference(inner) => write!(f, "&{inner}"),
            Self::Slice(inner) => write!(f, "[{inner}]"),
            Self::Into(path, inner) => write!(f, "impl {path}<{inner}>"),
            Self::IntoIterator(path, inner) => write!(f, "impl {path}<Item = {inner}>"),
            Self::Own(text) => f.write_str(text),
        }
    }
}

/// Reads tokens from the text of these.
macro_rules! tokens_of {
    ($($code:ty),*) => {$(
        impl ToTokens for $code {
            fn to_tokens(&self, tokens: &mut TokenStream) {
                tokens.extend(parsed(&self.to_string()));
            }
        }
    )*};
}

tokens_of!(TypePath, RustType, Expression, Fallback);

/// Writes elements with commas between them.
pub fn list(f: &mut Formatter<'_>, elements: &[impl Display]) -> Result {
    elements.iter().enumerate().try_for_each(|(index, element)| match index {
        0 => element.fmt(f),
        _ => write!(f, ", {element}"),
    })
}

/// Returns the tokens of a piece of Rust. Names and literals are written as such, and the user's texts have been parsed
/// before; anything else would be missing in the file, which the formatter refuses.
pub fn parsed(code: &str) -> TokenStream {
    code.parse().unwrap_or_default()
}
