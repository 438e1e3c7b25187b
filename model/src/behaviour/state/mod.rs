//! What the operations of a service mean for a server that keeps what is created.
//!
//! Only unambiguous cases count: a collection has a way in (`POST`, or `PUT` at a key) and a way out (`GET`), its items
//! are of one model, and values of that model can be generated. Other operations are left to the rest of the server.

mod compatible;
mod shape;
mod table;

pub use table::{Action, Collection, Keys, OperationPlace, PathField, StateTable, StoredOperation};

use std::collections::HashMap;

pub(super) use self::compatible::{compatible, is_plain};

use self::compatible::is_text;
use self::shape::{Shape, shapes};
use super::{FieldIndex, SmallestValues, apigen_values};
use crate::api::{Api, Code, Field, Id, Location, Model, Operation, Primitive, Resource, Response, Service, Type};
use crate::vocabulary::paths;
use crate::vocabulary::plural::plural;

/// Fields that identify an item if no path does.
pub(super) const USUAL_KEYS: [&str; 4] = ["guid", "id", "uuid", "key"];

struct State<'b, 'a> {
    api: &'a Api,
    smallest: &'b SmallestValues<'a>,
    fields: &'b FieldIndex<'a>,
}

/// Returns the collections and operations of a stateful server for a service; `None` if it has no collection.
pub fn state_table<'a>(
    api: &'a Api,
    service: &'a Service,
    smallest: &SmallestValues<'a>,
    fields: &FieldIndex<'a>,
) -> Option<StateTable> {
    let cx = &State { api, smallest, fields };
    let mut table = StateTable::default();
    for (model, shapes) in collections(cx, shapes(service)) {
        let model = Items { cx, id: model };
        let collection = collection(model, &shapes);
        let key = collection.key.as_deref();
        let stored = shapes.iter().filter(|shape| agrees(shape, model, key));
        let index = table.collections.len();
        table.operations.extend(stored.map(|shape| operation(index, shape, model, key)));
        table.collections.push(collection);
    }
    (!table.collections.is_empty()).then_some(table)
}

/// Groups the shapes into collections, in the order of their first operations, each with the model of its items. The
/// model and the last fixed segment of the path identify a collection.
fn collections<'a>(cx: &State<'_, '_>, shapes: Vec<Shape<'a>>) -> Vec<(Id<Model>, Vec<Shape<'a>>)> {
    let mut found: Vec<(Id<Model>, Vec<Shape<'a>>)> = Vec::new();
    let (typed, untyped): (Vec<_>, Vec<_>) = shapes.into_iter().partition(|shape| shape.model.is_some());
    let (mut places, mut named) = (HashMap::new(), HashMap::<&str, Vec<usize>>::new());
    for shape in typed {
        let Some(model) = shape.model else { continue };
        let place = *places.entry((shape.segment, model)).or_insert_with(|| {
            named.entry(shape.segment).or_default().push(found.len());
            found.push((model, Vec::new()));
            found.len() - 1
        });
        found[place].1.push(shape);
    }
    // An operation without a typed response is added if its segment belongs to a single collection.
    for mut shape in untyped {
        if let Some([place]) = named.get(shape.segment).map(Vec::as_slice) {
            let (model, shapes) = &mut found[*place];
            shape.model = Some(*model);
            shapes.push(shape);
        }
    }
    found.retain(|(model, shapes)| {
        let any = |actions: [Action; 2]| shapes.iter().any(|shape| actions.contains(&shape.action));
        any([Action::Create, Action::Replace])
            && any([Action::Read, Action::List])
            && cx.smallest.is_inventable(&Type::Model(*model))
    });
    found
}

/// The model of a collection's items.
#[derive(Clone, Copy)]
struct Items<'b, 'a> {
    cx: &'b State<'b, 'a>,
    id: Id<Model>,
}

impl<'a> Items<'_, 'a> {
    fn model(self) -> &'a Model {
        &self.cx.api.models[self.id]
    }

    fn field(self, name: &str) -> Option<&'a Field> {
        self.cx.fields.field(self.id, name)
    }
}

