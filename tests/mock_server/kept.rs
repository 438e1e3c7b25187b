//! Whatever is created, changed and deleted in whatever order, a server keeps what lists and maps would.

use std::path::PathBuf;

use apigen_testing::MockServer;
use serde_json::{Value, json};

use super::client::{Client, Reply};
use super::model::{Fields, Item, ListQuery, Model, Random, Replace, Resource, fields, text};
use crate::common::root;

const STEPS: usize = 1_000;

/// What happened how often, so that no run is empty.
#[derive(Debug, Default)]
struct Counts {
    listed: usize,
    read: usize,
    missing: usize,
    conflicts: usize,
    deleted: usize,
}

pub fn spec(name: &str) -> PathBuf {
    root().join("tests/mock_server").join(name)
}

fn encoded(text: &str) -> String {
    text.bytes().map(|byte| format!("%{byte:02X}")).collect()
}

struct Run<'r> {
    client: Client,
    random: Random,
    resource: &'r Resource,
    model: Model,
    counts: Counts,
}

impl Run<'_> {
    fn send(&mut self, method: &str, target: &str, body: Option<&Value>) -> Reply {
        let body = body.map(Value::to_string).unwrap_or_default();
        self.client.send(method, target, &[], &body)
    }

    /// Takes over the items with which the collections begin.
    fn begin(&mut self, expected: usize) {
        for path in self.resource.paths {
            let reply = self.client.get(&format!("{path}?sort=&limit=100"));
            assert_eq!(reply.status, 200, "{reply:?}");
            let items = reply.json();
            let items = items.as_array().unwrap();
            assert_eq!(items.len(), expected, "{path}");
            for item in items {
                let fields = item.as_object().unwrap().clone();
                let parents = self::fields((self.resource.parents)(path));
                assert!(parents.iter().all(|(name, value)| fields[name] == *value), "{path}: {item}");
                self.model.items.push(Item { path, fields });
            }
        }
    }

    fn step(&mut self) {
        let path = self.random.pick(self.resource.paths);
        match self.random.below(12) {
            0..=2 => self.create(path),
            3 if self.resource.replace != Replace::Undeclared => self.replace(path),
            4 => self.change(path),
            5 => self.delete(path),
            6 | 7 => self.read(path),
            _ => self.list(path),
        }
    }

    /// Returns a key that an item below the path has, most of the time.
    fn key(&mut self, path: &str) -> String {
        let known: Vec<String> = self.model.below(path).map(|item| text(&item.fields[self.resource.key])).collect();
        match self.random.below(6) {
            0 => self.random.pick(self.resource.unknown_keys).to_owned(),
            // One of another parent, perhaps.
            1 if !self.model.items.is_empty() => {
                let at = self.random.below(self.model.items.len());
                text(&self.model.items[at].fields[self.resource.key])
            }
            _ if known.is_empty() => self.resource.unknown_keys[0].to_owned(),
            _ => self.random.pick(&known),
        }
    }

    /// Returns what an item has that was created or replaced with this form.
    fn with(&self, path: &str, form: &Fields) -> Fields {
        let mut item = fields((self.resource.defaults)());
        item.extend(form.clone());
        item.extend(fields((self.resource.parents)(path)));
        item
    }

    fn create(&mut self, path: &'static str) {
        let form = fields((self.resource.form)(&mut self.random));
        let reply = self.send("POST", path, Some(&Value::Object(form.clone())));
        self.created(path, 201, &form, None, &reply);
    }

    /// Checks the response to what may create an item, and keeps it.
    fn created(&mut self, path: &'static str, status: u16, form: &Fields, key: Option<&str>, reply: &Reply) {
        let mut expected = self.with(path, form);
        if self.model.clashes(self.resource, path, &expected, None) {
            assert_eq!(reply.status, 409, "{path} {form:?}: {reply:?}");
            self.counts.conflicts += 1;
            return;
        }
        assert_eq!(reply.status, status, "{path} {form:?}: {reply:?}");
        let created = reply.json();
        let made = self.resource.made.iter().chain([&self.resource.key]);
        made.for_each(|name| drop(expected.insert((*name).to_owned(), created[*name].clone())));
        assert_eq!(created, Value::Object(expected.clone()), "{path} {form:?}");
        if let Some(key) = key {
            assert_eq!(text(&created[self.resource.key]), key);
        }
        let own = text(&created[self.resource.key]);
        assert!(self.model.position(self.resource, path, &own).is_none(), "the key {own} twice");
        self.model.items.push(Item { path, fields: expected });
    }

    fn replace(&mut self, path: &'static str) {
        let (key, mut form) = (self.key(path), fields((self.resource.form)(&mut self.random)));
        let reply = self.send("PUT", &format!("{path}/{}", encoded(&key)), Some(&Value::Object(form.clone())));
        let Some(at) = self.model.position(self.resource, path, &key) else {
            match self.resource.replace {
                Replace::Creates(status) => {
                    form.remove(self.resource.key);
                    self.created(path, status, &form, Some(&key), &reply);
                }
                _ => assert_eq!(reply.status, 404),
            }
            return;
        };
        let old = self.model.items[at].fields.clone();
        let mut expected = old.clone();
        self.resource.settable.iter().for_each(|name| drop(expected.remove(*name)));
        expected.extend(self.with(path, &form));
        expected.insert(self.resource.key.to_owned(), old[self.resource.key].clone());
        self.changed(path, at, expected, &reply);
    }

    fn change(&mut self, path: &'static str) {
        let Some(patch) = self.resource.patch else { return };
        let (key, patch) = (self.key(path), fields(patch(&mut self.random)));
        let reply = self.send("PATCH", &format!("{path}/{}", encoded(&key)), Some(&Value::Object(patch.clone())));
        let Some(at) = self.model.position(self.resource, path, &key) else {
            return assert_eq!(reply.status, 404);
        };
        let mut expected = self.model.items[at].fields.clone();
        expected.extend(patch);
        self.changed(path, at, expected, &reply);
    }

    fn changed(&mut self, path: &str, at: usize, expected: Fields, reply: &Reply) {
        let own = self.model.items[at].fields[self.resource.key].clone();
        if self.model.clashes(self.resource, path, &expected, Some(&own)) {
            assert_eq!(reply.status, 409, "{path} {expected:?}: {reply:?}");
            self.counts.conflicts += 1;
            return;
        }
        assert_eq!((reply.status, reply.json()), (200, Value::Object(expected.clone())), "{path}");
        self.model.items[at].fields = expected;
    }

    fn delete(&mut self, path: &'static str) {
        let key = self.key(path);
        let reply = self.send("DELETE", &format!("{path}/{}", encoded(&key)), None);
        let Some(at) = self.model.position(self.resource, path, &key) else {
            self.counts.missing += 1;
            return assert_eq!((reply.status, reply.body.as_str()), (404, ""));
        };
        let item = Value::Object(self.model.items.remove(at).fields);
        let body = if self.resource.delete == 204 { Value::Null } else { item };
        assert_eq!((reply.status, reply.json()), (self.resource.delete, body));
        self.counts.deleted += 1;
    }

    fn read(&mut self, path: &'static str) {
        let key = self.key(path);
        let method = self.random.pick(&["GET", "GET", "HEAD"]);
        let reply = self.send(method, &format!("{path}/{}", encoded(&key)), None);
        let Some(at) = self.model.position(self.resource, path, &key) else {
            self.counts.missing += 1;
            return assert_eq!((reply.status, reply.body.as_str()), (404, ""));
        };
        assert_eq!(reply.status, 200);
        let item = Value::Object(self.model.items[at].fields.clone());
        match method {
            "HEAD" => assert_ne!(reply.header("content-length"), None),
            _ => assert_eq!(reply.json(), item),
        }
        self.counts.read += 1;
    }

    fn list(&mut self, path: &'static str) {
        let mut query = ListQuery {
            filters: Vec::new(),
            sort: self.random.pick(self.resource.sorts),
            offset: self.random.below(4),
            limit: 1 + self.random.below(8),
        };
        for (name, value) in (self.resource.filters)(&mut self.random) {
            match query.filters.iter_mut().find(|(known, _)| *known == name) {
                Some((_, values)) => values.push(value),
                None => query.filters.push((name, vec![value])),
            }
        }
        let mut target = format!("{path}?sort={}&offset={}&limit={}", query.sort, query.offset, query.limit);
        for (name, values) in &query.filters {
            values.iter().for_each(|value| target.push_str(&format!("&{name}={}", encoded(value))));
        }
        let reply = self.client.get(&target);
        assert_eq!((reply.status, reply.json()), (200, self.model.list(path, &query).into()), "{target}");
        self.counts.listed += reply.json().as_array().unwrap().len();
    }
}

