//! `apigen update` against well-behaved and hostile servers on loopback, and generation with its result.

use std::fs;
use std::time::Duration;

use apigen_cli::fetch::{Limits, Update};
use apigen_model::lock::Lock;

use crate::common::put;
use crate::origin::{Answer, Origin};
use crate::shop::{Case, files, has, service, shown, spec, text};

#[test]
fn a_closure_with_a_cycle_is_stored_as_it_was_fetched() {
    let case = Case::new("closure");
    case.spec(&["acme/geo/1.2.3", "acme/money/latest"]);
    let geo = case.publish("acme/geo/1.2.3", "acme/geo/1.2.3", &["other/base/2.0.0"]);
    case.publish("acme/money/latest", "acme/money/0.9.1", &["acme/geo/1.2.3"]);
    let base = case.publish("other/base/2.0.0", "other/base/2.0.0", &["acme/geo/1.2.3", "acme/money/latest"]);
    assert_eq!(
        case.run(),
        "fetched acme/geo/1.2.3 (1.2.3)\nfetched acme/money/latest (0.9.1)\nfetched other/base/2.0.0 (2.0.0)\n\
         3 fetched, 0 kept, 0 updated, 0 removed"
    );
    assert_eq!(case.asked(), ["acme/geo/1.2.3", "acme/money/latest", "other/base/2.0.0"], "each once");
    assert_eq!(fs::read_to_string(case.vendored("acme/geo/1.2.3")).unwrap(), geo);
    assert_eq!(fs::read_to_string(case.vendored("other/base/2.0.0")).unwrap(), base);
    assert_eq!(files(&case.vendor()).len(), 4, "three documents and a lock");
    let lock = Lock::open(&case.vendor().join("apigen.lock")).unwrap();
    let entry = &lock.entries[&case.uri("acme/money/latest")];
    assert_eq!((entry.version.as_str(), entry.path.as_str()), ("0.9.1", "acme/money/0.9.1/service.json"));
}

#[test]
fn latest_is_pinned_until_it_is_refreshed() {
    let case = Case::new("latest");
    case.spec(&["acme/geo/latest", "acme/money/1.0.0", "acme/tax/~2.1.0"]);
    case.publish("acme/geo/latest", "acme/geo/1.2.3", &[]);
    case.publish("acme/money/1.0.0", "acme/money/1.0.0", &[]);
    case.publish("acme/tax/~2.1.0", "acme/tax/2.1.5", &[]);
    case.run();
    case.publish("acme/geo/latest", "acme/geo/1.3.0", &["acme/new/1.0.0"]);
    case.publish("acme/new/1.0.0", "acme/new/1.0.0", &[]);
    case.asked();
    let before = files(&case.folder);
    has(&case.run(), &["kept acme/geo/latest (1.2.3)", "kept acme/tax/~2.1.0 (2.1.5)", "0 fetched, 3 kept"]);
    assert!(case.asked().is_empty());
    assert_eq!(files(&case.folder), before);

    let refreshed = shown(&case.update().latest(true).run().unwrap(), &case);
    has(
        &refreshed,
        &["updated acme/geo/latest 1.2.3 → 1.3.0", "kept acme/money/1.0.0", "kept acme/tax", "fetched acme/new"],
    );
    assert_eq!(case.asked(), ["acme/geo/latest", "acme/tax/~2.1.0", "acme/new/1.0.0"], "nothing exact is asked again");
    assert!(case.vendored("acme/geo/1.3.0").exists() && !case.vendor().join("acme/geo/1.2.3").exists());
}

#[test]
fn a_missing_file_comes_back_as_it_was_locked() {
    let case = Case::new("missing");
    case.spec(&["acme/geo/latest"]);
    case.publish("acme/geo/latest", "acme/geo/1.2.3", &[]);
    case.run();
    case.publish("acme/geo/1.2.3", "acme/geo/1.2.3", &[]);
    case.publish("acme/geo/latest", "acme/geo/1.3.0", &[]);
    fs::remove_file(case.vendored("acme/geo/1.2.3")).unwrap();
    case.asked();
    has(&case.run(), &["fetched acme/geo/latest (1.2.3)"]);
    assert_eq!(case.asked(), ["acme/geo/1.2.3"]);
}

