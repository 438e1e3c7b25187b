//! Faults and latencies as text: `503 5%`, `cut 1% users.get`, `20ms`, `p50=20ms,p99=300ms`.

use std::time::Duration;

use apigen_runtime::testing::{Fault, FaultPlan, Latency};
use http::StatusCode;

/// The longest latency.
const LONGEST: Duration = Duration::from_secs(600);

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
    if let Some(bytes) = what.strip_prefix("cut=") {
        return bytes.parse().map(Fault::Cut).map_err(|_| format!("{bytes:?} is not a number of bytes"));
    }
    match what {
        "refused" => Ok(Fault::Refused),
        "broken" => Ok(Fault::Broken),
        "hang" => Ok(Fault::Hang),
        "cut" => Ok(Fault::Cut(16)),
        "truncated" => Ok(Fault::Truncated),
        "flipped" => Ok(Fault::Flipped),
        _ => Err(format!(
            "{what:?} is not a fault; use a status, refused, broken, hang, cut, cut=BYTES, truncated or flipped"
        )),
    }
}

/// Reads a latency: `20ms` for all responses, `10ms..50ms` for an even spread, or the median and the 99th percentile:
/// `p50=20ms,p99=300ms`.
///
/// # Errors
/// Returns a message that says what is wrong.
pub fn parse_latency(text: &str) -> Result<Latency, String> {
    if let Some((shortest, longest)) = text.split_once("..") {
        let (shortest, longest) = (parse_duration(shortest)?, parse_duration(longest)?);
        return match shortest <= longest {
            true => Ok(Latency::uniform(shortest, longest)),
            false => Err(format!("{text:?}: the first latency is longer than the second one")),
        };
    }
    if !text.contains('=') {
        return parse_duration(text).map(Latency::fixed);
    }
    let (mut median, mut p99) = (None, None);
    for part in text.split(',') {
        match part.trim().split_once('=') {
            Some(("p50", value)) if median.is_none() => median = Some(parse_duration(value)?),
            Some(("p99", value)) if p99.is_none() => p99 = Some(parse_duration(value)?),
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

/// Reads a time: `250us`, `20ms`, `1.5s`, `2m`; at most ten minutes.
///
/// # Errors
/// Returns a message that says what is wrong.
pub fn parse_duration(text: &str) -> Result<Duration, String> {
    let text = text.trim();
    let wrong = || format!("{text:?} is not a time such as 20ms, 1.5s or 2m");
    let unit = text.find(|c: char| c.is_ascii_alphabetic()).ok_or_else(wrong)?;
    let number: f64 = text[..unit].trim().parse().map_err(|_| wrong())?;
    let seconds = match &text[unit..] {
        "us" => number / 1e6,
        "ms" => number / 1e3,
        "s" => number,
        "m" => number * 60.0,
        _ => return Err(wrong()),
    };
    let time = Duration::try_from_secs_f64(seconds).map_err(|_| wrong())?;
    if time > LONGEST { Err(format!("{text} is longer than ten minutes")) } else { Ok(time) }
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
            ("crash 5%", "not a fault; use a status"),
            ("cut=x 5%", "not a number of bytes"),
            ("1 2 3 4", "write what happens"),
        ] {
            assert!(parse_fault(text).is_err_and(|message| message.contains(part)), "{text}");
        }
        for (text, part) in [
            ("20", "not a time"),
            ("-1s", "not a time"),
            ("1h", "not a time"),
            ("infs", "not a time"),
            ("11m", "longer than ten minutes"),
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
