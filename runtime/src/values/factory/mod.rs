//! Test values: generated from a seed, always within the limits of the spec.

mod macros;
mod sample;
mod sampler;

pub use sample::Sample;
#[cfg(feature = "testing")]
pub(crate) use sampler::split_mix;
pub use sampler::{Profile, Sampler};

use std::fmt;
use std::sync::Arc;

/// Returns the smallest value of a type with a factory, for mocks whose types are generated elsewhere.
#[doc(hidden)]
pub fn smallest<T: Sample>() -> T {
    Sampler::new(0, Profile::Smallest, None).get()
}

/// Generates values of one type, for tests. Everything that is not set is generated from the seed, within the limits of
/// the spec: the same seed yields the same values on every machine.
///
/// Generated factories (`User::factory()`) add a setter for each field.
#[must_use = "a factory creates nothing until `build` is called"]
pub struct Factory<T> {
    seed: u64,
    profile: Profile,
    member: Option<usize>,
    edits: Vec<Arc<Edit<T>>>,
}

type Edit<T> = dyn Fn(&mut T) + Send + Sync;

impl<T: Sample + 'static> Factory<T> {
    /// Creates a factory with seed 0 that sets optional fields by the seed.
    pub fn new() -> Self {
        Self { seed: 0, profile: Profile::Mixed, member: None, edits: Vec::new() }
    }

    /// Sets the seed, which determines all generated values.
    pub fn seed(self, seed: u64) -> Self {
        Self { seed, ..self }
    }

    /// Generates only required fields; lists and maps are as short as allowed.
    pub fn minimal(self) -> Self {
        Self { profile: Profile::Minimal, ..self }
    }

    /// Generates all optional fields, and elements in all lists and maps, to a depth of five models.
    pub fn full(self) -> Self {
        Self { profile: Profile::Full, ..self }
    }

    /// Changes each generated value; the last change wins. The result is not checked.
    pub fn with(mut self, edit: impl Fn(&mut T) + Send + Sync + 'static) -> Self {
        self.edits.push(Arc::new(edit));
        self
    }

    /// Sets the field at `place` of each value. `V` is the type of the field, or converts to it.
    pub fn set<V, F>(self, value: impl Into<V>, place: fn(&mut T) -> &mut F) -> Self
    where
        V: Clone + Into<F> + Send + Sync + 'static,
        F: 'static,
    {
        let value = value.into();
        self.with(move |made| *place(made) = value.clone().into())
    }

    /// Selects a member of a union, by its index in the spec.
    pub fn member(self, member: usize) -> Self {
        Self { member: Some(member), ..self }
    }

    /// Returns one value.
    pub fn build(&self) -> T {
        self.make(self.seed)
    }

    /// Returns `count` values whose generated parts differ. The first is that of [`build`](Self::build).
    pub fn many(&self, count: usize) -> Vec<T> {
        let mut seeds = Sampler::new(self.seed, self.profile, None);
        let rest = std::iter::from_fn(|| Some(seeds.bits()));
        std::iter::once(self.seed).chain(rest).take(count).map(|seed| self.make(seed)).collect()
    }

    fn make(&self, seed: u64) -> T {
        let mut value = Sampler::new(seed, self.profile, self.member).get();
        self.edits.iter().for_each(|edit| edit(&mut value));
        value
    }
}

impl<T: Sample + 'static> Default for Factory<T> {
    fn default() -> Self {
        Self::new()
    }
}

impl<T> Clone for Factory<T> {
    fn clone(&self) -> Self {
        Self { edits: self.edits.clone(), ..*self }
    }
}

impl<T> fmt::Debug for Factory<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Factory").field("seed", &self.seed).field("profile", &self.profile).finish_non_exhaustive()
    }
}