fn check(spec: PathBuf, resource: &Resource, conflicts: bool) {
    for (seed, items) in [(0, 0), (1, 3), (2, 1)] {
        let server = MockServer::builder().spec(spec.clone()).seed(seed).items(items).start().unwrap();
        let client = Client::new(server.addr());
        let (model, counts) = (Model::default(), Counts::default());
        let mut run = Run { client, random: Random(seed), resource, model, counts };
        run.begin(items);
        (0..STEPS).for_each(|_| run.step());
        let Counts { listed, read, missing, conflicts: refused, deleted } = run.counts;
        let enough = listed > 100 && read > 50 && missing > 20 && deleted > 20 && (refused > 10) == conflicts;
        assert!(enough, "{seed}: {:?}", run.counts);
        server.reset();
        run.model.items.clear();
        run.begin(items);
    }
}

/// Texts that are hard to send, few enough that they meet.
fn hard(random: &mut Random) -> String {
    random.pick(&["a", "B b", "ä&=+%", "", "100%25", "🦀", "\"\\/"]).to_owned()
}

fn user_form(random: &mut Random) -> Value {
    let home = random.maybe().then(|| json!({ "city": "Ö", "latitude": random.below(90) as f64, "precision": "CI" }));
    let email = format!("{}{}@x&y=+%.ü", random.pick(&["a", "B", "c c"]), random.below(4));
    json!({
        "email": email, "role": random.pick(&["reader", "editor", "admin"]), "home": home,
        "name": random.maybe().then(|| random.pick(&["Ada", "bob", "", "Élise"])),
    })
}

