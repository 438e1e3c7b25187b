use std::hash::{BuildHasher, Hasher, RandomState};
use std::time::{Duration, SystemTime};

use http::header::{DATE, RETRY_AFTER};
use http::{HeaderMap, HeaderValue, StatusCode};
use httpdate::parse_http_date;

use crate::transport::TransportError;

/// When a call is retried, and how long to wait before.
///
/// A client's policy applies only to methods that are idempotent by RFC 9110, section 9.2.2 (`GET`, `HEAD`, `PUT`,
/// `DELETE`, `OPTIONS`, `TRACE`) and to calls with an [idempotency key](crate::Call::idempotency_key); a policy set on
/// [one call](crate::Call::retry) applies to every method. A declared success is never retried, and no attempt starts
/// after the time limit of the call. The wait between two attempts is a random time of at most `base · 2ⁿ` ("full
/// jitter"), in addition to what the server requests by `Retry-After`. Connections that the server has closed meanwhile
/// are handled separately; see [`closed_connections`](Self::closed_connections).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[must_use]
pub struct RetryPolicy {
    max_attempts: u32,
    base: Duration,
    cap: Duration,
    statuses: &'static [u16],
    timeouts: bool,
    broken: bool,
    pub(crate) closed: bool,
    max_retry_after: Duration,
    pub(crate) attempt_timeout: Option<Duration>,
}

/// Statuses that indicate that the same request may succeed later.
pub(crate) const TRANSIENT: &[u16] = &[408, 425, 429, 502, 503, 504];

impl RetryPolicy {
    /// Creates a policy that never retries, not even after [closed connections](Self::closed_connections).
    pub const fn never() -> RetryPolicy {
        RetryPolicy::careful().max_attempts(1).closed_connections(false)
    }

    /// Creates the default policy: up to 3 attempts, and only if the server has not begun to process the request: the
    /// connection could not be made, or the response was 429 or 503. In addition, one attempt on a new connection if
    /// the current one was [closed](Self::closed_connections).
    pub const fn careful() -> RetryPolicy {
        RetryPolicy {
            max_attempts: 3,
            base: Duration::from_millis(100),
            cap: Duration::from_secs(5),
            statuses: &[429, 503],
            timeouts: false,
            broken: false,
            closed: true,
            max_retry_after: Duration::from_secs(60),
            attempt_timeout: None,
        }
    }

    /// Creates a policy of up to 3 attempts after all transient errors: no connection, a broken one, an attempt that
    /// timed out, and the statuses 408, 425, 429, 502, 503 and 504.
    pub const fn standard() -> RetryPolicy {
        RetryPolicy { statuses: TRANSIENT, timeouts: true, broken: true, ..RetryPolicy::careful() }
    }

    /// Limits how often the request is sent, apart from [closed connections](Self::closed_connections); 0 counts as 1.
    pub const fn max_attempts(self, count: u32) -> RetryPolicy {
        RetryPolicy { max_attempts: count, ..self }
    }

    /// Sets the longest wait before the second attempt, which doubles for each further one up to `cap`. 100 ms and 5 s
    /// by default.
    pub const fn backoff(self, base: Duration, cap: Duration) -> RetryPolicy {
        RetryPolicy { base, cap, ..self }
    }

    /// Sets the statuses to retry.
    pub const fn statuses(self, statuses: &'static [u16]) -> RetryPolicy {
        RetryPolicy { statuses, ..self }
    }

    /// Sets whether to retry after an attempt that timed out. Requires an [`attempt_timeout`](Self::attempt_timeout),
    /// to leave time; timeouts while connecting are always retried.
    pub const fn timeouts(self, retry: bool) -> RetryPolicy {
        RetryPolicy { timeouts: retry, ..self }
    }

    /// Sets whether to retry after a connection that broke before the response was complete.
    pub const fn broken_connections(self, retry: bool) -> RetryPolicy {
        RetryPolicy { broken: retry, ..self }
    }

    /// Sets whether to resend a request at once whose connection was closed before the response began. On by default,
    /// except for [`never`](Self::never).
    ///
    /// Connections are reused for later calls, and a server may close an idle one just when a request is in flight.
    /// That request fails although nothing is wrong with the service, so browsers and other clients resend it (RFC
    /// 9112, section 9.3.1). The attempt is made without a wait, counts neither for `max_attempts` nor for the budget
    /// of the client, and is limited to idempotent methods and calls with an idempotency key, even if the policy is set
    /// on one call. A client that has never had a response has no idle connection, so its calls fail at once.
    pub const fn closed_connections(self, retry: bool) -> RetryPolicy {
        RetryPolicy { closed: retry, ..self }
    }

    /// Sets the longest `Retry-After` to wait for: 60 s by default. Beyond it there are no further attempts, and the
    /// caller gets the response. A value that is neither a number of seconds nor a date counts as longer.
    pub const fn max_retry_after(self, longest: Duration) -> RetryPolicy {
        RetryPolicy { max_retry_after: longest, ..self }
    }

