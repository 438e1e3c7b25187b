//! Fields of models by their names.

use std::cell::RefCell;
use std::collections::HashMap;
use std::rc::Rc;

use crate::api::{Api, Field, Id, Model};
use crate::checkpoint::checkpoint;

/// Where fields are, by their names; of equal names the first one counts.
type Positions = HashMap<String, usize>;

/// Finds fields of models by their names, without looking through all of them each time.
#[derive(Debug)]
pub struct FieldIndex<'a> {
    api: &'a Api,
    /// Of each model that somebody has asked for.
    models: RefCell<HashMap<Id<Model>, Rc<Positions>>>,
}

impl<'a> FieldIndex<'a> {
    /// An index of all models.
    pub fn new(api: &'a Api) -> Self {
        Self { api, models: RefCell::default() }
    }

    /// The field of this name in a model.
    pub fn field(&self, model: Id<Model>, name: &str) -> Option<&'a Field> {
        self.position(model, name).map(|index| &self.api.models[model].fields[index])
    }

    /// The position of the field of this name in a model.
    pub fn position(&self, model: Id<Model>, name: &str) -> Option<usize> {
        checkpoint();
        let known = Rc::clone(self.models.borrow_mut().entry(model).or_insert_with(|| {
            let fields = self.api.models[model].fields.iter().enumerate().rev();
            Rc::new(fields.map(|(index, field)| (field.name.clone(), index)).collect())
        }));
        known.get(name).copied()
    }
}
