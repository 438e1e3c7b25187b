//! What a client prefers: the header `Prefer` (RFC 7240), with the preferences of Prism.

use http::{HeaderMap, HeaderValue};

use super::decision::AnsweredBy;

/// The preferences of a request. Unknown ones are ignored, as RFC 7240 asks.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(super) struct Preferences {
    /// The status of the response.
    pub(super) code: Option<u16>,
    /// The name of an example.
    pub(super) example: Option<String>,
    /// Whether the response is made up, even if there are examples or state.
    pub(super) dynamic: bool,
    /// The seed of made-up values.
    pub(super) seed: Option<u64>,
}

impl Preferences {
    /// Reads all `Prefer` headers of a request; the first value of a preference counts.
    pub(super) fn read(headers: &HeaderMap) -> Preferences {
        let mut found = Preferences::default();
        for value in headers.get_all("prefer").iter().filter_map(|value| value.to_str().ok()) {
            for (name, value) in split(value) {
                match name.to_ascii_lowercase().as_str() {
                    "code" => found.code = found.code.or(value.parse().ok().filter(|code| (200..=599).contains(code))),
                    "example" => found.example = found.example.or(Some(value).filter(|name| !name.is_empty())),
                    "dynamic" => found.dynamic |= value.is_empty() || value.eq_ignore_ascii_case("true"),
                    "seed" => found.seed = found.seed.or(value.parse().ok()),
                    _ => {}
                }
            }
        }
        found
    }

    /// Returns the header `Preference-Applied` for a response with this status; `None` if no preference made it what it
    /// is.
    pub(super) fn applied(&self, answered: &AnsweredBy, status: u16) -> Option<HeaderValue> {
        let example = match answered {
            AnsweredBy::Example(name) => Some(name),
            AnsweredBy::Sample => None,
            _ => return None,
        };
        let mut words = Vec::new();
        words.extend(self.code.filter(|code| *code == status).map(|code| format!("code={code}")));
        let named = self.example.as_ref().filter(|name| Some(*name) == example);
        words.extend(named.map(|name| format!("example=\"{}\"", name.replace('\\', "\\\\").replace('"', "\\\""))));
        if example.is_none() {
            words.extend(self.dynamic.then(|| "dynamic=true".to_owned()));
            words.extend(self.seed.map(|seed| format!("seed={seed}")));
        }
        HeaderValue::from_str(&words.join(", ")).ok().filter(|value| !value.is_empty())
    }
}

/// Splits a header into names and values; values may be quoted. Parameters after a semicolon belong to no preference
/// that we know.
fn split(header: &str) -> Vec<(String, String)> {
    let (mut items, mut quoted, mut escaped, mut current) = (Vec::new(), false, false, String::new());
    for c in header.chars().chain([',']) {
        match c {
            _ if escaped => {
                current.push(c);
                escaped = false;
            }
            '\\' if quoted => escaped = true,
            '"' => quoted = !quoted,
            ',' if !quoted => items.push(std::mem::take(&mut current)),
            c => current.push(c),
        }
    }
    let pair = |item: String| {
        let item = item.split(';').next().unwrap_or_default().trim().to_owned();
        match item.split_once('=') {
            Some((name, value)) => (name.trim().to_owned(), value.trim().to_owned()),
            None => (item, String::new()),
        }
    };
    items.into_iter().map(pair).filter(|(name, _)| !name.is_empty()).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(values: &[&str]) -> Preferences {
        let headers = values.iter().map(|value| (http::HeaderName::from_static("prefer"), value.parse().unwrap()));
        Preferences::read(&headers.collect())
    }

    #[test]
    fn preferences_are_read_and_confirmed() {
        for (values, expected) in [
            (&["code=404"][..], "code=404"),
            (&["CODE = 404, seed=\"1\"; x=1"], "code=404, seed=1"),
            (&["dynamic", "seed=7"], "dynamic=true, seed=7"),
            (&["code=404, code=500"], "code=404"),
            (&["respond-async, wait=10"], ""),
            (&["code=99, seed=-1, dynamic=false, example="], ""),
            (&["", ",,", "=", "\"unterminated"], ""),
        ] {
            let applied = read(values).applied(&AnsweredBy::Sample, 404);
            assert_eq!(
                applied.map(|value| value.to_str().unwrap().to_owned()).unwrap_or_default(),
                expected,
                "{values:?}"
            );
        }
    }

    #[test]
    fn only_what_was_applied_is_confirmed() {
        let preferences = read(&["code=404, example=\"two, \\\"words\\\"\", dynamic, seed=7"]);
        let example = |name: &str| AnsweredBy::Example(name.to_owned());
        for (answered, status, expected) in [
            (example("two, \"words\""), 404, Some("code=404, example=\"two, \\\"words\\\"\"")),
            (example("other"), 200, None),
            (AnsweredBy::Sample, 404, Some("code=404, dynamic=true, seed=7")),
            (AnsweredBy::Rule("rule 1".to_owned()), 404, None),
            (AnsweredBy::State, 404, None),
            (AnsweredBy::Fault("404".to_owned()), 404, None),
            (AnsweredBy::Refusal(404), 404, None),
        ] {
            let applied = preferences.applied(&answered, status);
            assert_eq!(applied.as_ref().map(|value| value.to_str().unwrap()), expected, "{answered:?}");
        }
    }
}
