//! Answers requests from memory.

use std::future::ready;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use bytes::Bytes;
use http::{Request, Response, StatusCode};

use super::item::{Fields, Item};
use super::list::Wanted;
use super::place::Place;
use super::shelf::Shelf;
use super::text::{instant, json, text};
use super::{Action, Collection, Keys, StateTable, Stored};
use crate::client::{ClientBuilder, HttpClient};
use crate::json::counted;
use crate::operation::{OperationInfo, ServiceInfo};
use crate::transport::{Transport, TransportError, TransportFuture};

/// A transport that keeps in memory what it is sent: the server behind a stateful mock.
pub(crate) struct Store {
    table: &'static StateTable,
    kept: Mutex<Kept>,
}

/// The memory of all items, unless somebody says otherwise.
const BYTES: usize = 128 << 20;

/// The service that the client of a store thinks it calls.
static SERVICE: ServiceInfo = ServiceInfo { name: "state", namespace: "", version: "", user_agent: "", headers: &[] };

struct Kept {
    shelves: Vec<Shelf>,
    /// How many bytes all items may take.
    limit: usize,
    /// How many keys were made in each collection.
    keys: Vec<u64>,
    /// How many items were created in all.
    ticks: u64,
}

/// A request for the store.
struct Asked<'a> {
    info: &'static OperationInfo,
    stored: &'static Stored,
    collection: &'static Collection,
    place: Place,
    query: &'a str,
    body: &'a [u8],
}

type Reply = Result<Response<Bytes>, TransportError>;

impl Store {
    /// An empty store.
    pub(crate) fn new(table: &'static StateTable) -> Store {
        Store { table, kept: Mutex::new(Kept::new(table, BYTES)) }
    }

    /// Keeps no more than so many bytes.
    pub(crate) fn set_limit(&self, bytes: usize) {
        self.kept().limit = bytes;
    }

    /// Forgets everything, keys that were given away included.
    pub(crate) fn clear(&self) {
        let mut kept = self.kept();
        *kept = Kept::new(self.table, kept.limit);
    }

    /// A client of this store: for the operations of the table only.
    #[expect(clippy::expect_used, reason = "nothing in it depends on the caller")]
    pub(crate) fn client<C: From<HttpClient>>(self: Arc<Self>) -> C {
        let builder = ClientBuilder::new(&SERVICE, "http://state.invalid").transport(self);
        builder.build().expect("a client with a transport")
    }

    fn answer(&self, request: &Request<Bytes>) -> Reply {
        let unknown = || TransportError::other("the state of the mock does not know this operation");
        let info = *request.extensions().get::<&'static OperationInfo>().ok_or_else(unknown)?;
        let stored = self.table.operations.iter().find(|row| row.operation == info.id).ok_or_else(unknown)?;
        let collection = self.table.collections.get(stored.collection).ok_or_else(unknown)?;
        let (path, query) = (request.uri().path(), request.uri().query().unwrap_or_default());
        let asked =
            Asked { info, stored, collection, place: Place::read(info.path, path), query, body: request.body() };
        self.kept().answer(&asked)
    }

    fn kept(&self) -> MutexGuard<'_, Kept> {
        self.kept.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Transport for Store {
    fn send(&self, request: Request<Bytes>) -> TransportFuture<'_> {
        Box::pin(ready(self.answer(&request)))
    }
}

impl Kept {
    fn new(table: &StateTable, limit: usize) -> Kept {
        let count = table.collections.len();
        Kept { shelves: (0..count).map(|_| Shelf::default()).collect(), limit, keys: vec![0; count], ticks: 0 }
    }

    fn answer(&mut self, asked: &Asked<'_>) -> Reply {
        let shelf = &mut self.shelves[asked.stored.collection];
        match (asked.stored.action, shelf.find(&asked.place, asked.stored)) {
            (Action::List, _) => {
                let below =
                    shelf.iter().filter(|item| item.is_below(&asked.place, asked.stored)).map(|item| &item.fields);
                let page = Wanted::read(asked.query, asked.stored.fields).select(below);
                asked.succeed(&[200], serde_json::to_string(&page))
            }
            (Action::Create, _) => self.create(asked),
            (Action::Replace, None) if asked.declared(404).is_none() => self.create(asked),
            (_, None) => Ok(asked.refuse(404)),
            (Action::Read, Some(id)) => {
                asked.succeed(&[200], serde_json::to_string(&shelf.get(id).map(|item| &item.fields)))
            }
            (Action::Delete, Some(id)) => {
                let item = shelf.remove(id, asked.collection.unique);
                asked.succeed(&[204, 200], serde_json::to_string(&item.map(|item| item.fields)))
            }
            (Action::Replace | Action::Change, Some(id)) => self.change(asked, id),
        }
    }

