//! Samples of every type, response and request of our documents and the real ones: valid by the dynamic validator, for
//! many seeds, with and without optional parts.

use std::path::Path;
use std::sync::Arc;

use apigen_model::api;
use apigen_runtime::Mode;
use apigen_runtime::validate::MessageLocation;
use apigen_runtime::validate::schema::{Operation, Schema, Type};
use apigen_testing::sample::{KnownValue, Options, Profile, Sampling};

use crate::documents::{Documents, ours, real};

const PROFILES: [Profile; 2] = [Profile::Full, Profile::Minimal];
const SEEDS: u64 = 30;
/// Types with large samples get fewer seeds.
const MAX_BYTES: usize = 200_000;

/// A service.
struct At<'a> {
    schema: &'a Schema,
    sampling: &'a Sampling,
    path: &'a Path,
}

/// How many there were.
#[derive(Debug, Default)]
struct Counts {
    types: usize,
    types_without: usize,
    values: usize,
    responses: usize,
    responses_without: usize,
    /// Responses with a value of their request.
    repeating: usize,
    requests: usize,
    requests_without: usize,
}

#[test]
fn samples_of_our_documents_are_valid() {
    let counts = check(&ours());
    println!("{counts:?}");
    assert!(counts.types > 150 && counts.responses > 2_000 && counts.requests > 2_000, "{counts:?}");
}

#[test]
#[cfg_attr(not(corpus), ignore = "APIGEN_CORPUS names no folder of API Builder documents")]
fn samples_of_real_documents_are_valid() {
    let counts = check(&real());
    println!("{counts:?}");
    assert!(counts.types > 3_000 && counts.responses > 50_000 && counts.requests > 45_000, "{counts:?}");
    assert!(counts.types_without * 200 < counts.types, "{counts:?}");
    assert!(
        counts.responses_without * 100 < counts.responses && counts.requests_without * 100 < counts.requests,
        "{counts:?}"
    );
}

fn check(documents: &Documents) -> Counts {
    let mut counts = Counts::default();
    for path in &documents.paths {
        document(documents, path, &mut counts);
    }
    counts
}

fn document(documents: &Documents, path: &Path, counts: &mut Counts) {
    let config = documents.config(path);
    let loaded = config.load().unwrap();
    let schema = Arc::new(apigen_testing::schema(&loaded.api, config.sensitive_annotations()).unwrap());
    let sampling = Sampling::new(&loaded.api, Arc::clone(&schema));
    let (models, interfaces) = (loaded.api.models.len(), loaded.api.interfaces.len());
    let types = (0..models + interfaces).map(Type::Model);
    let types = types.chain((0..loaded.api.unions.len()).map(Type::Union));
    for ty in types.chain((0..loaded.api.enums.len()).map(Type::Enum)) {
        counts.types += 1;
        match sampling.exists(&ty) {
            true => counts.values += values(&schema, &sampling, &ty, path),
            false => counts.types_without += 1,
        }
    }
    let at = At { schema: &schema, sampling: &sampling, path };
    let requested = loaded.api.services.iter().filter(|(_, service)| service.role == api::Role::Requested);
    let described =
        requested.flat_map(|(_, service)| service.resources.iter().flat_map(|resource| &resource.operations));
    for (operation, described) in schema.operations().iter().zip(described) {
        let known = known(&at, described);
        let known = known.iter().map(|(location, name, json)| KnownValue { location: *location, name, json });
        responses(&at, operation, &known.collect::<Vec<_>>(), counts);
        requests(&at, operation, counts);
    }
}

fn options(profile: Profile) -> impl Iterator<Item = Options<'static>> {
    (0..SEEDS).map(move |seed| Options { seed, profile, known: &[] })
}

fn values(schema: &Schema, sampling: &Sampling, ty: &Type, path: &Path) -> usize {
    let (mut bytes, mut count) = (0, 0);
    for options in PROFILES.into_iter().flat_map(options) {
        if bytes > MAX_BYTES && options.seed > 2 {
            continue;
        }
        let json = sampling.value(ty, &options).unwrap();
        if let Err(violations) = schema.validate(ty, &json, &Mode::strict()) {
            panic!("{}: {ty:?}, {options:?}: {violations}: {json}", path.display());
        }
        bytes += json.len();
        count += 1;
    }
    count
}

/// Checks the responses with each declared status, to requests whose path and query are known.
fn responses(at: &At<'_>, operation: &Operation, known: &[KnownValue<'_>], counts: &mut Counts) {
    let info = operation.info();
    let is_said = |body: &[u8]| known.iter().any(|value| String::from_utf8_lossy(body).contains(value.json));
    for status in info
        .responses
        .iter()
        .map(|declared| declared.status.unwrap_or(599))
        .filter(|status| (200..600).contains(status))
    {
        let mut bytes = 0;
        for options in PROFILES.into_iter().flat_map(options) {
            if bytes > MAX_BYTES && options.seed > 2 {
                continue;
            }
            let Some(response) = at.sampling.response(info.id, status, &Options { known, ..options }) else {
                counts.responses_without += 1;
                continue;
            };
            if let Err(violations) = at.schema.response(operation, &response, &Mode::strict()) {
                panic!("{}: {} {status}, {options:?}: {violations}: {response:?}", at.path.display(), info.id);
            }
            bytes += response.body().len();
            counts.responses += 1;
            counts.repeating += usize::from(is_said(response.body()));
        }
    }
}

/// Returns a value for each plain parameter in the path or query.
fn known(at: &At<'_>, operation: &api::Operation) -> Vec<(MessageLocation, String, String)> {
    let values = operation.parameters.iter().filter_map(|parameter| {
        let location = match parameter.location {
            api::Location::Path => MessageLocation::Path,
            api::Location::Query if parameter.name != "limit" => MessageLocation::Query,
            _ => return None,
        };
        let ty = match &parameter.ty {
            api::Type::Primitive(primitive) => at.schema.find(primitive.name()).unwrap(),
            api::Type::Enum(id) => Type::Enum(id.index()),
            _ => return None,
        };
        Some((location, parameter.name.clone(), at.sampling.value(&ty, &Options::default())?))
    });
    values.collect()
}

fn requests(At { schema, sampling, path }: &At<'_>, operation: &Operation, counts: &mut Counts) {
    let id = operation.info().id;
    for seed in 0..SEEDS {
        match sampling.request(id, seed) {
            None => counts.requests_without += 1,
            Some(request) => {
                let taken = schema.request(&request, &Mode::strict());
                let taken = taken.unwrap_or_else(|error| panic!("{}: {id}: {error}: {request:?}", path.display()));
                assert_eq!(taken.info().id, id, "{}: {request:?}", path.display());
                counts.requests += 1;
            }
        }
    }
}
