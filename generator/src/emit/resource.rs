//! The module of a resource.

use proc_macro2::TokenStream;
use quote::quote;

use super::attributes::item_attributes;
use super::condition::Conditions;
use super::headers::headers;
use super::operation::{call, declaration, implementing, input, mocked, names, operation};
use super::params::params;
use super::serve::serve;
use super::status::status_enum;
use crate::plan::items::{ApiClient, Operation, Resource};
use apigen_model::vocabulary::names::Name;

/// Emits all items: the trait and its implementations, the mock trait, then the items of each operation.
pub fn resource(r: &Resource, api: &ApiClient, conditions: &Conditions) -> Vec<TokenStream> {
    let mut items = vec![
        quote!(
            use ::apigen_runtime::Operation as _;
        ),
        declared(r),
        implementation(r, &api.client),
    ];
    if let Some(cfg) = &conditions.mocks {
        items.extend([mock(r, cfg), blanket(r, cfg), ruled(r, &api.mock, cfg), next(r, &api.mock, cfg)]);
    }
    for o in &r.operations {
        items.extend(operation(o, &api.client));
        items.extend(conditions.server.as_ref().map(|cfg| serve(o, r, &api.api, cfg)));
        items.extend(o.params.iter().flat_map(params));
        items.extend(o.headers.iter().flat_map(|h| headers(h, conditions.server.as_ref())));
    }
    items.extend(r.outputs.iter().chain(&r.errors).flat_map(|status| status_enum(status, conditions.either.as_ref())));
    items
}

fn declared(r: &Resource) -> TokenStream {
    let (attributes, name) = (item_attributes(&r.attributes), &r.api);
    let methods = r.operations.iter().map(declaration);
    quote!(#attributes pub trait #name: Send + Sync { #(#methods)* })
}

fn implementation(r: &Resource, client: &Name) -> TokenStream {
    let name = &r.api;
    let calls = r.operations.iter().map(call);
    quote!(impl #name for super::#client { #(#calls)* })
}

fn mock(r: &Resource, cfg: &TokenStream) -> TokenStream {
    let (name, api) = (&r.mock, r.api.as_str());
    let docs = format!(" Mock of [`{api}`] for tests. Every method returns an empty result until it is overridden.");
    let methods = r.operations.iter().map(|o| mocked(o, &r.api));
    quote! {
        #[doc = #docs]
        #cfg
        #[allow(unused_variables, reason = "the names are for overrides")]
        pub trait #name: Send + Sync { #(#methods)* }
    }
}

fn blanket(r: &Resource, cfg: &TokenStream) -> TokenStream {
    let (name, mock) = (&r.api, &r.mock);
    let calls = r.operations.iter().map(|o| handed_over(o, mock));
    quote!(#cfg impl<T: #mock> #name for T { #(#calls)* })
}

fn handed_over(o: &Operation, mock: &Name) -> TokenStream {
    let (signature, method, names, ty) = (implementing(o), &o.method, names(o), &o.ty);
    quote! {
        #signature {
            ::apigen_runtime::Call::mocked(#ty::INFO, #mock::#method(self, #(#names),*))
        }
    }
}

/// Implements the trait for the mock client: its rules take precedence.
fn ruled(r: &Resource, client: &Name, cfg: &TokenStream) -> TokenStream {
    let name = &r.api;
    let calls = r.operations.iter().map(|o| {
        let (signature, method, names, input) = (implementing(o), &o.method, names(o), input(o));
        let mocked = if o.stored { quote!(stored) } else { quote!(mocked) };
        quote! {
            #signature {
                let called = #input;
                let mocked = #mocked(self);
                self.rules.call(called, mocked.by, mocked.api.#method(#(#names),*))
            }
        }
    });
    quote!(#cfg impl #name for super::#client { #(#calls)* })
}

/// Emits the functions that choose what responds in a mock client without a matching rule: one for operations of a
/// stateful mock, one for all others.
fn next(r: &Resource, client: &Name, cfg: &TokenStream) -> TokenStream {
    let (name, mock, field) = (&r.api, &r.mock, &r.accessor);
    let function = |function: TokenStream, state: TokenStream| {
        quote! {
            #cfg
            fn #function(mock: &super::#client) -> ::apigen_runtime::codegen::Fallback<'_, dyn #name> {
                let rest = mock.rest.as_ref().map(|api| api.#field());
                ::apigen_runtime::codegen::Fallback::of(&mock.resources.#field, #state, rest, &::apigen_runtime::codegen::NoOverrides)
            }
        }
    };
    let any = |stored: bool| r.operations.iter().any(|o| o.stored == stored);
    let stored = quote!(mock.state.as_ref().map(|state| state as &dyn #name));
    let mocked = any(false).then(|| function(quote!(mocked), quote!(None)));
    let stored = any(true).then(|| function(quote!(stored), stored));
    quote!(#cfg impl #mock for ::apigen_runtime::codegen::NoOverrides {} #mocked #stored)
}
