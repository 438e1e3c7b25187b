//! A server that watches its spec: changed, broken, mended, replaced, and what stays.

use std::fs;
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex};
use std::time::{Duration, Instant};

use apigen_testing::MockServer;

use super::client::{Client, PATIENCE};
use super::kept::spec;

#[derive(Clone, Default)]
struct Told(Arc<Mutex<Vec<String>>>);

impl Told {
    fn all(&self) -> String {
        self.0.lock().unwrap().join("\n")
    }

    /// Waits for a line with this text, and forgets everything so far.
    fn wait(&self, part: &str) -> String {
        let begun = Instant::now();
        while !self.all().contains(part) {
            assert!(begun.elapsed() < PATIENCE, "{part:?} is not in {:?}", self.all());
            std::thread::sleep(Duration::from_millis(5));
        }
        std::mem::take(&mut *self.0.lock().unwrap()).join("\n")
    }
}

fn folder(name: &str) -> PathBuf {
    let folder = crate::common::scratch(&format!("mock-server-{name}"));
    fs::remove_dir_all(&folder).unwrap();
    fs::create_dir_all(&folder).unwrap();
    folder
}

fn watch(path: &Path) -> (MockServer, Told) {
    let told = Told::default();
    let report = told.clone();
    let server =
        MockServer::builder().spec(path).items(1).watch(move |line| report.0.lock().unwrap().push(line.to_owned()));
    (server.start().unwrap(), told)
}

/// Editors write a new file and rename it over the old one.
fn replace(path: &Path, text: &str) {
    let other = path.with_extension("tmp");
    fs::write(&other, text).unwrap();
    fs::rename(other, path).unwrap();
}

#[test]
fn specs_are_loaded_again_when_they_change() {
    let path = folder("reload").join("api.json");
    let text = fs::read_to_string(spec("board.json")).unwrap();
    fs::write(&path, &text).unwrap();
    let (server, told) = watch(&path);
    let mut client = Client::new(server.addr());
    let board = r#"{"slug":"x","title":"t","votes":3,"open":true,"labels":[]}"#;
    assert_eq!(client.send("POST", "/teams/red/boards", &[], board).status, 201);
    for operation in ["boards.delete_by_slug", "boards.get"] {
        let rule = format!("{{\"operation\":\"{operation}\",\"fault\":\"content x\"}}");
        assert_eq!(client.send("POST", "/_apigen/rules", &[], &rule).status, 201);
    }

    // Broken, and broken otherwise: the old one goes on.
    for broken in ["{", "", "{\"name\": 1}", &text.replace("\"board_form\": {", "\"form\": {")] {
        fs::write(&path, broken).unwrap();
        let line = told.wait("the old ones stay");
        assert!(line.contains("api.json"), "{line}");
        assert_eq!(client.get("/teams/red/boards/x").json()["votes"], 3);
    }
    // Mended, without the delete: its rule goes, everything else stays.
    let begin = text.find("{ \"method\": \"DELETE\"").unwrap();
    let less = format!("{}\n      ]\n    }}\n  }}\n}}", text[..begin].trim_end().trim_end_matches(','));
    replace(&path, &less);
    let line = told.wait("removed: DELETE /teams/:team/boards/:slug");
    assert!(line.contains("removed 1 of the rules"), "{line}");
    assert_eq!(client.send("DELETE", "/teams/red/boards/x", &[], "").status, 405);
    assert_eq!(client.get("/teams/red/boards").body, "x", "the other rule");
    assert_eq!(client.get("/teams/red/boards/x").json()["votes"], 3);
    let kept = client.get("/_apigen/state").json()["collections"][0]["items"].as_array().map(Vec::len);
    assert_eq!(kept, Some(2), "the first item and ours");

    // Items that do not fit go.
    replace(
        &path,
        &less
            .replace(r#""name": "votes", "type": "integer" }"#, r#""name": "votes", "type": "string" }"#)
            .replace(r#""type": "integer", "default": 0"#, r#""type": "string", "default": "0""#)
            .replace(
                r#""name": "votes", "type": "integer", "required""#,
                r#""name": "votes", "type": "string", "required""#,
            ),
    );
    let line = told.wait("do not fit the new spec");
    assert!(line.contains("removed 2 of the items"), "{line}");
    assert_eq!(client.get("/teams/red/boards/x").status, 404);

    // The same text again is no change.
    let same = fs::read_to_string(&path).unwrap();
    replace(&path, &same);
    std::thread::sleep(Duration::from_millis(400));
    assert_eq!(told.all(), "");
    // Removed, and there again.
    fs::remove_file(&path).unwrap();
    told.wait("the old ones stay");
    assert_eq!(client.get("/teams/red/boards").status, 200);
    fs::write(&path, &text).unwrap();
    told.wait("new: DELETE /teams/:team/boards/:slug");
}

#[test]
fn imports_are_watched_too() {
    let folder = folder("imports");
    let common = folder.join("common/service.json");
    fs::create_dir_all(common.parent().unwrap()).unwrap();
    let import = |limit: u32| {
        format!(
            r#"{{"name":"Common","namespace":"io.example.common.v0","models":{{"error":{{"fields":[{{"name":"code","type":"string","maximum":{limit}}}]}}}}}}"#
        )
    };
    fs::write(&common, import(5)).unwrap();
    let path = folder.join("api.json");
    let text = r#"{"name":"Main","namespace":"io.example.main.v0","imports":[{"uri":"file://COMMON"}],
        "resources":{"io.example.common.v0.models.error":{"path":"/errors","operations":[{"method":"POST","body":{"type":"io.example.common.v0.models.error"},"responses":{"204":{"type":"unit"}}}]}}}"#;
    fs::write(&path, text.replace("COMMON", common.to_str().unwrap())).unwrap();
    let (server, told) = watch(&path);
    let mut client = Client::new(server.addr());
    let mut post = || client.send("POST", "/errors", &[], r#"{"code":"longer"}"#).status;
    assert_eq!(post(), 422);
    replace(&common, &import(10));
    told.wait("loaded Main");
    assert_eq!(post(), 204);
    fs::write(&common, "{").unwrap();
    told.wait("the old ones stay");
    assert_eq!(post(), 204);
    fs::write(&common, import(3)).unwrap();
    told.wait("loaded Main");
    assert_eq!(post(), 422);
}

/// A log in the same folder changes all the time, and a broken spec is reported once.
#[test]
fn other_files_of_the_folder_hold_up_nothing() {
    let folder = folder("busy");
    let path = folder.join("api.json");
    let text = fs::read_to_string(spec("ticket.json")).unwrap();
    fs::write(&path, &text).unwrap();
    let (server, told) = watch(&path);
    let stop = Arc::new(std::sync::atomic::AtomicBool::new(false));
    let writer = std::thread::spawn({
        let (stop, log) = (Arc::clone(&stop), folder.join("exchanges.jsonl"));
        move || {
            while !stop.load(std::sync::atomic::Ordering::Relaxed) {
                fs::write(&log, "{}\n").unwrap();
                std::thread::sleep(Duration::from_millis(10));
            }
        }
    });
    std::thread::sleep(Duration::from_millis(200));
    fs::write(&path, "{").unwrap();
    told.wait("the old ones stay");
    std::thread::sleep(Duration::from_millis(1500));
    assert_eq!(told.all(), "", "it was reported already");
    fs::write(&path, text.replace("tickets\"", "cards\"")).unwrap();
    told.wait("loaded Tickets");
    stop.store(true, std::sync::atomic::Ordering::Relaxed);
    writer.join().unwrap();
    assert_eq!(Client::new(server.addr()).get("/cards").status, 200);
}
