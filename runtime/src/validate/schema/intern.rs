//! Interns texts and tables: the reader requires statics, so each value is kept once, until the program ends.
//!
//! A schema itself is freed like any other value. Parts that it shares with an earlier one, such as another version of
//! the spec, take no additional memory, so repeated work does not grow the program.

use std::any::{Any, TypeId};
use std::collections::{HashMap, HashSet};
use std::hash::Hash;
use std::sync::{LazyLock, Mutex};

use crate::lock;

/// One `HashSet<&'static T>` per type.
static INTERNED: LazyLock<Mutex<HashMap<TypeId, Box<dyn Any + Send>>>> = LazyLock::new(Mutex::default);

/// Returns the interned copy of a value.
pub(super) fn intern<T: Eq + Hash + Send + Sync + 'static>(value: T) -> &'static T {
    let mut interned = lock(&INTERNED);
    let known = interned.entry(TypeId::of::<T>()).or_insert_with(|| Box::new(HashSet::<&'static T>::new()));
    let known = known.downcast_mut::<HashSet<&'static T>>();
    if let Some(same) = known.as_ref().and_then(|known| known.get(&value)) {
        return same;
    }
    let new: &'static T = Box::leak(Box::new(value));
    known.map(|known| known.insert(new));
    new
}

/// Returns the text as a static one, which equal texts share.
pub fn text(text: &str) -> &'static str {
    intern(Box::<str>::from(text))
}

/// Returns the items as a static list, which equal lists share.
pub fn list<T: Eq + Hash + Send + Sync + 'static>(items: Vec<T>) -> &'static [T] {
    intern(items.into_boxed_slice())
}

#[cfg(test)]
mod tests {
    use super::super::{ModelDefinition, OperationDefinition, Schema, Service, UnionDefinition};
    use super::*;

    fn schema(path: &str) -> Schema {
        let field = super::super::FieldDefinition {
            name: "title".to_owned(),
            ty: super::super::Type::Model(0),
            required: true,
            sensitive: false,
            minimum: Some(3),
            maximum: None,
        };
        let operation = OperationDefinition {
            id: "books.get".to_owned(),
            method: "GET",
            path: path.to_owned(),
            side_effects: false,
            sensitive: false,
            parameters: Vec::new(),
            body: None,
            responses: Vec::new(),
            refusals: Vec::new(),
        };
        let union = UnionDefinition {
            name: "part".to_owned(),
            discriminator: None,
            members: Vec::new(),
            tags: vec![("book".to_owned(), 0)],
        };
        Schema::new(Service {
            models: vec![ModelDefinition { name: "book".to_owned(), fields: vec![field] }],
            unions: vec![union],
            operations: vec![operation],
            ..Service::default()
        })
        .unwrap()
    }

    #[test]
    fn equal_schemas_share_their_tables() {
        let (one, same, other) = (schema("/books"), schema("/books"), schema("/books/all"));
        let info = |schema: &Schema| schema.operations()[0].info();
        assert!(std::ptr::eq(info(&one), info(&same)) && !std::ptr::eq(info(&one), info(&other)));
        assert!(std::ptr::eq(info(&one).id, info(&other).id));
        assert!(std::ptr::eq(one.models[0].fields, other.models[0].fields));
        assert!(std::ptr::eq(one.unions[0].table, other.unions[0].table));
    }

    #[test]
    fn each_value_is_kept_once() {
        assert!(std::ptr::eq(text("title"), text("title")));
        assert!(std::ptr::eq(list(vec![1, 2]), list(vec![1, 2])));
        assert_eq!((text("a"), list::<u8>(Vec::new())), ("a", &[][..]));
    }
}
