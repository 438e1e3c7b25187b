//! Generates code that calls every method of a generated mock client with factory values.

use std::collections::{BTreeMap, HashSet};
use std::path::Path;

use apigen_build::Generated;
use quote::ToTokens;
use syn::{Expr, Fields, FnArg, Item, ItemTrait, Pat, Stmt, TraitItem, TraitItemFn, Type};

/// A method of a mock client, with values for its arguments.
pub struct Method {
    /// Paths from the root of the harness: of the folder of the service, and of the type of the operation.
    pub service: String,
    pub operation: String,
    /// The names of the mock client, of the trait, and of the method.
    client: String,
    api: String,
    name: String,
    /// The id in the runtime, and the path.
    pub id: String,
    pub path: String,
    pub arguments: Vec<Argument>,
}

/// An argument of a method.
pub struct Argument {
    pub name: String,
    /// The type of the value, if it must be annotated.
    ty: String,
    value: String,
    /// The text before and after the value, where it is passed.
    passed: (&'static str, &'static str),
}

impl Method {
    /// Returns declarations of the arguments `prefix0` and so on; `known` may supply other values.
    pub fn arguments(&self, prefix: &str, known: impl Fn(&Argument) -> Option<String>) -> String {
        let line = |(index, argument): (usize, &Argument)| {
            let value = known(argument).unwrap_or_else(|| argument.value.clone());
            format!("        let {prefix}{index}{} = {value};\n", argument.ty)
        };
        self.arguments.iter().enumerate().map(line).collect()
    }

    /// Returns the call with these arguments, on a variable `mock`.
    pub fn call(&self, prefix: &str) -> String {
        let Method { service, api, name, .. } = self;
        let pass = |(index, Argument { passed: (before, behind), .. }): (usize, &Argument)| {
            format!(", {before}{prefix}{index}{behind}")
        };
        let arguments: String = self.arguments.iter().enumerate().map(pass).collect();
        format!("{service}::{api}::{name}(mock.client(){arguments})")
    }

    /// Returns the constructor call of a mock: `new` or `stateful`.
    pub fn mock(&self, new: &str) -> String {
        format!("{}::{}::{new}()", self.service, self.client)
    }

    /// Returns a statement that calls it, also on a stateful mock if the service has one: a closure, since the stack
    /// could not hold the variables of all calls at once.
    pub fn statement(&self, stateful: bool) -> String {
        let mocks = if stateful { format!(", {}", self.mock("stateful")) } else { String::new() };
        let Method { service, api, name, operation, .. } = self;
        format!(
            "    (|| {{\n{}        for mock in [{}{mocks}] {{\n            answered::<{operation}>(\"{service}::{api}::{name}\", &mock, || {});\n        }}\n    }})();\n",
            self.arguments("a", |_| None),
            self.mock("new"),
            self.call("a"),
        )
    }
}

/// Returns every method that can be called. `root` is the path of the generated package; `known` has the types with a
/// factory. Methods that need other types cannot be called.
pub fn methods(generated: &Generated, root: &str, known: &HashSet<String>) -> Vec<Method> {
    let files = generated.files.by_path.iter();
    files.flat_map(|(path, text)| file(path, text, root, known)).collect()
}

fn file(path: &Path, text: &str, root: &str, known: &HashSet<String>) -> Vec<Method> {
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
    let infos: BTreeMap<String, [String; 2]> = parsed.items.iter().filter_map(info).collect();
    let mut calls = Vec::new();
    let client = parsed.items.iter().find_map(mock_client);
    for (client, resource) in parsed.items.iter().filter_map(|item| Some((client.as_deref()?, resource(item)?))) {
        let api = resource.ident.to_token_stream().to_string();
        let names = Names { service: &service, module: &module, client, api: &api };
        let methods = resource.items.iter().filter_map(|item| match item {
            TraitItem::Fn(method) => Some(method),
            _ => None,
        });
        calls.extend(methods.filter_map(|method| call(&names, method, &structs, &infos, known)));
    }
    calls
}