#[test]
fn locked_needs_no_network() {
    let case = Case::new("locked");
    case.spec(&["acme/geo/latest"]);
    case.publish("acme/geo/latest", "acme/geo/1.2.3", &[]);
    let locked = case.update().locked(true);
    has(&case.fails(&locked), &["error[E009]", "is not in the lock file", "run `apigen update` without --locked"]);
    case.run();
    case.asked();
    assert_eq!(shown(&locked.run().unwrap(), &case).lines().next(), Some("kept acme/geo/latest (1.2.3)"));
    fs::remove_file(case.vendored("acme/geo/1.2.3")).unwrap();
    has(&case.fails(&locked), &["error[E009]", "is locked, but its file", "is missing"]);
    case.publish("acme/geo/1.2.3", "acme/geo/1.2.3", &[]);
    case.run();
    case.asked();
    case.spec(&[]);
    has(&case.fails(&locked), &["error[E009]", "nothing imports it any longer"]);
    assert!(case.asked().is_empty());
}

#[test]
fn what_nothing_imports_is_removed() {
    let case = Case::new("removed");
    case.spec(&["acme/geo/1.0.0", "acme/tax/1.0.0"]);
    case.publish("acme/geo/1.0.0", "acme/geo/1.0.0", &[]);
    case.publish("acme/tax/1.0.0", "acme/tax/1.0.0", &[]);
    case.run();
    put(&case.vendor().join("acme/notes.txt"), "mine");
    case.spec(&["acme/tax/1.0.0"]);
    has(&case.run(), &["removed acme/geo/1.0.0\n", "1 kept, 0 updated, 1 removed"]);
    assert!(!case.vendor().join("acme/geo").exists() && case.vendor().join("acme/notes.txt").exists());
    fs::write(case.vendored("acme/tax/1.0.0"), "edited").unwrap();
    case.spec(&[]);
    has(&case.run(), &["removed acme/tax/1.0.0 (its file was edited, and is kept)"]);
    assert_eq!(fs::read(case.vendored("acme/tax/1.0.0")).unwrap(), b"edited");
}

#[test]
fn a_changed_file_is_a_mismatch() {
    let case = Case::new("tampered");
    case.spec(&["acme/geo/latest"]);
    case.publish("acme/geo/latest", "acme/geo/1.2.3", &[]);
    case.run();
    fs::write(case.vendored("acme/geo/1.2.3"), "{}").unwrap();
    let empty = "44136fa355b3678a1146ad16f7e8649e94fb4fc21fe77e8310c060f61caaff8a";
    for update in [case.update(), case.update().latest(true), case.update().locked(true)] {
        has(&case.fails(&update), &["error[E009]: hash mismatch", "acme/geo/1.2.3/service.json", empty, "shop.json:4"]);
    }
}

#[test]
fn a_published_version_must_not_change() {
    let case = Case::new("republished");
    case.spec(&["acme/geo/1.2.3", "acme/tax/latest"]);
    case.publish("acme/geo/1.2.3", "acme/geo/1.2.3", &[]);
    case.publish("acme/tax/latest", "acme/tax/1.0.0", &[]);
    case.run();
    case.publish("acme/tax/latest", "acme/tax/1.0.0", &["acme/geo/1.2.3"]);
    has(&case.fails(&case.update().latest(true)), &["hash mismatch", "was locked as version 1.0.0"]);
    fs::remove_file(case.vendored("acme/geo/1.2.3")).unwrap();
    case.publish("acme/geo/1.2.3", "acme/geo/1.2.3", &["acme/tax/latest"]);
    has(&case.fails(&case.update()), &["error[E009]: hash mismatch", "published versions must not change"]);
}

