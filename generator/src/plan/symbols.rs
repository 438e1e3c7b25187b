//! The names of everything in the generated code, allocated once, before anything is planned.
//!
//! The spec's own names are allocated before ours, so that a model called `client` keeps its name and our client gets a
//! suffix; each such case is recorded as a note.

use std::ops;

use apigen_model::api::{Api, Enum, Id, Interface, Model, Resource, Role, Service, Union};
use apigen_model::behaviour::{accessors, is_reserved, method_identifiers};
use apigen_model::vocabulary::method_names::short;
use apigen_model::vocabulary::names::{Name, NameAllocator, camel, snake};

/// The names of std's prelude that generated code uses, and that a type of a spec may shadow.
pub const PRELUDE_TYPES: [&str; 7] = ["Box", "Into", "IntoIterator", "Option", "Result", "String", "Vec"];

#[derive(Debug)]
pub struct Symbols {
    pub services: Vec<ServiceSymbols>,
    enums: Vec<EnumSymbols>,
    models: Vec<ModelSymbols>,
    unions: Vec<UnionSymbols>,
    interfaces: Vec<InterfaceSymbols>,
    /// Sentences about names that differ from the expected ones.
    pub notes: Vec<String>,
}

#[derive(Debug)]
pub struct EnumSymbols {
    pub name: Name,
    pub values: Vec<Name>,
    pub unknown: Name,
}

#[derive(Debug)]
pub struct ModelSymbols {
    pub name: Name,
    pub fields: Vec<Name>,
    pub factory: Name,
}

#[derive(Debug)]
pub struct UnionSymbols {
    pub name: Name,
    pub members: Vec<Name>,
    pub unknown: Name,
    pub factory: Name,
}

#[derive(Debug)]
pub struct InterfaceSymbols {
    pub name: Name,
    pub methods: Vec<Name>,
}

/// Implements `symbols[id]`: the names of an element of the spec.
macro_rules! indexed {
    ($($of:ty => $list:ident: $symbols:ty),*) => {$(
        impl ops::Index<Id<$of>> for Symbols {
            type Output = $symbols;

            fn index(&self, id: Id<$of>) -> &$symbols {
                &self.$list[id.index()]
            }
        }
    )*};
}

indexed!(
    Service => services: ServiceSymbols,
    Enum => enums: EnumSymbols,
    Model => models: ModelSymbols,
    Union => unions: UnionSymbols,
    Interface => interfaces: InterfaceSymbols
);

/// Other names of std's prelude, and those of type parameters. Types of the spec may shadow them; ours do not, so that
/// files of operations and servers can use them.
const PRELUDE: [&str; 15] = [
    "A", "Clone", "Default", "Drop", "Err", "Fn", "FnMut", "From", "Iterator", "None", "Ok", "Send", "Some", "Sync",
    "T",
];

fn prelude() -> impl Iterator<Item = &'static str> {
    PRELUDE_TYPES.into_iter().chain(PRELUDE)
}

#[derive(Debug, Default)]
pub struct ServiceSymbols {
    /// Modules from the root of the package to this service; empty if it is the root.
    pub module: Vec<Name>,
    /// Path of an existing crate or module that has the types.
    pub external: Option<String>,
    /// Names of the prelude that types at the module's root shadow.
    pub hidden: Vec<String>,
    pub resources: Vec<ResourceSymbols>,
    /// The trait of the whole API, the HTTP client and the mock client.
    pub api: Option<ApiSymbols>,
    pub files: Option<FileSymbols>,
}

#[derive(Debug)]
pub struct ApiSymbols {
    pub api: Name,
    pub client: Name,
    pub mock: Name,
}

/// The generated child modules.
#[derive(Debug, Clone)]
pub struct FileSymbols {
    pub models: Name,
    pub json: Name,
    pub client: Name,
    pub mock: Name,
    pub factories: Name,
    pub server: Name,
}

#[derive(Debug)]
pub struct ResourceSymbols {
    /// Child module with the items of the operations.
    pub module: Name,
    /// Method of the clients that returns the resource.
    pub accessor: Name,
    /// Context of the mock client, `with_users`.
    pub with: Name,
    pub api: Name,
    /// The trait that test authors implement.
    pub mock: Name,
    pub operations: Vec<OperationSymbols>,
}

/// Names of one operation, all in the resource's module.
#[derive(Debug)]
pub struct OperationSymbols {
    pub method: Name,
    pub ty: Name,
    /// The struct of optional parameters, if it is needed.
    pub params: Name,
    /// The enum of declared errors, if it is needed.
    pub error: Name,
    /// The enum of several success types, if it is needed.
    pub output: Name,
    /// `Result` of the operation.
    pub result: Name,
    /// The struct of declared response headers, if there are any.
    pub headers: Name,
}

/// Names of modules and files with a special meaning for rustc, cargo or rustfmt.
const FILES: [&str; 6] = ["bin", "build", "lib", "main", "mod", "rustfmt"];

