//! Generates the parts of a value.

/// Deeper inside nested models, optional parts are omitted, so that recursive types end.
const DEEPEST: u32 = 5;
/// After this many models in one value, optional parts are omitted: a broad type grows with every level.
const MAX: u32 = 1_000;

/// Which optional parts to generate.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Profile {
    /// None; lists and maps are as short as allowed.
    Minimal,
    /// By the seed.
    Mixed,
    /// All; lists and maps have elements.
    Full,
    /// None, and no random values: zeros, and text as short as allowed.
    Smallest,
}

/// Generates values. The same seed yields the same values on every machine.
#[derive(Debug)]
pub struct Sampler {
    state: u64,
    profile: Profile,
    member: Option<usize>,
    pub(super) depth: u32,
    pub(super) left: u32,
    pub(super) limits: (Option<i64>, Option<i64>),
}

impl Sampler {
    /// Creates a sampler; `member` applies to the first union.
    #[doc(hidden)]
    pub fn new(seed: u64, profile: Profile, member: Option<usize>) -> Self {
        Self { state: seed, profile, member, depth: 0, left: MAX, limits: (None, None) }
    }

    /// Sets the minimum value, or number of characters or elements, of the next value.
    pub fn min(&mut self, limit: i64) -> &mut Self {
        self.limits.0 = Some(limit);
        self
    }

    /// Sets the maximum value, or number of characters or elements, of the next value.
    pub fn max(&mut self, limit: i64) -> &mut Self {
        self.limits.1 = Some(limit);
        self
    }

    /// Returns the content of an optional field: `value`, or nothing.
    pub fn some<T>(&mut self, value: T) -> Option<T> {
        self.present().then_some(value)
    }

    /// Returns the content of an optional field, which is only created if it is present.
    pub fn maybe<T>(&mut self, make: impl FnOnce(&mut Self) -> T) -> Option<T> {
        self.present().then(|| make(self))
    }

    /// Returns a list of elements created by `make`.
    pub fn list<T>(&mut self, mut make: impl FnMut(&mut Self) -> T) -> Vec<T> {
        let count = self.count();
        (0..count).map(|_| make(self)).collect()
    }

    /// Selects a member of a union: `usual`, or `smallest` where nesting must end.
    pub fn member(&mut self, usual: usize, smallest: usize) -> usize {
        let otherwise = if self.ends() || self.profile == Profile::Smallest { smallest } else { usual };
        self.member.take().unwrap_or(otherwise)
    }

    /// Counts a value, and everything until [`ascend`](Self::ascend) as inside of it.
    #[doc(hidden)]
    pub fn descend(&mut self) {
        self.depth += 1;
        self.left = self.left.saturating_sub(1);
    }

    /// Ends the value that [`descend`](Self::descend) began.
    #[doc(hidden)]
    pub fn ascend(&mut self) {
        self.depth -= 1;
    }

    /// Returns whether to generate an optional part.
    #[doc(hidden)]
    pub fn present(&mut self) -> bool {
        let present = match self.profile {
            Profile::Minimal | Profile::Smallest => false,
            Profile::Mixed => self.below(2) == 1,
            Profile::Full => true,
        };
        let present = present && !self.ends();
        if !present {
            self.limits = (None, None);
        }
        present
    }

    /// Returns a number of elements within the limits.
    #[doc(hidden)]
    pub fn count(&mut self) -> usize {
        let (min, max) = std::mem::take(&mut self.limits);
        let least = min.unwrap_or(0).max(0);
        let count = if matches!(self.profile, Profile::Minimal | Profile::Smallest) || self.ends() {
            least
        } else {
            let few = i64::from(self.below(2) == 1) + least.max(1);
            few.min(max.unwrap_or(i64::MAX)).max(least)
        };
        usize::try_from(count).unwrap_or(0)
    }

    /// Returns an integer within the limits and the bounds of the type, from one to a thousand if possible.
    #[doc(hidden)]
    pub fn whole(&mut self, lowest: i64, highest: i64) -> i64 {
        let (min, max) = std::mem::take(&mut self.limits);
        let (low, high) = (min.unwrap_or(lowest).max(lowest), max.unwrap_or(highest).min(highest));
        let from = match min {
            _ if self.profile == Profile::Smallest => return 0.max(low).min(high),
            Some(_) => low,
            None => 1.min(high.saturating_sub(999)).max(low).max(1.min(high)),
        };
        let width = high.saturating_sub(from).clamp(0, 999).unsigned_abs();
        from.saturating_add_unsigned(self.below(width + 1))
    }

    /// Returns lower-case letters, as many as the limits allow.
    #[doc(hidden)]
    pub fn text(&mut self) -> String {
        let (min, max) = std::mem::take(&mut self.limits);
        let least = min.unwrap_or(0).max(0);
        let usual = if self.profile == Profile::Smallest { 0 } else { self.between(6, 12) };
        let length = least.max(usual).min(max.unwrap_or(i64::MAX)).max(least);
        let letter = |s: &mut Self| char::from(b'a' + u8::try_from(s.below(26)).unwrap_or(0));
        (0..length).map(|_| letter(self)).collect()
    }

    /// Returns a number from `low` to `high`.
    #[doc(hidden)]
    pub fn between(&mut self, low: i64, high: i64) -> i64 {
        low + self.below((high - low).unsigned_abs() + 1).cast_signed()
    }

    /// Returns a number below `end`.
    #[doc(hidden)]
    pub fn below(&mut self, end: u64) -> u64 {
        self.bits() % end
    }

