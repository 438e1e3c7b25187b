//! What the stages pass on.

use std::path::PathBuf;

use crate::api;
use crate::parse::Form;
use crate::parse::names::Names;
use crate::parse::service::Service;

/// A service on its way through the stages.
pub(crate) struct Unit {
    pub source: usize,
    pub form: Form,
    pub path: Option<PathBuf>,
    pub service: Service,
    pub role: api::Role,
    /// For each import, the unit that it is; `None` if it was not found.
    pub imports: Vec<Option<usize>>,
    pub names: Names,
}
