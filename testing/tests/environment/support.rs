//! Texts, files and targets of the tests.

use std::fs;
use std::path::{Path, PathBuf};

use apigen_testing::environment::{Consent, Environments, Refusal, Target};

pub const THREE: &str = r#"
[environments.laptop]
url = "http://localhost:8080/v1/"
kind = "local"

[environments.sandbox]
url = "https://sandbox.example.org"
kind = "sandbox"

[environments.production]
url = "https://api.example.org/v1"
kind = "production"
"#;

/// Returns an empty folder.
pub fn folder(name: &str) -> PathBuf {
    let folder = Path::new(env!("CARGO_TARGET_TMPDIR")).join("environment").join(name);
    fs::remove_dir_all(&folder).ok();
    fs::create_dir_all(&folder).unwrap();
    folder
}

pub fn parse(text: &str, folder: &Path) -> Environments {
    Environments::parse("apigen.toml", text, folder).unwrap()
}

/// Returns the rendered problems of a text.
pub fn problems(text: &str) -> String {
    Environments::parse("apigen.toml", text, Path::new("")).map(|found| panic!("{found:?}")).unwrap_err().render(false)
}

/// Opens an environment of [`THREE`].
pub fn open(name: &str, consent: &Consent, folder: &Path) -> Result<Target, Refusal> {
    Target::open("test", parse(THREE, folder).get(name).unwrap(), consent)
}

pub fn consent() -> Consent {
    Consent { production: true, reason: Some("incident 7".to_owned()), side_effects: false }
}
