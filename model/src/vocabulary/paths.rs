//! Path templates. This is the only definition of a variable in this crate; the runtime has the same rule in `http/path.rs`.

use std::ops::Range;

/// Returns the variable that a segment begins with, from its colon to the first dot, and the text after it: `id` and
/// `.csv` for `:id.csv`. A colon elsewhere, or without a name, is text.
pub fn variable(segment: &str) -> Option<(&str, &str)> {
    let rest = segment.strip_prefix(':')?;
    let (name, suffix) = rest.split_at(rest.find('.').unwrap_or(rest.len()));
    (!name.is_empty()).then_some((name, suffix))
}

/// Returns the names of a path's variables, in order.
pub fn variables(path: &str) -> Vec<&str> {
    path.split('/').filter_map(variable).map(|(name, _)| name).collect()
}

/// Iterates over the segments, with the byte of the path at which each begins.
fn segments(path: &str) -> impl Iterator<Item = (usize, &str)> + '_ {
    path.split('/').scan(0, |at, segment| {
        let start = *at;
        *at += segment.len() + 1;
        Some((start, segment))
    })
}

/// Returns the first colon that begins a segment like a variable, but has no name.
pub fn nameless(path: &str) -> Option<Range<usize>> {
    let (at, _) = segments(path).find(|(_, segment)| segment.starts_with(':') && variable(segment).is_none())?;
    Some(at..at + 1)
}

/// Returns the first segment with a colon that does not begin a variable, because text or a name precedes it; and the
/// last such colon, with what would be its name.
pub fn stray_colon(path: &str) -> Option<(&str, Range<usize>)> {
    segments(path).find_map(|(start, segment)| {
        let at = segment.rfind(':').filter(|at| *at > 0)?;
        let name = &segment[at + 1..];
        let size = 1 + name.find('.').unwrap_or(name.len());
        Some((segment, start + at..start + at + size))
    })
}

#[cfg(test)]
mod tests {
    use super::{nameless, stray_colon, variable, variables};

    #[test]
    fn variables_begin_segments() {
        assert_eq!(variables("/users/:id.json/x:y/:b"), ["id", "b"]);
        assert!(variables("/x:id/y").is_empty());
        assert_eq!(variable(":id.:format"), Some(("id", ".:format")));
        assert_eq!(variable("report.:id"), None);
        assert_eq!(variable(":a:b"), Some(("a:b", "")));
        assert_eq!(variable(":a-é.x.y"), Some(("a-é", ".x.y")));
        assert_eq!(variable(":id."), Some(("id", ".")));
        assert!(variables("/:/:.x").is_empty());
        assert_eq!((nameless("/a/:.x"), nameless("/:"), nameless("/a:/:b")), (Some(3..4), Some(1..2), None));
    }

    #[test]
    fn colons_within_a_segment_are_found() {
        for (segment, colon) in
            [(":id.:format", ":format"), ("a:b", ":b"), (":a:b.x", ":b"), ("é:", ":"), ("a:b:c.d", ":c")]
        {
            let path = format!("/:a/{segment}/c");
            let (found, at) = stray_colon(&path).unwrap_or_default();
            assert_eq!((found, &path[at]), (segment, colon));
        }
        assert_eq!(stray_colon("/:ok.csv/b/:"), None);
    }
}
