//! What makes a run fail.

use std::fmt;
use std::str::FromStr;

use super::coverage::Coverage;

/// What makes a run with a proxy fail: `request,response,undeclared,coverage<80`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub struct FailOn {
    /// Invalid requests.
    pub request: bool,
    /// Invalid responses.
    pub response: bool,
    /// Requests for which the spec has no operation, and statuses that their operation does not declare.
    pub undeclared: bool,
    /// Fewer than this percentage of operations called.
    pub coverage: Option<u8>,
}

impl FailOn {
    /// Returns the setting with which everything that violates the spec is a failure.
    pub const fn violations() -> FailOn {
        FailOn { request: true, response: true, undeclared: true, coverage: None }
    }

    /// Returns the setting with which nothing is a failure.
    pub const fn nothing() -> FailOn {
        FailOn { request: false, response: false, undeclared: false, coverage: None }
    }

    /// Returns why a run fails: one sentence for each reason.
    pub fn reasons(&self, coverage: &Coverage) -> Vec<String> {
        let invalid = |count: u64, one: &str| match count {
            1 => format!("1 {one} violates the spec"),
            _ => format!("{count} {one}s violate the spec"),
        };
        let (requests, responses) = (coverage.requests.invalid, coverage.responses.invalid);
        let percent = coverage.percent();
        [
            (self.request && requests > 0).then(|| invalid(requests, "request")),
            (self.response && responses > 0).then(|| invalid(responses, "response")),
            (self.undeclared && coverage.has_undeclared())
                .then(|| "the spec does not declare all requests and statuses that were seen".to_owned()),
            self.coverage
                .filter(|least| percent < f64::from(*least))
                .map(|least| format!("{:.0} % of the operations were called, less than {least} %", percent.floor())),
        ]
        .into_iter()
        .flatten()
        .collect()
    }
}

impl FromStr for FailOn {
    type Err = String;

    fn from_str(text: &str) -> Result<FailOn, String> {
        let mut all = FailOn::nothing();
        for part in text.split(',').map(str::trim) {
            match part {
                "request" => all.request = true,
                "response" => all.response = true,
                "undeclared" => all.undeclared = true,
                "none" if text.trim() == "none" => {}
                _ => all.coverage = Some(percent(part)?),
            }
        }
        Ok(all)
    }
}

fn percent(part: &str) -> Result<u8, String> {
    let wrong = || format!("{part:?} is none of request, response, undeclared, coverage<PERCENT, and none alone");
    let number =
        part.strip_prefix("coverage").and_then(|rest| rest.trim_start().strip_prefix('<')).ok_or_else(wrong)?;
    let percent = number.trim().trim_end_matches('%').trim_end().parse().ok().filter(|percent| *percent <= 100);
    percent.ok_or_else(|| format!("{:?} is no percentage from 0 to 100", number.trim()))
}

impl fmt::Display for FailOn {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let names = [(self.request, "request"), (self.response, "response"), (self.undeclared, "undeclared")];
        let mut parts: Vec<String> = names.into_iter().filter(|(on, _)| *on).map(|(_, name)| name.to_owned()).collect();
        parts.extend(self.coverage.map(|least| format!("coverage<{least}")));
        f.write_str(if parts.is_empty() { "none".to_owned() } else { parts.join(",") }.as_str())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lists_are_read() {
        for (text, shown) in [
            ("request,response,undeclared,coverage<80", "request,response,undeclared,coverage<80"),
            (" coverage < 100% , request", "request,coverage<100"),
            ("none", "none"),
            ("response", "response"),
        ] {
            assert_eq!(text.parse::<FailOn>().unwrap().to_string(), shown);
        }
        for text in
            ["", "requests", "coverage", "coverage<", "coverage<101", "coverage>80", "coverage<-1", "request,none"]
        {
            assert!(text.parse::<FailOn>().is_err(), "{text}");
        }
    }
}
