//! Line diffs.

pub(super) struct Difference {
    /// The number of lines that are in only one of the texts.
    pub(super) changes: usize,
    /// All lines: `-` marks those of the first text only, `+` those of the second only.
    pub(super) text: String,
}

/// The message for two inputs that differ but have the same `Debug` text.
pub(super) const WITHHELD: &str = "they differ only in sensitive values (withheld)";

/// The maximum number of lines of each text; further lines are dropped.
const MAX: usize = 2_000;

/// Compares two texts line by line, by their longest common subsequence.
pub(super) fn lines(old: &str, new: &str) -> Difference {
    let (old, new): (Vec<&str>, Vec<&str>) = (old.lines().take(MAX).collect(), new.lines().take(MAX).collect());
    let common = lengths(&old, &new);
    let (mut i, mut j) = (0, 0);
    let mut difference = Difference { changes: 0, text: String::new() };
    while i < old.len() || j < new.len() {
        let (sign, line) = if i < old.len() && j < new.len() && old[i] == new[j] {
            (i, j) = (i + 1, j + 1);
            (' ', old[i - 1])
        } else if i < old.len() && (j == new.len() || common[i + 1][j] >= common[i][j + 1]) {
            i += 1;
            ('-', old[i - 1])
        } else {
            j += 1;
            ('+', new[j - 1])
        };
        difference.changes += usize::from(sign != ' ');
        difference.text.push_str(&format!("  {sign} {line}\n"));
    }
    difference.text.truncate(difference.text.trim_end().len());
    difference
}

/// Returns, for each pair of positions, the length of the longest common subsequence from there to the ends.
fn lengths(old: &[&str], new: &[&str]) -> Vec<Vec<u16>> {
    let mut common = vec![vec![0; new.len() + 1]; old.len() + 1];
    for i in (0..old.len()).rev() {
        for j in (0..new.len()).rev() {
            common[i][j] = match old[i] == new[j] {
                true => common[i + 1][j + 1] + 1,
                false => common[i + 1][j].max(common[i][j + 1]),
            };
        }
    }
    common
}

#[cfg(test)]
mod tests {
    use super::lines;

    #[test]
    fn changed_lines_stand_side_by_side() {
        let difference = lines("a\nb\nc", "a\nx\nc\nd");
        assert_eq!(difference.text, "    a\n  - b\n  + x\n    c\n  + d");
        assert_eq!(difference.changes, 3);
        assert_eq!(lines("", "").text, "");
        assert_eq!(lines("a", "a").changes, 0);
    }
}
