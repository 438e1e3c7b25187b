//! Specs that use names in each place where one is possible.

use serde_json::{Map, Value, json};

use super::list::Names;

/// A spec that is generated as a module.
pub struct Spec {
    /// The name of the module.
    pub name: String,
    pub text: Value,
    /// Imported services, by URI.
    pub imported: Vec<(String, Value)>,
}

/// Returns all specs.
pub fn specs(names: &Names) -> Vec<Spec> {
    let spec = |name: &str, text| Spec { name: name.to_owned(), text, imported: Vec::new() };
    let types: Vec<String> = names.types.iter().map(|name| type_name(name)).collect();
    let mut all = [names.types.as_slice(), &names.values].concat();
    all.sort_unstable();
    all.dedup();
    let mut specs = vec![
        spec("models", models(&types)),
        spec("enums", enums(&types)),
        spec("unions", unions(&types)),
        spec("interfaces", interfaces(&types, &names.values)),
        spec("fields", fields(&names.values)),
        spec("single_fields", single_fields(&names.locals)),
        spec("operations", operations(&all)),
        spec("positional", positional(&names.values)),
        spec("parameters", parameters(&names.values)),
        spec("headers", headers(&names.values)),
        imports(&names.values),
    ];
    // rustc's work for all traits of a service together grows with the square of their number.
    let resources =
        all.chunks(80).enumerate().map(|(number, names)| spec(&format!("resources_{number}"), resources(names)));
    specs.extend(resources);
    specs
}

/// Returns a name for a type: primitives, which a spec cannot declare, get an underscore, which does not change the identifier.
fn type_name(name: &str) -> String {
    match name {
        "boolean" | "integer" | "long" | "double" | "decimal" | "string" | "uuid" | "object" | "json" | "unit"
        | "map" => {
            format!("{name}_")
        }
        _ => name.to_owned(),
    }
}

fn object(entries: impl Iterator<Item = (String, Value)>) -> Value {
    Value::Object(entries.collect::<Map<_, _>>())
}

/// Returns models, and types that contain them.
fn models(names: &[String]) -> Value {
    let fields = json!([{ "name": "id", "type": "string" }, { "name": "zyx", "type": "string", "default": "a" }]);
    let models = names.iter().map(|name| (name.clone(), json!({ "fields": fields })));
    let operations = names.chunks(50).enumerate().map(|(number, names)| {
        let error = |(at, name): (usize, &String)| ((400 + at).to_string(), json!({ "type": name }));
        let success = ("200".to_owned(), json!({ "type": format!("[{}]", names[0]) }));
        json!({ "method": "POST", "path": format!("/{number}/:id"), "body": { "type": names[0] }, "responses": object(names.iter().enumerate().map(error).chain([success])) })
    });
    json!({
        "name": "zyx_models",
        "models": object(models.chain([("zyx_thing".to_owned(), json!({ "fields": fields }))])),
        "unions": { "zyx_any": { "discriminator": "type", "types": names.iter().map(|name| json!({ "type": name })).collect::<Vec<_>>() } },
        "resources": { "zyx_thing": { "operations": operations.collect::<Vec<_>>() } },
    })
}

/// Returns enums, and an enum with all names as values, which is a field with each as default.
fn enums(names: &[String]) -> Value {
    let values: Vec<Value> = names.iter().map(|name| json!({ "name": name })).collect();
    let enums = names.iter().map(|name| (name.clone(), json!({ "values": [{ "name": name }, { "name": "zyx" }] })));
    let fields = names.iter().map(|name| json!({ "name": format!("zyx_{name}"), "type": "zyx_all", "default": name }));
    let parameters = names.iter().map(|name| json!({ "name": format!("zyx_{name}"), "type": name, "required": false }));
    json!({
        "name": "zyx_enums",
        "enums": object(enums.chain([("zyx_all".to_owned(), json!({ "values": values }))])),
        "models": { "zyx_thing": { "fields": fields.collect::<Vec<_>>() } },
        "resources": { "zyx_thing": { "operations": [
            { "method": "GET", "parameters": parameters.collect::<Vec<_>>(), "responses": { "200": { "type": "zyx_thing" } } },
        ] } },
    })
}

