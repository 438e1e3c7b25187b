//! Reads `apigen.toml`.

use std::collections::BTreeMap;
use std::ops::Range;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use toml::Spanned;
use toml::de::{DeTable, DeValue};

use super::option::{OPTIONS, OptionKind, OptionSpec, OptionValue, find};
use crate::option_error::{OptionPlaces, OptionText};
use crate::{Config, Error};
use apigen_model::diagnostic::{Diagnostic, DocumentId, Report};
use apigen_model::is_uri;
use apigen_model::source::json::Span;
use apigen_model::vocabulary::suggestions::closest;

/// One output, of one or more specs.
#[derive(Debug, Clone)]
pub struct Entry {
    /// The specs, relative to the working directory.
    pub specs: Vec<PathBuf>,
    /// The output folder, relative to the working directory; `None` if a build script chooses it.
    pub out: Option<PathBuf>,
    /// The configuration of the output.
    pub config: Config,
    /// The options as text, which is equal if and only if the options are.
    pub options: String,
}

/// The table of one output, and its key that names the specs.
const ENTRY: &str = "spec";
const SPECS: &str = "path";

/// Keys of the file that other tools read: `apigen-testing` checks them.
pub(super) const OTHERS: [&str; 2] = ["environments", "audit-log"];

type Item<'i> = (&'i Spanned<std::borrow::Cow<'i, str>>, &'i Spanned<DeValue<'i>>);

/// The options of a table, by name.
type OptionValues = BTreeMap<&'static str, Value>;

/// The contents of one `[[spec]]`.
struct Table {
    specs: Vec<OptionText>,
    values: OptionValues,
}

#[derive(Clone)]
struct Value {
    given: OptionValue,
    /// The texts it names, with their positions: elements of lists, keys of tables.
    named: Vec<OptionText>,
}

/// Reads the entries of a file called `name`, whose paths are relative to `folder`.
///
/// # Errors
/// Returns all problems at once.
pub fn read(name: &str, text: &str, folder: &Path) -> Result<Vec<Entry>, Error> {
    let mut report = Report::default();
    let document = report.add_document(name, text);
    let mut reading = Reading { report, document, name, text: text.into(), folder };
    let (table, errors) = DeTable::parse_recoverable(text);
    for error in &errors {
        let span = error.span().unwrap_or(0..0);
        reading.problem("E051", span, format!("invalid TOML: {}", error.message()), None);
    }
    let entries = if errors.is_empty() { reading.document(table.get_ref()) } else { Vec::new() };
    if reading.report.has_errors() { Err(reading.report.into()) } else { Ok(entries) }
}

struct Reading<'f> {
    report: Report,
    document: DocumentId,
    name: &'f str,
    text: Arc<str>,
    folder: &'f Path,
}

