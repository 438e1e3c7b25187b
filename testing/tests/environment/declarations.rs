//! How environments are declared, and what is wrong with declarations.

use std::fs;
use std::path::Path;

use apigen_testing::environment::{EnvironmentKind, Environments};

use crate::support::{THREE, folder, parse, problems};

#[test]
fn environments_have_url_kind_and_credentials() {
    let folder = folder("credentials");
    fs::write(folder.join("token"), "s3cret\r\n").unwrap();
    let text = format!(
        "{THREE}\n[environments.full]\nurl = \"https://full.example.org\"\nkind = \"sandbox\"\n\
         basic-from-env = \"CARGO_PKG_NAME\"\nheader.X-Api-Key.from-file = \"token\"\n\
         [environments.full.services.shop]\nurl = \"https://shop.example.org\"\nbearer-from-file = \"token\"\n\
         [environments.full.services.cart]\nurl = \"https://cart.example.org\"\n"
    );
    let environments = parse(&text, &folder);
    let laptop = environments.get("laptop").unwrap();
    assert_eq!((laptop.url(), laptop.kind()), ("http://localhost:8080/v1", EnvironmentKind::Local));
    assert!(laptop.credentials().is_empty());
    let headers = |environment: apigen_testing::environment::Environment| {
        let headers = environment.credentials().headers();
        assert!(headers.values().all(|value| value.is_sensitive()));
        let texts = headers.iter().map(|(name, value)| format!("{name}: {}", value.to_str().unwrap()));
        (environment.url().to_owned(), texts.collect::<Vec<_>>())
    };
    let (api_key, secret) = ("authorization: Basic YXBpZ2VuLXRlc3Rpbmc6".to_owned(), "x-api-key: s3cret".to_owned());
    let both = vec![api_key, secret];
    assert_eq!(headers(environments.get("full").unwrap()), ("https://full.example.org".to_owned(), both.clone()));
    // A service has its own credentials, or else those of the environment.
    let shop = ("https://shop.example.org".to_owned(), vec!["authorization: Bearer s3cret".to_owned()]);
    assert_eq!(headers(environments.for_service("full", "shop").unwrap()), shop);
    assert_eq!(
        headers(environments.for_service("full", "cart").unwrap()),
        ("https://cart.example.org".to_owned(), both)
    );
    assert_eq!(environments.for_service("full", "other").unwrap().url(), "https://full.example.org");
    let names: Vec<&str> = environments.declared().iter().map(|own| own.name()).collect();
    assert_eq!(names, ["laptop", "sandbox", "production", "full"]);
}

#[test]
fn files_are_read_with_their_other_keys() {
    let folder = folder("files");
    let path = folder.join("apigen.toml");
    fs::write(&path, format!("mocks = \"never\"\n[[spec]]\npath = \"a.json\"\n{THREE}")).unwrap();
    assert_eq!(Environments::from_file(&path).unwrap().declared().len(), 3);
    let missing = Environments::from_file(folder.join("none.toml")).unwrap_err().to_string();
    assert!(missing.contains("error[E079]") && missing.contains("none.toml cannot be read"), "{missing}");
    fs::write(&path, b"\xff").unwrap();
    assert!(Environments::from_file(&path).unwrap_err().to_string().contains("not UTF-8"));
}

#[test]
fn names_are_never_guessed() {
    let environments = parse(THREE, Path::new(""));
    for (name, advice) in [
        ("sandbx", "did you mean `sandbox`?"),
        ("Production", "did you mean `production`?"),
        ("x", "declared in apigen.toml: laptop, sandbox, production"),
        ("", "declared in apigen.toml"),
    ] {
        let error = environments.get(name).unwrap_err().to_string();
        assert!(error.contains(&format!("error[E079]: there is no environment `{name}`")), "{error}");
        assert!(error.contains(advice), "{error}");
    }
    let none = parse("", Path::new("")).get("sandbox").unwrap_err().to_string();
    assert!(none.contains("declares none; begin with `[environments.sandbox]`"), "{none}");
    let services = "[environments.s]\nkind = \"sandbox\"\nservices.shop.url = \"https://shop.example.org\"";
    let services = parse(services, Path::new(""));
    let error = services.get("s").unwrap_err().to_string();
    assert!(error.contains("apigen.toml:1:15") && error.contains("only URLs of single services: shop"), "{error}");
    let error = services.for_service("s", "shp").unwrap_err().to_string();
    assert!(error.contains("no URL for the service `shp`") && error.contains("did you mean `shop`?"), "{error}");
}

