//! Assigns items to files.

use std::iter::once_with;
use std::rc::Rc;

use proc_macro2::TokenStream;
use quote::quote;

use super::attributes::docs;
use super::condition::Conditions;
use super::quiet::{self, is_included};
use super::type_files::type_files;
use super::{Block, File, client, imports, mock, resource, server};
use crate::plan::Options;
use crate::plan::items::{Family, Module, Package};
use apigen_model::vocabulary::names::Name;

/// Returns all files of a package, each generated on demand, since the tokens of one take much memory. The first file
/// is the root (`mod.rs`, or `lib.rs` of a crate). `name` is the package's.
pub fn files<'p>(package: &'p Package, options: &'p Options, name: &'p str) -> impl Iterator<Item = File> + 'p {
    let bare = package.modules.iter().all(|m| !m.path.is_empty());
    let bare = bare.then(|| bare_root(package, options));
    let files = bare.into_iter().chain(package.modules.iter().flat_map(move |m| module_files(m, options, name)));
    let mut limit = package.recursion_limit.filter(|_| options.krate);
    files.map(move |mut file| {
        if let Some(limit) = limit.take() {
            file.blocks.insert(0, Block::Text(format!("#![recursion_limit = \"{limit}\"]")));
        }
        file
    })
}

/// Returns the root of several services, which contains only their modules.
fn bare_root(package: &Package, options: &Options) -> File {
    let modules = package.modules.iter().filter_map(|m| m.path.first());
    let modules = modules.map(|name| Block::Tokens(quote!(#[rustfmt::skip] pub mod #name;)));
    let titles: Vec<&str> = package.modules.iter().map(|m| m.title.as_str()).collect();
    File { path: vec![root_file(options)], title: titles.join(", "), blocks: modules.collect() }
}

fn root_file(options: &Options) -> String {
    if options.krate { "lib.rs" } else { "mod.rs" }.to_owned()
}

fn module_files<'m>(module: &'m Module, options: &'m Options, name: &'m str) -> impl Iterator<Item = File> + 'm {
    let root = once_with(move || root(module, options, name));
    let types = type_files(module).map(move |(path, blocks)| match path.as_slice() {
        [name] => child(module, options, name, blocks),
        // An included file is part of the file that includes it, and rustfmt does not visit it.
        path => file(module, &format!("{}.rs", path.join("/")), blocks),
    });
    let short = move |name: &Name, blocks: Vec<TokenStream>| {
        let blocks = if blocks.is_empty() { blocks } else { imports::shorten(blocks) };
        let blocks: Vec<Block> = blocks.into_iter().map(Block::Tokens).collect();
        (!blocks.is_empty()).then(|| child(module, options, name.as_str(), blocks))
    };
    let conditions = Rc::new(Conditions::new(options));
    let mock = Rc::clone(&conditions);
    let mock = once_with(move || short(&module.files.mock, mock_items(module, &mock)));
    let of_api = module.api.iter().flat_map(move |api| {
        let (server, each) = (Rc::clone(&conditions), Rc::clone(&conditions));
        let client = once_with(move || short(&module.files.client, client::client(api, &module.resources)));
        let server = once_with(move || {
            let items = server.server.is_some().then(|| server::server(api, &module.resources));
            short(&module.files.server, items.unwrap_or_default())
        });
        let resources = module.resources.iter().map(move |r| short(&r.module, resource::resource(r, api, &each)));
        client.chain(server).chain(resources)
    });
    root.chain(types).chain(mock.chain(of_api).flatten())
}

fn file(module: &Module, name: &str, blocks: Vec<Block>) -> File {
    let folder = module.path.iter().map(Name::as_str);
    let path = folder.chain(name.split('/')).map(str::to_owned).collect();
    File { path, title: module.title.clone(), blocks }
}

fn root(module: &Module, options: &Options, name: &str) -> File {
    let root = if module.path.is_empty() { root_file(options) } else { "mod.rs".to_owned() };
    file(module, &root, contents(module, options, module.path.last().map_or(name, Name::as_str)))
}

fn child(module: &Module, options: &Options, name: &str, blocks: Vec<Block>) -> File {
    let attributes = quiet::child(module, options, name == module.files.models.as_str());
    let attributes = Some(attributes).filter(|text| !text.is_empty()).map(Block::Text);
    file(module, &format!("{name}.rs"), attributes.into_iter().chain(blocks).collect())
}

fn mock_items(module: &Module, conditions: &Conditions) -> Vec<TokenStream> {
    if conditions.mocks.is_some() { mock::mock(module, conditions.both.as_ref()) } else { Vec::new() }
}

/// Returns the blocks of the root file of a service: its table of contents.
fn contents(module: &Module, options: &Options, own_name: &str) -> Vec<Block> {
    let blocks = [private(module, options, own_name)].into_iter().chain(public(module, options, own_name));
    let blocks = blocks.chain([reexports(module, options)]);
    let attributes = (!is_included(module, options)).then(|| quiet::root(module, options));
    let docs = Some(inner_docs(module)).filter(|docs| !docs.is_empty()).map(Block::Tokens);
    let blocks = blocks.filter(|block| !block.is_empty()).map(Block::Tokens);
    docs.into_iter().chain(attributes.map(Block::Text)).chain(blocks).collect()
}

/// Declares the modules whose items are exported from the root, sorted.
fn private(module: &Module, options: &Options, own_name: &str) -> TokenStream {
    let typed = |wanted: fn(&Family) -> bool| module.families.iter().any(wanted);
    let mut files = Vec::new();
    files.extend(typed(|family| !family.items.is_empty()).then_some((&module.files.models, None)));
    files.extend(typed(|family| family.items.traits.len() < family.items.len()).then_some((&module.files.json, None)));
    files.extend(module.api.is_some().then_some((&module.files.client, None)));
    if let Some(cfg) = Conditions::new(options).mocks {
        let mocked = module.api.is_some() || !module.empties.is_empty();
        files.extend(mocked.then(|| (&module.files.mock, Some(cfg.clone()))));
        let unnamed = typed(|family| !family.factories.is_empty()) && !has_factories(module);
        files.extend(unnamed.then_some((&module.files.factories, Some(cfg))));
    }
    files.sort_by_key(|(file, _)| file.as_str());
    let files = files.into_iter().map(|(file, cfg)| {
        let inception = inception(file, own_name);
        quote!(#cfg #inception #[rustfmt::skip] mod #file;)
    });
    quote!(#(#files)*)
}

fn has_factories(module: &Module) -> bool {
    module.families.iter().any(|family| family.factories.has_names())
}

/// Declares the modules that users name, each as a block.
fn public(module: &Module, options: &Options, own_name: &str) -> Vec<TokenStream> {
    let conditions = Conditions::new(options);
    // In the documentation, a factory is found through the type that it creates.
    let factories = conditions.mocks.filter(|_| has_factories(module)).map(|cfg| {
        let docs = "Factories of values for tests: the results of the function `factory` of each type.";
        public_module(&module.files.factories, own_name, docs, &cfg)
    });
    let server = conditions.server.filter(|_| module.api.is_some()).map(|cfg| {
        public_module(&module.files.server, own_name, "Server traits, and the router that serves them.", &cfg)
    });
    let resources = module.resources.iter().map(|r| {
        let docs = format!("Types of the operations of [`{}`].", r.api.as_str());
        public_module(&r.module, own_name, &docs, &TokenStream::new())
    });
    let services = module.services.iter().map(|name| {
        let inception = inception(name, own_name);
        quote!(#inception #[rustfmt::skip] pub mod #name;)
    });
    factories.into_iter().chain(server).chain(resources).chain(services).collect()
}

fn public_module(name: &Name, own_name: &str, about: &str, cfg: &TokenStream) -> TokenStream {
    let (docs, inception) = (docs(&[about.to_owned()]), inception(name, own_name));
    quote!(#docs #cfg #inception #[rustfmt::skip] pub mod #name;)
}

/// Reexports everything that users name without its file: one import for the API, one for the mocks.
fn reexports(module: &Module, options: &Options) -> TokenStream {
    let included = is_included(module, options);
    let allowed = (!options.krate).then(|| {
        let reason = "no program uses the whole API";
        quote!(#[allow(unreachable_pub, unused_imports, reason = #reason)])
    });
    let unused = quote!(#[rustfmt::skip] #allowed);
    let deprecated = module.resources.iter().any(|r| r.attributes.deprecated.is_some());
    let deprecated = (included && deprecated).then(|| {
        let reason = quiet::DEPRECATED;
        quote!(#[allow(deprecated, reason = #reason)])
    });
    let models = &module.files.models;
    let models = (module.types() > 0).then(|| quote!(#models::*,));
    let conditions = Conditions::new(options);
    let factories = conditions.mocks.clone().filter(|_| has_factories(module)).map(|cfg| {
        let file = &module.files.factories;
        quote!(#cfg #unused #[doc(hidden)] pub use self::#file::*;)
    });
    let Some(api) = &module.api else {
        let models = models.map(|models| quote!(#unused pub use self::{#models};));
        return quote!(#models #factories);
    };
    let (client_file, api_name, client) = (&module.files.client, &api.api, &api.client);
    let traits = module.resources.iter().map(|r| path(&r.module, &r.api));
    let mocks = module.resources.iter().map(|r| path(&r.module, &r.mock));
    let mock = conditions.mocks.map(|cfg| {
        let own = path(&module.files.mock, &api.mock);
        quote!(#cfg #unused #deprecated pub use self::{#own, #(#mocks),*};)
    });
    let validator = conditions.server.map(|cfg| {
        let file = &module.files.server;
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

/// Returns the module documentation; the root of a module tree has none, since an `include!`d file cannot begin with it.
fn inner_docs(module: &Module) -> TokenStream {
    docs(&module.docs).into_iter().fold(TokenStream::new(), |mut tokens, tree| {
        let is_pound = matches!(&tree, proc_macro2::TokenTree::Punct(p) if p.as_char() == '#');
        tokens.extend([tree]);
        if is_pound {
            tokens.extend(quote!(!));
        }
        tokens
    })
}

fn inception(name: &Name, own_name: &str) -> Option<TokenStream> {
    (name.as_str() == own_name)
        .then(|| quote!(#[allow(clippy::module_inception, reason = "the spec gives both the same name")]))
}