    fn create(&mut self, asked: &Asked<'_>) -> Reply {
        let (collection, body) = (asked.collection, asked.form()?);
        let mut fields = asked.blank()?;
        let instant = json(&instant(self.ticks + 1), true);
        collection.instants.iter().for_each(|name| drop(fields.insert((*name).to_owned(), instant.clone())));
        for (name, variable, quoted) in asked.stored.path {
            let parent = asked.place.parents.iter().find(|parent| parent.variable == *variable);
            fields.extend(parent.map(|parent| ((*name).to_owned(), json(&parent.value, *quoted))));
        }
        let given = body.keys().any(|name| Some(name.as_str()) == collection.key);
        fields.extend(body);
        let own = collection.key.and_then(|name| fields.get(name));
        let key = match (&asked.place.key, own) {
            (Some(key), _) => key.clone(),
            (None, Some(own)) if given || collection.keys == Keys::Given => text(own),
            _ => self.new_key(asked),
        };
        if let Some(name) = collection.key {
            let quoted = match collection.keys {
                Keys::Uuids | Keys::Texts(_) => true,
                Keys::Numbers(_) => false,
                Keys::Given => own.is_none_or(|own| own.get().starts_with('"')),
            };
            fields.insert(name.to_owned(), json(&key, quoted));
        }
        let item = Item { key, parents: asked.place.parents.clone(), fields };
        if self.shelves[asked.stored.collection].clashes(&item, None, collection.unique) {
            return Ok(asked.refuse(409));
        }
        self.has_room(item.size())?;
        self.ticks += 1;
        let body = serde_json::to_string(&item.fields);
        self.shelves[asked.stored.collection].push(item, collection.unique);
        asked.succeed(&[201, 200], body)
    }

    /// The next key that no item has.
    fn new_key(&mut self, asked: &Asked<'_>) -> String {
        let (shelf, count) = (&self.shelves[asked.stored.collection], &mut self.keys[asked.stored.collection]);
        loop {
            *count += 1;
            let key = match asked.collection.keys {
                Keys::Uuids => format!("00000000-0000-4000-8000-{count:012x}"),
                Keys::Numbers(first) => first.saturating_add_unsigned(*count - 1).to_string(),
                Keys::Texts(length) => format!("{count:0length$}"),
                Keys::Given => count.to_string(),
            };
            if !shelf.has_key(&key) {
                return key;
            }
        }
    }

    fn change(&mut self, asked: &Asked<'_>, id: u64) -> Reply {
        let (body, unique) = (asked.form()?, asked.collection.unique);
        let shelf = &self.shelves[asked.stored.collection];
        let Some(old) = shelf.get(id) else { return Ok(asked.refuse(404)) };
        let mut fields = old.fields.clone();
        if asked.stored.action == Action::Replace {
            let blank = asked.blank()?;
            for name in asked.stored.fields {
                match blank.get(*name) {
                    Some(value) => fields.insert((*name).to_owned(), value.clone()),
                    None => fields.remove(*name),
                };
            }
        }
        fields.extend(body);
        // What the path says is the key; a body cannot change it.
        let key = asked.collection.key.and_then(|name| Some((name, old.fields.get(name)?)));
        fields.extend(key.map(|(name, value)| (name.to_owned(), value.clone())));
        let item = Item { key: old.key.clone(), parents: old.parents.clone(), fields };
        if shelf.clashes(&item, Some(id), unique) {
            return Ok(asked.refuse(409));
        }
        self.has_room(item.size().saturating_sub(old.size()))?;
        let body = serde_json::to_string(&item.fields);
        self.shelves[asked.stored.collection].change(id, item.fields, unique);
        asked.succeed(&[200, 204, 201], body)
    }

    /// Refuses what would take more memory than is allowed.
    fn has_room(&self, more: usize) -> Result<(), TransportError> {
        let taken: usize = self.shelves.iter().map(Shelf::bytes).sum();
        if taken.saturating_add(more) <= self.limit {
            return Ok(());
        }
        let limit = counted(&self.limit, "bytes");
        Err(TransportError::told(format!(
            "the state of the mock is full: it keeps {limit}, which `state_bytes` changes"
        )))
    }
}

impl Asked<'_> {
    /// The fields of the body that the item takes over.
    fn form(&self) -> Result<Fields, TransportError> {
        let mut form: Fields = serde_json::from_slice(self.body).map_err(TransportError::other)?;
        form.retain(|name, _| self.stored.fields.contains(&name.as_str()));
        Ok(form)
    }

    fn blank(&self) -> Result<Fields, TransportError> {
        serde_json::from_str(&(self.collection.blank)()).map_err(TransportError::other)
    }

    /// Whether the operation declares this error, and that it has no body.
    fn declared(&self, status: u16) -> Option<bool> {
        self.info.response(status).filter(|(_, success)| !success).map(|(row, _)| row.unit)
    }

    /// The first of these statuses that the operation declares, or else its first success.
    fn succeed(&self, preferred: &[u16], body: serde_json::Result<String>) -> Reply {
        let own = || self.info.responses.iter().filter(|row| row.success);
        let known = preferred.iter().find_map(|status| own().find(|row| row.status == Some(*status)));
        let row = known.or_else(|| own().find(|row| row.status.is_some())).or_else(|| own().next());
        let status = row.and_then(|row| row.status).or(preferred.first().copied()).unwrap_or(200);
        let body = if row.is_none_or(|row| row.unit) { String::new() } else { body.map_err(TransportError::other)? };
        Ok(response(status, body))
    }

    /// An error: with the declared body, or without one if it is not declared.
    fn refuse(&self, status: u16) -> Response<Bytes> {
        let body = self.stored.bodies.iter().find(|(known, _)| *known == status).map(|(_, body)| body());
        response(status, body.unwrap_or_default())
    }
}

fn response(status: u16, body: String) -> Response<Bytes> {
    let mut response = Response::new(Bytes::from(body));
    *response.status_mut() = StatusCode::from_u16(status).unwrap_or_default();
    response
}