/// Names of Windows devices, which no file can have, with any extension.
const DEVICES: [&str; 24] = [
    "aux", "con", "nul", "prn", "com0", "com1", "com2", "com3", "com4", "com5", "com6", "com7", "com8", "com9", "lpt0",
    "lpt1", "lpt2", "lpt3", "lpt4", "lpt5", "lpt6", "lpt7", "lpt8", "lpt9",
];

/// Crates of Rust itself, and the runtime that all generated crates need.
const CRATES: [&str; 6] = ["alloc", "apigen_runtime", "core", "proc_macro", "std", "test"];

impl Symbols {
    pub fn new(api: &Api) -> Self {
        let mut symbols = Self {
            services: Vec::new(),
            enums: Vec::new(),
            models: Vec::new(),
            unions: Vec::new(),
            interfaces: Vec::new(),
            notes: Vec::new(),
        };
        let mut root = module_scope();
        symbols.services(api, &mut root);
        for (id, service) in api.services.iter() {
            let modules = symbols.modules(id, service, &mut root);
            symbols.types(api, (id, service), modules);
        }
        symbols.notes.sort();
        symbols
    }

    /// Places each service.
    fn services(&mut self, api: &Api, root: &mut NameAllocator) {
        let alone = api.services.iter().filter(|(_, service)| service.role == Role::Requested).count() == 1;
        for (_, service) in api.services.iter() {
            let mut symbols = ServiceSymbols::default();
            if let Role::External(path) = &service.role {
                symbols.external = Some(path.clone());
            } else if !(alone && service.role == Role::Requested) {
                let text = module_text(service);
                let module = root.value(&text);
                self.note_module(&text, &module, &format!("service `{text}`"));
                symbols.module = vec![module];
            }
            self.services.push(symbols);
        }
    }

    /// Places the modules inside a service, and returns those of its resources.
    fn modules(&mut self, id: Id<Service>, service: &Service, root: &mut NameAllocator) -> Vec<Name> {
        if matches!(service.role, Role::External(_)) {
            return Vec::new();
        }
        let mut own = module_scope();
        let scope = if self[id].module.is_empty() { root } else { &mut own };
        let resources: &[Resource] = if service.role == Role::Requested { &service.resources } else { &[] };
        let modules: Vec<Name> = resources.iter().map(|r| scope.value(&r.plural)).collect();
        for (resource, module) in resources.iter().zip(&modules) {
            self.note_module(&resource.plural, module, &format!("resource `{}`", resource.type_text));
        }
        self.services[id.index()].files = Some(FileSymbols {
            models: scope.value("models"),
            json: scope.value("json"),
            client: scope.value("client"),
            mock: scope.value("mock"),
            factories: scope.value("factories"),
            server: scope.value("server"),
        });
        modules
    }

    /// Notes a module that cannot have the expected name, because of its file.
    fn note_module(&mut self, text: &str, module: &Name, of: &str) {
        let plain = snake(text);
        if FILES.iter().chain(&DEVICES).any(|name| *name == plain) {
            let why = format!("because `{plain}` has another meaning for Rust or Windows");
            self.notes.push(format!("the module of {of} is called `{module}`, {why}"));
        }
    }

    /// Allocates everything at the root of a service's module, and what is inside of each type. Types have ids in the
    /// order of their services.
    fn types(&mut self, api: &Api, (id, service): (Id<Service>, &Service), modules: Vec<Name>) {
        let mut scope = NameAllocator::new();
        for e in service.enums.iter().map(|e| &api.enums[*e]) {
            let mut own = NameAllocator::new();
            let values = e.values.iter().map(|v| own.ty(&v.name)).collect();
            let unknown = own.ty_with("Unknown", &["Value"]).0;
            self.enums.push(EnumSymbols { name: scope.ty(&e.name), values, unknown });
        }
        for model in service.models.iter().map(|model| &api.models[*model]) {
            let mut own = NameAllocator::new();
            let fields = model.fields.iter().map(|f| own.value(&f.name)).collect();
            self.models.push(ModelSymbols { name: scope.ty(&model.name), fields, factory: Name::placeholder() });
        }
        for union in service.unions.iter().map(|union| &api.unions[*union]) {
            let mut own = NameAllocator::new();
            let members = union.members.iter().map(|m| own.ty(short(&m.type_text))).collect();
            let unknown = own.ty_with("Unknown", &["Member"]).0;
            let (name, factory) = (scope.ty(&union.name), Name::placeholder());
            self.unions.push(UnionSymbols { name, members, unknown, factory });
        }
        for interface in service.interfaces.iter().map(|interface| &api.interfaces[*interface]) {
            let mut own = NameAllocator::new();
            // With the trait in scope, `model.clone()` and `Model::default()` would be ambiguous.
            ["clone", "default"].iter().for_each(|name| own.reserve(name));
            let methods = interface.fields.iter().map(|f| own.value(&f.name)).collect();
            let (name, renamed) = scope.ty_with(&interface.name, &["Interface"]);
            if renamed {
                self.notes.push(format!("interface `{}` became the trait `{name}`", interface.name));
            }
            self.interfaces.push(InterfaceSymbols { name, methods });
        }
        if service.role == Role::Requested {
            self.api(id, &service.resources, modules, &mut scope);
        }
        self.factories(service, &mut scope);
        self.services[id.index()].hidden = scope.taken_of(&PRELUDE_TYPES);
    }

