//! The mock client and the values that mocks invent.

use proc_macro2::TokenStream;
use quote::quote;

use super::client::accessor_about;
use crate::rust::plan::{ApiClient, Empty, Module, Resource};

/// The items of the mock's file.
pub fn mock(m: &Module) -> Vec<TokenStream> {
    let client = m.api.iter().flat_map(|api| client(api, &m.resources));
    client.chain(m.empties.iter().map(empty)).collect()
}

fn client(api: &ApiClient, resources: &[Resource]) -> Vec<TokenStream> {
    let (name, api_trait) = (&api.mock, &api.api);
    let fields: Vec<_> = resources.iter().map(|r| (&r.accessor, &r.api)).collect();
    let declared = fields.iter().map(|(field, ty)| quote!(#field: ::std::sync::Arc<dyn super::#ty>));
    let accessors = fields.iter().map(|(field, ty)| quote!(fn #field(&self) -> &dyn super::#ty { &*self.#field }));
    let nothing = resources.iter().map(|r| {
        let (module, mock) = (&r.module, &r.mock);
        quote!(impl super::#module::#mock for Nothing {})
    });
    let title = name.as_str();
    let mut items = vec![
        quote! {
            /// Answers empty results; a test replaces the resources that it needs.
            #[derive(Clone)]
            pub struct #name { #(#declared),* }
        },
        methods(api, resources),
        quote! {
            impl ::std::default::Default for #name {
                fn default() -> Self {
                    Self::new()
                }
            }
        },
        quote! {
            impl ::std::fmt::Debug for #name {
                fn fmt(&self, f: &mut ::std::fmt::Formatter<'_>) -> ::std::fmt::Result {
                    f.debug_struct(#title).finish_non_exhaustive()
                }
            }
        },
        quote!(impl super::#api_trait for #name { #(#accessors)* }),
        quote! {
            /// Overrides nothing.
            struct Nothing;
        },
    ];
    items.extend(nothing);
    items
}

fn methods(api: &ApiClient, resources: &[Resource]) -> TokenStream {
    let name = &api.mock;
    let initial = resources.iter().map(|r| {
        let field = &r.accessor;
        quote!(#field: nothing.clone())
    });
    let builders = resources.iter().map(|r| {
        let (with, field, ty) = (&r.with, &r.accessor, &r.api);
        let docs = format!(" Answers the operations of [`{0}`](super::{0}) with this.", r.api.as_str());
        quote! {
            #[doc = #docs]
            pub fn #with(mut self, #field: impl super::#ty + 'static) -> Self {
                self.#field = ::std::sync::Arc::new(#field);
                self
            }
        }
    });
    let accessors = resources.iter().map(|r| {
        let (about, field, ty) = (accessor_about(r), &r.accessor, &r.api);
        quote!(#about pub fn #field(&self) -> &dyn super::#ty { &*self.#field })
    });
    quote! {
        impl #name {
            /// Every operation answers an empty result.
            pub fn new() -> Self {
                let nothing = ::std::sync::Arc::new(Nothing);
                Self { #(#initial),* }
            }

            #(#builders)*
            #(#accessors)*
        }
    }
}

fn empty(e: &Empty) -> TokenStream {
    let (path, value) = (&e.path, &e.value);
    quote! {
        impl ::apigen_runtime::Empty for #path {
            fn empty() -> Self {
                #value
            }
        }
    }
}
