//! Counts the memory of decoded values.

use super::reader::{Problem, Reader};
use super::violation::Code;

/// The overhead of an allocation.
const ALLOCATION: usize = 32;

/// The capacity of a list with one element.
const FIRST_PLACES: usize = 4;

impl Reader<'_> {
    /// Counts a boxed value of this type.
    #[inline]
    pub(crate) fn keeps<T>(&mut self) {
        self.takes(size_of::<T>() + ALLOCATION);
    }

    /// Counts an element of this size, of a list that has `count` already: the capacity is four at first, and doubles
    /// when the list is full.
    #[inline]
    pub(crate) fn keeps_element(&mut self, size: usize, count: usize) {
        match count {
            0 => self.takes(FIRST_PLACES * size + ALLOCATION),
            FIRST_PLACES.. if count.is_power_of_two() => self.takes(count * size),
            _ => {}
        }
    }

    /// Counts a text that is kept.
    #[inline]
    pub(crate) fn keeps_text(&mut self, text: &str) {
        self.takes(text.len() + ALLOCATION);
    }

    /// Counts an entry of a map that has `count` already: a B-tree whose nodes have eleven slots, at least five of them
    /// used.
    #[inline]
    pub(crate) fn keeps_entry<T>(&mut self, count: usize) {
        if count.is_multiple_of(5) {
            self.takes(11 * (size_of::<String>() + size_of::<T>()) + ALLOCATION);
        }
    }

    #[inline]
    fn takes(&mut self, bytes: usize) {
        self.room.taken = self.room.taken.saturating_add(bytes);
        if self.room.taken > self.room.most {
            self.no_room();
        }
    }

    #[cold]
    fn no_room(&mut self) {
        let limit = format!("values of at most {} MiB in memory", self.room.most >> 20);
        let text = format!("the values take too much memory, expected {limit}");
        let at = self.scan.at;
        self.report(at, Problem::new(Code::Size, limit, "more", text));
        self.abort();
    }
}
