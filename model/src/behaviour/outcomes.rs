//! Which responses of an operation are successes, and the form in which a caller receives them.

use crate::api::{Code, Operation, Primitive, Response, Type};

/// The declared responses of an operation, sorted by code, since their order in a document means nothing.
pub struct Outcomes<'a> {
    /// All responses.
    pub responses: Vec<&'a Response>,
    /// The declared 2xx; if there are none, `default`, which covers every status that is not listed.
    pub success: Vec<&'a Response>,
    /// The other responses, including `default`.
    pub errors: Vec<&'a Response>,
}

impl<'a> Outcomes<'a> {
    /// Sorts the responses of an operation.
    pub fn new(operation: &'a Operation) -> Self {
        let is_2xx = |r: &&Response| matches!(r.code, Code::Status(200..=299));
        let mut responses: Vec<&Response> = operation.responses.iter().collect();
        responses.sort_by_key(|response| response.code);
        let mut success: Vec<&Response> = responses.iter().copied().filter(|r| is_2xx(r)).collect();
        let errors: Vec<&Response> = responses.iter().copied().filter(|r| !is_2xx(r)).collect();
        if success.is_empty() {
            success.extend(errors.iter().filter(|r| r.code == Code::Default).copied());
        }
        Self { responses, success, errors }
    }

    /// Returns the form of the success responses.
    pub fn output(&self) -> Output<'a> {
        let types: Vec<&Type> =
            self.success.iter().map(|r| &r.ty).filter(|ty| **ty != Type::Primitive(Primitive::Unit)).collect();
        match types.split_first() {
            None => Output::Unit,
            Some((first, rest)) if rest.iter().any(|ty| ty != first) => Output::Several,
            Some((first, _)) if types.len() == self.success.len() => Output::One(first),
            Some((first, _)) => Output::Optional(first),
        }
    }
}

/// The form of the success responses of an operation.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Output<'a> {
    /// Never any content.
    Unit,
    /// Always this type.
    One(&'a Type),
    /// This type or no content.
    Optional(&'a Type),
    /// Different types, by status.
    Several,
}