    /// Allocates `UserFactory` and the like: last, so that every other name is the same as without mocks.
    fn factories(&mut self, service: &Service, scope: &mut NameAllocator) {
        let mut name = |of: &Name| scope.ty_with(&format!("{}Factory", of.as_str()), &["Context"]).0;
        for model in &service.models {
            let symbols = &mut self.models[model.index()];
            symbols.factory = name(&symbols.name);
        }
        for union in &service.unions {
            let symbols = &mut self.unions[union.index()];
            symbols.factory = name(&symbols.name);
        }
    }

    fn api(&mut self, id: Id<Service>, resources: &[Resource], modules: Vec<Name>, scope: &mut NameAllocator) {
        let notes = &mut self.notes;
        let (own, mut accessors) = accessors(resources);
        let mut planned = Vec::new();
        for ((resource, module), accessor) in resources.iter().zip(modules).zip(own) {
            let (of, plain) = (&resource.type_text, snake(&resource.plural));
            if is_reserved(&plain) {
                notes.push(format!(
                    "resource `{of}` is the method `{accessor}`, because clients and mocks use the name `{plain}`"
                ));
            }
            let camel = camel(&resource.plural);
            let hides = prelude().any(|name| name == camel);
            let text = if hides { format!("{}_api", resource.plural) } else { resource.plural.clone() };
            let api = ours(scope, &text, "Api", &format!("the trait of resource `{of}`"), notes);
            let mock = scope.ty_with(&format!("Mock{}", api.as_str()), &["Api"]).0;
            let operations = operations(resource, &api, &mock, notes);
            let with = accessors.value(&format!("with_{}", accessor.as_str()));
            planned.push(ResourceSymbols { module, accessor, with, api, mock, operations });
        }
        let symbols = &mut self.services[id.index()];
        symbols.resources = planned;
        symbols.api = Some(ApiSymbols {
            api: ours(scope, "Api", "Trait", "the trait of the whole service", notes),
            client: ours(scope, "Client", "Http", "the client", notes),
            mock: ours(scope, "MockClient", "Api", "the mock client", notes),
        });
    }
}

/// Allocates a name of ours beside those of the spec, which come first.
fn ours(scope: &mut NameAllocator, text: &str, suffix: &str, what: &str, notes: &mut Vec<String>) -> Name {
    let (name, renamed) = scope.ty_with(text, &[suffix]);
    if renamed {
        notes.push(format!("{what} is called `{name}`, because the spec uses the plain name elsewhere"));
    }
    name
}

/// Returns a scope of modules, each of which is a file.
pub(super) fn module_scope() -> NameAllocator {
    let mut scope = NameAllocator::new();
    FILES.iter().chain(&DEVICES).for_each(|name| scope.reserve(name));
    scope
}

/// Allocates the names in one resource's module: the operations first, then the items of each.
fn operations(resource: &Resource, api: &Name, mock: &Name, notes: &mut Vec<String>) -> Vec<OperationSymbols> {
    let methods = method_identifiers(resource);
    for ((method, _), operation) in methods.iter().zip(&resource.operations) {
        if method.renamed {
            let (verb, path) = (operation.method.as_str(), &operation.path);
            let name = &method.name;
            notes.push(format!("{verb} {path} is the method `{name}`, because other operations have the plain name"));
        }
    }
    let mut types = NameAllocator::new();
    types.reserve(api.as_str());
    types.reserve(mock.as_str());
    // The type parameter of `overrides`.
    types.reserve("M");
    prelude().for_each(|name| types.reserve(name));
    let main: Vec<(Name, Name)> = methods.into_iter().map(|(method, name)| (name, types.ty(&method.name))).collect();
    main.into_iter()
        .map(|(method, ty)| {
            let mut related = |suffix: &str| types.ty(&format!("{}{suffix}", ty.as_str()));
            let (params, error) = (related("Params"), related("Error"));
            let (output, result, headers) = (related("Output"), related("Result"), related("Headers"));
            OperationSymbols { method, ty, params, error, output, result, headers }
        })
        .collect()
}

/// Returns the name of a package of one service: that of its module, unless no folder, or no crate, can have it.
pub fn package_text(service: &Service, krate: bool) -> String {
    let mut scope = NameAllocator::new();
    let crates = if krate { CRATES.as_slice() } else { &[] };
    DEVICES.iter().chain(crates).for_each(|name| scope.reserve(name));
    scope.value(&module_text(service)).as_str().to_owned()
}

/// Returns the name of a service's module: the snake case of its name.
pub fn module_text(service: &Service) -> String {
    let name = snake(&service.name);
    if name.is_empty() { snake(&service.application) } else { name }
}
