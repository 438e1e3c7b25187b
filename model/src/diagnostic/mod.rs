//! Problems of a document: what is wrong, where, and how to fix it.

pub mod codes;
mod format;
mod lines;

use std::collections::{BTreeMap, HashSet};
use std::fmt;

use annotate_snippets::{AnnotationKind, Level, Renderer, Snippet};

use crate::checkpoint::checkpoint;
use crate::source::json::Span;
use lines::Lines;

/// The severity of a diagnostic.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Severity {
    /// Prevents generation.
    Error,
    /// Does not prevent generation.
    Warning,
}

/// One problem of a document.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct Diagnostic {
    /// Stable: `E…` for errors, `W…` for warnings.
    pub code: &'static str,
    /// The severity.
    pub severity: Severity,
    /// One sentence that names the subject.
    pub message: String,
    /// How to fix it, if known.
    pub help: Option<String>,
    /// The document that it is about, if any.
    pub document: Option<DocumentId>,
    /// The position in the document.
    pub span: Span,
}

impl Diagnostic {
    /// Creates an error at a position of a document; set the document with [`in_document`](Self::in_document).
    pub fn error(code: &'static str, span: Span, message: impl Into<String>) -> Self {
        Self { code, severity: Severity::Error, message: message.into(), help: None, document: None, span }
    }

    /// Creates a warning at a position of a document.
    pub fn warning(code: &'static str, span: Span, message: impl Into<String>) -> Self {
        Self { severity: Severity::Warning, ..Self::error(code, span, message) }
    }

    /// Sets the advice, if any.
    pub fn help(self, help: impl Into<Option<String>>) -> Self {
        Self { help: help.into(), ..self }
    }

    /// Sets the document.
    pub fn in_document(self, document: DocumentId) -> Self {
        Self { document: Some(document), ..self }
    }
}

/// Formats a count with its noun: `1 file`, `2 files`.
pub fn count(number: usize, noun: &str) -> String {
    format!("{number} {noun}{}", if number == 1 { "" } else { "s" })
}

/// The id of a document in a [`Report`].
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct DocumentId(usize);

impl DocumentId {
    /// Returns the position in the report, in the order in which documents were added.
    pub fn index(self) -> usize {
        self.0
    }
}

/// A document that diagnostics refer to.
#[derive(Debug, Clone, PartialEq, Eq)]
struct Document {
    name: String,
    text: String,
    lines: Lines,
}

/// All problems of a run, with the documents that they are in. `Debug` prints them rendered.
#[derive(Clone, Default, PartialEq, Eq)]
pub struct Report {
    documents: Vec<Document>,
    diagnostics: Vec<Diagnostic>,
    /// The number of errors of each document that has any.
    errors: BTreeMap<Option<DocumentId>, usize>,
}

/// The maximum number of diagnostics in a report.
const MAX: usize = 100_000;

impl Report {
    /// Adds a document.
    pub fn add_document(&mut self, name: &str, text: &str) -> DocumentId {
        let lines = Lines::new(text);
        self.documents.push(Document { name: name.to_owned(), text: text.to_owned(), lines });
        DocumentId(self.documents.len() - 1)
    }

    /// Returns the document of this name and text, adding it if it is missing.
    pub fn document(&mut self, name: &str, text: &str) -> DocumentId {
        let known = self.documents.iter().position(|document| document.name == name && document.text == text);
        known.map_or_else(|| self.add_document(name, text), DocumentId)
    }

    /// Adds the problems of another report that are not in this one yet.
    pub fn append(&mut self, other: Report) {
        let documents: Vec<DocumentId> = other.documents.iter().map(|d| self.document(&d.name, &d.text)).collect();
        let mut known: HashSet<Diagnostic> = self.diagnostics.iter().cloned().collect();
        for diagnostic in other.diagnostics {
            let document = diagnostic.document.and_then(|id| documents.get(id.0).copied());
            let diagnostic = Diagnostic { document, ..diagnostic };
            if known.insert(diagnostic.clone()) {
                self.note(diagnostic);
            }
        }
    }

    /// Keeps only the problems with these codes.
    pub fn only(mut self, codes: &[&str]) -> Report {
        let all = std::mem::take(&mut self.diagnostics);
        self.errors.clear();
        all.into_iter().filter(|diagnostic| codes.contains(&diagnostic.code)).for_each(|one| self.note(one));
        self
    }

    /// Returns the line of a byte of a document, counted from 1.
    pub fn line(&self, document: DocumentId, at: usize) -> usize {
        self.documents.get(document.0).map_or(1, |document| document.lines.line(&document.text, at).0)
    }

    /// Returns the name of a document and the line of a position in it, counted from 1; `None` for an empty position, which
    /// elements have that no text declares.
    pub fn place(&self, document: DocumentId, span: Span) -> Option<(&str, usize)> {
        let known = self.documents.get(document.0).filter(|_| span != Span::default())?;
        Some((&known.name, known.lines.line(&known.text, span.start).0))
    }

    /// Returns true if no more problems are added: nobody reads that many, and they take memory.
    pub fn is_full(&self) -> bool {
        self.diagnostics.len() >= MAX
    }

