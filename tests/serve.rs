//! API Builder's generator protocol over HTTP: the generated client, plain requests, and the real documents.

use crate::common::Describe;
use std::collections::BTreeMap;
use std::fs;
use std::sync::Mutex;
use std::time::{Duration, Instant};

use apigen_build::{Config, Emit};
use apigen_cli::serve;
use apigen_cli::serve::Limits;
use apigen_cli::serve::protocol::generators::{GetByKeyError, GetParams};
use apigen_cli::serve::protocol::invocations::PostByKeyError;
use apigen_cli::serve::protocol::{Attribute, Client, File, InvocationForm};
use apigen_cli::templates::crate_files;
use apigen_runtime::{Mode, Object, server::Server};
use serde_json::{Value, json};

use crate::common;

/// Binds port 0, since no free port is known beforehand.
fn start() -> (Server, Client) {
    let server = serve::router(|_| ()).body_limit(16 << 20).serve("127.0.0.1:0").unwrap();
    let client = Client::builder(server.url()).build().unwrap();
    (server, client)
}

fn object(text: &str) -> Object {
    serde_json::from_str(text).unwrap()
}

/// Returns the published form of a spec.
fn published(spec: &str) -> Object {
    object(&Config::new().spec(common::root().join("specs").join(spec)).normalize().unwrap().0)
}

fn location() -> InvocationForm {
    let spec = fs::read_to_string(common::root().join("specs/location.json")).unwrap();
    let imports = object(&spec)["imports"].as_array().unwrap().len();
    let form = InvocationForm {
        imported_services: Some(vec![published("common.json")]),
        ..InvocationForm::new(published("location.json"))
    };
    assert_eq!(imports, 1, "all imports are in the form");
    form
}

/// Returns texts by path.
fn tree(files: &[File]) -> BTreeMap<String, &str> {
    let path = |file: &File| format!("{}/{}", file.dir.as_deref().unwrap_or_default(), file.name);
    files.iter().map(|file| (path(file), file.contents.as_str())).collect()
}

/// Returns the library's output for the same documents.
fn expected(form: &InvocationForm, configure: fn(Config) -> Config) -> BTreeMap<String, String> {
    let text = |service: &Object| serde_json::to_string(service).unwrap();
    let config = Config::new().source("service", text(&form.service));
    let imported = form.imported_services.iter().flatten();
    let config = imported.fold(config, |config, service| config.import_source("imported", text(service)));
    let generated = configure(config).generate_shared().unwrap();
    let files = generated.files.by_path.iter().filter(|(path, _)| path.to_str() != Some(".apigen"));
    files.map(|(path, text)| (format!("{}/{}", generated.name, path.display()), text.clone())).collect()
}

#[tokio::test]
async fn generators_are_offered() {
    let (_server, client) = start();
    assert_eq!(client.healthchecks().get().await.unwrap().status, "healthy");
    let all = client.generators().get(GetParams::default()).await.unwrap();
    let keys: Vec<&str> = all.iter().map(|generator| generator.key.as_str()).collect();
    assert_eq!(keys, ["rust_client", "rust_server", "rust_crate"]);
    assert!(all.iter().all(|generator| generator.attributes.contains(&"dates".to_owned())));
    // No attribute names a file of the server's machine.
    for local in ["out", "templates", "imports", "runtime-path"] {
        assert!(all.iter().all(|generator| !generator.attributes.contains(&local.to_owned())), "{local}");
    }

    let page = client.generators().get(GetParams::default().limit(1).offset(1)).await.unwrap();
    assert_eq!(page, all[1..2]);
    let one = client.generators().get(GetParams::default().key("rust_crate")).await.unwrap();
    assert_eq!(one, all[2..]);
    assert_eq!(client.generators().get_by_key("rust_server").await.unwrap(), all[1]);
    let missing = client.generators().get_by_key("scala").await.unwrap_err();
    assert_eq!(missing.declared(), Some(&GetByKeyError::NotFound));
}

#[tokio::test]
async fn invocations_give_what_the_command_line_writes() {
    let (_server, client) = start();
    let form = location();
    for (key, configure) in [
        ("rust_client", (|config| config) as fn(Config) -> Config),
        ("rust_server", |config| config.server(Emit::Always)),
        ("rust_crate", |config| config.crate_files(crate_files).crate_name("location")),
    ] {
        let invocation = client.invocations().post_by_key(key, &form).await.unwrap();
        let expected = expected(&form, configure);
        assert!(!expected.is_empty());
        assert_eq!(tree(&invocation.files).len(), expected.len());
        for (path, text) in tree(&invocation.files) {
            assert_eq!(text, expected[&path], "{key}: {path}");
        }
    }
}