#[test]
fn redirects_lead_nowhere_dangerous() {
    let case = Case::new("redirects");
    case.spec(&["acme/geo/latest"]);
    let port = case.origin.url.rsplit(':').next().unwrap().to_owned();
    for (to, why) in [
        ("file:///etc/passwd".to_owned(), "only https is fetched, not file"),
        ("ftp://example.com/x".to_owned(), "not ftp"),
        ("http://10.0.0.1/".to_owned(), "http://10.0.0.1/ is plain http"),
        ("https://10.0.0.1/".to_owned(), "10.0.0.1 is a private address"),
        ("https://169.254.169.254/latest/meta-data".to_owned(), "169.254.169.254 is a link-local address"),
        (format!("http://[::1]:{port}/"), "::1 is a loopback address"),
        (format!("http://localhost:{port}/"), "localhost is at"),
        (format!("https://2130706433:{port}/"), "a loopback address"),
        ("https://[::ffff:10.0.0.1]/".to_owned(), "a private address"),
        ("//0.0.0.0/".to_owned(), "is plain http"),
        ("https://user:secret@127.0.0.1/".to_owned(), "credentials"),
        ("service.json".to_owned(), "in a circle"),
    ] {
        case.answer("acme/geo/latest", Answer::Redirect(to.clone()));
        let error = case.fails(&case.update());
        has(&error, &["error[E008]: ORIGIN/acme/geo/latest/service.json cannot be fetched", "redirects", why]);
    }
}

#[test]
fn redirects_are_followed_a_few_times() {
    let case = Case::new("hops");
    case.spec(&["acme/geo/latest"]);
    case.publish("acme/geo/1.2.3", "acme/geo/1.2.3", &[]);
    case.answer("acme/geo/latest", Answer::Redirect("/hop/1/service.json".to_owned()));
    for hop in 1..=4 {
        case.answer(&format!("hop/{hop}"), Answer::Redirect(format!("/hop/{}/service.json", hop + 1)));
    }
    case.answer("hop/4", Answer::Redirect(case.uri("acme/geo/1.2.3")));
    has(&case.run(), &["fetched acme/geo/latest (1.2.3)"]);
    fs::remove_dir_all(case.vendor()).unwrap();
    for (from, to) in [(4, 5), (5, 6)] {
        case.answer(&format!("hop/{from}"), Answer::Redirect(format!("/hop/{to}/service.json")));
    }
    has(&case.fails(&case.update()), &["redirects more than 5 times"]);
}

#[test]
fn useless_answers_are_named() {
    let case = Case::new("answers");
    case.spec(&["acme/geo/1.0.0"]);
    let raw =
        |head: &str, body: &[u8]| Answer::Raw([format!("HTTP/1.1 200 OK\r\n{head}\r\n\r\n").as_bytes(), body].concat());
    let document = service("acme/geo/1.0.0", &[]);
    for (answer, parts) in [
        (Answer::Status(404, String::new()), ["the server responded with 404", "check organisation"]),
        (Answer::Status(401, String::new()), ["the server responded with 401", "APIBUILDER_TOKEN"]),
        (Answer::Status(500, document.clone()), ["the server responded with 500", "shop.json:4"]),
        (Answer::Text("<!doctype html><p>log in</p>".to_owned()), ["is not a service.json", "HTML page"]),
        (Answer::Text(String::new()), ["is not a service.json", "document is empty"]),
        (Answer::Text("[1]".to_owned()), ["is not a service.json", "must be a JSON object"]),
        (
            Answer::Text("{\"organization\": {\"key\": \"a\"}}".to_owned()),
            ["is not a service.json", "the document lacks application"],
        ),
        (Answer::Text(spec(&[], "string")), ["is an api.json", "ends with /service.json"]),
        (raw("content-length: 9", b"\xff\xfe\xfd\xfc\xfb\xfa\xf9\xf8\xf7"), ["is not a service.json", "not UTF-8"]),
        (raw("content-length: 4096", b"{\"name\": "), ["cannot be fetched", "broke in the middle"]),
        (raw("content-encoding: gzip\r\ncontent-length: 2", b"\x1f\x8b"), ["cannot be fetched", "compressed"]),
        (Answer::Raw(Vec::new()), ["cannot be fetched", "no response from 127.0.0.1"]),
        (raw("content-length: 99999999", b"{"), ["cannot be fetched", "more than 16777216 bytes"]),
        (Answer::Endless, ["cannot be fetched", "more than 16777216 bytes"]),
    ] {
        case.answer("acme/geo/1.0.0", answer);
        let error = case.fails(&case.update());
        has(&error, &["error[E008]", "imported by"]);
        has(&error, &parts);
    }
}

