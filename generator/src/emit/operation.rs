//! Operations: the type of each, and its signatures.

use proc_macro2::TokenStream;
use quote::{ToTokens, format_ident, quote};

use super::attributes::{field, item_attributes, typed};
use super::chain;
use super::model::redacted;
use super::request::calls;
use crate::plan::items::{HeaderInfo, ItemAttributes, Operation, OperationArgument, ResponseInfo, RustType, TypePath};
use apigen_model::vocabulary::names::Name;

/// Emits the type, its description, and the aliases of error and result.
pub fn operation(o: &Operation, client: &Name) -> Vec<TokenStream> {
    let (ty, id, method, path) = (&o.ty, &o.id, o.http_method, &o.path);
    let (output, error, result, std_result) = (&o.output, error(o), &o.result, &o.std_result);
    let responses = o.responses.iter().map(response);
    let side_effects = o.side_effects.map(|any| quote!(.side_effects(#any)));
    let sensitive = o.sensitive.as_ref().map(|names| quote!(.sensitive(&[#(#names),*])));
    let result_title = format!(" Result of `{id}`.");
    let mut items = vec![
        definition(o),
        quote! {
            impl ::apigen_runtime::Operation for #ty {
                type Client = super::#client;
                type Output = #output;
                type Error = #error;
                const INFO: &'static ::apigen_runtime::OperationInfo =
                    &::apigen_runtime::OperationInfo::new(#id, #method, #path, &[#(#responses),*])#side_effects #sensitive;
            }
        },
        quote! {
            #[doc = #result_title]
            pub type #result = #std_result<#output, ::apigen_runtime::Error<#error>>;
        },
    ];
    items.extend(o.error_alias.as_ref().map(|(alias, shared)| {
        let title = format!(" The declared errors of `{id}`, the same as those of other operations.");
        quote!(#[doc = #title] pub type #alias = #shared;)
    }));
    items
}

/// Emits the operation as a type, which holds its input.
fn definition(o: &Operation) -> TokenStream {
    let ty = &o.ty;
    let arguments = o.arguments.iter().map(|own| field(&own.attributes, &own.name, &own.owned));
    let params = params(o).map(|params| quote!(pub #params));
    let fields: Vec<TokenStream> = arguments.chain(params).collect();
    let fields = if fields.is_empty() { quote!(;) } else { quote!({ #(#fields),* }) };
    let title = format!(" Input of operation `{}`.", o.id);
    let sensitive = o.arguments.iter().any(|argument| argument.sensitive);
    let shown = (!sensitive).then(|| quote!(Debug,));
    let redacted = sensitive.then(|| {
        let arguments = o.arguments.iter().map(|argument| (argument.name.to_token(), argument.sensitive));
        redacted(ty, arguments.chain(o.params.iter().map(|_| (format_ident!("params"), false))))
    });
    quote! {
        #[doc = #title]
        #[derive(#shown Clone, PartialEq)]
        pub struct #ty #fields

        #redacted
    }
}

/// Emits the arguments of a method as a value of the operation's type.
fn input(o: &Operation) -> TokenStream {
    let ty = &o.ty;
    let fields = o.arguments.iter().map(|argument| {
        let name = &argument.name;
        if argument.is_borrowed() { quote!(#name: #name.to_owned()) } else { quote!(#name) }
    });
    let params = o.params.iter().map(|_| quote!(params));
    let fields: Vec<TokenStream> = fields.chain(params).collect();
    if fields.is_empty() { quote!(#ty) } else { quote!(#ty { #(#fields),* }) }
}

fn response(info: &ResponseInfo) -> TokenStream {
    let success = info.success;
    let status = info.status.map(proc_macro2::Literal::u16_unsuffixed);
    let row = match &status {
        Some(code) if success => quote!(success(#code)),
        Some(code) => quote!(error(#code)),
        None => quote!(others(#success)),
    };
    let unit = info.unit.then(|| quote!(.unit()));
    let text = info.text.then(|| quote!(.text()));
    let headers = info.headers.iter().map(header);
    let headers = (!info.headers.is_empty()).then(|| quote!(.headers(&[#(#headers),*])));
    let sensitive = info.sensitive.then(|| quote!(.sensitive()));
    quote!(::apigen_runtime::codegen::#row #unit #text #sensitive #headers)
}

fn header(h: &HeaderInfo) -> TokenStream {
    let (wire, ty, required) = (&h.wire, &h.ty, h.required.then(|| quote!(.required())));
    let sensitive = h.sensitive.then(|| quote!(.sensitive()));
    let of = if h.list { quote!(list) } else { quote!(of) };
    quote!(::apigen_runtime::codegen::HeaderInfo::#of::<#ty>(#wire)#required #sensitive)
}

/// Returns the operation's own name for its errors.
fn error(o: &Operation) -> TokenStream {
    match &o.error_alias {
        Some((alias, _)) => quote!(#alias),
        None => o.error.to_token_stream(),
    }
}

/// Emits `fn get<'a>(&'a self, …) -> Call<'a, …>`.
fn signature(o: &Operation) -> TokenStream {
    let (method, output, error) = (&o.method, &o.output, error(o));
    let arguments = o.arguments.iter().map(|argument| match (&argument.name, &argument.ty) {
        (name, RustType::Reference(ty)) => quote!(#name: &'a #ty),
        (name, ty) => quote!(#name: #ty),
    });
    let params = params(o);
    match o.arguments.iter().any(OperationArgument::is_borrowed) {
        true => quote! {
            fn #method<'a>(&'a self, #(#arguments,)* #params) -> ::apigen_runtime::Call<'a, #output, #error>
        },
        false => quote!(fn #method(&self, #(#arguments,)* #params) -> ::apigen_runtime::Call<'_, #output, #error>),
    }
}

/// Emits the method of the trait, which sends the request. Where there are mocks, they get the input as a value.
pub fn call(o: &Operation, mocks: bool) -> TokenStream {
    let (attributes, signature, ty) = (item_attributes(&o.attributes), signature(o), &o.ty);
    let new = quote!(::apigen_runtime::codegen::Request::new(#ty::INFO));
    let (parts, request) = chain("request", new, calls(o));
    let input = input(o);
    let send = match mocks {
        true => quote!(send_as(#request, || #input)),
        false => quote!(send(#request)),
    };
    quote! {
        #attributes
        #signature {
            #parts
            self.http().#send
        }
    }
}

/// Emits the call of the mock's method for an operation. `std_box` is `Box`, as written in this file.
pub fn overriding(o: &Operation, std_box: &TypePath) -> TokenStream {
    let (ty, method) = (&o.ty, &o.method);
    let arguments = passed(o, &quote!(o));
    let read = o.params.is_some() || o.arguments.iter().any(|argument| !argument.is_unit());
    let input = if read { quote!(o) } else { quote!(_) };
    quote!(.operation(&mock, |mock: &M, #input: &#ty| #std_box::pin(mock.#method(#(#arguments),*))))
}

/// Emits the arguments of a method, from a value of the operation's type.
pub fn passed(o: &Operation, input: &TokenStream) -> Vec<TokenStream> {
    let arguments = o.arguments.iter().map(|argument| match (&argument.name, argument) {
        (_, argument) if argument.is_unit() => quote!(()),
        (name, argument) if argument.is_borrowed() => quote!(&#input.#name),
        (name, _) => quote!(#input.#name),
    });
    arguments.chain(o.params.iter().map(|_| quote!(#input.params.clone()))).collect()
}

/// Emits a method of the mock trait, with its empty response.
pub fn mock_method(o: &Operation) -> TokenStream {
    // The documentation is that of the trait that the mock overrides.
    let attributes = item_attributes(&ItemAttributes { docs: Vec::new(), ..o.attributes.clone() });
    let (method, result, empty, params) = (&o.method, &o.result, empty(o), params(o));
    let arguments = o.arguments.iter().map(|argument| typed(&argument.name, &argument.ty));
    quote! {
        #attributes
        fn #method(&self, #(#arguments,)* #params) -> impl ::std::future::Future<Output = #result> + Send {
            ::std::future::ready(#empty)
        }
    }
}

/// Emits the default response of a mock.
fn empty(o: &Operation) -> TokenStream {
    match &o.empty {
        Some(value) => quote!(Ok(#value)),
        None => {
            let message = format!("{} has no finite response", o.id);
            quote!(Err(::apigen_runtime::Error::other(#message)))
        }
    }
}

fn params(o: &Operation) -> Option<TokenStream> {
    o.params.as_ref().map(|params| {
        let name = &params.name;
        quote!(params: #name)
    })
}
