//! Long paths of runtime and std types, imported once at the head of a file where that is safe.
//!
//! Everything is emitted with full paths, since any name can be the name of a type in the spec. With the whole file at hand it
//! can be seen which names mean nothing else in it.

use std::collections::BTreeMap;

use proc_macro2::{Delimiter, Group, Ident, Punct, Spacing, TokenStream, TokenTree};
use quote::quote;

/// Types of std that are worth an import.
const STD: &[(&str, &str)] =
    &[("sync", "Arc"), ("future", "Future"), ("collections", "BTreeMap"), ("convert", "Infallible")];

/// How a name is used in a file.
#[derive(Default)]
struct Uses {
    /// The module of std that it is in; the runtime's names are at its root.
    module: Option<String>,
    /// Written with its full path.
    long: bool,
    /// … in an item without condition.
    always: bool,
    /// The conditions of the items that use it, without repetition.
    conditions: BTreeMap<String, TokenStream>,
    /// Means something else, too.
    taken: bool,
}

/// Shortens what can be shortened in the blocks of a file, and puts the imports before them.
pub fn shorten(blocks: Vec<TokenStream>) -> Vec<TokenStream> {
    let mut names: BTreeMap<String, Uses> = BTreeMap::new();
    for item in blocks.iter().flat_map(|block| items(block.clone())) {
        count(item.tokens, item.condition.as_ref(), &mut names);
    }
    names.retain(|_, uses| uses.long && !uses.taken && (uses.always || uses.conditions.len() == 1));
    if names.is_empty() {
        return blocks;
    }
    let rewritten = blocks.into_iter().map(|block| {
        let items = items(block).into_iter().filter(|item| !brings_in(&item.tokens, &names));
        items.flat_map(|item| if is_use(&item.tokens) { item.tokens } else { rewrite(item.tokens, &names) }).collect()
    });
    let rewritten = rewritten.filter(|block: &TokenStream| !block.is_empty()).collect::<Vec<_>>();
    std::iter::once(imports(&names)).chain(rewritten).collect()
}

