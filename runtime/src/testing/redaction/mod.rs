//! Replaces sensitive values of whole exchanges.

mod exchange;
mod finder;
mod json;
mod message;
mod redactor;

pub use exchange::RedactedExchange;
pub use message::{RedactedBody, RedactedMessage};
pub use redactor::Redactor;
