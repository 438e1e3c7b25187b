//! Runs that are killed or fail at every file operation, and the recovery by the next run.

use std::collections::BTreeMap;
use std::fs;

use super::*;
use crate::write::MARK;
use crate::write::interrupted::InterruptedDisk;
use crate::write::transaction::STAGING;

/// Returns files that differ in every version but one, and some that only one version has.
fn tree(version: &str) -> GeneratedFiles {
    let mut tree = GeneratedFiles::default();
    let mut add = |path: &str, text: &str| tree.add(PathBuf::from(path), format!("// {MARK}\n{text}\n")).unwrap();
    add("mod.rs", version);
    add("same.rs", "always");
    add("users/mod.rs", version);
    add(&format!("{version}/only.rs"), version);
    add(&format!("only_{version}.rs"), version);
    tree.with_list()
}

/// Returns every file below a folder.
fn files(folder: &Path) -> BTreeMap<PathBuf, String> {
    let mut found = BTreeMap::new();
    let mut next = vec![folder.to_owned()];
    while let Some(at) = next.pop() {
        for entry in fs::read_dir(at).unwrap() {
            let path = entry.unwrap().path();
            match path.is_dir() {
                true => next.push(path),
                false => drop(
                    found.insert(path.strip_prefix(folder).unwrap().to_owned(), fs::read_to_string(&path).unwrap()),
                ),
            }
        }
    }
    found
}

fn fresh(name: &str) -> PathBuf {
    let folder = std::env::temp_dir().join(format!("apigen-write-{name}-{}", std::process::id()));
    drop(fs::remove_dir_all(&folder));
    folder
}

fn written(root: &Path, version: &str) {
    if let Err(refusal) = write(root, &tree(version), false) {
        panic!("{version}: {refusal:?}");
    }
    assert_eq!(files(root), tree(version).by_path, "{version}");
    assert!(!root.join(STAGING).exists());
}

/// Kills the run that writes `killed` over `before` at each operation, then runs `next`. Returns the number of kills.
fn killed_everywhere(before: Option<&str>, killed: &str, next: &[&str]) -> usize {
    let root = fresh(&format!("{}-{killed}-{}", before.unwrap_or("nothing"), next.join("-")));
    for operations in 0.. {
        drop(fs::remove_dir_all(&root));
        before.into_iter().for_each(|version| written(&root, version));
        if write_with(&InterruptedDisk::after(operations), &root, &tree(killed), false).is_ok() {
            fs::remove_dir_all(&root).unwrap();
            return operations;
        }
        // The next run is killed too, while it completes the interrupted one.
        drop(write_with(&InterruptedDisk::after(operations % 7), &root, &tree(next[0]), false));
        next.iter().for_each(|version| written(&root, version));
    }
    unreachable!()
}

#[test]
fn a_killed_run_is_completed_by_the_next() {
    for next in [&["new", "old"][..], &["old", "new"], &["other"], &["other", "old", "new"]] {
        assert!(killed_everywhere(Some("old"), "new", next) > 15);
        assert!(killed_everywhere(None, "new", next) > 10);
    }
}

#[test]
fn what_was_edited_after_a_kill_is_not_overwritten() {
    let root = fresh("edited");
    let mut refused = 0;
    for operations in 0..100 {
        drop(fs::remove_dir_all(&root));
        written(&root, "old");
        let killed = write_with(&InterruptedDisk::after(operations), &root, &tree("new"), false).is_err();
        let edited = format!("// {MARK}\nmine\n");
        fs::write(root.join("users/mod.rs"), &edited).unwrap();
        match write(&root, &tree("new"), false) {
            Err(error) if !error.edited().is_empty() => {
                assert_eq!(error.edited()[0].path, Path::new("users/mod.rs"));
                refused += 1;
            }
            other => panic!("after {operations} operations: {other:?}"),
        }
        assert_eq!(fs::read_to_string(root.join("users/mod.rs")).unwrap(), edited);
        if !killed {
            break;
        }
    }
    assert!(refused > 15, "{refused}");
    fs::remove_dir_all(root).unwrap();
}

