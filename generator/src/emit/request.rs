//! How the input of an operation is written to a request, and how a server reads it.

use proc_macro2::TokenStream;
use quote::{format_ident, quote};

use super::expression::{integer, limits};
use super::rust_type::parsed;
use crate::plan::items::{Operation, Parameter};
use apigen_model::api::Location;
use apigen_model::behaviour::Presence;

/// Returns the calls that write a request: `.query("ip", &params.ip)` …
pub fn calls(o: &Operation) -> impl Iterator<Item = TokenStream> {
    let deprecated = o.attributes.deprecated.is_some().then(|| quote!(.deprecated()));
    let body = o.body.iter().map(|name| {
        let argument = o.arguments.iter().find(|argument| argument.name == *name);
        match argument.is_some_and(|argument| argument.ty.is_reference_to_sized()) {
            true => quote!(.body(#name)),
            false => quote!(.body(&#name)),
        }
    });
    deprecated.into_iter().chain(o.parameters.iter().flat_map(written)).chain(body)
}

fn written(p: &Parameter) -> impl Iterator<Item = TokenStream> {
    let (name, wire, method) = (&p.name, &p.wire, format_ident!("{}", part(p.location)));
    let value = if p.in_params { quote!(params.#name) } else { quote!(#name) };
    // No element would be read as the default.
    let not_empty = (p.presence == Presence::PresetList).then(|| quote!(.not_empty(#wire, #value.len())));
    let at_most = p.at_most.map(|most| {
        let most = parsed(&integer(most));
        quote!(.at_most(#wire, #value.len(), #most))
    });
    let value = if p.optional { quote!(Some(&#value)) } else { value };
    not_empty.into_iter().chain(at_most).chain([quote!(.#method(#wire, &#value))])
}

/// Returns the expression that reads a parameter by a reader `r`: `r.required().query("ip")`.
pub fn read(p: &Parameter) -> TokenStream {
    let hint = match p.presence {
        Presence::Optional => None,
        Presence::Required => Some(quote!(.required())),
        Presence::List => Some(quote!(.list())),
        Presence::PresetList => Some(quote!(.preset_list())),
        Presence::Object => Some(quote!(.object())),
    };
    let (wire, method, fallback) = (&p.wire, format_ident!("{}", part(p.location)), &p.fallback);
    let (sensitive, limits) = (p.sensitive.then(|| quote!(.sensitive())), parsed(&limits(p.minimum, p.maximum)));
    quote!(r #hint #sensitive #limits.#method(#wire)#fallback)
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