fn unions(names: &[String]) -> Value {
    let unions = names.iter().map(|name| {
        let inner = json!({ "types": [{ "type": "string" }, { "type": "zyx_thing" }] });
        (name.clone(), inner)
    });
    let fields = names.iter().map(|name| json!({ "name": format!("zyx_{name}"), "type": name }));
    json!({
        "name": "zyx_unions",
        "models": { "zyx_thing": { "fields": [{ "name": "id", "type": "string" }] }, "zyx_all": { "fields": fields.collect::<Vec<_>>() } },
        "unions": object(unions),
        "resources": { "zyx_all": { "operations": [{ "method": "GET", "responses": { "200": { "type": "zyx_all" } } }] } },
    })
}

/// Returns interfaces, and one that has all names as fields.
fn interfaces(names: &[String], values: &[String]) -> Value {
    let all: Vec<Value> = values.iter().map(|name| json!({ "name": name, "type": "string" })).collect();
    let fields = json!([{ "name": "zyx_id", "type": "string" }]);
    let interfaces = names.iter().map(|name| (name.clone(), json!({ "fields": fields })));
    json!({
        "name": "zyx_interfaces",
        "interfaces": object(interfaces.chain([("zyx_all".to_owned(), json!({ "fields": all }))])),
        "models": { "zyx_thing": { "interfaces": names, "fields": fields }, "zyx_other": { "interfaces": ["zyx_all"], "fields": all } },
    })
}

/// Returns fields that are required, optional, have defaults, are boxed or sensitive.
fn fields(names: &[String]) -> Value {
    let all = |rest: Value| -> Vec<Value> {
        let field = |name: &String| {
            let mut field = rest.clone();
            field["name"] = json!(name);
            field
        };
        names.iter().map(field).collect()
    };
    json!({
        "name": "zyx_fields",
        "annotations": { "secret": {} },
        "models": {
            "zyx_required": { "fields": all(json!({ "type": "string", "maximum": 9, "annotations": ["secret"] })) },
            "zyx_optional": { "fields": all(json!({ "type": "zyx_optional", "required": false })) },
        },
        "resources": { "zyx_required": { "operations": [
            { "method": "POST", "body": { "type": "zyx_required" }, "responses": { "201": { "type": "zyx_optional" } } },
        ] } },
    })
}

/// Returns models of one field.
fn single_fields(names: &[String]) -> Value {
    let models =
        names.iter().map(|name| (format!("zyx_{name}"), json!({ "fields": [{ "name": name, "type": "string" }] })));
    json!({ "name": "zyx_single_fields", "models": object(models) })
}

fn resources(names: &[String]) -> Value {
    let operations = json!([{ "method": "GET", "responses": { "200": { "type": "unit" } } }]);
    let model = |name: &String| (format!("zyx_{name}"), json!({ "plural": name, "fields": [] }));
    let resource =
        |name: &String| (format!("zyx_{name}"), json!({ "path": format!("/{name}"), "operations": operations }));
    json!({ "name": "zyx_resources", "models": object(names.iter().map(model)), "resources": object(names.iter().map(resource)) })
}

/// Returns operations named by the attribute; some have everything that an operation can have.
fn operations(names: &[String]) -> Value {
    let allowed = names.iter().filter(|name| !["crate", "self", "super"].contains(&name.as_str()));
    let named = allowed.enumerate().map(|(number, name)| {
        let mut operation = json!({ "method": "GET", "path": format!("/{name}"), "attributes": [{ "name": "apigen", "value": { "name": name } }], "responses": { "200": { "type": "unit" } } });
        if number.is_multiple_of(8) {
            operation["parameters"] = json!([{ "name": "q", "type": "string", "required": false }]);
            operation["responses"] = json!({ "200": { "type": "zyx_thing" }, "404": { "type": "[zyx_thing]" } });
        }
        operation
    });
    json!({
        "name": "zyx_operations",
        "models": { "zyx_thing": { "fields": [{ "name": "id", "type": "string" }] } },
        "resources": { "zyx_thing": { "operations": named.collect::<Vec<_>>() } },
    })
}

