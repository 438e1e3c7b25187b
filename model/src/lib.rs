//! The front end of apigen: reads [API Builder](https://www.apibuilder.io) specs, `api.json` or
//! `service.json`, into a checked and resolved model.
//!
//! Write a generator of your own on it: [`load`] reads specs and what they import, and returns an [`Api`](api::Api) in which every name is a
//! typed id, or a [`Report`] of everything that is wrong, each with its place.
//!
//! ```
//! use apigen_model::{Inputs, Source, load};
//!
//! let spec = r#"{
//!     "name": "Library",
//!     "models": { "book": { "fields": [{ "name": "title", "type": "string" }] } },
//!     "resources": { "book": { "operations": [{ "method": "GET", "responses": { "200": { "type": "[book]" } } }] } }
//! }"#;
//! let source = Source { name: "api.json".to_owned(), text: spec.to_owned(), path: None };
//! let loaded = load(Inputs { specs: vec![source], ..Inputs::default() }).map_err(|report| report.render(false)).unwrap();
//! for (_, service) in loaded.api.services.iter() {
//!     for operation in service.resources.iter().flat_map(|resource| &resource.operations) {
//!         assert_eq!((operation.method.as_str(), operation.path.as_str()), ("GET", "/books"));
//!     }
//! }
//! ```
//!
//! The stages, each in a module that names only those before it: `source` reads JSON with places, `diagnostic` says what is wrong,
//! `vocabulary` has the words of the format, [`api`] is the resolved model, `parse` reads both forms of documents, `check` refuses,
//! `resolve` makes the model, [`behaviour`] says what follows from it, and [`lint`] what is valid but problematic.

#![cfg_attr(docsrs, feature(doc_cfg))]

pub mod api;
pub mod behaviour;
mod check;
pub mod checkpoint;
pub mod diagnostic;
pub mod graph;
mod head;
pub mod lint;
mod load;
pub mod lock;
mod parse;
mod resolve;
pub mod source;
pub mod vocabulary;

pub use diagnostic::{Diagnostic, Report, Severity};
pub use head::{DocumentHead, DocumentImport, read_head};
pub use load::{Inputs, Loaded, Source, check, load, normalize};
pub use parse::imports::ServiceUri;
pub use parse::{Imports, is_uri};
