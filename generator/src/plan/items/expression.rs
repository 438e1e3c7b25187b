//! Values as they are written in a file: defaults, smallest values, and what arguments become.

use super::rust_type::TypePath;
use apigen_model::vocabulary::names::Name;

/// An expression of the owned type.
#[derive(Debug, Clone, PartialEq)]
pub enum Expression {
    /// `()`
    Unit,
    /// `None`
    None,
    /// `Some(value)`
    Some(Box<Expression>),
    Boolean(bool),
    Integer(i64),
    Double(f64),
    Text(String),
    /// A value that a function of the runtime's module `literal` makes of a text.
    Literal(&'static str, String),
    /// A `Decimal` of a whole number.
    Decimal(i64),
    /// The UUID without bits.
    NilUuid,
    /// `null`, as free JSON.
    Null,
    /// `Vec::new()`
    New(TypePath),
    /// `Box::new(value)`
    Pointer(TypePath, Box<Expression>),
    Variant(TypePath, Name, Option<Box<Expression>>),
    /// `Self { field: value }`
    Fields(Vec<(Name, Expression)>),
    /// `vec![first, second]`
    List(Vec<Expression>),
    /// `vec![element; count]`
    Repeated(Box<Expression>, usize),
    /// `BTreeMap::from([(key, value)])`
    Map(Vec<(Expression, Expression)>),
    /// The smallest value of a type that implements `Empty`.
    Empty,
    /// The smallest value of a type that is generated elsewhere, with a factory.
    Smallest,
    Argument(Name, Conversion),
}

impl Expression {
    /// Returns the expression with a pointer around it, if there is one.
    pub fn behind(self, pointer: Option<&TypePath>) -> Self {
        match pointer {
            Some(path) => Self::Pointer(path.clone(), Box::new(self)),
            None => self,
        }
    }
}

/// What becomes of an argument.
#[derive(Debug, Clone, PartialEq)]
pub enum Conversion {
    Nothing,
    Into,
    Collect,
    /// Its elements are converted by this trait and collected.
    CollectInto(TypePath),
}

/// What an absent value is replaced by.
#[derive(Debug, Clone, PartialEq)]
pub enum Fallback {
    /// `Default::default()`
    Default,
    /// A value that costs nothing to make.
    Value(Expression),
    /// A value that is made only where it is needed.
    Computed(Expression),
}
