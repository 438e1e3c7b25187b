//! Fault injection: slow and failing calls.

mod fault;
mod latency;
mod transport;

pub use fault::{Answer, Fault};
pub use latency::Latency;
pub use transport::Faults;

use std::time::Duration;

use crate::values::split_mix;

/// Decides, identically in every run, how long a call is delayed and which fault it has.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct FaultPlan {
    seed: u64,
    latency: Option<Latency>,
    faults: Vec<(f64, Fault)>,
    only: Vec<String>,
    except: Vec<String>,
}

/// The decision for one call.
#[derive(Debug, Clone, PartialEq)]
pub struct Decision {
    /// The delay before anything else.
    pub delay: Duration,
    /// The fault, if any.
    pub fault: Option<Fault>,
    /// A random number for this call, which selects the affected byte.
    pub draw: u64,
}

impl FaultPlan {
    /// Creates a plan without faults.
    pub fn new() -> FaultPlan {
        FaultPlan::default()
    }

    /// Sets the seed of all decisions; 0 by default.
    pub fn seed(self, seed: u64) -> FaultPlan {
        FaultPlan { seed, ..self }
    }

    /// Delays calls.
    pub fn latency(self, latency: Latency) -> FaultPlan {
        FaultPlan { latency: Some(latency), ..self }
    }

    /// Applies a fault to a share of the calls: 0.1 is every tenth on average, 1 is all. Shares of several faults add
    /// up; anything above 1 never occurs.
    pub fn errors(mut self, share: f64, fault: Fault) -> FaultPlan {
        self.faults.push((share, fault));
        self
    }

    /// Limits the plan to an operation (`users.get`) or a resource (`users`); repeated calls of this method add to the
    /// list.
    pub fn only(mut self, operation: impl Into<String>) -> FaultPlan {
        self.only.push(operation.into());
        self
    }

    /// Excludes an operation or a resource.
    pub fn except(mut self, operation: impl Into<String>) -> FaultPlan {
        self.except.push(operation.into());
        self
    }

    /// Returns the operations and resources to which the plan is limited, and those that it excludes.
    pub fn names(&self) -> impl Iterator<Item = &str> {
        self.only.iter().chain(&self.except).map(String::as_str)
    }

    /// Returns true if the plan applies to an operation.
    pub fn concerns(&self, operation: &str) -> bool {
        let named = |names: &[String]| {
            names.iter().any(|name| {
                operation.strip_prefix(name.as_str()).is_some_and(|rest| rest.is_empty() || rest.starts_with('.'))
            })
        };
        (self.only.is_empty() || named(&self.only)) && !named(&self.except)
    }

    /// Decides about the nth call, from 0, of an operation. Depends on nothing else.
    pub fn decide(&self, operation: &str, call: u64) -> Decision {
        let mut random = Random::of(self.seed, operation, call);
        let (chance, draw) = (random.unit(), random.next());
        if !self.concerns(operation) {
            return Decision { delay: Duration::ZERO, fault: None, draw };
        }
        let mut sum = 0.0;
        let fault = self.faults.iter().find(|(share, _)| {
            sum += share.max(0.0);
            chance < sum
        });
        let delay = self.latency.map_or(Duration::ZERO, |latency| latency.draw(&mut random));
        Decision { delay, fault: fault.map(|(_, fault)| fault.clone()), draw }
    }
}

/// Random numbers, good enough to select faults.
#[derive(Debug, Clone)]
pub(super) struct Random(u64);

impl Random {
    /// Creates the generator for the nth call of an operation, independent of all other calls.
    pub(super) fn of(seed: u64, operation: &str, call: u64) -> Random {
        let mut random = Random(seed);
        for byte in operation.bytes() {
            random.0 = random.next() ^ u64::from(byte);
        }
        random.0 = random.next() ^ call;
        random.next();
        random
    }

    pub(super) fn next(&mut self) -> u64 {
        split_mix(&mut self.0)
    }

    /// Returns a number of at least 0 and less than 1.
    pub(super) fn unit(&mut self) -> f64 {
        (self.next() >> 11) as f64 / (1_u64 << 53) as f64
    }
}
