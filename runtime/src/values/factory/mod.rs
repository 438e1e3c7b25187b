//! Values for tests: made up from a seed, and always what the spec allows.

mod macros;
mod sample;
mod sampler;

pub use sample::Sample;
pub use sampler::Sampler;

use std::fmt;
use std::sync::Arc;

use sampler::Profile;

/// The smallest value of a type that has a factory: what mocks answer with where the type is generated elsewhere.
#[doc(hidden)]
pub fn smallest<T: Sample>() -> T {
    Sampler::new(0, Profile::Smallest, None).get()
}

/// Makes values of one type, for tests. What nobody sets is made up from the seed, within the limits of the spec: the same seed
/// gives the same values, on every machine.
///
/// Generated factories (`User::factory()`) add a setter for each field.
#[must_use = "a factory makes nothing until it builds"]
pub struct Factory<T> {
    seed: u64,
    profile: Profile,
    member: Option<usize>,
    edits: Vec<Arc<Edit<T>>>,
}

type Edit<T> = dyn Fn(&mut T) + Send + Sync;

impl<T: Sample + 'static> Factory<T> {
    /// With seed 0, and those optional fields that the seed chooses.
    pub fn new() -> Self {
        Self { seed: 0, profile: Profile::Mixed, member: None, edits: Vec::new() }
    }

    /// Other values than those of another seed.
    pub fn seed(self, seed: u64) -> Self {
        Self { seed, ..self }
    }

    /// Only what is required; lists and maps as short as allowed.
    pub fn minimal(self) -> Self {
        Self { profile: Profile::Minimal, ..self }
    }

    /// All optional fields, too, and elements in all lists and maps, to a depth of five models.
    pub fn full(self) -> Self {
        Self { profile: Profile::Full, ..self }
    }

    /// Changes each value that was made; the last change wins. Nothing checks what it does.
    pub fn with(mut self, edit: impl Fn(&mut T) + Send + Sync + 'static) -> Self {
        self.edits.push(Arc::new(edit));
        self
    }

    /// Sets a field of each value, at `place`, from a value of type `V`: of the field's own type, or of what it may hold.
    pub fn set<V, F>(self, value: impl Into<V>, place: fn(&mut T) -> &mut F) -> Self
    where
        V: Clone + Into<F> + Send + Sync + 'static,
        F: 'static,
    {
        let value = value.into();
        self.with(move |made| *place(made) = value.clone().into())
    }

    /// Makes this member of a union, by its position in the spec.
    pub fn member(self, member: usize) -> Self {
        Self { member: Some(member), ..self }
    }

    /// One value.
    pub fn build(&self) -> T {
        self.make(self.seed)
    }

    /// So many values, which differ in all that is made up. The first is that of [`build`](Self::build).
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
