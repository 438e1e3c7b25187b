//! Values that are hard to send, the same in every run.

use std::collections::BTreeMap;

use apigen_runtime::{Date, Decimal, Timestamp, Uuid, Value};

/// A xorshift generator.
pub struct Random(pub u64);

impl Random {
    pub fn bits(&mut self) -> u64 {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        self.0.wrapping_mul(0x2545_f491_4f6c_dd1d)
    }

    pub fn below(&mut self, end: usize) -> usize {
        (self.bits() >> 33) as usize % end
    }

    pub fn pick<T: Clone>(&mut self, from: &[T]) -> T {
        from[self.below(from.len())].clone()
    }

    pub fn get<T: Any>(&mut self) -> T {
        T::any(self)
    }
}

/// A type with random values.
pub trait Any {
    fn any(r: &mut Random) -> Self;
}

/// Characters with a special meaning in some place, and others.
const CHARACTERS: &[char] = &[
    'a', 'Z', '0', '7', ' ', '\t', '\n', '\r', '\0', '\u{7f}', '/', '\\', '?', '#', '&', '=', '+', '%', ';', ',', '"', '\'', '.',
    '-', '_', '~', ':', '@', '[', ']', '{', '}', '<', '>', '|', '^', '`', '*', '(', ')', '!', '$', 'é', 'ß', '\u{a0}', '\u{2003}',
    '日', '🦀', '\u{feff}', '\u{301}',
];

/// Whole texts with a special meaning.
const TEXTS: &[&str] = &[
    "", ".", "..", "...", "%2F", "%2e", "null", "true", "false", "1", "5000", "007", "-0", "1.5", "a[b]", "]", "[", "a.b", "[]", "[0]",
    "a,b", "\"a,b\"", " a", "a ", "a b", "a+b", "a&b=c", "red", "RED", "{}", "[1]", "/", "//", "a/../b", "\u{a0}a", ".csv", "a.csv",
];

impl Any for String {
    fn any(r: &mut Random) -> String {
        if r.below(2) == 0 {
            return r.pick(TEXTS).to_owned();
        }
        let length = r.below(6);
        (0..length).map(|_| r.pick(CHARACTERS)).collect()
    }
}

impl Any for bool {
    fn any(r: &mut Random) -> bool {
        r.below(2) == 0
    }
}

impl Any for i32 {
    fn any(r: &mut Random) -> i32 {
        let any = r.bits() as i32;
        r.pick(&[0, -1, 7, i32::MIN, i32::MAX, any])
    }
}

impl Any for i64 {
    fn any(r: &mut Random) -> i64 {
        let any = r.bits() as i64;
        r.pick(&[0, -1, 7, i64::MIN, i64::MAX, any])
    }
}

impl Any for f64 {
    fn any(r: &mut Random) -> f64 {
        let any = f64::from_bits(r.bits());
        r.pick(&[0.0, -0.0, 0.1, 1e21, 1e-7, f64::MAX, f64::MIN_POSITIVE, 5e-324, f64::NAN, f64::INFINITY, any, any, any])
    }
}

impl Any for Decimal {
    fn any(r: &mut Random) -> Decimal {
        let (digits, scale) = (r.bits() as i64, r.below(28) as u32);
        let any = Decimal::from_i128_with_scale(i128::from(digits), scale);
        r.pick(&[any, any, Decimal::MAX, Decimal::MIN, Decimal::new(0, 3), Decimal::new(100, 2)])
    }
}

impl Any for Uuid {
    fn any(r: &mut Random) -> Uuid {
        Uuid::from_u64_pair(r.bits(), r.bits())
    }
}

impl Any for Date {
    fn any(r: &mut Random) -> Date {
        let (year, month, day) = (r.below(9999) as i16 + 1, r.below(12) as i8 + 1, r.below(28) as i8 + 1);
        let any = Date::new(year, month, day).unwrap();
        r.pick(&[any, any, Date::new(1, 1, 1).unwrap(), Date::MAX])
    }
}

impl Any for Timestamp {
    fn any(r: &mut Random) -> Timestamp {
        let (seconds, fraction) = (r.below(250_000_000_000) as i64 - 60_000_000_000, r.below(1_000_000_000) as i32);
        let any = Timestamp::new(seconds, fraction).unwrap();
        r.pick(&[any, any, Timestamp::UNIX_EPOCH, Timestamp::MAX])
    }
}

impl Any for Value {
    fn any(r: &mut Random) -> Value {
        match r.below(9) {
            0 => Value::Null,
            1 => Value::Bool(r.get()),
            2 => Value::from(r.get::<i64>()),
            3 => Value::from(r.get::<f64>()),
            4 => Value::Array(r.get()),
            5 => Value::Object(r.get::<BTreeMap<String, Value>>().into_iter().collect()),
            _ => Value::String(r.get()),
        }
    }
}

/// Mostly `None`, since one value that cannot be sent prevents the whole call.
impl<T: Any> Any for Option<T> {
    fn any(r: &mut Random) -> Option<T> {
        (r.below(10) == 0).then(|| r.get())
    }
}

impl<T: Any> Any for Vec<T> {
    fn any(r: &mut Random) -> Vec<T> {
        let length = r.pick(&[0, 0, 0, 0, 0, 0, 1, 2, 12]);
        let length = r.below(length + 1);
        (0..length).map(|_| r.get()).collect()
    }
}

impl<T: Any> Any for BTreeMap<String, T> {
    fn any(r: &mut Random) -> BTreeMap<String, T> {
        (0..r.below(3)).map(|_| (r.get(), r.get())).collect()
    }
}
