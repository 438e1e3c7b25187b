//! What the builders of all constructs share: the model, the names and the computed facts.

use super::Options;
use super::analysis::{Derives, Finite, Reach, Recursion};
use super::symbols::Symbols;
use super::types::Scope;
use crate::ir::{Api, Id, Service};

/// Read-only context of one run.
pub struct Builder<'a> {
    pub api: &'a Api,
    pub options: &'a Options,
    pub symbols: &'a Symbols,
    pub recursion: Recursion,
    pub derives: Derives,
    pub finite: Finite,
    pub reach: Reach,
}

impl<'a> Builder<'a> {
    /// Computes all facts about the type graph.
    pub fn new(api: &'a Api, options: &'a Options, symbols: &'a Symbols) -> Self {
        Self {
            api,
            options,
            symbols,
            recursion: Recursion::new(api),
            derives: Derives::new(api),
            finite: Finite::new(api),
            reach: Reach::new(api, options.selection.is_everything()),
        }
    }

    /// The file of the models of a service.
    pub fn models(&self, service: Id<Service>) -> Scope<'a> {
        Scope::models(self.api, self.symbols, service)
    }

    /// A file of a service that defines no types.
    pub fn child(&self, service: Id<Service>) -> Scope<'a> {
        Scope::child(self.api, self.symbols, service, &[])
    }
}
