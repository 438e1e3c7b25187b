//! Faults and latencies as text: `503 5%`, `cut 1% users.get`, `20ms`, `p50=20ms,p99=300ms`.

use std::time::Duration;

use apigen_runtime::testing::{Fault, FaultPlan, Latency};
use http::StatusCode;

use crate::rules::{parse_delay, parse_fault as parse_rule_fault};

/// The longest latency.
const LONGEST: Duration = Duration::from_secs(600);

/// After how many bytes a body breaks, if nothing else is said.
const CUT: usize = 16;

/// Reads a fault: what happens, how often, and optionally to which operation or resource.
///
/// What happens is a status, `refused` or `broken` (the connection closes without a response), `hang` (no response until
/// the client gives up), `cut` or `cut=BYTES` (the connection breaks within the body), `truncated` or `flipped` (the
/// body is changed).
///
/// # Errors
/// Returns a message that says what is wrong and what is possible.
pub fn parse_fault(text: &str) -> Result<FaultPlan, String> {
    let words: Vec<&str> = text.split_whitespace().collect();
    let (what, share, operation) = match words.as_slice() {
        [what, share] => (*what, *share, None),
        [what, share, operation] => (*what, *share, Some(*operation)),
        _ => {
            return Err(format!(
                "{text:?} is not a fault; write what happens and how often: `503 5%`, `cut 1% users.get`"
            ));
        }
    };
    let percent = share.strip_suffix('%').and_then(|number| number.parse::<f64>().ok());
    let percent = percent.filter(|percent| (0.0..=100.0).contains(percent));
    let percent = percent.ok_or_else(|| format!("{share:?} is not a share from 0% to 100%"))?;
    let plan = FaultPlan::new().errors(percent / 100.0, fault(what)?);
    Ok(operation.map_or(plan.clone(), |operation| plan.only(operation)))
}

fn fault(what: &str) -> Result<Fault, String> {
    if let Some(status) = what.parse().ok().and_then(|status| StatusCode::from_u16(status).ok()) {
        return match status.is_informational() {
            false => Ok(Fault::status(status)),
            true => Err(format!("{what} does not end an exchange; use a status from 200 to 999")),
        };
    }
    match what {
        "cut" => Ok(Fault::Cut(CUT)),
        // A space would end the word.
        _ => parse_rule_fault(&what.replacen('=', " ", 1)),
    }
}

/// Reads a latency: `20ms` for all responses, `10ms..50ms` for an even spread, or the median and the 99th percentile:
/// `p50=20ms,p99=300ms`.
///
/// # Errors
/// Returns a message that says what is wrong.
pub fn parse_latency(text: &str) -> Result<Latency, String> {
    if let Some((shortest, longest)) = text.split_once("..") {
        let (shortest, longest) = (parse_delay(shortest)?, parse_delay(longest)?);
        return match shortest <= longest {
            true => Ok(Latency::uniform(shortest, longest)),
            false => Err(format!("{text:?}: the first latency is longer than the second one")),
        };
    }
    if !text.contains('=') {
        return parse_delay(text).map(Latency::fixed);
    }
    let (mut median, mut p99) = (None, None);
    for part in text.split(',') {
        match part.trim().split_once('=') {
            Some(("p50", value)) if median.is_none() => median = Some(parse_delay(value)?),
            Some(("p99", value)) if p99.is_none() => p99 = Some(parse_delay(value)?),
            _ => return Err(format!("{part:?} is not `p50=TIME` or `p99=TIME`")),
        }
    }
    match (median, p99) {
        (Some(median), Some(p99)) if median <= p99 && !median.is_zero() => {
            Ok(Latency::percentiles(median, p99).at_most(LONGEST))
        }
        (Some(_), Some(_)) => Err(format!("{text:?}: p50 must be more than 0 and not more than p99")),
        _ => Err(format!("{text:?} must have both p50 and p99")),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn faults_are_read() {
        for (text, expected) in [
            ("503 5%", FaultPlan::new().errors(0.05, Fault::status(StatusCode::SERVICE_UNAVAILABLE))),
            ("cut 1% users.get", FaultPlan::new().errors(0.01, Fault::Cut(16)).only("users.get")),
            ("cut=3 100%", FaultPlan::new().errors(1.0, Fault::Cut(3))),
            ("hang 0.5% users", FaultPlan::new().errors(0.005, Fault::Hang).only("users")),
        ] {
            assert_eq!(parse_fault(text), Ok(expected), "{text}");
        }
    }

    #[test]
    fn wrong_texts_are_refused_with_what_is_possible() {
        for (text, part) in [
            ("", "write what happens and how often"),
            ("503", "write what happens"),
            ("503 5", "not a share"),
            ("503 -1%", "not a share"),
            ("503 NaN%", "not a share"),
            ("100 5%", "does not end an exchange"),
            ("crash 5%", "not a fault; faults are"),
            ("cut=x 5%", "did you mean `cut N`"),
            ("1 2 3 4", "write what happens"),
        ] {
            assert!(parse_fault(text).is_err_and(|message| message.contains(part)), "{text}");
        }
        for (text, part) in [
            ("20", "is not a delay"),
            ("-1s", "is not a delay"),
            ("1h", "is not a delay"),
            ("infs", "is not a delay"),
            ("11m", "at most ten minutes"),
            ("50ms..10ms", "longer than the second"),
            ("p50=20ms", "both p50 and p99"),
            ("p50=20ms,p99=1ms", "not more than p99"),
            ("p50=20ms,p95=1s", "is not `p50=TIME`"),
        ] {
            let outcome = parse_latency(text);
            assert!(outcome.as_ref().is_err_and(|message| message.contains(part)), "{text}: {outcome:?}");
        }
        assert_eq!(parse_latency("1.5s"), Ok(Latency::fixed(Duration::from_millis(1500))));
    }
}
