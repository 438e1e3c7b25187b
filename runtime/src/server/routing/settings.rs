//! What a router is told beside its operations.

use std::sync::Arc;

use bytes::Bytes;
use http::Response;

#[cfg(feature = "server")]
use super::blocking::Workers;
use crate::json::Mode;
use crate::operation::OperationInfo;
#[cfg(feature = "server")]
use crate::server::limits::Intake;
use crate::server::response::{Cause, Listener, RawResponse, fit, guarded, report};
use crate::validate::{Endpoint, MAX_REQUEST_BYTES, MessageViolation, MessageViolations};

/// What answers a request that breaks the spec.
pub(crate) type Invalid = Arc<dyn Fn(&'static OperationInfo, &MessageViolations) -> Response<Bytes> + Send + Sync>;

/// What has been said; nothing at first.
#[derive(Clone, Default)]
pub(crate) struct Settings {
    pub(crate) limit: Option<usize>,
    /// `None` if requests are worked on where they come in.
    #[cfg(feature = "server")]
    pub(crate) workers: Option<Workers>,
    /// Of the whole router: requests count before their operation is known.
    #[cfg(feature = "server")]
    pub(crate) intake: Option<Intake>,
    pub(crate) mode: Option<Mode>,
    pub(crate) invalid: Option<Invalid>,
    pub(crate) listener: Option<Listener>,
}

/// What holds for an operation: what was said to its own router, or else to the one that it was merged into.
#[derive(Clone, Copy)]
pub(crate) struct Said<'s> {
    pub(crate) own: &'s Settings,
    pub(crate) router: &'s Settings,
}

impl Settings {
    /// The same with what `other` says of the rest.
    pub(crate) fn or(&self, other: &Settings) -> Settings {
        Settings {
            limit: self.limit.or(other.limit),
            #[cfg(feature = "server")]
            workers: self.workers.as_ref().or(other.workers.as_ref()).cloned(),
            #[cfg(feature = "server")]
            intake: self.intake.as_ref().or(other.intake.as_ref()).cloned(),
            mode: self.mode.or(other.mode),
            invalid: self.invalid.as_ref().or(other.invalid.as_ref()).cloned(),
            listener: self.listener.as_ref().or(other.listener.as_ref()).cloned(),
        }
    }

    pub(crate) fn limit(&self) -> usize {
        self.limit.unwrap_or(MAX_REQUEST_BYTES)
    }
}

impl Said<'_> {
    pub(crate) fn limit(self) -> usize {
        self.own.limit.unwrap_or_else(|| self.router.limit())
    }

    #[cfg(feature = "server")]
    pub(crate) fn workers(self) -> Option<Workers> {
        self.own.workers.as_ref().or(self.router.workers.as_ref()).cloned()
    }

    pub(crate) fn mode(self) -> Mode {
        self.own.mode.or(self.router.mode).unwrap_or_else(Mode::strict)
    }

    /// The answer to a request that breaks the spec.
    pub(crate) fn invalid(self, endpoint: &Endpoint, violations: Vec<MessageViolation>) -> RawResponse {
        let answer = self.own.invalid.as_ref().or(self.router.invalid.as_ref());
        match (answer, MessageViolations::of(violations)) {
            (Some(answer), Err(violations)) => match guarded(|| answer(endpoint.info, &violations)) {
                Ok(response) => RawResponse::from(response),
                Err(cause) => self.finish(endpoint, RawResponse::failed(cause)),
            },
            (None, Err(violations)) => self.finish(endpoint, RawResponse::invalid(violations.as_slice())),
            (_, Ok(())) => self.finish(endpoint, RawResponse::faulty("the request was refused without a reason")),
        }
    }

    /// The answer of a handler, in the form that the operation declares; what is to be reported is.
    pub(crate) fn finish(self, endpoint: &Endpoint, mut written: RawResponse) -> RawResponse {
        let cause = written.cause.take();
        let written = fit(endpoint, written);
        let cause = match cause {
            Some(Cause::Unchecked) => {
                let undeclared = guarded(|| written.undeclared(endpoint));
                undeclared.map_or_else(Some, |violations| violations.map(Cause::Undeclared))
            }
            cause => cause,
        };
        if let Some(cause) = cause {
            let listener = self.own.listener.as_ref().or(self.router.listener.as_ref());
            // Whoever is told must not break the answer.
            drop(guarded(|| report(endpoint, written.status, &cause, listener)));
        }
        written
    }
}
