//! The trait of the whole service and the HTTP client.

use proc_macro2::TokenStream;
use quote::quote;

use super::attributes::{allow_many, docs, item_attributes, typed};
use crate::plan::docs::paragraphs;
use crate::plan::items::{ApiClient, ItemAttributes, Resource};

pub fn client(api: &ApiClient, resources: &[Resource]) -> Vec<TokenStream> {
    let name = &api.client;
    vec![
        api_trait(api, resources),
        pointers(api, resources),
        definition(api),
        methods(api, resources),
        quote! {
            impl ::std::convert::From<::apigen_runtime::client::HttpClient> for #name {
                fn from(http: ::apigen_runtime::client::HttpClient) -> Self {
                    Self { http }
                }
            }
        },
        quote! {
            impl ::apigen_runtime::client::HttpCaller for #name {
                fn http(&self) -> &::apigen_runtime::client::HttpClient {
                    &self.http
                }
            }
        },
        implementation(api, resources),
        service(api),
        quote!(
            const _: () = ::apigen_runtime::codegen::assert_version(0, 1);
        ),
    ]
}

fn api_trait(api: &ApiClient, resources: &[Resource]) -> TokenStream {
    let title = "The whole service. Take it as `Arc<dyn …>` in handlers, so that tests can pass a mock.";
    let (docs, name) = (with_title(title, &[&api.docs]), &api.api);
    let accessors = resources.iter().map(|r| {
        let (attributes, accessor, ty) = (accessor_about(r), &r.accessor, &r.api);
        quote!(#attributes fn #accessor(&self) -> &dyn super::#ty;)
    });
    quote! {
        #docs
        pub trait #name: Send + Sync {
            #(#accessors)*

            /// Returns the same API with a header in all calls, unless a parameter or the call itself sets it.
            #[must_use]
            fn with_header(&self, name: &str, value: &str) -> ::std::sync::Arc<dyn #name>;

            /// Returns the same API with the header `X-Request-Id` in all calls.
            #[must_use]
            fn with_request_id(&self, id: &str) -> ::std::sync::Arc<dyn #name> {
                self.with_header("X-Request-Id", id)
            }
        }
    }
}

/// Implements the API for `Box<dyn Api>`, `Arc<dyn Api>` and `&dyn Api`.
fn pointers(api: &ApiClient, resources: &[Resource]) -> TokenStream {
    let name = &api.api;
    let accessors = resources.iter().map(|r| {
        let (accessor, ty) = (&r.accessor, &r.api);
        quote!(fn #accessor(&self) -> &dyn super::#ty { (**self).#accessor() })
    });
    quote! {
        impl<P: ::apigen_runtime::codegen::Pointer<Target: #name>> #name for P {
            #(#accessors)*

            fn with_header(&self, name: &str, value: &str) -> ::std::sync::Arc<dyn #name> {
                (**self).with_header(name, value)
            }
        }
    }
}

fn definition(api: &ApiClient) -> TokenStream {
    let docs = with_title("HTTP client of the service. Cheap to clone.", &[&api.docs, &api.index]);
    let name = &api.client;
    quote! {
        #docs
        #[derive(Debug, Clone)]
        pub struct #name {
            pub(super) http: ::apigen_runtime::client::HttpClient,
        }
    }
}

