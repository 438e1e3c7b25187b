//! Finds names in the tables of enums and unions.

use std::hash::{Hash, Hasher};
use std::sync::OnceLock;

/// A part of a table that is derived from the others on first use, so comparisons ignore it.
#[derive(Debug)]
pub(crate) struct Derived<T>(pub(crate) OnceLock<T>);

impl<T> Derived<T> {
    pub(crate) const fn new() -> Self {
        Derived(OnceLock::new())
    }
}

impl<T> PartialEq for Derived<T> {
    fn eq(&self, _: &Self) -> bool {
        true
    }
}

impl<T> Eq for Derived<T> {}

impl<T> Hash for Derived<T> {
    fn hash<H: Hasher>(&self, _: &mut H) {}
}

/// The sorted positions of the names of a table. Short tables are searched linearly, which is as fast.
pub(crate) type NameIndex = Derived<Box<[usize]>>;

/// The longest table that is searched linearly.
const SHORT: usize = 32;

impl NameIndex {
    /// Returns the position of the first of `count` names that equals `text`.
    #[inline]
    pub(crate) fn find(&self, count: usize, name: impl Fn(usize) -> &'static str, text: &str) -> Option<usize> {
        if count <= SHORT { (0..count).find(|index| name(*index) == text) } else { self.search(count, &name, text) }
    }

    fn search(&self, count: usize, name: &dyn Fn(usize) -> &'static str, text: &str) -> Option<usize> {
        let sorted = self.0.get_or_init(|| {
            let mut sorted: Box<[usize]> = (0..count).collect();
            // The sort is stable: the first of equal names stays the first.
            sorted.sort_by_key(|index| name(*index));
            sorted
        });
        let at = sorted.partition_point(|index| name(*index) < text);
        sorted.get(at).copied().filter(|index| name(*index) == text)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_first_of_equal_names_is_found_in_tables_of_any_length() {
        for count in [0, 1, 3, SHORT, SHORT + 1, 500] {
            let name = |index: usize| ["c", "a", "b", "a", "", "ä"].get(index).copied().unwrap_or("z");
            let index = NameIndex::new();
            for text in ["a", "b", "c", "", "ä", "z", "d", "aa"] {
                let expected = (0..count).position(|index| name(index) == text);
                assert_eq!(index.find(count, name, text), expected, "{text:?} of {count}");
            }
        }
    }
}
