//! The module of a resource.

use proc_macro2::TokenStream;
use quote::quote;

use super::attributes::{docs, item_attributes};
use super::chain;
use super::condition::Conditions;
use super::headers::headers;
use super::operation::{call, mock_method, operation, overriding};
use super::params::params;
use super::serve::serve;
use super::status::status_enum;
use crate::plan::items::{ApiClient, Resource};

/// Emits all items: the trait and its implementations, the mock trait, then the items of each operation.
pub fn resource(r: &Resource, api: &ApiClient, conditions: &Conditions) -> Vec<TokenStream> {
    let (name, client) = (&r.api, &api.client);
    let mut items = vec![
        quote!(
            use ::apigen_runtime::Operation as _;
        ),
        declared(r, conditions.mocks.is_some()),
        quote!(impl #name for super::#client {}),
    ];
    if let Some(cfg) = &conditions.mocks {
        items.extend([mock(r, cfg), overrides(r, cfg), mocked(r, api, cfg)]);
    }
    for o in &r.operations {
        items.extend(operation(o, client));
        items.extend(conditions.server.as_ref().map(|cfg| serve(o, r, client, cfg)));
        items.extend(o.params.iter().flat_map(params));
        items.extend(o.headers.iter().flat_map(|h| headers(h, conditions.server.as_ref())));
    }
    items.extend(r.outputs.iter().chain(&r.errors).flat_map(|status| status_enum(status, conditions.either.as_ref())));
    items
}

/// Emits the trait. Its only implementation is that of the client: everything that responds to calls is behind it.
fn declared(r: &Resource, mocks: bool) -> TokenStream {
    let (attributes, name) = (item_attributes(&r.attributes), &r.api);
    let methods = r.operations.iter().map(|o| call(o, mocks));
    quote! {
        #attributes
        pub trait #name: ::apigen_runtime::client::HttpCaller { #(#methods)* }
    }
}

fn mock(r: &Resource, cfg: &TokenStream) -> TokenStream {
    let (name, api) = (&r.mock, r.api.as_str());
    let docs = docs(&[
        format!(
            "Mock of [`{api}`] for tests, whose methods override those of the same name. They return empty results"
        ),
        "until they are implemented.".to_owned(),
    ]);
    let methods = r.operations.iter().map(mock_method);
    quote! {
        #docs
        #cfg
        #[allow(unused_variables, reason = "the names are for overrides")]
        pub trait #name: Send + Sync { #(#methods)* }
    }
}

/// Emits the function through which a mock client calls the mock trait.
fn overrides(r: &Resource, cfg: &TokenStream) -> TokenStream {
    let mock = &r.mock;
    let new = quote!(::apigen_runtime::codegen::Overrides::new());
    let (parts, overrides) = chain("overrides", new, r.operations.iter().map(|o| overriding(o, &r.std_box)));
    quote! {
        #cfg
        pub(super) fn overrides<M: #mock + 'static>(mock: M) -> ::apigen_runtime::codegen::Overrides {
            let mock = ::std::sync::Arc::new(mock);
            #parts
            #overrides
        }
    }
}

/// Emits the function that makes a client of a mock of this resource alone.
fn mocked(r: &Resource, api: &ApiClient, cfg: &TokenStream) -> TokenStream {
    let (name, mock, with, client, mock_client) = (&r.api, &r.mock, &r.with, &api.client, &api.mock);
    let docs = format!(" Returns a client whose calls this mock responds to, for code that takes [`{name}`].");
    quote! {
        #[doc = #docs]
        #cfg
        pub fn mocked(mock: impl #mock + 'static) -> super::#client {
            super::#mock_client::new().#with(mock).into()
        }
    }
}
