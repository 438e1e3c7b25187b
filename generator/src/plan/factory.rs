//! The factories that emission places.

use proc_macro2::TokenStream;

use apigen_model::vocabulary::names::Name;

/// The factories of a service's types.
#[derive(Debug, Default)]
pub struct Factories {
    pub models: Vec<ModelFactory>,
    pub unions: Vec<UnionFactory>,
    pub enums: Vec<EnumFactory>,
}

impl Factories {
    /// Returns true if there is something that users can name.
    pub fn has_names(&self) -> bool {
        !(self.models.is_empty() && self.unions.is_empty())
    }

    /// Returns true if there are no factories.
    pub fn is_empty(&self) -> bool {
        self.enums.is_empty() && !self.has_names()
    }
}

/// The factory of a model.
#[derive(Debug)]
pub struct ModelFactory {
    pub name: Name,
    pub path: TokenStream,
    /// An expression for each field, using a sampler `s`.
    pub values: Vec<(Name, TokenStream)>,
    /// Whether one of them uses the sampler.
    pub seeded: bool,
    /// Setters named like their fields.
    pub setters: Vec<Setter>,
    /// Setters that cannot have the name of their field.
    pub renamed: Vec<Setter>,
}

/// A method of a factory that sets a field.
#[derive(Debug)]
pub struct Setter {
    pub name: Name,
    pub field: Name,
    /// The type of the field, without `Option`.
    pub ty: TokenStream,
}

/// The factory of a union.
#[derive(Debug)]
pub struct UnionFactory {
    pub name: Name,
    pub path: TokenStream,
    /// The members to choose from; the first is the default.
    pub choices: Vec<UnionChoice>,
    /// The choice where recursion has to end.
    pub smallest: usize,
    /// Whether the sampler is used.
    pub seeded: bool,
}

/// A member that a factory can create.
#[derive(Debug)]
pub struct UnionChoice {
    /// The method that chooses it.
    pub method: Name,
    pub variant: Name,
    /// The expression, using a sampler `s`.
    pub value: TokenStream,
}

/// The factory of an enum.
#[derive(Debug)]
pub struct EnumFactory {
    pub path: TokenStream,
    pub first: Name,
}
