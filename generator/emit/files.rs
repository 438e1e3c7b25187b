//! Which items go into which file.

use proc_macro2::TokenStream;
use quote::quote;

use super::about::docs;
use super::condition::Conditions;
use super::types::type_files;
use super::{client, imports, mock, resource, server};
use crate::rust::Options;
use crate::rust::names::Name;
use crate::rust::plan::{Family, Module, Package};

/// A Rust file to be formatted.
#[derive(Debug)]
pub struct File {
    /// Folders and file name, from the root of the module tree.
    pub path: Vec<String>,
    /// What it was made from, for the header.
    pub title: String,
    /// Items that belong together; formatted with a blank line between blocks.
    pub blocks: Vec<Block>,
}

/// A part of a file.
#[derive(Debug)]
pub enum Block {
    /// Still to be formatted.
    Tokens(TokenStream),
    /// Formatted already.
    Text(String),
}

/// All files of a package; the first one is the root (`mod.rs`, or `lib.rs` of a crate). `name` is the package's.
pub fn files(package: &Package, options: &Options, name: &str) -> Vec<File> {
    let mut files = Vec::new();
    if package.modules.iter().all(|m| !m.path.is_empty()) {
        files.push(bare_root(package, options));
    }
    for module in &package.modules {
        files.extend(module_files(module, options, name));
    }
    files
}

