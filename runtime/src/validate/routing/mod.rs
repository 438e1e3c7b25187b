//! Finds the operation of a request.

mod template;

pub(crate) use template::{Capture, decode};

use std::collections::{BTreeMap, HashSet};

use crate::encoding::WITHHELD;
use crate::operation::OperationInfo;
use template::{Given, Known, Template, segments};

#[derive(Debug)]
pub(crate) struct Table<T> {
    /// The groups by the number of segments of their paths, the most specific first.
    by_length: Vec<Vec<Group<T>>>,
}

/// Routes with variables in the same positions, sorted by the texts of their other segments.
#[derive(Debug)]
struct Group<T>(Vec<Route<T>>);

#[derive(Debug)]
struct Route<T> {
    method: &'static str,
    template: Template,
    /// Whether it also serves `HEAD`, as every `GET` does whose path has no `HEAD` of its own (RFC 9110, 9.1).
    head: bool,
    sensitive: &'static [&'static str],
    target: T,
}

/// A target and the variables of the path; else the other methods with this path, in the order of the spec.
pub(crate) type Found<'t, 'r, T> = Result<(&'t T, Vec<Capture<'r>>), Vec<&'static str>>;

impl<T> Table<T> {
    pub(crate) fn new(routes: impl Iterator<Item = (&'static OperationInfo, T)>) -> Self {
        Table::of(routes.map(|(info, target)| Route::new(info.method, info.path, info.sensitive_parameters, target)))
    }

    fn of(routes: impl Iterator<Item = Route<T>>) -> Self {
        let mut by_length: Vec<Vec<Route<T>>> = Vec::new();
        for route in routes {
            while by_length.len() <= route.template.len() {
                by_length.push(Vec::new());
            }
            by_length[route.template.len()].push(route);
        }
        by_length.iter_mut().for_each(|routes| leave_head(routes));
        Table { by_length: by_length.into_iter().map(grouped).collect() }
    }

    /// Returns the target of the most specific route.
    pub(crate) fn target(&self, method: &str, path: &str) -> Option<&T> {
        self.find(method, path).ok().map(|(target, _)| target)
    }

    /// Looks up a route. Methods are compared case-insensitively; the path has no query.
    pub(crate) fn find<'r>(&self, method: &str, path: &'r str) -> Found<'_, 'r, T> {
        let given = segments(path);
        let routes = || self.by_length.get(given.len()).into_iter().flatten().flat_map(|group| group.like(&given));
        for route in routes().filter(|route| route.methods().any(|known| known.eq_ignore_ascii_case(method))) {
            if let Some(captures) = route.template.captures(&given) {
                return Ok((&route.target, captures));
            }
        }
        Err(self.methods_of(&given))
    }

    /// Returns all methods of a path, in the order of the spec.
    pub(crate) fn methods(&self, path: &str) -> Vec<&'static str> {
        self.methods_of(&segments(path))
    }

    fn methods_of(&self, given: &[Given<'_>]) -> Vec<&'static str> {
        let routes = self.by_length.get(given.len()).into_iter().flatten().flat_map(|group| group.like(given));
        let (routes, mut seen) = (routes.filter(|route| route.template.captures(given).is_some()), HashSet::new());
        routes.flat_map(Route::methods).filter(|method| seen.insert(*method)).collect()
    }

    /// Returns the path for logging: segments that would be the value of a sensitive variable of any template with the
    /// same beginning are replaced.
    pub(crate) fn shown(&self, path: &str) -> String {
        let given = segments(path);
        let mut known = vec![Known::Nothing; given.len()];
        for route in self.by_length.iter().flatten().flat_map(|group| &group.0) {
            let segments = route.template.known(&given, |name| route.sensitive.contains(&name));
            known.iter_mut().zip(segments).for_each(|(known, segment)| *known = (*known).max(segment));
        }
        let shown =
            path.split('/').zip(known).map(|(text, known)| if known == Known::Sensitive { WITHHELD } else { text });
        shown.collect::<Vec<_>>().join("/")
    }
}

/// Groups routes, the most specific first. Equally specific ones with equal texts stay in declared order.
fn grouped<T>(routes: Vec<Route<T>>) -> Vec<Group<T>> {
    let mut groups: BTreeMap<_, Vec<Route<T>>> = BTreeMap::new();
    for route in routes {
        groups.entry(route.template.rank()).or_default().push(route);
    }
    groups.values_mut().for_each(|routes| routes.sort_by_cached_key(|route| route.template.texts()));
    groups.into_values().map(Group).collect()
}

impl<T> Group<T> {
    /// Iterates over the routes whose static segments match a path; the texts after their variables may still differ.
    fn like(&self, given: &[Given<'_>]) -> impl Iterator<Item = &Route<T>> {
        let begin = self.0.partition_point(|route| route.template.compare(given).is_lt());
        self.0[begin..].iter().take_while(move |route| route.template.compare(given).is_eq())
    }
}

impl Table<&'static str> {
    /// Creates a table of methods and paths; the targets are the paths.
    pub(crate) fn of_paths(paths: &'static [(&'static str, &'static str)]) -> Self {
        Table::of(paths.iter().map(|(method, path)| Route::new(method, path, &[], *path)))
    }
}

impl<T> Route<T> {
    fn new(method: &'static str, path: &'static str, sensitive: &'static [&'static str], target: T) -> Self {
        Route { method, template: Template::new(path), head: method == "GET", sensitive, target }
    }

    fn methods(&self) -> impl Iterator<Item = &'static str> {
        std::iter::once(self.method).chain(self.head.then_some("HEAD"))
    }
}

