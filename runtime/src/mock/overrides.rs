//! Implementations of mock traits, operation by operation.

use std::any::{Any, TypeId};
use std::collections::HashMap;
use std::sync::Arc;

use super::response::MockResponse;
use crate::call::{BoxAnswering, Error, Mockable, SharedInput, answering_for};
use crate::operation::ToResponse;
use crate::transport::BoxFuture;

/// The operations that implementations of mock traits respond to.
#[derive(Clone, Default)]
pub struct Overrides {
    /// By the type of the operation.
    operations: HashMap<TypeId, Override>,
}

type Override = Arc<dyn Fn(&SharedInput) -> Option<BoxAnswering<'static>> + Send + Sync>;

impl Overrides {
    /// Creates an instance without operations.
    pub fn new() -> Self {
        Self::default()
    }

    /// Adds an operation, to which a method of `mock` responds.
    pub fn operation<M, O, R>(mut self, mock: &Arc<M>, respond: R) -> Self
    where
        M: Send + Sync + 'static,
        O: Mockable<Output: ToResponse, Error: ToResponse>,
        R: for<'a> Fn(&'a M, &'a O) -> BoxFuture<'a, Result<O::Output, Error<O::Error>>> + Copy + Send + Sync + 'static,
    {
        let mock = Arc::clone(mock);
        let respond: Override = Arc::new(move |input| {
            let input: Arc<dyn Any + Send + Sync> = SharedInput::clone(input);
            let (mock, input) = (Arc::clone(&mock), input.downcast::<O>().ok()?);
            Some(answering_for::<O>(async move { respond(&mock, &input).await }))
        });
        self.operations.insert(TypeId::of::<O>(), respond);
        self
    }

    /// Adds the operations of `others`, which replace those of this instance.
    pub(super) fn extend(&mut self, others: Overrides) {
        self.operations.extend(others.operations);
    }

    pub(super) fn respond(&self, input: &SharedInput) -> Option<MockResponse> {
        let any: &dyn Any = &**input;
        self.operations.get(&any.type_id())?(input).map(MockResponse::Future)
    }
}
