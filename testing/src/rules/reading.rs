//! Reads the keys of rules, and their values without regard to the spec.

use std::time::Duration;

use apigen_model::api::Api;
use apigen_model::source::json::{Member, Node, Value};
use apigen_model::vocabulary::suggestions::meant;
use apigen_runtime::testing::Fault;
use apigen_runtime::validate::schema::Schema;

use super::body::Fill;
use super::operations::{Operations, Target};
use super::problems::{FORM, Problems, place};
use super::text::{parse_delay, parse_fault};

/// Names appear in each line of the log.
const LONGEST_NAME: usize = 100;

/// The keys of a rule. The last two are those of a list of rules, which can be read again; they have no effect.
pub(super) const RULE_KEYS: &[&str] = &[
    "operation",
    "name",
    "when",
    "up-to",
    "status",
    "headers",
    "body",
    "delay",
    "fault",
    "sequence",
    "allow-invalid",
    "id",
    "hits",
];

/// Keys, and what they are called in other tools.
const SYNONYMS: &[(&str, &str)] = &[
    ("allow-invalid", "lie force unchecked"),
    ("body", "json response reply returns"),
    ("delay", "latency wait sleep"),
    ("fault", "error"),
    ("name", "title description comment"),
    ("operation", "path url route method endpoint"),
    ("sequence", "responses steps replies"),
    ("status", "code status-code"),
    ("up-to", "times limit count max"),
    ("when", "with match matches request if"),
];

/// What rules are checked against.
pub(super) struct Spec<'r> {
    pub(super) api: &'r Api,
    pub(super) schema: &'r Schema,
    pub(super) fill: &'r Fill<'r>,
    pub(super) operations: Operations<'r>,
}

/// Reads the rules of one text.
pub(super) struct Reading<'a, 'r> {
    pub(super) spec: &'a Spec<'r>,
    pub(super) problems: &'a mut Problems,
    /// The values that conditions may still have.
    pub(super) values_left: usize,
    /// The objects that samples may still fill.
    pub(super) gaps_left: usize,
}

impl Reading<'_, '_> {
    pub(super) fn check_keys(&mut self, node: &Node, known: &[&str], target: Option<&Target<'_>>) {
        let unknown = node.members().iter().filter(|member| !known.contains(&&*member.key));
        for Member { key, key_span, .. } in unknown {
            if self.problems.is_full() {
                break;
            }
            let parameters = target.map(|target| target.operation.parameters.as_slice()).unwrap_or_default();
            let synonym = SYNONYMS.iter().find(|(here, words)| {
                known.contains(here) && words.split(' ').any(|word| word.eq_ignore_ascii_case(key))
            });
            let help = match (meant(key, known), synonym) {
                _ if known == RULE_KEYS && parameters.iter().any(|parameter| parameter.name == *key) => {
                    format!("conditions on parameters are in `when = {{ {key} = … }}`")
                }
                (Some(near), _) => format!("did you mean `{near}`?"),
                (None, Some((here, _))) => format!("this is called `{here}` here"),
                (None, None) => {
                    // What the server gives need not be written.
                    let written = known.iter().filter(|key| !["id", "hits"].contains(*key)).copied();
                    format!("allowed keys: {}", written.collect::<Vec<_>>().join(", "))
                }
            };
            self.problems.add(FORM, *key_span, format!("unknown key `{key}`"), Some(help));
        }
    }

    pub(super) fn status(&mut self, member: &Member) -> Option<u16> {
        let number = match &member.node.value {
            Value::Number(text) => text.parse::<u16>().ok(),
            _ => None,
        };
        let status = number.filter(|status| (200..=599).contains(status));
        if status.is_none() {
            let help = match (&member.node.value, number) {
                (Value::String(_), _) => Some("write a number without quotes"),
                (_, Some(100..=199)) => Some("statuses below 200 only announce the response"),
                _ => None,
            };
            self.wrong(member, "a status from 200 to 599", help.map(str::to_owned));
        }
        status
    }

    pub(super) fn limit(&mut self, member: &Member) -> Option<usize> {
        let limit = match &member.node.value {
            Value::Number(text) => text.parse::<u32>().ok().and_then(|limit| usize::try_from(limit).ok()),
            _ => None,
        };
        let limit = limit.filter(|limit| *limit > 0);
        if limit.is_none() {
            self.wrong(member, "the number of requests that the rule matches, at least 1", None);
        }
        limit
    }

    pub(super) fn delay(&mut self, member: &Member) -> Option<Duration> {
        self.parsed(member, "a text such as \"50ms\"", parse_delay)
    }

    pub(super) fn fault(&mut self, member: &Member) -> Option<Fault> {
        self.parsed(member, "a text such as \"hang\"", parse_fault)
    }

    fn parsed<T>(&mut self, member: &Member, takes: &str, parse: fn(&str) -> Result<T, String>) -> Option<T> {
        let Some(text) = member.node.text() else {
            self.wrong(member, takes, None);
            return None;
        };
        let report = |message: String| self.problems.add(FORM, member.node.span, message, None);
        parse(text).map_err(report).ok()
    }

    pub(super) fn name(&mut self, member: &Member) -> Option<String> {
        let text = self.text(member)?;
        let fits = !text.trim().is_empty() && text.chars().count() <= LONGEST_NAME && !text.contains(char::is_control);
        if !fits {
            self.wrong(member, &format!("a text of at most {LONGEST_NAME} characters on one line"), None);
        }
        fits.then(|| text.to_owned())
    }

    pub(super) fn flag(&mut self, member: &Member) -> bool {
        match member.node.value {
            Value::Bool(flag) => flag,
            _ => {
                self.wrong(member, "true or false", None);
                false
            }
        }
    }

    pub(super) fn text<'n>(&mut self, member: &'n Member) -> Option<&'n str> {
        let text = member.node.text();
        if text.is_none() {
            self.wrong(member, "a text", None);
        }
        text
    }

    /// Reports a value that its key does not take.
    pub(super) fn wrong(&mut self, member: &Member, takes: &str, help: Option<String>) {
        let found = match &member.node.value {
            Value::Number(text) if text.len() <= 20 => text.clone(),
            Value::String(text) if text.len() <= 20 => format!("{text:?}"),
            _ => member.node.kind().to_owned(),
        };
        let message = format!("`{}` takes {takes}, found {found}", member.key);
        self.problems.add(FORM, place(&member.node), message, help);
    }
}
