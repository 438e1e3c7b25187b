//! `.apibuilder/config`, which tells the command `apibuilder` which generated code to download.

use saphyr_parser::{Event, Parser};

use apigen_build::Error;
use apigen_model::diagnostic::{Diagnostic, DocumentId, Report};
use apigen_model::source::json::{Member, Node, Span, Value};

/// A service named in the file.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Project {
    pub organization: String,
    pub application: String,
    /// `latest`, or a version.
    pub version: String,
    pub targets: Vec<Target>,
}

/// A generator and its output folder.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Target {
    pub generator: String,
    /// The folder, relative to the project's.
    pub folder: String,
}

/// Reads the projects under `code` in a file called `name`, in the order of the file.
///
/// Generators are a mapping from key to folder, to a list of folders, or to a mapping with the key `target`; or they
/// are a list of mappings with the keys `generator` and `target`.
///
/// # Errors
/// Returns all problems at once (`E055`).
pub fn projects(name: &str, text: &str) -> Result<Vec<Project>, Error> {
    let mut report = Report::default();
    let document = report.add_document(name, text);
    let mut reading = Reading { report, document };
    let root = reading.tree(text);
    let mut projects = Vec::new();
    if !reading.report.has_errors() {
        let organizations = match member(&root, "code") {
            Some(code) => reading.entries(code),
            None => {
                reading.problem(root.span, "`code`, which lists organisations and their applications, is missing");
                &[]
            }
        };
        for Member { key: organization, node: applications, .. } in organizations {
            for Member { key: application, node, .. } in reading.entries(applications) {
                projects.extend(reading.project(organization, application, node));
            }
        }
    }
    if reading.report.has_errors() { Err(reading.report.into()) } else { Ok(projects) }
}

struct Reading {
    report: Report,
    document: DocumentId,
}

impl Reading {
    /// Parses the document; problems are reported. Scalars are strings, as keys have to be.
    fn tree(&mut self, text: &str) -> Node {
        let mut done = Node::from(Value::Object(Vec::new()));
        let places: Vec<usize> = text.char_indices().map(|(at, _)| at).chain([text.len()]).collect();
        let byte = |character: usize| places.get(character).copied().unwrap_or(text.len());
        // Open collections, each with the key that its next value belongs to.
        let mut open: Vec<(Node, Option<(String, Span)>)> = Vec::new();
        for event in Parser::new_from_str(text) {
            let (event, span) = match event {
                Ok((event, span)) => (event, Span { start: byte(span.start.index()), end: byte(span.end.index()) }),
                Err(error) => {
                    let at = byte(error.marker().index());
                    self.problem(Span { start: at, end: at }, &format!("invalid YAML: {}", error.info()));
                    break;
                }
            };
            let closed = match event {
                Event::MappingStart(..) => {
                    open.push((Node { span, value: Value::Object(Vec::new()) }, None));
                    continue;
                }
                Event::SequenceStart(..) => {
                    open.push((Node { span, value: Value::Array(Vec::new()) }, None));
                    continue;
                }
                Event::MappingEnd | Event::SequenceEnd => open.pop().map(|(node, _)| node),
                Event::Scalar(text, ..) => Some(Node { span, value: Value::String(text.into_owned()) }),
                Event::Alias(_) => {
                    self.problem(span, "aliases are not supported; write the value");
                    Some(Node { span, value: Value::String(String::new()) })
                }
                _ => None,
            };
            let Some(node) = closed else { continue };
            match open.last_mut() {
                Some((parent, key)) => self.insert(parent, key, node),
                None => done = node,
            }
        }
        done
    }

    fn insert(&mut self, parent: &mut Node, key: &mut Option<(String, Span)>, node: Node) {
        match (&mut parent.value, key.take()) {
            (Value::Object(members), Some((key, key_span))) => members.push(Member { key, key_span, node }),
            (Value::Object(members), None) => {
                let text = node.text().unwrap_or_default();
                if node.text().is_none() {
                    self.problem(node.span, "a key must be a string");
                } else if members.iter().any(|known| known.key == text) {
                    self.problem(node.span, &format!("`{text}` occurs twice; remove one of the two"));
                }
                *key = Some((text.to_owned(), node.span));
            }
            (Value::Array(items), _) => items.push(node),
            _ => {}
        }
    }

    fn project(&mut self, organization: &str, application: &str, node: &Node) -> Option<Project> {
        let version = self.text(member(node, "version"), node.span, "`version`, such as `latest` or `1.2.3`");
        let mut targets = Vec::new();
        match member(node, "generators") {
            Some(Node { value: Value::Object(generators), .. }) => {
                for generator in generators {
                    self.target(&generator.key, &generator.node, &mut targets);
                }
            }
            Some(Node { value: Value::Array(generators), .. }) => {
                for generator in generators {
                    let key = self.text(member(generator, "generator"), generator.span, "the key of a `generator`");
                    self.target(&key.unwrap_or_default(), generator, &mut targets);
                }
            }
            found => {
                let span = found.map_or(node.span, |found| found.span);
                self.problem(span, &format!("{organization}/{application} has no `generators`"));
            }
        }
        let (organization, application) = (organization.to_owned(), application.to_owned());
        Some(Project { organization, application, version: version?, targets })
    }

    fn target(&mut self, key: &str, node: &Node, targets: &mut Vec<Target>) {
        let (folders, wanted) = match &node.value {
            Value::Array(folders) => (folders.as_slice(), "a folder"),
            Value::Object(_) => (std::slice::from_ref(member(node, "target").unwrap_or(node)), "a folder as `target`"),
            _ => (std::slice::from_ref(node), "a folder"),
        };
        for node in folders {
            let Some(folder) = self.text(Some(node), node.span, wanted) else { continue };
            let target = Target { generator: key.to_owned(), folder: folder.trim_end_matches('/').to_owned() };
            if targets.contains(&target) {
                self.problem(node.span, &format!("`{key}` already has the folder `{folder}`; remove one of the two"));
            }
            targets.push(target);
        }
    }

    fn entries<'n>(&mut self, node: &'n Node) -> &'n [Member] {
        // Just a key, `flow:`, has an empty text.
        if !matches!(node.value, Value::Object(_)) && node.text() != Some("") {
            self.problem(node.span, "expected a mapping: organisation, application, then its settings");
        }
        node.members()
    }

    /// Returns a text that is not empty.
    fn text(&mut self, node: Option<&Node>, span: Span, wanted: &str) -> Option<String> {
        match node.and_then(Node::text).map(str::trim).filter(|text| !text.is_empty()) {
            Some(text) => Some(text.to_owned()),
            None => {
                self.problem(node.map_or(span, |node| node.span), &format!("{wanted} is missing here"));
                None
            }
        }
    }

    fn problem(&mut self, span: Span, message: &str) {
        self.report.push(Diagnostic::error("E055", span, message).in_document(self.document));
    }
}

fn member<'n>(node: &'n Node, key: &str) -> Option<&'n Node> {
    node.get(key).map(|member| &member.node)
}
