//! Invocations of the runtime's macros, whose tokens the formatter fills into lines without structure.

use crate::emit::text::{WIDTH, enclosed};

/// Lays out tables of responses: conditions on lines of their own, rows where they fit.
pub fn tidy(lines: Vec<String>) -> Vec<String> {
    let mut tidied = Vec::with_capacity(lines.len());
    let mut lines = lines.into_iter();
    while let Some(line) = lines.next() {
        let is_table = line.starts_with("::apigen_runtime::") && line.ends_with("responses! {");
        tidied.push(line);
        if is_table {
            let tokens: Vec<String> = lines.by_ref().take_while(|line| line != "}").collect();
            let tokens: Vec<&str> = tokens.iter().map(|line| line.trim()).collect();
            tidied.extend(table(&tokens.join(" ")));
            tidied.push("}".to_owned());
        }
    }
    tidied
}

/// `#[cfg(…)] GetError { 404 => NotFound, 409 => Conflict(body), }`
fn table(tokens: &str) -> Vec<String> {
    let (condition, table) = match tokens.split_once(")] ") {
        Some((condition, table)) => (Some(format!("    {condition})]")), table),
        None => (None, tokens),
    };
    let (name, rows) = table.split_once(" { ").unwrap_or((table, ""));
    let rows = rows.trim_end_matches(['}', ' ', ',']);
    let mut items: Vec<String> = Vec::new();
    for part in rows.split(", ") {
        match items.last_mut().filter(|_| !part.contains("=>")) {
            Some(row) => row.push_str(&format!(", {part}")), // of `Other(status, body)`
            None => items.push(part.to_owned()),
        }
    }
    let rows = enclosed(&format!("    {name} {{ "), &items, " }", 1, WIDTH.saturating_sub(8 + name.len()));
    condition.into_iter().chain(rows.lines().map(str::to_owned)).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn tidied(tokens: &str) -> String {
        let code = format!("use a;\n::apigen_runtime::codegen::error_responses! {{\n    {tokens}\n}}\nuse b;");
        tidy(code.lines().map(str::to_owned).collect()).join("\n")
    }

    #[test]
    fn tables_are_written_as_by_hand() {
        assert_eq!(
            tidied(
                "#[cfg(any(a, b))] E { 404 => NotFound, 409 =>\n    Conflict(body), _ => Other(status,\n    body), }"
            ),
            "use a;\n::apigen_runtime::codegen::error_responses! {\n    #[cfg(any(a, b))]\n    E { 404 => NotFound, 409 => Conflict(body), _ => Other(status, body) }\n}\nuse b;"
        );
        let rows: String = (400..412).map(|code| format!("{code} => Variant{code}(body), ")).collect();
        let text = tidied(&format!("E {{ {rows} }}"));
        assert!(text.lines().all(|line| line.len() <= WIDTH), "{text}");
        assert!(text.contains("    E {\n        400 => Variant400(body), 401 =>"), "{text}");
        let name = "E".repeat(2 * WIDTH);
        assert!(
            tidied(&format!("{name} {{ 404 => NotFound, }}"))
                .contains(&format!("    {name} {{\n        404 => NotFound,\n    }}"))
        );
    }
}
