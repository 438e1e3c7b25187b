//! Credentials: headers that nothing prints.

use std::fmt;

use apigen_runtime::client::{Auth, ClientBuilder, Sensitive};
use apigen_runtime::http::{HeaderMap, HeaderName, HeaderValue};

/// The credentials of an environment, as headers. `Debug` shows only their names.
#[derive(Clone, Default)]
pub struct Credentials {
    headers: Vec<(HeaderName, Sensitive)>,
}

impl Credentials {
    /// Adds a header; it replaces one of the same name.
    pub(super) fn add(&mut self, name: HeaderName, value: Sensitive) {
        self.headers.retain(|(known, _)| *known != name);
        self.headers.push((name, value));
    }

    /// Returns true if there are none.
    pub fn is_empty(&self) -> bool {
        self.headers.is_empty()
    }

    /// Returns the headers, marked as sensitive.
    pub fn headers(&self) -> HeaderMap {
        let header = |(name, text): &(HeaderName, Sensitive)| {
            // The value was checked when it was read.
            let mut value = HeaderValue::from_bytes(text.expose().as_bytes()).ok()?;
            value.set_sensitive(true);
            Some((name.clone(), value))
        };
        self.headers.iter().filter_map(header).collect()
    }

    /// Gives the credentials to a client.
    pub(super) fn configure<C>(&self, builder: ClientBuilder<C>) -> ClientBuilder<C> {
        let Some(((name, value), others)) = self.headers.split_first() else { return builder };
        let builder = builder.auth(Auth::header(name.as_str(), value.clone()));
        others.iter().fold(builder, |builder, (name, value)| builder.header(name.as_str(), value.expose()))
    }
}

impl fmt::Debug for Credentials {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_list().entries(self.headers.iter().map(|(name, _)| name.as_str())).finish()
    }
}
