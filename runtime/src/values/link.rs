//! A pointer that rustc does not look behind.

use std::borrow::{Borrow, BorrowMut};
use std::cmp::Ordering;
use std::fmt;
use std::hash::{Hash, Hasher};
use std::ops::{Deref, DerefMut};

use super::Empty;
use crate::json::{FromJson, Reader, ToJson, Writer};
use crate::values::factory::{Sample, Sampler};

/// A field of a model whose types are nested very deeply. It is used like a `Box`.
///
/// rustc follows all fields of a type to prove auto traits and drop glue, and stops at a depth of 128 with an error. It
/// does not look behind a trait object, so a few such fields keep every type within that depth.
pub struct Link<T>(Box<dyn Hold<T> + Send + Sync>);

/// Holds a value of this type. Implemented by the value itself.
trait Hold<T>: BorrowMut<T> {
    fn into_value(self: Box<Self>) -> T;
}

impl<T> Hold<T> for T {
    fn into_value(self: Box<Self>) -> T {
        *self
    }
}

impl<T: Send + Sync + 'static> Link<T> {
    /// Creates a link to this value.
    pub fn new(value: T) -> Link<T> {
        Link(Box::new(value))
    }
}

impl<T> Link<T> {
    /// Returns the value.
    pub fn into_inner(self) -> T {
        self.0.into_value()
    }
}

impl<T> Deref for Link<T> {
    type Target = T;

    fn deref(&self) -> &T {
        Borrow::<T>::borrow(&*self.0)
    }
}

impl<T> DerefMut for Link<T> {
    fn deref_mut(&mut self) -> &mut T {
        BorrowMut::<T>::borrow_mut(&mut *self.0)
    }
}

impl<T: Send + Sync + 'static> From<T> for Link<T> {
    fn from(value: T) -> Self {
        Link::new(value)
    }
}

impl<T: Clone + Send + Sync + 'static> Clone for Link<T> {
    fn clone(&self) -> Self {
        Link::new(T::clone(self))
    }
}

impl<T: Default + Send + Sync + 'static> Default for Link<T> {
    fn default() -> Self {
        Link::new(T::default())
    }
}

impl<T: fmt::Debug> fmt::Debug for Link<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        T::fmt(self, f)
    }
}

impl<T: PartialEq> PartialEq for Link<T> {
    fn eq(&self, other: &Self) -> bool {
        T::eq(self, other)
    }
}

impl<T: Eq> Eq for Link<T> {}

impl<T: PartialOrd> PartialOrd for Link<T> {
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        T::partial_cmp(self, other)
    }
}

impl<T: Ord> Ord for Link<T> {
    fn cmp(&self, other: &Self) -> Ordering {
        T::cmp(self, other)
    }
}

impl<T: Hash> Hash for Link<T> {
    fn hash<H: Hasher>(&self, state: &mut H) {
        T::hash(self, state);
    }
}

impl<T: FromJson + Send + Sync> FromJson for Link<T> {
    fn read(r: &mut Reader<'_>) -> Option<Self> {
        r.keeps::<T>();
        T::read(r).map(Link::new)
    }
}

impl<T: ToJson> ToJson for Link<T> {
    fn write(&self, w: &mut Writer) {
        T::write(self, w);
    }

    fn is_absent(&self) -> bool {
        T::is_absent(self)
    }
}

impl<T: Empty + Send + Sync + 'static> Empty for Link<T> {
    fn empty() -> Self {
        Link::new(T::empty())
    }
}

impl<T: Sample + Send + Sync + 'static> Sample for Link<T> {
    fn sample(s: &mut Sampler) -> Self {
        Link::new(T::sample(s))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_link_is_its_value() {
        let mut link = Link::new(vec![2, 1]);
        link.sort();
        assert_eq!((link.len(), format!("{link:?}")), (2, "[1, 2]".to_owned()));
        assert_eq!(link.clone(), Link::from(vec![1, 2]));
        assert!(link < Link::new(vec![3]) && Link::<Vec<i32>>::default().is_empty());
        assert_eq!(Link::<Vec<i32>>::from_json(link.to_json()).map(Link::into_inner), Ok(vec![1, 2]));
    }

    /// Compiles only if nothing needs to be known about the linked type.
    #[test]
    fn a_link_moves_between_threads_whatever_it_holds() {
        fn moves<T: Send + Sync>() {}
        moves::<Link<std::rc::Rc<()>>>();
    }
}
