//! Method names chosen by authors and users of a spec.

use apigen_build::Config;
use apigen_model::api::Method;
use apigen_model::vocabulary::method_names::method_names;
use serde_json::{Value, json};

use crate::documents::{folder, our_cases};

/// Returns three operations of a resource, with an attribute for those that have a name.
fn spec(names: [Option<&str>; 3]) -> String {
    let routes = [("GET", ""), ("GET", "/:key/payment/method/rules"), ("DELETE", "/:key")];
    let operations = routes.iter().zip(names).map(|((method, path), name)| {
        let attributes: Vec<Value> =
            name.iter().map(|name| json!({ "name": "apigen", "value": { "name": name } })).collect();
        json!({ "method": method, "path": path, "responses": { "204": { "type": "unit" } }, "attributes": attributes })
    });
    let operations: Vec<Value> = operations.collect();
    let model = json!({ "fields": [{ "name": "key", "type": "string" }] });
    let spec = json!({
        "name": "Shop",
        "models": { "experience": model },
        "resources": { "experience": { "operations": operations } },
    });
    spec.to_string()
}

fn config(names: [Option<&str>; 3]) -> Config {
    Config::new().source("shop.json", spec(names))
}

/// Returns the methods of the trait.
fn methods(config: Config) -> Result<Vec<String>, String> {
    let generated = config.generate_in_memory().map_err(|error| error.to_string())?;
    let text = &generated.files.by_path[std::path::Path::new("experiences.rs")];
    let own = text.split("pub trait Experiences").nth(1).unwrap().split("\n}").next().unwrap();
    Ok(own.split("fn ").skip(1).map(|method| method.split(['(', '<']).next().unwrap().to_owned()).collect())
}

#[test]
fn the_author_chooses() {
    let ugly = "get_payment_and_method_and_rules_by_key";
    assert_eq!(methods(config([None; 3])).unwrap(), ["get", ugly, "delete_by_key"]);
    assert_eq!(
        methods(config([None, Some("payment_rules"), None])).unwrap(),
        ["get", "payment_rules", "delete_by_key"]
    );
    // The types of the operation have this name, too.
    let generated = config([None, Some("payment_rules"), Some("type")]).generate_in_memory().unwrap();
    let text = &generated.files.by_path[std::path::Path::new("experiences.rs")];
    assert!(text.contains("pub struct PaymentRules {") && text.contains("fn r#type<'a>("), "{text}");
}

#[test]
fn names_that_cannot_be_are_refused_where_they_stand() {
    for (names, words) in [
        (
            [None, Some("paymentRules"), None],
            ["name[paymentRules] is not a valid method name", "write `payment_rules`"],
        ),
        ([None, Some("2fa"), None], ["name[2fa]", "begin with a letter"]),
        ([None, Some("%"), None], ["name[%]", "words of ASCII letters"]),
        ([None, Some("self"), None], ["name[self]", "a Rust keyword"]),
        (
            [None, Some("get"), None],
            [
                "GET /experiences/:key/payment/method/rules Attribute[apigen] name[get]",
                "another operation[GET /experiences]",
            ],
        ),
        (
            [Some("all"), Some("all"), None],
            ["/rules Attribute[apigen] name[all]", "another operation[GET /experiences]"],
        ),
    ] {
        let error = methods(config(names)).unwrap_err();
        assert!(error.contains("E048"), "{error}");
        for word in words {
            assert!(error.contains(word), "{word}: {error}");
        }
    }
    // A third operation may have a name that two others gave up.
    assert!(methods(config([Some("all"), Some("get"), None])).is_ok());
}

#[test]
fn users_choose_for_specs_of_others() {
    let route = "GET /experiences/:key/payment/method/rules";
    let wanted = ["get", "payment_rules", "delete_by_key"];
    assert_eq!(methods(config([None; 3]).rename(route, "payment_rules")).unwrap(), wanted);
    let id = "experiences.get_payment_and_method_and_rules_by_key";
    assert_eq!(methods(config([None; 3]).rename(id, "payment_rules")).unwrap(), wanted);
    // It overrides the author's name, and other options refer to the operation by it.
    let config = || config([None, Some("rules"), None]).rename("experiences.rules", "payment_rules");
    assert_eq!(methods(config()).unwrap(), wanted);
    assert_eq!(methods(config().include("experiences.payment_rules")).unwrap(), ["payment_rules"]);
}

#[test]
fn renames_that_cannot_be_are_refused() {
    let route = "GET /experiences/:key/payment/method/rules";
    for (operation, name, words) in [
        ("GET /experiences/:key/payment/method/rule", "rules", ["no operation is named", route]),
        ("experiences.gett", "all", ["no operation is named", "did you mean `experiences.get`?"]),
        ("nothing", "all", ["no operation is named", "write its method and path"]),
        (route, "paymentRules", ["`paymentRules` cannot be the name of a method", "write `payment_rules`"]),
        (route, "get", ["`get` is the method of `GET /experiences` already", route]),
    ] {
        let error = methods(config([None; 3]).rename(operation, name)).unwrap_err();
        for word in words {
            assert!(error.contains(word), "{word}: {error}");
        }
    }
    let both = config([None; 3]).rename(route, "rules").rename("GET /experiences", "rules");
    assert!(methods(both).unwrap_err().contains("`rules` is the method of"));
}

#[test]
fn our_names_agree() {
    names_agree(&our_cases("method-names.json"), 4);
}

#[test]
#[cfg_attr(not(corpus), ignore = "APIGEN_CORPUS names no folder of API Builder documents")]
fn names_of_the_folder_agree() {
    names_agree(&std::fs::read_to_string(folder().join("method-names.json")).unwrap(), 20);
}

/// Checks that each of at least `least` cases names the operations of a resource as expected, in any order.
fn names_agree(text: &str, least: usize) {
    let cases: Vec<Value> = serde_json::from_str(text).unwrap();
    for case in &cases {
        let operations = case["operations"].as_array().unwrap();
        let field = |operation: &Value, name: &str| operation[name].as_str().unwrap().to_owned();
        let method = |name: &str| Method::ALL.into_iter().find(|(_, known)| *known == name).unwrap().0;
        let read: Vec<_> = operations.iter().map(|o| (method(&field(o, "method")), field(o, "path"))).collect();
        let mut expected: Vec<String> = operations.iter().map(|o| field(o, "expected")).collect();
        let mut given: Vec<_> = read.iter().map(|(method, path)| (*method, path.as_str(), None)).collect();
        for _ in 0..given.len() {
            let names = method_names(case["resource_path"].as_str(), &given);
            let names: Vec<String> = names.into_iter().map(|name| name.name).collect();
            assert_eq!(names, expected, "{}", case["id"]);
            given.rotate_left(1);
            expected.rotate_left(1);
        }
    }
    assert!(cases.len() >= least, "{} cases", cases.len());
}
