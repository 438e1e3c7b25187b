//! Shortens paths of runtime and std types to one import at the head of a file, where that is safe.
//!
//! Everything is emitted with full paths, since any name can be the name of a type in the spec. Given the whole file,
//! it is known which names have no other meaning in it.

use std::collections::BTreeMap;

use proc_macro2::{Delimiter, Group, Ident, Spacing, TokenStream, TokenTree};
use quote::quote;

use super::rust_type::parsed;

/// Modules of the runtime whose types are imported, and its root.
const RUNTIME: &[&str] = &["", "client", "codegen", "http", "mock", "server", "validate"];

/// Types of std that are imported.
const STD: &[(&str, &str)] =
    &[("sync", "Arc"), ("future", "Future"), ("collections", "BTreeMap"), ("convert", "Infallible")];

/// Functions of the runtime that are imported, too.
const FUNCTIONS: [&str; 3] = ["error", "others", "success"];

/// The uses of a name in a file.
#[derive(Default)]
struct Uses {
    module: Option<Module>,
    /// Written with its full path.
    long: bool,
    /// Written with its full path in an item without condition.
    always: bool,
    /// The distinct conditions of the items that use it.
    conditions: BTreeMap<String, TokenStream>,
    /// Has another meaning, too.
    taken: bool,
}

