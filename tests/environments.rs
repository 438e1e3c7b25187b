//! Environments end to end: the command, generated clients and generated servers.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use apigen_runtime::server::{Router, Server};
use apigen_testing::Proxy;
use apigen_testing::environment::Environments;
use serde_json::Value;

use crate::common::{root, scratch};

const USER: &str = "6513270e-269e-4d37-b2a7-4de452e6b438";

fn project(name: &str, config: &str) -> PathBuf {
    let folder = scratch("environments").join(name);
    fs::remove_dir_all(&folder).ok();
    fs::create_dir_all(&folder).unwrap();
    fs::write(folder.join("apigen.toml"), config).unwrap();
    folder
}

/// Returns exit code, standard output and standard error of `apigen environments`.
fn environments(folder: &Path, arguments: &[&str]) -> (Option<i32>, String, String) {
    let mut command = Command::new(env!("CARGO_BIN_EXE_apigen"));
    let command = command.arg("environments").args(arguments).current_dir(folder).env("SHOP_TOKEN", "hunter2");
    let output = command.output().unwrap();
    let [out, told] = [output.stdout, output.stderr].map(|bytes| String::from_utf8(bytes).unwrap());
    assert!(!format!("{out}{told}").contains("hunter2"), "{out}{told}");
    (output.status.code(), out, told)
}

fn router() -> Router {
    location::MockClient::stateful().router()
}

fn serve(router: Router) -> Server {
    router.serve("127.0.0.1:0").unwrap()
}

fn declare(name: &str, url: &str, kind: &str) -> String {
    format!("[environments.{name}]\nurl = \"{url}\"\nkind = \"{kind}\"\n")
}

#[test]
fn environments_are_listed_with_the_places_of_their_credentials() {
    let config = format!(
        "{}bearer-from-env = \"SHOP_TOKEN\"\nheader.X-Key.from-file = \"none\"\nservices.cart.url = \"https://cart.example.org\"\n{}",
        declare("sandbox", "https://sandbox.example.org", "sandbox"),
        declare("production", "https://api.example.org", "production"),
    );
    let folder = project("list", &config);
    let (code, out, told) = environments(&folder, &[]);
    let wanted = "sandbox: sandbox https://sandbox.example.org\n  authorization (Bearer) from the environment variable \
                  SHOP_TOKEN\n  x-key from the file none, which cannot be read now\n  cart: https://cart.example.org\n\
                  production: production https://api.example.org\n";
    assert_eq!((code, out.as_str(), told.as_str()), (Some(0), wanted, ""));
    let (code, _, told) = environments(&folder, &["--env", "sandbox"]);
    assert_eq!(code, Some(1));
    assert!(told.contains("error[E078]") && told.contains("apigen.toml:5:"), "{told}");
}

#[test]
fn servers_say_what_they_are() {
    let plain = serve(router());
    let sandbox = serve(router().environment("sandbox"));
    let versioned = serve(router().environment("sandbox\n").version_endpoint("/_apigen/version", "location", "1.2.3"));
    let folder = project("say", &declare("s", &sandbox.url(), "sandbox"));
    let url = plain.url();
    let says = |what: &str| (Some(0), what.to_owned(), String::new());
    assert_eq!(environments(&folder, &["--url", &url]), says(&format!("local: {url} does not say what it is\n")));
    let (sandbox, versioned) = (&sandbox.url(), &versioned.url());
    let said = says(&format!("s: {sandbox} says that it is \"sandbox\"\n"));
    assert_eq!(environments(&folder, &["--env", "s"]), said);
    let said = format!("local: {versioned} says that it is \"sandbox\"\n  \"location\" \"1.2.3\"\n");
    assert_eq!(environments(&folder, &["--url", versioned]), says(&said));
}