fn methods(api: &ApiClient, resources: &[Resource]) -> TokenStream {
    let name = &api.client;
    let base_url = api.base_url.as_ref().map(|url| {
        quote! {
            /// The base URL in the spec.
            pub const BASE_URL: &'static str = #url;
        }
    });
    let accessors = public_accessors(resources, &quote!(self));
    let arguments = api.required.iter().map(|header| typed(&header.name, &header.ty));
    let headers = api.required.iter().map(|header| {
        let (wire, name) = (&header.wire, &header.name);
        quote!(.header(#wire, #name))
    });
    let many = allow_many(1 + api.required.len());
    let asked: Vec<String> = api.required.iter().flat_map(|header| header.docs.clone()).collect();
    let asked = (!asked.is_empty()).then(|| docs(&[vec![String::new()], asked].concat()));
    quote! {
        impl #name {
            #base_url

            /// Returns a builder of a client for the service at this URL, with credentials, headers and timeouts.
            #asked
            #many
            pub fn builder(base_url: impl Into<String>, #(#arguments),*) -> ::apigen_runtime::client::ClientBuilder<Self> {
                ::apigen_runtime::client::ClientBuilder::new(&SERVICE, base_url)#(#headers)*
            }

            /// Returns a clone whose calls may have side effects in production despite the guard, with the reason.
            #[must_use]
            pub fn allow_side_effects(&self, reason: impl Into<::std::sync::Arc<str>>) -> Self {
                Self { http: self.http.allow_side_effects(reason) }
            }

            /// Returns a clone whose calls carry this header, in place of the client's own header of that name. A
            /// parameter or the call can still set another value.
            #[must_use]
            pub fn with_header(&self, name: &str, value: impl ::apigen_runtime::client::ToParam) -> Self {
                Self { http: self.http.with_header(name, value) }
            }

            /// Returns a clone whose calls carry the header `X-Request-Id`.
            #[must_use]
            pub fn with_request_id(&self, id: impl ::apigen_runtime::client::ToParam) -> Self {
                self.with_header("X-Request-Id", id)
            }

            #accessors
        }
    }
}

fn implementation(api: &ApiClient, resources: &[Resource]) -> TokenStream {
    let (name, client) = (&api.api, &api.client);
    let accessors = accessors(resources, &quote!(self));
    quote! {
        impl #name for #client {
            #accessors

            fn with_header(&self, name: &str, value: &str) -> ::std::sync::Arc<dyn #name> {
                ::std::sync::Arc::new(self.with_header(name, value))
            }
        }
    }
}

fn service(api: &ApiClient) -> TokenStream {
    let (name, namespace, version, user_agent) = (&api.name, &api.namespace, &api.version, &api.user_agent);
    let headers = api.headers.iter().map(|(name, value)| quote!((#name, #value)));
    let overlapping = api.overlapping.iter().map(|(method, path)| quote!((#method, #path)));
    quote! {
        static SERVICE: ::apigen_runtime::client::ServiceInfo = ::apigen_runtime::client::ServiceInfo {
            name: #name,
            namespace: #namespace,
            version: #version,
            user_agent: #user_agent,
            headers: &[#(#headers),*],
            overlapping: &[#(#overlapping),*],
        };
    }
}

fn with_title(title: &str, parts: &[&[String]]) -> TokenStream {
    let title = [title.to_owned()];
    let all: Vec<&[String]> = std::iter::once(title.as_slice()).chain(parts.iter().copied()).collect();
    docs(&paragraphs(&all))
}

pub fn accessors(resources: &[Resource], body: &TokenStream) -> TokenStream {
    let (names, types) = (resources.iter().map(|r| &r.accessor), resources.iter().map(|r| &r.api));
    quote!(#(fn #names(&self) -> &dyn super::#types { #body })*)
}

/// Emits the same methods for users who do not import the trait.
pub fn public_accessors(resources: &[Resource], body: &TokenStream) -> TokenStream {
    let attributes = resources.iter().map(accessor_about);
    let (names, types) = (resources.iter().map(|r| &r.accessor), resources.iter().map(|r| &r.api));
    quote!(#(#attributes pub fn #names(&self) -> &dyn super::#types { #body })*)
}

/// Returns the docs of an accessor: it has the deprecation of the resource; the description is on the trait.
fn accessor_about(r: &Resource) -> TokenStream {
    let docs = vec![format!("The operations of [`{0}`](super::{0}).", r.api.as_str())];
    item_attributes(&ItemAttributes { docs, deprecated: r.attributes.deprecated.clone() })
}
