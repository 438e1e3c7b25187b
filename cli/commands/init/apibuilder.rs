//! `.apibuilder/config`, which tells the command `apibuilder` which generated code to download.

use saphyr_parser::{Event, Parser};

use apigen_build::Error;
use apigen_model::diagnostic::{Diagnostic, DocumentId, Report};
use apigen_model::source::json::Span;

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
        let organizations = match reading.member(&root, "code") {
            Some(code) => reading.entries(code),
            None => {
                reading.problem(root.span, "`code`, which lists organisations and their applications, is missing");
                Vec::new()
            }
        };
        for (organization, applications) in organizations {
            for (application, node) in reading.entries(applications) {
                projects.extend(reading.project(organization, application, node));
            }
        }
    }
    if reading.report.has_errors() { Err(reading.report.into()) } else { Ok(projects) }
}

/// A value and its position in the text.
#[derive(Debug)]
struct Node {
    span: Span,
    kind: Kind,
}

#[derive(Debug)]
enum Kind {
    Text(String),
    List(Vec<Node>),
    /// Keys that are not strings are reported.
    Mapping(Vec<(String, Node)>),
}

struct Reading {
    report: Report,
    document: DocumentId,
}

impl Reading {
    /// Parses the document; problems are reported.
    fn tree(&mut self, text: &str) -> Node {
        let mut done = Node { span: Span::default(), kind: Kind::Mapping(Vec::new()) };
        let places: Vec<usize> = text.char_indices().map(|(at, _)| at).chain([text.len()]).collect();
        let byte = |character: usize| places.get(character).copied().unwrap_or(text.len());
        // Open collections, each with the key that its next value belongs to.
        let mut open: Vec<(Node, Option<String>)> = Vec::new();
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
                    open.push((Node { span, kind: Kind::Mapping(Vec::new()) }, None));
                    continue;
                }
                Event::SequenceStart(..) => {
                    open.push((Node { span, kind: Kind::List(Vec::new()) }, None));
                    continue;
                }
                Event::MappingEnd | Event::SequenceEnd => open.pop().map(|(node, _)| node),
                Event::Scalar(text, ..) => Some(Node { span, kind: Kind::Text(text.into_owned()) }),
                Event::Alias(_) => {
                    self.problem(span, "aliases are not supported; write the value");
                    Some(Node { span, kind: Kind::Text(String::new()) })
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

    fn insert(&mut self, parent: &mut Node, key: &mut Option<String>, node: Node) {
        match (&mut parent.kind, key.take(), node.kind) {
            (Kind::Mapping(entries), Some(key), kind) => entries.push((key, Node { kind, ..node })),
            (Kind::Mapping(entries), None, Kind::Text(text)) => {
                if entries.iter().any(|(known, _)| *known == text) {
                    self.problem(node.span, &format!("`{text}` occurs twice; remove one of the two"));
                }
                *key = Some(text);
            }
            (Kind::Mapping(_), None, _) => {
                self.problem(node.span, "a key must be a string");
                *key = Some(String::new());
            }
            (Kind::List(nodes), _, kind) => nodes.push(Node { kind, ..node }),
            (Kind::Text(_), ..) => {}
        }
    }

    fn project(&mut self, organization: &str, application: &str, node: &Node) -> Option<Project> {
        let version = self.text(self.member(node, "version"), node.span, "`version`, such as `latest` or `1.2.3`");
        let mut targets = Vec::new();
        match self.member(node, "generators") {
            Some(Node { kind: Kind::Mapping(generators), .. }) => {
                for (key, target) in generators {
                    self.target(key, target, &mut targets);
                }
            }
            Some(Node { kind: Kind::List(generators), .. }) => {
                for generator in generators {
                    let key =
                        self.text(self.member(generator, "generator"), generator.span, "the key of a `generator`");
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
        let (folders, wanted): (Vec<&Node>, _) = match &node.kind {
            Kind::Text(_) => (vec![node], "a folder"),
            Kind::List(folders) => (folders.iter().collect(), "a folder"),
            Kind::Mapping(_) => (vec![self.member(node, "target").unwrap_or(node)], "a folder as `target`"),
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

    fn member<'n>(&self, node: &'n Node, name: &str) -> Option<&'n Node> {
        match &node.kind {
            Kind::Mapping(entries) => entries.iter().find(|(key, _)| key == name).map(|(_, node)| node),
            Kind::Text(_) | Kind::List(_) => None,
        }
    }

    fn entries<'n>(&mut self, node: &'n Node) -> Vec<(&'n str, &'n Node)> {
        match &node.kind {
            Kind::Mapping(entries) => entries.iter().map(|(key, node)| (key.as_str(), node)).collect(),
            // Just a key, `flow:`.
            Kind::Text(text) if text.is_empty() => Vec::new(),
            Kind::Text(_) | Kind::List(_) => {
                self.problem(node.span, "expected a mapping: organisation, application, then its settings");
                Vec::new()
            }
        }
    }

    /// Returns a text that is not empty.
    fn text(&mut self, node: Option<&Node>, span: Span, wanted: &str) -> Option<String> {
        match node {
            Some(Node { kind: Kind::Text(text), .. }) if !text.trim().is_empty() => Some(text.trim().to_owned()),
            _ => {
                self.problem(node.map_or(span, |node| node.span), &format!("{wanted} is missing here"));
                None
            }
        }
    }

    fn problem(&mut self, span: Span, message: &str) {
        self.report.push(Diagnostic::error("E055", span, message).in_document(self.document));
    }
}