#[test]
fn every_response_of_a_server_says_its_environment() {
    let server = serve(router().environment("sandbox").version_endpoint("/v", "location", "1.2.3").body_limit(1000));
    let runtime = tokio::runtime::Runtime::new().unwrap();
    let client = reqwest::Client::new();
    let send = |method: &str, path: &str, body: String| {
        let request = client.request(method.parse().unwrap(), format!("{}{path}", server.url()));
        let request = request.header("Content-Type", "application/json").body(body);
        let response = runtime.block_on(request.send()).unwrap();
        assert_eq!(response.headers()["x-apigen-environment"], "sandbox", "{method} {path}");
        (response.status().as_u16(), runtime.block_on(response.text()).unwrap())
    };
    for (method, path, body, status) in [
        ("GET", "/users", "", 200),
        ("GET", "/nowhere", "", 404),
        ("PATCH", "/users", "", 405),
        ("OPTIONS", "/users", "", 204),
        ("POST", "/users", "{}", 422),
        ("POST", "/users", &"x".repeat(1001), 413),
        ("HEAD", "/v", "", 200),
        ("POST", "/v", "", 404),
    ] {
        assert_eq!(send(method, path, body.to_owned()).0, status, "{method} {path}");
    }
    let version: Value = serde_json::from_str(&send("GET", "/v", String::new()).1).unwrap();
    let services = [serde_json::json!({ "name": "location", "version": "1.2.3" })];
    assert_eq!(version, serde_json::json!({ "environment": "sandbox", "services": services }));
    // A router that is merged in brings its environment along, and does not replace one.
    let merged = serve(Router::new().merge(router().environment("sandbox")).environment("staging"));
    let response = runtime.block_on(client.get(format!("{}/users", merged.url())).send()).unwrap();
    assert_eq!(response.headers()["x-apigen-environment"], "staging");
}

