//! Which operation a request is for.

use super::endpoint::Endpoint;
use super::reader::Capture;
use super::template::{Template, segments};

/// All operations of an API, by the number of segments of their paths, the most specific first.
#[derive(Debug)]
pub(crate) struct Table {
    by_length: Vec<Vec<Route>>,
}

#[derive(Debug)]
struct Route {
    template: Template,
    endpoint: &'static Endpoint,
}

/// What there is for a method and a path.
#[derive(Debug)]
pub(crate) enum Found<'r> {
    Endpoint(&'static Endpoint, Vec<Capture<'r>>),
    /// Other methods, in the order of the spec.
    OtherMethods(Vec<&'static str>),
    Nothing,
}

impl Table {
    pub(crate) fn new(endpoints: &'static [Endpoint]) -> Self {
        let mut by_length: Vec<Vec<Route>> = Vec::new();
        for endpoint in endpoints {
            let template = Template::new(endpoint.info.path);
            while by_length.len() <= template.len() {
                by_length.push(Vec::new());
            }
            by_length[template.len()].push(Route { template, endpoint });
        }
        // Stable: what was declared first stays first.
        by_length.iter_mut().for_each(|routes| routes.sort_by_cached_key(|route| route.template.rank()));
        Table { by_length }
    }

    /// Methods are compared without regard to case; a path says nothing about its query.
    pub(crate) fn find<'r>(&self, method: &str, path: &'r str) -> Found<'r> {
        let given = segments(path);
        let mut others = Vec::new();
        for route in self.by_length.get(given.len()).into_iter().flatten() {
            let known = route.endpoint.info.method;
            let wanted = known.eq_ignore_ascii_case(method);
            if !wanted && others.contains(&known) {
                continue;
            }
            match route.template.captures(&given) {
                Some(captures) if wanted => return Found::Endpoint(route.endpoint, captures),
                Some(_) => others.push(known),
                None => {}
            }
        }
        if others.is_empty() { Found::Nothing } else { Found::OtherMethods(others) }
    }
}
