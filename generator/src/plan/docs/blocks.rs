//! Blocks of Markdown: paragraphs, headings, lists, tables, code.

use super::{
    inline,
    wrap::{one_line, wrap},
};

/// Deeper lists are flattened.
const DEEPEST_LIST: usize = 5;

/// Labels of code blocks that rustdoc does not treat as Rust.
const LABELS: &str = "bash console csv graphql html http java javascript json python ruby scala sh shell sql toml \
                      typescript url xml yaml";

/// Renders cleaned text as lines of safe Markdown, without blank lines at either end.
pub(super) fn render(text: &str) -> Vec<String> {
    let lines: Vec<&str> = text.lines().collect();
    let mut blocks = Blocks::default();
    let mut at = 0;
    while at < lines.len() {
        at += blocks.block(&lines[at..]);
    }
    blocks.flush();
    blocks.out
}

/// Returns true if a trimmed text is a single paragraph, or empty.
pub(super) fn is_paragraph(text: &str) -> bool {
    let mut lines = text.lines();
    let (first, second) = (lines.next().unwrap_or_default(), lines.next().unwrap_or_default());
    let first = without_quote(first);
    let begins_block = Fence::at(first).is_some()
        || heading(first).is_some()
        || is_rule(first)
        || list_item(first, true).is_some()
        || first.contains('|') && is_table_rule(second);
    !begins_block && render(text).iter().all(|line| !line.is_empty())
}

/// One level of an open list.
struct Level {
    /// The column of the marker in the source.
    source: usize,
    /// The column of the text in the output.
    text: usize,
}

#[derive(Default)]
struct Blocks<'a> {
    out: Vec<String>,
    /// Source lines of the open paragraph.
    paragraph: Vec<&'a str>,
    /// The list marker to write before the paragraph.
    marker: Option<String>,
    list: Vec<Level>,
    /// Whether the last source line was blank.
    after_blank: bool,
}

impl<'a> Blocks<'a> {
    /// Reads the lines of one block, or the next line of an open one. Returns the number of lines read.
    fn block(&mut self, lines: &[&'a str]) -> usize {
        let line = lines[0];
        let text = without_quote(line).trim();
        let indent = line.len() - line.trim_start_matches(' ').len();
        if text.is_empty() {
            self.flush();
            self.after_blank = true;
            return 1;
        }
        let mut taken = 1;
        if let Some(fence) = Fence::at(text) {
            taken = self.code(&fence, indent, lines);
        } else if let Some((level, title)) = heading(text) {
            self.flush();
            self.heading(level, title);
        } else if is_rule(text) {
            self.rule(text);
        } else if let Some((marker, text)) = list_item(text, self.paragraph.is_empty() || !self.list.is_empty()) {
            self.item(marker, text, indent);
        } else if text.contains('|') && lines.get(1).is_some_and(|next| is_table_rule(next)) {
            taken = self.table(lines);
        } else {
            self.text(text, indent);
        }
        self.after_blank = false;
        taken
    }

    fn text(&mut self, text: &'a str, indent: usize) {
        if self.paragraph.is_empty() {
            while self.list.pop_if(|level| level.source + 2 > indent).is_some() {}
            self.separate();
        }
        self.paragraph.push(text);
    }

    fn item(&mut self, marker: &str, text: &'a str, indent: usize) {
        if text.is_empty() {
            return; // below other text it would be the underline of a heading
        }
        self.flush();
        if self.list.is_empty() || self.after_blank {
            self.separate();
        }
        while self.list.pop_if(|level| level.source + 2 > indent).is_some() {}
        self.list.truncate(DEEPEST_LIST - 1);
        let text_column = self.column() + marker.len() + 1;
        self.list.push(Level { source: indent, text: text_column });
        self.marker = Some(marker.to_owned());
        self.paragraph.push(text);
    }

    fn rule(&mut self, text: &str) {
        let level = if text.starts_with('=') { 1 } else { 2 };
        let is_underline = text.starts_with(['=', '-']) && self.list.is_empty();
        match self.paragraph[..] {
            [title] if is_underline => {
                self.paragraph.clear();
                self.heading(level, title);
            }
            _ => {
                self.flush();
                self.list.clear();
            }
        }
    }

    fn heading(&mut self, level: usize, title: &str) {
        let title = one_line(&inline::render(title));
        self.list.clear();
        if !title.is_empty() {
            self.separate();
            self.out.push(format!("{} {title}", "#".repeat(level)));
        }
    }

    fn table(&mut self, lines: &[&str]) -> usize {
        self.flush();
        self.list.clear();
        self.separate();
        let rows = lines.iter().take_while(|line| line.contains('|')).count();
        for (i, line) in lines[..rows].iter().enumerate() {
            let cells = cells(line);
            match i {
                0 => self.out.extend([row(&cells), row(&vec!["---".to_owned(); cells.len()])]),
                1 => {}
                _ => self.out.push(row(&cells)),
            }
        }
        rows
    }

    fn code(&mut self, fence: &Fence<'_>, indent: usize, lines: &[&str]) -> usize {
        self.flush();
        while self.list.pop_if(|level| level.source + 2 > indent).is_some() {}
        self.separate();
        let is_quoted = lines[0].trim_start().starts_with('>');
        let content: Vec<&str> = lines[1..]
            .iter()
            .map(|line| if is_quoted { without_quote(line) } else { line })
            .take_while(|line| !fence.is_closed_by(line.trim()))
            .collect();
        let longest_run = content.iter().flat_map(|line| line.split(|c| c != '`')).map(str::len).max().unwrap_or(0);
        let marks = "`".repeat(3.max(longest_run + 1));
        let margin = " ".repeat(self.column());
        self.out.push(format!("{margin}{marks}{}", fence.label()));
        for line in &content {
            let own_indent = line.len() - line.trim_start_matches(' ').len();
            let line = format!("{margin}{}", &line[own_indent.min(indent)..]);
            self.out.push(line.trim_end().to_owned());
        }
        self.out.push(margin + &marks);
        content.len() + 2
    }

    /// Returns the column at which text starts now.
    fn column(&self) -> usize {
        self.list.last().map_or(0, |level| level.text)
    }

    /// Writes the open paragraph.
    fn flush(&mut self) {
        let text = std::mem::take(&mut self.paragraph).join(" ");
        let column = self.column();
        for line in wrap(&inline::render(&text), column) {
            let margin = match self.marker.take() {
                Some(marker) => format!("{marker:>width$} ", width = column.saturating_sub(1)),
                None => " ".repeat(column),
            };
            self.out.push(margin + &line);
        }
        self.marker = None;
    }

    /// Ensures a blank line before what comes next.
    fn separate(&mut self) {
        if self.out.last().is_some_and(|line| !line.is_empty()) {
            self.out.push(String::new());
        }
    }
}

/// The start of a code block.
struct Fence<'a> {
    marks: &'a str,
    info: &'a str,
}

