//! Writes plausible texts. What a value is about, its subject, is a number, from which person and place follow: the parts
//! of one value fit together.

use std::fmt::Write;

use apigen_runtime::codegen::Sampler;

use super::calendar::{instant, write_day, write_instant};
use super::dictionary::{ADJECTIVES, COMPANIES, FIRST_NAMES, LAST_NAMES, NOUNS, PLACES, Part};
use super::field_name::{Kind, Range};

/// Returns the texts of a kind for a place, the preferred one first; none if the place does not determine them.
pub fn of_place(kind: Kind, place: &'static str) -> [Option<&'static str>; 2] {
    match kind {
        Kind::Place(Part::Phone) => [None, None],
        Kind::Place(part) => [Some(part.of(place)), None],
        Kind::CountryCode => [Part::Alpha3, Part::Alpha2].map(|part| Some(part.of(place))),
        _ => [None, None],
    }
}

/// What a value is about.
#[derive(Debug, Clone, Copy)]
pub struct Subject(pub u64);

impl Subject {
    fn one_of(self, shift: u32, words: &[&'static str]) -> &'static str {
        let at = (self.0 >> shift) % (words.len() as u64).max(1);
        words.get(usize::try_from(at).unwrap_or(0)).copied().unwrap_or_default()
    }

    pub fn place(self) -> usize {
        usize::try_from(self.0 % PLACES.len() as u64).unwrap_or(0)
    }

    /// Returns another subject that is determined by this one: the seller beside a buyer.
    pub fn other_side(self) -> Self {
        Self(self.0.rotate_left(29).wrapping_add(7))
    }

    /// Returns the bits from which instants follow.
    pub fn time(self) -> u64 {
        self.0.rotate_left(17)
    }
}

/// Appends a plausible text of these many characters at most, if there is one: a few words of one kind are tried.
pub fn write(
    out: &mut String,
    s: &mut Sampler,
    kind: Kind,
    subject: Subject,
    prefix: [u8; 3],
    fits: impl Fn(&str) -> bool,
) -> bool {
    let start = out.len();
    let tried = |out: &mut String, text: &str| {
        let fits = fits(text);
        if fits {
            out.push_str(text);
        }
        fits
    };
    match kind {
        Kind::Word(words) => {
            let first = usize::try_from(s.below(words.len() as u64)).unwrap_or(0);
            return (0..words.len()).any(|at| tried(out, words[(first + at) % words.len()]));
        }
        Kind::Place(Part::Phone) => {}
        Kind::Place(_) | Kind::CountryCode => {
            let texts = of_place(kind, PLACES[subject.place()]);
            return texts.into_iter().flatten().any(|text| tried(out, text));
        }
        _ => {}
    }
    // A short form may fit where the usual one does not.
    [false, true].into_iter().any(|short| {
        compose(out, s, kind, (subject, prefix), short);
        let fitted = fits(&out[start..]);
        if !fitted {
            out.truncate(start);
        }
        fitted
    })
}

/// Appends a text that is composed of several parts; some have a short form with fewer.
fn compose(out: &mut String, s: &mut Sampler, kind: Kind, (subject, prefix): (Subject, [u8; 3]), short: bool) {
    let (first, last) = (subject.one_of(4, FIRST_NAMES), subject.one_of(10, LAST_NAMES));
    let company = subject.one_of(16, COMPANIES);
    match kind {
        Kind::FirstName => out.push_str(first),
        Kind::LastName => out.push_str(last),
        Kind::FullName if short => out.push_str(last),
        Kind::FullName => out.extend([first, " ", last]),
        Kind::Username => {
            lower(out, first);
            digits(out, s, "##");
        }
        Kind::Email => {
            lower(out, first);
            if !short {
                out.push('.');
                lower(out, last);
            }
            out.push_str("@example.com");
        }
        Kind::Title if short => out.push_str(pick(s, NOUNS)),
        Kind::Title => out.extend([pick(s, ADJECTIVES), " ", pick(s, NOUNS)]),
        Kind::Slug if short => lower(out, pick(s, NOUNS)),
        Kind::Slug => slug(out, s),
        Kind::Company => out.push_str(company),
        Kind::CompanyKey => {
            lower(out, company.split(' ').next().unwrap_or(company));
        }
        Kind::Phone => {
            out.push_str(Part::Phone.of(PLACES[subject.place()]));
            digits(out, s, "##");
        }
        Kind::Url(..) if short => out.push_str("https://example.com"),
        Kind::Url(folder, end) => {
            out.extend(["https://www.example.com/", folder]);
            slug(out, s);
            out.push_str(end);
        }
        Kind::Pattern(pattern) => digits(out, s, pattern),
        Kind::Id => {
            out.extend(prefix.map(char::from));
            digits(out, s, "-********");
        }
        Kind::Number => {
            out.push(char::from(prefix[0].to_ascii_uppercase()));
            digits(out, s, "-?####");
        }
        Kind::Instant(order) => write_instant(out, instant(order, subject.time())),
        Kind::Day(order) => write_day(out, instant(order, subject.time())),
        Kind::Range(range) => number(out, s, range, true),
        Kind::Word(_) | Kind::Place(_) | Kind::CountryCode => {}
    }
}

/// Appends a number of a range, with two digits after the point if it has cents and the type takes them.
pub fn number(out: &mut String, s: &mut Sampler, range: Range, is_fraction: bool) {
    let _ = write!(out, "{}", s.between(range.low, range.high)); // writing to a String cannot fail
    if range.cents && is_fraction {
        digits(out, s, ".#?");
    }
}

fn pick(s: &mut Sampler, words: &[&'static str]) -> &'static str {
    let at = s.below((words.len() as u64).max(1));
    words.get(usize::try_from(at).unwrap_or(0)).copied().unwrap_or_default()
}

fn lower(out: &mut String, text: &str) {
    out.extend(text.chars().map(|c| c.to_ascii_lowercase()));
}

fn slug(out: &mut String, s: &mut Sampler) {
    lower(out, pick(s, ADJECTIVES));
    out.push('-');
    lower(out, pick(s, NOUNS));
}

/// Appends a pattern: see [`Kind::Pattern`].
fn digits(out: &mut String, s: &mut Sampler, pattern: &str) {
    for c in pattern.chars() {
        out.push(match c {
            '#' => digit(s.below(10)),
            '?' => digit(1 + s.below(9)),
            '*' => digit(s.below(16)),
            '@' => char::from(b'A' + u8::try_from(s.below(26)).unwrap_or(0)),
            other => other,
        });
    }
}

fn digit(value: u64) -> char {
    u32::try_from(value).ok().and_then(|value| char::from_digit(value, 16)).unwrap_or('0')
}