#[test]
fn slow_servers_are_left() {
    let case = Case::new("slow");
    case.spec(&["acme/geo/1.0.0"]);
    case.answer("acme/geo/1.0.0", Answer::Slow);
    let limits = Limits { total: Duration::from_millis(300), ..Limits::default() };
    has(&case.fails(&case.update().limits(limits)), &["error[E008]", "was not complete after 300ms"]);
}

#[test]
fn endless_imports_end() {
    let case = Case::new("endless");
    case.spec(&["acme/a/1.0.0"]);
    for (name, next) in [("a", "b"), ("b", "c"), ("c", "d"), ("d", "e")] {
        let place = format!("acme/{name}/1.0.0");
        case.publish(&place, &place, &[&format!("acme/{next}/1.0.0")]);
    }
    let limits = Limits { documents: 4, ..Limits::default() };
    has(&case.fails(&case.update().limits(limits)), &["more than 4 imported documents"]);
}

#[test]
fn all_documents_together_have_a_limit() {
    let case = Case::new("total");
    case.spec(&["acme/a/1.0.0"]);
    for (name, next) in [("a", "b"), ("b", "c"), ("c", "d"), ("d", "e")] {
        let place = format!("acme/{name}/1.0.0");
        case.publish(&place, &place, &[&format!("acme/{next}/1.0.0")]);
    }
    let limits = Limits { all_bytes: 700, ..Limits::default() };
    let error = case.fails(&case.update().limits(limits));
    has(
        &error,
        &["error[E008]", "all imported documents together have more than 700 bytes", "imported by", "--total-limit"],
    );
    assert!(!case.vendored("acme/a/1.0.0").exists());
}

#[test]
fn no_document_is_written_elsewhere() {
    let case = Case::new("traversal");
    case.spec(&["acme/geo/latest"]);
    for (organization, application, version) in [
        ("..", "geo", "1.0.0"),
        ("acme", "../../../up", "1.0.0"),
        ("acme", "geo", ".."),
        ("/etc", "geo", "1.0.0"),
        ("acme", "geo", "C:\\x"),
        ("acme", "nul", "1.0.0"),
    ] {
        let mut document: serde_json::Value = serde_json::from_str(&service("acme/geo/1.0.0", &[])).unwrap();
        document["organization"]["key"] = organization.into();
        document["application"]["key"] = application.into();
        document["version"] = version.into();
        case.answer("acme/geo/latest", Answer::Text(document.to_string()));
        has(&case.fails(&case.update()), &["error[E008]", "gives a document whose"]);
    }
    let hostile = format!("{}/acme/../../geo/latest/service.json", case.origin.url);
    case.spec_of(std::slice::from_ref(&hostile));
    case.origin.on("/acme/../../geo/latest/service.json", Answer::Text(service("acme/geo/1.0.0", &[])));
    case.run();
    let lock = Lock::open(&case.vendor().join("apigen.lock")).unwrap();
    assert!(lock.entries[&hostile].path.starts_with("_other/"), "{lock:?}");
}

