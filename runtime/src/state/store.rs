//! Responds to requests from memory.

use std::collections::HashSet;
use std::fmt;
use std::future::ready;
use std::sync::Mutex;

use bytes::Bytes;
use http::{Request, Response};

use super::item::{Fields, Item};
use super::item_collection::ItemCollection;
use super::item_path::ItemPath;
use super::list_query::ListQuery;
use super::text::{instant, json, text};
use super::{Action, Collection, Keys, PathField, StateTable, Stored};
use crate::json::counted;
use crate::lock;
use crate::operation::OperationInfo;
use crate::transport::{Transport, TransportError, TransportFuture, response};

/// A transport that keeps data in memory: the server of a stateful mock.
pub struct Store {
    table: &'static StateTable,
    seeder: Option<Box<Seeder>>,
    kept: Mutex<StoreData>,
}

/// Returns the first items of a collection under the parents that a request names: JSON objects.
type Seeder = dyn Fn(&'static Stored, &[(&str, &str)]) -> Vec<String> + Send + Sync;

/// The maximum number of collections and parents that get first items; requests can name any parents.
const SEEDED: usize = 10_000;

/// The default limit for the memory of all items in bytes.
const BYTES: usize = 128 << 20;

struct StoreData {
    collections: Vec<ItemCollection>,
    /// The maximum memory of all items in bytes.
    limit: usize,
    /// The number of items ever created.
    ticks: u64,
    /// The collections and parents that have their first items.
    seeded: HashSet<(usize, Vec<(String, String)>)>,
}

/// A valid request for an operation that the store responds to.
#[derive(Debug, Clone, Copy)]
pub struct StateRequest<'a> {
    /// The operation.
    pub info: &'static OperationInfo,
    /// What it does.
    pub stored: &'static Stored,
    /// The path, as in the URL.
    pub path: &'a str,
    /// The query, without the question mark.
    pub query: &'a str,
    /// The JSON body; empty if there is none.
    pub body: &'a [u8],
}

/// A response of the store.
#[derive(Debug)]
pub struct StateResponse {
    /// Status and body. Nothing else is set.
    pub response: Response<Bytes>,
    /// Whether the operation declares the status; the store refuses with 404 and 409 in any case.
    pub declared: bool,
}

struct StoreRequest<'a> {
    info: &'static OperationInfo,
    stored: &'static Stored,
    collection: &'static Collection,
    place: ItemPath,
    query: &'a str,
    body: &'a [u8],
}

type Reply = Result<StateResponse, TransportError>;

impl Store {
    /// Creates an empty store.
    pub fn new(table: &'static StateTable) -> Store {
        Store { table, seeder: None, kept: Mutex::new(StoreData::new(table, BYTES)) }
    }

