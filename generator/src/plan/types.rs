//! How types are written in Rust, depending on the place in the generated code.

use proc_macro2::TokenStream;
use quote::{format_ident, quote};

use super::Options;
use super::symbols::{PRELUDE_TYPES, Symbols};
use apigen_model::api::{Api, Id, Primitive, Service, Type};
use apigen_model::checkpoint::checkpoint;
use apigen_model::vocabulary::names::Name;

/// A place in the generated code where types are named.
#[derive(Clone, Copy)]
pub struct Scope<'a> {
    pub api: &'a Api,
    pub options: &'a Options,
    pub symbols: &'a Symbols,
    /// The service whose module contains it.
    pub service: Id<Service>,
    /// Whether it is the file of the models, where types of the service need no path.
    pub models: bool,
    /// The prelude's names that are shadowed here.
    pub hidden: &'a [String],
}

impl<'a> Scope<'a> {
    /// Returns a name of std's prelude; written in full if a type of the spec shadows it.
    pub fn std(&self, name: &str) -> TokenStream {
        debug_assert!(PRELUDE_TYPES.contains(&name), "{name}");
        let ident = format_ident!("{name}");
        if !self.hidden.iter().any(|hidden| hidden == name) {
            return quote!(#ident);
        }
        let module = match name {
            "From" | "Into" => "convert",
            "IntoIterator" => "iter",
            "Box" => "boxed",
            _ => &name.to_lowercase(),
        };
        let module = format_ident!("{module}");
        quote!(::std::#module::#ident)
    }

    /// Returns the owned form, which struct fields hold.
    pub fn owned(&self, ty: &Type) -> TokenStream {
        checkpoint();
        if let Some(path) = self.api.replaced.get(ty) {
            return path.parse().unwrap_or_default();
        }
        match ty {
            Type::Primitive(primitive) => self.primitive(*primitive),
            Type::List(inner) => {
                let (vec, inner) = (self.std("Vec"), self.owned(inner));
                quote!(#vec<#inner>)
            }
            Type::Map(inner) => {
                let (string, inner) = (self.std("String"), self.owned(inner));
                quote!(::std::collections::BTreeMap<#string, #inner>)
            }
            Type::Enum(id) => self.path(self.api.enums[*id].service, &self.symbols[*id].name),
            Type::Model(id) => self.path(self.api.models[*id].service, &self.symbols[*id].name),
            Type::Union(id) => self.path(self.api.unions[*id].service, &self.symbols[*id].name),
        }
    }

    /// Returns `Option` of the owned form.
    pub fn optional(&self, ty: &Type) -> TokenStream {
        let (option, inner) = (self.std("Option"), self.owned(ty));
        quote!(#option<#inner>)
    }

    /// Returns the form of an argument: by value if it is `Copy`, else a reference with this lifetime.
    pub fn borrowed(&self, ty: &Type, lifetime: &TokenStream) -> TokenStream {
        if is_copy(ty) {
            return self.owned(ty);
        }
        let inner = match ty {
            Type::Primitive(Primitive::String) => quote!(str),
            Type::List(inner) => {
                let inner = self.owned(inner);
                quote!([#inner])
            }
            other => self.owned(other),
        };
        quote!(&#lifetime #inner)
    }

    fn primitive(&self, primitive: Primitive) -> TokenStream {
        match primitive {
            Primitive::Boolean => quote!(bool),
            Primitive::Integer => quote!(i32),
            Primitive::Long => quote!(i64),
            Primitive::Double => quote!(f64),
            Primitive::Decimal => quote!(::apigen_runtime::Decimal),
            Primitive::String => self.std("String"),
            Primitive::Uuid => quote!(::apigen_runtime::Uuid),
            Primitive::Date => runtime(self.options.dates.types()[0]),
            Primitive::DateTime => runtime(self.options.dates.types()[1]),
            Primitive::Object => quote!(::apigen_runtime::Object),
            Primitive::Json => quote!(::apigen_runtime::Value),
            Primitive::Unit => quote!(()),
        }
    }

    /// Returns a literal of a date, or of a date-time.
    pub fn date(&self, text: &str, time: bool) -> TokenStream {
        let function = format_ident!("{}", self.options.dates.literals()[usize::from(time)]);
        quote!(::apigen_runtime::codegen::literal::#function(#text))
    }

    /// Returns the path of a type `name` that `owner` declares.
    pub fn path(&self, owner: Id<Service>, name: &Name) -> TokenStream {
        let target = &self.symbols[owner];
        if let Some(path) = &target.external {
            let path: TokenStream = path.parse().unwrap_or_default();
            return quote!(#path::#name);
        }
        if owner == self.service {
            return if self.models { quote!(#name) } else { quote!(super::#name) };
        }
        // All services are children of the root, or one of them is the root: go up from here, then down again.
        let ups = 1 + self.symbols[self.service].module.len();
        let up = (0..ups).map(|_| quote!(super::));
        let down = &target.module;
        quote!(#(#up)* #(#down::)* #name)
    }
}

/// The pointer between a field and its value.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Pointer {
    /// No pointer.
    None,
    /// A box, so that the type has a finite size.
    Box,
    /// A link, which rustc does not look through.
    Link,
}

impl Pointer {
    /// Returns the type of the pointer; `None` if there is none.
    fn path(self, scope: Scope<'_>) -> Option<TokenStream> {
        match self {
            Self::None => None,
            Self::Box => Some(scope.std("Box")),
            Self::Link => Some(quote!(::apigen_runtime::Link)),
        }
    }

    /// Returns the type of a field that holds this type.
    pub fn around(self, scope: Scope<'_>, ty: TokenStream) -> TokenStream {
        self.path(scope).map_or(ty.clone(), |path| quote!(#path<#ty>))
    }

    /// Returns the value of a field that holds this value.
    pub fn to(self, scope: Scope<'_>, value: TokenStream) -> TokenStream {
        self.path(scope).map_or(value.clone(), |path| quote!(#path::new(#value)))
    }
}

fn runtime(name: &str) -> TokenStream {
    let name = format_ident!("{name}");
    quote!(::apigen_runtime::#name)
}

/// Returns true if the Rust form is `Copy`.
pub fn is_copy(ty: &Type) -> bool {
    match ty {
        Type::Primitive(p) => !matches!(p, Primitive::String | Primitive::Object | Primitive::Json),
        _ => false,
    }
}
