//! Samples of small specs.

use std::sync::Arc;

use apigen_model::behaviour::SensitiveAnnotations;
use apigen_model::{Inputs, Source, load};
use apigen_runtime::Mode;
use apigen_runtime::http::HeaderMap;
use apigen_runtime::validate::MessageLocation;
use apigen_runtime::validate::schema::Schema;
use serde_json::{Value, json};

use super::field_name::{NUMBERS, TEXTS};
use super::{KnownValue, Options, Profile, Sampling};

const PROFILES: [Profile; 2] = [Profile::Full, Profile::Minimal];

fn sampling(spec: &Value) -> (Arc<Schema>, Sampling) {
    let source = Source { name: "api.json".to_owned(), text: spec.to_string(), path: None };
    let loaded = load(Inputs { specs: vec![source], ..Inputs::default() })
        .unwrap_or_else(|report| panic!("{}", report.render(false)));
    let schema = Arc::new(crate::schema(&loaded.api, &SensitiveAnnotations::default()).unwrap());
    (Arc::clone(&schema), Sampling::new(&loaded.api, schema))
}

/// A service with these models: `{ "user": { "name": "string", "age": { "type": "integer", "required": false } } }`.
fn models(models: &Value) -> Value {
    let models = models.as_object().unwrap().iter().map(|(name, fields)| {
        let fields = fields.as_object().unwrap().iter().map(|(name, field)| {
            let mut field = if field.is_string() { json!({ "type": field }) } else { field.clone() };
            field["name"] = name.as_str().into();
            field
        });
        (name.clone(), json!({ "fields": fields.collect::<Vec<_>>() }))
    });
    json!({ "name": "Samples", "models": models.collect::<serde_json::Map<_, _>>() })
}

/// Returns a valid sample of a type.
fn sample(of: &(Arc<Schema>, Sampling), ty: &str, options: &Options<'_>) -> Value {
    let (schema, sampling) = of;
    let ty = schema.find(ty).unwrap();
    let json = sampling.value(&ty, options).unwrap();
    schema.validate(&ty, &json, &Mode::strict()).unwrap_or_else(|violations| panic!("{violations}: {json}"));
    serde_json::from_str(&json).unwrap()
}

fn seeds(profile: Profile) -> impl Iterator<Item = Options<'static>> {
    (0..40).map(move |seed| Options { seed, profile, known: &[] })
}

#[test]
fn names_say_what_values_look_like() {
    let names: Vec<&str> = TEXTS.iter().flat_map(|(names, _)| names.split('|')).collect();
    let numbers: Vec<&str> = NUMBERS.iter().flat_map(|(names, _)| names.split('|')).collect();
    for names in [&names, &numbers] {
        let mut sorted = names.clone();
        sorted.sort_unstable();
        assert!(sorted.windows(2).all(|pair| pair[0] != pair[1]), "a name is there twice: {sorted:?}");
    }
    let more = ["name", "created_at", "updatedAt", "expiresAt", "birth_date", "billingEmail", "shippingAddressCity"];
    let texts = names.iter().chain(&more).map(|name| (*name, "string"));
    let fields: Vec<(&str, &str)> = texts.chain(numbers.iter().map(|name| (*name, "decimal"))).collect();
    // Each in a model of its own, so that no value depends on the others.
    let things = fields.iter().enumerate().map(|(index, (name, ty))| {
        let field: serde_json::Map<_, _> = [(name.replace(' ', "_"), json!(ty))].into_iter().collect();
        (format!("thing_{index}"), Value::from(field))
    });
    let of = sampling(&models(&things.collect::<serde_json::Map<_, _>>().into()));
    let mut told = String::new();
    for index in 0..fields.len() {
        let thing = sample(&of, &format!("thing_{index}"), &Options { seed: 1, ..Options::default() });
        thing.as_object().unwrap().iter().for_each(|(name, value)| told.push_str(&format!("{name}: {value}\n")));
    }
    let file = concat!(env!("CARGO_MANIFEST_DIR"), "/src/sample/names.txt");
    if std::env::var_os("APIGEN_BLESS").is_some() {
        std::fs::write(file, &told).unwrap();
    }
    assert_eq!(told, std::fs::read_to_string(file).unwrap());
}

