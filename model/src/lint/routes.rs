//! Lint: operations that match the same requests.

use std::cell::Cell;
use std::collections::BTreeMap;

use super::Linter;
use super::rule::{AMBIGUOUS_ROUTE, DUPLICATE_OPERATION};
use crate::api::Method;
use crate::parse::resource::path_place;
use crate::vocabulary::paths::variable;

/// The maximum number of nodes that all searches among the routes of one method and length visit: only artificial specs
/// have more routes that nearly overlap.
const MAX_STEPS: usize = 1_000_000;

/// A segment of a path; more specific ones first.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Segment<'a> {
    Static(&'a str),
    /// A variable and what follows it: `:id.csv`.
    Suffix(&'a str),
    Any,
}

impl<'a> Segment<'a> {
    fn new(text: &'a str) -> Self {
        match variable(text) {
            None => Self::Static(text),
            Some((_, "")) => Self::Any,
            Some((_, suffix)) => Self::Suffix(suffix),
        }
    }

    /// Compares two segments: `None` if no text matches both, else whether each is more specific than the other.
    fn overlap(self, other: Self) -> Option<(bool, bool)> {
        match (self, other) {
            _ if self == other => Some((false, false)),
            (Self::Static(_), Self::Static(_)) => None,
            (Self::Static(text) | Self::Suffix(text), Self::Suffix(end)) if text.ends_with(end) => Some((true, false)),
            (Self::Suffix(end), Self::Static(text) | Self::Suffix(text)) if text.ends_with(end) => Some((false, true)),
            (_, Self::Any) => Some((true, false)),
            (Self::Any, _) => Some((false, true)),
            _ => None,
        }
    }
}

/// The routes of one method and length, by their segments.
struct Trie<'a> {
    nodes: Vec<Node<'a>>,
    /// The number of nodes visited by searches.
    steps: Cell<usize>,
}

#[derive(Default)]
struct Node<'a> {
    children: BTreeMap<Segment<'a>, usize>,
    /// The first route that ends here.
    route: Option<usize>,
}

/// A position in the search.
struct Step {
    node: usize,
    /// Whether the given route, or the one being found, is more specific in some segment.
    mine: bool,
    theirs: bool,
}

impl<'a> Trie<'a> {
    fn new() -> Self {
        Self { nodes: vec![Node::default()], steps: Cell::new(0) }
    }

