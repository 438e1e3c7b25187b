//! The mock client and the samples that mocks generate.

use proc_macro2::{Literal, TokenStream};
use quote::quote;

use super::client::{accessors, public_accessors};
use super::expression::integer;
use super::model::default;
use super::rust_type::parsed;
use crate::plan::items::{ApiClient, Collection, Empty, EmptyBody, EmptyResponse, Module, Resource, State, Stored};
use apigen_model::behaviour::state::{Action, Keys, PathField};

/// Emits the items of the mock's file.
pub fn mock(m: &Module, served: Option<&TokenStream>) -> Vec<TokenStream> {
    let client = m.api.iter().flat_map(|api| {
        let served = served.map(|cfg| serve(api, cfg));
        client(api, &m.resources, m.state.as_ref()).into_iter().chain(served)
    });
    client.chain(m.empties.iter().map(empty)).collect()
}

fn client(api: &ApiClient, resources: &[Resource], state: Option<&State>) -> Vec<TokenStream> {
    let (name, api_trait, client) = (&api.mock, &api.api, &api.client);
    let accessors = accessors(resources, &quote!(self.mock.client()));
    let mut items = vec![
        quote! {
            /// Mock client for tests: override the resources that a test needs, or set up rules for single
            /// operations. All other operations return an empty result. Every call is recorded.
            #[derive(Clone)]
            #[must_use]
            pub struct #name {
                mock: ::apigen_runtime::mock::Mock<super::#client>,
            }
        },
        methods(api, resources, state.is_some()),
        default(name, &quote!(Self::new())),
        quote! {
            impl ::std::ops::Deref for #name {
                type Target = ::apigen_runtime::mock::Mock<super::#client>;

                fn deref(&self) -> &Self::Target {
                    &self.mock
                }
            }
        },
        quote! {
            impl ::std::fmt::Debug for #name {
                fn fmt(&self, f: &mut ::std::fmt::Formatter<'_>) -> ::std::fmt::Result {
                    self.mock.fmt(f)
                }
            }
        },
        quote! {
            impl super::#api_trait for #name {
                #accessors

                fn with_header(&self, name: &str, value: &str) -> ::std::sync::Arc<dyn super::#api_trait> {
                    ::std::sync::Arc::new(self.mock.client().with_header(name, value))
                }
            }
        },
        quote! {
            impl ::std::convert::From<#name> for super::#client {
                fn from(mock: #name) -> Self {
                    mock.mock.client().clone()
                }
            }
        },
        empty_responses(resources),
    ];
    items.extend(state.map(table));
    items
}

fn methods(api: &ApiClient, resources: &[Resource], stateful: bool) -> TokenStream {
    let (name, client) = (&api.mock, &api.client);
    let builders = resources.iter().map(|r| {
        let (with, module, field, ty) = (&r.with, &r.module, &r.accessor, &r.mock);
        let docs =
            format!(" Sets the override of [`{0}`](super::{0}), which responds where no rule does.", r.api.as_str());
        quote! {
            #[doc = #docs]
            pub fn #with(self, #field: impl super::#ty + 'static) -> Self {
                Self { mock: self.mock.overriding(super::#module::overrides(#field)) }
            }
        }
    });
    let accessors = public_accessors(resources, &quote!(self.mock.client()));
    let stateful = stateful.then(|| {
        quote! {
            /// Creates a mock that stores items in memory: they can be created, read, listed, changed and deleted.
            /// Rules and overrides take precedence; all other operations behave as in any mock.
            pub fn stateful() -> Self {
                Self { mock: ::apigen_runtime::mock::Mock::stateful(EMPTY, &STATE) }
            }
        }
    });
    quote! {
        impl #name {
            /// Creates a mock whose operations return an empty result.
            pub fn new() -> Self {
                Self { mock: ::apigen_runtime::mock::Mock::new(EMPTY) }
            }

            #stateful

            /// Makes calls fail that no rule or override responds to. The error names the operation and the input.
            pub fn strict(self) -> Self {
                self.mock.be_strict();
                self
            }

            /// Sets the client that responds where no rule and no override does.
            pub fn fall_through(self, client: impl Into<super::#client>) -> Self {
                Self { mock: self.mock.falling_through(&client.into().http) }
            }

            #(#builders)*
            #accessors
        }
    }
}

