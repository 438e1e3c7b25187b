//! Environments: the servers that a project may send requests to, and what may be sent to each.
//!
//! [`Environments`] reads them from `apigen.toml`. A generated client takes the URL, the credentials and the kind of one,
//! and with them the guard against side effects in production:
//!
//! ```no_run
//! # use apigen_runtime::client::{BuildError, ClientBuilder, HttpClient, ServiceInfo};
//! # static SERVICE: ServiceInfo = ServiceInfo {
//! #     name: "shop", namespace: "", version: "1", user_agent: "", headers: &[], overlapping: &[],
//! # };
//! # let builder = |url: &str| ClientBuilder::<HttpClient>::new(&SERVICE, url);
//! use apigen_testing::environment::Environments;
//!
//! let sandbox = Environments::from_file("apigen.toml")?.get("sandbox")?;
//! let client = sandbox.configure(builder(sandbox.url())).build()?; // shop::Client::builder(sandbox.url())
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```
//!
//! Tools that send requests open a [`Target`], which enforces what [`Consent`] allows, and stops if the server says that it
//! is production.

mod audit;
mod credentials;
mod declared;
mod environments;
mod read;
mod refusal;
mod resolved;
mod sensitive;
mod source;
mod target;
mod url;

pub use credentials::Credentials;
pub use declared::{DeclaredEnvironment, EnvironmentKind};
pub use environments::Environments;
pub use refusal::Refusal;
pub use resolved::Environment;
pub use source::CredentialSource;
pub use target::{Consent, Target};
