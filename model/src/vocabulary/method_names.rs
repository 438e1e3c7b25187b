//! Names of the methods of a resource.
//!
//! Most specs do not name their operations, so the whole ecosystem derives names from HTTP method and path:
//! `GET /users/:id` is `get_by_id`. The behaviour reference, section 1.1, has the rule and how it resolves clashes.

use std::collections::{HashMap, HashSet};

use super::http::Method;
use super::names::{LONGEST, snake, words};
use super::paths::variable;

/// The name of an operation's method.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct MethodName {
    /// In snake_case; may be a keyword.
    pub name: String,
    /// Whether a clash with another operation of the resource changed the name that the rule (or override) yields.
    pub renamed: bool,
}

/// The input of the naming rule: method, full path, and a name that overrides the rule.
pub type Route<'o> = (Method, &'o str, Option<&'o str>);

/// Returns advice if a text cannot be a chosen name; `None` if it can.
pub fn name_problem(name: &str) -> Option<String> {
    let plain = snake(name);
    match plain.as_str() {
        "" => Some("write words of ASCII letters, as in `find_by_email`".to_owned()),
        "self" | "super" | "crate" => Some("it is a Rust keyword; choose another name".to_owned()),
        _ if plain.starts_with(|c: char| c.is_ascii_digit()) => Some("begin with a letter".to_owned()),
        _ if plain.len() > LONGEST => Some(format!("write at most {LONGEST} characters")),
        _ => (plain != name).then(|| format!("write `{plain}`")),
    }
}

/// Returns the chosen names that clash with another operation of the resource: the position of each, and that of the
/// other operation.
pub fn clashes(resource_path: Option<&str>, operations: &[Route<'_>]) -> Vec<(usize, usize)> {
    let (mut chosen, mut clashes) = (HashMap::new(), Vec::new());
    for (at, name) in operations.iter().enumerate().filter_map(|(at, (.., given))| Some((at, snake((*given)?)))) {
        match chosen.get(&name) {
            Some(first) => clashes.push((at, *first)),
            None => drop(chosen.insert(name, at)),
        }
    }
    if chosen.is_empty() {
        return clashes;
    }
    // A number clashes with nothing, so the other operations get the names that the rule gives them.
    let without = operations.iter().map(|&(method, path, given)| (method, path, given.map(|_| "0")));
    let names = method_names(resource_path, &without.collect::<Vec<_>>());
    for (other, name) in names.iter().enumerate().filter(|(other, _)| operations[*other].2.is_none()) {
        clashes.extend(chosen.get(&name.name).map(|own| (*own, other)));
    }
    clashes.sort_unstable();
    clashes
}

/// Names the operations of a resource.
///
/// The names are unique, are in the order of the operations, and do not depend on that order. Without a resource path,
/// the common leading segments of all operations take its place.
pub fn method_names(resource_path: Option<&str>, operations: &[Route<'_>]) -> Vec<MethodName> {
    let paths: Vec<Vec<&str>> = operations.iter().map(|(_, path, _)| segments(path)).collect();
    let prefix = resource_path.map_or_else(|| common_prefix(&paths), segments);
    let mut candidates: Vec<Candidate<'_>> = operations
        .iter()
        .zip(&paths)
        .map(|(&(method, path, given), segments)| {
            let own = segments.strip_prefix(prefix.as_slice()).unwrap_or(segments);
            let given = given.map(snake).filter(|name| !name.is_empty());
            let rank = if given.is_some() { Rank::Given } else { Rank::Rule };
            let name = given.unwrap_or_else(|| grouped(method, own));
            Candidate { rank, path, method, own: own.to_vec(), name }
        })
        .collect();
    put_clashing_in_order(&mut candidates);
    number_duplicates(&candidates)
}

/// Which operation keeps a name that several claim.
#[derive(PartialEq, Eq, PartialOrd, Ord)]
enum Rank {
    /// The spec's author chose it.
    Given,
    /// The rule yields it for this operation only.
    Rule,
    /// It was changed already.
    InOrder,
}

struct Candidate<'a> {
    rank: Rank,
    path: &'a str,
    method: Method,
    /// The segments after those of the resource.
    own: Vec<&'a str>,
    name: String,
}

fn segments(path: &str) -> Vec<&str> {
    path.split('/').filter(|segment| !segment.is_empty()).collect()
}

fn common_prefix<'a>(paths: &[Vec<&'a str>]) -> Vec<&'a str> {
    let Some((first, rest)) = paths.split_first() else { return Vec::new() };
    let is_common = |i: usize| rest.iter().all(|path| path.get(i) == first.get(i));
    first.iter().enumerate().take_while(|&(i, _)| is_common(i)).map(|(_, segment)| *segment).collect()
}

/// Applies the rule: verb, static segments, then parameters.
fn grouped(method: Method, own: &[&str]) -> String {
    let (parameters, statics): (Vec<&str>, Vec<&str>) = own.iter().partition(|segment| variable(segment).is_some());
    let joined = |segments: Vec<&str>| {
        let parts: Vec<String> = segments.into_iter().map(snake).filter(|part| !part.is_empty()).collect();
        parts.join("_and_")
    };
    let (statics, parameters) = (joined(statics), joined(parameters));
    let mut name = method.as_str().to_ascii_lowercase();
    for (link, part) in [("_", statics), ("_by_", parameters)] {
        if !part.is_empty() {
            name = name + link + &part;
        }
    }
    name
}

/// Applies the other form: verb, then the segments in path order.
fn in_order(method: Method, own: &[&str]) -> String {
    let mut parts = vec![method.as_str().to_ascii_lowercase()];
    for segment in own {
        parts.extend(variable(segment).map(|_| "by".to_owned()));
        parts.extend(words(segment));
    }
    parts.join("_")
}

