//! `apigen explain`.

use std::fmt::Write as _;

use apigen::codes::{ALL, GROUPS, explain as text_of, similar};
use clap::Args;

#[derive(Debug, Args)]
pub struct Arguments {
    /// Codes to explain; all are listed if none is given.
    #[arg(value_name = "CODE")]
    codes: Vec<String>,
}

/// The texts of the codes, or the list of all.
pub fn explain(arguments: &Arguments) -> Result<String, String> {
    if arguments.codes.is_empty() {
        return Ok(list());
    }
    let texts: Result<Vec<&str>, String> =
        arguments.codes.iter().map(|code| text_of(code).ok_or_else(|| unknown(code))).collect();
    Ok(texts?.join("\n"))
}

fn list() -> String {
    let mut text = String::new();
    for (prefix, about) in GROUPS {
        let _ = writeln!(text, "{about}");
        for code in ALL.iter().filter(|code| code.code.starts_with(prefix)) {
            let _ = writeln!(text, "  {}  {}", code.code, code.title());
        }
        text.push('\n');
    }
    text.push_str("`apigen explain CODE` tells what is behind a code, with examples.\n");
    text
}

fn unknown(code: &str) -> String {
    let near: Vec<&str> = similar(code).iter().map(|code| code.code).collect();
    let advice = match near.is_empty() {
        true => "`apigen explain` lists all".to_owned(),
        false => format!("did you mean {}?", near.join(" or ")),
    };
    format!("there is no code {code}; {advice}")
}
