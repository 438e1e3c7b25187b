//! Reports for programs: JSON, and the annotations of workflows on GitHub.

use std::fmt::Write as _;

use serde_json::json;

use super::{Document, Report, Severity};
use crate::spec::json::Span;

/// Line and column, both from 1; columns count characters.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Place {
    pub line: usize,
    pub column: usize,
}

/// Where the lines of a text begin, so that each place is found without reading the text again.
pub struct Lines<'a> {
    text: &'a str,
    starts: Vec<usize>,
}

impl<'a> Lines<'a> {
    pub fn new(text: &'a str) -> Self {
        let breaks = text.bytes().enumerate().filter(|(_, byte)| *byte == b'\n').map(|(at, _)| at + 1);
        Self { text, starts: std::iter::once(0).chain(breaks).collect() }
    }

    /// The line of a byte, and the bytes of that line without its end.
    pub fn line(&self, at: usize) -> (usize, &'a str, usize) {
        let number = self.starts.partition_point(|start| *start <= at).max(1);
        let start = self.starts[number - 1];
        let end = self.starts.get(number).map_or(self.text.len(), |next| next - 1);
        (number, self.text[start..end].trim_end_matches('\r'), start)
    }

    /// Line and column of a byte.
    pub fn place(&self, at: usize) -> Place {
        let (line, text, start) = self.line(at.min(self.text.len()));
        let before = text.get(..at.saturating_sub(start)).unwrap_or(text);
        Place { line, column: before.chars().count() + 1 }
    }
}

impl Report {
    /// All problems as a JSON array of objects with `code`, `severity`, `message` and, where known, `help`, `file`, `line`,
    /// `column`, `end_line`, `end_column` (from 1, columns in characters; the end is behind the last character).
    pub fn to_json(&self) -> String {
        let lines: Vec<Lines<'_>> = self.documents.iter().map(|d| Lines::new(&d.text)).collect();
        let objects = self.diagnostics().into_iter().map(|d| {
            let mut object = json!({ "code": d.code, "severity": d.severity.word(), "message": d.message });
            if let Some(help) = &d.help {
                object["help"] = help.as_str().into();
            }
            if let Some((document, from, to)) = self.range(&lines, d.source, d.span) {
                object["file"] = document.name.as_str().into();
                object["line"] = from.line.into();
                object["column"] = from.column.into();
                object["end_line"] = to.line.into();
                object["end_column"] = to.column.into();
            }
            object
        });
        // Objects of serde_json with text keys can always be written.
        format!("{:#}\n", serde_json::Value::Array(objects.collect()))
    }

    /// All problems as workflow commands of GitHub, a line each.
    pub fn to_github(&self) -> String {
        let lines: Vec<Lines<'_>> = self.documents.iter().map(|d| Lines::new(&d.text)).collect();
        let mut text = String::new();
        for d in self.diagnostics() {
            let _ = write!(text, "::{} ", d.severity.word());
            if let Some((document, from, to)) = self.range(&lines, d.source, d.span) {
                let _ = write!(text, "file={},line={},", property(&document.name), from.line);
                if from.line == to.line {
                    let _ = write!(text, "col={},endColumn={},", from.column, to.column);
                }
            }
            let help = d.help.as_ref().map(|help| format!("\n{help}")).unwrap_or_default();
            let _ = writeln!(text, "title={}::{}", d.code, data(&format!("{}{help}", d.message)));
        }
        text
    }

    fn range(&self, lines: &[Lines<'_>], source: usize, span: Span) -> Option<(&Document, Place, Place)> {
        let (document, lines) = (self.documents.get(source)?, lines.get(source)?);
        Some((document, lines.place(span.start), lines.place(span.end)))
    }
}

impl Severity {
    /// The word for it, which is also GitHub's.
    pub fn word(self) -> &'static str {
        match self {
            Self::Error => "error",
            Self::Warning => "warning",
        }
    }
}

/// Escapes the text of a workflow command.
fn data(text: &str) -> String {
    text.replace('%', "%25").replace('\r', "%0D").replace('\n', "%0A")
}

/// Escapes a property of a workflow command.
fn property(text: &str) -> String {
    data(text).replace(':', "%3A").replace(',', "%2C")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn places_count_characters() {
        let lines = Lines::new("ab\r\nläx\n");
        for (at, line, column) in [(0, 1, 1), (1, 1, 2), (4, 2, 1), (7, 2, 3), (9, 3, 1), (99, 3, 1)] {
            assert_eq!(lines.place(at), Place { line, column }, "{at}");
        }
    }

    #[test]
    fn workflow_commands_are_escaped() {
        assert_eq!(data("100%\nx"), "100%25%0Ax");
        assert_eq!(property("a:b,c"), "a%3Ab%2Cc");
    }
}
