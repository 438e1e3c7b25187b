//! Routes that values in the path of another operation can lead to.

use std::collections::{HashMap, HashSet};

use crate::api::{Method, Operation, Service};
use crate::vocabulary::paths::variable;

/// What a segment of a path matches; more specific ones first.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Kind {
    Static,
    /// A variable and what follows it: `:id.csv`.
    Suffix,
    Any,
}

/// Only routes of one shape can match the same requests.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
struct Shape {
    /// `GET` for `HEAD`, to which it also responds.
    method: Method,
    segments: usize,
}

impl Kind {
    fn of(segment: &str) -> Self {
        match variable(segment) {
            None => Self::Static,
            Some((_, "")) => Self::Any,
            Some(_) => Self::Suffix,
        }
    }
}

/// Returns method and path of each operation that is more specific than another one in some segment: `/users/search`,
/// if there is `/users/:id`. Only these can be reached by a value in the path of another operation. Takes time in
/// proportion to the paths.
pub fn overlapping_routes(service: &Service) -> Vec<(Method, &str)> {
    let operations = || service.resources.iter().flat_map(|resource| &resource.operations);
    let any_first: HashSet<Shape> = operations().filter(|o| first(o).is_none()).map(shape).collect();
    // Paths are compared if they have equal first segments, or if some path of their shape begins with a variable.
    let mut general: HashMap<(Shape, Option<&str>), Vec<Kind>> = HashMap::new();
    let key = |o| (shape(o), first(o).filter(|_| !any_first.contains(&shape(o))));
    for operation in operations() {
        let kinds = general.entry(key(operation)).or_insert_with(|| vec![Kind::Static; shape(operation).segments]);
        kinds.iter_mut().zip(operation.path.split('/')).for_each(|(kind, own)| *kind = (*kind).max(Kind::of(own)));
    }
    let mut routes: Vec<(Method, &str)> = Vec::new();
    for operation in operations() {
        let kinds = general.get(&key(operation)).into_iter().flatten();
        if kinds.zip(operation.path.split('/')).any(|(kind, own)| Kind::of(own) < *kind) {
            routes.push((operation.method, &operation.path));
        }
    }
    routes
}

fn shape(operation: &Operation) -> Shape {
    let method = if operation.method == Method::Head { Method::Get } else { operation.method };
    Shape { method, segments: operation.path.split('/').count() }
}

/// Returns the first segment, unless it is a variable.
fn first(operation: &Operation) -> Option<&str> {
    operation.path.split('/').nth(1).filter(|segment| Kind::of(segment) == Kind::Static)
}
