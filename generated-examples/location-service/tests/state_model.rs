//! A stateful mock does what a `HashMap` would, whatever is done in whatever order.
#![allow(missing_docs, clippy::unwrap_used, reason = "a failure ends the run")]

use std::cmp::Ordering;
use std::collections::HashMap;

use apigen_runtime::{Timestamp, Uuid};
use location_service::location::{Address, MockClient, Role, User, UserForm, UserPatch, users};

const RUNS: u64 = 40;
const STEPS: usize = 500;

/// SplitMix64: the same numbers in every run.
struct Random(u64);

impl Random {
    fn below(&mut self, bound: usize) -> usize {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut z = self.0;
        z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        usize::try_from((z ^ (z >> 31)) % bound as u64).unwrap()
    }

    fn maybe<T>(&mut self, make: impl FnOnce(&mut Self) -> T) -> Option<T> {
        (self.below(2) == 0).then(|| make(self))
    }

    /// Few enough that they meet.
    fn email(&mut self) -> String {
        format!("{}{}@x&y=+%.ü", ["a", "B", "c c", "d"][self.below(4)], self.below(4))
    }

    fn role(&mut self) -> Role {
        [Role::Reader, Role::Editor, Role::Admin][self.below(3)].clone()
    }

    fn name(&mut self) -> String {
        ["Ada", "bob", "", "Élise"][self.below(4)].to_owned()
    }

    fn home(&mut self) -> Address {
        Address {
            city: Some(self.below(3).to_string()),
            latitude: self.maybe(|r| r.below(90) as f64),
            ..Address::default()
        }
    }

    fn form(&mut self) -> UserForm {
        UserForm { email: self.email(), name: self.maybe(Self::name), role: self.role(), home: self.maybe(Self::home) }
    }

    /// One that exists, most of the time.
    fn guid(&mut self, model: &Model) -> Uuid {
        let known: Vec<Uuid> = model.in_order().map(|user| user.guid).collect();
        match self.below(5) {
            0 => Uuid::from_u128(1_000 + self.below(5) as u128),
            _ if known.is_empty() => Uuid::nil(),
            _ => known[self.below(known.len())],
        }
    }
}

/// What the mock should be.
#[derive(Default)]
struct Model {
    users: HashMap<Uuid, (usize, User)>,
    created: usize,
}

impl Model {
    fn in_order(&self) -> impl Iterator<Item = &User> {
        let mut users: Vec<_> = self.users.values().collect();
        users.sort_by_key(|(number, _)| *number);
        users.into_iter().map(|(_, user)| user)
    }

    fn taken(&self, email: &str, by: Option<Uuid>) -> bool {
        self.users.values().any(|(_, user)| user.email == email && Some(user.guid) != by)
    }

    fn add(&mut self, user: User) {
        self.created += 1;
        self.users.insert(user.guid, (self.created, user));
    }

    fn list(&self, params: &users::GetParams) -> Vec<User> {
        let is_wanted = |user: &&User| {
            (params.guid.is_empty() || params.guid.contains(&user.guid))
                && params.email.as_ref().is_none_or(|email| *email == user.email)
                && params.role.as_ref().is_none_or(|role| *role == user.role)
        };
        let mut found: Vec<User> = self.in_order().filter(is_wanted).cloned().collect();
        found.sort_by(|a, b| match params.sort.as_str() {
            "email" => a.email.cmp(&b.email),
            "-lower(email)" => b.email.to_lowercase().cmp(&a.email.to_lowercase()),
            "name" => by_name(a, b),
            "role,-name" => a.role.as_str().cmp(b.role.as_str()).then_with(|| by_name(b, a)),
            "-created_at" => b.created_at.cmp(&a.created_at),
            _ => Ordering::Equal,
        });
        let (offset, limit) = (params.offset.try_into().unwrap(), params.limit.try_into().unwrap());
        found.into_iter().skip(offset).take(limit).collect()
    }
}

/// Those without a name come last.
fn by_name(a: &User, b: &User) -> Ordering {
    (a.name.is_none(), &a.name).cmp(&(b.name.is_none(), &b.name))
}

/// The fields of a form, on a user that had these before.
fn with(form: UserForm, guid: Uuid, created_at: Timestamp) -> User {
    User { name: form.name, role: form.role, home: form.home, ..User::new(guid, form.email, created_at) }
}