#[test]
fn limits_of_the_spec_win() {
    let field = |minimum: i64, maximum: i64| json!({ "type": "string", "minimum": minimum, "maximum": maximum });
    let of = sampling(&models(&json!({ "address": {
        "city": field(0, 3), "email": field(3, 5), "name": field(50, 60), "country": field(2, 2), "postal_code": field(1, 1),
        "price": { "type": "decimal", "maximum": 3 },
        "rate": { "type": "double", "minimum": -3, "maximum": -2 },
        "quantity": { "type": "integer", "minimum": 1_000_000 },
        "tags": { "type": "[string]", "minimum": 3, "maximum": 3 },
        "status": { "type": "string", "maximum": 6 },
        "code": { "type": "string", "example": "C-1" },
        "label": { "type": "string", "maximum": 3, "example": "too long" },
        "currency": { "type": "string", "default": "XTS" }
    } })));
    for profile in PROFILES {
        for options in seeds(profile) {
            let made = sample(&of, "address", &options);
            assert_eq!((&made["code"], made["country"].as_str().unwrap().len()), (&json!("C-1"), 2), "{made}");
            assert_eq!((&made["status"], made["tags"].as_array().unwrap().len()), (&json!("active"), 3), "{made}");
            assert!(made["country"].as_str().unwrap().bytes().all(|byte| byte.is_ascii_uppercase()), "{made}");
        }
    }
}

#[test]
fn the_parts_of_a_value_fit_together() {
    let mut spec = models(&json!({
        "user": {
            "email": "string", "name": "string", "address": "address", "orders": "[order]",
            "created_at": "date-time-iso8601", "updated_at": "date-time-iso8601", "expires_at": "date-time-iso8601"
        },
        "address": { "city": "string", "country": "country", "currency": "string" },
        "order": { "number": "string", "placed_at": "date-time-iso8601", "delivery_estimate": "date-time-iso8601" },
        "organization": { "id": "string", "name": "string" },
        "timezone": { "name": "string" }
    }));
    let countries = ["FRA", "DEU", "USA", "ITA", "JPN"].map(|name| json!({ "name": name }));
    spec["enums"] = json!({ "country": { "values": countries } });
    let of = sampling(&spec);
    let mut numbers = std::collections::BTreeSet::new();
    for options in seeds(Profile::Full) {
        let user = sample(&of, "user", &options);
        let text = |pointer: &str| user.pointer(pointer).unwrap().as_str().unwrap();
        assert_eq!(text("/email"), format!("{}@example.com", text("/name").to_lowercase().replace(' ', ".")));
        assert!(text("/created_at") < text("/updated_at") && text("/updated_at") < text("/expires_at"), "{user}");
        if text("/address/city") == "Berlin" {
            assert_eq!((text("/address/country"), text("/address/currency")), ("DEU", "EUR"));
        }
        for order in user["orders"].as_array().unwrap() {
            assert!(order["placed_at"].as_str() < order["delivery_estimate"].as_str(), "{user}");
            numbers.insert(order["number"].to_string());
        }
        let organization = sample(&of, "organization", &options);
        assert!(organization["id"].as_str().unwrap().starts_with("org-"), "{organization}");
        assert!(super::dictionary::COMPANIES.contains(&organization["name"].as_str().unwrap()), "{organization}");
        assert!(sample(&of, "timezone", &options)["name"].as_str().unwrap().contains('/'));
    }
    assert!(numbers.len() > 40, "{numbers:?}");
}

