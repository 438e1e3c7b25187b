//! Paths of operations.

/// The names of a path's variables, in order: segments that begin with `:`, up to their first dot.
pub fn variables(path: &str) -> Vec<&str> {
    let segments = path.split('/').filter_map(|segment| segment.strip_prefix(':'));
    segments.map(|name| name.split('.').next().unwrap_or_default()).collect()
}

#[cfg(test)]
mod tests {
    use super::variables;

    #[test]
    fn variables_are_segments() {
        assert_eq!(variables("/users/:id.json/x:y/:b"), ["id", "b"]);
        assert!(variables("/x:id/y").is_empty());
    }
}
