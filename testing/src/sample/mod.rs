//! Samples: values, requests and responses that are generated from a spec, valid by its validators, and plausible.
//!
//! Defaults and examples of the spec come first. Other texts and numbers follow from the names of their fields, where they
//! fit the limits of the spec: an `email` looks like one, `created_at` is before `updated_at`, and `city`, `country` and
//! `currency` belong together. The same seed gives the same bytes on every machine.

mod calendar;
mod dictionary;
mod field_name;
mod fill;
mod make;
mod operation;
mod plausible;
mod request;
mod response;
mod tables;
#[cfg(test)]
mod tests;

use std::sync::Arc;

use apigen_model::api::Api;
use apigen_model::behaviour::Samples;
use apigen_runtime::codegen::{self, Sampler};
use apigen_runtime::validate::MessageLocation;
use apigen_runtime::validate::schema::{Schema, Type};

use make::Maker;
use operation::Operations;
use tables::Tables;

/// The samples of a service.
///
/// ```
/// use std::sync::Arc;
/// use apigen_model::behaviour::SensitiveAnnotations;
/// use apigen_model::{Inputs, Source, load};
/// use apigen_testing::sample::{Options, Sampling};
///
/// let spec = r#"{ "name": "Library", "models": { "reader": { "fields": [
///     { "name": "email", "type": "string" },
///     { "name": "country", "type": "string", "maximum": 2 }
/// ] } } }"#;
/// let source = Source { name: "api.json".to_owned(), text: spec.to_owned(), path: None };
/// let loaded = load(Inputs { specs: vec![source], ..Inputs::default() }).map_err(|report| report.render(false)).unwrap();
/// let schema = Arc::new(apigen_testing::schema(&loaded.api, &SensitiveAnnotations::default()).unwrap());
/// let sampling = Sampling::new(&loaded.api, Arc::clone(&schema));
/// let reader = schema.find("reader").unwrap();
/// let json = sampling.value(&reader, &Options { seed: 7, ..Options::default() }).unwrap();
/// assert_eq!(json, r#"{"email":"tom.bauer@example.com","country":"NL"}"#);
/// ```
#[derive(Debug)]
pub struct Sampling {
    schema: Arc<Schema>,
    tables: Tables,
    operations: Operations,
}

/// How to generate a sample.
#[derive(Debug, Clone, Copy, Default)]
pub struct Options<'k> {
    /// Determines everything that the spec leaves open.
    pub seed: u64,
    /// Which optional parts are there.
    pub profile: Profile,
    /// What the request says: values of path variables and of the query. A response repeats them in the fields that they
    /// name. A query parameter `limit` limits the number of elements.
    pub known: &'k [KnownValue<'k>],
}

/// Which optional parts of a sample are there.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Profile {
    /// All; lists and maps have elements, to a depth of five models.
    #[default]
    Full,
    /// None; lists and maps are as short as allowed.
    Minimal,
}

/// The value of a parameter of a request.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct KnownValue<'k> {
    /// Its location: only values of the path and of the query matter.
    pub location: MessageLocation,
    /// The name of the parameter.
    pub name: &'k str,
    /// The value as JSON text that its type accepts.
    pub json: &'k str,
}

impl Sampling {
    /// Determines how the samples of all types and operations are generated. The schema is that of the same model.
    pub fn new(api: &Api, schema: Arc<Schema>) -> Self {
        let samples = Samples::new(api);
        let (tables, operations) = (Tables::new(api, &samples), Operations::new(api, &samples, &schema));
        Self { schema, tables, operations }
    }

    /// Returns true if a type of the schema has a sample: a finite value within all limits.
    pub fn exists(&self, ty: &Type) -> bool {
        self.tables.exists(ty)
    }

    /// Returns a sample of a type of the schema as JSON text; `None` if it has none. Known values do not matter here.
    pub fn value(&self, ty: &Type, options: &Options<'_>) -> Option<String> {
        self.exists(ty).then(|| self.maker(options).whole(&self.tables.slot(ty)))
    }

    fn maker(&self, options: &Options<'_>) -> Maker<'_> {
        Maker::new(&self.tables, self.sampler(options))
    }

    fn sampler(&self, options: &Options<'_>) -> Sampler {
        let profile = match options.profile {
            Profile::Full => codegen::Profile::Full,
            Profile::Minimal => codegen::Profile::Minimal,
        };
        Sampler::new(options.seed, profile, None)
    }
}
