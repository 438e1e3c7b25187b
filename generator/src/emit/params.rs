//! Structs of parameters.

use proc_macro2::TokenStream;
use quote::quote;

use super::attributes::{allow_many, derives, docs, field, item_attributes, typed};
use super::model::{default, field_value, redacted};
use crate::plan::items::{ItemAttributes, ParamField, Params};

/// Emits the struct, `new`, the setters, and `Default` if it is not derived.
pub fn params(p: &Params) -> Vec<TokenStream> {
    let (docs, derives, name) = (docs(&p.docs), derives(&p.derives), &p.name);
    let fields = p.fields.iter().map(|own| field(&own.attributes, &own.name, &own.ty));
    let definition = quote! {
        #docs
        #derives
        #[must_use = "parameters do nothing until a call takes them"]
        pub struct #name { #(#fields),* }
    };
    let (new, setters) = (new(p), p.fields.iter().filter_map(setter));
    let methods = quote!(impl #name { #new #(#setters)* });
    let mut items = vec![definition, methods];
    items.extend(p.default_impl.then(|| default(name, &quote!(Self::new()))));
    items.extend(
        p.debug_impl.then(|| redacted(&p.name, p.fields.iter().map(|field| (field.name.to_token(), field.sensitive)))),
    );
    items.extend(p.page.as_ref().map(|page| {
        let (limit, offset) = (&page.limit, &page.offset);
        quote! {
            impl ::apigen_runtime::codegen::Page for #name {
                fn limit(&self) -> &dyn ::apigen_runtime::codegen::PageParameter {
                    &self.#limit
                }
                fn offset(&mut self) -> &mut dyn ::apigen_runtime::codegen::PageParameter {
                    &mut self.#offset
                }
            }
        }
    }));
    items
}

fn new(p: &Params) -> TokenStream {
    if p.derives.own.contains(&"Default") {
        return quote! {
            /// Creates parameters, none of which is set.
            pub fn new() -> Self {
                Self::default()
            }
        };
    }
    let arguments = p.fields.iter().filter_map(|field| field.argument.as_ref());
    let arguments: Vec<TokenStream> = arguments.map(|argument| typed(&argument.name, &argument.ty)).collect();
    let many = allow_many(arguments.len());
    let values = p
        .fields
        .iter()
        .map(|field| field_value(&field.name, field.argument.as_ref().map(|a| &a.value).or(field.preset.as_ref())));
    quote! {
        /// Creates a value from the required fields; all others are absent or have their default.
        #many
        pub fn new(#(#arguments),*) -> Self {
            Self { #(#values),* }
        }
    }
}

fn setter(field: &ParamField) -> Option<TokenStream> {
    let setter = field.setter.as_ref()?;
    // The meaning is documented on the field.
    let attributes = item_attributes(&ItemAttributes {
        docs: vec![format!("Sets [`{0}`](field@Self::{0}).", field.name.as_str())],
        ..field.attributes.clone()
    });
    let (name, field, ty, value) = (&setter.name, &field.name, &setter.ty, &setter.value);
    let allow = setter.odd_name.map(|lint| {
        let lint = quote::format_ident!("{lint}");
        quote!(#[allow(clippy::#lint, reason = "named by the spec")])
    });
    Some(quote! {
        #attributes
        #allow
        pub fn #name(mut self, #field: #ty) -> Self {
            self.#field = #value;
            self
        }
    })
}
