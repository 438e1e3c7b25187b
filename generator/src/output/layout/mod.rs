//! Lays out prettyplease's output as rustfmt would: prettyplease breaks lines earlier, and does not know our macros.

mod chains;
mod macro_tables;

use crate::emit::text::WIDTH;
use chains::{hoist, split};

/// Returns the lines of formatted code, broken where rustfmt would break them.
pub fn layout(code: &str) -> Vec<String> {
    macro_tables::tidy(join(code))
}

/// Joins lines of code. No literal spans lines, and comments stay where they are.
fn join(code: &str) -> Vec<String> {
    let mut lines: Vec<String> = Vec::new();
    for line in hoist(code) {
        match supertraits(&line) {
            Some(filled) => lines.extend(filled),
            None => lines.push(line.into_owned()),
        }
        // The group that ends here, and the assignment whose value it is.
        close(&mut lines);
    }
    lines
}

/// Splits a trait with more supertraits than fit on a line, which the formatter never breaks.
fn supertraits(line: &str) -> Option<Vec<String>> {
    let (head, bounds) = line.strip_prefix("pub trait ").filter(|_| line.len() > WIDTH)?.split_once(": ")?;
    let mut bounds = bounds.split(" + ");
    let mut lines = vec![format!("pub trait {head}:"), format!("    {}", bounds.next()?)];
    for bound in bounds {
        match lines.last_mut() {
            Some(last) if last.len() + 3 + bound.len() <= WIDTH => last.push_str(&format!(" + {bound}")),
            _ => lines.push(format!("        + {bound}")),
        }
    }
    Some(lines)
}

/// Joins the group that the last line closes, if there is one and it fits.
fn close(lines: &mut Vec<String>) {
    let Some((last, before)) = lines.split_last() else { return };
    let (depth, end) = split(last);
    let open = match end.as_bytes().first() {
        Some(b')') => '(',
        Some(b']') => '[',
        Some(b'>') => '<',
        Some(b'}') => '{',
        _ => return,
    };
    // Its elements are one level deeper, each on one line.
    let is_element = |line: &&String| {
        let (inner, text) = split(line);
        inner == depth + 4 && !text.starts_with("//") && !text.starts_with('#')
    };
    let count = before.iter().rev().take_while(is_element).count();
    let Some(at) = before.len().checked_sub(count + 1) else { return };
    let (begin, elements) = (&before[at], &before[at + 1..]);
    if count == 0 || split(begin).0 != depth || !begin.ends_with(open) || begin.trim_start().starts_with("//") {
        return;
    }
    let joined = match open {
        '{' => block(begin, elements, end),
        _ => group(begin, elements, end, depth),
    };
    if let Some(joined) = joined {
        lines.truncate(at);
        lines.extend(joined);
    }
}

/// Joins arguments, elements or type parameters.
fn group(begin: &str, elements: &[String], end: &str, depth: usize) -> Option<Vec<String>> {
    let is_called = |c: char| c.is_alphanumeric() || matches!(c, '_' | '!' | '>' | '[' | '<' | '&' | '#');
    let before = begin.strip_suffix(['(', '[', '<'])?;
    if let ([_], false) = (elements, before.ends_with(is_called)) {
        // `(a,)` differs from `(a)`.
        return None;
    }
    let text = list(elements);
    let whole = format!("{begin}{text}{end}");
    if whole.len() <= WIDTH {
        return Some(vec![whole]);
    }
    let (head, value) = begin.split_once(" = ")?;
    let value = format!("{:1$}{value}{text}{end}", "", depth + 4);
    (elements.len() > 1 && value.len() <= WIDTH).then(|| vec![format!("{head} ="), value])
}

/// Joins a struct literal of a variable or a closure, a list of imports, or the only expression of an arm.
fn block(begin: &str, elements: &[String], end: &str) -> Option<Vec<String>> {
    let whole = match elements {
        [only] if begin.ends_with("=> {") && !only.ends_with([';', ',', '{', '}']) => {
            format!("{}{},", begin.strip_suffix('{')?, only.trim_start())
        }
        _ if begin.trim_start().starts_with("|| ") && end == "}," => format!("{begin} {} {end}", list(elements)),
        _ if end != "};" || elements.iter().any(|element| element.contains("=>") || !element.ends_with(',')) => {
            return None;
        }
        _ if begin.trim_start().starts_with("let ") => format!("{begin} {} {end}", list(elements)),
        _ if begin.contains("use ") => format!("{begin}{}{end}", list(elements)),
        _ => return None,
    };
    (whole.len() <= WIDTH).then(|| vec![whole])
}

fn list(elements: &[String]) -> String {
    let elements: Vec<&str> = elements.iter().map(|element| element.trim_start()).collect();
    elements.join(" ").trim_end_matches(',').to_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn joined(code: &str) -> String {
        join(code).join("\n")
    }

    #[test]
    fn what_fits_is_one_line() {
        let code = "    fn post<'a>(\n        &'a self,\n        form: &'a super::Form,\n    ) -> Call<'a, super::Thing, PostError>;";
        assert_eq!(
            joined(code),
            "    fn post<'a>(&'a self, form: &'a super::Form) -> Call<'a, super::Thing, PostError>;"
        );
        assert_eq!(joined("let a = A {\n    b: c(\n        d,\n    ),\n};"), "let a = A { b: c(d) };");
        assert_eq!(joined("|| B {\n    c,\n    d: e,\n},"), "|| B { c, d: e },");
        assert_eq!(joined("match a {\n    A(b) => {\n        c(b)\n    }\n}"), "match a {\n    A(b) => c(b),\n}");
        assert_eq!(joined("pub type A = Result<\n    B,\n    C<D>,\n>;"), "pub type A = Result<B, C<D>>;");
    }

    #[test]
    fn what_does_not_fit_stays_or_moves_behind_the_equals_sign() {
        let long = "x".repeat(78);
        let code = format!("f(\n    {long},\n    yyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyy,\n);");
        assert_eq!(joined(&code), code);
        let code =
            format!("    const AAAAAAAAAAAAAAAAAAAAA: &'static B = &B::new(\n        {long},\n        y,\n    );");
        let wanted = format!("    const AAAAAAAAAAAAAAAAAAAAA: &'static B =\n        &B::new({long}, y);");
        assert_eq!(joined(&code), wanted);
    }

    #[test]
    fn many_supertraits_are_filled_into_lines() {
        let names: Vec<String> = (0..40).map(|number| format!("Resource{number}s")).collect();
        let text = joined(&format!("pub trait Api: {} {{}}", names.join(" + ")));
        assert!(text.lines().all(|line| line.len() <= WIDTH), "{text}");
        assert!(text.starts_with("pub trait Api:\n    Resource0s + Resource1s"), "{text}");
        assert_eq!(
            text.split_whitespace().collect::<Vec<_>>().join(" "),
            format!("pub trait Api: {} {{}}", names.join(" + "))
        );
    }

    #[test]
    fn blocks_comments_and_tuples_stay() {
        for code in [
            "fn f() {\n    a\n}",
            "let a = match b {\n    C => d,\n};",
            "f(\n    // why\n    a,\n);",
            "let a = (\n    b,\n);",
            "let Some(a) = b else {\n    return;\n};",
            "A => {\n    b;\n}",
            "/// a (\n    b\n)",
            "f(\n    |a| {\n        a\n    },\n);",
        ] {
            assert_eq!(joined(code), code);
        }
    }
}
