//! What all connections share.

use std::sync::Arc;

use apigen_runtime::server::BodyMemory;
use apigen_runtime::validate::schema::Schema;
use bytes::Bytes;
use http::Response;

use super::body::{PassedBody, ReadAhead};
use super::coverage::Live;
use super::record::ExampleFolder;
use super::settings::Settings;
use super::upstream::Upstream;
use crate::exchange::{Capture, ExchangeLog};
use crate::service::LoadedService;

/// What all connections share.
pub(super) struct Gateway {
    pub service: Arc<LoadedService>,
    pub schema: Arc<Schema>,
    pub settings: Settings,
    pub coverage: Live,
    pub upstream: Upstream,
    pub memory: BodyMemory,
    pub log: Option<(Capture, ExchangeLog)>,
    pub examples: Option<ExampleFolder>,
}

impl Gateway {
    /// Returns the service and its version as a JSON object.
    pub fn version(&self) -> String {
        let service = self.service.service();
        let mut version = serde_json::json!({
            "service": service.name, "spec": service.version, "apigen": env!("CARGO_PKG_VERSION"),
        });
        if let Some(environment) = &self.settings.environment {
            version["environment"] = environment.as_str().into();
        }
        version.to_string()
    }

    /// Returns true if bodies are wanted after they were judged.
    pub fn keeps_bodies(&self) -> bool {
        self.log.is_some() || self.examples.is_some() || self.settings.mock.is_some()
    }
}

/// Returns a response with this body.
pub(super) fn whole(response: Response<Bytes>) -> Response<PassedBody> {
    response.map(|body| PassedBody::plain(ReadAhead::full(body)))
}
