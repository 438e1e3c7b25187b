//! Formats the files.

use super::layout::layout;
use crate::emit::{Block, File};
use crate::write::MARK;
use apigen_model::checkpoint::checkpoint;

/// Keeps rustfmt from a module; it is on the same line as the module, so that module lists stay compact.
const SKIP: &str = "#[rustfmt::skip]";

/// Formats a file: a header, then its blocks separated by blank lines.
///
/// # Errors
/// Returns an error if a block is not Rust, which would be a bug of `emit`; the text names the file.
pub fn format(file: File) -> Result<String, String> {
    let mut text = format!("// {MARK} {} from {}. Do not edit.\n", env!("CARGO_PKG_VERSION"), file.title);
    for block in file.blocks {
        checkpoint();
        text.push('\n');
        match block {
            Block::Text(block) => text.push_str(block.trim_end()),
            Block::Tokens(block) => {
                let parsed: syn::File =
                    syn::parse2(block).map_err(|error| format!("{}: {error}", file.path.join("/")))?;
                text.push_str(spaced(&layout(&prettyplease::unparse(&parsed))).trim_end());
            }
        }
        text.push('\n');
    }
    Ok(text)
}

/// Separates items, and the members of an `impl` or `trait`, by blank lines, which the formatter does not do.
///
/// Only lines at the first two levels of indentation are examined, and no literal spans lines, so no text is changed.
fn spaced(lines: &[String]) -> String {
    let mut text = String::with_capacity(lines.len() * 40);
    let mut previous = "";
    let mut rest = lines.iter().peekable();
    while let Some(line) = rest.next() {
        if ends_item(previous) && line != "}" || ends_member(previous) && begins_member(line) {
            text.push('\n');
        }
        text.push_str(line);
        let is_module = |next: &&String| next.starts_with("mod ") || next.starts_with("pub mod ");
        text.push(if line == SKIP && rest.peek().is_some_and(is_module) { ' ' } else { '\n' });
        previous = line;
    }
    text
}

fn ends_item(line: &str) -> bool {
    line == "}" || line.starts_with("impl") && line.ends_with("{}")
}

/// Returns true if a line ends a member that should be followed by a blank line.
fn ends_member(line: &str) -> bool {
    let is_one = |member: &str| {
        let is_attribute = member.starts_with("///") || member.starts_with('#');
        member.ends_with(';') && !is_attribute && (member.contains("fn ") || member.starts_with("pub const "))
    };
    line == "    }"
        || line == "    ];"
        || line.starts_with("    ) ->") && line.ends_with(';')
        || line.strip_prefix("    ").is_some_and(is_one)
}

fn begins_member(line: &str) -> bool {
    line.strip_prefix("    ").is_some_and(|member| !member.starts_with([' ', '}', ')']))
}