#[test]
fn all_problems_at_once_each_with_who_imports_it() {
    let case = Case::new("several");
    let uris = [case.uri("acme/geo/1.0.0"), case.uri("acme/gone/1.0.0"), "file:///x/y.json".to_owned()];
    case.spec_of(&uris);
    case.publish("acme/geo/1.0.0", "acme/geo/1.0.0", &["acme/deep/1.0.0"]);
    let error = case.fails(&case.update());
    has(&error, &["3 errors found", "acme/gone/1.0.0/service.json cannot be fetched", "shop.json:5:"]);
    has(&error, &["file:///x/y.json cannot be fetched: only https is fetched, not file", "--imports", "shop.json:6:"]);
    has(
        &error,
        &["acme/deep/1.0.0/service.json cannot be fetched", "(imported by ORIGIN/acme/geo/1.0.0/service.json, which"],
    );
    assert!(!case.vendor().exists());
}

#[test]
fn documents_at_hand_are_not_fetched_but_their_imports_are() {
    let case = Case::new("local");
    case.spec(&["acme/geo/latest", "acme/tax/latest"]);
    let deep = vec![case.uri("acme/deep/1.0.0")];
    put(&case.folder.join("local/acme/geo/latest/service.json"), &service("acme/geo/1.0.0", &deep));
    put(&case.folder.join("tax.service.json"), &service("acme/tax/1.0.0", &[]));
    case.publish("acme/deep/1.0.0", "acme/deep/1.0.0", &[]);
    let update = case.update().imports(case.folder.join("local")).imports(case.vendor());
    has(&shown(&update.run().unwrap(), &case), &["fetched acme/deep/1.0.0 (1.0.0)\n1 fetched"]);
    has(&shown(&update.run().unwrap(), &case), &["kept acme/deep/1.0.0 (1.0.0)\n0 fetched, 1 kept"]);
}

#[test]
fn two_documents_for_one_file_are_refused() {
    let case = Case::new("conflict");
    case.spec(&["acme/geo/latest", "acme/geo/1.0.0"]);
    case.publish("acme/geo/latest", "acme/geo/1.0.0", &[]);
    case.publish("acme/geo/1.0.0", "acme/geo/1.0.0", &["acme/geo/latest"]);
    has(&case.fails(&case.update()), &["error[E009]", "give different documents"]);
    case.publish("acme/geo/1.0.0", "acme/geo/1.0.0", &[]);
    has(&case.run(), &["2 fetched"]);
    case.publish("acme/geo/1.0.0", "acme/geo/1.1.0", &[]);
    fs::remove_dir_all(case.vendor()).unwrap();
    has(&case.fails(&case.update()), &["gives a document of version 1.1.0 instead"]);
}

#[test]
fn foreign_files_are_not_overwritten() {
    let case = Case::new("foreign");
    case.spec(&["acme/geo/1.0.0", "acme/tax/1.0.0"]);
    case.publish("acme/geo/1.0.0", "acme/geo/1.0.0", &[]);
    case.publish("acme/tax/1.0.0", "acme/tax/1.0.0", &[]);
    put(&case.vendored("acme/tax/1.0.0"), "mine");
    let error = case.update().run().unwrap_err();
    assert!(error.report().is_none());
    has(&error.to_string(), &["exists and is not in the lock file"]);
    assert_eq!(files(&case.vendor()), [(case.vendored("acme/tax/1.0.0"), b"mine".to_vec())]);
}

#[test]
fn the_token_goes_to_its_host_only() {
    let case = Case::new("token");
    let other = Origin::start();
    case.spec(&["acme/geo/1.0.0", "acme/tax/1.0.0"]);
    case.publish("acme/geo/1.0.0", "acme/geo/1.0.0", &[]);
    case.answer("acme/tax/1.0.0", Answer::Redirect(format!("{}/tax", other.url)));
    other.on("/tax", Answer::Text(service("acme/tax/1.0.0", &[])));
    let update = case.update().token("s3cret");
    assert!(!format!("{update:?}").contains("s3cret"));
    update.run().unwrap();
    // `s3cret:` as the user name with an empty password.
    let basic = Some("Basic czNjcmV0Og==".to_owned());
    assert!(case.origin.requests().iter().all(|(_, authorization)| *authorization == basic));
    assert_eq!(other.requests(), [("/tax".to_owned(), None)]);
}