#[test]
fn a_server_that_is_production_stops_the_run() {
    let by_header = serve(router().environment("Production"));
    let runtime = tokio::runtime::Runtime::new().unwrap();
    let by_endpoint = runtime.block_on(crate::server::Server::start());
    by_endpoint.on("GET /_apigen/version", 200, r#"{"environment":"prod"}"#);
    for url in [&by_header.url(), &by_endpoint.url] {
        let folder = project("stops", &declare("sandbox", url, "sandbox"));
        let (code, out, told) = environments(&folder, &["--env", "sandbox"]);
        assert_eq!((code, out.as_str()), (Some(1), ""), "{told}");
        assert!(
            told.contains("V851") && told.contains("environment `sandbox` is declared as sandbox; stopped"),
            "{told}"
        );
        let folder = project("stops", "");
        let (code, _, told) = environments(&folder, &["--url", url]);
        assert_eq!(code, Some(1));
        assert!(told.contains("environment `local` is declared as local; stopped"), "{told}");
        // Declared as what it is, it needs consent, and is recorded.
        let folder = project("stops", &declare("live", url, "production"));
        let consent = ["--env", "live", "--production", "--reason", "incident 7"];
        assert_eq!(environments(&folder, &consent).0, Some(0));
        let audit = fs::read_to_string(folder.join(".apigen-audit.jsonl")).unwrap();
        let line: Value = serde_json::from_str(audit.trim_end()).unwrap();
        assert_eq!((&line["command"], &line["reason"]), (&"environments".into(), &"incident 7".into()));
    }
}

/// What the server says of itself is believed over the proxy in front of it.
#[test]
fn proxies_say_what_the_server_is() {
    let runtime = tokio::runtime::Runtime::new().unwrap();
    for (own, environment, said) in [
        (None, None, None),
        (None, Some("production"), Some("production")),
        (Some("production"), Some("sandbox"), Some("production")),
    ] {
        let server = serve(own.map_or(router(), |own| router().environment(own)));
        let proxy = Proxy::from_spec(root().join("specs/location.json")).to(server.url());
        let proxy = environment.into_iter().fold(proxy, Proxy::environment).start().unwrap();
        let response = runtime.block_on(reqwest::get(format!("{}/users", proxy.url()))).unwrap();
        let header = response.headers().get("x-apigen-environment").map(|value| value.to_str().unwrap());
        assert_eq!(header, said, "{own:?} {environment:?}");
        let version =
            runtime.block_on(async { reqwest::get(format!("{}/_apigen/version", proxy.url())).await?.text().await });
        let version: Value = serde_json::from_str(&version.unwrap()).unwrap();
        assert_eq!(version["environment"].as_str(), environment);
        let (code, _, told) = environments(&project("proxy", ""), &["--url", &proxy.url()]);
        assert_eq!(code, Some(if environment == Some("production") { 1 } else { 0 }), "{told}");
    }
}

#[test]
fn refusals_of_the_command() {
    let config =
        declare("live", "http://localhost:1", "production") + &declare("s", "https://s.example.org", "sandbox");
    let folder = project("refusals", &config);
    for (arguments, message) in [
        (&["--url", "https://example.org"][..], "https://example.org is not on this machine"),
        (&["--url", "https://u:hunter2@localhost"], "no user name and no password"),
        (&["--url", "localhost:4010"], "must begin with http://"),
        // A tunnel to production.
        (&["--url", "http://localhost:1/"], "http://localhost:1/ is the environment `live`: pass --env live"),
        (&["--env", "live"], "is production: pass --production and --reason TEXT"),
        (&["--env", "live", "--production"], "--reason <TEXT>"),
        (&["--env", "live", "--production", "--reason", " "], "say why it is used"),
        (&["--env", "live", "--reason", "x"], "--production"),
        (&["--env", "live", "--allow-side-effects"], "--production"),
        (&["--env", "s", "--production", "--reason", "x"], "the environment `s` is sandbox; remove --production"),
        (&["--env", "s", "--url", "http://localhost:1"], "cannot be used with"),
        (&["--url", "http://localhost:2", "--header-from-env", "hunter2"], "takes NAME=VARIABLE"),
        (&["--url", "http://localhost:1/x"], "no response from http://localhost:1/x"),
    ] {
        let (code, out, told) = environments(&folder, arguments);
        assert_eq!((code, out.as_str()), (Some(2), ""), "{arguments:?}: {told}");
        assert!(told.contains(message), "{arguments:?}: {told}");
    }
    for (arguments, message) in [
        (&["--env", "S"][..], "there is no environment `S`; did you mean `s`?"),
        (&["--url", "http://localhost:2", "--header-from-env", "X-Key=hunter2!"], "error[E078]"),
        (&["--config", "none.toml"], "none.toml cannot be read"),
    ] {
        let (code, out, told) = environments(&folder, arguments);
        assert_eq!((code, out.as_str()), (Some(1), ""), "{arguments:?}: {told}");
        assert!(told.contains(message), "{arguments:?}: {told}");
    }
    assert!(!folder.join(".apigen-audit.jsonl").exists());
}

#[test]
fn generated_clients_take_environments() {
    let server = serve(router());
    let config = declare("live", &server.url(), "production") + &declare("other", "https://s.example.org", "sandbox");
    let environments = Environments::from_file(project("clients", &config).join("apigen.toml")).unwrap();
    let live = environments.get("live").unwrap();
    let client = live.configure(location::Client::builder(live.url())).build().unwrap();
    let runtime = tokio::runtime::Runtime::new().unwrap();
    runtime.block_on(async {
        let guid = USER.parse().unwrap();
        let error = client.users().delete_by_guid(guid).await.unwrap_err();
        assert!(error.is_guarded(), "{error}");
        let error = client.users().delete_by_guid(guid).allow_side_effects("incident 7").await.unwrap_err();
        assert_eq!(error.status().map(|status| status.as_u16()), Some(404), "{error}");
        assert_eq!(client.users().get_by_guid(guid).await.unwrap_err().status().unwrap().as_u16(), 404);
    });
}

/// Other commands accept the file with its environments, and its schema has them.
#[test]
fn the_configuration_file_has_environments() {
    let spec = root().join("specs/location.json");
    let config = format!(
        "audit-log = \"audit.jsonl\"\n[[spec]]\npath = {:?}\nout = \"out\"\n{}",
        spec.display().to_string(),
        declare("s", "https://s.example.org", "sandbox")
    );
    let folder = project("generate", &config);
    let generate = || Command::new(env!("CARGO_BIN_EXE_apigen")).arg("generate").current_dir(&folder).output().unwrap();
    let output = generate();
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    let literal = format!("{config}bearer = \"hunter2\"\n");
    fs::write(folder.join("apigen.toml"), literal).unwrap();
    for command in ["generate", "check", "status"] {
        let output = Command::new(env!("CARGO_BIN_EXE_apigen")).arg(command).current_dir(&folder).output().unwrap();
        let told = String::from_utf8(output.stderr).unwrap();
        assert!(told.contains("error[E077]") && told.contains("apigen.toml:8:1"), "{told}");
        assert!(output.status.code() == Some(1) && !told.contains("hunter2"), "{told}");
    }
    fs::write(folder.join("apigen.toml"), config.replace("[environments.s]", "[enviroments.s]")).unwrap();
    let told = String::from_utf8(generate().stderr).unwrap();
    assert!(told.contains("error[E052]") && told.contains("did you mean `environments`?"), "{told}");
    let schema: Value = serde_json::from_str(&apigen_build::manifest::schema()).unwrap();
    let environment = &schema["properties"]["environments"]["additionalProperties"];
    let keys: Vec<&str> = environment["properties"].as_object().unwrap().keys().map(String::as_str).collect();
    let all = [
        "basic-from-env",
        "basic-from-file",
        "bearer-from-env",
        "bearer-from-file",
        "header",
        "kind",
        "services",
        "url",
    ];
    assert_eq!(keys, all);
}
