//! Comparison with serde_json: both accept or reject random documents, many of them damaged, and agree on their
//! meaning.
//!
//! `cargo test --release -p apigen-runtime --test integration json_fuzz:: -- --ignored` generates a million.

use apigen_runtime::ToJson;
use apigen_runtime::{FromJson, Value, validate::Code};

/// The same numbers on every machine (xorshift64*).
struct Random(u64);

impl Random {
    fn next(&mut self) -> u64 {
        self.0 ^= self.0 >> 12;
        self.0 ^= self.0 << 25;
        self.0 ^= self.0 >> 27;
        self.0.wrapping_mul(0x2545_f491_4f6c_dd1d)
    }

    fn below(&mut self, bound: usize) -> usize {
        (self.next() >> 33) as usize % bound
    }

    fn of<T: Copy>(&mut self, choices: &[T]) -> T {
        choices[self.below(choices.len())]
    }
}

/// Writes JSON in all forms that the grammar allows.
struct Document {
    random: Random,
    text: Vec<u8>,
}

impl Document {
    fn space(&mut self) {
        for _ in 0..self.random.below(3) / 2 * self.random.below(4) {
            let space = self.random.of(b" \t\r\n");
            self.text.push(space);
        }
    }

    fn put(&mut self, text: &str) {
        self.text.extend_from_slice(text.as_bytes());
    }

    fn value(&mut self, depth: usize) {
        self.space();
        match self.random.below(if depth > 6 { 5 } else { 9 }) {
            0 => {
                let word = self.random.of(&["null", "true", "false"]);
                self.put(word);
            }
            1 | 2 => self.number(),
            3 | 4 => self.string(),
            5 | 6 => self.list(b'[', b']', |document| document.value(depth + 1)),
            _ => self.list(b'{', b'}', |document| {
                document.space();
                document.string();
                document.space();
                document.put(":");
                document.value(depth + 1);
            }),
        }
        self.space();
    }

    fn list(&mut self, open: u8, close: u8, item: impl Fn(&mut Self)) {
        self.text.push(open);
        let count = self.random.below(5);
        for index in 0..count {
            if index > 0 {
                self.put(",");
            }
            item(self);
        }
        if count == 0 {
            self.space();
        }
        self.text.push(close);
    }

    fn digits(&mut self) {
        let most = self.random.of(&[1, 2, 4, 20]);
        for _ in 0..=self.random.below(most) {
            let digit = self.random.of(b"0123456789");
            self.text.push(digit);
        }
    }

    fn number(&mut self) {
        if self.random.below(3) == 0 {
            self.put("-");
        }
        if self.random.below(5) == 0 {
            self.put("0");
        } else {
            let first = self.random.of(b"123456789");
            self.text.push(first);
            if self.random.below(2) == 0 {
                self.digits();
            }
        }
        if self.random.below(3) == 0 {
            self.put(".");
            self.digits();
        }
        if self.random.below(4) == 0 {
            let sign = self.random.of(&["e", "E", "e+", "E-", "e-"]);
            self.put(sign);
            let exponent = self.random.of(&[0, 5, 30, 310, 400]) + self.random.below(10);
            self.put(&exponent.to_string());
        }
    }

    fn string(&mut self) {
        self.put("\"");
        let most = self.random.of(&[1, 4, 9, 40]);
        for _ in 0..self.random.below(most) {
            match self.random.below(12) {
                0 => {
                    let escape = self.random.of(&["\\\"", "\\\\", "\\/", "\\b", "\\f", "\\n", "\\r", "\\t"]);
                    self.put(escape);
                }
                1 => {
                    // Including halves of surrogate pairs, which both reject.
                    let unit = self.random.of(&[0x41, 0xe9, 0x20ac, 0xd83d, 0xde00, 0xffff]);
                    self.put(&format!("\\u{unit:04x}"));
                }
                2 => self.put("\\uD83D\\uDe00"),
                3 => {
                    let letter = self.random.of(&["é", "€", "😀", "\u{7f}", "\u{2028}", "\u{10ffff}"]);
                    self.put(letter);
                }
                _ => {
                    let letter = self.random.of(b"abcxyz019 ,:[]{}'/-+.");
                    self.text.push(letter);
                }
            }
        }
        self.put("\"");
    }

