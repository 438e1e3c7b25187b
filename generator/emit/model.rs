//! Models as structs.

use proc_macro2::TokenStream;
use quote::quote;

use super::about::{about, allow_many, derives};
use crate::rust::plan::{Constructor, Struct};

/// The struct, its constructor, its `Default`.
pub fn model(s: &Struct) -> Vec<TokenStream> {
    let (about_struct, derives, name) = (about(&s.about), derives(&s.derives), &s.name);
    let fields = s.fields.iter().map(|field| {
        let (about, name, ty) = (about(&field.about), &field.name, &field.ty);
        quote!(#about pub #name: #ty)
    });
    let mut items = vec![quote!(#about_struct #derives pub struct #name { #(#fields),* })];
    items.extend(s.constructor.as_ref().map(|c| constructor(s, c)));
    items.extend(s.default_impl.then(|| default(s)));
    items.extend(s.debug_impl.then(|| debug(s)));
    items
}

fn constructor(s: &Struct, constructor: &Constructor) -> TokenStream {
    let (name, many) = (&s.name, allow_many(constructor.many));
    let arguments = constructor.arguments.iter().map(|argument| {
        let (name, ty) = (&argument.name, &argument.ty);
        quote!(#name: #ty)
    });
    let values = s.fields.iter().map(|field| {
        let name = &field.name;
        let argument = constructor.arguments.iter().find(|argument| argument.name == *name);
        field_value(name, argument.map(|a| &a.value).or(field.preset.as_ref()))
    });
    quote! {
        impl #name {
            /// With what is required; everything else is absent or has its default.
            #many
            pub fn new(#(#arguments),*) -> Self {
                Self { #(#values),* }
            }
        }
    }
}

/// `name: value`, or the shorthand where both are the same.
pub fn field_value(name: &crate::rust::names::Name, value: Option<&TokenStream>) -> TokenStream {
    match value {
        Some(value) if value.to_string() != quote!(#name).to_string() => quote!(#name: #value),
        _ => quote!(#name),
    }
}

/// Shows every field but those that must not be logged.
fn debug(s: &Struct) -> TokenStream {
    let (name, shown) = (&s.name, s.name.as_str());
    let fields = s.fields.iter().map(|field| {
        let (name, shown) = (&field.name, field.name.as_str().trim_start_matches("r#"));
        let value = if field.secret { quote!(&::apigen_runtime::Redacted) } else { quote!(&self.#name) };
        quote!(.field(#shown, #value))
    });
    quote! {
        impl ::std::fmt::Debug for #name {
            fn fmt(&self, f: &mut ::std::fmt::Formatter<'_>) -> ::std::fmt::Result {
                f.debug_struct(#shown)#(#fields)*.finish()
            }
        }
    }
}

fn default(s: &Struct) -> TokenStream {
    let name = &s.name;
    let values = s.fields.iter().map(|field| field_value(&field.name, field.preset.as_ref()));
    quote! {
        impl ::std::default::Default for #name {
            fn default() -> Self {
                Self { #(#values),* }
            }
        }
    }
}
