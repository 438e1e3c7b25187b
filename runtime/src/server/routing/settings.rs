use std::sync::Arc;

use bytes::Bytes;
#[cfg(feature = "server")]
use http::HeaderValue;
use http::Response;

#[cfg(feature = "server")]
use super::{Observer, blocking::Workers, identity::VersionEndpoint};
use crate::json::Mode;
use crate::operation::OperationInfo;
#[cfg(feature = "server")]
use crate::server::limits::Intake;
use crate::server::response::{Cause, Listener, RawResponse, fit, guarded, report};
use crate::validate::{MAX_REQUEST_BYTES, MessageViolation, MessageViolations, OperationReader};

pub(crate) type Invalid = Arc<dyn Fn(&'static OperationInfo, &MessageViolations) -> Response<Bytes> + Send + Sync>;

/// The settings made on a router, none at first; or those of an operation.
#[derive(Clone, Default)]
pub(crate) struct Settings {
    pub(crate) limit: Option<usize>,
    /// `None` handles requests on the thread of their connection.
    #[cfg(feature = "server")]
    pub(crate) workers: Option<Workers>,
    /// Limits of the whole router: requests count before their operation is known.
    #[cfg(feature = "server")]
    pub(crate) intake: Option<Intake>,
    /// Of the whole router: it sees requests without an operation, too.
    #[cfg(feature = "server")]
    pub(crate) observer: Option<Observer>,
    /// Of the whole router: every response says it.
    #[cfg(feature = "server")]
    pub(crate) environment: Option<HeaderValue>,
    #[cfg(feature = "server")]
    pub(crate) version: Option<Arc<VersionEndpoint>>,
    pub(crate) mode: Option<Mode>,
    pub(crate) invalid: Option<Invalid>,
    pub(crate) listener: Option<Listener>,
}

impl Settings {
    /// Returns these settings, completed by those of `other`.
    pub(crate) fn or(&self, other: &Settings) -> Settings {
        Settings {
            limit: self.limit.or(other.limit),
            #[cfg(feature = "server")]
            workers: self.workers.as_ref().or(other.workers.as_ref()).cloned(),
            #[cfg(feature = "server")]
            intake: self.intake.as_ref().or(other.intake.as_ref()).cloned(),
            #[cfg(feature = "server")]
            observer: self.observer.as_ref().or(other.observer.as_ref()).cloned(),
            #[cfg(feature = "server")]
            environment: self.environment.as_ref().or(other.environment.as_ref()).cloned(),
            #[cfg(feature = "server")]
            version: self.version.as_ref().or(other.version.as_ref()).cloned(),
            mode: self.mode.or(other.mode),
            invalid: self.invalid.as_ref().or(other.invalid.as_ref()).cloned(),
            listener: self.listener.as_ref().or(other.listener.as_ref()).cloned(),
        }
    }

    pub(crate) fn limit(&self) -> usize {
        self.limit.unwrap_or(MAX_REQUEST_BYTES)
    }

    pub(crate) fn invalid(&self, operation: &OperationReader, violations: Vec<MessageViolation>) -> RawResponse {
        match (&self.invalid, MessageViolations::of(violations)) {
            (Some(answer), Err(violations)) => match guarded(|| answer(operation.info(), &violations)) {
                Ok(response) => RawResponse::from(response).caused_by(violations.as_slice()),
                Err(cause) => self.finish(operation, RawResponse::failed(cause)),
            },
            (None, Err(violations)) => self.finish(operation, RawResponse::invalid(violations.as_slice())),
            (_, Ok(())) => self.finish(operation, RawResponse::faulty("the request was refused without a reason")),
        }
    }

    /// Returns the response of a handler in the form that the operation declares, and reports failures.
    pub(crate) fn finish(&self, operation: &OperationReader, mut written: RawResponse) -> RawResponse {
        let cause = written.cause.take();
        let written = fit(operation, written);
        let cause = match cause {
            Some(Cause::Unchecked) => {
                let undeclared = guarded(|| written.undeclared(operation));
                undeclared.map_or_else(Some, |violations| violations.map(Cause::Undeclared))
            }
            cause => cause,
        };
        if let Some(cause) = cause {
            // A panic of the listener must not affect the response.
            drop(guarded(|| report(operation, written.status, &cause, self.listener.as_ref())));
        }
        written
    }
}
