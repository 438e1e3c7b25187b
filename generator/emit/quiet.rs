//! What keeps tools away from generated files: formatters, and lints about what the spec has chosen.

use crate::rust::Options;
use crate::rust::plan::Module;

/// Why deprecated items are used.
pub const DEPRECATED: &str = "what the spec deprecates must still be handled";

/// The inner attributes of a root file, which hold for all files of its module.
pub fn root(module: &Module, options: &Options) -> String {
    let mut lines = vec![unformatted()];
    lines.extend(lints(module, options));
    lines.push(enums());
    lines.join("\n")
}

/// The inner attributes of any other file. `types` says whether it defines types.
pub fn child(module: &Module, options: &Options, types: bool) -> String {
    let mut lines = vec![unformatted()];
    if is_included(module, options) {
        lines.extend(lints(module, options));
        lines.extend(types.then(enums));
    }
    lines.join("\n")
}

/// Whether the root file of the module is one that users may `include!`: that cannot begin with inner attributes.
pub fn is_included(module: &Module, options: &Options) -> bool {
    module.path.is_empty() && !options.krate
}

/// What a formatter would change would count as an edit.
fn unformatted() -> String {
    "#![cfg_attr(rustfmt, rustfmt_skip)]".to_owned()
}

/// Lints about what the spec decides. Those of `clippy::pedantic` are about names, sizes, texts, and attributes on whatever returns
/// something; there are more of them with each version.
fn lints(module: &Module, options: &Options) -> Vec<String> {
    let allow = |lints: &str, reason: &str| format!("#![allow({lints}, reason = {reason:?})]");
    let unused = if options.krate { "" } else { "dead_code, missing_docs, unreachable_pub, " };
    let mut lines = vec![allow(&format!("{unused}clippy::pedantic"), "as the spec has it")];
    lines.extend(module.deprecated.then(|| allow("deprecated", DEPRECATED)));
    let conventions = "clippy::len_without_is_empty, clippy::new_ret_no_self, clippy::should_implement_trait, \
        clippy::wrong_self_convention";
    lines.extend(module.conventions.then(|| allow(conventions, "named by the spec")));
    lines.extend(module.placeholders.then(|| allow("clippy::disallowed_names", "named by the spec")));
    lines
}

fn enums() -> String {
    "#![allow(clippy::enum_variant_names, reason = \"named by the spec\")]".to_owned()
}
