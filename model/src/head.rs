//! What a document says of itself, for whoever collects documents without using them.

use crate::diagnostic::{DocumentId, Report};
use crate::parse::{Form, SpecDefaults, read};
use crate::source::json::Span;

/// Who a document is, and which services it imports.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct DocumentHead {
    /// Whether it is a published `service.json`, which says all of this itself.
    pub is_published: bool,
    /// Key of the organisation.
    pub organization: String,
    /// Key of the application.
    pub application: String,
    /// The version.
    pub version: String,
    /// The namespace of its types.
    pub namespace: String,
    /// The services that it imports, in its order.
    pub imports: Vec<DocumentImport>,
}

/// An import of a document.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DocumentImport {
    /// Where the imported document is.
    pub uri: String,
    /// The namespace that it has, if the document says so.
    pub namespace: Option<String>,
    /// Where the URI stands.
    pub span: Span,
}

/// Reads what a document of either form says of itself. Problems go to the report, whose document `document` is; `None` if it is no
/// document at all.
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
