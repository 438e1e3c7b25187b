//! Parts of messages: amounts, excerpts, and suggestions.

use std::fmt::Display;

/// The replacement for sensitive values in messages.
pub(crate) const REDACTED: &str = "[REDACTED]";

/// The words that a [`Writer`](crate::Writer) writes for doubles without a JSON number, until JSON is requested.
pub(super) const NOT_FINITE: [&str; 3] = ["NaN", "Infinity", "-Infinity"];

/// Formats an amount: `1 byte`, `2 bytes`, or without a unit the number alone.
pub(crate) fn counted(number: &dyn Display, unit: &str) -> String {
    let mut text = number.to_string();
    if !unit.is_empty() {
        let one = text == "1";
        text.push(' ');
        text.push_str(if one { unit.trim_end_matches('s') } else { unit });
    }
    text
}

/// The maximum number of characters of a literal in messages.
pub(crate) const QUOTED: usize = 80;

/// Cuts a text after `longest` characters.
pub(crate) fn shorten(literal: &str, longest: usize) -> String {
    match literal.char_indices().nth(longest) {
        Some((end, _)) => format!("{}…", &literal[..end]),
        None => literal.to_owned(),
    }
}

/// Returns the candidate that `text` was probably meant to be: at most a third of its letters differ.
pub(crate) fn closest<'c>(text: &str, candidates: impl Iterator<Item = &'c str>) -> Option<&'c str> {
    const LONGEST: usize = 64; // the cost of the distance is quadratic
    let length = text.chars().count();
    if length > LONGEST {
        return None;
    }
    let near = |candidate: &&str| candidate.chars().count().abs_diff(length) <= 2;
    let scored = candidates.filter(near).map(|candidate| (distance(text, candidate), candidate));
    let (distance, best) = scored.min_by_key(|(distance, _)| *distance)?;
    (distance <= length.max(3) / 3).then_some(best)
}

/// Returns how many letters to insert, remove, replace or swap with their neighbour, ignoring case.
fn distance(a: &str, b: &str) -> usize {
    let fold = |text: &str| text.chars().map(|c| c.to_ascii_lowercase()).collect::<Vec<_>>();
    let (a, b) = (fold(a), fold(b));
    let mut before = vec![0; b.len() + 1];
    let mut last: Vec<usize> = (0..=b.len()).collect();
    for i in 0..a.len() {
        let mut row = vec![i + 1];
        for j in 0..b.len() {
            let mut best = (last[j] + usize::from(a[i] != b[j])).min(last[j + 1] + 1).min(row[j] + 1);
            if i > 0 && j > 0 && a[i] == b[j - 1] && a[i - 1] == b[j] {
                best = best.min(before[j - 1] + 1);
            }
            row.push(best);
        }
        before = std::mem::replace(&mut last, row);
    }
    last[b.len()]
}
