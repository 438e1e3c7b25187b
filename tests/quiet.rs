//! Generated code is quiet: neither clippy nor rustfmt reports anything, wherever it is.

use std::fs;
use std::path::Path;
use std::process::Command;

use apigen_build::{Config, Emit};
use apigen_cli::templates::crate_files;

use crate::common::{cargo, manifest, put, root, scratch};

const SPECS: [(&str, &str); 4] = [
    ("names", "tests/quiet/names.json"),
    ("units", "tests/quiet/units.json"),
    ("location", "specs/location.json"),
    ("shapes", "tests/shapes/spec.json"),
];

fn config((name, spec): (&str, &str)) -> Config {
    Config::new().spec(root().join(spec)).name(name)
}

fn served(name: &str) -> String {
    manifest(name, "\n[workspace]\n").replace("\"serde\"]", "\"serde\", \"server\"]")
}

/// As private modules of a program, where nothing is used, and as public ones of a library.
#[test]
fn clippy_is_silent_even_where_it_is_pedantic() {
    let folder = scratch("quiet");
    let (mut private, mut public) = (String::new(), String::new());
    // Modules with the name of one of their files.
    let same = ["models", "json", "client", "mock", "factories", "server", "blanks"].map(|name| (name, SPECS[1].1));
    for spec in SPECS.into_iter().chain(same) {
        config(spec).server(Emit::Always).out(folder.join("src").join(spec.0)).generate_to_folder().unwrap();
        private.push_str(&format!("mod {};\n", spec.0));
        public.push_str(&format!("/// Of a spec.\npub mod {};\n", spec.0));
    }
    // Lints are allowed one by one, with a reason.
    for file in fs::read_dir(folder.join("src/location")).unwrap().flatten().filter(|file| file.path().is_file()) {
        let text = fs::read_to_string(file.path()).unwrap();
        assert_eq!(text.matches("allow(").count(), text.matches("reason = ").count(), "{text}");
        assert!(["clippy::pedantic", "clippy::all", "(warnings"].iter().all(|group| !text.contains(group)), "{text}");
    }
    put(&folder.join("src/main.rs"), &format!("//! Everything.\n{private}\nfn main() {{}}\n"));
    put(&folder.join("src/lib.rs"), &format!("//! Everything.\n{public}"));
    put(&folder.join("Cargo.toml"), &served("quiet"));
    cargo(
        &folder,
        &["clippy", "--", "-D", "warnings", "-D", "unreachable_pub", "-D", "missing_docs", "-D", "clippy::pedantic"],
    );
}

/// Returns the output of `cargo fmt --check` for the packages with generated code.
fn formatted(folder: &Path) -> (bool, String) {
    let packages = ["-p", "formatted", "-p", "several", "-p", "alone"];
    let mut fmt = Command::new(env!("CARGO"));
    let output = fmt.args(["fmt", "--check"]).args(packages).current_dir(folder).output().unwrap();
    let text = [output.stdout, output.stderr].map(|bytes| String::from_utf8_lossy(&bytes).into_owned()).concat();
    (output.status.success(), text)
}

#[test]
fn rustfmt_leaves_everything_as_it_is() {
    let folder = scratch("formatted");
    fs::remove_dir_all(&folder).ok();
    let write = || {
        let location = config(SPECS[2]).out(folder.join("src/location")).generate_to_folder().unwrap();
        config(SPECS[3])
            .server(Emit::Always)
            .mocks(Emit::Feature("mock".to_owned()))
            .out(folder.join("src/shapes"))
            .generate_to_folder()
            .unwrap();
        let both = Config::new().spec(root().join(SPECS[2].1)).spec(root().join("specs/order.json"));
        both.clone().out(folder.join("src/both")).generate_to_folder().unwrap();
        both.crate_files(crate_files)
            .crate_name("several")
            .runtime_path(root().join("runtime"))
            .out(folder.join("several"))
            .generate_to_folder()
            .unwrap();
        config(SPECS[2])
            .crate_files(crate_files)
            .crate_name("alone")
            .runtime_path(root().join("runtime"))
            .out(folder.join("alone"))
            .generate_to_folder()
            .unwrap();
        location
    };
    let (generated, _) = write();
    put(&folder.join("src/lib.rs"), "//! A library.\n\npub mod both;\npub mod location;\npub mod shapes;\n");
    put(
        &folder.join("Cargo.toml"),
        "[package]\nname = \"formatted\"\nversion = \"0.1.0\"\nedition = \"2024\"\n\n[workspace]\nmembers = [\"several\", \"alone\"]\n",
    );
    let styles = [
        "",
        "max_width = 120\nuse_small_heuristics = \"Max\"\n",
        "max_width = 60\nuse_small_heuristics = \"Off\"\nhard_tabs = true\n",
        "style_edition = \"2021\"\ntab_spaces = 2\nuse_field_init_shorthand = true\n",
    ];
    for style in styles {
        fs::write(folder.join("rustfmt.toml"), style).unwrap();
        let (silent, text) = formatted(&folder);
        assert!(silent, "{style}\n{text}");
        // rustfmt does read these files: without the marks it would report changes. Each of the two marks of modules suffices.
        let (root, client) = (folder.join("src/location/mod.rs"), folder.join("src/location/client.rs"));
        let without = |path: &Path, mark: &str| {
            let text = fs::read_to_string(path).unwrap();
            fs::write(path, text.replace(mark, "")).unwrap();
            text
        };
        let text = without(&client, "#![cfg_attr(rustfmt, rustfmt_skip)]");
        assert!(formatted(&folder).0, "{style}");
        let contents = without(&root, "#[rustfmt::skip] mod client;");
        fs::write(&root, format!("{}\nmod client;\n", fs::read_to_string(&root).unwrap())).unwrap();
        assert!(!formatted(&folder).0, "{style}");
        fs::write(&client, text).unwrap();
        assert!(formatted(&folder).0, "{style}");
        fs::write(&root, contents).unwrap();
        // So does the configuration in a crate.
        let config = folder.join("alone/rustfmt.toml");
        let text = without(&config, "disable_all_formatting = true");
        assert!(!formatted(&folder).0, "{style}");
        fs::write(&config, text).unwrap();
    }
    // Editors and hooks of version control name the files.
    let files =
        generated.files.by_path.keys().filter(|path| path.extension().is_some_and(|extension| extension == "rs"));
    for path in files.map(|path| folder.join("src/location").join(path)).filter(|path| path.exists()) {
        let mut rustfmt = Command::new("rustfmt");
        let output = rustfmt.args(["--edition", "2024", "--check"]).arg(&path).current_dir(&folder).output().unwrap();
        assert!(output.status.success(), "{}:\n{}", path.display(), String::from_utf8_lossy(&output.stdout));
    }
    let mut fmt = Command::new(env!("CARGO"));
    let status = fmt.args(["fmt", "-p", "formatted", "-p", "several", "-p", "alone"]).current_dir(&folder).status();
    assert!(status.unwrap().success());
    // Nothing was edited, so nothing is refused or written.
    let (_, written) = write();
    assert!(written.changed.is_empty() && written.unchanged.len() == generated.files.by_path.len(), "{written:?}");
}
