use std::time::Duration;

use super::Random;

/// A distribution of delays before a request is sent.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Latency {
    form: Form,
    longest: Duration,
}

#[derive(Debug, Clone, Copy, PartialEq)]
enum Form {
    Fixed(Duration),
    Uniform(Duration, Duration),
    Normal(Duration, Duration),
    Exponential(Duration),
}

impl Latency {
    /// Returns a constant delay.
    pub const fn fixed(time: Duration) -> Latency {
        Latency::new(Form::Fixed(time))
    }

    /// Returns a uniform distribution between two delays.
    pub const fn uniform(shortest: Duration, longest: Duration) -> Latency {
        Latency::new(Form::Uniform(shortest, longest))
    }

    /// Returns an approximately normal distribution: two of three delays are within `deviation` of `mean`, all within
    /// six times that. Never negative.
    pub const fn normal(mean: Duration, deviation: Duration) -> Latency {
        Latency::new(Form::Normal(mean, deviation))
    }

    /// Returns an exponential distribution: mostly short, rarely much longer than `mean`, as in queues. Best combined
    /// with [`at_most`](Self::at_most).
    pub const fn exponential(mean: Duration) -> Latency {
        Latency::new(Form::Exponential(mean))
    }

    /// Limits the delays; longer ones are cut.
    pub const fn at_most(self, longest: Duration) -> Latency {
        Latency { longest, ..self }
    }

    const fn new(form: Form) -> Latency {
        Latency { form, longest: Duration::MAX }
    }

    pub(super) fn draw(&self, random: &mut Random) -> Duration {
        let time = match self.form {
            Form::Fixed(time) => time,
            Form::Uniform(shortest, longest) => {
                let spread = longest.saturating_sub(shortest);
                shortest.saturating_add(scale(spread, random.unit()))
            }
            Form::Normal(mean, deviation) => {
                // The sum of twelve has a deviation of 1 and is nearly normal.
                let sum: f64 = (0..12).map(|_| random.unit()).sum();
                let apart = scale(deviation, (sum - 6.0).abs());
                if sum < 6.0 { mean.saturating_sub(apart) } else { mean.saturating_add(apart) }
            }
            Form::Exponential(mean) => scale(mean, -(1.0 - random.unit()).ln()),
        };
        time.min(self.longest)
    }
}

fn scale(time: Duration, factor: f64) -> Duration {
    Duration::try_from_secs_f64(time.as_secs_f64() * factor).unwrap_or(Duration::MAX)
}