fn collection(model: Items<'_, '_>, shapes: &[Shape<'_>]) -> Collection {
    let named = shapes.iter().find_map(|shape| key(shape, model));
    let usual = || USUAL_KEYS.iter().find_map(|name| model.field(name)).filter(|field| field.required);
    let key = named.or_else(|| if shapes.iter().all(|shape| shape.key.is_none()) { usual() } else { None });
    let instant = |field: &&Field| field.required && field.ty == Type::Primitive(Primitive::DateTime);
    let unique = shapes.iter().flat_map(|shape| apigen_values(&shape.resource.attributes, "unique"));
    let unique = unique.filter_map(|value| value.as_array()).flatten().filter_map(|name| name.as_str());
    let mut unique: Vec<String> = unique.filter(|name| model.field(name).is_some()).map(ToOwned::to_owned).collect();
    unique.sort_unstable();
    unique.dedup();
    Collection {
        key: key.map(|field| field.name.clone()),
        keys: keys(key),
        unique,
        instants: model.model().fields.iter().filter(instant).map(|field| field.name.clone()).collect(),
        model: model.id,
    }
}

/// Chooses the keys of new items by the type of the key.
fn keys(key: Option<&Field>) -> Keys {
    let minimum = key.and_then(|key| key.minimum).unwrap_or(1).max(1);
    match key.map(|key| &key.ty) {
        Some(Type::Primitive(Primitive::Uuid)) => Keys::Uuids,
        Some(Type::Primitive(Primitive::Integer | Primitive::Long)) => Keys::Numbers(minimum),
        Some(Type::Primitive(Primitive::String)) | None => Keys::Texts(minimum.min(100) as usize),
        Some(_) => Keys::Given,
    }
}

/// Returns true if the path of an operation identifies an item by the key of its collection.
fn agrees(shape: &Shape<'_>, model: Items<'_, '_>, key: Option<&str>) -> bool {
    shape.key.is_none() || self::key(shape, model).map(|field| field.name.as_str()) == key
}

fn key<'m>(shape: &Shape<'_>, model: Items<'_, 'm>) -> Option<&'m Field> {
    let of = (shape.resource, shape.operation);
    identified(of, shape.key, &model.model().name, &|name| model.field(name))
}

/// Returns the field of a model by which a variable of a path identifies an item: the one in the attribute, the one with
/// the variable's name, the one with that name without the model's (`user_guid` is the `guid` of a `user`), or a usual
/// key of the same type.
pub(super) fn identified<'m>(
    (resource, operation): (&Resource, &Operation),
    variable: Option<&str>,
    model: &str,
    field: &dyn Fn(&str) -> Option<&'m Field>,
) -> Option<&'m Field> {
    let lists = [&operation.attributes, &resource.attributes];
    let mut values = lists.into_iter().flat_map(|list| apigen_values(list, "key"));
    if let Some(found) = values.find_map(|value| field(value.as_str()?)) {
        return Some(found);
    }
    let variable = variable?;
    let own = variable.strip_prefix(model).and_then(|rest| rest.strip_prefix('_'));
    let parameter = operation.parameters.iter().find(|p| p.location == Location::Path && p.name == variable);
    let usual = USUAL_KEYS.iter().filter_map(|name| field(name));
    let mut usual = usual.filter(|field| field.required && parameter.is_some_and(|p| p.ty == field.ty));
    field(variable).or_else(|| field(own?)).or_else(|| usual.next())
}

fn operation(collection: usize, shape: &Shape<'_>, model: Items<'_, '_>, key: Option<&str>) -> StoredOperation {
    // The store refuses with the declared responses that have a body, if it can be made.
    let refusals = shape.operation.responses.iter().filter_map(|response| {
        let has_body = response.ty != Type::Primitive(Primitive::Unit) && model.cx.smallest.is_inventable(&response.ty);
        Some((status(shape.action, response)?, response.ty.clone())).filter(|_| has_body)
    });
    StoredOperation {
        place: shape.place,
        collection,
        action: shape.action,
        fields: fields(shape, model),
        path: path(shape, model, key),
        refusals: refusals.collect(),
    }
}