    /// Limits the time of a single attempt; by default each may take the remaining time of the call.
    pub const fn attempt_timeout(self, limit: Duration) -> RetryPolicy {
        RetryPolicy { attempt_timeout: Some(limit), ..self }
    }

    fn covers(&self, retry_cause: &RetryCause<'_>) -> bool {
        match retry_cause {
            RetryCause::Status(status, _) => self.statuses.contains(&status.as_u16()),
            RetryCause::Error(error) if error.is_connect() => true,
            RetryCause::Error(error) => self.timeouts && error.is_timeout() || self.broken && error.is_broken(),
        }
    }
}

impl Default for RetryPolicy {
    /// Returns [`RetryPolicy::careful`].
    fn default() -> Self {
        RetryPolicy::careful()
    }
}

/// The outcome of an attempt that may be retried.
pub(crate) enum RetryCause<'a> {
    Status(StatusCode, &'a HeaderMap),
    Error(&'a TransportError),
}

pub(crate) struct Plan {
    pub(crate) policy: RetryPolicy,
    retries: u32,
}

impl Plan {
    pub(crate) fn new(policy: RetryPolicy) -> Plan {
        Plan { policy, retries: 0 }
    }

    /// Returns the wait before another attempt, or `None` if there is to be none.
    pub(crate) fn delay(&mut self, retry_cause: &RetryCause<'_>) -> Option<Duration> {
        let policy = &self.policy;
        if self.retries + 1 >= policy.max_attempts || !policy.covers(retry_cause) {
            return None;
        }
        let demanded = match retry_cause {
            RetryCause::Status(_, headers) => read_retry_after(headers).unwrap_or_default(),
            RetryCause::Error(_) => Duration::ZERO,
        };
        if demanded > policy.max_retry_after {
            return None;
        }
        let ceiling = policy.base.saturating_mul(1 << self.retries.min(20)).min(policy.cap);
        self.retries += 1;
        Some(demanded.saturating_add(ceiling.mul_f64(random())))
    }
}

/// Returns a random number in 0..1, to spread the retries of many clients. std seeds its hashers with system
/// randomness, differently for each; nothing better is needed here.
fn random() -> f64 {
    let bits = RandomState::new().build_hasher().finish();
    (bits >> 11) as f64 / (1u64 << 53) as f64
}

/// The longest wait that is returned: a hundred years, which can still be added to any time of a clock.
pub(crate) const LONGEST: Duration = Duration::from_secs(100 * 365 * 86_400);

/// Returns how long the server requests to wait; of several values, the longest.
///
/// A date is relative to the server's own clock, if it sent `Date`; a date in the past is no wait. Anything that is
/// neither a date nor a representable number of seconds (`1e9`, `-1`, a year of five digits) is [`LONGEST`], not zero:
/// the server does request a wait, and an early attempt would violate that.
pub(crate) fn read_retry_after(headers: &HeaderMap) -> Option<Duration> {
    headers
        .get_all(RETRY_AFTER)
        .iter()
        .filter(|value| !value.as_bytes().trim_ascii().is_empty())
        .map(|value| wait(value, headers))
        .max()
}

fn wait(value: &HeaderValue, headers: &HeaderMap) -> Duration {
    let Ok(text) = value.to_str().map(str::trim) else { return LONGEST };
    if text.bytes().all(|byte| byte.is_ascii_digit()) {
        return text.parse().map_or(LONGEST, Duration::from_secs).min(LONGEST);
    }
    let Ok(date) = parse_http_date(text) else { return LONGEST };
    let own = headers.get(DATE).and_then(|text| parse_http_date(text.to_str().ok()?.trim()).ok());
    date.duration_since(own.unwrap_or_else(SystemTime::now)).unwrap_or_default().min(LONGEST)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn delays(policy: RetryPolicy, headers: &HeaderMap) -> Vec<Duration> {
        let mut plan = Plan::new(policy);
        std::iter::from_fn(|| plan.delay(&RetryCause::Status(StatusCode::SERVICE_UNAVAILABLE, headers))).collect()
    }

    #[test]
    fn ceilings_double_up_to_the_cap() {
        let policy = RetryPolicy::standard().max_attempts(60);
        let mut longest = vec![Duration::ZERO; 59];
        for _ in 0..200 {
            let delays = delays(policy, &HeaderMap::new());
            assert_eq!(delays.len(), longest.len());
            longest.iter_mut().zip(delays).for_each(|(longest, delay)| *longest = delay.max(*longest));
        }
        for (retry, longest) in longest.iter().enumerate() {
            let ceiling = Duration::from_millis(100 << retry.min(10)).min(Duration::from_secs(5));
            // That none of 200 random numbers is above half of the range happens once in 2^200 runs.
            assert!(*longest <= ceiling && *longest > ceiling / 2, "{retry}: {longest:?} of {ceiling:?}");
        }
    }

    #[test]
    fn retry_after_is_kept_or_ends_it() {
        let headers = |seconds: &str| HeaderMap::from_iter([(RETRY_AFTER, seconds.parse().unwrap())]);
        let waits = delays(RetryPolicy::careful(), &headers("7"));
        assert!(waits.len() == 2 && waits.iter().all(|wait| *wait >= Duration::from_secs(7)), "{waits:?}");
        assert!(delays(RetryPolicy::careful(), &headers("61")).is_empty());
        for uncounted in ["99999999999999999999999", "1e9", "-1", "Fri, 31 Dec 99999 23:59:59 GMT"] {
            assert!(delays(RetryPolicy::careful(), &headers(uncounted)).is_empty(), "{uncounted}");
        }
        assert!(delays(RetryPolicy::never(), &headers("0")).is_empty());
        assert!(delays(RetryPolicy::careful().max_attempts(0), &headers("0")).is_empty());
    }

    #[test]
    fn what_each_policy_covers() {
        let errors = [
            TransportError::connect("x"),
            TransportError::timeout("x"),
            TransportError::broken("x"),
            TransportError::other("x"),
        ];
        let covered = |policy: RetryPolicy| errors.each_ref().map(|error| policy.covers(&RetryCause::Error(error)));
        assert_eq!(covered(RetryPolicy::careful()), [true, false, false, false]);
        assert_eq!(covered(RetryPolicy::standard()), [true, true, true, false]);
        let headers = HeaderMap::new();
        let statuses = |policy: RetryPolicy| {
            let covers =
                |status: &u16| policy.covers(&RetryCause::Status(StatusCode::from_u16(*status).unwrap(), &headers));
            (100..600).filter(covers).collect::<Vec<u16>>()
        };
        assert_eq!(statuses(RetryPolicy::careful()), [429, 503]);
        assert_eq!(statuses(RetryPolicy::standard()), [408, 425, 429, 502, 503, 504]);
        assert_eq!(statuses(RetryPolicy::standard().statuses(&[500])), [500]);
    }

    fn headers(retry_after: &str, date: Option<&str>) -> HeaderMap {
        let mut headers = HeaderMap::from_iter([(RETRY_AFTER, retry_after.parse().unwrap())]);
        headers.extend(date.map(|date| (DATE, date.parse().unwrap())));
        headers
    }

    #[test]
    fn both_forms() {
        let date = Some("Sun, 06 Nov 1994 08:49:37 GMT");
        let cases = [
            ("0", Some(0)),
            ("120", Some(120)),
            ("Sun, 06 Nov 1994 08:49:40 GMT", Some(3)),
            ("Sunday, 06-Nov-94 08:50:37 GMT", Some(60)),
            ("Sun Nov  6 09:49:37 1994", Some(3600)),
            ("Sun, 06 Nov 1994 08:00:00 GMT", Some(0)),
            ("", None),
            (" ", None),
        ];
        for (text, seconds) in cases {
            assert_eq!(read_retry_after(&headers(text, date)), seconds.map(Duration::from_secs), "{text}");
        }
        assert_eq!(read_retry_after(&HeaderMap::new()), None);
    }

    #[test]
    fn what_cannot_be_counted_is_very_long() {
        for text in [
            "99999999999999999999999",
            "18446744073709551615",
            "1e9",
            "-1",
            "+5",
            "1.5",
            "0x10",
            "5 minutes",
            "soon",
            "é",
            "Fri, 31 Dec 9999 23:59:59 GMT",
            "Fri, 31 Dec 99999 23:59:59 GMT",
            "Sun, 99 Nov 1994 08:49:40 GMT",
        ] {
            let mut headers = HeaderMap::new();
            headers.insert(RETRY_AFTER, HeaderValue::from_bytes(text.as_bytes()).unwrap());
            assert_eq!(read_retry_after(&headers), Some(LONGEST), "{text}");
        }
        assert!(
            std::time::Instant::now().checked_add(LONGEST).is_some()
                && SystemTime::now().checked_add(LONGEST).is_some()
        );
    }

    #[test]
    fn the_longest_of_several_counts() {
        let mut several = headers("1", None);
        several.append(RETRY_AFTER, HeaderValue::from_static("7"));
        several.append(RETRY_AFTER, HeaderValue::from_static(""));
        assert_eq!(read_retry_after(&several), Some(Duration::from_secs(7)));
    }

    #[test]
    fn without_the_clock_of_the_server() {
        let soon = SystemTime::now() + Duration::from_secs(100);
        let wait = read_retry_after(&headers(&httpdate::fmt_http_date(soon), None)).unwrap();
        assert!(wait <= Duration::from_secs(100) && wait > Duration::from_secs(60), "{wait:?}");
    }
}
