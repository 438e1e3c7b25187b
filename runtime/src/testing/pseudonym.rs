//! Pseudonyms for sensitive values in recorded examples and exchanges.

#[allow(deprecated, reason = "SipHash 2-4 as published: other hashers of std may change between releases")]
use std::hash::{Hasher, SipHasher};

/// Creates pseudonyms: equal for equal values, of the same JSON type, and valid if the value is, where possible.
#[derive(Debug, Clone)]
pub(crate) struct Pseudonyms {
    keys: (u64, u64),
}

/// The limits of the field that holds a value.
pub(crate) type Limits = (Option<i64>, Option<i64>);

const PREFIX: &str = "redacted-";
/// The number of hexadecimal digits after the prefix.
const DIGITS: usize = 12;

impl Default for Pseudonyms {
    fn default() -> Self {
        Pseudonyms { keys: (0x6170_6967_656e, 0x7265_706c_6179) }
    }
}

impl Pseudonyms {
    pub(crate) fn keyed(key: &str) -> Pseudonyms {
        let plain = Pseudonyms::default();
        Pseudonyms { keys: (plain.hash("key 0", key), plain.hash("key 1", key)) }
    }

    /// Returns the first digits of a hash, as a name for something without one.
    pub(crate) fn short(text: &str) -> String {
        let hash = Pseudonyms::default().hash("name", text);
        format!("{:08x}", hash & 0xffff_ffff)
    }

    /// Returns one of the choices of an enum, each with its name and its text on the wire.
    pub(crate) fn choice(&self, text: &str, choices: &[(&str, &'static str)]) -> &'static str {
        let index = self.hash("choice", text) % (choices.len().max(1) as u64);
        let choice = usize::try_from(index).ok().and_then(|index| choices.get(index));
        choice.map_or(PREFIX, |(_, wire)| wire)
    }

    /// Returns the pseudonym of a text. A pseudonym stays unchanged, so that a replayed value can be sent.
    pub(crate) fn text(&self, text: &str, (min, max): Limits) -> String {
        if is_pseudonym(text) {
            return text.to_owned();
        }
        match text.len() {
            36 if is_like(text, "xxxxxxxx-xxxx-xxxx-xxxx-xxxxxxxxxxxx") => return self.uuid(text),
            10 if is_like(text, "0000-00-00") => return self.date(text),
            17.. if is_like(text, "0000-00-00T00:00") => return self.date_time(text),
            _ => {}
        }
        let hash = self.hash("text", text);
        let size = |limit: Option<i64>| limit.map(|limit| usize::try_from(limit).unwrap_or(0));
        let (least, most) = (size(min).unwrap_or(0), size(max).unwrap_or(usize::MAX));
        let digits = format!("{hash:016x}{:016x}", self.hash("more", text));
        let short = most < PREFIX.len() + DIGITS;
        let prefix = if short { "" } else { PREFIX };
        let wanted = (PREFIX.len() + DIGITS).max(least).min(most) - prefix.len();
        prefix.chars().chain(digits.chars().cycle().take(wanted)).collect()
    }

    /// Returns the uuid that stands for another one.
    pub(crate) fn uuid(&self, text: &str) -> String {
        let bits = u128::from(self.hash("text", text)) << 64 | u128::from(self.hash("uuid", text));
        uuid::Builder::from_random_bytes(bits.to_be_bytes()).into_uuid().to_string()
    }

    /// Returns the date that stands for another one.
    pub(crate) fn date(&self, text: &str) -> String {
        let hash = self.hash("text", text);
        format!("{}-{:02}-{:02}", 1970 + hash % 100, 1 + hash / 100 % 12, 1 + hash / 1200 % 28)
    }

    /// Returns the date-time that stands for another one.
    pub(crate) fn date_time(&self, text: &str) -> String {
        format!("{}T00:00:00Z", self.date(text))
    }

    /// Returns an integer within the limits; without limits, one that fits 32 bits.
    pub(crate) fn number(&self, digits: &str, (min, max): Limits) -> i64 {
        const SPAN: i64 = 1_000_000_000;
        let low = min.or(max.filter(|max| *max < 0).map(|max| max.saturating_sub(SPAN))).unwrap_or(0);
        let high = max.unwrap_or_else(|| low.saturating_add(SPAN)).max(low);
        let span = i128::from(high) - i128::from(low) + 1;
        let value = i128::from(low) + i128::from(self.hash("number", digits)) % span;
        i64::try_from(value).unwrap_or(low)
    }

    #[allow(deprecated, reason = "see above")]
    fn hash(&self, domain: &str, text: &str) -> u64 {
        let mut hasher = SipHasher::new_with_keys(self.keys.0, self.keys.1);
        hasher.write(domain.as_bytes());
        hasher.write(&[0]);
        hasher.write(text.as_bytes());
        hasher.finish()
    }
}

/// Returns true if a text begins as the pattern: `x` is a hexadecimal digit, and `0` a decimal one.
fn is_like(text: &str, pattern: &str) -> bool {
    text.bytes().zip(pattern.bytes()).all(|(byte, sign)| match sign {
        b'x' => byte.is_ascii_hexdigit(),
        b'0' => byte.is_ascii_digit(),
        sign => byte == sign,
    })
}

/// Returns true if a text is the pseudonym of a text without a form of its own.
pub(crate) fn is_pseudonym(text: &str) -> bool {
    text.strip_prefix(PREFIX)
        .is_some_and(|digits| digits.len() >= DIGITS && digits.bytes().all(|byte| byte.is_ascii_hexdigit()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn pseudonyms_keep_type_and_limits() {
        let names = Pseudonyms::default();
        assert_eq!(names.text("jo@example.com", (Some(3), Some(254))), names.text("jo@example.com", (None, None)));
        assert_eq!(names.text("a", (None, None)).len(), 21);
        assert_eq!(names.text("a", (Some(40), None)).len(), 40);
        assert_eq!(names.text("a", (Some(3), Some(3))).len(), 3);
        assert_eq!(names.text("a", (None, Some(0))), "");
        assert_ne!(names.text("a", (None, None)), names.text("b", (None, None)));
        assert_ne!(names.text("a", (None, None)), Pseudonyms::keyed("k").text("a", (None, None)));
        let once = names.text("a", (None, None));
        assert_eq!(names.text(&once, (None, None)), once);
        let uuid = names.text("6513270e-269e-4d37-b2a7-4de452e6b438", (None, None));
        assert!(uuid.parse::<crate::json::Uuid>().is_ok() && !uuid.starts_with("6513"), "{uuid}");
        assert!(is_like(&names.text("2026-01-02", (None, None)), "0000-00-00"));
        assert!(is_like(&names.text("2026-01-02T03:04:05.6+01:00", (None, None)), "0000-00-00T00:00"));
        for limits in [
            (Some(5), Some(7)),
            (Some(-3), None),
            (None, Some(-4)),
            (None, Some(4)),
            (Some(i64::MIN), Some(i64::MAX)),
            (None, None),
        ] {
            let number = names.number("12.5", limits);
            assert!(limits.0.is_none_or(|min| number >= min) && limits.1.is_none_or(|max| number <= max), "{number}");
        }
        assert_eq!(names.choice("x", &[("a", "A")]), "A");
    }

    /// Recorded examples are long-lived files: the pseudonym of a value must never change.
    #[test]
    fn pseudonyms_are_stable() {
        let names = Pseudonyms::default();
        assert_eq!(names.text("jo@example.com", (None, None)), "redacted-d1a90d2bdd31");
    }
}