/// Returns the fields that the body sets on the item, or that the query filters by.
fn fields(shape: &Shape<'_>, model: Items<'_, '_>) -> Vec<String> {
    let cx = model.cx;
    let own = |name: &str| model.field(name);
    if let Some(form) = shape.form {
        let form = cx.api.models[form].fields.iter();
        let copied = form.filter(|f| own(&f.name).is_some_and(|to| compatible(cx.api, cx.fields, &f.ty, &to.ty)));
        return copied.map(|f| f.name.clone()).collect();
    }
    let query = shape.operation.parameters.iter().filter(|p| p.location == Location::Query);
    let query = query.filter(|p| !["limit", "offset", "sort"].contains(&p.name.as_str()));
    let filters = query.filter(|p| {
        own(&p.name).is_some_and(|field| match &field.ty {
            Type::List(inner) => is_plain(inner),
            ty => is_plain(ty),
        })
    });
    match shape.action {
        Action::List => filters.map(|p| p.name.clone()).collect(),
        _ => Vec::new(),
    }
}

/// Returns the fields whose values are fixed by variables of the path before the item.
fn path(shape: &Shape<'_>, model: Items<'_, '_>, key: Option<&str>) -> Vec<PathField> {
    let segments: Vec<&str> = shape.operation.path.split('/').filter(|segment| !segment.is_empty()).collect();
    let above = segments.iter().enumerate().filter(|(at, _)| shape.key.is_none() || at + 1 < segments.len());
    let variables = above.filter_map(|(at, part)| Some((at.checked_sub(1), paths::variable(part)?.0)));
    let fields = variables.filter_map(|(before, variable)| {
        let mut own = shape.operation.parameters.iter().filter(|p| p.location == Location::Path);
        let ty = &own.find(|p| p.name == variable && is_plain(&p.ty))?.ty;
        // A field that is only compared may have any plain type; one that is set must have that of the variable.
        let fits = |field: &&Field| field.ty == *ty || (shape.form.is_none() && is_plain(&field.ty));
        let named = before.and_then(|before| reference(model.model(), segments[before], variable)).filter(fits);
        let same = || model.field(variable).filter(|field| Some(field.name.as_str()) != key).filter(fits);
        let field = named.or_else(same)?.name.clone();
        Some(PathField { field, variable: variable.to_owned(), is_text: is_text(ty) })
    });
    fields.collect()
}

/// Returns the field that refers to the parent of an item: `/users/:guid/visits` (or `:id`, or `:user`) is about the
/// `user_guid` of a visit, not its own `guid`.
pub(super) fn reference<'m>(model: &'m Model, above: &str, variable: &str) -> Option<&'m Field> {
    let ends = || std::iter::once(variable).chain(USUAL_KEYS);
    let is_named = |field: &&Field| {
        let mut of = ends().filter_map(|end| field.name.strip_suffix(end)?.strip_suffix('_'));
        of.any(|of| is_named_by(of, above))
    };
    model.fields.iter().find(is_named)
}

/// Returns true if a segment of a path names things of this name: `users` or `user`.
pub(super) fn is_named_by(name: &str, segment: &str) -> bool {
    name == segment || plural(name) == segment
}

/// Returns the status that the store refuses with, if this response is declared for it.
fn status(action: Action, response: &Response) -> Option<u16> {
    let own: &[u16] = match action {
        Action::List => &[],
        Action::Create => &[409],
        Action::Read | Action::Delete => &[404],
        Action::Replace | Action::Change => &[404, 409],
    };
    match response.code {
        Code::Status(code) => own.iter().copied().find(|status| *status == code),
        Code::Default => own.first().copied(),
    }
}
