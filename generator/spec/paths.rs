//! Path templates. All that asks what a variable is, asks here; the runtime has the same rule in `http/path.rs`.

/// The variable that a segment begins with, from its colon up to the first dot, and the text behind it: `id` and `.csv` of
/// `:id.csv`. A colon elsewhere is text, and so is one without a name.
pub fn variable(segment: &str) -> Option<(&str, &str)> {
    let rest = segment.strip_prefix(':')?;
    let (name, suffix) = rest.split_at(rest.find('.').unwrap_or(rest.len()));
    (!name.is_empty()).then_some((name, suffix))
}

/// The names of a path's variables, in order.
pub fn variables(path: &str) -> Vec<&str> {
    path.split('/').filter_map(variable).map(|(name, _)| name).collect()
}

/// Whether a segment begins as a variable does, but has no name.
pub fn has_nameless(path: &str) -> bool {
    path.split('/').any(|segment| segment.starts_with(':') && variable(segment).is_none())
}

/// The first segment with a colon that begins no variable, since text or a name stands before it.
pub fn stray_colon(path: &str) -> Option<&str> {
    path.split('/').find(|segment| segment.rfind(':').is_some_and(|at| at > 0))
}

#[cfg(test)]
mod tests {
    use super::{has_nameless, stray_colon, variable, variables};

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
        assert!(has_nameless("/a/:.x") && has_nameless("/:") && !has_nameless("/a:/:b"));
    }

    #[test]
    fn colons_within_a_segment_are_found() {
        for segment in [":id.:format", "a:b", ":a:b", "é:"] {
            assert_eq!(stray_colon(&format!("/:a/{segment}/c")), Some(segment));
        }
        assert_eq!(stray_colon("/:ok.csv/b/:"), None);
    }
}