/// The users of the tour: generated keys, a replace that creates, and a unique field.
pub const USERS: Resource = Resource {
    paths: &["/users"],
    parents: |_| json!({}),
    key: "guid",
    unknown_keys: &["00000000-0000-0000-0000-000000000000", "00000000-0000-0000-0000-0000000003e9"],
    settable: &["email", "name", "role", "home"],
    form: user_form,
    patch: Some(|random| {
        let home = random.maybe().then(|| json!({ "precision": "ST" }));
        json!({ "name": random.maybe().then(|| hard(random)), "home": home })
    }),
    defaults: || json!({ "role": "reader" }),
    made: &["created_at"],
    unique: &["email"],
    replace: Replace::Creates(200),
    delete: 204,
    filters: |random| {
        let mut filters = Vec::new();
        if random.below(3) == 0 {
            filters.push(("role", random.pick(&["reader", "admin"]).to_owned()));
        }
        if random.below(4) == 0 {
            filters.push(("email", "B1@x&y=+%.ü".to_owned()));
        }
        filters
    },
    sorts: &["email", "-lower(email)", "name", "role,-name", "-created_at", "", "nothing"],
};

#[test]
fn users_are_kept() {
    check(root().join("specs/location.json"), &USERS, true);
}

/// Given keys below a parent, a delete that returns the item, and a replace that wants an item.
#[test]
fn boards_are_kept() {
    let boards = Resource {
        paths: &["/teams/red/boards", "/teams/a%2Fb%20%C3%BC/boards"],
        parents: |path| json!({ "team": if path.contains("red") { "red" } else { "a/b ü" } }),
        key: "slug",
        unknown_keys: &["nothing", "%", "a/b"],
        settable: &["slug", "title", "votes", "open", "labels"],
        form: |random| {
            let labels: Vec<String> = (0..random.below(3)).map(|_| hard(random)).collect();
            let slug = format!("{}{}", random.pick(&["x", "y/z ", "ü?"]), random.below(8));
            let title = format!("{}{}", hard(random), random.below(6));
            json!({ "slug": slug, "title": title, "votes": random.below(4), "open": random.maybe(), "labels": labels })
        },
        patch: Some(|random| {
            let votes = random.maybe().then(|| random.below(4));
            json!({ "title": random.maybe().then(|| format!("{}{}", hard(random), random.below(6))), "votes": votes })
        }),
        defaults: || json!({ "votes": 0, "open": true, "labels": [] }),
        made: &["created_at"],
        unique: &["title"],
        replace: Replace::Existing,
        delete: 200,
        filters: |random| match random.below(6) {
            0 => vec![("open", random.maybe().to_string())],
            1 => vec![("votes", random.below(4).to_string())],
            2 => vec![("labels", hard(random)), ("labels", hard(random))],
            3 => vec![("open", "true".to_owned()), ("votes", "0".to_owned())],
            _ => Vec::new(),
        },
        sorts: &["title", "-votes,slug", "lower(title)", "-created_at", "open", ""],
    };
    check(spec("board.json"), &boards, true);
}