#[test]
fn loopback_and_http_must_be_permitted() {
    let case = Case::new("permission");
    case.spec(&["acme/geo/1.0.0"]);
    let update = || Update::new(case.vendor()).spec(case.folder.join("shop.json"));
    has(&case.fails(&update().allow_host("127.0.0.1")), &["plain http", "--allow-http"]);
    has(&case.fails(&update().allow_http(true)), &["127.0.0.1 is a loopback address", "--allow-host 127.0.0.1"]);
    assert!(case.asked().is_empty());
}

#[test]
fn encryption_is_not_optional() {
    let case = Case::new("plain");
    let uri = case.uri("acme/geo/1.0.0").replace("http:", "https:");
    case.spec_of(std::slice::from_ref(&uri));
    has(&case.fails(&case.update()), &["error[E008]", "no response from 127.0.0.1"]);
    assert!(case.asked().iter().all(|path| !path.contains("acme")), "nothing was sent in the clear");
}

#[test]
fn generation_reads_what_is_locked_and_nothing_else() {
    let case = Case::new("generate");
    put(&case.folder.join("shop.json"), &spec(&[case.uri("acme/geo/latest")], "io.acme.geo.v1.models.thing"));
    case.publish("acme/geo/latest", "acme/geo/1.2.3", &[]);
    let flags = ["--allow-http", "--allow-host", "127.0.0.1"];
    let update = case.command(&[&["update", "shop.json"], &flags[..]].concat());
    assert_eq!(update.status.code(), Some(0), "{}", text(&update.stderr));
    has(&text(&update.stdout), &["fetched http", "(1.2.3)\nvendor/apibuilder: 1 fetched, 0 kept"]);
    let generate = |place: &str| case.command(&["generate", "shop.json", "--imports", place, "--out", "out"]);
    for place in ["vendor/apibuilder", "vendor/apibuilder/apigen.lock"] {
        let output = generate(place);
        assert_eq!(output.status.code(), Some(0), "{}", text(&output.stderr));
    }
    assert!(files(&case.folder.join("out")).iter().any(|(_, bytes)| text(bytes).contains("struct Thing")));

    let file = case.folder.join("vendor/apibuilder/acme/geo/1.2.3/service.json");
    fs::write(&file, fs::read_to_string(&file).unwrap() + " ").unwrap();
    let output = generate("vendor/apibuilder");
    assert_eq!(output.status.code(), Some(1));
    has(&text(&output.stderr), &["error[E009]: hash mismatch", "shop.json:4:", "apigen update"]);
    fs::remove_file(&file).unwrap();
    has(&text(&generate("vendor/apibuilder").stderr), &["error[E009]", "cannot be read"]);
}

#[test]
fn the_lock_may_stand_above_the_folder() {
    let case = Case::new("above");
    put(&case.folder.join("shop.json"), &spec(&[case.uri("acme/geo/latest")], "io.acme.geo.v1.models.thing"));
    case.publish("acme/geo/latest", "acme/geo/1.2.3", &[]);
    let flags = ["--allow-http", "--allow-host", "127.0.0.1", "--vendor", "third/party"];
    let update = case.command(&[&["update", "shop.json", "--lock", "services.lock"], &flags[..]].concat());
    assert_eq!(update.status.code(), Some(0), "{}", text(&update.stderr));
    has(
        &fs::read_to_string(case.folder.join("services.lock")).unwrap(),
        &["\"third/party/acme/geo/1.2.3/service.json\""],
    );
    let output = case.command(&["generate", "shop.json", "--imports", "services.lock", "--out", "out"]);
    assert_eq!(output.status.code(), Some(0), "{}", text(&output.stderr));
    let wrong = case.command(&[&["update", "shop.json", "--lock", "else/where.lock"], &flags[..]].concat());
    assert_eq!(wrong.status.code(), Some(2));
    has(&text(&wrong.stderr), &["must be in the vendored folder or above it"]);
}

