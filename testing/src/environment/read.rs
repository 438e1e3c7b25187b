//! Reads the environments of `apigen.toml`.

use std::collections::BTreeMap;
use std::ops::Range;
use std::path::{Path, PathBuf};

use apigen_model::diagnostic::{Diagnostic, Report};
use apigen_model::source::json::Span;
use apigen_model::vocabulary::suggestions::{closest, meant};
use apigen_runtime::client;
use apigen_runtime::http::HeaderName;
use toml::Spanned;
use toml::de::{DeTable, DeValue};

use super::declared::{DeclaredEnvironment, Endpoint, EnvironmentKind};
use super::sensitive::{is_suspicious, masked, suspicious};
use super::source::{CredentialSource, Place, Scheme, authorization, is_variable};
use super::url;

/// An environment does not have the form of environments.
const FORM: &str = "E076";
/// A secret is written into the file.
const SECRET: &str = "E077";

/// The key of `apigen.toml` below which the environments are.
const KEY: &str = "environments";
/// The key with the path of the audit log, and the path without it.
const AUDIT_LOG: (&str, &str) = ("audit-log", ".apigen-audit.jsonl");

/// The keys with credentials: how they are sent, and whether they name a file.
const CREDENTIALS: [(&str, Scheme, bool); 4] = [
    ("bearer-from-env", Scheme::Bearer, false),
    ("bearer-from-file", Scheme::Bearer, true),
    ("basic-from-env", Scheme::Basic, false),
    ("basic-from-file", Scheme::Basic, true),
];

/// The keys of an endpoint; an environment also has `kind` and `services`.
const KEYS: [&str; 8] =
    ["url", "kind", "services", "header", "bearer-from-env", "bearer-from-file", "basic-from-env", "basic-from-file"];

type Table<'i> = DeTable<'i>;
type Value<'i> = Spanned<DeValue<'i>>;
type Key<'i> = Spanned<std::borrow::Cow<'i, str>>;

/// What a file says of environments.
pub(super) struct Document {
    /// The text, in which nothing that may be sensitive is left.
    pub(super) text: String,
    pub(super) declared: Vec<DeclaredEnvironment>,
    pub(super) audit_log: PathBuf,
}

/// Reads a text called `file`, in which paths are relative to `folder`.
pub(super) fn read(file: &str, text: &str, folder: &Path) -> Result<Document, Report> {
    let mut reading = Reading { problems: Vec::new(), sensitive: Vec::new(), folder };
    let (table, errors) = Table::parse_recoverable(text);
    for error in &errors {
        let span = error.span().unwrap_or(0..0);
        reading.problem("E051", span, format!("invalid TOML: {}", error.message()), None);
    }
    let table = table.get_ref();
    let (declared, audit_log) = if errors.is_empty() {
        (reading.environments(table), reading.audit_log(table))
    } else {
        reading.sensitive = suspicious(text);
        Default::default()
    };
    let text = masked(text, reading.sensitive);
    let mut report = Report::default();
    let document = report.add_document(file, &text);
    reading.problems.into_iter().for_each(|problem| report.push(problem.in_document(document)));
    if report.has_errors() { Err(report) } else { Ok(Document { text, declared, audit_log }) }
}

struct Reading<'f> {
    problems: Vec<Diagnostic>,
    /// What excerpts of the file must not show.
    sensitive: Vec<Range<usize>>,
    folder: &'f Path,
}

