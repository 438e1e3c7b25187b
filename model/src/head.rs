//! The head of a document: its identity and imports, for tools that collect documents.

use crate::diagnostic::{DocumentId, Report};
use crate::parse::{Form, SpecDefaults, read};
use crate::source::json::Span;

/// The identity of a document, and the services that it imports.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct DocumentHead {
    /// Whether it is a published `service.json`, which contains all of this itself.
    pub is_published: bool,
    /// Key of the organisation.
    pub organization: String,
    /// Key of the application.
    pub application: String,
    /// The version.
    pub version: String,
    /// The namespace of its types.
    pub namespace: String,
    /// The imported services, in written order.
    pub imports: Vec<DocumentImport>,
}

/// An import of a document.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DocumentImport {
    /// The URI of the imported document.
    pub uri: String,
    /// The namespace of the imported document, if stated.
    pub namespace: Option<String>,
    /// The position of the URI.
    pub span: Span,
}

/// Reads the head of a document of either form. Problems are added to the report, in which `document` is the document;
/// returns `None` if the text is not a document.
pub fn read_head(text: &str, document: DocumentId, report: &mut Report) -> Option<DocumentHead> {
    let (form, service) = read(text, document, &SpecDefaults::default(), report)?;
    let imports = service.imports.into_iter().map(|import| DocumentImport {
        uri: import.uri.value,
        namespace: import.namespace,
        span: import.uri.at,
    });
    Some(DocumentHead {
        is_published: form != Form::Api,
        organization: service.organization,
        application: service.application,
        version: service.version,
        namespace: service.namespace,
        imports: imports.collect(),
    })
}