#[tokio::test]
async fn attributes_are_options() {
    let (_server, client) = start();
    let attribute = |name: &str, value: &str| Attribute { name: name.to_owned(), value: value.to_owned() };
    let mut form = location();
    form.attributes = vec![
        attribute("name", "places"),
        attribute("mocks", "never"),
        attribute("include", "users; GET /timezones"),
        attribute("derive", "models.user = ::std::cmp::PartialOrd; enums.* = ::std::hash::Hash"),
    ];
    let files = client.invocations().post_by_key("rust_client", &form).await.unwrap().files;
    let files = tree(&files);
    assert!(files.contains_key("places/users.rs") && !files.contains_key("places/visits.rs"), "{:?}", files.keys());
    assert!(!files.contains_key("places/mock.rs"));

    form.attributes = vec![
        attribute("mocks", "perhaps"),
        attribute("out", "/etc"),
        attribute("derive", "Hash"),
        attribute("dates", "chrono"),
    ];
    let error = client.invocations().post_by_key("rust_client", &form).await.unwrap_err();
    let Some(PostByKeyError::Conflict(errors)) = error.declared() else { panic!("{error}") };
    let messages: Vec<&str> = errors.iter().map(|error| error.message.as_str()).collect();
    assert_eq!(
        messages[0],
        r#"attribute[mocks]: "perhaps" is not a valid choice; expected one of always, never, feature"#
    );
    assert!(messages[1].starts_with(r#"attribute[out]: unknown option "out"; expected one of "#), "{}", messages[1]);
    assert!(messages[2].starts_with("attribute[derive]: expected text on both sides"), "{}", messages[2]);
    assert_eq!(errors.len(), 3);

    form.attributes = vec![attribute("name", "../../etc")];
    let error = client.invocations().post_by_key("rust_crate", &form).await.unwrap_err();
    let Some(PostByKeyError::Conflict(errors)) = error.declared() else { panic!("{error}") };
    assert_eq!(errors[0].code, "E053");
    assert!(errors[0].message.contains("cannot be the name of a crate"), "{error}");
}

#[tokio::test]
async fn everything_that_is_wrong_is_an_error_of_the_protocol() {
    let (server, client) = start();
    let unknown = client.invocations().post_by_key("scala", &location()).await.unwrap_err();
    let Some(PostByKeyError::Conflict(errors)) = unknown.declared() else { panic!("{unknown}") };
    assert_eq!(errors[0].message, "generator[scala] not found; available: rust_client, rust_server, rust_crate");

    // An invalid service: each violation, with its code.
    let mut broken = location();
    broken.service.insert("base_url".to_owned(), json!(7));
    broken.service["models"][0]["fields"][0]["type"] = json!("[nowhere");
    let error = client.invocations().post_by_key("rust_client", &broken).await.unwrap_err();
    let Some(PostByKeyError::Conflict(errors)) = error.declared() else { panic!("{error}") };
    assert!(errors.iter().all(|error| error.code.starts_with('E') && !error.message.is_empty()), "{errors:?}");

    // Bodies that are not forms.
    let http = reqwest::Client::new();
    let url = format!("{}/invocations/rust_client", server.url());
    for (body, messages) in [
        ("", &["body: is missing"][..]),
        ("{", &["body: invalid JSON: the text ends too early (line 1, column 2)"]),
        ("[]", &["body: expected an object (invocation_form), found an array (line 1, column 1)"]),
        (
            r#"{"service": "x", "attributes": [{"name": 1}]}"#,
            &[
                r#"body: service: expected an object, found a string (line 1, column 13)"#,
                "body: attributes[0].name: expected a string, found a number (1) (line 1, column 42)",
                r#"body: attributes[0].value: the required field "value" of attribute is missing (line 1, column 33)"#,
            ],
        ),
    ] {
        let response = http.post(&url).body(body).send().await.unwrap();
        assert_eq!(response.status(), 409, "{body}");
        let errors: Vec<Value> = response.json().await.unwrap();
        let found: Vec<&str> = errors.iter().map(|error| error["message"].as_str().unwrap()).collect();
        assert_eq!(found, messages, "{body}");
        assert!(errors.iter().all(|error| error["code"].is_string()));
    }
    let large = format!(r#"{{"service": {{"name": "{}"}}}}"#, "x".repeat(17 << 20));
    let response = http.post(&url).body(large).send().await.unwrap();
    assert_eq!(response.status(), 413);
    let text = response.text().await.unwrap();
    assert!(text.contains("larger than 16777216 bytes"), "{text}");
    assert_eq!(http.get(&url).send().await.unwrap().status(), 405);
    assert_eq!(http.get(format!("{}/nowhere", server.url())).send().await.unwrap().status(), 404);
    // It is still running.
    assert_eq!(client.healthchecks().get().await.unwrap().status, "healthy");
}

/// Returns a service whose code takes seconds to generate.
fn slow(models: usize) -> InvocationForm {
    let model = |i: usize| format!(r#""m{i}": {{"fields": [{{"name": "id", "type": "string"}}]}}"#);
    let models: Vec<String> = (0..models).map(model).collect();
    let spec = format!(r#"{{"name": "Slow", "models": {{{}}}}}"#, models.join(", "));
    InvocationForm::new(object(&Config::new().source("slow", spec).normalize().unwrap().0))
}

fn start_with(log: serve::Log, limits: &Limits) -> (Server, Client) {
    let server = serve::router_with(log, limits).body_limit(16 << 20).serve("127.0.0.1:0").unwrap();
    let client = Client::builder(server.url()).build().unwrap();
    (server, client)
}

#[tokio::test(flavor = "multi_thread")]
async fn an_invocation_ends_when_its_time_is_over() {
    let (_server, client) = start_with(|_| (), &Limits { time: Duration::from_millis(300), ..Limits::default() });
    let form = slow(4_000);
    let invocation = tokio::spawn({
        let client = client.clone();
        async move { client.invocations().post_by_key("rust_server", &form).await.map(|_| ()) }
    });
    // Other requests are served meanwhile.
    let mut answered = 0;
    while !invocation.is_finished() {
        client.healthchecks().get().await.unwrap();
        answered += usize::from(!invocation.is_finished());
        tokio::time::sleep(Duration::from_millis(5)).await;
    }
    let error = invocation.await.unwrap().unwrap_err();
    let Some(PostByKeyError::Conflict(errors)) = error.declared() else { panic!("{error}") };
    assert_eq!(errors[0].code, "time_limit");
    assert!(
        errors[0].message.contains("longer than 300ms") && errors[0].message.contains("--time-limit"),
        "{errors:?}"
    );
    assert!(answered > 0, "nobody else was answered meanwhile");
}

#[tokio::test(flavor = "multi_thread")]
async fn an_invocation_that_needs_too_much_memory_is_refused() {
    let (_server, client) = start_with(|_| (), &Limits { memory: 32 << 20, running: 1, ..Limits::default() });
    client.invocations().post_by_key("rust_client", &slow(500)).await.unwrap();
    let error = client.invocations().post_by_key("rust_client", &slow(4_000)).await.unwrap_err();
    let Some(PostByKeyError::Conflict(errors)) = error.declared() else { panic!("{error}") };
    assert_eq!(errors[0].code, "memory_limit");
    assert!(errors[0].message.contains("more than 20 MiB; the operator"), "{errors:?}");
}

#[tokio::test(flavor = "multi_thread")]
async fn an_invocation_ends_when_its_client_has_gone() {
    static SAID: Mutex<Vec<String>> = Mutex::new(Vec::new());
    let (_server, client) = start_with(|line| SAID.lock().unwrap().push(line.to_owned()), &Limits::default());
    let form = slow(4_000);
    let call = client.invocations().post_by_key("rust_server", &form);
    assert!(tokio::time::timeout(Duration::from_millis(500), call).await.is_err(), "it was too fast");
    let begin = Instant::now();
    while SAID.lock().unwrap().is_empty() && begin.elapsed() < Duration::from_secs(10) {
        tokio::time::sleep(Duration::from_millis(10)).await;
    }
    let said = SAID.lock().unwrap().join("\n");
    assert!(said.contains("stopped, the client disconnected"), "{said}");
    eprintln!("stopped {:?} after the client", begin.elapsed());
}

#[tokio::test(flavor = "multi_thread")]
async fn more_invocations_than_may_wait_are_refused() {
    let (server, client) = start_with(|_| (), &Limits { running: 1, waiting: 1, ..Limits::default() });
    let body = serde_json::to_string(&json!({ "service": slow(1_000).service, "attributes": [] })).unwrap();
    let url = format!("{}/invocations/rust_client", server.url());
    let posts = (0..6).map(|_| {
        let (url, body) = (url.clone(), body.clone());
        tokio::spawn(async move { reqwest::Client::new().post(url).body(body).send().await.unwrap() })
    });
    let posts: Vec<_> = posts.collect();
    let (mut done, mut refused) = (0, 0);
    for post in posts {
        let response = post.await.unwrap();
        match response.status().as_u16() {
            200 => done += 1,
            503 => {
                assert!(response.headers().contains_key("retry-after"));
                refused += 1;
            }
            other => panic!("{other}: {}", response.text().await.unwrap()),
        }
    }
    assert!(done >= 2 && refused >= 1, "{done} done, {refused} refused");
    // Later requests are served again.
    client.invocations().post_by_key("rust_client", &location()).await.unwrap();
}

#[tokio::test]
async fn documents_made_to_be_slow_are_refused() {
    let (_server, client) = start();
    let mut long = location();
    let path: String = (0..16_000).map(|i| format!("/:p{i}")).collect();
    long.service["resources"][0]["operations"][0]["path"] = json!(path);
    let mut wide = location();
    let path: String = (0..65).map(|i| format!("/:p{i}")).collect();
    wide.service["resources"][0]["operations"][0]["path"] = json!(path);
    for (form, words) in [(long, "bytes, more than 2000"), (wide, "65 parameters, more than 64")] {
        let error = client.invocations().post_by_key("rust_client", &form).await.unwrap_err();
        let Some(PostByKeyError::Conflict(errors)) = error.declared() else { panic!("{error}") };
        assert!(errors[0].code == "E065" && errors[0].message.contains(words), "{errors:?}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn many_invocations_at_once() {
    let (_server, client) = start();
    let form = location();
    let expected = client.invocations().post_by_key("rust_client", &form).await.unwrap();
    let tasks = (0..24).map(|_| {
        let (client, form) = (client.clone(), form.clone());
        tokio::spawn(async move { client.invocations().post_by_key("rust_client", &form).await.unwrap() })
    });
    let tasks: Vec<_> = tasks.collect();
    // Other requests are served meanwhile.
    assert_eq!(client.healthchecks().get().await.unwrap().status, "healthy");
    for task in tasks {
        assert!(task.await.unwrap() == expected);
    }
}

/// The messages conform to API Builder's own description of the protocol, with the services that it publishes.
#[tokio::test]
#[cfg_attr(not(corpus), ignore = "APIGEN_CORPUS names no folder of API Builder documents")]
async fn real_services_in_messages_of_the_real_protocol() {
    let corpus = crate::documents::folder();
    let mut services = BTreeMap::new();
    for entry in fs::read_dir(corpus.join("normalised")).unwrap() {
        let path = entry.unwrap().path();
        if path.to_string_lossy().ends_with(".service.json") {
            let service = object(&fs::read_to_string(path).unwrap());
            services.insert(service["namespace"].as_str().unwrap().to_owned(), service);
        }
    }
    let text = |namespace: &str| serde_json::to_string(&services[namespace]).unwrap();
    let protocol = ["io.apibuilder.common.v0", "io.apibuilder.spec.v0"]
        .iter()
        .fold(Config::new(), |config, namespace| config.import_source(*namespace, text(namespace)))
        .source("generator", text("io.apibuilder.generator.v0"))
        .schema()
        .unwrap();
    let (server, _client) = start();
    let (mut files, mut count) = (0, 0);
    for service in services.values() {
        let imported: Vec<&Object> = closure(service, &services);
        let form = json!({ "service": service, "attributes": [], "user_agent": "test", "imported_services": imported });
        let (status, body) = exchange(&protocol, &server, &form).await;
        assert_eq!(status, 200, "{}: {body}", service["name"]);
        let body: Value = serde_json::from_str(&body).unwrap();
        files += body["files"].as_array().unwrap().len();
        count += 1;
    }
    assert!(count >= 20 && files > 8 * count, "{count} services, {files} files");
    let wrong =
        json!({ "service": services["io.apibuilder.spec.v0"], "attributes": [{ "name": "out", "value": "x" }] });
    assert_eq!(exchange(&protocol, &server, &wrong).await.0, 409);
}

/// Returns the known imports of a service, transitively.
fn closure<'s>(service: &Object, services: &'s BTreeMap<String, Object>) -> Vec<&'s Object> {
    let mut found: Vec<&Object> = Vec::new();
    let mut next: Vec<&Object> = Vec::new();
    let imports = |service: &Object| -> Vec<&'s Object> {
        let imports = service["imports"].as_array().unwrap().iter();
        imports.filter_map(|import| services.get(import["namespace"].as_str().unwrap())).collect()
    };
    next.extend(imports(service));
    while let Some(one) = next.pop() {
        if !found.iter().any(|known| known["namespace"] == one["namespace"]) {
            found.push(one);
            next.extend(imports(one));
        }
    }
    found
}

/// Posts a form; request and response must conform to the protocol's own description.
async fn exchange(protocol: &apigen_runtime::validate::schema::Schema, server: &Server, form: &Value) -> (u16, String) {
    let url = format!("{}/invocations/rust_server", server.url());
    let request = http::Request::post(&url).body(form.to_string()).unwrap();
    let operation = protocol.request(&request, &Mode::strict()).unwrap_or_else(|error| panic!("{error}"));
    let response = reqwest::Client::new().post(&url).json(form).send().await.unwrap();
    let status = response.status();
    let mut checked = http::Response::builder().status(status);
    *checked.headers_mut().unwrap() = response.headers().clone();
    let checked = checked.body(response.text().await.unwrap()).unwrap();
    protocol.response(operation, &checked, &Mode::strict()).unwrap_or_else(|error| panic!("{error}"));
    (status.as_u16(), checked.into_body())
}