/// Returns the name of the mock client, from `super::MockClient::new()` in the function `mocked`.
fn mock_client(item: &Item) -> Option<String> {
    let Item::Fn(function) = item else { return None };
    let body = function.block.to_token_stream().to_string();
    let (_, rest) = body.split_once("super :: ").filter(|_| function.sig.ident == "mocked")?;
    Some(rest.split(' ').next()?.to_owned())
}

/// Returns the trait of a resource, whose methods have bodies.
fn resource(item: &Item) -> Option<&ItemTrait> {
    let Item::Trait(item) = item else { return None };
    let is_resource = item.supertraits.to_token_stream().to_string().contains("HttpCaller");
    is_resource.then_some(item)
}

/// Paths from the root of the harness, and names.
struct Names<'a> {
    service: &'a str,
    module: &'a str,
    client: &'a str,
    api: &'a str,
}

/// Returns the type of an operation, with id and path.
fn info(item: &Item) -> Option<(String, [String; 2])> {
    let Item::Impl(item) = item else { return None };
    let text = item.to_token_stream().to_string();
    let (_, rest) = text.split_once("OperationInfo :: new")?;
    let mut texts = rest.split('"').skip(1).step_by(2);
    let (id, _, path) = (texts.next()?, texts.next()?, texts.next()?);
    Some((item.self_ty.to_token_stream().to_string(), [id.to_owned(), path.to_owned()]))
}

fn call(
    names: &Names<'_>,
    method: &TraitItemFn,
    structs: &BTreeMap<String, &Fields>,
    infos: &BTreeMap<String, [String; 2]>,
    known: &HashSet<String>,
) -> Option<Method> {
    let operation = operation(method)?;
    let Names { service, module, client, api } = names;
    let mut arguments = Vec::new();
    for argument in method.sig.inputs.iter().skip(1) {
        let FnArg::Typed(argument) = argument else { return None };
        let Pat::Ident(name) = &*argument.pat else { return None };
        let name = name.ident.to_string();
        let params = structs.get(&argument.ty.to_token_stream().to_string());
        let (ty, value, passed) = match (&*argument.ty, params) {
            (ty, Some(fields)) => {
                let all = fields.iter().filter(|field| sampled(&field.ty, known)).count() == fields.len();
                let literal = format!("{module}::{} {{ {} }}", ty.to_token_stream(), literal(fields));
                (String::new(), all.then_some(literal)?, ("", ".clone()"))
            }
            (Type::Reference(ty), _) => {
                sampled(&ty.elem, known).then_some(())?;
                (owned(&ty.elem), "sample()".to_owned(), ("&", ""))
            }
            (ty, None) => {
                sampled(ty, known).then_some(())?;
                (String::new(), "sample()".to_owned(), ("", ""))
            }
        };
        arguments.push(Argument { name, ty, value, passed });
    }
    let [id, path] = infos.get(&operation)?.clone();
    let name = method.sig.ident.to_token_stream().to_string();
    let (client, api, service) = ((*client).to_owned(), (*api).to_owned(), (*service).to_owned());
    Some(Method { service, operation: format!("{module}::{operation}"), client, api, name, id, path, arguments })
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

/// Returns true if values of a type can be created: the spec's own types need a factory.
fn sampled(ty: &Type, known: &HashSet<String>) -> bool {
    let text = ty.to_token_stream().to_string();
    text.split(|c: char| !c.is_alphanumeric() && c != '_' && c != ':' && c != ' ').all(|path| {
        let path = path.trim();
        !path.contains("super ::") || known.contains(path.rsplit("::").next().unwrap_or_default().trim())
    })
}

/// Returns the type of the operation, from `send_as(…, || Operation { … })`.
fn operation(method: &TraitItemFn) -> Option<String> {
    let Some(Stmt::Expr(Expr::MethodCall(send), None)) = method.default.as_ref()?.stmts.last() else { return None };
    let Some(Expr::Closure(input)) = send.args.last() else { return None };
    match &*input.body {
        Expr::Struct(value) => Some(value.path.to_token_stream().to_string()),
        Expr::Path(value) => Some(value.to_token_stream().to_string()),
        _ => None,
    }
}
