//! The data that the stages pass on.

use std::fmt;
use std::path::PathBuf;

use super::names::Names;
use super::service::{Form, Service};
use crate::api;
use crate::diagnostic::DocumentId;

/// A service on its way through the stages.
pub struct Unit {
    pub document: DocumentId,
    pub form: Form,
    pub path: Option<PathBuf>,
    pub service: Service,
    pub role: api::Role,
    /// The unit of each import; `None` if it was not found.
    pub imports: Vec<Option<usize>>,
    pub names: Names,
}

impl fmt::Debug for Unit {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Unit").field("namespace", &self.service.namespace).finish_non_exhaustive()
    }
}