/// Emits the table of empty responses, sorted by operation.
fn empty_responses(resources: &[Resource]) -> TokenStream {
    let operations = resources.iter().flat_map(|r| &r.operations);
    let mut rows: Vec<(&str, &EmptyResponse)> =
        operations.filter_map(|o| Some((o.id.as_str(), o.empty_response.as_ref()?))).collect();
    rows.sort_unstable_by_key(|(id, _)| *id);
    let used = |function: &str, wanted: fn(&EmptyBody) -> bool| {
        let name = quote::format_ident!("{function}");
        rows.iter().any(|(_, empty)| wanted(&empty.body)).then(|| quote!(#name,))
    };
    let functions = [
        used("empty_list", |body| matches!(body, EmptyBody::List)),
        used("empty_map", |body| matches!(body, EmptyBody::Map)),
        used("json", |body| matches!(body, EmptyBody::Value { .. })),
        used("nothing", |body| matches!(body, EmptyBody::Nothing)),
        used("smallest", |body| matches!(body, EmptyBody::Smallest(_))),
    ];
    let functions = functions.into_iter().flatten();
    let rows = rows.iter().map(|(id, EmptyResponse { body, status })| {
        let body = match body {
            EmptyBody::Nothing => quote!(nothing),
            EmptyBody::List => quote!(empty_list),
            EmptyBody::Map => quote!(empty_map),
            EmptyBody::Smallest(ty) => quote!(smallest::<#ty>),
            EmptyBody::Value { ty, value } => quote!(|| json::<#ty>(&#value)),
        };
        let status = status.map(Literal::u16_unsuffixed).map(|status| quote!(.status(#status)));
        quote!(EmptyResponse::new(#id, #body)#status)
    });
    quote! {
        /// The responses of operations for which nothing is set up.
        static EMPTY: &[::apigen_runtime::codegen::empty::EmptyResponse] = {
            use ::apigen_runtime::codegen::empty::{EmptyResponse, #(#functions)*};
            &[#(#rows),*]
        };
    }
}

fn empty(e: &Empty) -> TokenStream {
    let (path, value) = (&e.path, &e.value);
    quote! {
        impl ::apigen_runtime::codegen::Empty for #path {
            fn empty() -> Self {
                #value
            }
        }
    }
}

/// Emits the methods that serve a mock.
fn serve(api: &ApiClient, cfg: &TokenStream) -> TokenStream {
    let name = &api.mock;
    quote! {
        #cfg
        impl #name {
            /// Returns a tower service that serves this mock, for axum or for `serve`.
            pub fn router(&self) -> ::apigen_runtime::server::Router {
                ::apigen_runtime::server::Router::from_client(self.mock.client().clone())
            }

            /// Listens on this address until the server is dropped; port 0 picks a free port.
            ///
            /// # Errors
            /// Returns an error if the address cannot be bound.
            pub fn serve(
                &self,
                addr: impl ::std::net::ToSocketAddrs,
            ) -> ::std::result::Result<::apigen_runtime::server::Server, ::std::io::Error> {
                self.router().serve(addr)
            }
        }
    }
}

/// Emits the table of operations for the state.
fn table(state: &State) -> TokenStream {
    let (collections, operations) = (state.collections.iter().map(collection), state.operations.iter().map(stored));
    let json = state.operations.iter().any(|o| !o.bodies.is_empty()).then(|| quote!(json,));
    let path_field = state.operations.iter().any(|o| !o.own.path.is_empty()).then(|| quote!(PathField,));
    quote! {
        /// The operations that a stateful mock implements.
        static STATE: ::apigen_runtime::codegen::state::StateTable = {
            use ::apigen_runtime::codegen::state::{Action, Collection, Keys, #path_field StateTable, Stored, #json smallest};
            StateTable { collections: &[#(#collections),*], operations: &[#(#operations),*] }
        };
    }
}

fn collection(Collection { own, fields, ty }: &Collection) -> TokenStream {
    let keys = match own.keys {
        Keys::Uuids => "Uuids".to_owned(),
        Keys::Numbers(first) => format!("Numbers({})", integer(first)),
        Keys::Texts(length) => format!("Texts({length})"),
        Keys::Given => "Given".to_owned(),
    };
    let (keys, key) = (parsed(&keys), own.key.as_ref().map(|key| quote!(.key(#key))));
    let list = |setter: &str, names: &[String]| {
        let setter = quote::format_ident!("{setter}");
        (!names.is_empty()).then(|| quote!(.#setter(&[#(#names),*])))
    };
    let lists = [list("fields", fields), list("unique", &own.unique), list("instants", &own.instants)];
    let lists = lists.into_iter().flatten();
    quote!(Collection::new(Keys::#keys, smallest::<#ty>)#key #(#lists)*)
}

fn stored(Stored { id, own, fields, bodies }: &Stored) -> TokenStream {
    let collection = Literal::usize_unsuffixed(own.collection);
    let action = match own.action {
        Action::Create => quote!(Create),
        Action::Read => quote!(Read),
        Action::List => quote!(List),
        Action::Replace => quote!(Replace),
        Action::Change => quote!(Change),
        Action::Delete => quote!(Delete),
    };
    let fields = fields.as_ref().map(|fields| quote!(.fields(&[#(#fields),*])));
    let path = own.path.iter().map(|PathField { field, variable, is_text }| quote!(PathField { field: #field, variable: #variable, is_text: #is_text }));
    let path = (!own.path.is_empty()).then(|| quote!(.path(&[#(#path),*])));
    let rows = bodies.iter().map(|(status, ty, value)| {
        let status = Literal::u16_unsuffixed(*status);
        quote!((#status, || json::<#ty>(&#value)))
    });
    let bodies = (!bodies.is_empty()).then(|| quote!(.bodies(&[#(#rows),*])));
    quote!(Stored::new(#id, #collection, Action::#action)#fields #path #bodies)
}
