//! How an operation's input is written to a request, and how a server reads it.

use proc_macro2::TokenStream;
use quote::{format_ident, quote};

use super::expression::{integer, limits};
use super::rust_type::parsed;
use crate::plan::items::{InputValue, Read, ReadFrom, Request, RequestParameter};
use apigen_model::api::Location;
use apigen_model::behaviour::Presence;

/// Returns the calls that write a request: `.query("ip", &params.ip)` …
pub fn calls(request: &Request) -> Vec<TokenStream> {
    let deprecated = request.deprecated.then(|| quote!(.deprecated()));
    let parameters = request.parameters.iter().flat_map(parameter);
    let body = request.body.iter().map(|name| quote!(.body(&#name)));
    deprecated.into_iter().chain(parameters).chain(body).collect()
}

fn parameter(p: &RequestParameter) -> impl Iterator<Item = TokenStream> {
    let (wire, method) = (&p.wire, format_ident!("{}", part(p.location)));
    let value = match &p.value {
        InputValue::Argument(name) => quote!(#name),
        InputValue::Field(name) => quote!(params.#name),
    };
    let not_empty = p.not_empty.then(|| quote!(.not_empty(#wire, #value.len())));
    let at_most = p.at_most.map(|most| {
        let most = parsed(&integer(most));
        quote!(.at_most(#wire, #value.len(), #most))
    });
    let written = if p.optional { quote!(Some(&#value)) } else { value };
    not_empty.into_iter().chain(at_most).chain([quote!(.#method(#wire, &#written))])
}

/// Returns the expression that reads a value by a reader `r`: `r.required().query("ip")`.
pub fn read(read: &Read) -> TokenStream {
    let fallback = &read.fallback;
    match &read.from {
        ReadFrom::Body => quote!(r.body()),
        ReadFrom::Parameter { wire, location, presence, sensitive, minimum, maximum } => {
            let hint = match presence {
                Presence::Optional => None,
                Presence::Required => Some(quote!(.required())),
                Presence::List => Some(quote!(.list())),
                Presence::PresetList => Some(quote!(.preset_list())),
                Presence::Object => Some(quote!(.object())),
            };
            let (sensitive, limits) = (sensitive.then(|| quote!(.sensitive())), parsed(&limits(*minimum, *maximum)));
            let method = format_ident!("{}", part(*location));
            quote!(r #hint #sensitive #limits.#method(#wire)#fallback)
        }
    }
}

/// Returns the name that a part of requests has in the runtime.
fn part(location: Location) -> &'static str {
    match location {
        Location::Path => "path",
        Location::Query => "query",
        Location::Header => "header",
        Location::Form => "form",
    }
}
