use std::convert::Infallible;
use std::fmt;
use std::str::FromStr;

/// The environment that a client calls, for [`guard_side_effects`](crate::client::ClientBuilder::guard_side_effects).
///
/// Names are read in any case, and with the usual short forms: `prod` and `live` are production, `stage` is staging,
/// and `dev` is development.
///
/// ```
/// use apigen_runtime::client::Environment;
///
/// assert_eq!(Environment::from("PROD"), Environment::Production);
/// assert_eq!(Environment::from("sandbox"), Environment::Sandbox);
/// assert_eq!(Environment::from("canary"), Environment::Other("canary".into()));
/// ```
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum Environment {
    /// Serves customers: side effects are real.
    Production,
    /// For trying a release before production.
    Staging,
    /// For tests, with data that can be lost.
    Sandbox,
    /// For development.
    Development,
    /// On this machine.
    Local,
    /// Any other environment, by name.
    Other(String),
}

impl Environment {
    /// Returns the name, in lower case except for [`Other`](Self::Other).
    pub fn as_str(&self) -> &str {
        match self {
            Environment::Production => "production",
            Environment::Staging => "staging",
            Environment::Sandbox => "sandbox",
            Environment::Development => "development",
            Environment::Local => "local",
            Environment::Other(name) => name,
        }
    }
}

impl From<&str> for Environment {
    fn from(text: &str) -> Self {
        let text = text.trim();
        match text.to_ascii_lowercase().as_str() {
            "production" | "prod" | "prd" | "live" => Environment::Production,
            "staging" | "stage" | "stg" => Environment::Staging,
            "sandbox" => Environment::Sandbox,
            "development" | "develop" | "dev" => Environment::Development,
            "local" => Environment::Local,
            _ => Environment::Other(text.to_owned()),
        }
    }
}

impl From<String> for Environment {
    fn from(text: String) -> Self {
        Environment::from(text.as_str())
    }
}

impl FromStr for Environment {
    type Err = Infallible;

    fn from_str(text: &str) -> Result<Self, Infallible> {
        Ok(Environment::from(text))
    }
}

impl fmt::Display for Environment {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

#[cfg(test)]
mod tests {
    use super::Environment;

    #[test]
    fn names_are_read_in_any_case_and_written_in_full() {
        for (text, name) in [
            (" Production\n", "production"),
            ("prd", "production"),
            ("LIVE", "production"),
            ("Stage", "staging"),
            ("dev", "development"),
            (" Sandbox ", "sandbox"),
            ("LOCAL", "local"),
            (" Canary ", "Canary"),
        ] {
            assert_eq!(text.parse::<Environment>().unwrap().as_str(), name);
        }
        assert_eq!(Environment::from("production".to_owned()), Environment::Production);
        assert_ne!(Environment::from("preproduction"), Environment::Production);
    }
}
