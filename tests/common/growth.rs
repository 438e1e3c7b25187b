//! Notices a step that takes more time than in proportion to its input.
//!
//! Work is done at two sizes, one [`FACTOR`] times the other, of which the larger takes about [`AFFORDED`]. A step is slow if it takes
//! more than [`MOST`] times as long *for each element* at the larger size: a linear step takes about as long for each, a quadratic one
//! up to `FACTOR` times as long.
//!
//! Only the processor time of this thread counts, so that other tests and programs do not matter, and both sizes are measured on the
//! same machine, so that its speed does not. What remains is noise of caches: over all shapes and stages, an element takes 0.3 to 2
//! times as long at the larger size. What looks slow is measured again, up to [`ATTEMPTS`] times: noise goes away, a slow step does not.
//!
//! Counting would be exact, but an allocator sees no comparisons and needs `unsafe`, and so do the counters of the processor.

use std::ops::RangeInclusive;
use std::time::Duration;

use cpu_time::ThreadTime;

/// How much larger the larger size is.
const FACTOR: usize = 16;

/// How much longer each element may take at the larger size.
const MOST: f64 = 2.5;

/// How long linear work may take at the larger size. Sizes follow from it, so that slow machines do less.
const AFFORDED: Duration = Duration::from_millis(320);

/// A step that takes less at the larger size is passed over: nobody waits for it.
const LEAST: Duration = Duration::from_millis(20);

/// How often the work is measured before a step is said to be slow.
const ATTEMPTS: usize = 4;

/// How long each step of some work takes.
#[derive(Default)]
pub struct Steps(Vec<(&'static str, Duration)>);

impl Steps {
    /// Does a step.
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

/// Returns a sentence for each step of the work that grows faster than its size. Both sizes are within `sizes`.
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
        (*many >= LEAST && growth > MOST).then_some(text)
    });
    growth.flatten().collect()
}
