//! A spec that imports services of a server, and helpers to examine its updates.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Output};

use apigen_cli::fetch::{Changes, Update};

use crate::common::{put, scratch};
use crate::origin::{Answer, Origin};

/// A scratch folder with a spec that imports these URIs, and a server.
pub struct Case {
    pub folder: PathBuf,
    pub origin: Origin,
}

impl Case {
    pub fn new(name: &str) -> Self {
        let folder = scratch("update").join(name);
        drop(fs::remove_dir_all(&folder));
        fs::create_dir_all(&folder).unwrap();
        Self { folder, origin: Origin::start() }
    }

    /// Returns the URI of a service on the server.
    pub fn uri(&self, place: &str) -> String {
        format!("{}/{place}/service.json", self.origin.url)
    }

    pub fn spec(&self, places: &[&str]) {
        let uris: Vec<String> = places.iter().map(|place| self.uri(place)).collect();
        self.spec_of(&uris);
    }

    pub fn spec_of(&self, uris: &[String]) {
        put(&self.folder.join("shop.json"), &spec(uris, "string"));
    }

    /// Publishes `organisation/application/version` at a place of the server; the service has one model, `thing`.
    pub fn publish(&self, place: &str, identity: &str, imports: &[&str]) -> String {
        let uris: Vec<String> = imports.iter().map(|place| self.uri(place)).collect();
        let text = service(identity, &uris);
        self.origin.on(&format!("/{place}/service.json"), Answer::Text(text.clone()));
        text
    }

    pub fn answer(&self, place: &str, answer: Answer) {
        self.origin.on(&format!("/{place}/service.json"), answer);
    }

    pub fn update(&self) -> Update {
        Update::new(self.vendor()).spec(self.folder.join("shop.json")).allow_http(true).allow_host("127.0.0.1")
    }

    pub fn run(&self) -> String {
        shown(&self.update().run().unwrap(), self)
    }

    /// Runs a failing update, which must leave no files, and returns the text of its error.
    pub fn fails(&self, update: &Update) -> String {
        let before = files(&self.folder);
        let error = update.run().unwrap_err().to_string();
        assert_eq!(files(&self.folder), before, "something was written although: {error}");
        error.replace(&self.origin.url, "ORIGIN")
    }

    pub fn vendor(&self) -> PathBuf {
        self.folder.join("vendor")
    }

    pub fn vendored(&self, identity: &str) -> PathBuf {
        self.vendor().join(identity).join("service.json")
    }

    pub fn asked(&self) -> Vec<String> {
        let place = |path: &str| path.trim_start_matches('/').trim_end_matches("/service.json").to_owned();
        self.origin.requests().iter().map(|(path, _)| place(path)).collect()
    }

    pub fn command(&self, arguments: &[&str]) -> Output {
        let mut command = Command::new(env!("CARGO_BIN_EXE_apigen"));
        command.args(arguments).current_dir(&self.folder).env_remove("APIBUILDER_TOKEN").output().unwrap()
    }
}

pub fn spec(uris: &[String], field: &str) -> String {
    let imports: Vec<String> = uris.iter().map(|uri| format!("    {{ \"uri\": \"{uri}\" }}")).collect();
    format!(
        "{{\n  \"name\": \"Shop\",\n  \"imports\": [\n{}\n  ],\n  \"models\": {{\n    \"cart\": {{ \"fields\": [\n      \
         {{ \"name\": \"content\", \"type\": \"{field}\" }}\n    ] }}\n  }},\n  \"resources\": {{ \"cart\": {{ \"operations\": [{{ \"method\": \"GET\" }}] }} }}\n}}\n",
        imports.join(",\n")
    )
}

pub fn service(identity: &str, uris: &[String]) -> String {
    let [organization, application, version] = identity.split('/').collect::<Vec<_>>()[..] else {
        panic!("{identity}")
    };
    let imports = uris.iter().map(|uri| {
        serde_json::json!({"uri": uri, "namespace": uri, "organization": {"key": "o"}, "application": {"key": "a"},
            "version": "1.0.0", "enums": [], "unions": [], "models": []})
    });
    serde_json::json!({
        "name": application, "organization": {"key": organization}, "application": {"key": application},
        "namespace": format!("io.{organization}.{application}.v1"), "version": version, "info": {}, "headers": [],
        "imports": imports.collect::<Vec<_>>(), "enums": [], "unions": [], "resources": [], "attributes": [],
        "models": [{"name": "thing", "plural": "things", "attributes": [], "fields": [
            {"name": "id", "type": "string", "required": true, "attributes": []}]}]
    })
    .to_string()
}

/// Returns the lines without the server's changing address.
pub fn shown(changes: &Changes, case: &Case) -> String {
    changes.to_string().replace(&format!("{}/", case.origin.url), "").replace("/service.json", "")
}

pub fn text(bytes: &[u8]) -> String {
    String::from_utf8_lossy(bytes).into_owned()
}

pub fn files(folder: &Path) -> Vec<(PathBuf, Vec<u8>)> {
    let mut found = Vec::new();
    for entry in fs::read_dir(folder).into_iter().flatten().flatten() {
        match entry.file_type().unwrap().is_dir() {
            true => found.extend(files(&entry.path())),
            false => found.push((entry.path(), fs::read(entry.path()).unwrap())),
        }
    }
    found.sort();
    found
}

#[track_caller]
pub fn has(text: &str, parts: &[&str]) {
    parts.iter().for_each(|part| assert!(text.contains(part), "no {part:?} in:\n{text}"));
}
