//! Text within a block: code spans, links, and escapes for everything else that could be markup.

use std::collections::HashSet;

use super::wrap::FIXED_SPACE;

/// Renders the text of a block as safe Markdown. Spaces that must not be broken become [`FIXED_SPACE`].
pub(super) fn render(text: &str) -> String {
    render_with(text, false)
}

/// Returns the text without markup for code, emphasis and links.
pub(super) fn plain(text: &str) -> String {
    let mut plain = String::new();
    let mut rest = text;
    while let Some(c) = rest.chars().next() {
        if let Some(link) = Link::at(rest) {
            plain.push_str(link.text);
            rest = &rest[link.length..];
            continue;
        }
        if !matches!(c, '`' | '*') {
            plain.push(c);
        }
        rest = &rest[c.len_utf8()..];
    }
    plain
}

/// Renders text; inside a link, where links cannot be nested, they are text.
fn render_with(text: &str, in_link: bool) -> String {
    let mut out = String::with_capacity(text.len() + 16);
    let mut rest = text;
    // Lengths of runs of backticks that do not occur again, so that a text full of backticks takes linear time.
    let mut unclosed = HashSet::new();
    while let Some(c) = rest.chars().next() {
        let taken = match c {
            '`' => code_span(rest, &mut out, &mut unclosed),
            '\\' => escape(rest, &mut out),
            '!' if Link::at(&rest[1..]).is_some() => 1,
            '<' | '[' | 'h' if !in_link => link(rest, &mut out),
            _ => 0,
        };
        if taken == 0 {
            out.push_str(if matches!(c, '<' | '>' | '[' | ']') { "\\" } else { "" });
            out.push(c);
        }
        rest = &rest[taken.max(c.len_utf8())..];
    }
    out
}

/// Renders a code span, or unmatched backticks. Returns the number of bytes consumed.
fn code_span(rest: &str, out: &mut String, unclosed: &mut HashSet<usize>) -> usize {
    let after = rest.trim_start_matches('`');
    let run = rest.len() - after.len();
    let content = if unclosed.contains(&run) { None } else { until_run(after, run) };
    let Some(content) = content else {
        unclosed.insert(run);
        out.push_str(&"\\`".repeat(run));
        return run;
    };
    let longest = content.split(|c| c != '`').map(str::len).max().unwrap_or(0);
    let fence = "`".repeat(if longest == 0 { 1 } else { longest + 1 });
    let words: Vec<&str> = content.split_whitespace().collect();
    if !words.is_empty() {
        let pad = if longest == 0 { "" } else { "\0" };
        let code = words.join("\0");
        out.extend([&fence, pad, &code, pad, &fence]);
    }
    2 * run + content.len()
}

/// Returns the text before the next run of exactly `run` backticks.
fn until_run(text: &str, run: usize) -> Option<&str> {
    let mut at = 0;
    while let Some(found) = text[at..].find('`') {
        let start = at + found;
        let length = text[start..].len() - text[start..].trim_start_matches('`').len();
        if length == run {
            return Some(&text[..start]);
        }
        at = start + length;
    }
    None
}

/// Renders a backslash with the character it escapes; alone, it is escaped itself, or it would affect the output that follows.
fn escape(rest: &str, out: &mut String) -> usize {
    let escapes = rest[1..].starts_with(|next: char| next.is_ascii_punctuation());
    out.push_str(if escapes { &rest[..2] } else { "\\\\" });
    1 + usize::from(escapes)
}

/// Renders a link of any form, if one starts here.
fn link(rest: &str, out: &mut String) -> usize {
    if let Some(link) = Link::at(rest) {
        let text = render_with(link.text, true);
        if out.ends_with('!') {
            out.pop();
            out.push_str("&#33;"); // or the link becomes an image
        }
        if text.trim().is_empty() || link.text.trim() == link.url {
            out.extend(["<", link.url, ">"]);
        } else {
            out.extend(["[", text.trim(), "](", link.url, ")"]);
        }
        return link.length;
    }
    if let Some(inner) = rest.strip_prefix('<') {
        let url = &inner[..web_url(inner)];
        return if url.is_empty() || !inner[url.len()..].starts_with('>') {
            0
        } else {
            out.extend(["<", url, ">"]);
            url.len() + 2
        };
    }
    let url = without_punctuation(&rest[..web_url(rest)]);
    if matches!(url, "" | "http://" | "https://") {
        return 0;
    }
    out.extend(["<", url, ">"]);
    url.len()
}

/// Returns the length of the URL at the start of the text, including punctuation after it; 0 if there is none.
fn web_url(text: &str) -> usize {
    if !text.starts_with("https://") && !text.starts_with("http://") {
        return 0;
    }
    text.find(|c: char| c.is_whitespace() || "<>\"`\\[]|".contains(c) || c == FIXED_SPACE).unwrap_or(text.len())
}

/// Removes final punctuation: URLs often are at the end of a sentence or in parentheses.
fn without_punctuation(mut url: &str) -> &str {
    let (mut opened, mut closed) = (url.matches('(').count(), url.matches(')').count());
    while let Some(last) = url.chars().next_back() {
        let is_extra = match last {
            ')' => closed > opened,
            _ => ".,;:!?'*_~(".contains(last),
        };
        if !is_extra {
            break;
        }
        opened -= usize::from(last == '(');
        closed -= usize::from(last == ')');
        url = &url[..url.len() - last.len_utf8()];
    }
    url
}

/// `[text](url "title")` with a web URL.
struct Link<'a> {
    text: &'a str,
    url: &'a str,
    /// Length in bytes of the source.
    length: usize,
}

impl<'a> Link<'a> {
    fn at(rest: &'a str) -> Option<Self> {
        let inner = rest.strip_prefix('[')?;
        let text = &inner[..inner.find(['[', ']'])?];
        let after = inner[text.len()..].strip_prefix("](")?;
        let whole = &after[..web_url(after)];
        let url = &whole[..closing_parenthesis(whole).unwrap_or(whole.len())];
        let tail = &after[url.len()..];
        let end = match tail.strip_prefix(' ') {
            Some(title) => {
                let title = title.trim_start();
                tail.len() - title.len() + title.strip_prefix('"')?.find("\")")? + 3
            }
            None if tail.starts_with(')') => 1,
            None => return None,
        };
        let is_balanced = closing_parenthesis(url).is_none() && url.matches('(').count() == url.matches(')').count();
        let length = rest.len() - tail.len() + end;
        (!url.is_empty() && is_balanced).then_some(Self { text, url, length })
    }
}

/// Returns the position of the parenthesis that closes one opened before the text.
fn closing_parenthesis(text: &str) -> Option<usize> {
    let mut depth = 0;
    text.bytes().position(|b| {
        depth += i64::from(b == b'(') - i64::from(b == b')');
        depth < 0
    })
}
