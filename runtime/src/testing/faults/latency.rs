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
    /// The median, and the logarithm of how much longer one standard deviation is.
    LogNormal(Duration, f64),
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

    /// Returns a distribution as services have it, by its median and its 99th percentile: log-normal.
    pub fn percentiles(median: Duration, p99: Duration) -> Latency {
        // The 99th percentile of a normal distribution, in standard deviations.
        const P99: f64 = 2.326_347_874;
        let ratio = p99.as_secs_f64() / median.as_secs_f64();
        Latency::new(Form::LogNormal(median, if ratio.is_finite() && ratio > 1.0 { ratio.ln() / P99 } else { 0.0 }))
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
                let apart = normal(random);
                let spread = scale(deviation, apart.abs());
                if apart < 0.0 { mean.saturating_sub(spread) } else { mean.saturating_add(spread) }
            }
            Form::LogNormal(median, deviation) => scale(median, (deviation * normal(random)).exp()),
            Form::Exponential(mean) => scale(mean, -(1.0 - random.unit()).ln()),
        };
        time.min(self.longest)
    }
}

/// Returns a nearly normal number with deviation 1: the sum of twelve even ones has that.
fn normal(random: &mut Random) -> f64 {
    (0..12).map(|_| random.unit()).sum::<f64>() - 6.0
}

fn scale(time: Duration, factor: f64) -> Duration {
    Duration::try_from_secs_f64(time.as_secs_f64() * factor).unwrap_or(Duration::MAX)
}
