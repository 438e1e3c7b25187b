//! Generates code that creates an item in every collection of a stateful mock, and reads it.

use std::collections::BTreeMap;

use apigen_build::Generated;

use super::calls::Method;

/// The functions that the harness calls for each collection. The key is that of the response, or else the one in the path.
pub const KEPT: &str = r#"
/// Nothing for a call with more values than a parameter may have: factories do not know that.
fn polled<O: Mockable>(name: &str, call: Call<'_, O::Output, O::Error>) -> Option<O::Output> {
    match std::pin::pin!(call.into_future()).poll(&mut Context::from_waker(Waker::noop())) {
        Poll::Ready(Err(error)) if error.is_invalid_request() => None,
        Poll::Ready(result) => Some(result.unwrap_or_else(|error| panic!("{name}: {error}"))),
        Poll::Pending => panic!("{name} waits"),
    }
}

/// A parameter with the value of a field.
fn key<T: FromJson>(made: &impl ToJson, field: &str) -> T {
    let fields: std::collections::BTreeMap<String, apigen_runtime::Value> = serde_json::from_str(&made.to_json()).unwrap();
    let json = fields[field].to_string();
    let text = apigen_runtime::Value::String(json.clone()).to_string();
    T::from_json(&json).or_else(|_| T::from_json(&text)).unwrap()
}
"#;

/// Returns the folders of services with a state, from the root of the harness.
pub fn stateful(generated: &Generated, root: &str) -> Vec<String> {
    tables(generated, root).into_keys().collect()
}

/// Returns a statement for each collection with a create and a read operation.
pub fn kept(generated: &Generated, root: &str, methods: &[Method]) -> Vec<String> {
    let tables = tables(generated, root);
    tables.iter().flat_map(|(service, table)| collections(service, table, methods)).collect()
}

/// Returns the state tables, by service.
fn tables(generated: &Generated, root: &str) -> BTreeMap<String, String> {
    let files = generated.files.by_path.iter().filter(|(path, _)| path.file_stem().is_some_and(|stem| stem == "mock"));
    let tables = files.filter_map(|(path, text)| {
        let (_, table) = text.split_once("static STATE:")?;
        let folders = path.parent()?.iter().map(|part| format!("::{}", part.to_string_lossy()));
        Some((format!("{root}{}", folders.collect::<String>()), table.split_once("\n};")?.0.to_owned()))
    });
    tables.collect()
}

fn collections(service: &str, table: &str, methods: &[Method]) -> Vec<String> {
    let keys: Vec<Option<&str>> =
        table.split("Collection::new(").skip(1).map(|text| text.split_once(".key(\"")?.1.split('"').next()).collect();
    // `("users.post", 0, Action::Create)`
    let stored: Vec<Vec<&str>> = table
        .split("Stored::new(")
        .skip(1)
        .map(|text| {
            let arguments = text.split(')').next().unwrap_or_default();
            arguments.split(',').map(|text| text.trim().trim_matches('"')).collect()
        })
        .collect();
    let of = |collection: usize, action: &str| {
        let row = stored.iter().find(|row| row[1] == collection.to_string() && row[2] == action)?;
        methods.iter().find(|method| method.service == service && method.id == row[0])
    };
    let pair = |(collection, key): (usize, &Option<&str>)| {
        statement(of(collection, "Action::Create")?, of(collection, "Action::Read")?, (*key)?)
    };
    keys.iter().enumerate().filter_map(pair).collect()
}

fn statement(create: &Method, read: &Method, field: &str) -> Option<String> {
    let variable = read.path.rsplit_once("/:")?.1;
    read.arguments.iter().find(|argument| argument.name == variable)?;
    let again = |name: &str| {
        read.path.split('/').find(|part| part.strip_prefix(':') == Some(name))?;
        let index = create.arguments.iter().position(|argument| argument.name == name)?;
        Some(format!("c{index}.clone()"))
    };
    let name = format!("{}::{}", create.service, create.id);
    Some(format!(
        "    let one = || {{\n        let mock = {};\n{}        let made = polled::<{}>(\"{name}\", {})?;\n{}        let read = polled::<{}>(\"{name}, then {}\", {})?;\n        assert!(made == read, \"{name}: {{made:?}}, then {{read:?}}\");\n        Some(())\n    }};\n    done += usize::from(one().is_some());\n",
        create.mock("stateful"),
        create.arguments("c", |_| None),
        create.operation,
        create.call("c"),
        read.arguments("r", |argument| match argument.name == variable {
            true => Some(format!("key(&made, \"{field}\")")),
            false => again(&argument.name),
        }),
        read.operation,
        read.id,
        read.call("r"),
    ))
}
