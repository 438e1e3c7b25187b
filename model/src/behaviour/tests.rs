//! Tests of the facts derived from a small spec.

use super::{
    FieldIndex, FieldSample, Presence, Route, Samples, SensitiveAnnotations, SensitiveTypes, TypeSample, base, echoes,
    overlapping_routes,
};
use crate::api::{Api, Literal, Type};
use crate::{Inputs, Source, load};

fn api(spec: &str) -> Api {
    let source = Source { name: "api.json".to_owned(), text: spec.to_owned(), path: None };
    load(Inputs { specs: vec![source], ..Inputs::default() }).map_err(|report| report.render(false)).unwrap().api
}

/// Returns the samples of the fields of the model `all`.
fn fields(api: &Api) -> Vec<(&str, FieldSample<'_>)> {
    let samples = Samples::new(api);
    let (_, model) = api.models.iter().find(|(_, model)| model.name == "all").unwrap();
    model.fields.iter().map(|field| (field.name.as_str(), samples.field(field))).collect()
}

#[test]
fn samples_prefer_what_the_spec_says() {
    let api = api(r#"{ "name": "Samples", "models": {
        "all": { "fields": [
            { "name": "preset", "type": "string", "default": "a" },
            { "name": "example", "type": "integer", "example": "7" },
            { "name": "too_large", "type": "integer", "example": "7", "maximum": 5 },
            { "name": "null", "type": "json", "required": false, "example": "null" },
            { "name": "impossible", "type": "string", "required": false, "minimum": 20000 },
            { "name": "nothing", "type": "unit" },
            { "name": "flag", "type": "boolean", "minimum": 1 },
            { "name": "endless", "type": "[[endless]]", "minimum": 1 }
        ] },
        "endless": { "fields": [{ "name": "next", "type": "endless" }] }
    } }"#);
    let made = |maximum, value| FieldSample::Made { minimum: None, maximum, value };
    let (text, seven) = (Literal::String("a".to_owned()), Literal::Integer(7));
    let elements = TypeSample::List(Box::new(TypeSample::EmptyList));
    assert_eq!(
        fields(&api),
        [
            ("preset", FieldSample::Literal(&text)),
            ("example", FieldSample::Literal(&seven)),
            ("too_large", made(Some(5), TypeSample::Typed)),
            ("null", made(None, TypeSample::Typed)),
            ("impossible", FieldSample::Nothing),
            ("nothing", FieldSample::Nothing),
            ("flag", made(None, TypeSample::Typed)),
            ("endless", FieldSample::Made { minimum: Some(1), maximum: None, value: elements }),
        ]
    );
}

#[test]
fn samples_of_unions_have_only_members_with_values() {
    let api = api(r#"{ "name": "Samples",
        "models": {
            "endless": { "fields": [{ "name": "next", "type": "endless" }] },
            "tree": { "fields": [{ "name": "part", "type": "part" }] },
            "leaf": { "fields": [] }
        },
        "unions": {
            "part": { "types": [{ "type": "endless" }, { "type": "tree" }, { "type": "leaf" }] },
            "never": { "types": [{ "type": "endless" }] }
        }
    }"#);
    let samples = Samples::new(&api);
    let unions: Vec<_> = api.unions.iter().map(|(id, union)| (union.name.as_str(), samples.union(id))).collect();
    let [("never", None), ("part", Some(part))] = unions.as_slice() else { panic!("{unions:?}") };
    assert_eq!(part.members.iter().map(|member| member.index).collect::<Vec<_>>(), [1, 2]);
    assert_eq!((part.smallest, part.is_seeded()), (1, true));
}

#[test]
fn routes_say_how_requests_are_read() {
    let api = api(r#"{ "name": "Routes", "models": { "book": { "fields": [{ "name": "title", "type": "string" }] } },
        "resources": { "book": { "operations": [
            { "method": "POST", "path": "/:id/search", "attributes": [{ "name": "apigen", "value": { "side_effects": false } }],
              "parameters": [
                { "name": "id", "type": "long" },
                { "name": "token", "type": "string" },
                { "name": "tags", "type": "[string]", "required": false },
                { "name": "meta", "type": "map[string]", "location": "Form" },
                { "name": "limit", "type": "integer", "default": "25" }
              ],
              "responses": { "default": { "type": "book" }, "204": { "type": "unit" } } }
        ] } } }"#);
    let annotations = SensitiveAnnotations::default();
    let sensitive = SensitiveTypes::new(&api, &annotations);
    let (_, service) = api.services.iter().next().unwrap();
    let resource = &service.resources[0];
    let route = Route::new(&sensitive, (&api, &annotations), resource, &resource.operations[0]);
    assert_eq!((route.side_effects, route.sensitive), (false, true));
    assert_eq!(route.sensitive_parameters(), ["token"]);
    let read: Vec<_> = route.parameters.iter().map(|p| (p.parameter.name.as_str(), p.presence, p.argument)).collect();
    assert_eq!(
        read,
        [
            ("id", Presence::Optional, true),
            ("token", Presence::Required, true),
            ("tags", Presence::List, false),
            ("meta", Presence::Object, true),
            ("limit", Presence::Optional, false),
        ]
    );
    let responses: Vec<_> = route.responses.iter().map(|response| (response.status, response.success)).collect();
    assert_eq!(responses, [(Some(204), true), (None, false)]);
}

