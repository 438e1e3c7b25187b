//! Indices of a service's declarations by name. Built once per service, however many others import it.

use std::cell::{OnceCell, RefCell};
use std::collections::HashMap;
use std::rc::Rc;

use super::service::{Common, Kind, Service};

/// Positions by name; the first of several equal names wins.
type Positions = HashMap<String, usize>;

/// The names of one service; the index of each kind is built on first use.
#[derive(Default)]
pub struct Names {
    kinds: [OnceCell<Positions>; 4],
    values: RefCell<HashMap<usize, Rc<Positions>>>,
    fields: RefCell<HashMap<usize, Rc<Positions>>>,
}

impl Names {
    pub fn of_kind(&self, service: &Service, kind: Kind, name: &str) -> Option<usize> {
        let positions =
            self.kinds[kind as usize].get_or_init(|| first(commons(service, kind).map(|common| &common.name.value)));
        positions.get(name).copied()
    }

    pub fn value(&self, service: &Service, index: usize, name: &str) -> Option<usize> {
        let values = service.enums[index].values.iter().map(|value| &value.common.name.value);
        in_list(&self.values, index, values, name)
    }

    pub fn field(&self, service: &Service, index: usize, name: &str) -> Option<usize> {
        let fields = service.models[index].fields.iter().map(|field| &field.common.name.value);
        in_list(&self.fields, index, fields, name)
    }
}

pub fn commons(service: &Service, kind: Kind) -> Box<dyn Iterator<Item = &Common> + '_> {
    match kind {
        Kind::Enum => Box::new(service.enums.iter().map(|e| &e.common)),
        Kind::Model => Box::new(service.models.iter().map(|m| &m.common)),
        Kind::Union => Box::new(service.unions.iter().map(|u| &u.common)),
        Kind::Interface => Box::new(service.interfaces.iter().map(|i| &i.common)),
    }
}

fn first<'a>(names: impl Iterator<Item = &'a String>) -> Positions {
    let mut positions = Positions::new();
    for (index, name) in names.enumerate() {
        positions.entry(name.clone()).or_insert(index);
    }
    positions
}

fn in_list<'a>(
    known: &RefCell<HashMap<usize, Rc<Positions>>>,
    index: usize,
    names: impl ExactSizeIterator<Item = &'a String>,
    name: &str,
) -> Option<usize> {
    const FEW: usize = 16;
    if names.len() <= FEW {
        return names.enumerate().find(|(_, known)| *known == name).map(|(at, _)| at);
    }
    let positions = Rc::clone(known.borrow_mut().entry(index).or_insert_with(|| Rc::new(first(names))));
    positions.get(name).copied()
}
