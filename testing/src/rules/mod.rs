//! The rules of a mock server: which requests they match, and how they respond.
//!
//! A [`RuleReader`] reads rules, TOML or JSON, and checks them against the spec; a [`RuleSet`] finds the rule for a
//! request. Samples fill what the body of a rule leaves out: the caller passes them as a [`Fill`].
//! TOML needs the feature `toml`.
//!
//! ```
//! use apigen_model::behaviour::SensitiveAnnotations;
//! use apigen_model::{Inputs, Source, load};
//! use apigen_runtime::validate::MessageLocation;
//! use apigen_testing::rules::{RuleInput, RuleReader, RuleSet};
//!
//! let spec = r#"{
//!     "name": "Library",
//!     "models": { "book": { "fields": [{ "name": "id", "type": "long" }, { "name": "title", "type": "string" }] } },
//!     "resources": { "book": { "operations": [
//!         { "method": "GET", "path": "/:id", "responses": { "200": { "type": "book" }, "404": { "type": "unit" } } }
//!     ] } }
//! }"#;
//! let source = Source { name: "api.json".to_owned(), text: spec.to_owned(), path: None };
//! let loaded = load(Inputs { specs: vec![source], ..Inputs::default() }).map_err(|report| report.render(false)).unwrap();
//! let schema = apigen_testing::schema(&loaded.api, &SensitiveAnnotations::default()).unwrap();
//!
//! let fill = |_: &apigen_model::api::Type, _: usize| Some(r#"{ "id": 1, "title": "Emma" }"#.to_owned());
//! let reader = RuleReader::new(&loaded.api, &schema, &fill);
//! let text = r#"{ "operation": "books.get_by_id", "when": { "id": 7 }, "body": { "id": 7 } }"#;
//! let rules = RuleSet::default();
//! rules.add(reader.read("rules.json", text.as_bytes()).unwrap()).unwrap();
//!
//! let input = |id: &str| RuleInput { parameters: vec![(MessageLocation::Path, "id", id.to_owned())], body: None };
//! let matched = rules.find("books.get_by_id", || input("7")).unwrap();
//! assert_eq!(matched.to_string(), "rule 1");
//! assert_eq!(matched.response().status, 200);
//! assert_eq!(matched.body(&fill).unwrap(), r#"{"id":7,"title":"Emma"}"#);
//! assert!(rules.find("books.get_by_id", || input("8")).is_none());
//!
//! let wrong = reader.read("rules.json", text.replace("7", "true").as_bytes()).unwrap_err();
//! assert!(wrong.to_string().contains("`id`: expected a long"), "{wrong}");
//! ```

mod body;
mod condition;
mod document;
mod header;
mod matcher;
mod operations;
mod problems;
mod read;
mod reading;
mod response;
mod rule;
mod rule_set;
mod text;
#[cfg(feature = "toml")]
mod toml;
mod union;

pub use body::{Fill, ResponseBody};
pub use matcher::RuleInput;
pub use read::RuleReader;
pub use rule::{Rule, RuleResponse};
pub use rule_set::{MatchedRule, RuleSet, TooManyRules};
pub use text::{parse_delay, parse_fault};