    /// Gives each collection its first items, when a request first names it and the parents of its items.
    #[must_use]
    pub fn seeded(
        self,
        seeder: impl Fn(&'static Stored, &[(&str, &str)]) -> Vec<String> + Send + Sync + 'static,
    ) -> Store {
        Store { seeder: Some(Box::new(seeder)), ..self }
    }

    /// Limits the memory of all items in bytes; 128 MiB by default.
    pub fn set_limit(&self, bytes: usize) {
        lock(&self.kept).limit = bytes;
    }

    /// Returns the items of a collection as JSON objects, in the order of their creation.
    pub fn items(&self, collection: usize) -> Vec<String> {
        let kept = lock(&self.kept);
        let items = kept.collections.get(collection).into_iter().flat_map(|kept| kept.items.values());
        items.filter_map(|item| serde_json::to_string(&item.fields).ok()).collect()
    }

    /// Takes over the items of another store: those of the collections that `from` names for the collections of this
    /// one, if they are still valid by `fits`. Returns how many were kept and how many were not.
    pub fn adopt(
        &self,
        other: &Store,
        from: impl Fn(usize) -> Option<usize>,
        fits: impl Fn(usize, &str) -> bool,
    ) -> (usize, usize) {
        let (mut own, theirs) = (lock(&self.kept), lock(&other.kept));
        own.ticks = theirs.ticks;
        let (mut kept, mut lost) = (0, 0);
        for (index, collection) in self.table.collections.iter().enumerate() {
            let Some(old) = from(index).and_then(|old| theirs.collections.get(old).map(|items| (old, items))) else {
                continue;
            };
            own.seeded.extend(
                theirs.seeded.iter().filter(|(at, _)| *at == old.0).map(|(_, parents)| (index, parents.clone())),
            );
            own.collections[index].continue_keys(old.1);
            for item in old.1.items.values() {
                let valid = serde_json::to_string(&item.fields).is_ok_and(|json| fits(index, &json));
                if valid && !own.collections[index].clashes(item, None, collection.unique) {
                    own.collections[index].push(item.clone(), collection.unique);
                    kept += 1;
                } else {
                    lost += 1;
                }
            }
        }
        (kept, lost)
    }

    /// Responds to a request.
    ///
    /// # Errors
    /// Returns an error if the body is not a JSON object, or the store is full.
    pub fn respond(&self, request: StateRequest<'_>) -> Reply {
        let StateRequest { info, stored, path, query, body } = request;
        let unknown = || TransportError::other("the state of the mock does not know this operation");
        let collection = self.table.collections.get(stored.collection).ok_or_else(unknown)?;
        let request = StoreRequest { info, stored, collection, place: ItemPath::read(info.path, path), query, body };
        let mut kept = lock(&self.kept);
        if let Some(seeder) = &self.seeder {
            kept.seed(&request, seeder, self.parent_fields(stored.collection));
        }
        kept.answer(&request)
    }

    /// Returns the fields of the items that a variable of the path sets.
    fn parent_fields(&self, collection: usize) -> impl Iterator<Item = &'static PathField> {
        let sets = |row: &&Stored| matches!(row.action, Action::Create | Action::Replace | Action::Change);
        let own = self.table.operations.iter().filter(move |row| row.collection == collection);
        own.filter(sets).flat_map(|row| row.path)
    }

    /// Removes everything, and restarts generated keys.
    pub fn clear(&self) {
        let mut kept = lock(&self.kept);
        *kept = StoreData::new(self.table, kept.limit);
    }

    fn answer(&self, request: &Request<Bytes>) -> Result<Response<Bytes>, TransportError> {
        let unknown = || TransportError::other("the state of the mock does not know this operation");
        let info = *request.extensions().get::<&'static OperationInfo>().ok_or_else(unknown)?;
        let stored = self.table.operations.iter().find(|row| row.operation == info.id).ok_or_else(unknown)?;
        let (path, query) = (request.uri().path(), request.uri().query().unwrap_or_default());
        let response = self.respond(StateRequest { info, stored, path, query, body: request.body() })?;
        Ok(response.response)
    }
}

impl fmt::Debug for Store {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Store").field("bytes", &lock(&self.kept).bytes()).finish_non_exhaustive()
    }
}

impl Transport for Store {
    fn send(&self, request: Request<Bytes>) -> TransportFuture<'_> {
        Box::pin(ready(self.answer(&request)))
    }
}

impl StoreData {
    fn new(table: &StateTable, limit: usize) -> StoreData {
        let collections = table.collections.iter().map(|_| ItemCollection::default()).collect();
        StoreData { collections, limit, ticks: 0, seeded: HashSet::new() }
    }

