//! Reads arrays element by element.

use super::kind::Kind;
use super::path::Segment;
use super::reader::Reader;

/// An array that is being read.
#[derive(Debug)]
#[must_use]
pub struct Elements {
    count: usize,
    /// A single value that is read as an array of one.
    single: bool,
}

impl Elements {
    /// Returns the number of elements so far.
    pub fn count(&self) -> usize {
        self.count
    }
}

impl Reader<'_> {
    /// Opens an array; returns `None` if the value is not one.
    pub fn array(&mut self) -> Option<Elements> {
        self.limits = None;
        match self.start() {
            b'[' => {}
            b'n' | 0 => return self.mismatch(Kind::Array, ""),
            _ if self.mode.coerce => {
                self.deeper()?;
                return Some(Elements { count: 0, single: true });
            }
            _ => return self.mismatch(Kind::Array, ""),
        }
        self.enter()?;
        self.path.push(Segment::Index(0));
        Some(Elements { count: 0, single: false })
    }

    /// Moves to the next element, which must be read before the next call. Returns false at the end.
    #[inline]
    pub fn element(&mut self, elements: &mut Elements) -> bool {
        let count = elements.count;
        if elements.single {
            elements.count = 1;
            return count == 0;
        }
        if syntax!(self.more(b']', count == 0)) != Some(true) {
            return false;
        }
        self.here(Segment::Index(count));
        elements.count += 1;
        true
    }

    /// Closes the array; returns `None` after a syntax error.
    pub fn end_array(&mut self, elements: &Elements) -> Option<()> {
        if !elements.single {
            self.path.pop();
        }
        self.depth = self.depth.saturating_sub(1);
        self.limits = None;
        (!self.aborted).then_some(())
    }
}
