//! Invariants that hold for every document.

use std::panic::{AssertUnwindSafe, catch_unwind};

use apigen_build::Config;
use apigen_model::{Imports, Inputs, Report, Source, check, normalize};

/// Whether a document was accepted.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Verdict {
    Accepted,
    Refused,
}

/// Checks a document; publishes an accepted one, and generates from it if `generate`.
///
/// # Errors
/// Returns a violated invariant: a panic, a report that cannot be rendered, published text that is refused or changes
/// when it is published again, code that is not Rust.
pub fn judge(text: &str, imports: &Imports, generate: bool) -> Result<Verdict, String> {
    catch_unwind(AssertUnwindSafe(|| verdict(text, imports, generate))).unwrap_or_else(|payload| {
        let text = payload.downcast_ref::<String>().cloned();
        let text = text.or_else(|| payload.downcast_ref::<&str>().map(|text| (*text).to_owned()));
        Err(format!("panic: {}", text.unwrap_or_default()))
    })
}

fn verdict(text: &str, imports: &Imports, generate: bool) -> Result<Verdict, String> {
    let report = check(inputs(text, imports));
    shown(&report, text)?;
    if report.has_errors() {
        return Ok(Verdict::Refused);
    }
    let (published, _) = normalize(inputs(text, imports)).map_err(|report| format!("accepted, but: {report}"))?;
    let again = check(inputs(&published, imports));
    if again.has_errors() {
        return Err(format!("what was published is refused: {again}"));
    }
    let (twice, _) = normalize(inputs(&published, imports)).map_err(|report| format!("published, but: {report}"))?;
    if let Some((old, new)) = published.lines().zip(twice.lines()).find(|(old, new)| old != new) {
        return Err(format!("publishing again changes `{old}` to `{new}`"));
    }
    if published.len() != twice.len() {
        return Err("publishing again changes the length".to_owned());
    }
    if generate
        && let Err(error) = Config::new().source("mutant.json", text).generate_in_memory()
        // Imports of imports may be missing; but generated code must be Rust.
        && error.report().is_none()
    {
        return Err(format!("accepted, but: {error}"));
    }
    Ok(Verdict::Accepted)
}

fn inputs(text: &str, imports: &Imports) -> Inputs {
    let source = Source { name: "mutant.json".to_owned(), text: text.to_owned(), path: None };
    Inputs { specs: vec![source], imports: imports.clone(), ..Inputs::default() }
}

/// Checks that every problem has a position in its document, and is rendered in every format at reasonable length.
fn shown(report: &Report, text: &str) -> Result<(), String> {
    let diagnostics = report.diagnostics();
    let misplaced = diagnostics.iter().find(|d| {
        d.message.is_empty()
            || (d.document.is_some_and(|id| id.index() == 0) && text.get(d.span.start..d.span.end).is_none())
    });
    if let Some(diagnostic) = misplaced {
        return Err(format!("a diagnostic without a place: {diagnostic:?}"));
    }
    let longest = [report.to_string(), report.to_json(), report.to_github()].iter().map(String::len).max();
    match longest {
        Some(length) if length > 50_000_000 => Err(format!("a report of {length} bytes")),
        _ => Ok(()),
    }
}
