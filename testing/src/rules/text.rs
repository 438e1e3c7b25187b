//! Texts with a meaning: delays and faults.

use std::time::Duration;

use apigen_model::vocabulary::suggestions::closest;
use apigen_runtime::testing::Fault;

/// Longer delays are refused: no client waits so long, and a wrong unit is likely.
const LONGEST: Duration = Duration::from_secs(600);

/// The units of a delay, in seconds.
const UNITS: &[(&str, f64)] = &[("ms", 0.001), ("s", 1.0), ("m", 60.0)];

/// The forms of faults: a name, and what follows it.
const FAULTS: &[(&str, &str)] = &[
    ("refused", ""),
    ("broken", ""),
    ("timeout", ""),
    ("hang", ""),
    ("cut", "N"),
    ("truncated", ""),
    ("flipped", ""),
    ("content", "TEXT"),
];

/// Parses a delay: a number with a unit, `50ms`, `1.5s` or `2m`; at most ten minutes.
///
/// # Errors
/// Returns a sentence that says what is wrong.
pub fn parse_delay(text: &str) -> Result<Duration, String> {
    let unit_at = text.find(|c: char| !c.is_ascii_digit() && c != '.').unwrap_or(text.len());
    let (number, unit) = text.split_at(unit_at);
    let second = UNITS.iter().find(|(name, _)| *name == unit.trim_start()).map(|(_, second)| *second);
    let seconds = number.parse::<f64>().ok().zip(second).map(|(number, second)| number * second);
    let Some(seconds) = seconds.filter(|seconds| seconds.is_finite()) else {
        return Err(format!(
            "{text:?} is not a delay: write a number with the unit `ms`, `s` or `m`, such as \"50ms\""
        ));
    };
    let delay = Duration::try_from_secs_f64(seconds).ok().filter(|delay| *delay <= LONGEST);
    delay.ok_or_else(|| format!("{text:?} is too long: a delay is at most ten minutes"))
}

/// Parses a fault by its name: `refused` and `broken` close the connection, `timeout` and `hang` never respond, `cut N`
/// breaks the connection after N bytes of the body, `truncated` ends the body early, `flipped` changes one bit of it,
/// and `content TEXT` replaces it.
///
/// # Errors
/// Returns a sentence that says what is wrong.
pub fn parse_fault(text: &str) -> Result<Fault, String> {
    let (name, rest) = text.split_once(' ').unwrap_or((text, ""));
    let fault = match (name, rest) {
        ("refused", "") => Some(Fault::Refused),
        ("broken", "") => Some(Fault::Broken),
        ("timeout", "") => Some(Fault::Timeout),
        ("hang", "") => Some(Fault::Hang),
        ("truncated", "") => Some(Fault::Truncated),
        ("flipped", "") => Some(Fault::Flipped),
        ("cut", bytes) => bytes.trim().parse().ok().map(Fault::Cut),
        ("content", content) => Some(Fault::Content(content.to_owned().into())),
        _ => None,
    };
    fault.ok_or_else(|| not_a_fault(text, name))
}

fn not_a_fault(text: &str, name: &str) -> String {
    let form = |(name, rest): &(&str, &str)| format!("`{}`", format!("{name} {rest}").trim_end());
    let names: Vec<&str> = FAULTS.iter().map(|(name, _)| *name).collect();
    let meant = closest(&name.to_ascii_lowercase(), &names);
    let near = meant.and_then(|near| FAULTS.iter().find(|(name, _)| *name == near));
    match near {
        Some(near) => format!("{text:?} is not a fault; did you mean {}?", form(near)),
        None => {
            let forms: Vec<String> = FAULTS.iter().map(form).collect();
            format!("{text:?} is not a fault; faults are {}", forms.join(", "))
        }
    }
}

/// Returns true if the client receives no part of a response.
pub(super) fn has_no_response(fault: &Fault) -> bool {
    matches!(fault, Fault::Refused | Fault::Broken | Fault::Timeout | Fault::Hang)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn delays_have_units() {
        for (text, millis) in [("50ms", 50), ("2s", 2000), ("1.5s", 1500), ("10m", 600_000), ("0ms", 0), ("1 s", 1000)]
        {
            assert_eq!(parse_delay(text), Ok(Duration::from_millis(millis)), "{text}");
        }
        for text in ["", "5", "ms", "-1s", "1h", "5 parsecs", "1.2.3s", "1e3s", "s1", "١s"] {
            assert!(parse_delay(text).unwrap_err().contains("is not a delay"), "{text}");
        }
        for text in ["10.1m", "601s", "99999999999999999999999999m"] {
            assert!(parse_delay(text).unwrap_err().contains("at most ten minutes"), "{text}");
        }
    }

    #[test]
    fn faults_have_names() {
        assert_eq!(parse_fault("hang"), Ok(Fault::Hang));
        assert_eq!(parse_fault("cut 10"), Ok(Fault::Cut(10)));
        assert_eq!(parse_fault("content <html> x"), Ok(Fault::Content("<html> x".into())));
        for (name, _) in FAULTS.iter().filter(|(_, rest)| rest.is_empty()) {
            assert!(parse_fault(name).is_ok(), "{name}");
        }
        for (text, message) in [
            ("cut", "did you mean `cut N`?"),
            ("cut -1", "did you mean `cut N`?"),
            ("Hang", "did you mean `hang`?"),
            ("refuse", "did you mean `refused`?"),
            ("hang 3", "did you mean `hang`?"),
            ("explode", "faults are `refused`, `broken`"),
        ] {
            assert!(parse_fault(text).unwrap_err().contains(message), "{text}");
        }
    }
}
