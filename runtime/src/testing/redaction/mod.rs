//! Replaces sensitive values of whole exchanges.

mod exchange;
mod finder;
mod json;
mod message;
mod redactor;
mod target;

pub use exchange::RedactedExchange;
pub use message::{RedactedBody, RedactedMessage};
pub use redactor::Redactor;
