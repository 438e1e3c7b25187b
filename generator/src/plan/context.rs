//! Shared context of all builders: the model, the names and the computed facts.

use std::cell::OnceCell;
use std::collections::BTreeSet;

use super::Options;
use super::analysis::{Depth, Derives, Reach, Recursion};
use super::items::TypePath;
use super::symbols::Symbols;
use super::type_override::Extras;
use super::types::Scope;
use apigen_model::api::{Api, Id, Interface, Model, Service};
use apigen_model::behaviour::{FieldIndex, Samples, SensitiveTypes, SmallestValues};

/// The runtime's pointer that ends deep links between types.
pub const LINK: TypePath = TypePath::Runtime("Link");

/// The read-only context of one run.
pub struct Context<'a> {
    pub api: &'a Api,
    pub options: &'a Options,
    pub symbols: &'a Symbols,
    pub recursion: Recursion,
    pub depth: Depth,
    pub derives: Derives,
    pub smallest: SmallestValues<'a>,
    pub samples: Samples<'a>,
    pub reach: Reach,
    pub sensitive: SensitiveTypes,
    pub extras: Extras<'a>,
    pub fields: FieldIndex<'a>,
    implementers: OnceCell<Vec<Vec<Id<Model>>>>,
}

impl<'a> Context<'a> {
    pub fn new(api: &'a Api, options: &'a Options, symbols: &'a Symbols) -> Self {
        let recursion = Recursion::new(api);
        Self {
            api,
            options,
            symbols,
            depth: Depth::new(api, &recursion),
            recursion,
            derives: Derives::new(api),
            smallest: SmallestValues::new(api),
            samples: Samples::new(api),
            reach: Reach::new(api, options.selection.is_everything()),
            sensitive: SensitiveTypes::new(api, &options.sensitive),
            extras: Extras::new(api, &options.types),
            fields: FieldIndex::new(api),
            implementers: OnceCell::new(),
        }
    }

    /// Returns the models that declare an interface, in their order.
    pub fn implementers(&self, interface: Id<Interface>) -> &[Id<Model>] {
        let all = self.implementers.get_or_init(|| {
            let mut all = vec![Vec::new(); self.api.interfaces.len()];
            for (id, model) in self.api.models.iter() {
                let declared: BTreeSet<Id<Interface>> = model.interfaces.iter().copied().collect();
                declared.into_iter().for_each(|interface| all[interface.index()].push(id));
            }
            all
        });
        &all[interface.index()]
    }

    /// Returns the pointer between a field and its value: a link, which rustc does not look through, or a box, so that
    /// the type has a finite size.
    pub fn pointer(&self, scope: Scope<'_>, model: Id<Model>, index: usize) -> Option<TypePath> {
        if self.depth.linked(model, index) {
            Some(LINK)
        } else if self.recursion.boxed(self.api, model, index) {
            Some(scope.std("Box"))
        } else {
            None
        }
    }

    /// Returns the scope of a service's models file, where types of the service need no path.
    pub fn models(&self, service: Id<Service>) -> Scope<'a> {
        let hidden = &self.symbols[service].hidden;
        Scope { models: true, ..self.file(service, hidden) }
    }

    /// Returns the scope of a file of a service that defines no types.
    pub fn child(&self, service: Id<Service>) -> Scope<'a> {
        self.file(service, &[])
    }

    /// Returns the scope of a file of a service that defines these types.
    pub fn file<'s>(&self, service: Id<Service>, hidden: &'s [String]) -> Scope<'s>
    where
        'a: 's,
    {
        Scope { api: self.api, options: self.options, symbols: self.symbols, service, models: false, hidden }
    }
}
