//! A spec, and samples of its types.

use std::path::Path;
use std::sync::LazyLock;

use apigen_model::api::{Api, Primitive, Type};
use apigen_model::behaviour::SensitiveAnnotations;
use apigen_model::{Inputs, Report, Source, load};
use apigen_runtime::validate::schema::Schema;
use apigen_testing::rules::{Rule, RuleReader, RuleSet};

pub static SHOP: LazyLock<Shop> = LazyLock::new(Shop::new);

pub struct Shop {
    pub api: Api,
    pub schema: Schema,
}

impl Shop {
    fn new() -> Shop {
        Shop::of(Source { name: "shop.json".to_owned(), text: include_str!("shop.json").to_owned(), path: None })
    }

    pub fn of(source: Source) -> Shop {
        let loaded = load(Inputs { specs: vec![source], ..Inputs::default() }).unwrap();
        let schema = apigen_testing::schema(&loaded.api, &SensitiveAnnotations::default()).unwrap();
        Shop { api: loaded.api, schema }
    }

    /// Returns a small sample of a type. Texts have a number, so that samples of one body differ.
    pub fn sample(&self, ty: &Type, number: usize) -> Option<String> {
        Some(match ty {
            Type::Primitive(primitive) => match primitive {
                Primitive::Boolean => "true".to_owned(),
                Primitive::Integer | Primitive::Long => "1".to_owned(),
                Primitive::Double | Primitive::Decimal => "1.5".to_owned(),
                Primitive::String => format!("\"text {number}\""),
                Primitive::Uuid => "\"6513270e-269e-4d37-b2a7-4de452e6b438\"".to_owned(),
                Primitive::Date => "\"2020-01-01\"".to_owned(),
                Primitive::DateTime => "\"2020-01-01T00:00:00Z\"".to_owned(),
                Primitive::Object => "{}".to_owned(),
                Primitive::Json | Primitive::Unit => "null".to_owned(),
            },
            Type::Enum(id) => format!("{:?}", self.api.enums[*id].values[0].wire),
            Type::List(_) => "[]".to_owned(),
            Type::Map(_) => "{}".to_owned(),
            Type::Union(_) => return None,
            Type::Model(id) => {
                let fields = self.api.models[*id].fields.iter().filter(|field| field.required);
                let fields = fields.map(|field| Some(format!("{:?}:{}", field.name, self.sample(&field.ty, number)?)));
                format!("{{{}}}", fields.collect::<Option<Vec<_>>>()?.join(","))
            }
        })
    }
}

/// Reads rules.
pub fn read(name: &str, text: &[u8]) -> Result<Vec<Rule>, Report> {
    let fill = |ty: &Type, number: usize| SHOP.sample(ty, number);
    RuleReader::new(&SHOP.api, &SHOP.schema, &fill).read(name, text)
}

/// Reads the rules of a file.
pub fn read_file(path: &Path) -> Result<Vec<Rule>, Report> {
    let fill = |ty: &Type, number: usize| SHOP.sample(ty, number);
    RuleReader::new(&SHOP.api, &SHOP.schema, &fill).read_file(path)
}

/// Returns a set with these rules in JSON.
pub fn rules(text: &str) -> RuleSet {
    let rules = RuleSet::default();
    rules.add(read("rules.json", text.as_bytes()).unwrap()).unwrap();
    rules
}