    fn insert(&mut self, segments: &[Segment<'a>], route: usize) {
        let mut node = 0;
        for segment in segments {
            let next = self.nodes.len();
            let child = *self.nodes[node].children.entry(*segment).or_insert(next);
            if child == next {
                self.nodes.push(Node::default());
            }
            node = child;
        }
        self.nodes[node].route.get_or_insert(route);
    }

    /// Returns a route that matches some of the same requests and is neither more nor less specific.
    fn rival(&self, segments: &[Segment<'a>]) -> Option<usize> {
        let last_specific = segments.iter().rposition(|s| *s != Segment::Any).map_or(0, |i| i + 1);
        let hopeless = |depth: usize, mine: bool| !mine && depth >= last_specific;
        let root = Step { node: 0, mine: false, theirs: false };
        // Each node on the way down, with its remaining children: most rivals are found before all are visited.
        let mut stack = vec![(root, self.candidates(0, segments.first()?, hopeless(0, false)))];
        while self.steps.get() < MAX_STEPS {
            self.steps.set(self.steps.get() + 1);
            let (Step { mine, theirs, .. }, candidates) = stack.last_mut()?;
            let (mine, theirs) = (*mine, *theirs);
            let Some((other, child)) = candidates.next() else {
                stack.pop();
                continue;
            };
            let depth = stack.len();
            let Some((more, less)) = segments[depth - 1].overlap(other) else { continue };
            let step = Step { node: child, mine: mine || more, theirs: theirs || less };
            match segments.get(depth) {
                None if step.mine == step.theirs && self.nodes[child].route.is_some() => {
                    return self.nodes[child].route;
                }
                Some(segment) if !(hopeless(depth, step.mine) && step.theirs) => {
                    let candidates = self.candidates(step.node, segment, hopeless(depth, step.mine));
                    stack.push((step, candidates));
                }
                _ => {}
            }
        }
        None
    }

    /// Returns the children that can overlap, the least specific first; only the equal one if no other can lead to a rival.
    fn candidates(
        &self,
        node: usize,
        segment: &Segment<'a>,
        equal: bool,
    ) -> impl Iterator<Item = (Segment<'a>, usize)> {
        let children = &self.nodes[node].children;
        let is_static = matches!(segment, Segment::Static(_));
        let same = if equal || is_static { children.get_key_value(segment) } else { None };
        let first = if is_static { Segment::Suffix("") } else { Segment::Static("") };
        let others = children.range(first..).rev().take(if equal { 0 } else { usize::MAX });
        others.chain(same).map(|(other, child)| (*other, *child))
    }
}

impl Linter<'_> {
    /// Checks all routes of the service, in the order of declaration.
    pub fn routes(&mut self) {
        let operations = self.operation_refs();
        let mut seen: BTreeMap<(Method, &str), usize> = BTreeMap::new();
        let mut tries: BTreeMap<(Method, usize), Trie<'_>> = BTreeMap::new();
        for (index, operation) in operations.iter().enumerate() {
            let (method, path) = (operation.resolved.method, operation.resolved.path.as_str());
            let at = path_place(operation.written);
            let resource = &operation.resource.common.name.value;
            if let Some(first) = seen.get(&(method, path)) {
                let other = &operations[*first].resource.common.name.value;
                let message = format!("{operation} of resource `{resource}` is already declared by resource `{other}`");
                let help = "remove one of them, or give it another path";
                self.add(&DUPLICATE_OPERATION, at, &operation.attributes(), message, help);
                continue;
            }
            seen.insert((method, path), index);
            let segments: Vec<Segment<'_>> = path.split('/').map(Segment::new).collect();
            let trie = tries.entry((method, segments.len())).or_insert_with(Trie::new);
            if let Some(rival) = trie.rival(&segments) {
                let rival = &operations[rival];
                let both = example(path, &rival.resolved.path);
                let message = format!("{operation} and {rival} both match {both}, and neither is more specific");
                let help = "put a static segment into one of the paths; until then the order of declaration decides";
                self.add(&AMBIGUOUS_ROUTE, at, &operation.attributes(), message, help);
            }
            trie.insert(&segments, index);
        }
    }
}

/// Returns a path that matches both.
fn example(left: &str, right: &str) -> String {
    let segments = left.split('/').zip(right.split('/')).map(|(left, right)| {
        match Segment::new(left).min(Segment::new(right)) {
            Segment::Static(text) => text.to_owned(),
            Segment::Any => "1".to_owned(),
            // Of two suffixes, the longer one ends with the other.
            Segment::Suffix(_) => {
                let suffix = |text: &str| text.find('.').map_or(String::new(), |dot| text[dot..].to_owned());
                let (left, right) = (suffix(left), suffix(right));
                format!("1{}", if left.len() > right.len() { left } else { right })
            }
        }
    });
    segments.collect::<Vec<_>>().join("/")
}

#[cfg(test)]
mod tests {
    use super::*;

    fn rival(first: &str, second: &str) -> bool {
        let segments = |path: &'static str| path.split('/').map(Segment::new).collect::<Vec<_>>();
        let mut trie = Trie::new();
        trie.insert(&segments(first.to_owned().leak()), 0);
        trie.rival(&segments(second.to_owned().leak())).is_some()
    }

    #[test]
    fn rivals_overlap_without_order() {
        for (left, right, expected) in [
            ("/:id", "/:name", true),
            ("/a/:x", "/:y/b", true),
            ("/a/:x/c", "/:y/b/:z", true),
            ("/:x.csv/b", "/a.csv/:y", true),
            ("/:x.csv", "/:y.csv", true),
            ("/:id", "/top", false),
            ("/a/:x", "/b/:x", false),
            ("/a/:x/c", "/:y/b/d", false),
            ("/a/b", "/:x/:y", false),
            ("/:x.csv", "/:x", false),
            ("/:x.csv", "/:x.json", false),
            ("/:x.a.csv", "/:x.csv", false),
            ("/:x.csv/b", "/a.json/:y", false),
        ] {
            assert_eq!(rival(left, right), expected, "{left} {right}");
            assert_eq!(rival(right, left), expected, "{right} {left}");
        }
        assert_eq!(example("/a/:x/:y.csv/:z", "/:b/c/:d/:e"), "/a/c/1.csv/1");
    }

    #[test]
    fn searches_end() {
        let paths: Vec<String> =
            (0..5_000).map(|i| if i % 2 == 0 { format!("/:a/:b/x{i}") } else { format!("/:a/y{i}/z") }).collect();
        let mut trie = Trie::new();
        for (index, path) in paths.iter().enumerate() {
            let segments: Vec<Segment<'_>> = path.split('/').map(Segment::new).collect();
            assert_eq!(trie.rival(&segments), None);
            trie.insert(&segments, index);
        }
        assert_eq!(trie.steps.get(), MAX_STEPS);
    }
}