#[test]
fn operations_with_many_parameters_have_no_arguments() {
    let parameters: Vec<String> = (0..7).map(|n| format!(r#"{{ "name": "p{n}", "type": "long" }}"#)).collect();
    let spec = format!(
        r#"{{ "name": "Routes", "models": {{ "book": {{ "fields": [] }} }}, "resources": {{ "book": {{ "operations": [
            {{ "method": "GET", "path": "/all", "parameters": [{}] }} ] }} }} }}"#,
        parameters.join(",")
    );
    let api = api(&spec);
    let annotations = SensitiveAnnotations::default();
    let sensitive = SensitiveTypes::new(&api, &annotations);
    let (_, service) = api.services.iter().next().unwrap();
    let resource = &service.resources[0];
    let route = Route::new(&sensitive, (&api, &annotations), resource, &resource.operations[0]);
    assert!(route.parameters.iter().all(|own| own.presence == Presence::Required && !own.argument));
}

#[test]
fn routes_that_values_of_other_paths_lead_to() {
    let overlapping = |paths: &[(&str, &str)]| -> Vec<String> {
        let operations = paths.iter().map(|(method, path)| format!(r#"{{ "method": "{method}", "path": "{path}" }}"#));
        let operations: Vec<String> = operations.collect();
        let api = api(&format!(
            r#"{{ "name": "Routes", "models": {{ "item": {{ "fields": [] }} }},
                "resources": {{ "item": {{ "path": "", "operations": [{}] }} }} }}"#,
            operations.join(",")
        ));
        let (_, service) = api.services.iter().next().unwrap();
        let routes = overlapping_routes(service).into_iter();
        routes.map(|(method, path)| format!("{} {path}", method.as_str())).collect()
    };
    let users = [("GET", "/users"), ("GET", "/users/:id"), ("GET", "/users/search"), ("POST", "/users/search")];
    assert_eq!(overlapping(&users), ["GET /users/search"]);
    assert_eq!(overlapping(&[("HEAD", "/users/:id"), ("GET", "/users/search")]), ["GET /users/search"]);
    assert_eq!(overlapping(&[("GET", "/users/:id"), ("GET", "/users/:id.csv")]), ["GET /users/:id.csv"]);
    assert_eq!(overlapping(&[("GET", "/a/:x/c"), ("GET", "/a/b/:y")]), ["GET /a/:x/c", "GET /a/b/:y"]);
    assert_eq!(overlapping(&[("GET", "/users/:id"), ("GET", "/orders/all")]), [""; 0]);
    assert_eq!(overlapping(&[("GET", "/:org/api"), ("GET", "/acme/:name")]), ["GET /:org/api", "GET /acme/:name"]);
}

#[test]
fn responses_repeat_variables_and_filters() {
    let api = api(r#"{ "name": "Echoes", "models": {
            "organization": { "fields": [{ "name": "id", "type": "string" }, { "name": "name", "type": "string" }] },
            "user": { "fields": [
                { "name": "guid", "type": "uuid" }, { "name": "email", "type": "string" },
                { "name": "organization", "type": "organization" }
            ] },
            "visit": { "fields": [
                { "name": "id", "type": "long" }, { "name": "user_guid", "type": "uuid" }, { "name": "owner", "type": "user" }
            ] },
            "page": { "fields": [{ "name": "visits", "type": "[visit]" }, { "name": "limit", "type": "long" }] }
        },
        "resources": {
            "user": { "path": "/:organization/users", "operations": [
                { "method": "GET", "parameters": [
                    { "name": "organization", "type": "string" }, { "name": "guid", "type": "[uuid]", "required": false },
                    { "name": "email", "type": "long", "required": false }, { "name": "organization_name", "type": "string", "required": false }
                ] },
                { "method": "PUT", "path": "/:guid/leave", "parameters": [
                    { "name": "guid", "type": "uuid" }, { "name": "organization", "type": "string" } ] }
            ] },
            "visit": { "path": "/users/:guid/visits", "operations": [
                { "method": "GET", "path": "/:id", "parameters": [
                    { "name": "guid", "type": "uuid" }, { "name": "id", "type": "long" }, { "name": "owner_email", "type": "string", "required": false } ] },
                { "method": "GET", "parameters": [
                    { "name": "guid", "type": "uuid" }, { "name": "limit", "type": "long", "required": false } ] }
            ] } } }"#);
    let fields = FieldIndex::new(&api);
    let (_, service) = api.services.iter().next().unwrap();
    let told = |resource: usize, operation: usize, model: &str| -> Vec<String> {
        let (resource, id) =
            (&service.resources[resource], api.models.iter().find(|(_, own)| own.name == model).unwrap().0);
        let operation = &resource.operations[operation];
        let found = echoes(&api, &fields, (resource, operation), id).into_iter();
        let told = found.map(|echo| {
            let field = &api.models[id].fields[echo.field];
            let inner = echo.inner.map(|inner| {
                let Type::Model(of) = *base(&field.ty) else { panic!("{echo:?}") };
                format!(".{}", api.models[of].fields[inner].name)
            });
            format!("{} {}{}", operation.parameters[echo.parameter].name, field.name, inner.unwrap_or_default())
        });
        told.collect()
    };
    // A filter of another type than the field says nothing.
    let users = ["organization organization.id", "guid guid", "organization_name organization.name"];
    assert_eq!(told(0, 0, "user"), users);
    assert_eq!(told(0, 1, "user"), ["organization organization.id", "guid guid"]);
    assert_eq!(told(1, 0, "visit"), ["guid user_guid", "id id", "owner_email owner.email"]);
    assert_eq!(told(1, 1, "page"), ["guid visits.user_guid"]);
    assert_eq!(told(1, 1, "organization"), [""; 0]);
}
