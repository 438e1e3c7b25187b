//! Finds steps whose time grows faster than their input.
//!
//! The work runs at two sizes, the larger [`FACTOR`] times the smaller; the larger takes about [`AFFORDED`]. A step is
//! slow if it takes more than [`MAX`] times as long *per element* at the larger size: a linear step takes about the
//! same time per element, a quadratic one up to `FACTOR` times as long.
//!
//! Only the processor time of this thread counts, so other tests and programs do not matter, and both sizes are
//! measured on the same machine, so its speed does not. The noise of caches remains: over all shapes and stages, an
//! element takes 0.3 to 2 times as long at the larger size. A step that looks slow is measured up to [`ATTEMPTS`]
//! times: noise goes away, a slow step does not.
//!
//! Counting would be exact, but an allocator sees no comparisons and requires `unsafe`, as do the processor's counters.

use std::ops::RangeInclusive;
use std::time::Duration;

use cpu_time::ThreadTime;

/// The ratio of the larger size to the smaller one.
const FACTOR: usize = 16;

/// The maximum ratio of the times per element.
const MAX: f64 = 2.5;

/// The time for linear work at the larger size. It determines the sizes, so that slow machines do less.
const AFFORDED: Duration = Duration::from_millis(320);

/// Steps that take less at the larger size are ignored: nobody waits for them.
const LEAST: Duration = Duration::from_millis(20);

/// The maximum number of measurements before a step is reported as slow.
const ATTEMPTS: usize = 4;

/// The time of each step of some work.
#[derive(Default)]
pub struct Steps(Vec<(&'static str, Duration)>);

impl Steps {
    /// Runs and times a step.
    pub fn time<T>(&mut self, name: &'static str, step: impl FnOnce() -> T) -> T {
        let begin = ThreadTime::now();
        let result = step();
        self.0.push((name, begin.elapsed()));
        result
    }

    fn total(&self) -> Duration {
        self.0.iter().map(|(_, time)| *time).sum()
    }
}

/// Returns a sentence for each step whose time grows faster than its input. Both sizes are within `sizes`.
pub fn slow_steps(name: &str, sizes: RangeInclusive<usize>, work: impl Fn(usize, &mut Steps)) -> Vec<String> {
    let measure = |size| {
        let mut steps = Steps::default();
        work(size, &mut steps);
        steps
    };
    let mut small = *sizes.start();
    let mut few = measure(small);
    while few.total() * (FACTOR as u32) < AFFORDED && sizes.contains(&(small * 2 * FACTOR)) {
        small *= 2;
        few = measure(small);
    }
    let mut slow = Vec::new();
    for _ in 0..ATTEMPTS {
        let many = measure(small * FACTOR);
        slow = compare(name, small, &few, &many);
        if slow.is_empty() {
            break;
        }
        few = measure(small);
    }
    slow
}

#[allow(clippy::print_stdout, reason = "shown if a test fails")]
fn compare(name: &str, small: usize, few: &Steps, many: &Steps) -> Vec<String> {
    let large = small * FACTOR;
    assert_eq!(few.0.len(), many.0.len(), "{name}: {large} are treated differently from {small}");
    let growth = few.0.iter().zip(&many.0).map(|((step, few), (_, many))| {
        let growth = many.as_secs_f64() / few.as_secs_f64() / FACTOR as f64;
        let text =
            format!("{name}: {step} takes {many:.1?} for {large}, {growth:.1} times as long for each as for {small}");
        println!("{text}");
        (*many >= LEAST && growth > MAX).then_some(text)
    });
    growth.flatten().collect()
}
