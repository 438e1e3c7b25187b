//! Code that calls every method of a generated mock client with values of factories.

use std::collections::{BTreeMap, HashSet};
use std::fmt::Write;
use std::path::Path;

use apigen::Generated;
use quote::ToTokens;
use syn::{Expr, Fields, FnArg, ImplItem, ImplItemFn, Item, ItemImpl, Pat, Type};

/// Statements for every method, each in a block of its own. `root` is the path of the generated package; `known` are the types that
/// have a factory. Methods that need others cannot be called with values.
pub fn calls(generated: &Generated, root: &str, known: &HashSet<String>) -> Vec<String> {
    let files = generated.tree.files.iter();
    files.flat_map(|(path, text)| file(path, text, root, known)).collect()
}

fn file(path: &Path, text: &str, root: &str, known: &HashSet<String>) -> Vec<String> {
    let Ok(parsed) = syn::parse_file(text) else { return Vec::new() };
    let structs: BTreeMap<String, &Fields> = parsed
        .items
        .iter()
        .filter_map(|item| match item {
            Item::Struct(item) => Some((item.ident.to_string(), &item.fields)),
            _ => None,
        })
        .collect();
    let folders: String =
        path.parent().into_iter().flat_map(Path::iter).map(|part| format!("::{}", part.to_string_lossy())).collect();
    let service = format!("{root}{folders}");
    let module = format!("{service}::{}", path.file_stem().unwrap_or_default().to_string_lossy());
    let mut calls = Vec::new();
    for mocked in parsed.items.iter().filter_map(mocked) {
        let names = Names { service: &service, module: &module, client: &mocked.client, api: &mocked.api };
        let methods = mocked.item.items.iter().filter_map(|item| match item {
            ImplItem::Fn(method) => Some(method),
            _ => None,
        });
        calls.extend(methods.filter_map(|method| call(&names, method, &structs, known)));
    }
    calls
}

/// A trait that is implemented for the mock client.
struct Mocked<'a> {
    client: String,
    api: String,
    item: &'a ItemImpl,
}

fn mocked(item: &Item) -> Option<Mocked<'_>> {
    let Item::Impl(item) = item else { return None };
    let target = item.self_ty.to_token_stream().to_string();
    let (api, _) = item.trait_.as_ref()?;
    let client = target.strip_prefix("super :: ").filter(|client| client.starts_with("Mock"))?;
    Some(Mocked { client: client.to_owned(), api: api.to_token_stream().to_string(), item })
}

/// Paths from the root of the harness, and names.
struct Names<'a> {
    service: &'a str,
    module: &'a str,
    client: &'a str,
    api: &'a str,
}

fn call(
    names: &Names<'_>,
    method: &ImplItemFn,
    structs: &BTreeMap<String, &Fields>,
    known: &HashSet<String>,
) -> Option<String> {
    let operation = operation(method)?;
    let Names { service, module, client, api } = names;
    let (mut lines, mut arguments) = (String::new(), Vec::new());
    for (index, argument) in method.sig.inputs.iter().enumerate().skip(1) {
        let FnArg::Typed(argument) = argument else { return None };
        let Pat::Ident(_) = &*argument.pat else { return None };
        let params = structs.get(&argument.ty.to_token_stream().to_string());
        let (ty, value, name) = match (&*argument.ty, params) {
            (ty, Some(fields)) => {
                let name = ty.to_token_stream();
                let fields = fields.iter().filter(|field| sampled(&field.ty, known)).count() == fields.len();
                let literal = format!("{module}::{name} {{ {} }}", literal(structs.get(&name.to_string())?));
                (String::new(), fields.then_some(literal)?, format!("a{index}.clone()"))
            }
            (Type::Reference(ty), _) => {
                sampled(&ty.elem, known).then_some(())?;
                (owned(&ty.elem), "sample()".to_owned(), format!("&a{index}"))
            }
            (ty, None) => {
                sampled(ty, known).then_some(())?;
                (String::new(), "sample()".to_owned(), format!("a{index}"))
            }
        };
        writeln!(lines, "        let a{index}{ty} = {value};").ok()?;
        arguments.push(name);
    }
    let (name, arguments) = (method.sig.ident.to_token_stream(), arguments.join(", "));
    let id = format!("{service}::{api}::{name}");
    Some(format!(
        "    {{\n{lines}        let mock = {service}::{client}::new();\n        answered::<{module}::{operation}>(\"{id}\", &mock, || {service}::{api}::{name}(&mock, {arguments}));\n    }}\n"
    ))
}

fn literal(fields: &Fields) -> String {
    let names = fields.iter().filter_map(|field| field.ident.as_ref());
    names.map(|name| format!("{}: sample()", name.to_token_stream())).collect::<Vec<_>>().join(", ")
}

fn owned(ty: &Type) -> String {
    match ty {
        Type::Slice(_) => ": Vec<_>".to_owned(),
        ty if ty.to_token_stream().to_string() == "str" => ": String".to_owned(),
        _ => String::new(),
    }
}

/// Whether values of a type can be made: those of the spec's own types need a factory.
fn sampled(ty: &Type, known: &HashSet<String>) -> bool {
    let text = ty.to_token_stream().to_string();
    text.split(|c: char| !c.is_alphanumeric() && c != '_' && c != ':' && c != ' ').all(|path| {
        let path = path.trim();
        !path.contains("super ::") || known.contains(path.rsplit("::").next().unwrap_or_default().trim())
    })
}

/// The type of the operation, in `let called = Operation { … };`.
fn operation(method: &ImplItemFn) -> Option<String> {
    let syn::Stmt::Local(called) = method.block.stmts.first()? else { return None };
    match &*called.init.as_ref()?.expr {
        Expr::Struct(value) => Some(value.path.to_token_stream().to_string()),
        Expr::Path(value) => Some(value.to_token_stream().to_string()),
        _ => None,
    }
}