#[test]
fn a_run_that_fails_before_it_changes_anything_leaves_nothing_behind() {
    let root = fresh("failed");
    written(&root, "old");
    // A file is in the place of a folder.
    fs::write(root.join("new"), "mine").unwrap();
    let before = files(&root);
    assert!(write(&root, &tree("new"), false).is_err());
    assert_eq!(files(&root), before);
    fs::remove_dir_all(root).unwrap();
}

#[test]
fn nothing_but_files_is_opened() {
    let root = fresh("special");
    written(&root, "old");
    let refused = |path: &str, what: &str| {
        let Err(error) = write(&root, &tree("new"), true) else { panic!("{path} was overwritten") };
        assert!(error.to_string().contains(&format!("{path} is {what}")), "{error}");
        assert!(super::super::differences(&root, &tree("new")).is_err());
    };
    for path in ["mod.rs", LIST] {
        fs::remove_file(root.join(path)).unwrap();
        fs::create_dir(root.join(path)).unwrap();
        refused(path, "a folder, not a file");
        fs::remove_dir(root.join(path)).unwrap();
        #[cfg(unix)]
        {
            let socket = std::os::unix::net::UnixListener::bind(root.join(path)).unwrap();
            refused(path, "a socket, not a file");
            drop(socket);
            fs::remove_file(root.join(path)).unwrap();
            std::os::unix::fs::symlink("/dev/zero", root.join(path)).unwrap();
            refused(path, "a device, not a file");
            fs::remove_file(root.join(path)).unwrap();
            assert!(std::process::Command::new("mkfifo").arg(root.join(path)).status().unwrap().success());
            refused(path, "a pipe, not a file");
            fs::remove_file(root.join(path)).unwrap();
        }
    }
    fs::remove_dir_all(root).unwrap();
}

/// A link to one of our files is replaced, and its target stays; staging never follows one.
#[cfg(unix)]
#[test]
fn links_are_replaced() {
    use std::os::unix::fs::symlink;
    let (root, elsewhere) = (fresh("links"), fresh("elsewhere"));
    written(&root, "old");
    fs::create_dir(&elsewhere).unwrap();
    fs::rename(root.join("mod.rs"), elsewhere.join("mod.rs")).unwrap();
    symlink(elsewhere.join("mod.rs"), root.join("mod.rs")).unwrap();
    written(&root, "new");
    assert!(fs::symlink_metadata(root.join("mod.rs")).unwrap().is_file());
    assert!(fs::read_to_string(elsewhere.join("mod.rs")).unwrap().ends_with("old\n"));
    symlink(&elsewhere, root.join(STAGING)).unwrap();
    let Err(error) = write(&root, &tree("old"), false) else { panic!("the link was followed") };
    assert!(error.to_string().contains(".apigen.tmp is not a folder"), "{error}");
    assert_eq!(fs::read_dir(&elsewhere).unwrap().count(), 1);
    fs::remove_dir_all(root).unwrap();
    fs::remove_dir_all(elsewhere).unwrap();
}

/// A foreign journal, in a repository for example, cannot reach files that we would never write.
#[test]
fn journals_of_others_do_no_harm() {
    let root = fresh("journal");
    for path in [".git/hooks/pre-commit", "../outside", "/tmp/outside", "a/../../b"] {
        drop(fs::remove_dir_all(&root));
        fs::create_dir_all(root.join(STAGING)).unwrap();
        fs::write(root.join(STAGING).join("0"), "#!/bin/sh\n").unwrap();
        let journal = format!("apigen journal 1\n- {} {path}\n", apigen_model::lock::sha256::hex(b"#!/bin/sh\n"));
        fs::write(root.join(STAGING).join("journal"), journal).unwrap();
        written(&root, "old");
    }
    fs::remove_dir_all(root).unwrap();
}

#[cfg(feature = "manifest")]
#[test]
fn two_runs_at_once_leave_one_version() {
    let root = fresh("concurrent");
    for _ in 0..20 {
        std::thread::scope(|scope| {
            for version in ["old", "new", "other"] {
                scope.spawn(|| assert!(write(&root, &tree(version), false).is_ok()));
            }
        });
        let found = files(&root);
        assert!(["old", "new", "other"].iter().any(|version| found == tree(version).by_path), "{:?}", found.keys());
    }
    fs::remove_dir_all(root).unwrap();
}
