//! Walks the imports of specs, transitively; every problem is reported where the URI is written.

use std::collections::HashSet;
use std::path::{Path, PathBuf};

use super::client::Limits;
use super::document_cache::DocumentCache;
use apigen_build::Error;
use apigen_model::diagnostic::{Diagnostic, DocumentId, Report};
use apigen_model::lock::ImportError;
use apigen_model::source::json::Span;
use apigen_model::source::read_text;
use apigen_model::{DocumentHead, DocumentImport, Imports, read_head};

/// A document whose imports are walked.
struct Document {
    id: DocumentId,
    name: String,
    /// The path of a local document, for finding imports next to it.
    path: Option<PathBuf>,
    head: DocumentHead,
    importer: Option<usize>,
}

const MEBI: u64 = 1 << 20;

pub struct ImportGraph<'a> {
    places: &'a Imports,
    limits: &'a Limits,
    /// The size of all documents so far, in bytes.
    bytes: u64,
    specs: usize,
    documents: Vec<Document>,
    /// Visited files and URIs, at which cycles end.
    seen_files: HashSet<PathBuf>,
    seen_uris: HashSet<String>,
    pub report: Report,
}

impl<'a> ImportGraph<'a> {
    pub fn new(places: &'a Imports, limits: &'a Limits) -> Self {
        Self {
            places,
            limits,
            bytes: 0,
            specs: 0,
            documents: Vec::new(),
            seen_files: HashSet::new(),
            seen_uris: HashSet::new(),
            report: Report::default(),
        }
    }

    /// Adds a spec to start from. One that is not a document is reported.
    pub fn add_spec(&mut self, path: &Path) -> Result<(), Error> {
        let text = read_text(path).map_err(|error| Error::usage(format!("{}: {error}", path.display())))?;
        if self.seen_files.insert(path.to_owned()) {
            self.add_local(&text, path, None);
            self.specs = self.documents.len();
        }
        Ok(())
    }

    /// Adds a spec that has to be fetched first.
    pub fn add_uri(&mut self, uri: &str, cache: &mut DocumentCache<'_>) {
        if let Err(ImportError { code, message, help }) = self.document(uri, None, cache) {
            self.report.push(Diagnostic::error(code, Span::default(), message).help(help));
        }
        self.specs = self.documents.len();
    }

    /// Walks all imports; the cache remembers the needed documents.
    pub fn walk(&mut self, cache: &mut DocumentCache<'_>) {
        let mut next = 0;
        while next < self.documents.len() {
            for import in self.documents[next].head.imports.clone() {
                if self.documents.len() >= self.limits.documents {
                    let message = format!("there are more than {} imported documents", self.limits.documents);
                    self.fault(next, &import, ImportError::new("E008", message));
                    return;
                }
                if let Err(fault) = self.follow(next, &import, cache) {
                    self.fault(next, &import, fault);
                }
                if self.bytes > self.limits.all_bytes {
                    let size = match self.limits.all_bytes {
                        bytes if bytes % MEBI == 0 => format!("{} MiB", bytes / MEBI),
                        bytes => format!("{bytes} bytes"),
                    };
                    let fault =
                        ImportError::new("E008", format!("all imported documents together have more than {size}"));
                    self.fault(next, &import, fault.help("raise the limit with --total-limit MIB"));
                    return;
                }
            }
            next += 1;
        }
    }

    fn follow(
        &mut self,
        importer: usize,
        import: &DocumentImport,
        cache: &mut DocumentCache<'_>,
    ) -> Result<(), ImportError> {
        // Generation accepts a requested service of the same namespace, too.
        let requested = |document: &Document| import.namespace.as_ref().is_some_and(|n| *n == document.head.namespace);
        let uri = &import.uri;
        let beside = self.documents[importer].path.as_deref();
        if self.places.find(uri, beside).is_none() && self.documents[..self.specs].iter().any(requested) {
            return Ok(());
        }
        self.document(uri, Some(importer), cache)
    }

    /// Adds the document of a URI, if it is not there yet.
    fn document(
        &mut self,
        uri: &str,
        importer: Option<usize>,
        cache: &mut DocumentCache<'_>,
    ) -> Result<(), ImportError> {
        let beside = importer.and_then(|importer| self.documents[importer].path.as_deref());
        if let Some(file) = self.places.find(uri, beside) {
            if self.seen_files.insert(file.clone()) {
                let text = self.places.read(uri, &file)?;
                self.add_local(&text, &file, importer);
            }
            return Ok(());
        }
        if self.seen_uris.insert(uri.to_owned()) {
            let (text, head) = cache.document(uri)?;
            self.bytes += text.len() as u64;
            let id = self.report.add_document(uri, &text);
            self.documents.push(Document { id, name: uri.to_owned(), path: None, head, importer });
        }
        Ok(())
    }

    /// Adds a local document. Only its imports matter here: generation reports its other problems.
    fn add_local(&mut self, text: &str, path: &Path, importer: Option<usize>) {
        self.bytes += text.len() as u64;
        let name = path.display().to_string();
        let id = self.report.add_document(&name, text);
        let mut found = Report::default();
        let Some(head) = read_head(text, id, &mut found) else {
            found.diagnostics().into_iter().for_each(|problem| self.report.push(problem.clone()));
            return;
        };
        self.documents.push(Document { id, name, path: Some(path.to_owned()), head, importer });
    }

    fn fault(&mut self, importer: usize, import: &DocumentImport, fault: ImportError) {
        let message = format!("{} ({})", fault.message, self.chain(importer));
        let diagnostic = Diagnostic::error(fault.code, import.span, message).help(fault.help);
        self.report.push(diagnostic.in_document(self.documents[importer].id));
    }

    /// Returns the chain of importers, up to a spec.
    fn chain(&self, importer: usize) -> String {
        let mut text = format!("imported by {}", self.documents[importer].name);
        let mut at = self.documents[importer].importer;
        while let Some(document) = at.and_then(|at| self.documents.get(at)) {
            text.push_str(&format!(", which is imported by {}", document.name));
            at = document.importer;
        }
        text
    }
}
