//! What a server answered, read: it must be a published document.

use apigen_model::diagnostic::{Report, Severity};
use apigen_model::lock::ImportError;
use apigen_model::{DocumentHead, read_head};

/// Reads an answer.
///
/// # Errors
/// `E008` if it is anything but a `service.json`.
pub fn read_answer(uri: &str, bytes: &[u8]) -> Result<(String, DocumentHead), ImportError> {
    let fault = |what: String| ImportError::new("E008", format!("{uri} is not a service.json: {what}"));
    let text = std::str::from_utf8(bytes).map_err(|_| fault("the response is not UTF-8 text".to_owned()))?;
    if text.trim_start_matches('\u{feff}').trim_start().starts_with('<') {
        return Err(fault("the response is an HTML page".to_owned()).help(
            "the URI of a document ends with /service.json; a page may also ask for credentials (APIBUILDER_TOKEN)",
        ));
    }
    let mut report = Report::default();
    let source = report.add_document(uri, text);
    let read = read_head(text, source, &mut report);
    if read.as_ref().is_some_and(|head| !head.is_published) {
        return Err(fault(
            "the response is an api.json, which does not contain its organisation and version".to_owned(),
        )
        .help(
            "import the URI that ends with /service.json; or store the file locally, and pass its place with --imports",
        ));
    }
    let error = report.diagnostics().into_iter().find(|found| found.severity == Severity::Error).cloned();
    match (read, error) {
        (Some(head), None) => Ok((text.to_owned(), head)),
        (_, error) => Err(fault(error.map_or_else(String::new, |error| error.message))),
    }
}
