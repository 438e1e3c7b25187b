//! `apigen explain`.

use std::borrow::Cow;
use std::fmt::Write as _;

use apigen_build::Error;
use apigen_model::diagnostic::codes::{ALL, GROUPS, explain as text_of, similar};
use apigen_model::lint::{RULES, find};
use apigen_model::vocabulary::suggestions::meant;
use apigen_testing::finding::Code as FindingCode;
use clap::Args;

#[derive(Debug, Args)]
pub struct Arguments {
    /// Codes or lint names to explain [default: list all].
    #[arg(value_name = "CODE")]
    codes: Vec<String>,
}

/// Returns the texts of the codes, or the list of all.
pub fn explain(arguments: &Arguments) -> Result<String, Error> {
    if arguments.codes.is_empty() {
        return Ok(list());
    }
    let text = |code: &String| {
        let known = text_of(&code.to_ascii_uppercase()).or_else(|| find(code).map(|rule| rule.doc)).map(Cow::Borrowed);
        let finding = || FindingCode::find(code).map(|code| Cow::Owned(code.explanation()));
        known.or_else(finding).ok_or_else(|| unknown(code))
    };
    let (texts, unknown): (Vec<_>, Vec<_>) = arguments.codes.iter().map(text).partition(Result::is_ok);
    match unknown.into_iter().filter_map(Result::err).collect::<Vec<_>>() {
        unknown if unknown.is_empty() => Ok(texts.into_iter().flatten().collect::<Vec<_>>().join("\n")),
        unknown => Err(Error::usage(unknown.join("\nerror: "))),
    }
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
    text.push_str("Lints\n");
    for rule in RULES {
        let _ = writeln!(text, "  {}  {}: {}", rule.code, rule.name, rule.summary);
    }
    text.push_str("\nFindings in messages\n");
    for code in FindingCode::ALL {
        let _ = writeln!(text, "  {}  {}", code, code.title());
    }
    text.push('\n');
    text.push_str("Run `apigen explain CODE` for an explanation with examples.\n");
    text
}

fn unknown(code: &str) -> String {
    let mut near: Vec<&str> = similar(code).iter().map(|code| code.code).collect();
    if near.is_empty() {
        let lints: Vec<&str> = RULES.iter().flat_map(|rule| [rule.name, rule.code]).collect();
        near.extend(meant(code, &lints));
    }
    if near.is_empty() {
        let findings: Vec<&str> = FindingCode::ALL.iter().map(|code| code.as_str()).collect();
        near.extend(meant(&code.to_ascii_uppercase(), &findings));
    }
    let advice = match near.is_empty() {
        true => "`apigen explain` lists all".to_owned(),
        false => format!("did you mean {}?", near.join(" or ")),
    };
    format!("unknown code {code}; {advice}")
}
