//! Rules of the mock server: how they are read, which requests they match, how they respond.
#![allow(missing_docs, clippy::unwrap_used, clippy::expect_used, clippy::panic, reason = "a failure ends the run")]

#[path = "rules/documentation.rs"]
mod documentation;
#[path = "rules/hostile.rs"]
mod hostile;
#[path = "rules/matching.rs"]
mod matching;
#[path = "rules/reports.rs"]
mod reports;
#[path = "rules/responses.rs"]
mod responses;
#[path = "rules/rule_set.rs"]
mod rule_set;
#[path = "rules/support.rs"]
mod support;
