//! Models as structs.

use std::collections::HashMap;

use proc_macro2::{Ident, TokenStream};
use quote::quote;

use super::LONGEST_CHAIN;
use super::attributes::{allow_many, derives, docs, field, item_attributes, typed};
use crate::plan::items::{Constructor, Conversion, Expression, Struct};
use apigen_model::vocabulary::names::Name;

pub fn model(s: &Struct) -> Vec<TokenStream> {
    let (about_struct, derives, name) = (item_attributes(&s.attributes), derives(&s.derives), &s.name);
    let fields = s.fields.iter().map(|own| field(&own.attributes, &own.name, &own.ty));
    let mut items = vec![quote!(#about_struct #derives pub struct #name { #(#fields),* })];
    items.extend(s.constructor.as_ref().map(|c| constructor(s, c)));
    items.extend(s.default_impl.then(|| {
        let values = s.fields.iter().map(|field| field_value(&field.name, field.preset.as_ref()));
        default(name, &quote!(Self { #(#values),* }))
    }));
    items.extend(s.debug_impl.then(|| {
        let fields = s.fields.iter().map(|field| (field.name.to_token(), field.sensitive));
        if s.recursive { debug(&s.name, fields, true) } else { redacted(&s.name, fields) }
    }));
    items
}

fn constructor(s: &Struct, constructor: &Constructor) -> TokenStream {
    let (name, docs, many) = (&s.name, docs(&[constructor.docs.to_owned()]), allow_many(constructor.arguments.len()));
    let alike = constructor
        .named_like_type
        .then(|| quote!(#[allow(clippy::self_named_constructors, reason = "the spec calls the type so")]));
    let arguments = constructor.arguments.iter().map(|argument| typed(&argument.name, &argument.ty));
    let given: HashMap<&str, _> =
        constructor.arguments.iter().map(|argument| (argument.name.as_str(), argument)).collect();
    let values = s.fields.iter().map(|field| {
        let name = &field.name;
        let argument = given.get(name.as_str());
        field_value(name, argument.map(|a| &a.value).or(field.preset.as_ref()))
    });
    quote! {
        impl #name {
            #docs
            #alike
            #many
            pub fn new(#(#arguments),*) -> Self {
                Self { #(#values),* }
            }
        }
    }
}

/// Emits `name: value`, or the shorthand if both are the same.
pub fn field_value(name: &Name, value: Option<&Expression>) -> TokenStream {
    match value {
        Some(Expression::Argument(argument, Conversion::Nothing)) if argument == name => quote!(#name),
        Some(value) => quote!(#name: #value),
        None => quote!(#name),
    }
}

/// Emits a `Debug` that withholds sensitive fields: the second of each pair says whether a field is sensitive.
pub fn redacted(name: &Name, fields: impl IntoIterator<Item = (Ident, bool)>) -> TokenStream {
    debug(name, fields, false)
}

/// Emits a `Debug`; if `nested`, it stops at very deeply nested values of the type.
fn debug(name: &Name, fields: impl IntoIterator<Item = (Ident, bool)>, nested: bool) -> TokenStream {
    let struct_name = name.as_str();
    let fields = fields.into_iter().map(|(name, sensitive)| {
        let text = name.to_string();
        let shown = text.trim_start_matches("r#");
        let value = if sensitive { quote!(&::apigen_runtime::codegen::SensitiveValue) } else { quote!(&self.#name) };
        quote!(.field(#shown, #value))
    });
    let fields: Vec<TokenStream> = fields.collect();
    let (begin, end) = fields.split_at((fields.len().saturating_sub(1) / LONGEST_CHAIN) * LONGEST_CHAIN);
    let parts = begin.chunks(LONGEST_CHAIN).map(|part| quote!(shown #(#part)*;));
    let shown = match begin {
        [] => quote!(f.debug_struct(#struct_name)#(#end)*.finish()),
        _ => quote!(let mut shown = f.debug_struct(#struct_name); #(#parts)* shown #(#end)*.finish()),
    };
    let shown = match (nested, begin) {
        (true, []) => quote!(::apigen_runtime::codegen::nested(f, &|f| #shown)),
        (true, _) => quote!(::apigen_runtime::codegen::nested(f, &|f| { #shown })),
        (false, _) => shown,
    };
    quote! {
        impl ::std::fmt::Debug for #name {
            fn fmt(&self, f: &mut ::std::fmt::Formatter<'_>) -> ::std::fmt::Result {
                #shown
            }
        }
    }
}

pub fn default(name: &Name, value: &TokenStream) -> TokenStream {
    quote! {
        impl ::std::default::Default for #name {
            fn default() -> Self {
                #value
            }
        }
    }
}