/// Renames all operations of a clash, so that their written order does not matter.
fn put_clashing_in_order(candidates: &mut [Candidate<'_>]) {
    let mut uses: HashMap<String, usize> = HashMap::new();
    for candidate in candidates.iter().filter(|c| c.rank == Rank::Rule) {
        *uses.entry(candidate.name.clone()).or_default() += 1;
    }
    for candidate in candidates {
        if candidate.rank == Rank::Rule && uses.get(&candidate.name).is_some_and(|&uses| uses > 1) {
            candidate.name = in_order(candidate.method, &candidate.own);
            candidate.rank = Rank::InOrder;
        }
    }
}

fn number_duplicates(candidates: &[Candidate<'_>]) -> Vec<MethodName> {
    let mut order: Vec<usize> = (0..candidates.len()).collect();
    order.sort_by_key(|&i| {
        let Candidate { rank, path, method, .. } = &candidates[i];
        (rank, *path, *method)
    });
    let mut taken = HashSet::new();
    let mut next_number: HashMap<&str, usize> = HashMap::new();
    let mut names = vec![MethodName { name: String::new(), renamed: false }; candidates.len()];
    for i in order {
        let candidate = &candidates[i];
        let mut name = candidate.name.clone();
        let number = next_number.entry(&candidate.name).or_insert(1);
        while !taken.insert(name.clone()) {
            *number += 1;
            name = format!("{}_{number}", candidate.name);
        }
        let renamed = candidate.rank == Rank::InOrder || name != candidate.name;
        names[i] = MethodName { name, renamed };
    }
    names
}

/// Returns the last part of a type text: `io.flow.common.v0.models.price` yields `price`.
pub fn short(type_text: &str) -> &str {
    let end = type_text.trim_end_matches(']');
    let open = end.rfind('[').map_or(0, |i| i + 1);
    let start = end[open..].rfind('.').map_or(open, |i| open + i + 1);
    if open == 0 { &type_text[start..] } else { type_text }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn method(name: &str) -> Method {
        Method::ALL.into_iter().find(|(_, known)| *known == name).unwrap().0
    }

    /// Names operations given as `METHOD path` or `METHOD path = name`, and checks that the order does not matter.
    fn named(resource_path: Option<&str>, operations: &[&str]) -> Vec<String> {
        let parsed: Vec<(Method, &str, Option<&str>)> = operations
            .iter()
            .map(|text| {
                let (verb, rest) = text.split_once(' ').unwrap();
                let (path, given) = rest.split_once(" = ").map_or((rest, None), |(path, given)| (path, Some(given)));
                (method(verb), path, given)
            })
            .collect();
        let names = method_names(resource_path, &parsed);
        let reversed: Vec<_> = parsed.iter().rev().copied().collect();
        let mut names_of_reversed = method_names(resource_path, &reversed);
        names_of_reversed.reverse();
        assert_eq!(names, names_of_reversed, "depends on the order: {operations:?}");
        names.into_iter().map(|name| name.name + if name.renamed { " (renamed)" } else { "" }).collect()
    }

    #[test]
    fn names_follow_the_path() {
        for (resource, operation, expected) in [
            (Some("/shelves"), "GET /shelves", "get"),
            (Some("/shelves"), "DELETE /shelves/:id", "delete_by_id"),
            (Some("/shelves"), "POST /shelves/:id/books/:bookISBN/lend", "post_books_and_lend_by_id_and_book_isbn"),
            (Some("/shelves"), "GET /shelves/:id.csv", "get_by_id_csv"),
            (Some("/shelves"), "GET /shelves/:id.:format", "get_by_id_format"),
            (Some("/shelves"), "GET /shelves/report.:id", "get_report_id"),
            (Some("/shelves"), "GET /shelves_by_room", "get_shelves_by_room"),
            (Some("/shelves"), "POST /shelves/:id/2fa", "post_2fa_by_id"),
            (Some("/:library/shelves"), "PUT /:library/shelves/:id", "put_by_id"),
            (Some("/"), "GET /shelves/:id", "get_shelves_by_id"),
            (Some(""), "OPTIONS /", "options"),
            (None, "GET /:library/report", "get"),
            (Some("/shelves"), "GET /shelves/日本", "get"),
        ] {
            assert_eq!(named(resource, &[operation]), [expected], "{operation}");
        }
    }

    #[test]
    fn the_common_prefix_ends_with_a_segment() {
        let names = named(None, &["GET /:library/books", "GET /:library/boxes/:id", "GET /:library"]);
        assert_eq!(names, ["get_books", "get_boxes_by_id", "get"]);
    }

    #[test]
    fn clashes_are_resolved() {
        let names = named(Some("/s"), &["GET /s/:x/b", "GET /s/b/:x", "GET /s/:x"]);
        assert_eq!(names, ["get_by_x_b (renamed)", "get_b_by_x (renamed)", "get_by_x"]);
        let names = named(Some("/s"), &["GET /s/top_ten", "GET /s/top-ten", "GET /s/topTen"]);
        assert_eq!(names, ["get_top_ten_3 (renamed)", "get_top_ten (renamed)", "get_top_ten_2 (renamed)"]);
        let names =
            named(Some("/s"), &["GET /s/top_ten", "POST /s = getTopTen", "PUT /s = %%", "PATCH /s = getTopTen"]);
        assert_eq!(names, ["get_top_ten_3 (renamed)", "get_top_ten", "put", "get_top_ten_2 (renamed)"]);
    }
}
