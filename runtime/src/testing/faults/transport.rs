//! The transport that injects faults.

use std::collections::BTreeMap;
use std::fmt;
use std::sync::Mutex;

use bytes::Bytes;
use http::{Request, Response};

use super::fault::Fault;
use super::latency::Latency;
use super::{Decision, FaultPlan};
use crate::lock;
use crate::operation::OperationInfo;
use crate::transport::{Transport, TransportError, TransportFuture, timer};

/// A transport that delays calls and makes some of them fail by a [`FaultPlan`], identically in every run.
///
/// For different faults of several groups of operations, nest several of these transports. Requests without an
/// operation count as one operation with an empty name.
pub struct Faults<T> {
    inner: T,
    plan: FaultPlan,
    calls: Mutex<BTreeMap<&'static str, u64>>,
}

impl<T: Transport> Faults<T> {
    /// Creates a transport without faults.
    pub fn new(inner: T) -> Faults<T> {
        Faults::by_plan(FaultPlan::new(), inner)
    }

    /// Creates a transport with the faults of a plan.
    pub fn by_plan(plan: FaultPlan, inner: T) -> Faults<T> {
        Faults { inner, plan, calls: Mutex::default() }
    }

    /// Sets the seed; see [`FaultPlan::seed`].
    pub fn seed(self, seed: u64) -> Self {
        Faults { plan: self.plan.seed(seed), ..self }
    }

    /// Delays calls; see [`FaultPlan::latency`].
    pub fn latency(self, latency: Latency) -> Self {
        Faults { plan: self.plan.latency(latency), ..self }
    }

    /// Applies a fault; see [`FaultPlan::errors`].
    pub fn errors(self, share: f64, fault: Fault) -> Self {
        Faults { plan: self.plan.errors(share, fault), ..self }
    }

    /// Limits the plan to an operation or a resource; see [`FaultPlan::only`].
    pub fn only(self, operation: impl Into<String>) -> Self {
        Faults { plan: self.plan.only(operation), ..self }
    }

    /// Excludes an operation or a resource; see [`FaultPlan::except`].
    pub fn except(self, operation: impl Into<String>) -> Self {
        Faults { plan: self.plan.except(operation), ..self }
    }

    /// Returns the plan.
    pub fn plan(&self) -> &FaultPlan {
        &self.plan
    }

    async fn answer(&self, request: Request<Bytes>) -> Result<Response<Bytes>, TransportError> {
        let operation = request.extensions().get::<&'static OperationInfo>().map_or("", |info| info.id);
        let Decision { delay, fault, draw } = self.plan.decide(operation, self.count(operation));
        if !delay.is_zero() {
            timer::sleep(delay).await;
        }
        let Some(fault) = fault else { return self.inner.send(request).await };
        if fault == Fault::Hang {
            std::future::pending::<()>().await;
        }
        match fault.instead() {
            Some(outcome) => outcome,
            None => fault.spoil(draw, self.inner.send(request).await?),
        }
    }

    fn count(&self, operation: &'static str) -> u64 {
        let mut calls = lock(&self.calls);
        let next = calls.entry(operation).or_default();
        std::mem::replace(next, *next + 1)
    }
}

impl<T: Transport> Transport for Faults<T> {
    fn send(&self, request: Request<Bytes>) -> TransportFuture<'_> {
        Box::pin(self.answer(request))
    }

    fn may_redirect(&self) -> bool {
        self.inner.may_redirect()
    }
}

impl<T> fmt::Debug for Faults<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Faults").field("plan", &self.plan).finish_non_exhaustive()
    }
}
