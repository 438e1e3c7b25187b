//! Method chains, which the formatter breaks and indents more than rustfmt does.

use std::borrow::Cow;

use crate::emit::text::WIDTH;

/// Puts `self.http.send(` on one line, and indents its arguments one level less.
pub fn hoist(code: &str) -> Vec<Cow<'_, str>> {
    let mut lines: Vec<Cow<'_, str>> = code.lines().map(Cow::Borrowed).collect();
    let mut at = 0;
    while at + 1 < lines.len() {
        if !lines[at].trim_start().starts_with("//") && !hoist_only_call(&mut lines, at) {
            outdent_long_receiver(&mut lines, at);
        }
        at += 1;
    }
    lines.retain(|line| !line.is_empty());
    lines
}

/// ```text
/// self.http             self.http.send(
///     .send(       →        a,
///         a,            )
///     )
/// ```
///
/// The line that is left over becomes empty: removing each would take quadratic time.
fn hoist_only_call(lines: &mut [Cow<'_, str>], at: usize) -> bool {
    let (depth, receiver) = split(&lines[at]);
    let (inner, call) = split(&lines[at + 1]);
    let is_path = |text: &str| text.ends_with(|c: char| c.is_alphanumeric() || c == '_');
    let is_short = is_path(receiver) || receiver.strip_suffix("()").is_some_and(|getter| getter.starts_with("self."));
    if inner != depth + 4 || !call.starts_with('.') || !is_short {
        return false;
    }
    let whole = format!("{}{call}", lines[at]);
    let end = if call.ends_with(['(', '{']) {
        let is_end = |line: &Cow<'_, str>| split(line).0 <= inner;
        lines[at + 2..].iter().position(is_end).map_or(lines.len(), |lines| at + 2 + lines)
    } else {
        at + 1
    };
    let goes_on = lines.get(end + 1).is_some_and(|next| split(next).0 >= inner);
    if end == lines.len() || goes_on || whole.len() > WIDTH {
        return false;
    }
    outdent(&mut lines[at + 2..=end]);
    lines[at] = Cow::Owned(whole);
    lines[at + 1] = Cow::Borrowed("");
    true
}

/// ```text
/// const A: &B = &B::new(        const A: &B = &B::new(
///         a,                        a,
///     )                    →    )
///     .b();                     .b();
/// ```
fn outdent_long_receiver(lines: &mut [Cow<'_, str>], at: usize) {
    let depth = split(&lines[at]).0;
    if lines[at].ends_with('(') && split(&lines[at + 1]).0 == depth + 8 {
        let count = lines[at + 1..].iter().take_while(|line| split(line).0 > depth).count();
        outdent(&mut lines[at + 1..=at + count]);
    }
}

fn outdent(lines: &mut [Cow<'_, str>]) {
    for line in lines {
        if let Some(outer) = line.strip_prefix("    ") {
            *line = Cow::Owned(outer.to_owned());
        }
    }
}

/// Splits a line into indentation and text.
pub fn split(line: &str) -> (usize, &str) {
    let text = line.trim_start();
    (line.len() - text.len(), text)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn hoisted(code: &str) -> String {
        hoist(code).join("\n")
    }

    #[test]
    fn an_only_call_stands_behind_its_receiver() {
        assert_eq!(
            hoisted("    self.http\n        .send(\n            A::new()\n                .b(),\n        )\n}"),
            "    self.http.send(\n        A::new()\n            .b(),\n    )\n}"
        );
        assert_eq!(hoisted("a\n    .b(c, d);\ne();"), "a.b(c, d);\ne();");
        assert_eq!(hoisted("self.a()\n    .b(\n        c,\n    )\n}"), "self.a().b(\n    c,\n)\n}");
    }

    #[test]
    fn several_calls_and_long_ones_stay() {
        let long = format!("a\n    .b({});", "c".repeat(WIDTH));
        for code in ["a\n    .b(\n        c,\n    )\n    .d();", "a()\n    .b()\n    .c()", "// a\n    .b()", &long] {
            assert_eq!(hoisted(code), code);
        }
    }

    #[test]
    fn a_long_receiver_is_indented_once() {
        assert_eq!(
            hoisted("    const A: &B = &B::new(\n            c,\n        )\n        .d();\n    e"),
            "    const A: &B = &B::new(\n        c,\n    )\n    .d();\n    e"
        );
    }
}
