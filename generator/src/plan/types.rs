//! How types are written in Rust, depending on the place in the generated code.

use super::Options;
use super::items::{Expression, RustType, TypePath};
use super::symbols::{PRELUDE_TYPES, Symbols};
use apigen_model::api::{Api, Id, Primitive, Service, Type};
use apigen_model::checkpoint::checkpoint;
use apigen_model::vocabulary::names::Name;

/// A place in the generated code where types are named.
#[derive(Clone, Copy)]
pub struct Scope<'a> {
    pub api: &'a Api,
    pub options: &'a Options,
    pub symbols: &'a Symbols,
    /// The service whose module contains it.
    pub service: Id<Service>,
    /// Whether it is the file of the models, where types of the service need no path.
    pub models: bool,
    /// The prelude's names that are shadowed here.
    pub hidden: &'a [String],
}

impl<'a> Scope<'a> {
    /// Returns the path of a name of std's prelude; written in full if a type of the spec shadows it.
    pub fn std(&self, name: &'static str) -> TypePath {
        debug_assert!(PRELUDE_TYPES.contains(&name), "{name}");
        if !self.hidden.iter().any(|hidden| hidden == name) {
            return TypePath::Plain(name);
        }
        let module = match name {
            "Box" => "boxed",
            "Into" => "convert",
            "IntoIterator" => "iter",
            "Option" => "option",
            "Result" => "result",
            "String" => "string",
            _ => "vec",
        };
        TypePath::Std(module, name)
    }

    /// Returns the owned form, which struct fields hold.
    pub fn owned(&self, ty: &Type) -> RustType {
        checkpoint();
        if let Some(text) = self.api.replaced.get(ty) {
            return RustType::own(text);
        }
        match ty {
            Type::Primitive(primitive) => self.primitive(*primitive),
            Type::List(inner) => self.owned(inner).within(self.std("Vec")),
            Type::Map(inner) => {
                RustType::Generic(BTREE_MAP, vec![RustType::Path(self.std("String")), self.owned(inner)])
            }
            Type::Enum(id) => RustType::Path(self.path(self.api.enums[*id].service, &self.symbols[*id].name)),
            Type::Model(id) => RustType::Path(self.path(self.api.models[*id].service, &self.symbols[*id].name)),
            Type::Union(id) => RustType::Path(self.path(self.api.unions[*id].service, &self.symbols[*id].name)),
        }
    }

    pub fn optional(&self, ty: &Type) -> RustType {
        self.owned(ty).within(self.std("Option"))
    }

    /// Returns the form of an argument: by value if it is `Copy`, else a reference.
    pub fn borrowed(&self, ty: &Type) -> RustType {
        if is_copy(ty) {
            return self.owned(ty);
        }
        let inner = match ty {
            Type::Primitive(Primitive::String) => plain("str"),
            Type::List(inner) => RustType::Slice(Box::new(self.owned(inner))),
            other => self.owned(other),
        };
        RustType::Reference(Box::new(inner))
    }

    fn primitive(&self, primitive: Primitive) -> RustType {
        match primitive {
            Primitive::Boolean => plain("bool"),
            Primitive::Integer => plain("i32"),
            Primitive::Long => plain("i64"),
            Primitive::Double => plain("f64"),
            Primitive::Decimal => runtime("Decimal"),
            Primitive::String => RustType::Path(self.std("String")),
            Primitive::Uuid => runtime("Uuid"),
            Primitive::Date => runtime(self.options.dates.types()[0]),
            Primitive::DateTime => runtime(self.options.dates.types()[1]),
            Primitive::Object => runtime("Object"),
            Primitive::Json => runtime("Value"),
            Primitive::Unit => RustType::Unit,
        }
    }

    pub fn text(&self, text: impl Into<String>) -> Expression {
        let text = text.into();
        if text.is_empty() { Expression::New(self.std("String")) } else { Expression::Text(text) }
    }

    /// Returns a literal of a date, or of a date-time.
    pub fn date(&self, text: &str, time: bool) -> Expression {
        Expression::Literal(self.options.dates.literals()[usize::from(time)], text.to_owned())
    }

    /// Returns the path of a type `name` that `owner` declares.
    pub fn path(&self, owner: Id<Service>, name: &Name) -> TypePath {
        let target = &self.symbols[owner];
        if let Some(path) = &target.external {
            return TypePath::external(path, name);
        }
        if owner == self.service {
            return TypePath::Package { up: usize::from(!self.models), down: Vec::new(), name: name.clone() };
        }
        // All services are children of the root, or one of them is the root: go up from here, then down again.
        let up = 1 + self.symbols[self.service].module.len();
        TypePath::Package { up, down: target.module.clone(), name: name.clone() }
    }
}

pub const BTREE_MAP: TypePath = TypePath::Std("collections", "BTreeMap");

fn plain(name: &'static str) -> RustType {
    RustType::Path(TypePath::Plain(name))
}

fn runtime(name: &'static str) -> RustType {
    RustType::Path(TypePath::Runtime(name))
}

pub fn is_copy(ty: &Type) -> bool {
    match ty {
        Type::Primitive(p) => !matches!(p, Primitive::String | Primitive::Object | Primitive::Json),
        _ => false,
    }
}