    /// Adds a problem, unless the same one was added recently, or the report is full.
    pub fn push(&mut self, diagnostic: Diagnostic) {
        // The error that makes a document unusable must not be lost behind warnings.
        if self.is_full() && (diagnostic.severity == Severity::Warning || self.has_errors()) {
            return;
        }
        let same = |other: &Diagnostic| {
            (other.document, other.span, &other.message) == (diagnostic.document, diagnostic.span, &diagnostic.message)
        };
        if !self.diagnostics.iter().rev().take(20).any(same) {
            self.note(diagnostic);
        }
    }

    fn note(&mut self, diagnostic: Diagnostic) {
        checkpoint();
        if diagnostic.severity == Severity::Error {
            *self.errors.entry(diagnostic.document).or_default() += 1;
        }
        self.diagnostics.push(diagnostic);
    }

    /// Returns all problems, sorted by document and position.
    pub fn diagnostics(&self) -> Vec<&Diagnostic> {
        let mut sorted: Vec<&Diagnostic> = self.diagnostics.iter().collect();
        sorted.sort_by_key(|d| (d.document.is_none(), d.document, d.span, d.code));
        sorted
    }

    /// Returns true if there is any error.
    pub fn has_errors(&self) -> bool {
        !self.errors.is_empty()
    }

    /// Returns true if a document has an error; `None` stands for errors outside documents.
    pub fn has_errors_in(&self, document: Option<DocumentId>) -> bool {
        self.errors.contains_key(&document)
    }

    /// Returns the number of errors.
    pub fn error_count(&self) -> usize {
        self.errors.values().sum()
    }

    /// Renders the text for people: each problem with an excerpt, then a count if there are errors. Empty if there is nothing.
    pub fn render(&self, color: bool) -> String {
        let renderer = if color { Renderer::styled() } else { Renderer::plain() };
        let mut text = String::new();
        for diagnostic in self.diagnostics() {
            text.push_str(&self.render_one(&renderer, diagnostic));
            text.push_str("\n\n");
        }
        let errors = self.error_count();
        if errors > 0 {
            text.push_str(&format!("{} found", count(errors, "error")));
            let first = self.diagnostics().into_iter().find(|d| d.severity == Severity::Error);
            let code = first.map_or("CODE", |d| d.code);
            text.push_str(&format!("; run `apigen explain {code}` for details"));
        }
        if self.is_full() {
            text.push_str(&format!("\nonly the first {MAX} problems are shown"));
        }
        text
    }

    fn render_one(&self, renderer: &Renderer, diagnostic: &Diagnostic) -> String {
        checkpoint();
        let level = match diagnostic.severity {
            Severity::Error => Level::ERROR,
            Severity::Warning => Level::WARNING,
        };
        let title = level.primary_title(&diagnostic.message).id(diagnostic.code);
        let Some(document) = diagnostic.document.and_then(|id| self.documents.get(id.0)) else {
            return renderer.render(&[annotate_snippets::Group::with_title(title)]);
        };
        let excerpt = Excerpt::new(document, diagnostic.span);
        let snippet = Snippet::source(excerpt.text)
            .path(&document.name)
            .line_start(excerpt.line)
            .annotation(AnnotationKind::Primary.span(excerpt.start..excerpt.end));
        let mut group = title.element(snippet);
        if let Some(help) = &diagnostic.help {
            group = group.element(Level::HELP.message(help));
        }
        let text = renderer.render(&[group]);
        if excerpt.left_out == 0 {
            return text;
        }
        // The renderer sees only the excerpt, which begins in the middle of its line.
        let place = |column: usize| format!("{}:{}:{column}", document.name, excerpt.line);
        let column = excerpt.text[..excerpt.start].chars().count() + 1;
        text.replacen(&place(column), &place(column + excerpt.left_out), 1)
    }
}

/// The line of a diagnostic, cut to a window if it is very long.
struct Excerpt<'a> {
    text: &'a str,
    line: usize,
    /// Characters of the line before the excerpt.
    left_out: usize,
    start: usize,
    end: usize,
}

impl<'a> Excerpt<'a> {
    fn new(document: &'a Document, span: Span) -> Self {
        const WINDOW: usize = 200;
        let text = document.text.as_str();
        let start = span.start.min(text.len());
        let (line, begin) = document.lines.line(text, start);
        let from = boundary(text, begin.max(start.saturating_sub(WINDOW)));
        let window = &text[start..boundary(text, text.len().min(start + WINDOW))];
        let to = start + window.find('\n').unwrap_or(window.len());
        let to = to - usize::from(text[start..to].ends_with('\r'));
        let end = span.end.clamp(start, to.max(start));
        let left_out = document.lines.characters(text, begin, from);
        Self { text: &text[from..to], line, left_out, start: start - from, end: end - from }
    }
}

fn boundary(text: &str, mut at: usize) -> usize {
    while !text.is_char_boundary(at) {
        at -= 1;
    }
    at
}

impl fmt::Display for Report {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.render(false))
    }
}

impl fmt::Debug for Report {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "\n{self}")
    }
}

impl std::error::Error for Report {}