impl Reading<'_> {
    fn document(&mut self, table: &DeTable<'_>) -> Vec<Entry> {
        let mut shared = OptionValues::new();
        let mut found = Vec::new();
        for item in in_order(table) {
            match (item.0.get_ref().as_ref(), item.1.get_ref()) {
                (ENTRY, DeValue::Array(entries)) => found.extend(entries.iter().filter_map(|entry| self.entry(entry))),
                (ENTRY, _) => found.extend(self.entry(item.1)),
                (key, _) if OTHERS.contains(&key) => {}
                _ => self.option(item, &[&[ENTRY], &OTHERS[..]].concat(), &mut shared),
            }
        }
        if found.is_empty() && !self.report.has_errors() {
            let help = "for example `[[spec]]`, then `path = \"specs/location.json\"` and `out = \"src/location\"`";
            self.problem("E054", 0..0, "`[[spec]]` is missing".to_owned(), Some(help.to_owned()));
        }
        found.into_iter().map(|entry| self.made(entry, &shared)).collect()
    }

    fn entry(&mut self, value: &Spanned<DeValue<'_>>) -> Option<Table> {
        let DeValue::Table(table) = value.get_ref() else {
            self.wrong(ENTRY, "a table: `[[spec]]`", None, value.span());
            return None;
        };
        let (mut specs, mut values) = (Vec::new(), OptionValues::new());
        for item in in_order(table) {
            match item.0.get_ref().as_ref() {
                SPECS => match texts(item.1) {
                    Some(texts) if !texts.is_empty() => specs = named(SPECS, item.1),
                    _ => self.wrong(SPECS, "the path of a spec, or a list of them", None, item.1.span()),
                },
                _ => self.option(item, &[SPECS], &mut values),
            }
        }
        if specs.is_empty() && !table.keys().any(|key| key.get_ref() == SPECS) {
            let text = "this `[[spec]]` lacks the key `path`, the path of a spec".to_owned();
            let start = value.span().start;
            self.problem("E054", start..start + 1, text, None);
        }
        (!specs.is_empty()).then_some(Table { specs, values })
    }

    fn option(&mut self, (key, value): Item<'_>, others: &[&str], values: &mut OptionValues) {
        let name = key.get_ref().as_ref();
        let Some(option) = find(name) else {
            let names: Vec<&str> = OPTIONS.iter().map(|option| option.name).chain(others.iter().copied()).collect();
            let help = closest(name, &names).map(|close| format!("did you mean `{close}`?"));
            return self.problem("E052", key.span(), format!("unknown option `{name}`"), help);
        };
        for span in misfits(option.kind, value) {
            self.wrong(name, &wanted(option.kind), nearest(option.kind, value), span);
        }
        let Some(given) = given(option.kind, value) else { return };
        let mut named = named(option.name, value);
        named.push(OptionText { option: option.name, key: None, text: name.to_owned(), span: Some(key.span()) });
        self.check_pairs(option, &given, &named);
        values.insert(option.name, Value { given, named });
    }

    /// Checks each pair on its own: names of lints are validated here, so that each error has its own position.
    fn check_pairs(&mut self, option: &OptionSpec, given: &OptionValue, named: &[OptionText]) {
        let OptionValue::Pairs(pairs) = given else { return };
        for pair in pairs {
            if let Err(error) = option.apply(Config::new(), OptionValue::Pairs(vec![pair.clone()])) {
                let place = named.iter().find(|named| named.text == pair.0).and_then(|named| named.span.clone());
                self.problem("E053", place.unwrap_or(0..0), format!("`{}`: {}", option.name, error.sentence()), None);
            }
        }
    }

    /// Creates a configuration from the shared options and those of one entry.
    fn made(&mut self, table: Table, shared: &OptionValues) -> Entry {
        let mut values = shared.clone();
        self.check_names(&table.values, shared);
        values.extend(table.values);
        let specs: Vec<_> = table.specs.iter().map(|spec| OptionValue::path(self.folder, &spec.text)).collect();
        let mut options =
            format!("{:?}", values.iter().map(|(name, value)| (name, &value.given)).collect::<BTreeMap<_, _>>());
        // URIs are not in the list of files that were read.
        specs.iter().filter(|spec| is_uri(spec)).for_each(|spec| options.push_str(&spec.to_string_lossy()));
        let mut config = specs.iter().fold(Config::new(), Config::spec);
        let named = values.values().flat_map(|value| value.named.clone()).chain(table.specs).collect();
        let places =
            OptionPlaces { file: self.name.to_owned(), text: self.text.clone(), folder: self.folder.to_owned(), named };
        let mut out = None;
        for option in OPTIONS {
            let Some(Value { given, .. }) = values.remove(option.name) else { continue };
            let given = given.below(self.folder, option.kind);
            if let ("out", OptionValue::Text(path)) = (option.name, &given) {
                out = Some(path.into());
            }
            // Options that cannot be applied have been reported with their place.
            if let Ok(applied) = option.apply(config.clone(), given) {
                config = applied;
            }
        }
        for error in config.errors() {
            error.report(&mut self.report, Some(&places));
        }
        let config = config.places(places);
        Entry { specs, out, config, options }
    }

    /// Checks that a crate has one name. Shared options yield to those of the entry.
    fn check_names(&mut self, own: &OptionValues, shared: &OptionValues) {
        let is_crate = |table: &OptionValues| table.contains_key("crate") || shared.contains_key("crate");
        let clashes = |table: &&OptionValues| table.contains_key("name") && is_crate(table);
        let Some(table) = [own, shared].into_iter().find(clashes) else { return };
        let key = table.get("name").and_then(|value| value.named.last()).and_then(|named| named.span.clone());
        let message = "option name: it has no effect on a crate; `crate` sets its name".to_owned();
        self.problem("E058", key.unwrap_or(0..0), message, Some("remove one of the two".to_owned()));
    }

    fn wrong(&mut self, name: &str, wanted: &str, help: Option<String>, span: Range<usize>) {
        self.problem("E053", span, format!("`{name}` takes {wanted}"), help);
    }

    fn problem(&mut self, code: &'static str, span: Range<usize>, message: String, help: Option<String>) {
        let span = Span { start: span.start, end: span.end };
        self.report.push(Diagnostic::error(code, span, message).help(help).in_document(self.document));
    }
}

