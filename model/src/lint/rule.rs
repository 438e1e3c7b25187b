//! The table of rules.

/// A lint rule for a valid but problematic construct.
#[derive(Debug, PartialEq, Eq)]
pub struct Rule {
    /// Stable: `L` and three digits.
    pub code: &'static str,
    /// Human-readable, in kebab-case.
    pub name: &'static str,
    /// What the rule finds, as a short phrase.
    pub summary: &'static str,
    /// Whether the rule warns by default.
    pub default_on: bool,
    /// Markdown: why it is a problem, an example, and how to fix it.
    pub doc: &'static str,
}

macro_rules! rules {
    ($($id:ident $code:literal $name:literal $on:literal $summary:literal)*) => {
        $(pub(super) static $id: Rule = Rule {
            code: $code,
            name: $name,
            summary: $summary,
            default_on: $on,
            doc: include_str!(concat!("rules/", $code, ".md")),
        };)*

        /// All rules, by code.
        pub static RULES: &[&Rule] = &[$(&$id),*];
    };
}

rules! {
    UNUSED_TYPE "L001" "unused-type" true "no operation can reach the type"
    UNUSED_IMPORT "L002" "unused-import" true "nothing of an imported service is used"
    DUPLICATE_IMPORT "L003" "duplicate-import" true "a service is imported twice"
    UNUSED_ANNOTATION "L004" "unused-annotation" true "no field has the annotation"
    NAME_COLLISION "L005" "name-collision" true "two names become the same Rust name"
    METHOD_NAME_COLLISION "L006" "method-name-collision" true "two operations of a resource want the same method name"
    CASE_ONLY_DIFFERENCE "L007" "case-only-difference" true "two wire names differ only in case"
    DUPLICATE_OPERATION "L008" "duplicate-operation" true "two operations have the same method and path"
    AMBIGUOUS_ROUTE "L009" "ambiguous-route" true "a request can match two operations, none of them more specific"
    UNSATISFIABLE_LIMIT "L010" "unsatisfiable-limit" true "no value is within the limits"
    MEANINGLESS_LIMIT "L011" "meaningless-limit" true "the type has no limits"
    DROPPED_VALUE "L012" "dropped-value" true "a limit or default is accepted, but dropped"
    DEFAULT_OUT_OF_LIMITS "L013" "default-out-of-limits" true "a default breaks the limits of its own field"
    UNKNOWN_DEFAULT "L014" "unknown-default" true "a default is not a value of its enum"
    INVALID_EXAMPLE "L015" "invalid-example" true "an example does not fit its own field"
    INFINITE_TYPE "L016" "infinite-type" true "required fields contain each other, so that no finite value exists"
    UNIT_VALUE "L017" "unit-value" true "`unit` is used as a value"
    TWO_SUCCESS_TYPES "L018" "two-success-types" true "an operation has 2xx responses of different types"
    NO_SUCCESS_RESPONSE "L019" "no-success-response" true "every declared response of an operation is an error"
    UNUSUAL_STATUS "L020" "unusual-status" true "a response code is above 599"
    UNEXPECTED_BODY "L021" "unexpected-body" true "a method without request body semantics has a body"
    BODY_AND_FORM "L022" "body-and-form" true "an operation has a body and form parameters"
    INTERFACE_MISMATCH "L023" "interface-mismatch" true "a model does not match its imported interface"
    SENSITIVE_FIELD "L024" "sensitive-field" true "a field looks sensitive but has no such annotation"
    MISSING_DESCRIPTION "L025" "missing-description" false "an element has no description"
    SILENT_REFUSAL "L026" "silent-refusal" true "the response to an invalid request cannot describe the problem"
}

/// Returns the rule with this code or name; `_` equals `-`, and case is ignored.
pub fn find(text: &str) -> Option<&'static Rule> {
    let text = text.trim().replace('_', "-").to_ascii_lowercase();
    RULES.iter().find(|rule| rule.name == text || rule.code.eq_ignore_ascii_case(&text)).copied()
}