#[test]
fn every_construct_has_valid_samples() {
    let mut spec = models(&json!({
        "all": {
            "boolean": "boolean", "integer": "integer", "long": "long", "double": "double", "decimal": "decimal",
            "string": "string", "uuid": "uuid", "date": "date-iso8601", "moment": "date-time-iso8601", "object": "object",
            "json": "json", "unit": "unit", "list": "[[string]]", "map": "map[map[long]]", "maps": "[map[size]]",
            "maybe": { "type": "json", "required": false }, "nothing": { "type": "unit", "required": false },
            "none": { "type": "string", "required": false, "minimum": 20_000 },
            "preset": { "type": "[size]", "default": "[\"large\"]" }, "price": "integer"
        },
        "tree": { "name": "string", "left": { "type": "tree", "required": false }, "children": "[tree]", "event": "event" },
        "leaf": { "size": "size", "tree": { "type": "tree", "required": false } },
        "endless": { "next": "endless" }, "hopeful": { "next": "[endless]", "other": { "type": "endless", "required": false } }
    }));
    spec["enums"] = json!({ "size": { "values": [{ "name": "small", "deprecation": {} }, { "name": "large", "value": "L \"" }] }, "color": { "values": [{ "name": "red" }] } });
    spec["unions"] = json!({
        "event": { "discriminator": "kind", "types": [
            { "type": "leaf" }, { "type": "size" }, { "type": "string", "discriminator_value": "note" }, { "type": "inner" }, { "type": "endless" }
        ] },
        "inner": { "discriminator": "kind", "types": [{ "type": "tree" }, { "type": "decimal" }] },
        "any": { "types": [{ "type": "all" }, { "type": "color" }, { "type": "long" }, { "type": "[all]", "discriminator_value": "list" }, { "type": "other" }] },
        "other": { "types": [{ "type": "uuid" }, { "type": "map[string]" }] }
    });
    let of = sampling(&spec);
    let mut seen = std::collections::BTreeSet::new();
    for profile in PROFILES {
        for options in seeds(profile) {
            for ty in [
                "all",
                "tree",
                "leaf",
                "hopeful",
                "any",
                "other",
                "[event]",
                "map[any]",
                "size",
                "unit",
                "json",
                "[endless]",
            ] {
                let made = sample(&of, ty, &options);
                seen.extend(made.pointer("/0/kind").map(Value::to_string));
                if ty == "all" {
                    let is_full = profile == Profile::Full;
                    assert_eq!(
                        (made.get("maybe").is_some(), made.get("none"), &made["preset"]),
                        (is_full, None, &json!(["L \""]))
                    );
                }
            }
        }
    }
    assert_eq!(
        seen.iter().map(String::as_str).collect::<Vec<_>>(),
        ["\"decimal\"", "\"leaf\"", "\"note\"", "\"size\"", "\"tree\""]
    );
    let endless = of.0.find("endless").unwrap();
    assert!(!of.1.exists(&endless) && of.1.value(&endless, &Options::default()).is_none());
}

