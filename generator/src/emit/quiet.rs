//! Attributes that keep tools from generated files: formatters, and lints about names and sizes that the spec determines.

use crate::plan::items::Module;
use crate::plan::{Format, Options};

/// The reason why deprecated items are used.
pub const DEPRECATED: &str = "deprecated elements must still be handled";

/// Returns the inner attributes of a root file, which apply to all files of its module.
pub fn root(module: &Module, options: &Options) -> String {
    let mut lines: Vec<String> = unformatted(options).into_iter().collect();
    lines.extend(lints(module, options));
    lines.push(enums());
    lines.join("\n")
}

/// Returns the inner attributes of any other file. `types` tells whether it defines types.
pub fn child(module: &Module, options: &Options, types: bool) -> String {
    let mut lines: Vec<String> = unformatted(options).into_iter().collect();
    if is_included(module, options) {
        lines.extend(lints(module, options));
        lines.extend(types.then(enums));
    }
    lines.join("\n")
}

/// Returns true if users may `include!` the root file of the module: it cannot begin with inner attributes then.
pub fn is_included(module: &Module, options: &Options) -> bool {
    module.path.is_empty() && !options.krate
}

/// Keeps rustfmt from a file that it is given by name, as editors and version control hooks do: its changes would count
/// as edits. `cargo fmt` starts from the root file, which marks every `mod`; crates have a `rustfmt.toml`.
fn unformatted(options: &Options) -> Option<String> {
    let named = !options.krate && options.format != Format::Rustfmt;
    named.then(|| "#![cfg_attr(rustfmt, rustfmt_skip)]".to_owned())
}

/// Lints of `clippy::pedantic` about names, sizes and texts that the spec determines, and about defaults such as
/// `3.14`; the lint of clippy's default set about nested types; and two lints that would require an attribute on every
/// getter, and routers that borrow what they share. `unknown_lints` covers versions of clippy that do not know one of
/// them.
const SPEC: &str = "unknown_lints, clippy::approx_constant, clippy::doc_markdown, clippy::fn_params_excessive_bools, clippy::iter_not_returning_iterator, \
    clippy::large_stack_arrays, clippy::many_single_char_names, clippy::pub_underscore_fields, clippy::similar_names, \
    clippy::struct_excessive_bools, clippy::struct_field_names, clippy::too_many_lines, clippy::type_complexity, clippy::used_underscore_binding, \
    clippy::zero_sized_map_values, clippy::must_use_candidate, clippy::needless_pass_by_value";

/// Returns attributes for lints about what the spec determines, and about what is generated for each operation.
fn lints(module: &Module, options: &Options) -> Vec<String> {
    let allow = |lints: &str, reason: &str| format!("#![allow({lints}, reason = {reason:?})]");
    let unused = if options.krate { "" } else { "dead_code, missing_docs, unreachable_pub, " };
    let mut lines = vec![allow(&format!("{unused}{SPEC}"), "as the spec has it, and easier to read without")];
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
