//! Routes that values in the path of another operation can lead to.

use std::collections::{HashMap, HashSet};

use crate::api::{Method, Operation, Service};
use crate::vocabulary::paths::variable;

/// Only routes of one shape can match the same requests.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
struct Shape {
    /// `GET` for `HEAD`, to which it also responds.
    method: Method,
    segments: usize,
}

/// Returns how much a segment matches: 0 for a text, 1 for a variable with a suffix (`:id.csv`), 2 for a variable.
fn generality(segment: &str) -> usize {
    match variable(segment) {
        None => 0,
        Some((_, "")) => 2,
        Some(_) => 1,
    }
}

/// Returns method and path of each operation that is more specific than another one in some segment: `/users/search`,
/// if there is `/users/:id`. Only these can be reached by a value in the path of another operation. Takes time in
/// proportion to the paths.
pub fn overlapping_routes(service: &Service) -> Vec<(Method, &str)> {
    let operations = || service.resources.iter().flat_map(|resource| &resource.operations);
    let any_first: HashSet<Shape> = operations().filter(|o| first(o).is_none()).map(shape).collect();
    // Paths are compared if they have equal first segments, or if some path of their shape begins with a variable.
    let mut general: HashMap<(Shape, Option<&str>), Vec<usize>> = HashMap::new();
    let key = |o| (shape(o), first(o).filter(|_| !any_first.contains(&shape(o))));
    for operation in operations() {
        let most = general.entry(key(operation)).or_insert_with(|| vec![0; shape(operation).segments]);
        most.iter_mut().zip(operation.path.split('/')).for_each(|(most, own)| *most = (*most).max(generality(own)));
    }
    let mut routes: Vec<(Method, &str)> = Vec::new();
    for operation in operations() {
        let most = general.get(&key(operation)).into_iter().flatten();
        if most.zip(operation.path.split('/')).any(|(most, own)| generality(own) < *most) {
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
    operation.path.split('/').nth(1).filter(|segment| variable(segment).is_none())
}