#[test]
fn all_problems_are_reported_at_their_places() {
    let text = r#"audit-log = 1
[environments.a]
kind = "sandbxo"
uri = "https://a.example.org"
[environments.b]
url = "b.example.org"
[environments.c]
url = "https://c.example.org"
kind = "sandbox"
bearer-from-env = "A"
basic-from-env = "B"
header.X-Key = {}
header."X Key".from-env = "A"
header.X-Other.from-evn = "A"
services.shop = "https://shop.example.org"
[environments]
d = "https://d.example.org"
"#;
    let report = problems(text);
    for (place, message) in [
        ("1:13", "`audit-log` takes the path of a file"),
        ("2:15", "the environment `a` lacks the key `url`"),
        ("3:8", "`kind` takes \"local\", \"sandbox\" or \"production\""),
        ("4:1", "unknown key `uri`"),
        ("5:15", "the environment `b` lacks the key `kind`"),
        ("6:7", "`url`: the URL must begin with http:// or https://"),
        ("11:1", "`basic-from-env` sets the header `authorization`, which another key sets too"),
        ("12:8", "the header `X-Key` has no source"),
        ("13:8", "`X Key` is not the name of a header"),
        ("14:16", "unknown key `from-evn`"),
        ("15:17", "the service `shop` is a table"),
        ("17:5", "the environment `d` is a table"),
    ] {
        assert!(report.contains(&format!("error[E076]: {message}\n")), "{message}:\n{report}");
        assert!(report.contains(&format!("--> apigen.toml:{place}\n")), "{place}: {message}\n{report}");
    }
    for advice in ["did you mean \"sandbox\"?", "did you mean `url`?", "did you mean `from-env`?"] {
        assert!(report.contains(advice), "{advice}:\n{report}");
    }
    assert!(report.contains("12 errors"), "{report}");
}

#[test]
fn production_is_never_called_something_else() {
    let two = |a: &str, b: &str| format!("[environments.{a}\n[environments.{b}\n");
    let sandbox = "sandbox]\nurl = \"https://api.example.org\"\nkind = \"sandbox\"";
    for (text, message) in [
        (two(sandbox, "Sandbox]\nurl = \"https://b.example.org\"\nkind = \"sandbox\""), "differ only in case"),
        (
            two(sandbox, "live]\nurl = \"https://API.example.org:443/\"\nkind = \"production\""),
            "the environment `live` is production, but has the same URL as `sandbox`, which is sandbox",
        ),
        (
            two(sandbox, "live]\nkind = \"production\"\nservices.shop.url = \"https://api.example.org\""),
            "the environment `live` is production, but has the same URL as `sandbox`, which is sandbox",
        ),
        (
            "[environments.prod]\nurl = \"https://a.example.org\"\nkind = \"sandbox\"".to_owned(),
            "the environment `prod` is called production, but its kind is sandbox",
        ),
        (
            "[environments.here]\nurl = \"https://a.example.org\"\nkind = \"local\"".to_owned(),
            "the environment `here` is local, but its URL is not on this machine",
        ),
        (
            "[environments.a]\nurl = \"https://a.example.org\"\nkind = \"prod\"".to_owned(),
            "did you mean \"production\"?",
        ),
    ] {
        let report = problems(&text);
        assert!(report.contains(message) && report.contains("[E076]"), "{message}:\n{report}");
    }
    let misspelled = problems("[enviroments.a]\nurl = \"https://a.example.org\"");
    assert!(misspelled.contains("unknown key `enviroments`") && misspelled.contains("`environments`?"), "{misspelled}");
}

#[test]
fn hostile_texts_are_problems_only() {
    for text in [
        "[environments",
        "environments = 1",
        "environments = []",
        "[environments.\"\"]\n",
        "environments.a.b.c.d = 1",
        "\u{feff}[",
    ] {
        problems(text);
    }
    problems(&format!("environments{} = 1", ".a".repeat(60)));
    problems(&"[environments.a]\n".repeat(1000));
}
