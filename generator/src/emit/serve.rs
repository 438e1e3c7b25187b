//! Operations from the server's point of view.

use proc_macro2::{Literal, TokenStream};
use quote::{ToTokens, quote};

use super::operation::passed;
use super::request;
use crate::plan::items::{Operation, Parameter, Params, Resource};
use apigen_model::api::Location;
use apigen_model::behaviour::refusal::Refusal;
use apigen_model::vocabulary::names::Name;

/// Emits how an operation is read from a request, and called.
pub fn serve(o: &Operation, r: &Resource, client: &Name, cfg: &TokenStream) -> TokenStream {
    let (ty, api, method) = (&o.ty, &r.api, &o.method);
    let (read, arguments) = (read(o), passed(o, &quote!(self)));
    let headers = o.parameters.iter().any(|p| p.location == Location::Header).then(|| {
        quote!(
            const HEADERS: bool = true;
        )
    });
    let refusals = o.refusals.iter().map(refusal);
    let refusals = (!o.refusals.is_empty())
        .then(|| quote!(const REFUSALS: &'static [::apigen_runtime::codegen::Refusal] = &[#(#refusals),*];));
    let reader = if o.arguments.is_empty() && o.params.is_none() { quote!(_) } else { quote!(r) };
    quote! {
        #cfg
        impl ::apigen_runtime::codegen::Serve for #ty {
            #headers
            #refusals
            fn read(#reader: &mut ::apigen_runtime::codegen::RequestReader<'_>) -> Option<Self> {
                #read
            }
            fn call<'a>(&'a self, client: &'a super::#client) -> ::apigen_runtime::CallOf<'a, Self> {
                #api::#method(client, #(#arguments),*)
            }
        }
    }
}

/// Emits `Refusal::new(&[422], r#"{"code":<code>,"message":<message>}"#)`.
fn refusal(refusal: &Refusal) -> TokenStream {
    let template = raw(&refusal.template);
    let statuses = refusal.statuses.iter().map(|status| Literal::u16_unsuffixed(*status));
    match refusal.statuses.is_empty() {
        true => quote!(::apigen_runtime::codegen::Refusal::others(#template)),
        false => quote!(::apigen_runtime::codegen::Refusal::new(&[#(#statuses),*], #template)),
    }
}

/// Emits a literal in which quotes need no escapes.
fn raw(text: &str) -> TokenStream {
    let is_plain = !text.contains(['"', '\\']);
    let raw = if is_plain || text.contains("\"#") { None } else { format!("r#\"{text}\"#").parse().ok() };
    raw.unwrap_or_else(|| Literal::string(text).to_token_stream())
}

/// Emits the body of `read`. A problem with one value must not hide problems with others, so all are read before the
/// first `?`. A single fallible value can have its `?` in place, after the values that cannot fail.
fn read(o: &Operation) -> TokenStream {
    let (fields, arguments): (Vec<&Parameter>, Vec<_>) = o.parameters.iter().partition(|p| p.in_params);
    let (mut names, mut values): (Vec<_>, Vec<_>) = arguments.into_iter().map(|p| (&p.name, request::read(p))).unzip();
    names.extend(&o.body);
    values.extend(o.body.iter().map(|_| quote!(r.body())));
    let params = o.params.iter().map(|params| literal(params, &fields));
    if names.is_empty() && o.params.is_none() {
        return quote!(Some(Self));
    }
    if names.len() + usize::from(fields.iter().any(|field| field.given)) <= 1 {
        return quote!(Some(Self { #(params: #params,)* #(#names: #values?),* }));
    }
    let bound = names.iter().map(|name| quote!(#name)).chain(o.params.iter().map(|_| quote!(params)));
    let values = values.iter().cloned().chain(params);
    let params = o.params.iter().map(|_| quote!(, params));
    // One tuple, so that no argument can shadow the reader, whatever its name.
    quote! {
        let (#(#bound),*) = (#(#values),*);
        Some(Self { #(#names: #names?),* #(#params)* })
    }
}

/// Emits the struct of the other parameters.
fn literal(params: &Params, fields: &[&Parameter]) -> TokenStream {
    let ty = &params.name;
    let names: Vec<&Name> = fields.iter().map(|field| &field.name).collect();
    let values = fields.iter().map(|field| request::read(field));
    if fields.iter().all(|field| !field.given) {
        return quote!(#ty { #(#names: #values),* });
    }
    let members =
        fields.iter().map(|Parameter { name, given, .. }| if *given { quote!(#name: #name?) } else { quote!(#name) });
    quote!({ let (#(#names,)*) = (#(#values,)*); #ty { #(#members),* } })
}
