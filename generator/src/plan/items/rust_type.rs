//! Types as they are written in a file.

use apigen_model::vocabulary::names::Name;

/// The path of a type or trait, as seen from the file that names it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum TypePath {
    /// A primitive type, or a name of std's prelude that nothing hides.
    Plain(&'static str),
    /// A module of std, and the name of an item in it.
    Std(&'static str, &'static str),
    /// An item of the runtime's root.
    Runtime(&'static str),
    /// A type of the package: how many modules up, which modules down from there, and its name.
    Package { up: usize, down: Vec<Name>, name: Name },
    /// A type in a module of the user's, whose path is this text.
    External(String, Name),
}

impl TypePath {
    pub fn external(module: &str, name: &Name) -> Self {
        Self::External(tidy(module), name.clone())
    }

    /// Returns the path of a type that the same file declares.
    pub fn local(name: &Name) -> Self {
        Self::Package { up: 0, down: Vec::new(), name: name.clone() }
    }
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub enum RustType {
    /// `()`
    Unit,
    /// A type without parameters.
    Path(TypePath),
    /// `Vec<T>`
    Generic(TypePath, Vec<RustType>),
    /// `&T`
    Reference(Box<RustType>),
    /// `[T]`
    Slice(Box<RustType>),
    /// `impl Into<T>`, with the path of the trait.
    Into(TypePath, Box<RustType>),
    /// `impl IntoIterator<Item = T>`, with the path of the trait.
    IntoIterator(TypePath, Box<RustType>),
    /// The text of a type that the user chose.
    Own(String),
}

impl RustType {
    pub fn own(text: &str) -> Self {
        Self::Own(tidy(text))
    }

    /// Returns a type with this one as its only parameter.
    pub fn within(self, path: TypePath) -> Self {
        Self::Generic(path, vec![self])
    }

    /// Returns true for a reference that coerces to one of a trait object, unlike `&str` and `&[T]`.
    pub fn is_reference_to_sized(&self) -> bool {
        let Self::Reference(ty) = self else { return false };
        !matches!(**ty, Self::Slice(_) | Self::Path(TypePath::Plain("str")))
    }

    /// Returns the type with a pointer around it, if there is one.
    pub fn behind(self, pointer: Option<&TypePath>) -> Self {
        match pointer {
            Some(path) => self.within(path.clone()),
            None => self,
        }
    }
}

/// Returns the user's text with spaces only where they are usual, so that one type is one text.
fn tidy(text: &str) -> String {
    let is_word = |c: char| c.is_alphanumeric() || c == '_' || c == '\'';
    let mut tidy = String::with_capacity(text.len());
    for part in text.split_whitespace() {
        tidy.extend((tidy.ends_with(is_word) && part.starts_with(is_word)).then_some(' '));
        tidy.push_str(part);
    }
    tidy.replace(',', ", ").replace('=', " = ").replace('+', " + ")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn one_type_is_one_text() {
        for (text, wanted) in [
            (" :: money::Price < A,B > ", "::money::Price<A, B>"),
            ("::a::B<dyn  C<Item=u8>+Send>", "::a::B<dyn C<Item = u8> + Send>"),
            ("::a::B<& 'static str>", "::a::B<&'static str>"),
        ] {
            assert_eq!(RustType::own(text), RustType::Own(wanted.to_owned()));
        }
        let name = Name::placeholder();
        assert_eq!(TypePath::external("crate :: a", &name), TypePath::external("crate::a", &name));
    }
}
