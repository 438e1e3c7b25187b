//! What a mock server does, apart from its specs.

use std::path::PathBuf;

use apigen_runtime::server::{MAX_REQUEST_BYTES, ServerLimits};
use apigen_runtime::testing::FaultPlan;

/// The settings of a mock server.
#[derive(Debug, Clone)]
pub(super) struct Settings {
    /// The seed of everything that is made up.
    pub(super) seed: u64,
    /// Whether optional fields are left out.
    pub(super) minimal: bool,
    /// The number of samples with which each collection begins.
    pub(super) items: usize,
    pub(super) state: bool,
    /// The maximum memory of all items in bytes.
    pub(super) state_bytes: usize,
    /// The folder of examples.
    pub(super) examples: Option<PathBuf>,
    pub(super) faults: Vec<FaultPlan>,
    pub(super) cors: bool,
    pub(super) control_key: Option<String>,
    pub(super) body_limit: usize,
    pub(super) limits: ServerLimits,
}

impl Default for Settings {
    fn default() -> Settings {
        Settings {
            seed: 0,
            minimal: false,
            items: 3,
            state: true,
            state_bytes: 128 << 20,
            examples: None,
            faults: Vec::new(),
            cors: false,
            control_key: None,
            body_limit: MAX_REQUEST_BYTES,
            limits: ServerLimits::new(),
        }
    }
}
