//! What keeps tools away from generated files: formatters, and lints about what the spec has chosen.

use super::text::enclosed;
use crate::rust::Options;
use crate::rust::plan::Module;

/// Which file of a module it is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Kind {
    Root,
    Models,
    Json,
    Client,
    Mock,
    Factories,
    Server,
    Resource,
}

impl Kind {
    /// Lints of clippy about names, types, texts and sizes, which are those of the spec; and about attributes on all that returns
    /// something, which would be longer than what they stand on.
    fn lints(self) -> &'static [&'static str] {
        match self {
            Self::Root => &["doc_markdown"],
            Self::Models => &[
                "doc_markdown",
                "enum_variant_names",
                "fn_params_excessive_bools",
                "must_use_candidate",
                "struct_excessive_bools",
                "struct_field_names",
            ],
            Self::Json => &["many_single_char_names", "similar_names", "too_many_lines"],
            Self::Client => &["doc_markdown", "must_use_candidate"],
            Self::Mock => {
                &["must_use_candidate", "return_self_not_must_use", "too_many_lines", "zero_sized_map_values"]
            }
            Self::Factories => &["too_many_lines"],
            Self::Server => &["doc_markdown", "needless_pass_by_value", "too_many_lines", "zero_sized_map_values"],
            Self::Resource => &[
                "doc_markdown",
                "fn_params_excessive_bools",
                "many_single_char_names",
                "must_use_candidate",
                "return_self_not_must_use",
                "similar_names",
                "struct_excessive_bools",
                "struct_field_names",
                "zero_sized_map_values",
            ],
        }
    }
}

/// The inner attributes of a file. What the root of a module says holds for its other files too, unless it is one that
/// users may `include!`: that cannot begin with inner attributes.
pub fn attributes(module: &Module, options: &Options, kind: Kind) -> String {
    // What a formatter would change would count as an edit.
    let mut lines = vec!["#![cfg_attr(rustfmt, rustfmt_skip)]".to_owned()];
    let mut allow = |lints: &[&str], reason: &str| {
        let lints = lints.iter().map(|lint| (*lint).to_owned()).chain([format!("reason = {reason:?}")]);
        lines.push(enclosed("#![allow(", &lints.collect::<Vec<_>>(), ")]", 0, 89));
    };
    if kind == Kind::Root || is_included(module, options) {
        if !options.krate {
            allow(&["dead_code", "missing_docs", "unreachable_pub"], "not all of it is used");
        }
        if module.deprecated {
            allow(&["deprecated"], DEPRECATED);
        }
        if module.placeholders {
            allow(&["clippy::disallowed_names"], "named by the spec");
        }
    }
    let lints: Vec<String> = kind.lints().iter().map(|lint| format!("clippy::{lint}")).collect();
    allow(&lints.iter().map(String::as_str).collect::<Vec<_>>(), "names, types and texts are the spec's");
    lines.join("\n")
}

/// Why deprecated items are used.
pub const DEPRECATED: &str = "what the spec deprecates must still be handled";

/// Whether the root file of the module is one that users may `include!`.
pub fn is_included(module: &Module, options: &Options) -> bool {
    module.path.is_empty() && !options.krate
}