/// Removes `HEAD` from each `GET` whose path declares its own.
fn leave_head<T>(routes: &mut [Route<T>]) {
    let declared = routes.iter().filter(|route| route.method == "HEAD").map(|route| route.template.shape());
    let declared: HashSet<_> = declared.collect();
    for route in routes.iter_mut().filter(|route| route.head) {
        route.head = !declared.contains(&route.template.shape());
    }
}

#[cfg(test)]
mod tests {
    use serde_json::Value;

    use super::*;

    fn text(value: &Value) -> &'static str {
        value.as_str().unwrap().to_owned().leak()
    }

    fn table(operations: impl Iterator<Item = (&'static str, &'static str)>) -> Table<String> {
        Table::new(operations.map(|(method, path)| {
            let info: &'static OperationInfo = Box::leak(Box::new(OperationInfo::new("", method, path, &[])));
            (info, format!("{method} {path}"))
        }))
    }

    /// `GET /users/:guid guid=5`, `405 GET, PUT`, `404`.
    fn found(table: &Table<String>, method: &str, path: &str) -> String {
        match table.find(method, path) {
            Ok((target, captures)) => captures.iter().fold(target.clone(), |text, (name, value)| {
                format!("{text} {name}={}", value.as_deref().unwrap_or("?"))
            }),
            Err(others) if others.is_empty() => "404".to_owned(),
            Err(others) => format!("405 {}", others.join(", ")),
        }
    }

    #[test]
    fn values_of_sensitive_variables_are_not_shown() {
        let infos = [
            OperationInfo::new("", "GET", "/tokens/:token", &[]).sensitive(&["token"]),
            OperationInfo::new("", "GET", "/tokens/search", &[]),
            OperationInfo::new("", "GET", "/tokens/:id/owner", &[]),
            OperationInfo::new("", "GET", "/users/:id/keys/:key.pem", &[]).sensitive(&["key"]),
        ];
        let table = Table::new(infos.into_iter().map(|info| (&*Box::leak(Box::new(info)), ())));
        for (path, shown) in [
            ("/tokens/hunter2", "/tokens/..."),
            ("/tokens/hunter2/x/y", "/tokens/.../x/y"),
            ("/tokens/%zz", "/tokens/..."),
            ("/tokens/search", "/tokens/search"),
            ("/token/hunter2", "/token/hunter2"),
            ("/users/7/keys/hunter2", "/users/7/keys/..."),
            ("/users/7", "/users/7"),
            ("", ""),
        ] {
            assert_eq!(table.shown(path), shown, "{path}");
        }
    }

    #[test]
    fn segments_are_matched_one_by_one() {
        let paths = [
            "/:a.:b",
            "/:id.csv",
            "/v:id",
            "/x.:id.z",
            "/a b%20c/:id",
            "/",
            "/:id/",
            "/:x:y/:/:.z",
            "/:id./:ö/:a-b",
            "/:é%20./%C3%A9.",
        ];
        let table = table(paths.into_iter().map(|path| ("GET", path)));
        for (path, expected) in [
            ("/1.2", "404"),
            ("/1.2.:b", "GET /:a.:b a=1.2"),
            ("/.:b", "404"),
            ("/7.csv", "GET /:id.csv id=7"),
            ("/..csv", "GET /:id.csv id=."),
            ("/x.7.z", "404"),
            ("/x.:id.z", "GET /x.:id.z"),
            ("/v:id", "GET /v:id"),
            ("/v7", "404"),
            ("/1/:/:.z", "GET /:x:y/:/:.z x:y=1"),
            ("/1/2/:.z", "404"),
            ("/%zz./2/3", "GET /:id./:ö/:a-b id=? ö=2 a-b=3"),
            ("/1/2/3", "404"),
            ("/1./é.", "GET /:é%20./%C3%A9. é%20=1"),
            ("/a%20b%20c/1", "GET /a b%20c/:id id=1"),
            ("/a%20b%20c/%zz", "GET /a b%20c/:id id=?"),
            ("/", "GET /"),
            ("/1/", "GET /:id/ id=1"),
            ("//", "404"),
            ("", "404"),
        ] {
            assert_eq!(found(&table, "GET", path), expected, "{path}");
        }
    }

    #[test]
    fn a_template_with_a_suffix_goes_before_one_without() {
        let table =
            table([("GET", "/e/:id"), ("GET", "/e/:id.csv"), ("PUT", "/e/:id"), ("PUT", "/e/x.csv")].into_iter());
        assert_eq!(found(&table, "GET", "/e/7.csv"), "GET /e/:id.csv id=7");
        assert_eq!(found(&table, "GET", "/e/7.html"), "GET /e/:id id=7.html");
        assert_eq!(found(&table, "put", "/e/x.csv"), "PUT /e/x.csv");
        assert_eq!(found(&table, "POST", "/e/x.csv"), "405 PUT, GET, HEAD");
    }

    #[test]
    fn get_answers_head_unless_head_is_declared() {
        let table = table(
            [
                ("GET", "/a/:id"),
                ("HEAD", "/a/:key"),
                ("GET", "/a/b"),
                ("GET", "/c/:id"),
                ("HEAD", "/:x/:y"),
                ("PUT", "/d"),
                ("HEAD", "/e"),
            ]
            .into_iter(),
        );
        for (method, path, expected) in [
            ("HEAD", "/a/1", "HEAD /a/:key key=1"),
            ("HEAD", "/a/b", "GET /a/b"),
            ("head", "/c/1", "GET /c/:id id=1"),
            ("HEAD", "/f/1", "HEAD /:x/:y x=f y=1"),
            ("HEAD", "/d", "405 PUT"),
            ("GET", "/e", "405 HEAD"),
            ("POST", "/a/1", "405 GET, HEAD"),
            ("POST", "/c/1", "405 GET, HEAD"),
        ] {
            assert_eq!(found(&table, method, path), expected, "{method} {path}");
        }
    }

    #[test]
    fn our_routes() {
        assert!(routes(&crate::validate::request::cases("route-cases.json", true)) >= 9);
    }

    #[test]
    #[ignore = "reads the folder of API Builder documents that APIGEN_CORPUS names"]
    fn routes_of_the_folder() {
        assert!(routes(&crate::validate::request::cases("route-cases.json", false)) >= 29, "the folder is incomplete");
    }

    /// Finds the operation of each request; returns the number of requests.
    fn routes(cases: &[Value]) -> usize {
        let mut count = 0;
        for case in cases {
            let operations = case["operations"].as_array().unwrap();
            let table = table(operations.iter().map(|o| (text(&o["method"]), text(&o["path"]))));
            for request in case["requests"].as_array().unwrap() {
                let (method, path) = (text(&request["method"]), text(&request["path"]));
                let mut actual = found(&table, method, path);
                let error = request["error"].as_str();
                match request["expected"].as_str() {
                    Some(expected) => {
                        let none = serde_json::Map::new();
                        for (name, value) in request["params"].as_object().unwrap_or(&none) {
                            let capture = format!(" {name}={}", value.as_str().unwrap());
                            assert!(actual.contains(&capture), "{}: {path}: {actual}", case["id"]);
                            actual = actual.replace(&capture, "");
                        }
                        // Cases without variables do not state their values.
                        let rest =
                            actual.strip_prefix(expected).filter(|rest| rest.is_empty() || rest.starts_with(' '));
                        assert!(rest.is_some(), "{}: {method} {path}: {actual}", case["id"]);
                    }
                    None if error == Some("unknown_path") => assert_eq!(actual, "404", "{}: {path}", case["id"]),
                    None if error == Some("invalid_encoding") => assert!(actual.ends_with("=?"), "{path}: {actual}"),
                    None => {
                        assert!(actual.starts_with("405 "), "{}: {method} {path}: {actual}", case["id"]);
                        let words = format!("{method} {actual}");
                        let wanted = request["must_mention"].as_array().unwrap();
                        assert!(wanted.iter().all(|word| words.contains(word.as_str().unwrap())), "{path}: {words}");
                    }
                }
                count += 1;
            }
        }
        count
    }
}
