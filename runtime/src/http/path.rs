use percent_encoding::{AsciiSet, NON_ALPHANUMERIC, utf8_percent_encode};

/// All that is not a `pchar` of RFC 3986.
const SEGMENT: &AsciiSet = &NON_ALPHANUMERIC
    .remove(b'-')
    .remove(b'.')
    .remove(b'_')
    .remove(b'~')
    .remove(b'!')
    .remove(b'$')
    .remove(b'&')
    .remove(b'\'')
    .remove(b'(')
    .remove(b')')
    .remove(b'*')
    .remove(b'+')
    .remove(b',')
    .remove(b';')
    .remove(b'=')
    .remove(b':')
    .remove(b'@');

/// The text of a template: what is percent-encoded in a spec stays so.
const LITERAL: &AsciiSet = &SEGMENT.remove(b'%');

/// Appends `/users/:guid.csv`, filled with encoded values. A variable begins with a colon, and ends at a dot or a slash.
///
/// An empty value is an error, since the path would be another operation's (`/users/`). So is a segment that becomes `.`
/// or `..`: URL parsers remove those, even written as `%2e`, so there is no way to send them.
pub(crate) fn expand(path: &mut String, template: &str, values: &[(String, Option<String>)]) -> Result<(), String> {
    for (index, segment) in template.split('/').enumerate() {
        if index > 0 {
            path.push('/');
        }
        let start = path.len();
        for (place, part) in segment.split('.').enumerate() {
            if place > 0 {
                path.push('.');
            }
            match part.strip_prefix(':') {
                Some(name) if !name.is_empty() => path.extend(utf8_percent_encode(value(name, values)?, SEGMENT)),
                _ => path.extend(utf8_percent_encode(part, LITERAL)),
            }
        }
        if matches!(&path[start..], "." | "..") {
            return Err(format!("path parameter `{}` must not be `.` or `..`", segment.trim_start_matches(':')));
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
            ("/:id/x.:id", "v", "/v/x.v"),
            ("/a b%20c/:id", "v", "/a%20b%20c/v"),
            ("/:id/", "...", "/.../"),
        ];
        for (template, value, path) in cases {
            assert_eq!(id(template, value).as_deref(), Ok(path));
        }
        assert_eq!(expand("/", &[]).as_deref(), Ok("/"));
    }

    #[test]
    fn refuses_what_would_be_another_path() {
        assert_eq!(id("/users/:id", "").unwrap_err(), "path parameter `id` is empty");
        assert_eq!(id("/users/:id/x", "..").unwrap_err(), "path parameter `id` must not be `.` or `..`");
        assert_eq!(id("/users/:id", ".").unwrap_err(), "path parameter `id` must not be `.` or `..`");
        assert_eq!(id("/users/:guid", "x").unwrap_err(), "path parameter `guid` has no value");
    }
}