    fn answer(&mut self, request: &StoreRequest<'_>) -> Reply {
        let kept = &mut self.collections[request.stored.collection];
        match (request.stored.action, kept.find(&request.place, request.stored)) {
            (Action::List, _) => {
                let below = kept.items.values().filter(|item| item.is_below(&request.place, request.stored));
                let page = ListQuery::read(request.query, request.fields()).select(below.map(|item| &item.fields));
                request.succeed(&[200], serde_json::to_string(&page))
            }
            (Action::Create, _) => self.create(request),
            (Action::Replace, None) if request.declared(404).is_none() => self.create(request),
            (_, None) => Ok(request.refuse(404)),
            (Action::Read, Some(id)) => {
                request.succeed(&[200], serde_json::to_string(&kept.items.get(&id).map(|item| &item.fields)))
            }
            (Action::Delete, Some(id)) => {
                let item = kept.remove(id, request.collection.unique);
                request.succeed(&[204, 200], serde_json::to_string(&item.map(|item| item.fields)))
            }
            (Action::Replace | Action::Change, Some(id)) => self.change(request, id),
        }
    }

    /// Adds the first items of a collection under the parents of the request.
    fn seed(
        &mut self,
        request: &StoreRequest<'_>,
        seeder: &Seeder,
        parent_fields: impl Iterator<Item = &'static PathField>,
    ) {
        let parents = request.place.parents.iter().map(|own| (own.above.clone(), own.value.clone())).collect();
        if self.seeded.len() >= SEEDED || !self.seeded.insert((request.stored.collection, parents)) {
            return;
        }
        let variables: Vec<(&str, &str)> =
            request.place.parents.iter().map(|own| (own.variable.as_str(), own.value.as_str())).collect();
        let parents = StoreRequest { place: ItemPath { key: None, ..request.place.clone() }, ..*request };
        let stated: Fields = parent_fields
            .filter_map(|own| {
                let parent = request.place.parents.iter().find(|parent| parent.variable == own.variable)?;
                Some((own.field.to_owned(), json(&parent.value, own.is_text)))
            })
            .collect();
        for text in seeder(request.stored, &variables) {
            let Ok(mut fields) = serde_json::from_str::<Fields>(&text) else { continue };
            fields.extend(stated.clone());
            // An item that clashes with another one is left out.
            drop(self.insert(&parents, fields, Fields::new()));
        }
    }

    fn create(&mut self, request: &StoreRequest<'_>) -> Reply {
        let mut fields = request.blank()?;
        for PathField { field, variable, is_text } in request.stored.path {
            let parent = request.place.parents.iter().find(|parent| parent.variable == *variable);
            fields.extend(parent.map(|parent| ((*field).to_owned(), json(&parent.value, *is_text))));
        }
        self.insert(request, fields, request.form()?)
    }

    /// Adds an item with these fields and those of the body.
    fn insert(&mut self, request: &StoreRequest<'_>, mut fields: Fields, body: Fields) -> Reply {
        let collection = request.collection;
        let instant = json(&instant(self.ticks + 1), true);
        collection.instants.iter().for_each(|name| drop(fields.insert((*name).to_owned(), instant.clone())));
        let given = body.keys().any(|name| Some(name.as_str()) == collection.key);
        fields.extend(body);
        let own = collection.key.and_then(|name| fields.get(name));
        let key = match (&request.place.key, own) {
            (Some(key), _) => key.clone(),
            (None, Some(own)) if given || collection.keys == Keys::Given => text(own),
            _ => self.collections[request.stored.collection].new_key(collection.keys),
        };
        if let Some(name) = collection.key {
            let quoted = match collection.keys {
                Keys::Uuids | Keys::Texts(_) => true,
                Keys::Numbers(_) => false,
                Keys::Given => own.is_none_or(|own| own.get().starts_with('"')),
            };
            fields.insert(name.to_owned(), json(&key, quoted));
        }
        let item = Item { key, parents: request.place.parents.clone(), fields };
        if self.collections[request.stored.collection].clashes(&item, None, collection.unique) {
            return Ok(request.refuse(409));
        }
        self.has_room(item.size())?;
        self.ticks += 1;
        let body = serde_json::to_string(&item.fields);
        self.collections[request.stored.collection].push(item, collection.unique);
        request.succeed(&[201, 200], body)
    }

