//! Responds to requests from memory.

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
pub(crate) struct Store {
    table: &'static StateTable,
    kept: Mutex<StoreData>,
}

/// The default limit for the memory of all items in bytes.
const BYTES: usize = 128 << 20;

struct StoreData {
    collections: Vec<ItemCollection>,
    /// The maximum memory of all items in bytes.
    limit: usize,
    /// The number of items ever created.
    ticks: u64,
}

struct StoreRequest<'a> {
    info: &'static OperationInfo,
    stored: &'static Stored,
    collection: &'static Collection,
    place: ItemPath,
    query: &'a str,
    body: &'a [u8],
}

type Reply = Result<Response<Bytes>, TransportError>;

impl Store {
    pub(crate) fn new(table: &'static StateTable) -> Store {
        Store { table, kept: Mutex::new(StoreData::new(table, BYTES)) }
    }

    pub(crate) fn set_limit(&self, bytes: usize) {
        lock(&self.kept).limit = bytes;
    }

    /// Removes everything, and restarts generated keys.
    pub(crate) fn clear(&self) {
        let mut kept = lock(&self.kept);
        *kept = StoreData::new(self.table, kept.limit);
    }

    fn answer(&self, request: &Request<Bytes>) -> Reply {
        let unknown = || TransportError::other("the state of the mock does not know this operation");
        let info = *request.extensions().get::<&'static OperationInfo>().ok_or_else(unknown)?;
        let stored = self.table.operations.iter().find(|row| row.operation == info.id).ok_or_else(unknown)?;
        let collection = self.table.collections.get(stored.collection).ok_or_else(unknown)?;
        let place = ItemPath::read(info.path, request.uri().path());
        let (query, body) = (request.uri().query().unwrap_or_default(), request.body());
        lock(&self.kept).answer(&StoreRequest { info, stored, collection, place, query, body })
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
        StoreData { collections, limit, ticks: 0 }
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

    fn create(&mut self, request: &StoreRequest<'_>) -> Reply {
        let (collection, body) = (request.collection, request.form()?);
        let mut fields = request.blank()?;
        let instant = json(&instant(self.ticks + 1), true);
        collection.instants.iter().for_each(|name| drop(fields.insert((*name).to_owned(), instant.clone())));
        for PathField { field, variable, is_text } in request.stored.path {
            let parent = request.place.parents.iter().find(|parent| parent.variable == *variable);
            fields.extend(parent.map(|parent| ((*field).to_owned(), json(&parent.value, *is_text))));
        }
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

    fn has_room(&self, more: usize) -> Result<(), TransportError> {
        let taken: usize = self.collections.iter().map(|kept| kept.bytes).sum();
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
        serde_json::from_str(&(self.collection.blank)()).map_err(TransportError::other)
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
        Ok(response(status, body))
    }

    /// Responds with an error and its declared body, or without a body if it is not declared.
    fn refuse(&self, status: u16) -> Response<Bytes> {
        let body = self.stored.bodies.iter().find(|(known, _)| *known == status).map(|(_, body)| body());
        response(status, body.unwrap_or_default())
    }
}
