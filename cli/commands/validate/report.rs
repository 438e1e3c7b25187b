//! Violations in documents, for people and programs.

use std::io;

use apigen_model::diagnostic::count;
use apigen_runtime::{Violations, validate::Violation};
use clap::ValueEnum;
use serde_json::{Value, json};

use super::super::output::write;

/// How violations are printed.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, ValueEnum)]
pub enum Format {
    /// One line per violation.
    #[default]
    Human,
    /// A JSON array of objects.
    Json,
    /// Annotations of a GitHub workflow.
    Github,
}

#[derive(Default)]
pub struct Report {
    found: Vec<Found>,
    documents: usize,
}

struct Found {
    file: String,
    line: usize,
    violation: Violation,
}

impl Report {
    /// Adds the violations of a document, which begins at `line` of the file.
    pub fn add(&mut self, file: &str, line: usize, violations: Violations) {
        self.documents += 1;
        let found = violations.into_iter().map(|violation| {
            let line = line + violation.line - 1;
            Found { file: file.to_owned(), line, violation }
        });
        self.found.extend(found);
    }

    pub fn has_violations(&self) -> bool {
        !self.found.is_empty()
    }

    /// Prints everything, for people to standard error, for programs to standard output, or to standard error if
    /// `aside`. Returns false if that fails; a closed pipe is not a failure.
    pub fn print(&self, format: Format, aside: bool) -> bool {
        let text = match format {
            Format::Human => self.to_text(),
            Format::Json => self.to_json(),
            Format::Github => self.to_github(),
        };
        let written = match aside || format == Format::Human {
            true => write(io::stderr(), &text),
            false => write(io::stdout(), &text),
        };
        written.is_ok()
    }

    fn to_text(&self) -> String {
        let mut text = String::new();
        for Found { file, line, violation } in &self.found {
            let Violation { code, column, message, .. } = violation;
            text.push_str(&format!("{file}:{line}:{column}: {code}: {message}\n"));
        }
        if !self.found.is_empty() {
            let (violations, documents) = (count(self.found.len(), "violation"), count(self.documents, "document"));
            text.push_str(&format!("{violations} in {documents}\n"));
        }
        text
    }

    fn to_json(&self) -> String {
        let list: Vec<Value> = self.found.iter().map(Found::to_json).collect();
        format!("{:#}\n", Value::from(list))
    }

    fn to_github(&self) -> String {
        let line = |Found { file, line, violation }: &Found| {
            let property = |text: &str| escape(text).replace(':', "%3A").replace(',', "%2C");
            let (column, code, message) = (violation.column, violation.code, escape(&violation.message));
            format!("::error file={},line={line},col={column},title={code}::{message}\n", property(file))
        };
        self.found.iter().map(line).collect()
    }
}

impl Found {
    fn to_json(&self) -> Value {
        let Violation { pointer, code, message, expected, found, suggestion, column, .. } = &self.violation;
        let mut value = json!({
            "file": self.file, "line": self.line, "column": column, "pointer": pointer, "code": code.as_str(),
            "message": message, "expected": expected, "found": found,
        });
        if let Some(suggestion) = suggestion {
            value["suggestion"] = suggestion.as_str().into();
        }
        value
    }
}

/// Escapes what would end a workflow command.
fn escape(text: &str) -> String {
    text.replace('%', "%25").replace('\r', "%0D").replace('\n', "%0A")
}
