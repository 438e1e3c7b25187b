//! Reads rules and checks them against the spec.

use std::fs::File;
use std::io::Read;
use std::path::Path;

use apigen_model::api::Api;
use apigen_model::diagnostic::{Diagnostic, Report};
use apigen_model::source::json::{Node, Span, Value};
use apigen_runtime::validate::schema::Schema;

use super::body::Fill;
use super::condition::{ConditionReader, MAX_VALUES};
use super::document;
use super::matcher::Conditions;
use super::operations::{Operations, Target};
use super::problems::{FORM, LIMIT, Problems, UNREADABLE, place};
use super::reading::{RULE_KEYS, Reading, Spec};
use super::response::{Frame, MAX_GAPS};
use super::rule::Rule;

/// Larger texts are not read.
const LARGEST: usize = 4 << 20;
/// The number of rules in one text.
const MAX_RULES: usize = 10_000;

/// Reads rules, and checks them against a spec.
pub struct RuleReader<'r> {
    spec: Spec<'r>,
}

impl<'r> RuleReader<'r> {
    /// Creates a reader for the rules of a service. `schema` has the tables of `api`; `fill` makes the samples with which
    /// bodies are checked.
    pub fn new(api: &'r Api, schema: &'r Schema, fill: &'r Fill<'r>) -> RuleReader<'r> {
        RuleReader { spec: Spec { api, schema, fill, operations: Operations::new(api) } }
    }

    /// Reads the rules of a file.
    ///
    /// # Errors
    /// Returns all problems, or that the file cannot be read.
    pub fn read_file(&self, path: &Path) -> Result<Vec<Rule>, Report> {
        let name = path.display().to_string();
        let mut bytes = Vec::new();
        let read = File::open(path).and_then(|file| file.take(LARGEST as u64 + 1).read_to_end(&mut bytes));
        if let Err(error) = read {
            let mut report = Report::default();
            let message = format!("{name} cannot be read: {error}");
            report.push(Diagnostic::error(UNREADABLE, Span::default(), message));
            return Err(report);
        }
        self.read(&name, &bytes)
    }

    /// Reads rules in TOML or JSON: by the extension of `name`, or else by how the text begins. The rules are below the
    /// key `rule`, or, in JSON, a list of rules or a single one.
    ///
    /// # Errors
    /// Returns all problems with their places; `name` is shown as that of the file.
    pub fn read(&self, name: &str, text: &[u8]) -> Result<Vec<Rule>, Report> {
        if text.len() > LARGEST {
            let mut problems = Problems::new(name, "");
            let message = format!("the rules have more than {} MiB", LARGEST >> 20);
            problems.add(LIMIT, Span::default(), message, None);
            return problems.outcome().map(|()| Vec::new());
        }
        let shown = String::from_utf8_lossy(text);
        let mut problems = Problems::new(name, &shown);
        let rules = match std::str::from_utf8(text) {
            Ok(text) => self.rules(name, text, &mut problems),
            Err(error) => {
                let start = error.valid_up_to();
                let at = Span { start, end: start + char::REPLACEMENT_CHARACTER.len_utf8() };
                problems.add(UNREADABLE, at, "the text is not UTF-8", None);
                Vec::new()
            }
        };
        if problems.is_full() {
            let end = Span { start: shown.len(), end: shown.len() };
            problems.add(LIMIT, end, "there are more problems, which are not reported", None);
        }
        problems.outcome().map(|()| rules)
    }

    fn rules(&self, name: &str, text: &str, problems: &mut Problems) -> Vec<Rule> {
        let Some(tree) = document::tree(name, text, problems) else { return Vec::new() };
        let nodes = document::rules(&tree, problems);
        let mut reading = Reading { spec: &self.spec, problems, values_left: MAX_VALUES, gaps_left: MAX_GAPS };
        let mut rules = Vec::new();
        if let Some(node) = nodes.get(MAX_RULES) {
            reading.problems.add(LIMIT, place(node), format!("there are more than {MAX_RULES} rules"), None);
            return rules;
        }
        for node in nodes {
            rules.extend(reading.rule(node));
            if reading.problems.is_full() {
                break;
            }
        }
        rules
    }
}

impl<'a> Reading<'a, '_> {
    /// Reads a rule. One with a problem may be incomplete; all rules of the text are then dropped.
    fn rule(&mut self, node: &Node) -> Option<Rule> {
        if !matches!(node.value, Value::Object(_)) {
            self.problems.add(FORM, place(node), format!("a rule is an object, found {}", node.kind()), None);
            return None;
        }
        let target = self.target(node);
        self.check_keys(node, RULE_KEYS, target);
        let name = node.get("name").and_then(|member| self.name(member));
        let limit = node.get("up-to").and_then(|member| self.limit(member));
        let allow_invalid = node.get("allow-invalid").is_some_and(|member| self.flag(member));
        for member in ["id", "hits"].into_iter().filter_map(|key| node.get(key)) {
            if !matches!(member.node.value, Value::Number(_)) {
                let help = (member.key == "id").then(|| "a text that you choose is a `name`".to_owned());
                self.wrong(member, "a number, which the server gives", help);
            }
        }
        let target = target?;
        let mut conditions = Conditions::default();
        if let Some(member) = node.get("when") {
            let (api, schema, problems) = (self.spec.api, self.spec.schema, &mut *self.problems);
            let mut of_rule = ConditionReader { api, schema, problems, values_left: &mut self.values_left };
            conditions = of_rule.conditions(&member.node, target);
        }
        let delay = node.get("delay").and_then(|member| self.delay(member)).unwrap_or_default();
        let frame = Frame { target, allow_invalid, delay };
        let responses = match node.get("sequence") {
            Some(sequence) => self.sequence(node, &sequence.node, frame),
            None => vec![self.response(node, frame)],
        };
        let limit = node.get("sequence").map(|_| responses.len()).or(limit);
        let (mut responses, operation, json) = (responses.into_iter(), target.id.clone(), json(node));
        let first = responses.next()?;
        Some(Rule { name, operation, conditions, limit, first, later: responses.collect(), allow_invalid, json })
    }

    fn target(&mut self, node: &Node) -> Option<&'a Target<'a>> {
        let Some(member) = node.get("operation") else {
            let help = "its id or its method and path: `operation = \"users.get\"`".to_owned();
            self.problems.add(FORM, place(node), "a rule lacks the key `operation`", Some(help));
            return None;
        };
        let name = self.text(member)?;
        self.spec.operations.find(name, member.node.span, self.problems)
    }
}

/// Returns a rule as JSON, without what a server adds to its list.
fn json(node: &Node) -> String {
    let members = node.members().iter().filter(|member| !["id", "hits"].contains(&&*member.key));
    Node { span: node.span, value: Value::Object(members.cloned().collect()) }.compact()
}
