//! The files of types: models, their codec and their factories; of large services, folders with a file for each family.

use proc_macro2::TokenStream;
use quote::quote;

use super::files::{Block, unused_imports};
use super::{codec, enumeration, factory, imports, interface, model, union};
use crate::rust::Options;
use crate::rust::names::Name;
use crate::rust::plan::{Family, Module};

/// What a family has in one of the three files.
struct Part<'m> {
    family: Option<&'m Name>,
    blocks: Vec<Block>,
    /// Whether it has names for users.
    public: bool,
}

/// The files of types, by their path below the folder of the service, without `.rs`.
pub fn type_files(module: &Module, options: &Options) -> Vec<(Vec<String>, Vec<Block>)> {
    let text = |text: Option<String>| text.map(Block::Text).into_iter().collect();
    let parts = |of: &dyn Fn(&Family) -> (Vec<Block>, bool)| {
        let parts = module.families.iter().map(|family| {
            let (blocks, public) = of(family);
            Part { family: family.name.as_ref(), blocks, public }
        });
        parts.filter(|part| !part.blocks.is_empty()).collect::<Vec<_>>()
    };
    let all = [
        (&module.models, parts(&|family| (models(family), true))),
        (&module.json, parts(&|family| (text(codec::codec(&family.items)), false))),
        (&module.factory, parts(&|family| (text(factory::factories(&family.factories)), family.factories.has_names()))),
    ];
    all.into_iter().flat_map(|(file, parts)| files(file, parts, options)).collect()
}

/// One file, or a folder and the file that lists what is in it.
fn files(file: &Name, parts: Vec<Part<'_>>, options: &Options) -> Vec<(Vec<String>, Vec<Block>)> {
    let own = file.as_str().to_owned();
    let families: Vec<&Name> = parts.iter().filter_map(|part| part.family).collect();
    let public: Vec<&Name> = parts.iter().filter(|part| part.public).filter_map(|part| part.family).collect();
    let unused = unused_imports(options);
    let uses = (!public.is_empty()).then(|| Block::Tokens(quote!(#unused pub use self::{#(#public::*),*};)));
    let list = Some(Block::Tokens(quote!(#(mod #families;)*))).filter(|_| !families.is_empty());
    let list: Vec<Block> = list.into_iter().chain(uses).collect();
    let list = (!list.is_empty()).then(|| (vec![own.clone()], list));
    let parts = parts.into_iter().map(|part| {
        let family = part.family.map(|family| family.as_str().to_owned());
        (std::iter::once(own.clone()).chain(family).collect(), part.blocks)
    });
    list.into_iter().chain(parts.collect::<Vec<_>>()).collect()
}

fn models(family: &Family) -> Vec<Block> {
    let items = &family.items;
    let uses = &family.uses;
    let uses = (!uses.is_empty()).then(|| quote!(use super::{#(#uses),*};));
    let structs = items.structs.iter().flat_map(model::model);
    let enums = items.enums.iter().flat_map(enumeration::enumeration);
    let unions = items.unions.iter().flat_map(union::union);
    let traits = items.traits.iter().flat_map(interface::interface);
    let items: Vec<TokenStream> = uses.into_iter().chain(structs).chain(enums).chain(unions).chain(traits).collect();
    imports::shorten(items).into_iter().map(Block::Tokens).collect()
}