/// Keys that are numbers.
#[test]
fn tickets_are_kept() {
    let tickets = Resource {
        paths: &["/tickets"],
        parents: |_| json!({}),
        key: "id",
        unknown_keys: &["0", "-1", "9000000000000000000"],
        settable: &["subject", "priority", "points"],
        form: |random| {
            let points = random.maybe().then(|| random.below(40) as f64 / 4.0);
            json!({ "subject": hard(random), "priority": random.pick(&["low", "very high"]), "points": points })
        },
        patch: Some(|random| json!({ "subject": random.maybe().then(|| hard(random)), "points": random.below(9) })),
        defaults: || json!({}),
        made: &[],
        unique: &[],
        replace: Replace::Undeclared,
        delete: 204,
        filters: |random| match random.below(5) {
            0 => vec![("priority", random.pick(&["low", "very high"]).to_owned())],
            1 => vec![("points", random.pick(&["1", "2.50", "0.25e1"]).to_owned())],
            2 => (0..3).map(|_| ("id", random.below(12).to_string())).collect(),
            _ => Vec::new(),
        },
        sorts: &["subject", "-points", "points,-id", "-id", ""],
    };
    check(spec("ticket.json"), &tickets, false);
}

/// Below a parent that is a number, and without conflicts.
#[test]
fn comments_are_kept() {
    let comments = Resource {
        paths: &["/tickets/1/comments", "/tickets/77/comments"],
        parents: |path| json!({ "ticket_id": if path.contains("77") { 77 } else { 1 } }),
        key: "guid",
        unknown_keys: &["00000000-0000-0000-0000-000000000000", "ffffffff-ffff-ffff-ffff-ffffffffffff"],
        settable: &["text"],
        form: |random| json!({ "text": hard(random) }),
        patch: None,
        defaults: || json!({}),
        made: &[],
        unique: &[],
        replace: Replace::Creates(201),
        delete: 204,
        filters: |random| if random.maybe() { vec![("text", hard(random))] } else { Vec::new() },
        sorts: &["text", "-text", "lower(text)", ""],
    };
    check(spec("ticket.json"), &comments, false);
}

/// Several specs have a state each, below their base paths.
#[test]
fn services_below_base_paths_keep_their_own() {
    let server = MockServer::builder().spec(spec("board.json")).spec(spec("ticket.json")).items(1).start().unwrap();
    let mut client = Client::new(server.addr());
    let ticket = json!({ "subject": "s", "priority": "low" }).to_string();
    assert_eq!(client.send("POST", "/v1/tracker/tickets", &[], &ticket).status, 201);
    assert_eq!(client.get("/v1/tracker/tickets").json().as_array().map(Vec::len), Some(2));
    assert_eq!(client.get("/boards/teams/red/boards").json().as_array().map(Vec::len), Some(1));
    assert_eq!(client.get("/tickets").status, 404);
    let state = client.get("/_apigen/state").json();
    let counts = state["collections"].as_array().unwrap().iter();
    let counts = counts.map(|own| (text(&own["service"]), text(&own["type"]), own["items"].as_array().unwrap().len()));
    let expected = [("Tickets", "comment", 0), ("Tickets", "ticket", 2), ("Boards", "board", 1)];
    assert_eq!(
        counts.collect::<Vec<_>>(),
        expected.map(|(service, name, count)| (service.to_owned(), name.to_owned(), count))
    );
}
