//! An index of the fields of models by name.

use std::cell::RefCell;
use std::collections::HashMap;
use std::rc::Rc;

use crate::api::{Api, Field, Id, Model};
use crate::checkpoint::checkpoint;

/// Positions of fields by name; the first of several equal names wins.
type Positions = HashMap<String, usize>;

/// Finds fields of models by name, without a linear search each time.
#[derive(Debug)]
pub struct FieldIndex<'a> {
    api: &'a Api,
    /// The index of each model, built on first use.
    models: RefCell<HashMap<Id<Model>, Rc<Positions>>>,
}

impl<'a> FieldIndex<'a> {
    /// Creates an index of all models.
    pub fn new(api: &'a Api) -> Self {
        Self { api, models: RefCell::default() }
    }

    /// Returns the field of a model with this name.
    pub fn field(&self, model: Id<Model>, name: &str) -> Option<&'a Field> {
        self.position(model, name).map(|index| &self.api.models[model].fields[index])
    }

    /// Returns the position of the field of a model with this name.
    pub fn position(&self, model: Id<Model>, name: &str) -> Option<usize> {
        checkpoint();
        let known = Rc::clone(self.models.borrow_mut().entry(model).or_insert_with(|| {
            let fields = self.api.models[model].fields.iter().enumerate().rev();
            Rc::new(fields.map(|(index, field)| (field.name.clone(), index)).collect())
        }));
        known.get(name).copied()
    }
}