    /// Returns 64 random bits.
    #[doc(hidden)]
    pub fn bits(&mut self) -> u64 {
        if self.profile == Profile::Smallest {
            return 0;
        }
        split_mix(&mut self.state)
    }

    /// Returns true if optional parts must be omitted from here on.
    fn ends(&self) -> bool {
        self.depth > DEEPEST || self.left == 0
    }
}

/// Returns 64 random bits by SplitMix64, which is small, and specified to the bit.
pub(crate) fn split_mix(state: &mut u64) -> u64 {
    *state = state.wrapping_add(0x9e37_79b9_7f4a_7c15);
    let bits = (*state ^ *state >> 30).wrapping_mul(0xbf58_476d_1ce4_e5b9);
    let bits = (bits ^ bits >> 27).wrapping_mul(0x94d0_49bb_1331_11eb);
    bits ^ bits >> 31
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::json::compare;
    use crate::values::Sample;

    const EXACT: i64 = 1 << 53;

    fn sampler(seed: u64, profile: Profile) -> Sampler {
        Sampler::new(seed, profile, None)
    }

    #[test]
    fn the_generator_is_the_published_one() {
        let mut s = sampler(1_234_567, Profile::Mixed);
        let bits = [s.bits(), s.bits(), s.bits()];
        assert_eq!(bits, [6_457_827_717_110_365_317, 3_203_168_211_198_807_973, 9_817_491_932_198_370_423]);
    }

    #[test]
    fn limits_hold_for_every_seed_and_profile() {
        let most = i64::MAX;
        for seed in 0..200 {
            for profile in [Profile::Minimal, Profile::Mixed, Profile::Full] {
                let mut s = sampler(seed, profile);
                for (low, high) in [(0, 0), (0, 3), (3, 3), (20, 40), (500, 100_000), (-5, 2)] {
                    let text: String = s.min(low).max(high).get();
                    let list: Vec<bool> = s.min(low.min(50)).max(high).get();
                    assert!((low..=high).contains(&(text.len() as i64)), "{text} {low} {high}");
                    assert!((low.min(50)..=high).contains(&(list.len() as i64)), "{list:?} {low} {high}");
                }
                for (low, high) in [(0, 0), (-9, -3), (7, most), (-most - 1, -most), (most, most), (0, 1)] {
                    let whole: i64 = s.min(low).max(high).get();
                    let decimal: crate::json::Decimal = s.min(low).max(high).get();
                    assert!((low..=high).contains(&whole), "{whole} {low} {high}");
                    assert!((low.into()..=high.into()).contains(&decimal), "{decimal} {low} {high}");
                }
                for (low, high) in [
                    (0, 0),
                    (-9, -3),
                    (7, most),
                    (-most - 1, -most),
                    (most - 1023, most),
                    (0, 1),
                    (EXACT + 1, EXACT + 3),
                ] {
                    let double: f64 = s.min(low).max(high).get();
                    assert!(compare(double, low).is_ge() && compare(double, high).is_le(), "{double} {low} {high}");
                }
                let (high, low): (i32, i32) = (s.max(-5).get(), s.min(5).get());
                assert!(high <= -5 && low >= 5);
            }
        }
    }

    #[test]
    fn the_smallest_values_are_made_of_nothing_but_limits() {
        let mut s = sampler(7, Profile::Smallest);
        let (text, flag, number): (String, bool, i32) = (s.get(), s.get(), s.get());
        assert_eq!((text.as_str(), flag, number), ("", false, 0));
        let (text, most, least): (String, i64, f64) = (s.min(2).get(), s.max(-3).get(), s.min(4).get());
        assert_eq!((text.as_str(), most, least), ("aa", -3, 4.0));
        assert_eq!((s.min(1).get::<Vec<bool>>(), s.get::<Vec<bool>>()), (vec![false], vec![]));
        assert_eq!((s.member(0, 2), s.get::<Option<bool>>(), s.get::<crate::json::Decimal>()), (2, None, 0.into()));
    }

    #[test]
    fn limits_are_those_of_one_value() {
        let mut s = sampler(0, Profile::Minimal);
        let (none, text): (Option<String>, String) = (s.min(50).get(), s.get());
        assert!(none.is_none() && text.len() < 50);
        let (flag, list): (bool, Vec<String>) = (s.get(), s.min(2).max(2).get());
        assert!(list.len() == 2 && list.iter().all(|text| text.len() >= 6), "{flag} {list:?}");
    }

    #[test]
    fn profiles_decide_what_is_there() {
        let there = |profile| (0..50).filter(|seed| sampler(*seed, profile).get::<Option<bool>>().is_some()).count();
        assert_eq!((there(Profile::Minimal), there(Profile::Full)), (0, 50));
        assert!((10..40).contains(&there(Profile::Mixed)));
        assert!(sampler(1, Profile::Minimal).get::<Vec<bool>>().is_empty());
        assert!(!sampler(1, Profile::Full).get::<Vec<bool>>().is_empty());
    }

    /// Ends only because depth is counted.
    struct Endless(Option<Box<Endless>>, Vec<Endless>);

    impl Sample for Endless {
        fn sample(s: &mut Sampler) -> Self {
            Endless(s.get(), s.get())
        }
    }

    #[test]
    fn recursion_ends() {
        fn depth(of: &Endless) -> usize {
            1 + of.0.iter().map(|next| depth(next)).chain(of.1.iter().map(depth)).max().unwrap_or(0)
        }
        let deepest = (0..20).map(|seed| depth(&sampler(seed, Profile::Full).get())).max();
        assert!(deepest.is_some_and(|deepest| (2..10).contains(&deepest)), "{deepest:?}");
    }
}
