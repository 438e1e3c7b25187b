//! Wraps lines to a readable width.

/// A space at which a line must not be broken. [`clean`](super::clean) removes this character from the text.
pub(super) const FIXED_SPACE: char = '\0';

const WIDTH: usize = 110;

/// Wraps rendered text into lines that start `indent` columns further right.
pub(super) fn wrap(rendered: &str, indent: usize) -> Vec<String> {
    let (mut lines, mut end) = (Vec::<String>::new(), indent);
    for word in rendered.split_whitespace() {
        let width = word.chars().count();
        match lines.last_mut().filter(|_| end + 1 + width <= WIDTH) {
            Some(line) => {
                line.push_str(&format!(" {word}"));
                end += 1 + width;
            }
            None => {
                lines.push(harmless(word));
                end = indent + width;
            }
        }
    }
    lines.iter().map(|line| fixed(line)).collect()
}

/// Puts rendered text on one line.
pub(super) fn one_line(rendered: &str) -> String {
    let words: Vec<&str> = rendered.split_whitespace().collect();
    fixed(&words.join(" "))
}

fn fixed(line: &str) -> String {
    line.replace(FIXED_SPACE, " ").trim_end().to_owned()
}

/// Escapes a word at the beginning of a line, where it must not start a heading, list, quote, table or code block.
fn harmless(word: &str) -> String {
    let digits = word.trim_end_matches(['.', ')']);
    if !digits.is_empty() && digits.len() + 1 == word.len() && digits.bytes().all(|b| b.is_ascii_digit()) {
        return format!("{digits}\\{}", &word[digits.len()..]);
    }
    let is_marker =
        word.starts_with(['#', '|']) || word.starts_with("~~~") || word.chars().all(|c| "-+*=_|:".contains(c));
    format!("{}{word}", if is_marker { "\\" } else { "" })
}
