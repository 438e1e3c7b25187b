//! Templates of non-Rust files, which users can replace.

use std::path::{Path, PathBuf};
use std::{fs, io};

use handlebars::{Handlebars, RenderErrorReason};
use serde_json::Value;

use apigen_build::Error;
use apigen_build::write::MARK;
use apigen_model::vocabulary::suggestions::closest;

/// A template.
#[derive(Debug)]
pub struct Template {
    /// The file name of the template, also in a user's folder.
    pub name: &'static str,
    /// The file that it renders to.
    pub(crate) file: &'static str,
    /// The text of the template.
    pub text: &'static str,
}

/// All templates.
pub static TEMPLATES: [Template; 3] = [
    Template { name: "Cargo.toml.hbs", file: "Cargo.toml", text: include_str!("../templates/Cargo.toml.hbs") },
    Template { name: "README.md.hbs", file: "README.md", text: include_str!("../templates/README.md.hbs") },
    Template { name: "rustfmt.toml.hbs", file: "rustfmt.toml", text: include_str!("../templates/rustfmt.toml.hbs") },
];

/// The guide to templates and their data, in Markdown.
pub const GUIDE: &str = include_str!("../templates/README.md");

/// Creates the non-Rust files of a crate from the templates and `data`.
///
/// # Errors
/// Returns an error if a template cannot be read or rendered.
pub fn crate_files(folder: Option<&Path>, data: &Value) -> Result<Vec<(PathBuf, String)>, Error> {
    folder.map_or(Ok(()), check_names)?;
    let file = |template: &Template| {
        let path = folder.map(|folder| folder.join(template.name));
        let text = match path.as_deref().map(|path| (path, apigen_model::source::read_text(path))) {
            Some((path, Ok(text))) => render(&path.display().to_string(), &text, data),
            Some((path, Err(error))) if error.kind() != io::ErrorKind::NotFound => Err(unreadable(path, &error)),
            _ => render(template.name, template.text, data),
        };
        Ok((PathBuf::from(template.file), text?))
    };
    TEMPLATES.iter().map(file).collect()
}

fn unreadable(path: &Path, error: &io::Error) -> Error {
    Error::usage(format!("{}: {error}", path.display()))
}

/// Checks that each template in the user's folder replaces one of ours.
fn check_names(folder: &Path) -> Result<(), Error> {
    for entry in fs::read_dir(folder).map_err(|error| unreadable(folder, &error))?.flatten() {
        let name = entry.file_name().to_string_lossy().into_owned();
        if name.ends_with(".hbs") && TEMPLATES.iter().all(|template| template.name != name) {
            let names = TEMPLATES.each_ref().map(|template| template.name);
            let advice = closest(&name, &names).map_or_else(
                || format!("the templates are {}", names.join(", ")),
                |close| format!("did you mean {close}?"),
            );
            return Err(Error::usage(format!("{} does not replace a template: {advice}", entry.path().display())));
        }
    }
    Ok(())
}

/// Renders a template; `name` identifies it in errors.
fn render(name: &str, template: &str, data: &Value) -> Result<String, Error> {
    let mut engine = Handlebars::new();
    engine.set_strict_mode(true);
    engine.register_escape_fn(handlebars::html_escape);
    let text = engine.render_template(template, data).map_err(|error| {
        let place = match (error.line_no, error.column_no) {
            (Some(line), Some(column)) => format!("{name}:{line}:{column}"),
            _ => name.to_owned(),
        };
        // The engine's text contains an internal template name, and repeats the position.
        let told = match error.reason() {
            RenderErrorReason::MissingVariable(Some(name)) => format!("there is no `{name}`"),
            reason => reason.to_string().lines().next().unwrap_or_default().to_owned(),
        };
        Error::usage(format!("{place}: {told}\n`apigen templates` lists the available names"))
    })?;
    match text.lines().next().is_some_and(|line| line.contains(MARK)) {
        true => Ok(text),
        false => Err(Error::usage(format!("{name}:1:1: the first line must contain `{MARK}`"))),
    }
}