    /// Makes small changes anywhere; most of them break the document.
    fn damage(&mut self) {
        const LETTERS: &[u8] = b"{}[]\",:\\ue0159.-+tfnE/ \n\x00\x1f\x7f\x80\xc3\xed\xf4\xff";
        for _ in 0..=self.random.below(3) {
            let at = self.random.below(self.text.len());
            let letter = self.random.of(LETTERS);
            match self.random.below(5) {
                0 => self.text[at] = letter,
                1 => drop(self.text.remove(at)),
                2 => self.text.insert(at, letter),
                3 => self.text.truncate(at + 1),
                _ => {
                    let end = (at + self.random.below(9)).min(self.text.len());
                    let copy = self.text[at..end].to_vec();
                    let to = self.random.below(self.text.len());
                    self.text.splice(to..to, copy);
                }
            }
            if self.text.is_empty() {
                self.text.push(b' ');
            }
        }
    }
}

/// Compares values; doubles only roughly: without its feature `float_roundtrip` serde_json may be off by a few units.
fn same(ours: &Value, theirs: &Value) -> bool {
    match (ours, theirs) {
        (Value::Number(a), Value::Number(b)) if a.is_f64() && b.is_f64() => {
            let [a, b] = [a, b].map(|number| number.as_f64().unwrap_or(f64::NAN).to_bits());
            a.abs_diff(b) <= 8
        }
        (Value::Array(a), Value::Array(b)) => a.len() == b.len() && a.iter().zip(b).all(|(a, b)| same(a, b)),
        (Value::Object(a), Value::Object(b)) => {
            a.len() == b.len() && a.iter().zip(b).all(|((x, a), (y, b))| x == y && same(a, b))
        }
        (a, b) => a == b,
    }
}

/// Returns how many documents were accepted.
fn compare(count: u64) -> u64 {
    let mut accepted = 0;
    for seed in 1..=count {
        let mut document = Document { random: Random(seed.wrapping_mul(0x9e37_79b9_7f4a_7c15)), text: Vec::new() };
        document.value(0);
        if seed % 2 == 0 {
            document.damage();
        }
        let json = document.text;
        let (ours, theirs) = (Value::from_json(&json), serde_json::from_slice::<Value>(&json));
        let text = || format!("document {seed}: {}", String::from_utf8_lossy(&json));
        // Skipping checks the same grammar; it only accepts numbers beyond the range of a double.
        let in_range = ours.as_ref().err().is_none_or(|violations| violations.iter().all(|v| v.code != Code::Range));
        if in_range {
            assert_eq!(<()>::from_json(&json).is_ok(), ours.is_ok(), "{}", text());
        }
        match (ours, theirs) {
            (Ok(ours), Ok(theirs)) => {
                assert!(same(&ours, &theirs), "{}: {ours} is not {theirs}", text());
                let written = ours.to_json();
                assert_eq!(Value::from_json(&written).as_ref(), Ok(&ours), "{}: {written}", text());
                accepted += 1;
            }
            (Err(_), Err(_)) => {}
            (ours, theirs) => panic!("{}: {ours:?} is not {theirs:?}", text()),
        }
    }
    accepted
}

#[test]
fn agrees_with_serde_json() {
    let accepted = compare(20_000);
    assert!((5_000..15_000).contains(&accepted), "{accepted}");
}

#[test]
#[ignore = "minutes without optimisation"]
fn agrees_with_serde_json_a_million_times() {
    let count = 1_000_000;
    let accepted = compare(count);
    eprintln!("{accepted} of {count} documents accepted, by both");
}