/// Returns the members of a table in the order of the file.
fn in_order<'i>(table: &'i DeTable<'i>) -> Vec<Item<'i>> {
    let mut items: Vec<Item<'i>> = table.iter().collect();
    items.sort_by_key(|(key, _)| key.span().start);
    items
}

/// Converts a TOML value to an option value of this kind, omitting members of tables that are [misfits].
fn given(kind: OptionKind, value: &Spanned<DeValue<'_>>) -> Option<OptionValue> {
    match (kind, value.get_ref()) {
        (OptionKind::Flag, DeValue::Boolean(flag)) => Some(OptionValue::Flag(*flag)),
        (OptionKind::Text | OptionKind::Path, DeValue::String(text)) => Some(OptionValue::Text(text.to_string())),
        (OptionKind::Choice(choices), DeValue::String(text)) if choices.contains(&text.as_ref()) => {
            Some(OptionValue::Text(text.to_string()))
        }
        (OptionKind::Texts | OptionKind::Paths, _) => texts(value).map(OptionValue::Texts),
        (OptionKind::Pairs(..), DeValue::Table(table)) => {
            let row = |(key, value): Item<'_>| {
                let key = key.get_ref().to_string();
                texts(value).unwrap_or_default().into_iter().map(move |text| (key.clone(), text))
            };
            Some(OptionValue::Pairs(in_order(table).into_iter().flat_map(row).collect()))
        }
        (OptionKind::Packages(_), DeValue::Table(table)) => {
            let pairs = in_order(table).into_iter();
            let pairs = pairs.filter_map(|(name, value)| Some((name.get_ref().to_string(), package(value)?)));
            Some(OptionValue::Pairs(pairs.collect()))
        }
        _ => None,
    }
}

/// Returns the positions of the parts of a value that are not of this kind: members, or the whole value.
fn misfits(kind: OptionKind, value: &Spanned<DeValue<'_>>) -> Vec<Range<usize>> {
    let of_table = |table: &DeTable<'_>, fits: &dyn Fn(&Spanned<DeValue<'_>>) -> bool| {
        in_order(table).into_iter().filter(|(_, value)| !fits(value)).map(|(_, value)| value.span()).collect()
    };
    match (kind, value.get_ref()) {
        (OptionKind::Texts | OptionKind::Paths, DeValue::Array(items)) => {
            items.iter().filter(|item| !matches!(item.get_ref(), DeValue::String(_))).map(Spanned::span).collect()
        }
        (OptionKind::Pairs(..), DeValue::Table(table)) => of_table(table, &|value| texts(value).is_some()),
        (OptionKind::Packages(_), DeValue::Table(table)) => of_table(table, &|value| package(value).is_some()),
        _ if given(kind, value).is_some() => Vec::new(),
        _ => vec![value.span()],
    }
}

