use percent_encoding::{AsciiSet, NON_ALPHANUMERIC, utf8_percent_encode};

/// The replacement for sensitive values in a URL or path.
pub(crate) const WITHHELD: &str = "...";

/// All characters that are not a `pchar` of RFC 3986.
pub(crate) const SEGMENT: &AsciiSet = &all_but(b"-._~!$&'()*+,;=:@");

/// The characters to encode in a template: text that is percent-encoded in a spec stays so.
const LITERAL: &AsciiSet = &SEGMENT.remove(b'%');

/// Returns all characters but letters, digits, and these.
pub(super) const fn all_but(kept: &[u8]) -> AsciiSet {
    match kept {
        [first, rest @ ..] => all_but(rest).remove(*first),
        [] => NON_ALPHANUMERIC.add(b' '), // a copy: the space is part of it
    }
}

/// Splits a segment of a template into its variable and the text after it: `guid` and `.csv` for `:guid.csv`.
///
/// A variable extends from a colon at the start of the segment to the first dot. A colon elsewhere is text, and so is
/// one without a name.
pub(crate) fn variable(segment: &str) -> Option<(&str, &str)> {
    let rest = segment.strip_prefix(':')?;
    let (name, suffix) = rest.split_at(rest.find('.').unwrap_or(rest.len()));
    (!name.is_empty()).then_some((name, suffix))
}

/// Appends a template such as `/users/:guid.csv` with encoded values.
///
/// An empty value is an error, since the path would be that of another operation (`/users/`). So is a segment that
/// becomes `.` or `..`: URL parsers remove those, even as `%2e`, so they cannot be sent.
pub(crate) fn expand(path: &mut String, template: &str, values: &[(String, Option<String>)]) -> Result<(), String> {
    for (index, segment) in template.split('/').enumerate() {
        if index > 0 {
            path.push('/');
        }
        let Some((name, suffix)) = variable(segment) else {
            path.extend(utf8_percent_encode(segment, LITERAL));
            continue;
        };
        let start = path.len();
        path.extend(utf8_percent_encode(value(name, values)?, SEGMENT));
        path.extend(utf8_percent_encode(suffix, LITERAL));
        if matches!(&path[start..], "." | "..") {
            return Err(format!("path parameter `{name}` must not be `.` or `..`"));
        }
    }
    Ok(())
}

fn value<'a>(name: &str, values: &'a [(String, Option<String>)]) -> Result<&'a str, String> {
    match values.iter().find(|(key, _)| key == name) {
        Some((_, Some(value))) if !value.is_empty() => Ok(value),
        Some((_, Some(_))) => Err(format!("path parameter `{name}` is empty")),
        _ => Err(format!("path parameter `{name}` has no value")),
    }
}

#[cfg(test)]
mod tests {
    fn expand(template: &str, values: &[(String, Option<String>)]) -> Result<String, String> {
        let mut path = String::new();
        super::expand(&mut path, template, values).map(|()| path)
    }

    fn id(template: &str, value: &str) -> Result<String, String> {
        expand(template, &[("id".into(), Some(value.into()))])
    }

    #[test]
    fn encodes_one_segment() {
        let pchars = "AZaz09-._~!$&'()*+,;=:@";
        let cases = [
            ("/users/:id", "a/b", "/users/a%2Fb"),
            ("/users/:id", "a b", "/users/a%20b"),
            ("/users/:id", "é?#%[]\\\"<>^`{|}", "/users/%C3%A9%3F%23%25%5B%5D%5C%22%3C%3E%5E%60%7B%7C%7D"),
            ("/users/:id", pchars, &format!("/users/{pchars}")),
            ("/:id.csv", "a.b", "/a.b.csv"),
            ("/:id.csv", "..", "/...csv"),
            ("/:id/x.:id", "v", "/v/x.:id"),
            ("/:id.:format", "v.w", "/v.w.:format"),
            ("/a:b/:id", "v", "/a:b/v"),
            ("/:/:.x/:id.", "v", "/:/:.x/v."),
            ("/:id.é/ü", "v", "/v.%C3%A9/%C3%BC"),
            ("/a b%20c/:id", "v", "/a%20b%20c/v"),
            ("/:id/", "...", "/.../"),
        ];
        for (template, value, path) in cases {
            assert_eq!(id(template, value).as_deref(), Ok(path));
        }
        assert_eq!(expand("/", &[]).as_deref(), Ok("/"));
        let values = [("a:b", "1"), ("a-b", "2"), ("ö", "3")].map(|(name, value)| (name.into(), Some(value.into())));
        assert_eq!(expand("/:a:b/:a-b/:ö.x", &values).as_deref(), Ok("/1/2/3.x"));
    }

    #[test]
    fn refuses_what_would_be_another_path() {
        assert_eq!(id("/users/:id", "").unwrap_err(), "path parameter `id` is empty");
        assert_eq!(id("/users/:id/x", "..").unwrap_err(), "path parameter `id` must not be `.` or `..`");
        assert_eq!(id("/users/:id", ".").unwrap_err(), "path parameter `id` must not be `.` or `..`");
        assert_eq!(id("/:id.", ".").unwrap_err(), "path parameter `id` must not be `.` or `..`");
        assert_eq!(id("/users/:guid", "x").unwrap_err(), "path parameter `guid` has no value");
    }
}