#[test]
fn exit_codes() {
    let case = Case::new("codes");
    case.spec(&["acme/geo/latest"]);
    for (arguments, code) in [
        (&["update", "shop.json", "--locked"][..], 1),
        (&["update", "shop.json", "--locked", "--latest"], 2),
        (&["update", "missing.json"], 2),
        (&["update", "shop.json", "--imports", "missing"], 2),
        (&["update"], 2),
    ] {
        assert_eq!(case.command(arguments).status.code(), Some(code), "{arguments:?}");
    }
}

#[test]
fn a_project_of_the_command_apibuilder_becomes_ours() {
    let case = Case::new("apibuilder");
    let config = "code:\n  acme:\n    geo-data:\n      version: latest\n      generators:\n        rust_client: src/generated\n\
                  \x20   money:\n      version: 1.0.0\n      generators: { ruby_client: lib }\n";
    put(&case.folder.join(".apibuilder/config"), config);
    case.publish("acme/geo-data/latest", "acme/geo-data/1.2.3", &["acme/base/latest"]);
    case.publish("acme/base/latest", "acme/base/0.9.0", &[]);
    let init = case.command(&["init", "--server", &case.origin.url]);
    has(&text(&init.stdout), &["apigen.toml: 1 spec, from .apibuilder/config", "skipped", ": acme/money"]);

    let early = case.command(&["generate"]);
    assert_eq!(early.status.code(), Some(1));
    has(&text(&early.stderr), &["error[E059]: ", "--> apigen.toml:7:8"]);
    has(
        &text(&early.stderr),
        &["geo-data/latest/service.json was not found in any import path; `apigen update` fetches it"],
    );
    let update = case.command(&["update", "--allow-http", "--allow-host", "127.0.0.1"]);
    has(&text(&update.stdout), &["fetched", "2 fetched, 0 kept"]);
    assert_eq!(case.asked(), ["acme/geo-data/latest", "acme/base/latest"]);

    // The service has types only.
    has(&text(&case.command(&["generate"]).stderr), &["error[E057]", "--> apigen.toml:7:8"]);
    let manifest = fs::read_to_string(case.folder.join("apigen.toml")).unwrap();
    put(&case.folder.join("apigen.toml"), &format!("{manifest}types-only = true\n"));
    has(&text(&case.command(&["generate"]).stdout), &["src/generated/geo_data: ", " files written"]);
    assert!(case.folder.join("src/generated/geo_data/models.rs").exists());
    let status = case.command(&["status"]);
    assert_eq!(
        (status.status.code(), text(&status.stdout).as_str()),
        (Some(0), "src/generated/geo_data: up to date\n")
    );

    // Locked documents are verified, and another version is another spec.
    let file = case.folder.join("vendor/apibuilder/acme/geo-data/1.2.3/service.json");
    let vendored = fs::read_to_string(&file).unwrap();
    put(&file, &vendored.replace("thing", "think"));
    assert_eq!(case.command(&["status"]).status.code(), Some(1));
    has(&text(&case.command(&["generate"]).stderr), &["acme/geo-data/1.2.3/service.json"]);
    put(&file, &vendored);
    assert_eq!(case.command(&["status"]).status.code(), Some(0));
    let manifest = fs::read_to_string(case.folder.join("apigen.toml")).unwrap();
    put(&case.folder.join("apigen.toml"), &manifest.replace("/latest/", "/1.2.3/"));
    has(&text(&case.command(&["status"]).stdout), &["out of date\n  options have changed"]);
}
