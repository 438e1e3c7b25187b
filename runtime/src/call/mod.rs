//! Calls: their options, who responds to them, and how a response becomes a typed result.

mod answer;
mod any_error;
#[cfg(feature = "blocking")]
mod blocking;
mod display;
mod error;
mod error_kind;
mod exchange;
mod failure;
mod forward;
mod future;
mod options;
#[cfg(feature = "testing")]
mod recorded_input;
mod response;
mod response_slot;
mod retry;

pub(crate) use answer::{Answer, Seen};
pub use any_error::AnyError;
#[cfg(feature = "blocking")]
pub use blocking::block_on;
pub use error::Error;
pub use error_kind::ErrorKind;
pub use exchange::Mockable;
pub(crate) use exchange::{Dispatch, Exchange, Interceptor, Outcome, SharedInput, typed};
pub use failure::{Failure, SentRequest};
pub(crate) use failure::{Kind, RedactedError, Refused};
pub(crate) use forward::{Forward, Forwarded};
pub use future::{Call, CallOf, ResponseFuture};
pub use options::ValidationPolicy;
pub(crate) use options::{CallHeaders, CallOptions, SharedOptions};
#[cfg(feature = "testing")]
pub(crate) use recorded_input::{RecordedInput, RecordedJson};
pub(crate) use response::Head;
pub use response::Response;
pub(crate) use response_slot::{BoxAnswering, RawBody, Read, ReadBody, answering_for, read_and_drop};
pub use retry::RetryPolicy;
#[cfg(feature = "testing")]
pub(crate) use retry::TRANSIENT;
pub(crate) use retry::{Plan, RetryCause};
