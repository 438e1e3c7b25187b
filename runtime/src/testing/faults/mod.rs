//! Making calls slow and wrong.

mod fault;
mod latency;
mod transport;

pub use fault::{Answer, Fault};
pub use latency::Latency;
pub use transport::Faults;

use std::time::Duration;

/// Decides, the same way in every run, how long a call waits and what goes wrong with it.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct FaultPlan {
    seed: u64,
    latency: Option<Latency>,
    faults: Vec<(f64, Fault)>,
    only: Vec<String>,
    except: Vec<String>,
}

/// What happens to one call.
#[derive(Debug, Clone, PartialEq)]
pub struct Decision {
    /// How long it waits before anything else.
    pub delay: Duration,
    /// What goes wrong.
    pub fault: Option<Fault>,
    /// A number of its own for each call: which byte is wrong.
    pub draw: u64,
}

impl FaultPlan {
    /// A plan by which nothing goes wrong.
    pub fn new() -> FaultPlan {
        FaultPlan::default()
    }

    /// Sets what all decisions follow from: other seeds, other decisions. 0 if never set.
    pub fn seed(self, seed: u64) -> FaultPlan {
        FaultPlan { seed, ..self }
    }

    /// Makes calls wait.
    pub fn latency(self, latency: Latency) -> FaultPlan {
        FaultPlan { latency: Some(latency), ..self }
    }

    /// Makes this go wrong with a share of the calls: 0.1 is every tenth, on average, 1 is all. Shares of several faults add
    /// up; what is above 1 never happens.
    pub fn errors(mut self, share: f64, fault: Fault) -> FaultPlan {
        self.faults.push((share, fault));
        self
    }

    /// Concerns this operation only (`users.get`), or a resource (`users`), and those named by other calls of this method.
    pub fn only(mut self, operation: impl Into<String>) -> FaultPlan {
        self.only.push(operation.into());
        self
    }

    /// Does not concern this operation or resource.
    pub fn except(mut self, operation: impl Into<String>) -> FaultPlan {
        self.except.push(operation.into());
        self
    }

    /// Whether it concerns an operation.
    pub fn concerns(&self, operation: &str) -> bool {
        let named = |names: &[String]| {
            names.iter().any(|name| {
                operation.strip_prefix(name.as_str()).is_some_and(|rest| rest.is_empty() || rest.starts_with('.'))
            })
        };
        (self.only.is_empty() || named(&self.only)) && !named(&self.except)
    }

    /// What happens to the nth call, from 0, of an operation. It depends on nothing else.
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

/// SplitMix64: tiny, and good enough to decide what goes wrong.
#[derive(Debug, Clone)]
pub(super) struct Random(u64);

impl Random {
    /// What is drawn for the nth call of an operation, whatever other calls there are.
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
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mixed = (self.0 ^ self.0 >> 30).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        let mixed = (mixed ^ mixed >> 27).wrapping_mul(0x94d0_49bb_1331_11eb);
        mixed ^ mixed >> 31
    }

    /// At least 0, less than 1.
    pub(super) fn unit(&mut self) -> f64 {
        (self.next() >> 11) as f64 / (1_u64 << 53) as f64
    }
}
