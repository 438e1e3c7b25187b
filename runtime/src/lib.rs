//! The runtime of code that apigen generates: HTTP clients, mocks, servers, and a JSON codec that validates while it
//! reads.
//!
//! In the examples, `location` is a module or crate that apigen generated from a spec.
//!
//! # Calling an API
//!
//! [`client`] contains the builder, credentials, retries, transports, observers and pages.
//!
//! ```no_run
//! use apigen_runtime::{Error, ErrorKind};
//! use location::{Api, Client, users};
//!
//! # async fn example(guid: apigen_runtime::Uuid) -> Result<(), Box<dyn std::error::Error>> {
//! let client = Client::builder("https://api.example.org").bearer("token").build()?;
//! match client.users().get_by_guid(guid).await.map_err(Error::into_kind) {
//!     Ok(user) => println!("{}", user.email),
//!     Err(ErrorKind::Declared(users::GetByGuidError::NotFound)) => println!("nobody"),
//!     Err(ErrorKind::Timeout(_) | ErrorKind::Connect(_)) => println!("try again later"),
//!     Err(other) => println!("{other:?}"),
//! }
//! # Ok(())
//! # }
//! ```
//!
//! # Testing code that calls an API
//!
//! [`mock`] contains rules, the journal, samples and faults. Tests set up only what they need.
//!
//! ```
//! use apigen_runtime::Uuid;
//! use location::{Api, MockClient, User, users};
//!
//! async fn email_of(api: &dyn Api, guid: Uuid) -> Option<String> {
//!     Some(api.users().get_by_guid(guid).await.ok()?.email)
//! }
//!
//! # tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap().block_on(async {
//! let mock = MockClient::new();
//! mock.on::<users::GetByGuid>().expect(1).returns(User::factory().email("ada@example.com").build());
//! assert_eq!(email_of(&mock, Uuid::nil()).await.as_deref(), Some("ada@example.com"));
//! mock.verify();
//! # });
//! ```
//!
//! # Implementing an API
//!
//! [`server`] contains the router, the server, handler results, and a validating layer for any server.
//!
//! ```
//! # #[cfg(feature = "server")] {
//! use apigen_runtime::server::{Context, HandlerResult};
//! use location::{Timezone, server::Timezones, timezones};
//!
//! struct Zones(Vec<Timezone>);
//!
//! impl Timezones for Zones {
//!     async fn get(&self, _: Context) -> HandlerResult<timezones::Get> {
//!         Ok(self.0.clone().into())
//!     }
//!
//!     async fn get_by_name(&self, _: Context, name: String) -> HandlerResult<timezones::GetByName> {
//!         let zone = self.0.iter().find(|zone| zone.name == name);
//!         Ok(zone.cloned().ok_or(timezones::GetByNameError::NotFound)?.into())
//!     }
//! }
//!
//! let server = location::server::timezones(std::sync::Arc::new(Zones(vec![]))).serve("127.0.0.1:0")?;
//! println!("listening on {}", server.url());
//! # }
//! # Ok::<(), std::io::Error>(())
//! ```
//!
//! # Validating
//!
//! Every generated type reads and checks JSON by [`FromJson`]; [`validate`] checks whole requests and responses, and
//! specs that are known only at run time.
//!
//! ```
//! use apigen_runtime::{FromJson, Mode};
//!
//! let violations = Vec::<i32>::from_json(r#"[1, "two", 3.5]"#).unwrap_err();
//! assert_eq!(violations.as_slice()[0].pointer, "/1");
//! assert_eq!(Vec::<i32>::from_json_with(r#"["2"]"#, &Mode::coerce()), Ok(vec![2]));
//! ```
//!
//! # Features
//!
//! * `reqwest` (default): the default transport of clients. Without it, call
//!   [`ClientBuilder::transport`](client::ClientBuilder::transport).
//! * `rustls` (default) or `native-tls`: TLS for that transport.
//! * `jiff` (default) or `chrono`: the types of dates and date-times, matching the generated code. Both may be on.
//! * `serde` (default): `Serialize` and `Deserialize` for every generated type.
//! * `server`: [`server::Router`] and [`server::Server`] serve any API over HTTP, including mocks.
//! * `axum`: converts the router to axum's, and adds extractors.
//! * `tower`: tower services as transports, for example an axum `Router` without a socket.
//! * `stream`: [`client::Pages`] and [`client::Items`] are `Stream`s.
//! * `testing`: `testing::Recorder` and `testing::Faults`, transports for tests.
//! * `tracing`: a span for each call of a client that sends HTTP requests.

#![cfg_attr(docsrs, feature(doc_cfg))]
#![cfg_attr(
    not(any(feature = "jiff", feature = "chrono")),
    allow(dead_code, reason = "dates are read, but into no type")
)]

mod call;
pub mod client;
#[doc(hidden)]
pub mod codegen;
mod encoding;
mod json;
pub mod mock;
mod operation;
#[cfg_attr(not(feature = "server"), allow(dead_code, reason = "generated code compiles without a server too"))]
pub mod server;
mod state;
#[cfg(feature = "testing")]
pub mod testing;
mod transport;
#[cfg_attr(not(feature = "server"), allow(dead_code, reason = "generated code compiles without a server too"))]
pub mod validate;
mod values;

pub use call::{AnyError, Call, CallOf, Error, ErrorKind, Response};
#[cfg(feature = "jiff")]
pub use json::{Date, Timestamp};
pub use json::{Decimal, FromJson, Mode, Object, Reader, ToJson, Unknown, Uuid, Value, Violations, Writer};
#[cfg(feature = "chrono")]
pub use json::{NaiveDate, UtcDateTime};
pub use operation::{Operation, OperationInfo};
pub use values::Link;

// Crates whose types are in signatures, so that users need no dependency on them.
pub use bytes;
#[cfg(feature = "chrono")]
pub use chrono;
pub use http;

/// Locks a mutex. That another thread has panicked with it does not matter: what it holds is valid at all times.
pub(crate) fn lock<T>(mutex: &std::sync::Mutex<T>) -> std::sync::MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(std::sync::PoisonError::into_inner)
}

/// Includes the module that a build script generated: `apigen_runtime::include_api!("location")` expands to the content
/// of `$OUT_DIR/location/mod.rs`.
///
/// Use it in a module of its own:
///
/// ```ignore
/// pub mod location { apigen_runtime::include_api!("location"); }
/// ```
#[macro_export]
macro_rules! include_api {
    ($name:literal) => {
        include!(concat!(env!("OUT_DIR"), "/", $name, "/mod.rs"));
    };
}
