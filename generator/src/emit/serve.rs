//! Operations from the server's point of view.

use proc_macro2::{Literal, TokenStream};
use quote::{ToTokens, quote};

use super::request;
use crate::plan::items::{Operation, Params, Read, Resource};
use apigen_model::behaviour::refusal::Refusal;
use apigen_model::vocabulary::names::Name;

/// Emits how an operation is read from a request, and called.
pub fn serve(o: &Operation, r: &Resource, client: &Name, cfg: &TokenStream) -> TokenStream {
    let (ty, api, method) = (&o.ty, &r.api, &o.method);
    let (read, arguments) = (read(o), passed(o));
    let headers = o.reads.headers.then(|| {
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
    let arguments = &o.reads.arguments;
    let params = o.params.as_ref().zip(o.reads.params.as_ref()).map(|(params, fields)| literal(params, fields));
    let (count, open) = match o.reads.params.as_ref().is_some_and(|fields| fields.iter().any(|field| field.fallible)) {
        true => (arguments.len() + 1, params.is_some()),
        false => (arguments.len(), params.is_some()),
    };
    if arguments.is_empty() && !open {
        return quote!(Some(Self));
    }
    let names: Vec<&Name> = arguments.iter().map(|read| &read.name).collect();
    let values: Vec<TokenStream> = arguments.iter().map(request::read).collect();
    if count <= 1 {
        let params = params.map(|params| quote!(params: #params,));
        return quote!(Some(Self { #params #(#names: #values?),* }));
    }
    let bound: Vec<TokenStream> = names.iter().map(|name| quote!(#name)).chain(open.then(|| quote!(params))).collect();
    let read: Vec<TokenStream> = values.into_iter().chain(params).collect();
    let params = open.then(|| quote!(, params));
    // One tuple, so that no argument can shadow the reader, whatever its name.
    quote! {
        let (#(#bound),*) = (#(#read),*);
        Some(Self { #(#names: #names?),* #params })
    }
}

/// Emits the struct of the other parameters.
fn literal(params: &Params, fields: &[Read]) -> TokenStream {
    let ty = &params.name;
    let names: Vec<&Name> = fields.iter().map(|field| &field.name).collect();
    let values = fields.iter().map(request::read);
    if fields.iter().all(|field| !field.fallible) {
        return quote!(#ty { #(#names: #values),* });
    }
    let members =
        fields.iter().map(|Read { name, fallible, .. }| if *fallible { quote!(#name: #name?) } else { quote!(#name) });
    quote!({ let (#(#names,)*) = (#(#values,)*); #ty { #(#members),* } })
}

fn passed(o: &Operation) -> Vec<TokenStream> {
    let arguments = o.arguments.iter().map(|argument| {
        let name = &argument.name;
        match argument {
            argument if argument.unit => quote!(()),
            argument if argument.is_borrowed() => quote!(&self.#name),
            _ => quote!(self.#name),
        }
    });
    arguments.chain(o.params.iter().map(|_| quote!(self.params.clone()))).collect()
}
