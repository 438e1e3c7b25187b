//! Descriptions of a spec made into documentation comments.
//!
//! A description is untrusted Markdown. What leaves here is a small, known part of Markdown: paragraphs, headings, lists,
//! tables, labelled code blocks, code spans, emphasis and links to the web. Everything else is escaped, so that rustdoc and
//! clippy have nothing to say and nothing becomes a doc-test. The work goes `clean` → `blocks` → `inline` → `wrap`.

mod blocks;
mod clean;
mod inline;
mod wrap;

/// The lines for the `doc` attributes of an item; none if there is nothing to say.
///
/// The lines have no leading space (the attribute wants one before each line that is not empty). Text longer than 20 000
/// characters is cut.
pub fn doc_lines(markdown: &str) -> Vec<String> {
    blocks::render(&clean::clean(markdown))
}

/// The first sentence of a description as plain text on one line, for tables and command lines; may be empty.
///
/// It is not Markdown: to use it as documentation, send it through [`doc_lines`].
pub fn summary(markdown: &str) -> String {
    const LONGEST: usize = 200;
    let text = clean::clean(markdown);
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
        if i > 0 {
            summary.push(' ');
        }
        summary.push_str(word);
        let next_is_small = words.get(i + 1).is_some_and(|next| next.starts_with(char::is_lowercase));
        if word.ends_with(['.', '!', '?']) && !next_is_small && !matches!(*word, "e.g." | "i.e.") {
            break;
        }
    }
    summary
}

/// Text in backticks, on one line.
pub fn code_span(text: &str) -> String {
    let text = clean::clean(text).replace('`', "'");
    format!("`{}`", text.split_whitespace().collect::<Vec<_>>().join(" "))
}

#[cfg(test)]
mod tests;