fn imports(names: &BTreeMap<String, Uses>) -> TokenStream {
    let one = |wanted: &dyn Fn(&Uses) -> bool| {
        let runtime: Vec<Ident> = select(names, &|uses| uses.module.is_none() && wanted(uses));
        let std = names.iter().filter(|(_, uses)| uses.module.is_some() && wanted(uses)).map(|(name, uses)| {
            let (module, name) = (ident(uses.module.as_deref().unwrap_or_default()), ident(name));
            quote!(use ::std::#module::#name;)
        });
        let std: Vec<TokenStream> = std.collect();
        let runtime = match runtime.as_slice() {
            [] => None,
            [one] => Some(quote!(use ::apigen_runtime::#one;)),
            many => Some(quote!(use ::apigen_runtime::{#(#many),*};)),
        };
        std.into_iter().chain(runtime).collect::<Vec<_>>()
    };
    let always = one(&|uses| uses.always);
    let conditions: BTreeMap<&String, &TokenStream> =
        names.values().filter(|uses| !uses.always).flat_map(|uses| &uses.conditions).collect();
    let sometimes = conditions.into_iter().map(|(text, condition)| {
        let sometimes = one(&|uses| !uses.always && uses.conditions.contains_key(text));
        quote!(#(#condition #sometimes)*)
    });
    quote!(#(#always)* #(#sometimes)*)
}

fn select(names: &BTreeMap<String, Uses>, wanted: &dyn Fn(&Uses) -> bool) -> Vec<Ident> {
    names.iter().filter(|(_, uses)| wanted(uses)).map(|(name, _)| ident(name)).collect()
}

fn ident(name: &str) -> Ident {
    Ident::new(name, proc_macro2::Span::call_site())
}

/// An item with its attributes.
struct Item {
    tokens: TokenStream,
    /// Its `#[cfg(…)]`.
    condition: Option<TokenStream>,
}

fn items(block: TokenStream) -> Vec<Item> {
    let mut items = Vec::new();
    let mut tokens = Vec::new();
    for token in block {
        let ends = match &token {
            TokenTree::Punct(punct) => punct.as_char() == ';',
            TokenTree::Group(group) => group.delimiter() == Delimiter::Brace && !is_use_tokens(&tokens),
            _ => false,
        };
        tokens.push(token);
        if ends {
            items.push(item(std::mem::take(&mut tokens)));
        }
    }
    if !tokens.is_empty() {
        items.push(item(tokens));
    }
    items
}

fn item(tokens: Vec<TokenTree>) -> Item {
    let condition = tokens.windows(2).find_map(|pair| match pair {
        [TokenTree::Punct(pound), TokenTree::Group(group)] if pound.as_char() == '#' => {
            let cfg = matches!(group.stream().into_iter().next(), Some(TokenTree::Ident(name)) if name == "cfg");
            cfg.then(|| quote!(#pound #group))
        }
        _ => None,
    });
    Item { tokens: tokens.into_iter().collect(), condition }
}

fn is_use(tokens: &TokenStream) -> bool {
    is_use_tokens(&tokens.clone().into_iter().collect::<Vec<_>>())
}

fn is_use_tokens(tokens: &[TokenTree]) -> bool {
    tokens.iter().any(|token| matches!(token, TokenTree::Ident(name) if name == "use"))
}

/// Whether this is `use ::apigen_runtime::X as _;` for a name that is imported anyway.
fn brings_in(tokens: &TokenStream, names: &BTreeMap<String, Uses>) -> bool {
    let tokens: Vec<TokenTree> = tokens.clone().into_iter().collect();
    let anonymous = tokens
        .windows(2)
        .any(|pair| matches!(pair, [TokenTree::Ident(word), TokenTree::Ident(name)] if word == "as" && name == "_"));
    anonymous
        && is_use_tokens(&tokens)
        && tokens.iter().any(|token| matches!(token, TokenTree::Ident(name) if names.get(&name.to_string()).is_some_and(|uses| uses.always)))
}

/// What stands at a place of a list of tokens.
enum At {
    /// A path that may be shortened: its name, the module of std, and how many tokens it has.
    Long(Ident, Option<String>, usize),
    Name(Ident),
    Other,
}

fn at(tokens: &[TokenTree], index: usize) -> At {
    let path = |segments: &[&str], from: usize| {
        segments.iter().enumerate().all(|(number, segment)| {
            let place = from + number * 3;
            colons(tokens, place) && matches!(tokens.get(place + 2), Some(TokenTree::Ident(name)) if name == segment)
        })
    };
    let name_at = |place: usize| match (colons(tokens, place), tokens.get(place + 2)) {
        (true, Some(TokenTree::Ident(name))) if starts_upper(name) => Some(name.clone()),
        _ => None,
    };
    if path(&["apigen_runtime"], index)
        && let Some(name) = name_at(index + 3)
    {
        return At::Long(name, None, 6);
    }
    for (module, name) in STD {
        if path(&["std", module, name], index) {
            return At::Long(ident(name), Some((*module).to_owned()), 9);
        }
    }
    match &tokens[index] {
        TokenTree::Ident(name) => At::Name(name.clone()),
        _ => At::Other,
    }
}

fn starts_upper(name: &Ident) -> bool {
    name.to_string().starts_with(|c: char| c.is_ascii_uppercase())
}

/// Whether `::` stands here, and is not the middle of a path.
fn colons(tokens: &[TokenTree], index: usize) -> bool {
    let colon = |token: Option<&TokenTree>, spacing: Option<Spacing>| {
        matches!(token, Some(TokenTree::Punct(punct))
            if punct.as_char() == ':' && spacing.is_none_or(|spacing| punct.spacing() == spacing))
    };
    colon(tokens.get(index), Some(Spacing::Joint)) && colon(tokens.get(index + 1), None)
}

fn count(tokens: TokenStream, condition: Option<&TokenStream>, names: &mut BTreeMap<String, Uses>) {
    let import = is_use(&tokens);
    count_in(tokens, condition, import, names);
}

fn count_in(tokens: TokenStream, condition: Option<&TokenStream>, import: bool, names: &mut BTreeMap<String, Uses>) {
    let tokens: Vec<TokenTree> = tokens.into_iter().collect();
    let mut index = 0;
    while index < tokens.len() {
        match at(&tokens, index) {
            At::Long(_, _, length) if import => index += length,
            At::Long(name, module, length) => {
                let uses = names.entry(name.to_string()).or_default();
                // One name at two places means two things.
                uses.taken |= uses.long && uses.module != module;
                (uses.module, uses.long) = (module, true);
                uses.always |= condition.is_none();
                uses.conditions.extend(condition.map(|condition| (condition.to_string(), condition.clone())));
                index += length;
            }
            At::Name(name) => {
                names.entry(name.to_string()).or_default().taken = true;
                index += 1;
            }
            At::Other => {
                if let TokenTree::Group(group) = &tokens[index] {
                    count_in(group.stream(), condition, import, names);
                }
                index += 1;
            }
        }
    }
}

fn rewrite(tokens: TokenStream, names: &BTreeMap<String, Uses>) -> TokenStream {
    let tokens: Vec<TokenTree> = tokens.into_iter().collect();
    let mut rewritten: Vec<TokenTree> = Vec::with_capacity(tokens.len());
    let mut index = 0;
    while index < tokens.len() {
        match at(&tokens, index) {
            At::Long(name, _, length) if names.contains_key(&name.to_string()) => {
                rewritten.push(TokenTree::Ident(name));
                index += length;
                continue;
            }
            _ => {}
        }
        rewritten.push(match &tokens[index] {
            TokenTree::Group(group) => {
                let mut inner = Group::new(group.delimiter(), rewrite(group.stream(), names));
                inner.set_span(group.span());
                TokenTree::Group(inner)
            }
            TokenTree::Punct(punct) => TokenTree::Punct(Punct::new(punct.as_char(), punct.spacing())),
            other => other.clone(),
        });
        index += 1;
    }
    rewritten.into_iter().collect()
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
            fn a() -> ::apigen_runtime::Call<'_, Vec<::apigen_runtime::Uuid>, super::Error> { ::apigen_runtime::literal::date("x") }
            fn b() -> ::apigen_runtime::Error<::std::sync::Arc<u8>> {}
        };
        let wanted = quote! {
            use ::std::sync::Arc;
            use ::apigen_runtime::{Call, Uuid};
            fn a() -> Call<'_, Vec<Uuid>, super::Error> { ::apigen_runtime::literal::date("x") }
            fn b() -> ::apigen_runtime::Error<Arc<u8>> {}
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
            use ::apigen_runtime::codec::{Field, req};
            struct Call;
            type T = ::apigen_runtime::Call<Call>;
        );
        assert_eq!(shortened(vec![block.clone()]), text(block));
    }
}
