//! Writes findings for people and programs.

use std::collections::BTreeMap;
use std::fmt::{self, Write as _};
use std::str::FromStr;

use apigen_runtime::ToJson as _;

use super::summary::counted;
use super::{Fault, Finding, RunSummary, visible};

/// How findings are written.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Format {
    /// One line per finding, then a count.
    #[default]
    Human,
    /// A JSON array with an object per line.
    Json,
    /// An XML report in the form of JUnit, with a test case per operation.
    Junit,
    /// Annotations of a GitHub workflow.
    Github,
}

impl Format {
    /// All formats with their names.
    pub const ALL: [(&'static str, Format); 4] =
        [("human", Format::Human), ("json", Format::Json), ("junit", Format::Junit), ("github", Format::Github)];

    /// Writes findings; the summary has what was checked, which only JUnit's format shows too.
    pub fn write(self, findings: &[Finding], summary: &RunSummary) -> String {
        match self {
            Format::Human => human(findings),
            Format::Json => json(findings),
            Format::Junit => junit(findings, summary),
            Format::Github => findings.iter().map(github).collect(),
        }
    }
}

impl FromStr for Format {
    type Err = String;

    fn from_str(text: &str) -> Result<Format, String> {
        let known = Format::ALL.iter().find(|(name, _)| *name == text);
        known.map(|(_, format)| *format).ok_or_else(|| {
            format!("{text:?} is not a format, expected one of {}", Format::ALL.map(|(name, _)| name).join(", "))
        })
    }
}

impl fmt::Display for Format {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let name = Format::ALL.iter().find(|(_, format)| format == self).map_or("human", |(name, _)| name);
        f.write_str(name)
    }
}

fn human(findings: &[Finding]) -> String {
    let mut out = String::new();
    for finding in findings {
        // Writing to a text cannot fail, here and below.
        let _ = writeln!(out, "{finding}");
    }
    if let Some(first) = findings.first() {
        let sides = Fault::ALL.iter().filter_map(|fault| {
            let count = findings.iter().filter(|finding| finding.fault == *fault).count();
            (count > 0).then(|| format!("{count} {}", fault.as_str()))
        });
        let sides = sides.collect::<Vec<_>>().join(", ");
        let count = counted(findings.len(), "finding");
        let _ = writeln!(out, "{count} ({sides}); run `apigen explain {}` for details", first.code);
    }
    out
}

fn json(findings: &[Finding]) -> String {
    let mut out = "[".to_owned();
    for (index, finding) in findings.iter().enumerate() {
        out.push_str(if index > 0 { ",\n" } else { "\n" });
        object(&mut out, finding);
    }
    out.push_str(if findings.is_empty() { "]\n" } else { "\n]\n" });
    out
}

/// Writes a finding as a JSON object on one line. What is unknown is left out.
fn object(out: &mut String, finding: &Finding) {
    let Finding { code, operation, fault, location, pointer, expected, found, message, spec_place } = finding;
    let some = |text| Some(text).filter(|text: &&str| !text.is_empty());
    let members = [
        ("code", Some(code.as_str())),
        ("operation", operation.as_deref()),
        ("side", Some(fault.as_str())),
        ("in", *location),
        ("pointer", location.map(|_| pointer.as_str())),
        ("expected", some(expected)),
        ("found", some(found)),
        ("message", Some(message.as_str())),
        ("file", spec_place.as_ref().map(|place| &*place.file)),
    ];
    out.push('{');
    for (index, (key, value)) in members.iter().filter_map(|(key, value)| Some((key, (*value)?))).enumerate() {
        let _ = write!(out, "{}\"{key}\":{}", if index > 0 { "," } else { "" }, value.to_json());
    }
    if let Some(place) = spec_place {
        let _ = write!(out, ",\"line\":{}", place.line);
    }
    out.push('}');
}

/// Writes a test case for each operation that was checked or has findings, and for each reason to skip something.
fn junit(findings: &[Finding], summary: &RunSummary) -> String {
    let mut cases: BTreeMap<&str, Vec<&Finding>> = summary.operations().map(|name| (name, Vec::new())).collect();
    for finding in findings {
        cases.entry(finding.operation.as_deref().unwrap_or("no operation")).or_default().push(finding);
    }
    let failures = cases.values().filter(|findings| !findings.is_empty()).count();
    let (tests, skipped) = (cases.len() + summary.skipped().count(), summary.skipped().count());
    let mut out = "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n".to_owned();
    let name = xml(summary.name());
    let _ = writeln!(out, r#"<testsuites tests="{tests}" failures="{failures}" skipped="{skipped}">"#);
    let _ = writeln!(out, r#"<testsuite name="{name}" tests="{tests}" failures="{failures}" skipped="{skipped}">"#);
    for (operation, findings) in cases {
        let operation = xml(operation);
        if findings.is_empty() {
            let _ = writeln!(out, r#"<testcase classname="{name}" name="{operation}"/>"#);
            continue;
        }
        // Most readers show one failure of a test case only.
        let text: Vec<String> = findings.iter().map(ToString::to_string).collect();
        let (code, message) = (findings[0].code, xml(&findings[0].message));
        let _ = writeln!(out, r#"<testcase classname="{name}" name="{operation}">"#);
        let _ = writeln!(out, r#"<failure type="{code}" message="{message}">{}</failure>"#, xml(&text.join("\n")));
        out.push_str("</testcase>\n");
    }
    for (reason, count) in summary.skipped() {
        let (what, reason) = (xml(&counted(count, summary.unit())), xml(reason));
        let _ = writeln!(out, r#"<testcase classname="{name}" name="skipped: {reason}">"#);
        let _ = writeln!(out, r#"<skipped message="{what}: {reason}"/>"#);
        out.push_str("</testcase>\n");
    }
    out.push_str("</testsuite>\n</testsuites>\n");
    out
}

/// Escapes text for XML. Characters that XML cannot contain are replaced.
fn xml(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for c in text.chars() {
        match c {
            '<' => out.push_str("&lt;"),
            '>' => out.push_str("&gt;"),
            '&' => out.push_str("&amp;"),
            '"' => out.push_str("&quot;"),
            '\n' => out.push_str("&#10;"),
            '\t' => out.push_str("&#9;"),
            '\u{0}'..='\u{1f}' | '\u{fffe}' | '\u{ffff}' => out.push('\u{fffd}'),
            c => out.push(c),
        }
    }
    out
}

fn github(finding: &Finding) -> String {
    let data = |text: &str| text.replace('%', "%25").replace('\r', "%0D").replace('\n', "%0A");
    let property = |text: &str| data(text).replace(':', "%3A").replace(',', "%2C");
    let place = finding.spec_place.as_ref();
    let place = place.map_or_else(String::new, |place| format!("file={},line={},", property(&place.file), place.line));
    let operation = finding.operation.as_deref().map_or_else(String::new, |operation| format!(" {operation}"));
    let (code, fault) = (finding.code, finding.fault.as_str());
    let title = property(&format!("{code} {fault}{operation}"));
    format!("::error {place}title={title}::{}\n", data(&visible(&finding.message)))
}
