//! Converts descriptions of a spec to documentation comments.
//!
//! A description is untrusted Markdown. The output is a small, known subset of Markdown: paragraphs, headings, lists,
//! tables, labelled code blocks, code spans, emphasis and web links. Everything else is escaped, so that rustdoc and
//! clippy do not warn and nothing becomes a doctest. The stages are `clean` → `blocks` → `inline` → `wrap`.

mod blocks;
mod inline;
mod wrap;

/// Returns the lines for the `doc` attributes of an item; none if the description is empty.
///
/// The lines have no leading space (the attribute needs one before each line that is not empty). Text longer than
/// 20 000 characters is cut.
pub fn doc_lines(markdown: &str) -> Vec<String> {
    blocks::render(&clean(markdown))
}

/// Returns an item of a list: a name as code, its description, and further sentences.
pub fn doc_item(name: &str, description: Option<&str>, facts: &[String]) -> Vec<String> {
    let (label, facts) = (format!("{}:", code_span(name)), facts.join(" "));
    let description = clean(description.unwrap_or_default());
    let description = description.trim();
    let lines = if blocks::is_paragraph(description) {
        let stop = if description.is_empty() || description.ends_with(['.', '!', '?', '…', ':']) { "" } else { "." };
        blocks::render(&[&label, " ", description, stop, " ", &facts].concat())
    } else {
        [vec![label, String::new()], blocks::render(description), vec![String::new()], blocks::render(&facts)].concat()
    };
    let end = lines.iter().rposition(|line| !line.is_empty()).map_or(0, |last| last + 1);
    let margin = |at| if at == 0 { "* " } else { "  " };
    let indented =
        lines[..end].iter().enumerate().map(|(at, line)| format!("{}{line}", margin(at)).trim_end().to_owned());
    indented.collect()
}

/// Returns the first sentence of a description as plain text on one line, for tables and command lines; may be empty.
///
/// It is not Markdown: to use it as documentation, pass it through [`doc_lines`].
pub fn summary(markdown: &str) -> String {
    const LONGEST: usize = 200;
    let text = clean(markdown);
    let start = |line: &&str| line.trim_start_matches(['#', '>', '-', '*', '+', '=', ' ']).is_empty();
    let paragraph: Vec<&str> = text
        .lines()
        .map(|line| line.trim().trim_start_matches(['#', '>']).trim_start())
        .skip_while(start)
        .take_while(|line| !line.is_empty())
        .collect();
    let plain = inline::plain(&paragraph.join(" "));
    let words: Vec<&str> = plain.split_whitespace().collect();
    let mut summary = String::new();
    for (i, word) in words.iter().enumerate() {
        if summary.len() + word.len() > LONGEST {
            summary.push_str(if summary.is_empty() { "…" } else { " …" });
            break;
        }
        summary.push_str(if i > 0 { " " } else { "" });
        summary.push_str(word);
        let next_is_small = words.get(i + 1).is_some_and(|next| next.starts_with(char::is_lowercase));
        if word.ends_with(['.', '!', '?']) && !next_is_small && !matches!(*word, "e.g." | "i.e.") {
            break;
        }
    }
    summary
}

/// Formats text in backticks, on one line.
pub fn code_span(text: &str) -> String {
    let text = clean(text).replace('`', "'");
    format!("`{}`", text.split_whitespace().collect::<Vec<_>>().join(" "))
}

/// Joins the parts that are not empty, with a blank line between them.
pub fn paragraphs(parts: &[&[String]]) -> Vec<String> {
    let parts: Vec<&[String]> = parts.iter().copied().filter(|lines| !lines.is_empty()).collect();
    parts.join(&String::new())
}

/// Formats a summary as the cell of a table.
pub fn cell(summary: &str) -> String {
    doc_lines(summary).join(" ").replace("\\|", "|").replace('|', "&#124;")
}

/// Formats text in backticks as the cell of a table.
pub fn code_cell(text: &str) -> String {
    code_span(text).replace('|', "\\|")
}

/// Longer descriptions are cut.
const LONGEST_DESCRIPTION: usize = 20_000;

/// Removes control, bidi and invisible characters, normalises line ends to `\n`, and cuts what is too long.
fn clean(markdown: &str) -> String {
    let mut clean = String::new();
    let mut last = '\0';
    for (count, c) in markdown.chars().enumerate() {
        if count == LONGEST_DESCRIPTION {
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

#[cfg(test)]
mod tests;