/// Returns arguments of path, query, header and form.
fn positional(names: &[String]) -> Value {
    let operations = names.chunks(5).enumerate().map(|(number, names)| {
        let path: String = names.iter().take(2).map(|name| format!("/:{name}")).collect();
        let others = names.iter().skip(2).enumerate().map(|(at, name)| {
            let (ty, location) = [("string", "query"), ("[long]", "header"), ("zyx_case", "query")][at];
            json!({ "name": name, "type": ty, "location": location })
        });
        json!({ "method": "POST", "path": format!("/p{number}{path}"), "parameters": others.collect::<Vec<_>>(), "body": { "type": "string" }, "responses": { "200": { "type": "zyx_thing" } } })
    });
    json!({
        "name": "zyx_positional",
        "enums": { "zyx_case": { "values": [{ "name": "a" }] } },
        "models": { "zyx_thing": { "fields": [{ "name": "id", "type": "string" }] } },
        "resources": { "zyx_thing": { "operations": operations.collect::<Vec<_>>() } },
    })
}

/// Returns parameters in structs: optional, with defaults, required.
fn parameters(names: &[String]) -> Value {
    let some = ["limit".to_owned(), "offset".to_owned()];
    let all = |rest: Value| -> Vec<Value> {
        let parameter = |name: &String| {
            let mut parameter = rest.clone();
            parameter["name"] = json!(name);
            if some.contains(name) {
                parameter = json!({ "name": name, "type": "long", "required": false });
            }
            parameter
        };
        names.iter().map(parameter).collect()
    };
    let operation = |path: &str, parameters: Vec<Value>| json!({ "method": "GET", "path": path, "parameters": parameters, "responses": { "200": { "type": "[zyx_thing]" } } });
    json!({
        "name": "zyx_parameters",
        "models": { "zyx_thing": { "fields": [{ "name": "id", "type": "string" }] } },
        "resources": { "zyx_thing": { "operations": [
            operation("/a", all(json!({ "type": "string", "required": false }))),
            operation("/b", all(json!({ "type": "[string]", "location": "header" }))),
        ] } },
    })
}

/// Returns headers of the service, which its builder requires, and of responses.
fn headers(names: &[String]) -> Value {
    let all: Vec<Value> = names.iter().map(|name| json!({ "name": name, "type": "string" })).collect();
    json!({
        "name": "zyx_headers",
        "headers": all,
        "models": { "zyx_thing": { "fields": [{ "name": "id", "type": "string" }] } },
        "resources": { "zyx_thing": { "operations": [{ "method": "GET", "responses": { "200": { "type": "zyx_thing", "headers": all } } }] } },
    })
}

/// Returns imported services, of which each is a module.
fn imports(names: &[String]) -> Spec {
    let names: Vec<String> = names.iter().filter(|name| !name.contains('_')).step_by(2).cloned().collect();
    let (text, imported) = importing(&names);
    Spec { name: "imports".to_owned(), text, imported }
}

/// Returns a spec that imports services of these names, with resources of the same names.
pub fn files(names: &[String]) -> Spec {
    let (mut text, imported) = importing(names);
    let resources = resources(names);
    text["models"].as_object_mut().unwrap().extend(resources["models"].as_object().unwrap().clone());
    text["resources"].as_object_mut().unwrap().extend(resources["resources"].as_object().unwrap().clone());
    Spec { name: "files".to_owned(), text, imported }
}

fn importing(names: &[String]) -> (Value, Vec<(String, Value)>) {
    let namespace = |name: &str| format!("io.example.{name}.v0");
    let uri = |name: &str| format!("https://app.apibuilder.io/acme/{name}/latest/service.json");
    let amount = json!({ "name": "amount", "type": "decimal", "required": true, "attributes": [] });
    let service = |name: &String| {
        let service = json!({
            "name": name, "organization": { "key": "acme" }, "application": { "key": name }, "namespace": namespace(name), "version": "1.0.0",
            "info": {}, "headers": [], "imports": [], "enums": [], "unions": [], "resources": [], "attributes": [],
            "models": [{ "name": "price", "plural": "prices", "attributes": [], "fields": [amount] }],
        });
        (uri(name), service)
    };
    let field =
        |name: &String| json!({ "name": format!("zyx_{name}"), "type": format!("{}.models.price", namespace(name)) });
    let text = json!({
        "name": "zyx_imports",
        "imports": names.iter().map(|name| json!({ "uri": uri(name) })).collect::<Vec<_>>(),
        "models": { "zyx_thing": { "fields": names.iter().map(field).collect::<Vec<_>>() } },
        "resources": { "zyx_thing": { "operations": [{ "method": "GET", "responses": { "200": { "type": "zyx_thing" } } }] } },
    });
    (text, names.iter().map(service).collect())
}
