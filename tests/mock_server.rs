//! The mock server over sockets: what it keeps, what it refuses, how it is controlled, and how it ends.

mod client;
mod control;
mod faults;
mod hostile_clients;
mod hostile_specs;
mod kept;
mod model;
mod preferences;
mod process;
mod reload;
mod same_as_generated;