    fn change(&mut self, request: &StoreRequest<'_>, id: u64) -> Reply {
        let (body, unique) = (request.form()?, request.collection.unique);
        let kept = &self.collections[request.stored.collection];
        let Some(old) = kept.items.get(&id) else { return Ok(request.refuse(404)) };
        let mut fields = old.fields.clone();
        if request.stored.action == Action::Replace {
            let blank = request.blank()?;
            for name in request.fields() {
                match blank.get(*name) {
                    Some(value) => fields.insert((*name).to_owned(), value.clone()),
                    None => fields.remove(*name),
                };
            }
        }
        fields.extend(body);
        // The key follows from the path; a body cannot change it.
        let key = request.collection.key.and_then(|name| Some((name, old.fields.get(name)?)));
        fields.extend(key.map(|(name, value)| (name.to_owned(), value.clone())));
        let item = Item { key: old.key.clone(), parents: old.parents.clone(), fields };
        if kept.clashes(&item, Some(id), unique) {
            return Ok(request.refuse(409));
        }
        self.has_room(item.size().saturating_sub(old.size()))?;
        let body = serde_json::to_string(&item.fields);
        self.collections[request.stored.collection].change(id, item.fields, unique);
        request.succeed(&[200, 204, 201], body)
    }

    fn bytes(&self) -> usize {
        self.collections.iter().map(|kept| kept.bytes).sum()
    }

    fn has_room(&self, more: usize) -> Result<(), TransportError> {
        let taken = self.bytes();
        if taken.saturating_add(more) <= self.limit {
            return Ok(());
        }
        let limit = counted(&self.limit, "bytes");
        Err(TransportError::told(format!(
            "the state of the mock is full: it keeps {limit}, which `state_bytes` changes"
        )))
    }
}

impl StoreRequest<'_> {
    /// Returns the fields that the operation sets or filters by.
    fn fields(&self) -> &'static [&'static str] {
        self.stored.fields.unwrap_or(self.collection.fields)
    }

    fn form(&self) -> Result<Fields, TransportError> {
        let mut form: Fields = serde_json::from_slice(self.body).map_err(TransportError::other)?;
        form.retain(|name, _| self.fields().contains(&name.as_str()));
        Ok(form)
    }

    fn blank(&self) -> Result<Fields, TransportError> {
        serde_json::from_str(&self.collection.blank.get()).map_err(TransportError::other)
    }

    /// Returns whether the operation declares this error without a body; `None` if it does not declare it.
    fn declared(&self, status: u16) -> Option<bool> {
        self.info.response(status).filter(|(_, success)| !success).map(|(row, _)| row.unit)
    }

    /// Responds with the first of these statuses that the operation declares, or else its first success.
    fn succeed(&self, preferred: &[u16], body: serde_json::Result<String>) -> Reply {
        let own = || self.info.responses.iter().filter(|row| row.success);
        let known = preferred.iter().find_map(|status| own().find(|row| row.status == Some(*status)));
        let row = known.or_else(|| own().find(|row| row.status.is_some())).or_else(|| own().next());
        let status = row.and_then(|row| row.status).or(preferred.first().copied()).unwrap_or(200);
        let body = if row.is_none_or(|row| row.unit) { String::new() } else { body.map_err(TransportError::other)? };
        Ok(StateResponse { response: response(status, body), declared: row.is_some() })
    }

    /// Responds with an error and its declared body, or without a body if it is not declared.
    fn refuse(&self, status: u16) -> StateResponse {
        let Stored { bodies, texts, .. } = self.stored;
        let made = bodies.iter().find(|(known, _)| *known == status).map(|(_, body)| body());
        let text = || texts.iter().find(|(known, _)| *known == status).map(|(_, text)| (*text).to_owned());
        let body = made.or_else(text).unwrap_or_default();
        StateResponse { response: response(status, body), declared: self.declared(status).is_some() }
    }
}
