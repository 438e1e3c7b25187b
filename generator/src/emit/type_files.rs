//! The files of types: models, their codec and their factories; large services have a file for each family.

use proc_macro2::TokenStream;

use super::text::Text;
use super::{Block, codec, enumeration, factory, imports, interface, model, union};
use crate::plan::items::{Family, Items, Module};
use apigen_model::vocabulary::names::Name;

/// A file under construction: its imports, and the items of each family.
struct Draft<'m> {
    file: &'m Name,
    imports: Vec<Block>,
    families: Vec<(Option<&'m Name>, Vec<Block>)>,
}

/// Returns the files of types, by their path below the folder of the service, without `.rs`.
pub fn type_files(module: &Module) -> impl Iterator<Item = (Vec<String>, Vec<Block>)> {
    let drafts: [fn(&Module) -> Draft<'_>; 3] = [
        |module| models(&module.files.models, &module.families),
        |module| texts(&module.files.json, &module.families, |family| codec::codec(&family.items)),
        |module| texts(&module.files.factories, &module.families, |family| factory::factories(&family.factories)),
    ];
    drafts.into_iter().flat_map(|draft| files(draft(module)))
}

/// Returns one file, or one that includes those of its families. Both are a single module: more modules would be more
/// work for rustc.
fn files(draft: Draft<'_>) -> Vec<(Vec<String>, Vec<Block>)> {
    let own = draft.file.as_str();
    let (mut blocks, mut included, mut files) = (draft.imports, String::new(), Vec::new());
    for (family, content) in draft.families.into_iter().filter(|(_, content)| !content.is_empty()) {
        match family.map(Name::as_str) {
            Some(family) => {
                included.push_str(&format!("include!(\"{own}/{family}.rs\");\n"));
                files.push((vec![own.to_owned(), family.to_owned()], content));
            }
            None => blocks.extend(content),
        }
    }
    blocks.extend(Some(included).filter(|included| !included.is_empty()).map(Block::Text));
    files.extend((!blocks.is_empty()).then(|| (vec![own.to_owned()], blocks)));
    files
}

fn texts<'m>(file: &'m Name, families: &'m [Family], text: fn(&Family) -> Option<Text>) -> Draft<'m> {
    let (names, texts): (Vec<_>, Vec<Text>) =
        families.iter().filter_map(|family| Some((family.name.as_ref(), text(family)?))).unzip();
    let (imports, bodies) = Text::share(texts);
    let imports = Some(imports).filter(|imports| !imports.is_empty()).map(Block::Text);
    let families = names.into_iter().zip(bodies.into_iter().map(|body| vec![Block::Text(body)]));
    Draft { file, imports: imports.into_iter().collect(), families: families.collect() }
}

fn models<'m>(file: &'m Name, families: &'m [Family]) -> Draft<'m> {
    let items: Vec<Vec<TokenStream>> = families.iter().map(|family| items(&family.items)).collect();
    let lengths: Vec<usize> = items.iter().map(Vec::len).collect();
    let mut blocks = imports::shorten(items.concat());
    // Imports are the only additional blocks, and come first.
    let rest = blocks.split_off(blocks.len().saturating_sub(lengths.iter().sum()));
    let mut rest = rest.into_iter().map(Block::Tokens);
    let families = families.iter().zip(lengths);
    let families = families.map(|(family, length)| (family.name.as_ref(), rest.by_ref().take(length).collect()));
    Draft { file, families: families.collect(), imports: blocks.into_iter().map(Block::Tokens).collect() }
}

fn items(items: &Items) -> Vec<TokenStream> {
    let structs = items.structs.iter().flat_map(model::model);
    let enums = items.enums.iter().flat_map(enumeration::enumeration);
    let unions = items.unions.iter().flat_map(union::union);
    let traits = items.traits.iter().flat_map(interface::interface);
    structs.chain(enums).chain(unions).chain(traits).collect()
}
