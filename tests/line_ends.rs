//! A checkout with other line endings counts as unchanged: generated code, specs, templates, locks, and fetched documents.

use std::fs;
use std::path::Path;
use std::process::Command;

use crate::common::{root, scratch};

/// Converts line endings like git with `core.autocrlf`; returns the number of changed files.
fn check_out(folder: &Path) -> usize {
    let mut changed = 0;
    for entry in fs::read_dir(folder).unwrap().flatten() {
        let path = entry.path();
        if path.is_dir() {
            changed += check_out(&path);
            continue;
        }
        let text = fs::read_to_string(&path).unwrap();
        let other = text.replace("\r\n", "\n").replace('\n', "\r\n");
        changed += usize::from(other != text);
        fs::write(&path, other).unwrap();
    }
    changed
}

fn apigen(folder: &Path, arguments: &[&str]) -> (Option<i32>, String) {
    let output = Command::new(env!("CARGO_BIN_EXE_apigen")).args(arguments).current_dir(folder).output().unwrap();
    let text = [output.stdout, output.stderr].map(|bytes| String::from_utf8_lossy(&bytes).into_owned()).concat();
    (output.status.code(), text)
}

#[test]
fn other_line_ends_are_no_change() {
    let folder = scratch("line-ends");
    fs::remove_dir_all(&folder).ok();
    fs::create_dir_all(folder.join("specs")).unwrap();
    for name in ["location.json", "common.json"] {
        fs::copy(root().join("specs").join(name), folder.join("specs").join(name)).unwrap();
    }
    let manifest = "[[spec]]\npath = \"specs/location.json\"\nout = \"src/location\"\n\n[[spec]]\npath = \"specs/common.json\"\nout = \"common\"\ncrate = \"common\"\ntypes-only = true\n";
    fs::write(folder.join("apigen.toml"), manifest).unwrap();
    assert_eq!(apigen(&folder, &["generate"]).0, Some(0));
    assert!(check_out(&folder) > 20);
    let up_to_date = (Some(0), "src/location: up to date\ncommon: up to date\n".to_owned());
    assert_eq!(apigen(&folder, &["generate", "--check"]), up_to_date);
    assert_eq!(apigen(&folder, &["status"]), up_to_date);
    // Generating does not report an edit either; it writes as on any system.
    let (code, text) = apigen(&folder, &["generate"]);
    assert!(code == Some(0) && text.contains(" 0 unchanged") && !text.contains("edited"), "{text}");
    assert_eq!(check_out(&folder.join("specs")), 0);
    let models = folder.join("common/src/models.rs");
    assert!(!fs::read_to_string(&models).unwrap().contains('\r'));
    let (code, text) = apigen(&folder, &["generate"]);
    assert!(code == Some(0) && text.matches(" 0 files written").count() == 2, "{text}");

    // An edit is an edit with any line endings.
    let edited = fs::read_to_string(&models).unwrap().replace("pub struct", "pub  struct").replace('\n', "\r\n");
    fs::write(&models, edited).unwrap();
    assert!(apigen(&folder, &["status"]).1.contains("common/src/models.rs was edited"));
    assert_eq!(apigen(&folder, &["generate"]).0, Some(2));
}