impl<'a> Fence<'a> {
    fn at(text: &'a str) -> Option<Self> {
        let mark = text.chars().next().filter(|c| matches!(c, '`' | '~'))?;
        let info = text.trim_start_matches(mark);
        let marks = &text[..text.len() - info.len()];
        (marks.len() >= 3 && !(mark == '`' && info.contains('`'))).then_some(Self { marks, info })
    }

    fn is_closed_by(&self, text: &str) -> bool {
        text.starts_with(self.marks) && text.trim_start_matches(&self.marks[..1]).is_empty()
    }

    fn label(&self) -> &'static str {
        let word = self.info.split_whitespace().next().unwrap_or("").to_ascii_lowercase();
        LABELS.split(' ').find(|label| *label == word).unwrap_or("text")
    }
}

/// Turns quotes into ordinary text.
fn without_quote(line: &str) -> &str {
    if !line.trim_start().starts_with('>') {
        return line;
    }
    let text = line.trim_start_matches([' ', '>']);
    let marks = &line[..line.len() - text.len()];
    &line[(marks.rfind('>').map_or(0, |at| at + 1) + 1).min(line.len() - text.len())..]
}

fn heading(text: &str) -> Option<(usize, &str)> {
    let title = text.trim_start_matches('#');
    let level = text.len() - title.len();
    let is_heading = (1..=6).contains(&level) && (title.is_empty() || title.starts_with(' '));
    is_heading.then(|| (level, title.trim_end_matches('#').trim()))
}

/// Returns true for a thematic break, or the underline of a heading.
fn is_rule(text: &str) -> bool {
    let mark = text.chars().next().unwrap_or(' ');
    let marks = text.chars().filter(|c| *c == mark).count();
    let others = text.chars().any(|c| c != mark && c != ' ');
    !others && "-=*_".contains(mark) && (marks >= 3 || (mark == '=' && marks == 2))
}

/// Returns the marker to write, and the text. Inside a paragraph only `1.` starts a numbered list.
fn list_item(text: &str, any_number: bool) -> Option<(&str, &str)> {
    if let Some(rest) = text.strip_prefix(['-', '*', '+']) {
        return (rest.is_empty() || rest.starts_with(' ')).then(|| ("-", rest.trim_start()));
    }
    let rest = text.trim_start_matches(|c: char| c.is_ascii_digit());
    let digits = text.len() - rest.len();
    let rest = rest.strip_prefix(['.', ')'])?;
    let is_item = (1..=9).contains(&digits) && rest.starts_with(' ') && (any_number || &text[..digits] == "1");
    is_item.then(|| (&text[..=digits], rest.trim_start()))
}

/// Returns true for the line below the head of a table.
fn is_table_rule(line: &str) -> bool {
    line.contains('|') && line.contains('-') && line.chars().all(|c| " |:-".contains(c))
}

/// Returns the cells of a row, each rendered on its own.
fn cells(line: &str) -> Vec<String> {
    let line = line.trim();
    let line = line.strip_prefix('|').unwrap_or(line);
    let mut cells = vec![String::new()];
    let mut escaped = false;
    for c in line.chars() {
        match cells.last_mut() {
            Some(cell) if c != '|' || escaped => cell.push(c),
            _ => cells.push(String::new()),
        }
        escaped = c == '\\' && !escaped;
    }
    if cells.len() > 1 && cells.last().is_some_and(|cell| cell.trim().is_empty()) {
        cells.pop();
    }
    cells.iter().map(|cell| one_line(&inline::render(cell))).collect()
}

fn row(cells: &[String]) -> String {
    format!("| {} |", cells.join(" | "))
}
