//! Errors in options, reported at their position in `apigen.toml`, or with their text if they come from a flag or build script.

use std::ops::Range;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use apigen_model::diagnostic::{Diagnostic, Report};
use apigen_model::source::json::Span;

/// An option text that cannot be used.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct OptionError {
    pub code: &'static str,
    pub option: &'static str,
    /// The key of the table entry whose value the text is.
    pub key: Option<String>,
    pub text: String,
    pub message: String,
    /// What may be meant by the text.
    pub near: Option<String>,
    /// The help if there is no suggestion.
    pub help: String,
}

/// A text of an option, with its position.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct OptionText {
    pub option: &'static str,
    /// The key of the table entry whose value the text is.
    pub key: Option<String>,
    /// The text; the name of the option stands for the option itself.
    pub text: String,
    /// `None` for flags, and for options in `build.rs`.
    pub span: Option<Range<usize>>,
}

/// The positions of option texts in `apigen.toml`.
#[derive(Debug, Clone)]
pub struct OptionPlaces {
    pub file: String,
    pub text: Arc<str>,
    /// The folder that paths in the file are relative to.
    pub folder: PathBuf,
    pub named: Vec<OptionText>,
}

impl OptionPlaces {
    /// Returns the position of a text, if it is in the file.
    pub fn span(&self, option: &str, key: Option<&str>, text: &str) -> Option<Range<usize>> {
        let is_it = |named: &&OptionText| {
            let same = || named.text == text || self.folder.join(&named.text) == Path::new(text);
            named.option == option && named.key.as_deref() == key && same()
        };
        self.named.iter().find(is_it).and_then(|named| named.span.clone())
    }
}

impl OptionError {
    /// Creates an error about a text that is not in a table.
    pub fn new(code: &'static str, option: &'static str, text: &str, message: String, help: impl Into<String>) -> Self {
        Self { code, option, key: None, text: text.to_owned(), message, near: None, help: help.into() }
    }

    pub fn of_value(self, key: &str) -> Self {
        Self { key: Some(key.to_owned()), ..self }
    }

    pub fn near(self, near: Option<String>) -> Self {
        Self { near, ..self }
    }

    pub fn report(self, report: &mut Report, places: Option<&OptionPlaces>) {
        let Self { code, option, key, text, message, near, help } = self;
        let help = near.map_or(help, |near| format!("did you mean `{near}`?"));
        let found = places.and_then(|places| Some((places, places.span(option, key.as_deref(), &text)?)));
        let (document, span) = match found {
            Some((places, span)) => (report.document(&places.file, &places.text), span),
            None if option == "path" => (report.document("specs", &text), 0..text.len()),
            None => (report.document(&format!("option {option}"), &text), 0..text.len()),
        };
        // The specs themselves are not options of commands.
        let message = if option == "path" { message } else { format!("option {option}: {message}") };
        let span = Span { start: span.start, end: span.end };
        report.push(Diagnostic::error(code, span, message).help(help).in_document(document));
    }
}

/// Returns true if a folder, a module, a crate or a package can have this name.
pub fn is_name(name: &str) -> bool {
    let word = |c: char| c.is_ascii_alphanumeric() || c == '_' || c == '-';
    name.starts_with(|c: char| c.is_ascii_alphabetic() || c == '_') && name.chars().all(word)
}
