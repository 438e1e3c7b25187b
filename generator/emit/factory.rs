//! Factories: values for tests.

use proc_macro2::{Literal, TokenStream};
use quote::quote;

use crate::rust::plan::{EnumFactory, Factories, ModelFactory, UnionFactory};

/// The items of the factories' file.
pub fn factories(f: &Factories) -> Vec<TokenStream> {
    let models = f.models.iter().flat_map(|m| [sample_model(m), model(m)]);
    let unions = f.unions.iter().flat_map(|u| [sample_union(u), union(u)]);
    let enums = (!f.enums.is_empty()).then(|| enums(&f.enums));
    models.chain(unions).chain(enums).collect()
}

fn sample_model(f: &ModelFactory) -> TokenStream {
    let (path, sampler) = (&f.path, sampler(f.seeded));
    let values = f.values.iter().map(|(name, value)| quote!(#name: #value));
    quote! {
        impl ::apigen_runtime::Sample for #path {
            fn sample(#sampler: &mut ::apigen_runtime::Sampler) -> Self {
                Self { #(#values),* }
            }
        }
    }
}

fn sampler(used: bool) -> TokenStream {
    if used { quote!(s) } else { quote!(_) }
}

fn model(f: &ModelFactory) -> TokenStream {
    let (name, path) = (&f.name, &f.path);
    let setters = f.setters.iter().map(|setter| {
        let (name, ty) = (&setter.name, &setter.ty);
        quote!(#name: #ty)
    });
    let renamed = f.renamed.iter().map(|setter| {
        let (name, field, ty) = (&setter.name, &setter.field, &setter.ty);
        quote!(#name sets #field: #ty)
    });
    let renamed = (!f.renamed.is_empty()).then(|| quote!({ #(#renamed),* }));
    quote!(::apigen_runtime::factory! { #name of #path { #(#setters),* } #renamed })
}

fn sample_union(f: &UnionFactory) -> TokenStream {
    let (path, sampler) = (&f.path, sampler(f.seeded));
    let arm = |index: usize| {
        let choice = &f.choices[index];
        let (variant, value) = (&choice.variant, &choice.value);
        quote!(Self::#variant(#value))
    };
    let body = match f.choices.len() {
        0 | 1 => arm(f.usual),
        count => {
            let (usual, smallest) = (Literal::usize_unsuffixed(f.usual), Literal::usize_unsuffixed(f.smallest));
            let arms = (0..count).map(|index| {
                let (number, arm) = (Literal::usize_unsuffixed(index), arm(index));
                let pattern = if index + 1 == count { quote!(_) } else { quote!(#number) };
                quote!(#pattern => #arm)
            });
            quote!(match s.member(#usual, #smallest) { #(#arms,)* })
        }
    };
    quote! {
        impl ::apigen_runtime::Sample for #path {
            fn sample(#sampler: &mut ::apigen_runtime::Sampler) -> Self {
                #body
            }
        }
    }
}

fn union(f: &UnionFactory) -> TokenStream {
    let (name, path) = (&f.name, &f.path);
    let choices = f.choices.iter().enumerate().map(|(index, choice)| {
        let (method, index) = (&choice.method, Literal::usize_unsuffixed(index));
        quote!(#method = #index)
    });
    quote!(::apigen_runtime::union_factory! { #name of #path { #(#choices),* } })
}

fn enums(all: &[EnumFactory]) -> TokenStream {
    let rows = all.iter().map(|e| {
        let (path, first) = (&e.path, &e.first);
        quote!(#path = #first)
    });
    quote!(::apigen_runtime::enum_factories! { #(#rows),* })
}
