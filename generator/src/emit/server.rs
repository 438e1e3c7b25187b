//! The file of servers: a trait per resource, the router, and the validator.

use proc_macro2::TokenStream;
use quote::quote;

use super::attributes::{allow_many, docs, item_attributes, typed};
use super::chain;
use crate::plan::items::{ApiClient, ItemAttributes, Operation, Resource};

pub fn server(api: &ApiClient, resources: &[Resource]) -> Vec<TokenStream> {
    let mut items = vec![whole(api, resources), router(api, resources), proxy(api), validator(api)];
    items.extend(resources.iter().flat_map(|r| [declared(r), routes(r)]));
    items.push(served(api, resources));
    items
}

fn whole(api: &ApiClient, resources: &[Resource]) -> TokenStream {
    let (name, traits) = (&api.api, resources.iter().map(|r| &r.api).collect::<Vec<_>>());
    quote! {
        /// A server of the whole service: every type that implements all of its traits.
        pub trait #name: #(#traits)+* {}

        impl<A: #(#traits)+*> #name for A {}
    }
}

fn router(api: &ApiClient, resources: &[Resource]) -> TokenStream {
    let name = &api.api;
    // A resource can have the name of the variable.
    let mut routers = resources.iter().map(|r| match &r.accessor {
        accessor if accessor.as_str() == "api" => quote!(self::#accessor),
        accessor => quote!(#accessor),
    });
    let last = routers.next_back().map(|router| quote!(#router(api)));
    let others = routers.map(|router| quote!(.merge(#router(::std::sync::Arc::clone(&api)))));
    let (parts, router) = chain("router", new(), others.chain([quote!(.merge(#last))]));
    quote! {
        /// Returns a router that validates requests before it calls the server.
        pub fn router(api: impl #name) -> ::apigen_runtime::server::Router {
            let api = ::std::sync::Arc::new(api);
            #parts
            #router
        }
    }
}

fn new() -> TokenStream {
    quote!(::apigen_runtime::server::Router::new())
}

fn proxy(api: &ApiClient) -> TokenStream {
    let client = &api.client;
    quote! {
        /// Returns a router that serves a client: that of a mock, or that of the real service, as a proxy.
        pub fn from_client(client: impl Into<super::#client>) -> ::apigen_runtime::server::Router {
            ::apigen_runtime::server::Router::from_client(client.into())
        }
    }
}

fn validator(api: &ApiClient) -> TokenStream {
    let client = &api.client;
    quote! {
        /// Returns the validator of whole requests and responses.
        pub fn validator() -> &'static ::apigen_runtime::validate::Validator {
            static VALIDATOR: ::std::sync::LazyLock<::apigen_runtime::validate::Validator> =
                ::std::sync::LazyLock::new(::apigen_runtime::validate::Validator::new::<super::#client>);
            &VALIDATOR
        }
    }
}

fn declared(r: &Resource) -> TokenStream {
    let (name, methods) = (&r.api, r.operations.iter().map(|o| method(r, o)));
    let docs = docs(&[format!("Server trait of [`{0}`](super::{0}).", name.as_str())]);
    quote!(#docs pub trait #name: Send + Sync + 'static { #(#methods)* })
}

fn method(r: &Resource, o: &Operation) -> TokenStream {
    // Servers must implement operations that clients should no longer call.
    let attributes = item_attributes(&ItemAttributes { deprecated: None, ..o.attributes.clone() });
    let (method, context, answer) = (&o.method, &o.context, operation(r, o));
    let module = &r.module;
    let arguments = o.arguments.iter().map(|argument| typed(&argument.name, &argument.owned));
    let params = o.params.iter().map(|params| {
        let ty = &params.name;
        quote!(params: super::#module::#ty)
    });
    // The receiver and the context are two more.
    let many = allow_many(2 + o.arguments.len() + usize::from(o.params.is_some()));
    let arguments = arguments.chain(params);
    quote! {
        #attributes
        #many
        fn #method(&self, #context: ::apigen_runtime::server::Context, #(#arguments),*)
            -> impl ::std::future::Future<Output = ::apigen_runtime::server::HandlerResult<#answer>> + Send;
    }
}

fn routes(r: &Resource) -> TokenStream {
    let (name, accessor) = (&r.api, &r.accessor);
    let docs = docs(&[format!("Returns a router that serves only [`{}`].", name.as_str())]);
    let routes = r.operations.iter().map(|o| {
        let (ty, method) = (operation(r, o), &o.method);
        let arguments = o.arguments.iter().map(|argument| match (&argument.name, argument.is_unit()) {
            (_, true) => quote!(()),
            (name, false) => quote!(o.#name),
        });
        let arguments = arguments.chain(o.params.iter().map(|_| quote!(o.params)));
        let read = o.params.is_some() || o.arguments.iter().any(|argument| !argument.is_unit());
        let input = if read { quote!(o) } else { quote!(_) };
        quote! {
            .operation(&api, |api: &A, context, #input: #ty| ::std::boxed::Box::pin(api.#method(context, #(#arguments),*)))
        }
    });
    let (parts, router) = chain("router", new(), routes);
    quote! {
        #docs
        pub fn #accessor<A: #name>(api: ::std::sync::Arc<A>) -> ::apigen_runtime::server::Router {
            #parts
            #router
        }
    }
}

fn operation(r: &Resource, o: &Operation) -> TokenStream {
    let (module, ty) = (&r.module, &o.ty);
    quote!(super::#module::#ty)
}

fn served(api: &ApiClient, resources: &[Resource]) -> TokenStream {
    let client = &api.client;
    let endpoints = resources.iter().flat_map(|r| r.operations.iter().map(move |o| operation(r, o)));
    quote! {
        impl ::apigen_runtime::codegen::Served for super::#client {
            const ENDPOINTS: &'static [::apigen_runtime::codegen::Endpoint] = &[#(::apigen_runtime::codegen::Endpoint::of::<#endpoints>()),*];
        }
    }
}
