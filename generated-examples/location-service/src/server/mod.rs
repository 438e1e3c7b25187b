//! The location service itself, in memory: what the generated client calls when it calls for real.
//!
//! The traits of [`location::server`](crate::location::server) say what there is to do; requests have been validated
//! when a handler sees them, and what a handler fails with is answered as the spec declares, or with 500.

mod places;
mod users;
mod visits;

use std::sync::{Mutex, MutexGuard, PoisonError};

use apigen_runtime::Uuid;

use crate::location::common::Error;
use crate::location::{Address, User, Visit};

/// The service: put it behind HTTP with `location::server::router`.
#[derive(Debug)]
pub struct LocationServer {
    /// What every user proves to be somebody with.
    password: String,
    /// Networks, by the beginning of their addresses, and where they are.
    networks: Vec<(&'static str, Address)>,
    kept: Mutex<Kept>,
}

#[derive(Debug, Default)]
struct Kept {
    users: Vec<User>,
    visits: Vec<(Uuid, Visit)>,
}

impl LocationServer {
    /// A service without users, which takes this password from all of them.
    pub fn new(password: impl Into<String>) -> Self {
        Self { password: password.into(), networks: places::networks(), kept: Mutex::default() }
    }

    fn kept(&self) -> MutexGuard<'_, Kept> {
        // Nothing panics in the middle of a change.
        self.kept.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

fn error(code: &str, message: impl Into<String>) -> Error {
    Error { code: code.to_owned(), message: message.into(), fields: None }
}
