//! Rust as text. Codec and factories are most of the generated code, and so regular that parsing and formatting them as
//! tokens would double the time of a run.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt::{Display, Write};

/// The maximum length of lines, where possible.
pub const WIDTH: usize = 100;

/// A file under construction.
#[derive(Debug, Default)]
pub struct Text {
    body: String,
    /// Imported names, by module.
    imports: BTreeMap<&'static str, BTreeSet<String>>,
}

/// Modules whose types are imported.
const MODULES: &[&str] = &["::apigen_runtime::codegen::", "::apigen_runtime::", "::std::collections::"];

impl Text {
    /// Writes a line.
    pub fn line(&mut self, line: std::fmt::Arguments<'_>) {
        // Writing to a string never fails.
        let _ = writeln!(self.body, "{line}");
    }

    /// Writes a list in the body of a function: a line for each row.
    pub fn rows(&mut self, open: &str, rows: &[String], close: &str) {
        if rows.is_empty() {
            return self.line(format_args!("        {open}{close}"));
        }
        self.line(format_args!("        {open}"));
        rows.iter().for_each(|row| self.line(format_args!("            {row},")));
        self.line(format_args!("        {close}"));
    }

    /// Imports a name of the runtime: `codec::Field`.
    pub fn import(&mut self, module: &'static str, name: &str) {
        self.imports.entry(module).or_default().insert(name.to_owned());
    }

    /// Returns the common imports of several texts, and the body of each.
    pub fn share(texts: Vec<Text>) -> (String, Vec<String>) {
        let (mut all, mut bodies, mut head) = (Text::default(), Vec::new(), String::new());
        for text in texts {
            let names = text.imports.iter().flat_map(|(module, names)| names.iter().map(|name| (*module, name)));
            names.for_each(|(module, name)| all.import(module, name));
            bodies.push(text.body);
        }
        for (module, names) in all.imports {
            match names.into_iter().collect::<Vec<_>>().as_slice() {
                [one] => head.push_str(&format!("use {module}{one};\n")),
                many => {
                    head.push_str(&format!("use {module}{};\n", enclosed("{", many, "}", 0, WIDTH - 12 - module.len())))
                }
            }
        }
        (head, bodies)
    }

    /// Returns the text of a type or an expression. Paths into runtime and std are shortened, since no type is defined
    /// in these files. Expressions that do not fit into a line at this depth are broken.
    pub fn code(&mut self, code: impl Display, depth: usize) -> String {
        let mut text = code.to_string();
        if text.len() + depth * 4 > WIDTH {
            text = broken(&text).unwrap_or(text).replace('\n', &format!("\n{}", "    ".repeat(depth)));
        }
        self.shorten(text)
    }

    /// Imports names of the runtime and of some modules of std; paths below other modules are kept.
    fn shorten(&mut self, text: String) -> String {
        if text.contains('"') || !text.contains("::") {
            return text;
        }
        let mut short = String::with_capacity(text.len());
        let mut rest = text.as_str();
        while let Some(at) = rest.find("::") {
            let (before, path) = rest.split_at(at);
            short.push_str(before);
            let is_root = !short.ends_with(|c: char| c.is_alphanumeric() || matches!(c, '_' | '>'));
            let module = MODULES.iter().find(|module| is_root && path.starts_with(**module));
            let name = module.and_then(|module| path.strip_prefix(module)).map(word).unwrap_or_default();
            if let Some(module) = module.filter(|_| name.starts_with(|c: char| c.is_ascii_uppercase())) {
                self.import(module, name);
                rest = &path[module.len()..];
            } else {
                short.push_str("::");
                rest = &path[2..];
            }
        }
        short.push_str(rest);
        short
    }
}

/// Returns the identifier that a text begins with.
fn word(text: &str) -> &str {
    let end = text.find(|c: char| !c.is_alphanumeric() && c != '_');
    end.map_or(text, |end| &text[..end])
}

/// Formats a list between two brackets: on one line if its items have at most `width` characters, else filled into
/// indented lines.
pub fn enclosed(open: &str, items: &[String], close: &str, depth: usize, width: usize) -> String {
    let flat: usize = items.iter().map(|item| item.len() + 2).sum();
    if flat <= width {
        return format!("{open}{}{close}", items.join(", "));
    }
    let (open, close) = (open.trim_end(), close.trim_start());
    let indent = "    ".repeat(depth + 1);
    let mut text = format!("{open}\n");
    let mut line = String::new();
    for item in items {
        if !line.is_empty() && indent.len() + line.len() + item.len() + 2 > WIDTH {
            text.push_str(&format!("{indent}{}\n", line.trim_end()));
            line.clear();
        }
        line.push_str(item);
        line.push_str(", ");
    }
    text.push_str(&format!("{indent}{}\n{}{close}", line.trim_end(), "    ".repeat(depth)));
    text
}

/// Breaks lines as the formatter does.
fn broken(code: &str) -> Option<String> {
    let file: syn::File = syn::parse_str(&format!("fn f() {{ {code} }}")).ok()?;
    let text = prettyplease::unparse(&file);
    let lines: Vec<&str> = text.lines().collect();
    let inner = lines.get(1..lines.len().checked_sub(1)?)?;
    Some(inner.iter().map(|line| line.strip_prefix("    ").unwrap_or(line)).collect::<Vec<_>>().join("\n"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn paths_are_shortened_where_a_type_can_be_imported() {
        for (code, wanted) in [
            ("super::Order", "super::Order"),
            ("Vec<::apigen_runtime::Uuid>", "Vec<Uuid>"),
            ("::std::collections::BTreeMap<String, Vec<i32>>", "BTreeMap<String, Vec<i32>>"),
            (
                r#"::apigen_runtime::codegen::literal::date("2024-01-01")"#,
                r#"::apigen_runtime::codegen::literal::date("2024-01-01")"#,
            ),
            ("crate::apigen_runtime::Price", "crate::apigen_runtime::Price"),
            ("::money::Price<::apigen_runtime::Decimal>", "::money::Price<Decimal>"),
        ] {
            assert_eq!(Text::default().code(code, 0), wanted);
        }
    }

    #[test]
    fn lists_are_filled() {
        let items: Vec<String> = (0..30).map(|number| format!("item_{number}: u8")).collect();
        let text = enclosed("{", &items, "}", 1, 60);
        assert!(text.lines().all(|line| line.len() <= WIDTH), "{text}");
        assert_eq!(text.lines().count(), 7, "{text}");
        assert_eq!(enclosed("{", &items[..2], "}", 1, 60), "{item_0: u8, item_1: u8}");
    }
}
