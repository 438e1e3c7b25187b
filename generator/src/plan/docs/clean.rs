//! Removes characters that must not be in a comment.

/// Longer descriptions are cut.
const LONGEST: usize = 20_000;

/// Removes control, bidi and invisible characters, normalises line ends to `\n`, and cuts after `LONGEST` characters.
pub(super) fn clean(markdown: &str) -> String {
    let mut clean = String::new();
    let mut last = '\0';
    for (count, c) in markdown.chars().enumerate() {
        if count == LONGEST {
            clean.push('…');
            break;
        }
        match c {
            '\n' if last == '\r' => {}
            '\n' | '\r' | '\u{2028}' | '\u{2029}' | '\u{85}' => clean.push('\n'),
            '\t' => clean.push_str("    "),
            c if c.is_control() || is_invisible(c) => {}
            c => clean.push(c),
        }
        last = c;
    }
    clean
}

/// Returns true for characters that change how other text looks, or are invisible. rustc rejects some of them.
fn is_invisible(c: char) -> bool {
    matches!(c, '\u{61c}' | '\u{200b}'..='\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2060}'..='\u{2069}' | '\u{feff}')
}