impl Reading<'_> {
    fn audit_log(&mut self, document: &Table<'_>) -> PathBuf {
        let (key, default) = AUDIT_LOG;
        let Some(value) = document.get(key) else { return self.folder.join(default) };
        let path = value.get_ref().as_str().unwrap_or_default();
        if path.is_empty() {
            self.form(value.span(), format!("`{key}` takes the path of a file"), None);
        }
        self.folder.join(path)
    }

    fn environments(&mut self, document: &Table<'_>) -> Vec<DeclaredEnvironment> {
        let Some(value) = document.get(KEY) else {
            if let Some((key, _)) = document.iter().find(|(key, _)| closest(key.get_ref(), &[KEY]).is_some()) {
                self.form(
                    key.span(),
                    format!("unknown key `{}`", key.get_ref()),
                    Some(format!("did you mean `{KEY}`?")),
                );
            }
            return Vec::new();
        };
        let DeValue::Table(table) = value.get_ref() else {
            self.form(value.span(), format!("`{KEY}` takes a table of environments"), Some(example()));
            return Vec::new();
        };
        let mut declared: Vec<DeclaredEnvironment> = Vec::new();
        for (key, value) in in_order(table) {
            let own = self.environment(key, value);
            if let Some(same) = own.as_ref().and_then(|own| self.collision(own, key, &declared)) {
                self.form(key.span(), same, None);
            }
            declared.extend(own);
        }
        declared
    }

    fn environment(&mut self, key: &Key<'_>, value: &Value<'_>) -> Option<DeclaredEnvironment> {
        let name = key.get_ref().as_ref();
        if name.trim().is_empty() || name.chars().count() > 100 || name.contains(char::is_control) {
            self.form(key.span(), "the name of an environment has 1 to 100 characters".to_owned(), None);
        }
        let DeValue::Table(table) = value.get_ref() else {
            self.hide(value);
            self.form(value.span(), format!("the environment `{name}` is a table"), Some(example()));
            return None;
        };
        let kind = self.kind(name, key, table);
        let endpoint = self.endpoint(table, &["kind", "services"]);
        let services = table.get("services").map(|services| self.services(services)).unwrap_or_default();
        if !table.contains_key("url") && services.values().all(|service| service.url.is_none()) {
            let help = "the URL of the server: `url = \"https://sandbox.example.org\"`".to_owned();
            self.form(key.span(), format!("the environment `{name}` lacks the key `url`"), Some(help));
        }
        let kind = kind?;
        if kind == EnvironmentKind::Local {
            let urls = services.values().chain([&endpoint]).filter_map(|own| own.url.as_deref());
            for _ in urls.filter(|own| !url::is_loopback(own)) {
                let help = "a server on another machine is a `sandbox`, or `production`".to_owned();
                let message = format!("the environment `{name}` is local, but its URL is not on this machine");
                self.form(key.span(), message, Some(help));
            }
        }
        Some(DeclaredEnvironment { name: name.to_owned(), kind, span: span(key.span()), endpoint, services })
    }

    fn kind(&mut self, name: &str, key: &Key<'_>, table: &Table<'_>) -> Option<EnvironmentKind> {
        const TAKES: &str = "`kind` takes \"local\", \"sandbox\" or \"production\"";
        let Some(value) = table.get("kind") else {
            let message = format!("the environment `{name}` lacks the key `kind`");
            self.form(key.span(), message, Some(TAKES.to_owned()));
            return None;
        };
        let text = value.get_ref().as_str().unwrap_or_default();
        let Some(kind) = EnvironmentKind::ALL.into_iter().find(|kind| kind.as_str() == text) else {
            let near = meant(text, &EnvironmentKind::ALL.map(EnvironmentKind::as_str));
            // Short names of production are too far away for a suggestion by letters.
            let near =
                near.or((client::Environment::from(text) == client::Environment::Production).then_some("production"));
            self.form(value.span(), TAKES.to_owned(), near.map(|near| format!("did you mean \"{near}\"?")));
            return None;
        };
        if kind != EnvironmentKind::Production && client::Environment::from(name) == client::Environment::Production {
            let message = format!("the environment `{name}` is called production, but its kind is {kind}");
            self.form(value.span(), message, Some("write `kind = \"production\"`, or choose another name".to_owned()));
        }
        Some(kind)
    }

    fn services(&mut self, value: &Value<'_>) -> BTreeMap<String, Endpoint> {
        let DeValue::Table(table) = value.get_ref() else {
            self.form(value.span(), "`services` takes a table of services".to_owned(), None);
            return BTreeMap::new();
        };
        let mut services = BTreeMap::new();
        for (key, value) in in_order(table) {
            let name = key.get_ref().to_string();
            match value.get_ref() {
                DeValue::Table(own) => {
                    let endpoint = self.endpoint(own, &[]);
                    services.insert(name, endpoint);
                }
                _ => {
                    self.hide(value);
                    let help = format!("for example `{name} = {{ url = \"https://{name}.example.org\" }}`");
                    self.form(value.span(), format!("the service `{name}` is a table"), Some(help));
                }
            }
        }
        services
    }

    /// Reads the keys of an environment or of one of its services; `others` are read elsewhere.
    fn endpoint(&mut self, table: &Table<'_>, others: &[&str]) -> Endpoint {
        let mut endpoint = Endpoint::default();
        for (key, value) in in_order(table) {
            let name = key.get_ref().as_ref();
            if others.contains(&name) {
                continue;
            }
            let known = CREDENTIALS.iter().find(|(own, ..)| *own == name);
            match (name, known) {
                ("url", _) => endpoint.url = self.url(value),
                ("header", _) => self.headers(value, &mut endpoint.credentials),
                (_, Some((_, scheme, is_file))) => {
                    if let Some(place) = self.place(name, *is_file, value) {
                        let source = authorization(*scheme, place, span(value.span()));
                        self.credential(source, key, &mut endpoint.credentials);
                    }
                }
                _ => self.unknown(key, value, others),
            }
        }
        endpoint
    }

    fn url(&mut self, value: &Value<'_>) -> Option<String> {
        let Some(text) = value.get_ref().as_str() else {
            self.form(value.span(), "`url` takes a text".to_owned(), None);
            return None;
        };
        if url::has_user(text) {
            let help = "remove it from the URL, and write `basic-from-env = \"VARIABLE\"`".to_owned();
            self.secret(value.span(), "a URL in this file must not contain a user name or password", help);
            return None;
        }
        let parsed = url::parse(text);
        parsed.map_err(|why| self.form(value.span(), format!("`url`: {why}"), None)).ok()
    }

    fn headers(&mut self, value: &Value<'_>, credentials: &mut Vec<CredentialSource>) {
        let DeValue::Table(table) = value.get_ref() else {
            let help = "`header.X-Api-Key.from-env = \"VARIABLE\"`".to_owned();
            return self.secret(value.span(), "`header` takes a table of headers, not a value", help);
        };
        for (key, value) in in_order(table) {
            let name = key.get_ref().as_ref();
            let Ok(header) = name.parse::<HeaderName>() else {
                self.hide(value);
                self.form(key.span(), format!("`{name}` is not the name of a header"), None);
                continue;
            };
            let DeValue::Table(own) = value.get_ref() else {
                let help = format!("`header.{name}.from-env = \"VARIABLE\"`, or `from-file`");
                self.secret(value.span(), "the value of a header does not belong in this file", help);
                continue;
            };
            for (key, value) in in_order(own) {
                let place = match key.get_ref().as_ref() {
                    own @ ("from-env" | "from-file") => self.place(own, own == "from-file", value),
                    _ => {
                        self.unknown_in(key, value, &["from-env", "from-file"]);
                        continue;
                    }
                };
                let Some(place) = place else { continue };
                let source =
                    CredentialSource { header: header.clone(), scheme: Scheme::Plain, place, span: span(value.span()) };
                self.credential(source, key, credentials);
            }
            if own.is_empty() {
                let help = format!("`header.{name}.from-env = \"VARIABLE\"`, or `from-file`");
                self.form(key.span(), format!("the header `{name}` has no source"), Some(help));
            }
        }
    }

    fn credential(&mut self, source: CredentialSource, key: &Key<'_>, credentials: &mut Vec<CredentialSource>) {
        if credentials.iter().any(|known| known.header == source.header) {
            let message =
                format!("`{}` sets the header `{}`, which another key sets too", key.get_ref(), source.header);
            return self.form(key.span(), message, Some("keep one of the two".to_owned()));
        }
        credentials.push(source);
    }

    /// Reads the name of a variable, or the path of a file.
    fn place(&mut self, key: &str, is_file: bool, value: &Value<'_>) -> Option<Place> {
        let text = value.get_ref().as_str().filter(|text| !text.is_empty());
        match text {
            Some(path) if is_file => Some(Place::File(self.folder.join(path))),
            Some(name) if is_variable(name) => Some(Place::Variable(name.to_owned())),
            Some(_) => {
                let help = "a secret does not belong in this file: put it into a variable, and write its name here";
                self.secret(
                    value.span(),
                    &format!("`{key}` takes the name of an environment variable"),
                    help.to_owned(),
                );
                None
            }
            None => {
                let takes = if is_file { "the path of a file" } else { "the name of an environment variable" };
                self.form(value.span(), format!("`{key}` takes {takes}"), None);
                None
            }
        }
    }

    fn unknown(&mut self, key: &Key<'_>, value: &Value<'_>, others: &[&str]) {
        let is_known = |name: &&&str| !["kind", "services"].contains(name) || others.contains(name);
        let known: Vec<&str> = KEYS.iter().filter(is_known).copied().collect();
        self.unknown_in(key, value, &known);
    }

    fn unknown_in(&mut self, key: &Key<'_>, value: &Value<'_>, known: &[&str]) {
        let name = key.get_ref().as_ref();
        // Whatever an unknown key holds may be a secret.
        self.hide(value);
        let near = meant(name, known);
        let is_literal = !name.contains("from") && !matches!(value.get_ref(), DeValue::Table(_));
        if is_literal && is_suspicious(name) {
            let source = if known.contains(&"from-env") { "from-env" } else { "bearer-from-env" };
            let help = format!("name a variable or a file: `{source} = \"VARIABLE\"`");
            let message = format!("unknown key `{name}`; a secret does not belong in this file");
            self.problem(SECRET, key.span(), message, Some(help));
        } else {
            let help = near.map_or_else(
                || format!("allowed keys: {}", known.join(", ")),
                |near| format!("did you mean `{near}`?"),
            );
            self.form(key.span(), format!("unknown key `{name}`"), Some(help));
        }
    }

    /// Returns why an environment cannot be told apart from an earlier one.
    fn collision(&self, own: &DeclaredEnvironment, key: &Key<'_>, earlier: &[DeclaredEnvironment]) -> Option<String> {
        let name = key.get_ref();
        if let Some(same) = earlier.iter().find(|other| other.name.eq_ignore_ascii_case(name)) {
            return Some(format!("the environments `{}` and `{name}` differ only in case", same.name));
        }
        let others = earlier.iter().filter(|other| other.kind != own.kind);
        let same = others.into_iter().find(|other| other.urls().any(|theirs| own.urls().any(|ours| ours == theirs)))?;
        let (a, b) = (own.kind, same.kind);
        Some(format!("the environment `{name}` is {a}, but has the same URL as `{}`, which is {b}", same.name))
    }

    /// Keeps everything in a value out of excerpts. The position of a table may be only that of its name.
    fn hide(&mut self, value: &Value<'_>) {
        match value.get_ref() {
            DeValue::Table(table) => table.values().for_each(|value| self.hide(value)),
            DeValue::Array(items) => items.iter().for_each(|item| self.hide(item)),
            _ => self.sensitive.push(value.span()),
        }
    }

    fn form(&mut self, at: Range<usize>, message: String, help: Option<String>) {
        self.problem(FORM, at, message, help);
    }

    /// Reports a value that may be a secret, and keeps it out of the excerpt.
    fn secret(&mut self, at: Range<usize>, message: &str, help: String) {
        self.sensitive.push(at.clone());
        self.problem(SECRET, at, message.to_owned(), Some(help));
    }

    fn problem(&mut self, code: &'static str, at: Range<usize>, message: String, help: Option<String>) {
        self.problems.push(Diagnostic::error(code, span(at), message).help(help));
    }
}

fn example() -> String {
    "for example `[environments.sandbox]`, then `url = \"https://sandbox.example.org\"` and `kind = \"sandbox\"`"
        .to_owned()
}

fn span(range: Range<usize>) -> Span {
    Span { start: range.start, end: range.end }
}

fn in_order<'i>(table: &'i Table<'i>) -> Vec<(&'i Key<'i>, &'i Value<'i>)> {
    let mut items: Vec<_> = table.iter().collect();
    items.sort_by_key(|(key, _)| key.span().start);
    items
}