/// The module that a name is imported from.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Module {
    Std(&'static str),
    /// Empty for the root.
    Runtime(&'static str),
}

/// An owned token tree, which can be examined without copying.
enum TokenNode {
    Group(Delimiter, Vec<TokenNode>),
    Leaf(TokenTree),
}

/// Shortens paths in the blocks of a file, and prepends the imports.
pub fn shorten(blocks: Vec<TokenStream>) -> Vec<TokenStream> {
    let blocks: Vec<Vec<Item>> = blocks.into_iter().map(|block| items(grow(block))).collect();
    let mut names: BTreeMap<String, Uses> = BTreeMap::new();
    for item in blocks.iter().flatten() {
        count(&item.tokens, item.condition.as_ref(), item.is_use(), &mut names);
    }
    names.retain(|_, uses| uses.long && !uses.taken && (uses.always || uses.conditions.len() == 1));
    let rewritten = blocks.into_iter().map(|items| {
        let items = items.into_iter().filter(|item| !item.brings_in(&names));
        items.flat_map(|item| if item.is_use() { plain(item.tokens) } else { rewrite(item.tokens, &names) }).collect()
    });
    let rewritten = rewritten.filter(|block: &TokenStream| !block.is_empty());
    Some(imports(&names)).filter(|imports| !imports.is_empty()).into_iter().chain(rewritten).collect()
}

fn grow(tokens: TokenStream) -> Vec<TokenNode> {
    let tree = |token| match token {
        TokenTree::Group(group) => {
            let (delimiter, stream) = (group.delimiter(), group.stream());
            // The stream would be copied if the group still shared it.
            drop(group);
            TokenNode::Group(delimiter, grow(stream))
        }
        leaf => TokenNode::Leaf(leaf),
    };
    tokens.into_iter().map(tree).collect()
}

fn imports(names: &BTreeMap<String, Uses>) -> TokenStream {
    let always = import(names, &|uses| uses.always);
    let conditions: BTreeMap<&String, &TokenStream> =
        names.values().filter(|uses| !uses.always).flat_map(|uses| &uses.conditions).collect();
    let sometimes = conditions.into_iter().map(|(text, condition)| {
        let sometimes = import(names, &|uses| !uses.always && uses.conditions.contains_key(text));
        quote!(#(#condition #sometimes)*)
    });
    quote!(#(#always)* #(#sometimes)*)
}

/// Imports some of the names: each of std by itself, those of the runtime together.
fn import(names: &BTreeMap<String, Uses>, wanted: &dyn Fn(&Uses) -> bool) -> Vec<TokenStream> {
    let wanted: Vec<(&str, Module)> = names
        .iter()
        .filter(|(_, uses)| wanted(uses))
        .filter_map(|(name, uses)| Some((&**name, uses.module?)))
        .collect();
    let std = wanted.iter().filter_map(|(name, module)| match module {
        Module::Std(module) => Some(format!("use ::std::{module}::{name};")),
        Module::Runtime(_) => None,
    });
    let runtime = RUNTIME.iter().flat_map(|module| {
        let own = wanted.iter().filter(|(_, of)| *of == Module::Runtime(module)).map(|(name, _)| (*name).to_owned());
        match (*module, own.collect::<Vec<_>>()) {
            ("", names) => names,
            (_, names) if names.is_empty() => names,
            (module, names) => vec![format!("{module}::{}", group(&names))],
        }
    });
    let runtime: Vec<String> = runtime.collect();
    let runtime = (!runtime.is_empty()).then(|| format!("use ::apigen_runtime::{};", group(&runtime)));
    std.chain(runtime).map(|import| parsed(&import)).collect()
}

/// Returns one or several names as the end of a `use`.
fn group(names: &[String]) -> String {
    if let [one] = names { one.clone() } else { format!("{{{}}}", names.join(", ")) }
}

/// An item with its attributes.
struct Item {
    tokens: Vec<TokenNode>,
    /// Its `#[cfg(…)]`.
    condition: Option<TokenStream>,
}

fn items(block: Vec<TokenNode>) -> Vec<Item> {
    let mut items = Vec::new();
    let mut tokens = Vec::new();
    for token in block {
        let ends = match &token {
            TokenNode::Leaf(TokenTree::Punct(punct)) => punct.as_char() == ';',
            TokenNode::Group(Delimiter::Brace, _) => !is_use(&tokens),
            _ => false,
        };
        tokens.push(token);
        if ends {
            items.push(Item::new(std::mem::take(&mut tokens)));
        }
    }
    if !tokens.is_empty() {
        items.push(Item::new(tokens));
    }
    items
}

impl Item {
    fn new(tokens: Vec<TokenNode>) -> Item {
        let condition = tokens.windows(2).find_map(|pair| match pair {
            [TokenNode::Leaf(TokenTree::Punct(pound)), TokenNode::Group(_, inner)] if pound.as_char() == '#' => {
                let [TokenNode::Leaf(TokenTree::Ident(name)), TokenNode::Group(_, what)] = inner.as_slice() else {
                    return None;
                };
                let what = plain(what.iter().map(TokenNode::copy).collect());
                (name == "cfg").then(|| quote!(#[#name(#what)]))
            }
            _ => None,
        });
        Item { tokens, condition }
    }

    fn is_use(&self) -> bool {
        is_use(&self.tokens)
    }

    /// Returns true for `use ::apigen_runtime::X as _;` if the name is imported anyway.
    fn brings_in(&self, names: &BTreeMap<String, Uses>) -> bool {
        let anonymous =
            self.tokens.windows(2).any(|pair| matches!(pair, [first, second] if first.is("as") && second.is("_")));
        let known = |name: &Ident| names.get(&name.to_string()).is_some_and(|uses| uses.always);
        anonymous && self.is_use() && self.tokens.iter().filter_map(TokenNode::ident).any(known)
    }
}

fn is_use(tokens: &[TokenNode]) -> bool {
    tokens.iter().any(|token| token.is("use"))
}

impl TokenNode {
    fn ident(&self) -> Option<&Ident> {
        match self {
            TokenNode::Leaf(TokenTree::Ident(name)) => Some(name),
            _ => None,
        }
    }

    fn is(&self, word: &str) -> bool {
        self.ident().is_some_and(|name| name == word)
    }

    /// Returns true if this is a colon, of this spacing if one is given.
    fn is_colon(&self, spacing: Option<Spacing>) -> bool {
        matches!(self, TokenNode::Leaf(TokenTree::Punct(punct))
            if punct.as_char() == ':' && spacing.is_none_or(|spacing| punct.spacing() == spacing))
    }

    fn tokens(self, inner: impl FnOnce(Vec<TokenNode>) -> TokenStream) -> TokenTree {
        match self {
            TokenNode::Group(delimiter, tokens) => TokenTree::Group(Group::new(delimiter, inner(tokens))),
            TokenNode::Leaf(leaf) => leaf,
        }
    }

    fn copy(&self) -> TokenNode {
        match self {
            TokenNode::Group(delimiter, inner) => {
                TokenNode::Group(*delimiter, inner.iter().map(TokenNode::copy).collect())
            }
            TokenNode::Leaf(leaf) => TokenNode::Leaf(leaf.clone()),
        }
    }
}

/// A path that may be shortened.
struct Long<'t> {
    name: &'t Ident,
    module: Module,
    /// The number of its tokens.
    length: usize,
}

/// Returns the path that begins here.
fn long(tokens: &[TokenNode]) -> Option<Long<'_>> {
    if !colons(tokens) {
        return None;
    }
    let path = |segments: &[&str]| {
        segments.iter().enumerate().all(|(number, segment)| {
            let rest = tokens.get(number * 3..).unwrap_or_default();
            colons(rest) && rest.get(2).is_some_and(|name| name.is(segment))
        })
    };
    let importable = |at: usize| tokens.get(at)?.ident().filter(|name| is_importable(&name.to_string()));
    for module in RUNTIME {
        let (segments, length) = match *module {
            "" => (&["apigen_runtime"][..], 6),
            module => (&["apigen_runtime", module][..], 9),
        };
        if path(segments)
            && tokens.get(length - 3..).is_some_and(colons)
            && let Some(name) = importable(length - 1)
        {
            return Some(Long { name, module: Module::Runtime(module), length });
        }
    }
    let (module, _) = STD.iter().find(|(module, name)| path(&["std", module, name]))?;
    Some(Long { name: tokens.get(8)?.ident()?, module: Module::Std(module), length: 9 })
}

fn is_importable(name: &str) -> bool {
    name.starts_with(|c: char| c.is_ascii_uppercase()) || FUNCTIONS.contains(&name)
}

/// Returns true if the tokens begin with `::`, not in the middle of a path.
fn colons(tokens: &[TokenNode]) -> bool {
    matches!(tokens, [first, second, ..] if first.is_colon(Some(Spacing::Joint)) && second.is_colon(None))
}

fn count(tokens: &[TokenNode], condition: Option<&TokenStream>, import: bool, names: &mut BTreeMap<String, Uses>) {
    let mut index = 0;
    while let Some(token) = tokens.get(index) {
        if let Some(Long { name, module, length }) = long(&tokens[index..]) {
            index += length;
            if import {
                continue;
            }
            let uses = names.entry(name.to_string()).or_default();
            // One name in two modules has two meanings.
            uses.taken |= uses.long && uses.module != Some(module);
            (uses.module, uses.long) = (Some(module), true);
            uses.always |= condition.is_none();
            uses.conditions.extend(condition.map(|condition| (condition.to_string(), condition.clone())));
            continue;
        }
        match token {
            TokenNode::Group(_, inner) => count(inner, condition, import, names),
            TokenNode::Leaf(TokenTree::Ident(name)) => {
                let name = name.to_string();
                // Other names cannot conflict with an import.
                if is_importable(&name) {
                    names.entry(name).or_default().taken = true;
                }
            }
            TokenNode::Leaf(_) => {}
        }
        index += 1;
    }
}

fn rewrite(tokens: Vec<TokenNode>, names: &BTreeMap<String, Uses>) -> TokenStream {
    // Of a shortened path, only the last token is kept.
    let mut stays = vec![true; tokens.len()];
    let mut index = 0;
    while index < tokens.len() {
        match long(&tokens[index..]) {
            Some(Long { name, length, .. }) if names.contains_key(&name.to_string()) => {
                stays[index..index + length - 1].fill(false);
                index += length;
            }
            _ => index += 1,
        }
    }
    let kept = tokens.into_iter().zip(stays).filter(|(_, stays)| *stays);
    kept.map(|(token, _)| token.tokens(|inner| rewrite(inner, names))).collect()
}

/// Converts back without changes.
fn plain(tokens: Vec<TokenNode>) -> TokenStream {
    tokens.into_iter().map(|token| token.tokens(plain)).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn shortened(blocks: Vec<TokenStream>) -> String {
        shorten(blocks).iter().map(ToString::to_string).collect::<Vec<_>>().join(" ")
    }

    fn text(tokens: TokenStream) -> String {
        tokens.to_string()
    }

    #[test]
    fn names_are_imported_where_they_mean_one_thing() {
        let block = quote! {
            fn a() -> ::apigen_runtime::Call<'_, Vec<::apigen_runtime::Uuid>, super::Error> { ::apigen_runtime::codegen::literal::date("x") }
            fn b() -> ::apigen_runtime::Error<::std::sync::Arc<u8>> {}
        };
        let wanted = quote! {
            use ::std::sync::Arc;
            use ::apigen_runtime::{Call, Uuid};
            fn a() -> Call<'_, Vec<Uuid>, super::Error> { ::apigen_runtime::codegen::literal::date("x") }
            fn b() -> ::apigen_runtime::Error<Arc<u8>> {}
        };
        assert_eq!(shortened(vec![block]), text(wanted));
    }

    #[test]
    fn modules_of_the_runtime_share_one_import() {
        let block = quote! {
            fn a() -> ::apigen_runtime::Call<::apigen_runtime::codegen::literal::X> {}
            fn b(c: ::apigen_runtime::client::Page, d: ::apigen_runtime::client::Timeout, e: ::apigen_runtime::server::Router) {}
            fn f(c: ::apigen_runtime::mock::Page, d: ::apigen_runtime::mock::Server, e: super::Server) {}
        };
        let wanted = quote! {
            use ::apigen_runtime::{Call, client::Timeout, server::Router};
            fn a() -> Call<::apigen_runtime::codegen::literal::X> {}
            fn b(c: ::apigen_runtime::client::Page, d: Timeout, e: Router) {}
            fn f(c: ::apigen_runtime::mock::Page, d: ::apigen_runtime::mock::Server, e: super::Server) {}
        };
        assert_eq!(shortened(vec![block]), text(wanted));
    }

    #[test]
    fn conditions_go_with_the_imports() {
        let blocks = vec![
            quote!(
                use ::apigen_runtime::Operation as _;
            ),
            quote!(impl ::apigen_runtime::Operation for A { const INFO: ::apigen_runtime::Info = 1; }),
            quote!(
                #[cfg(feature = "mock")]
                trait M {
                    fn f() -> impl ::std::future::Future + Send;
                }
            ),
        ];
        let wanted = quote! {
            use ::apigen_runtime::{Info, Operation};
            #[cfg(feature = "mock")]
            use ::std::future::Future;
            impl Operation for A { const INFO: Info = 1; }
            #[cfg(feature = "mock")]
            trait M { fn f() -> impl Future + Send; }
        };
        assert_eq!(shortened(blocks), text(wanted));
    }

    #[test]
    fn nothing_to_shorten_changes_nothing() {
        let block = quote!(
            use ::apigen_runtime::codegen::{Field, req};
            struct Call;
            type T = ::apigen_runtime::Call<Call>;
        );
        assert_eq!(shortened(vec![block.clone()]), text(block));
    }
}