async fn create(mock: &MockClient, model: &mut Model, random: &mut Random) {
    let form = random.form();
    match mock.users().post(&form, Default::default()).await {
        Ok(user) => {
            assert!(!model.taken(&form.email, None) && !model.users.contains_key(&user.guid));
            assert_eq!(user, with(form, user.guid, user.created_at));
            model.add(user);
        }
        Err(error) => {
            assert!(matches!(error.declared(), Some(users::PostError::Conflict(_))), "{error}");
            assert!(model.taken(&form.email, None));
        }
    }
}

async fn replace(mock: &MockClient, model: &mut Model, random: &mut Random) {
    let (guid, form) = (random.guid(model), random.form());
    match mock.users().put_by_guid(guid, &form).await {
        Ok(user) => {
            assert!(!model.taken(&form.email, Some(guid)));
            match model.users.get_mut(&guid) {
                Some((_, old)) => {
                    *old = with(form, guid, old.created_at);
                    assert_eq!(user, *old);
                }
                None => {
                    assert_eq!(user, with(form, guid, user.created_at));
                    model.add(user);
                }
            }
        }
        Err(error) => {
            assert!(matches!(error.declared(), Some(users::PutByGuidError::Conflict(_))), "{error}");
            assert!(model.taken(&form.email, Some(guid)));
        }
    }
}

async fn change(mock: &MockClient, model: &mut Model, random: &mut Random) {
    let guid = random.guid(model);
    let patch = UserPatch { name: random.maybe(Random::name), home: random.maybe(Random::home) };
    let expected = model.users.get_mut(&guid).map(|(_, user)| {
        user.name = patch.name.clone().or(user.name.take());
        user.home = patch.home.clone().or(user.home.take());
        user.clone()
    });
    let changed = mock.users().patch_by_guid(guid, &patch).await;
    assert_eq!(found(changed, &users::PatchByGuidError::NotFound), expected);
}

/// The value, or nothing if the error is this one.
fn found<T, E: PartialEq + std::fmt::Debug>(result: Result<T, apigen_runtime::Error<E>>, missing: &E) -> Option<T> {
    match result {
        Ok(value) => Some(value),
        Err(error) => {
            assert_eq!(error.declared(), Some(missing));
            None
        }
    }
}

fn params(random: &mut Random, model: &Model) -> users::GetParams {
    let mut params = users::GetParams::new().limit(1 + random.below(8) as i64).offset(random.below(4) as i64);
    params.email = random.maybe(Random::email).filter(|_| random.below(2) == 0);
    params.role = random.maybe(Random::role);
    if random.below(4) == 0 {
        params.guid = (0..random.below(4)).map(|_| random.guid(model)).collect();
    }
    params.sort(["email", "-lower(email)", "name", "role,-name", "-created_at", "", "nothing"][random.below(7)])
}

#[tokio::test]
async fn any_sequence_does_what_a_map_would() {
    let (mut listed, mut read) = (0, 0);
    for seed in 0..RUNS {
        let (mock, mut model, mut random) = (MockClient::stateful(), Model::default(), Random(seed));
        for _ in 0..STEPS {
            match random.below(12) {
                0..=2 => create(&mock, &mut model, &mut random).await,
                3 => replace(&mock, &mut model, &mut random).await,
                4 => change(&mock, &mut model, &mut random).await,
                5 => {
                    let guid = random.guid(&model);
                    let deleted = found(mock.users().delete_by_guid(guid).await, &users::DeleteByGuidError::NotFound);
                    assert_eq!(deleted.is_some(), model.users.remove(&guid).is_some());
                }
                6 | 7 => {
                    let guid = random.guid(&model);
                    let user = found(mock.users().get_by_guid(guid).await, &users::GetByGuidError::NotFound);
                    assert_eq!(user.as_ref(), model.users.get(&guid).map(|(_, user)| user));
                    read += usize::from(user.is_some());
                }
                _ => {
                    let params = params(&mut random, &model);
                    let list = mock.users().get(params.clone()).await.unwrap();
                    assert_eq!(list, model.list(&params), "seed {seed}: {params:?}");
                    listed += list.len();
                }
            }
        }
    }
    assert!(listed > 1_000 && read > 1_000, "{listed} listed, {read} read");
}
