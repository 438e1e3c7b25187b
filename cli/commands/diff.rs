//! Prints differences between existing files and what would be written.

use std::process::ExitCode;

use apigen_build::Difference;
use apigen_model::diagnostic::count;
use similar::TextDiff;

use super::output::{complain, print, say};

/// Prints what a run would change; the exit code is 1 if there is anything.
pub fn stale(out: &str, differences: &[Difference]) -> ExitCode {
    if differences.is_empty() {
        return say(&format!("{out}: up to date\n"));
    }
    let are = if differences.len() == 1 { "is" } else { "are" };
    let files = count(differences.len(), "file");
    let text = format!("{}{out}: {files} {are} out of date\n", unified(out, differences));
    print(&text);
    ExitCode::FAILURE
}

/// Prints the changes that would be lost in edited files.
pub fn edited(out: &str, differences: &[Difference]) {
    if !differences.is_empty() {
        let text = format!(
            "{}note: {} edited since generation. Move what you need elsewhere, then overwrite with `--force`\n",
            unified(out, differences),
            if differences.len() == 1 { "this file was" } else { "these files were" }
        );
        complain(|_| text);
    }
}

/// Returns a unified diff from the existing to the new files, with three lines around each change.
fn unified(out: &str, differences: &[Difference]) -> String {
    let mut text = String::new();
    for Difference { path, old, new } in differences {
        let path = format!("{}/{}", out.trim_end_matches(['/', '\\']), path.display());
        let name = |text: &Option<String>| if text.is_some() { path.clone() } else { "/dev/null".to_owned() };
        let (from, to) = (name(old), name(new));
        let (old, new) = (old.as_deref().unwrap_or_default(), new.as_deref().unwrap_or_default());
        text.push_str(&TextDiff::from_lines(old, new).unified_diff().context_radius(3).header(&from, &to).to_string());
    }
    text
}