#[test]
fn samples_of_hostile_specs_are_bounded() {
    let doubling = (0..60).map(|level| {
        let next = if level == 59 { "string".to_owned() } else { format!("m{}", level + 1) };
        (format!("m{level}"), json!({ "left": next, "right": next }))
    });
    let of = sampling(&models(&doubling.collect::<serde_json::Map<_, _>>().into()));
    let json = of.1.value(&of.0.find("m0").unwrap(), &Options::default()).unwrap();
    assert!(
        (1 << 20..16 << 20).contains(&json.len()) && serde_json::from_str::<Value>(&json).is_ok(),
        "{}",
        json.len()
    );

    let deep = (0..3_000).map(|level| {
        let next = if level == 2_999 { "string".to_owned() } else { format!("m{}", level + 1) };
        (format!("m{level}"), json!({ "next": next }))
    });
    let of = sampling(&models(&deep.collect::<serde_json::Map<_, _>>().into()));
    let json = of.1.value(&of.0.find("m0").unwrap(), &Options::default()).unwrap();
    assert!(json.ends_with(&format!("null{}", "}".repeat(120))), "{json}");

    let mut spec = models(&json!({ "end": {} }));
    let nested = (0..40).map(|level| {
        let next = if level == 39 { "end".to_owned() } else { format!("u{}", level + 1) };
        (format!("u{level}"), json!({ "types": [{ "type": next }] }))
    });
    spec["unions"] = nested.collect::<serde_json::Map<_, _>>().into();
    let get = json!({ "method": "GET", "responses": { "200": { "type": "u0" } } });
    spec["resources"] = json!({ "u0": { "path": "/all", "operations": [get] } });
    let of = sampling(&spec);
    let u0 = of.0.find("u0").unwrap();
    assert!(of.1.value(&u0, &Options::default()).is_some());
    assert_eq!(of.1.fill(&u0, r#"{"end":{}}"#, &Options::default()), r#"{"end":{}}"#);
}

fn library() -> (Arc<Schema>, Sampling) {
    let mut spec = models(&json!({
        "user": { "guid": "uuid", "email": { "type": "string", "minimum": 5, "maximum": 20 }, "organization": "organization", "age": "integer" },
        "organization": { "id": "string", "name": "string" },
        "visit": { "id": "long", "user_guid": "uuid", "place": "string" },
        "page": { "total": "long", "visits": "[visit]" },
        "form": { "email": "string", "tags": "[string]", "home": { "type": "organization", "required": false } }
    }));
    spec["unions"] =
        json!({ "either": { "discriminator": "kind", "types": [{ "type": "user" }, { "type": "visit" }] } });
    let get = |path: &str, ty: &str, more: Value| json!({ "method": "GET", "path": path, "parameters": more, "responses": { "200": { "type": ty } } });
    spec["resources"] = json!({
        "user": { "path": "/:organization/users", "operations": [
            get("", "[user]", json!([
                { "name": "guid", "type": "[uuid]", "required": false }, { "name": "email", "type": "string", "required": false },
                { "name": "limit", "type": "long", "default": 25 }, { "name": "organization", "type": "string" }
            ])),
            get("/:guid", "user", json!([{ "name": "guid", "type": "uuid" }, { "name": "organization", "type": "string" }])),
            get("/search", "either", json!([{ "name": "guid", "type": "uuid" }, { "name": "organization", "type": "string" }])),
            { "method": "POST", "path": "/form/:a/:b", "parameters": [
                { "name": "organization", "type": "string" }, { "name": "a", "type": "date-time-iso8601" }, { "name": "b", "type": "decimal" },
                { "name": "user", "type": "form", "location": "form" }, { "name": "nested", "type": "[map[[long]]]", "location": "form" },
                { "name": "X-Tags", "type": "[string]", "location": "header" }, { "name": "X-Note", "type": "string", "location": "header", "required": false },
                { "name": "id", "type": "[string]", "minimum": 2, "required": false }
            ], "responses": { "201": { "type": "string", "headers": [
                    { "name": "X-Count", "type": "string" }, { "name": "Location", "type": "string", "required": false },
                    { "name": "Content-Type", "type": "string", "default": "text/csv" }
                ] }, "404": { "type": "unit" }, "default": { "type": "[string]" } } },
            { "method": "PUT", "path": "/:guid", "body": { "type": "form" }, "parameters": [{ "name": "guid", "type": "string" }, { "name": "organization", "type": "string" }], "responses": { "200": { "type": "user" } } }
        ] },
        "visit": { "path": "/users/:guid/visits", "operations": [
            get("", "[visit]", json!([{ "name": "guid", "type": "uuid" }])),
            get("/page", "page", json!([{ "name": "guid", "type": "uuid" }])),
            get("/:id", "visit", json!([{ "name": "guid", "type": "uuid" }, { "name": "id", "type": "long" }]))
        ] }
    });
    sampling(&spec)
}

/// Returns the valid response to an operation with this status.
fn response(
    of: &(Arc<Schema>, Sampling),
    path: &str,
    status: u16,
    known: &[(MessageLocation, &str, &str)],
    profile: Profile,
) -> (HeaderMap, Value) {
    let (method, path) = path.split_once(' ').unwrap();
    let operation = of.0.operation(method, path).unwrap();
    let known: Vec<KnownValue<'_>> =
        known.iter().map(|(location, name, json)| KnownValue { location: *location, name, json }).collect();
    let response = of.1.response(operation.info().id, status, &Options { seed: 5, profile, known: &known }).unwrap();
    of.0.response(operation, &response, &Mode::strict())
        .unwrap_or_else(|violations| panic!("{violations}: {response:?}"));
    let (head, body) = response.into_parts();
    let body = match body.is_empty() {
        true => Value::Null,
        false => serde_json::from_slice(&body).unwrap_or_else(|_| String::from_utf8_lossy(&body).into()),
    };
    (head.headers, body)
}

const GUIDS: [&str; 2] = ["\"6513270e-269e-4d37-b2a7-4de452e6b438\"", "\"f4ad28e1-05e2-4a8b-9f2f-1a4b2f7c2d11\""];

#[test]
fn responses_repeat_what_requests_say() {
    use MessageLocation::{Path, Query};
    let of = library();
    let guid = |index: usize| serde_json::from_str::<Value>(GUIDS[index]).unwrap();
    for profile in PROFILES {
        let known = [(Path, "organization", "\"acme\""), (Path, "guid", GUIDS[0])];
        let (_, user) = response(&of, "GET /:organization/users/:guid", 200, &known, profile);
        assert_eq!((&user["guid"], &user["organization"]["id"]), (&guid(0), &json!("acme")), "{user}");
        // A variable and the query are about each member of a union.
        let known = [(Query, "guid", GUIDS[1])];
        let (_, either) = response(&of, "GET /:organization/users/search", 200, &known, profile);
        assert!(either["kind"] == "visit" || either["guid"] == guid(1), "{either}");
        let (_, visit) =
            response(&of, "GET /users/:guid/visits/:id", 200, &[(Path, "guid", GUIDS[0]), (Path, "id", "77")], profile);
        assert_eq!((&visit["user_guid"], &visit["id"]), (&guid(0), &json!(77)), "{visit}");
    }
    let (_, visits) = response(&of, "GET /users/:guid/visits", 200, &[(Path, "guid", GUIDS[0])], Profile::Full);
    assert!(
        !visits[0].is_null() && visits.as_array().unwrap().iter().all(|visit| visit["user_guid"] == guid(0)),
        "{visits}"
    );
    let (_, page) = response(&of, "GET /users/:guid/visits/page", 200, &[(Path, "guid", GUIDS[0])], Profile::Full);
    assert_eq!(page["visits"][0]["user_guid"], guid(0), "{page}");

    let both = format!("[{},{}]", GUIDS[0], GUIDS[1]);
    let known = [(Query, "guid", both.as_str()), (Query, "email", "\"a@b.c\""), (Query, "limit", "25")];
    let (_, users) = response(&of, "GET /:organization/users", 200, &known, Profile::Full);
    for (index, user) in users.as_array().unwrap().iter().enumerate() {
        assert_eq!((&user["guid"], &user["email"]), (&guid(index), &json!("a@b.c")), "{users}");
    }
    // Limits of the field win, and `limit` limits.
    let known = [(Query, "email", "\"no\""), (Query, "limit", "1")];
    let (_, users) = response(&of, "GET /:organization/users", 200, &known, Profile::Full);
    assert_ne!(users[0]["email"], "no");
    assert_eq!(users.as_array().unwrap().len(), 1);
    assert_eq!(response(&of, "GET /:organization/users", 200, &[(Query, "limit", "0")], Profile::Full).1, json!([]));
}

#[test]
fn responses_have_their_headers_and_content_type() {
    let of = library();
    let post = "POST /:organization/users/form/:a/:b";
    let (headers, body) = response(&of, post, 201, &[], Profile::Minimal);
    assert_eq!((headers["content-type"].as_bytes(), headers.get("location")), (&b"text/csv"[..], None));
    assert!(
        headers["x-count"].to_str().unwrap().parse::<u32>().is_ok() && body.as_str().unwrap().ends_with('.'),
        "{body}"
    );
    let (headers, _) = response(&of, post, 201, &[], Profile::Full);
    assert!(headers.contains_key("location"));
    assert_eq!(response(&of, post, 404, &[], Profile::Full), (HeaderMap::new(), Value::Null));
    let (headers, body) = response(&of, post, 500, &[], Profile::Full);
    assert_eq!(headers["content-type"], "application/json");
    assert!(body[0].is_string());
    let id = |path: &str| of.0.operation("GET", path).unwrap().info().id;
    assert!(of.1.response(id("/:organization/users"), 404, &Options::default()).is_none());
    assert!(of.1.response("users.nothing", 200, &Options::default()).is_none());
}

#[test]
fn requests_are_valid_and_for_their_own_operation() {
    let of = library();
    let mut uris = std::collections::BTreeSet::new();
    let (mut forms, mut bodies) = (0, 0);
    for operation in of.0.operations() {
        let id = operation.info().id;
        for seed in 0..60 {
            let request = of.1.request(id, seed).unwrap_or_else(|| panic!("{id} {seed}"));
            assert_eq!(of.0.request(&request, &Mode::strict()).unwrap().info().id, id, "{request:?}");
            let same = of.1.request(id, seed).unwrap();
            assert_eq!((request.uri(), request.headers(), request.body()), (same.uri(), same.headers(), same.body()));
            let is = |wanted: &str| {
                request.headers().get("content-type").is_some_and(|own| own.as_bytes().starts_with(wanted.as_bytes()))
            };
            forms += usize::from(is("application/x-www-form-urlencoded"));
            bodies += usize::from(is("application/json"));
            uris.insert(request.uri().to_string());
        }
    }
    // A list in a list does not go into a form, so it is sent as JSON.
    assert!(forms > 5 && bodies > 65, "{forms} {bodies}");
    assert!(uris.len() > 200 && uris.iter().any(|uri| uri.contains("&guid=")), "{}", uris.len());
    assert!(of.1.request("users.nothing", 0).is_none());
}

#[test]
fn what_is_given_is_completed() {
    let of = library();
    let fill = |ty: &str, json: &str| -> Value {
        let ty = of.0.find(ty).unwrap();
        let filled = of.1.fill(&ty, json, &Options::default());
        of.0.validate(&ty, &filled, &Mode::strict()).unwrap_or_else(|violations| panic!("{violations}: {filled}"));
        serde_json::from_str(&filled).unwrap()
    };
    let user = fill("user", r#" { "more": [1, 1.50], "organization": { "name": "Acme" }, "age": 7 } "#);
    assert_eq!(
        (&user["organization"]["name"], &user["age"], &user["more"]),
        (&json!("Acme"), &json!(7), &json!([1, 1.5]))
    );
    assert!(user["guid"].is_string() && user["organization"]["id"].is_string(), "{user}");
    let users = fill("[user]", r#"[{ "age": 1 }, {}]"#);
    assert_eq!((&users[0]["age"], users.as_array().unwrap().len()), (&json!(1), 2));
    let either = fill("either", r#"{ "place": "here", "kind": "visit" }"#);
    assert_eq!((&either["kind"], &either["place"], either["id"].is_i64()), (&json!("visit"), &json!("here"), true));
    assert_eq!(fill("map[form]", "{}"), json!({}));
    let ty = of.0.find("user").unwrap();
    for wrong in ["7", "nonsense", "[", "null", r#""text""#] {
        assert_eq!(of.1.fill(&ty, wrong, &Options::default()), wrong);
    }
    let deep = format!("{}{}", "[".repeat(100_000), "]".repeat(100_000));
    assert_eq!(of.1.fill(&of.0.find("[json]").unwrap(), &deep, &Options::default()), deep);
}

#[test]
fn the_same_seed_gives_the_same_bytes() {
    let (one, other) = (library(), library());
    let user = one.0.find("[user]").unwrap();
    let mut all = std::collections::BTreeSet::new();
    for profile in PROFILES {
        for options in seeds(profile) {
            let made = [&one, &other].map(|of| of.1.value(&user, &options).unwrap());
            assert_eq!(made[0], made[1]);
            all.insert(made[0].clone());
        }
    }
    assert!(all.len() > 30, "{}", all.len());
    let first = one.1.value(&one.0.find("user").unwrap(), &Options { seed: 1, ..Options::default() }).unwrap();
    let expected = concat!(
        r#"{"age":25,"email":"hana@example.com","guid":"f893a2ee-fb32-455e-b1c1-8690ee42c90b","#,
        r#""organization":{"id":"org-9055861e","name":"Cedar Supply"}}"#
    );
    assert_eq!(first, expected);
}
