//! Types with samples.

use std::collections::BTreeMap;

use super::sampler::Sampler;
use crate::json::{Decimal, Object, Uuid, Value, compare};

/// A type whose values can be generated. Generated types implement it together with their mocks.
pub trait Sample: Sized {
    /// Returns a random value that the spec allows.
    fn sample(s: &mut Sampler) -> Self;
}

impl Sampler {
    /// Returns a value of any type.
    pub fn get<T: Sample>(&mut self) -> T {
        self.descend();
        let value = T::sample(self);
        self.ascend();
        value
    }
}

/// Beyond this a double does not represent every integer.
const EXACT: i64 = 1 << 53;

macro_rules! sample_as {
    ($($type:ty => |$s:ident| $make:expr),* $(,)?) => {$(
        impl Sample for $type {
            fn sample($s: &mut Sampler) -> Self {
                $make
            }
        }
    )*};
}

sample_as! {
    () => |_s| (),
    bool => |s| s.below(2) == 1,
    i32 => |s| i32::try_from(s.whole(i32::MIN.into(), i32::MAX.into())).unwrap_or_default(),
    i64 => |s| s.whole(i64::MIN, i64::MAX),
    f64 => |s| double(s),
    Decimal => |s| decimal(s),
    String => |s| s.text(),
    Uuid => |s| uuid::Builder::from_random_bytes(((u128::from(s.bits()) << 64) | u128::from(s.bits())).to_be_bytes()).into_uuid(),
    Value => |s| Value::String(s.text()),
    Object => |s| Object::from_iter([(s.text(), Value::String(s.text()))]),
}

fn double(s: &mut Sampler) -> f64 {
    let ((low, high), quarters) = (s.limits, s.below(4));
    let whole = s.whole(i64::MIN, i64::MAX);
    let exact = (-EXACT / 8..EXACT / 8).contains(&whole) && high.is_none_or(|high| whole < high);
    let value = whole as f64 + if exact { quarters as f64 / 4.0 } else { 0.0 };
    // Beyond 2^53 the nearest double may exceed a limit.
    match () {
        () if low.is_some_and(|low| compare(value, low).is_lt()) => value.next_up(),
        () if high.is_some_and(|high| compare(value, high).is_gt()) => value.next_down(),
        () => value,
    }
}

fn decimal(s: &mut Sampler) -> Decimal {
    let (highest, cents) = (s.limits.1.unwrap_or(i64::MAX), s.between(0, 99));
    let whole = s.whole(i64::MIN, i64::MAX);
    match whole.checked_mul(100).and_then(|hundreds| hundreds.checked_add(cents)) {
        Some(hundreds) if whole < highest => Decimal::new(hundreds, 2),
        _ => Decimal::from(whole),
    }
}

#[cfg(feature = "jiff")]
sample_as! {
    crate::json::Date => |s| crate::values::literal::date(&day(s)),
    crate::json::Timestamp => |s| crate::values::literal::date_time(&moment(s)),
}

#[cfg(feature = "chrono")]
sample_as! {
    crate::json::NaiveDate => |s| crate::values::literal::naive_date(&day(s)),
    crate::json::UtcDateTime => |s| crate::values::literal::utc_date_time(&moment(s)),
}

#[cfg(any(feature = "jiff", feature = "chrono"))]
fn day(s: &mut Sampler) -> String {
    format!("{}-{:02}-{:02}", s.between(2000, 2029), s.between(1, 12), s.between(1, 28))
}

#[cfg(any(feature = "jiff", feature = "chrono"))]
fn moment(s: &mut Sampler) -> String {
    format!("{}T{:02}:{:02}:{:02}Z", day(s), s.between(0, 23), s.between(0, 59), s.between(0, 59))
}

impl<T: Sample> Sample for Option<T> {
    fn sample(s: &mut Sampler) -> Self {
        s.present().then(|| T::sample(s))
    }
}

impl<T: Sample> Sample for Box<T> {
    fn sample(s: &mut Sampler) -> Self {
        Box::new(T::sample(s))
    }
}

impl<T: Sample> Sample for Vec<T> {
    fn sample(s: &mut Sampler) -> Self {
        s.list(T::sample)
    }
}

impl<T: Sample> Sample for BTreeMap<String, T> {
    fn sample(s: &mut Sampler) -> Self {
        s.list(|s| (s.text(), T::sample(s))).into_iter().collect()
    }
}