/// The root of several services: nothing but their modules.
fn bare_root(package: &Package, options: &Options) -> File {
    let modules = package.modules.iter().filter_map(|m| m.path.first()).map(|name| quote!(pub mod #name;));
    let titles: Vec<&str> = package.modules.iter().map(|m| m.title.as_str()).collect();
    File { path: vec![root_file(options)], title: titles.join(", "), blocks: vec![Block::Tokens(quote!(#(#modules)*))] }
}

fn root_file(options: &Options) -> String {
    if options.krate { "lib.rs" } else { "mod.rs" }.to_owned()
}

fn module_files(module: &Module, options: &Options, name: &str) -> Vec<File> {
    let folder: Vec<String> = module.path.iter().map(|name| name.as_str().to_owned()).collect();
    let file = |name: &str, blocks: Vec<Block>| {
        let path = folder.iter().cloned().chain(name.split('/').map(str::to_owned)).collect();
        File { path, title: module.title.clone(), blocks }
    };
    let root = if folder.is_empty() { root_file(options) } else { "mod.rs".to_owned() };
    let contents = contents(module, options, folder.last().map_or(name, String::as_str));
    let mut files = vec![file(&root, contents.into_iter().map(Block::Tokens).collect())];
    let child_name = |name: &Name| format!("{}.rs", name.as_str());
    files.extend(type_files(module).into_iter().map(|(path, blocks)| file(&format!("{}.rs", path.join("/")), blocks)));
    let mut child = |name: &Name, blocks: Vec<TokenStream>| {
        if !blocks.is_empty() {
            let blocks = imports::shorten(blocks).into_iter().map(Block::Tokens);
            files.push(file(&child_name(name), blocks.collect()));
        }
    };
    let conditions = Conditions::new(options);
    child(&module.mock, mock_items(module, &conditions));
    let Some(api) = &module.api else { return files };
    child(&module.client, client::client(api, &module.resources));
    if conditions.server.is_some() {
        child(&module.server, server::server(api, &module.resources));
    }
    for r in &module.resources {
        child(&r.module, resource::resource(r, api, &conditions));
    }
    files
}

fn mock_items(module: &Module, conditions: &Conditions) -> Vec<TokenStream> {
    if conditions.mocks.is_some() { mock::mock(module, conditions.both.as_ref()) } else { Vec::new() }
}

/// The root file of a service: its table of contents.
fn contents(module: &Module, options: &Options, own_name: &str) -> Vec<TokenStream> {
    let blocks = [inner_docs(module), modules(module, options, own_name), reexports(module, options)];
    blocks.into_iter().filter(|block| !block.is_empty()).collect()
}

fn modules(module: &Module, options: &Options, own_name: &str) -> TokenStream {
    let allow = allow(module, options);
    let typed = |wanted: fn(&Family) -> bool| module.families.iter().any(wanted);
    let models = typed(|family| !family.items.is_empty()).then_some(&module.models);
    let json = typed(|family| family.items.traits.len() < family.items.len()).then_some(&module.json);
    let client = module.api.is_some().then_some(&module.client);
    let private = models.into_iter().chain(json).chain(client);
    let mock = (module.api.is_some() || !module.empties.is_empty()).then_some(&module.mock);
    // Who reads the documentation finds a factory through the type that it makes.
    let named = typed(|family| family.factories.has_names());
    let public = named.then(|| quote!(pub));
    let docs = named.then(|| quote!(#[doc = " Values for tests: what the function `factory` of each type gives."]));
    let factories = typed(|family| !family.factories.is_empty()).then_some(&module.factory).into_iter();
    let conditions = Conditions::new(options);
    let mock = conditions.mocks.map(|cfg| {
        let (mock, factories) = (mock.into_iter(), factories);
        quote!(#(#cfg #allow mod #mock;)* #(#docs #cfg #allow #public mod #factories;)*)
    });
    let server = conditions.server.filter(|_| module.api.is_some()).map(|cfg| {
        let (name, inception) = (&module.server, inception(&module.server, own_name));
        quote! {
            /// What a server implements, and what puts it behind HTTP.
            #cfg #allow #inception pub mod #name;
        }
    });
    let resources = module.resources.iter().map(|r| {
        let (name, inception) = (&r.module, inception(&r.module, own_name));
        let docs = format!(" What belongs to the operations of [`{}`].", r.api.as_str());
        quote!(#[doc = #docs] #allow #inception pub mod #name;)
    });
    let services = module.services.iter().map(|name| {
        let inception = inception(name, own_name);
        quote!(#allow #inception pub mod #name;)
    });
    quote!(#(#allow mod #private;)* #mock #server #(#resources)* #(#services)*)
}

/// Everything that users name without its file: one import for the API, one for the mocks.
fn reexports(module: &Module, options: &Options) -> TokenStream {
    let unused = (!options.krate).then(|| quote!(#[allow(unused_imports, reason = "no program uses the whole API")]));
    let deprecated = module.resources.iter().any(|r| r.about.deprecated.is_some()).then(allow_deprecated);
    let models = &module.models;
    let models = (module.types() > 0).then(|| quote!(#models::*,));
    let conditions = Conditions::new(options);
    let named = module.families.iter().any(|family| family.factories.has_names());
    let factories = conditions.mocks.clone().filter(|_| named).map(|cfg| {
        let file = &module.factory;
        quote!(#cfg #unused #[doc(hidden)] pub use self::#file::*;)
    });
    let Some(api) = &module.api else {
        let models = models.map(|models| quote!(#unused pub use self::{#models};));
        return quote!(#models #factories);
    };
    let (client_file, api_name, client) = (&module.client, &api.api, &api.client);
    let traits = module.resources.iter().map(|r| path(&r.module, &r.api));
    let mocks = module.resources.iter().map(|r| path(&r.module, &r.mock));
    let mock = conditions.mocks.map(|cfg| {
        let own = path(&module.mock, &api.mock);
        quote!(#cfg #unused #deprecated pub use self::{#own, #(#mocks),*};)
    });
    let validator = conditions.server.map(|cfg| {
        let file = &module.server;
        quote!(#cfg #unused pub use self::#file::validator;)
    });
    quote! {
        #unused
        #deprecated
        pub use self::{#models #client_file::{#api_name, #client}, #(#traits),*};
        #mock
        #factories
        #validator
    }
}

fn path(module: &Name, item: &Name) -> TokenStream {
    quote!(#module::#item)
}

/// Module documentation; the root of a module tree has none, since a file that is `include!`d cannot begin with it.
fn inner_docs(module: &Module) -> TokenStream {
    let outer = docs(&module.docs);
    let inner: TokenStream = outer.into_iter().fold(TokenStream::new(), |mut tokens, tree| {
        let is_pound = matches!(&tree, proc_macro2::TokenTree::Punct(p) if p.as_char() == '#');
        tokens.extend([tree]);
        if is_pound {
            tokens.extend(quote!(!));
        }
        tokens
    });
    inner
}

/// What our own child modules may do although it warns.
fn allow(module: &Module, options: &Options) -> TokenStream {
    let unused = (!options.krate)
        .then(|| quote!(#[allow(dead_code, missing_docs, reason = "not all is used, and not all described")]));
    let deprecated = module.deprecated.then(allow_deprecated);
    let placeholders =
        module.placeholders.then(|| quote!(#[allow(clippy::disallowed_names, reason = "named by the spec")]));
    quote!(#unused #deprecated #placeholders)
}

fn allow_deprecated() -> TokenStream {
    quote!(#[allow(deprecated, reason = "what the spec deprecates must still be handled")])
}

fn inception(name: &Name, own_name: &str) -> Option<TokenStream> {
    (name.as_str() == own_name)
        .then(|| quote!(#[allow(clippy::module_inception, reason = "the spec gives both the same name")]))
}
