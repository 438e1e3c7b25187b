//! The front end of apigen: reads [API Builder](https://www.apibuilder.io) specs, `api.json` or `service.json`, into a
//! checked and resolved model.
//!
//! Use it to write your own generator: [`load`] reads specs with their imports and returns an [`Api`](api::Api) in
//! which every name is a typed id, or a [`Report`] of every problem, each with its location.
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
//! Each stage is a module that uses only the modules before it: `source` reads JSON with positions, `diagnostic`
//! reports problems, `vocabulary` has the words of the format, [`api`] is the resolved model, `parse` reads both forms
//! of documents, `check` rejects invalid ones, `resolve` builds the model, [`behaviour`] derives facts from it, and
//! [`lint`] reports valid but problematic constructs.

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