/// Returns the version or table of a dependency.
fn package(value: &Spanned<DeValue<'_>>) -> Option<String> {
    match value.get_ref() {
        DeValue::String(version) => Some(version.to_string()),
        table @ DeValue::Table(_) => inline(table),
        _ => None,
    }
}

/// Returns everything that a value names, with its position.
fn named(option: &'static str, value: &Spanned<DeValue<'_>>) -> Vec<OptionText> {
    let place = |text: &str, span, key: Option<&str>| OptionText {
        option,
        key: key.map(str::to_owned),
        text: text.to_owned(),
        span: Some(span),
    };
    match value.get_ref() {
        DeValue::String(text) => vec![place(text, value.span(), None)],
        DeValue::Array(items) => items.iter().flat_map(|item| named(option, item)).collect(),
        DeValue::Table(table) => {
            let row = |(key, value): &Item<'_>| {
                let mut row = vec![place(key.get_ref(), key.span(), None)];
                let values = named(option, value).into_iter().filter(|named| named.key.is_none());
                row.extend(values.map(|named| OptionText { key: Some(key.get_ref().to_string()), ..named }));
                row
            };
            in_order(table).iter().flat_map(row).collect()
        }
        _ => Vec::new(),
    }
}

fn nearest(kind: OptionKind, value: &Spanned<DeValue<'_>>) -> Option<String> {
    match (kind, value.get_ref()) {
        (OptionKind::Choice(choices), DeValue::String(text)) => {
            closest(text, choices).map(|near| format!("did you mean \"{near}\"?"))
        }
        _ => None,
    }
}

/// Formats a value on one line. Values that dependencies never have, numbers and dates, are omitted.
fn inline(value: &DeValue<'_>) -> Option<String> {
    let text = |text: &str| serde_json::Value::from(text).to_string();
    Some(match value {
        DeValue::String(value) => text(value),
        DeValue::Boolean(value) => value.to_string(),
        DeValue::Array(items) => {
            let items: Vec<String> = items.iter().map(|item| inline(item.get_ref())).collect::<Option<_>>()?;
            format!("[{}]", items.join(", "))
        }
        DeValue::Table(table) => {
            let member = |(key, value): Item<'_>| {
                let key = key.get_ref();
                let is_bare = key.chars().all(|c| c.is_ascii_alphanumeric() || c == '-' || c == '_');
                let key = if is_bare && !key.is_empty() { key.to_string() } else { text(key) };
                Some(format!("{key} = {}", inline(value.get_ref())?))
            };
            let members: Vec<String> = in_order(table).into_iter().map(member).collect::<Option<_>>()?;
            format!("{{ {} }}", members.join(", "))
        }
        _ => return None,
    })
}

fn texts(value: &Spanned<DeValue<'_>>) -> Option<Vec<String>> {
    let text = |value: &Spanned<DeValue<'_>>| match value.get_ref() {
        DeValue::String(text) => Some(text.to_string()),
        _ => None,
    };
    match value.get_ref() {
        DeValue::Array(items) => items.iter().map(text).collect(),
        _ => text(value).map(|text| vec![text]),
    }
}

fn wanted(kind: OptionKind) -> String {
    match kind {
        OptionKind::Text => "a text".to_owned(),
        OptionKind::Path => "a path".to_owned(),
        OptionKind::Flag => "true or false".to_owned(),
        OptionKind::Choice(choices) => format!("one of \"{}\"", choices.join("\", \"")),
        OptionKind::Texts => "a string or a list of strings".to_owned(),
        OptionKind::Paths => "a path or a list of paths".to_owned(),
        OptionKind::Packages(_) => {
            "a table of dependencies, for example `{ money = \"1.2\", units = { path = \"../units\" } }`".to_owned()
        }
        OptionKind::Pairs(names, example) => {
            let (key, value) = names.split_once('=').unwrap_or((names, names));
            let (from, to) = example.split_once('=').unwrap_or((example, ""));
            format!("a table from {key} to {value}, for example `{{ \"{from}\" = \"{to}\" }}`")
        }
    }
}
