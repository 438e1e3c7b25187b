//! Which rules run, and the severity of their findings.

use std::collections::BTreeMap;
use std::fmt;

use super::rule::{RULES, Rule, find};
use crate::diagnostic::Severity;
use crate::vocabulary::suggestions::closest;

/// The treatment of a rule's findings.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Level {
    /// Findings are not reported.
    Allow,
    /// Findings are warnings.
    Warn,
    /// Findings are errors.
    Deny,
}

/// The level of each rule. By default, the rules that are on by default warn.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Settings {
    levels: BTreeMap<&'static str, Level>,
}

impl Default for Settings {
    fn default() -> Self {
        let level = |rule: &Rule| if rule.default_on { Level::Warn } else { Level::Allow };
        Self { levels: RULES.iter().map(|rule| (rule.code, level(rule))).collect() }
    }
}

impl Settings {
    /// Sets the level of a rule, given by name or code. `all` means every rule, `warnings` those that currently warn.
    ///
    /// # Errors
    /// Returns an error if there is no such rule.
    pub fn set(&mut self, level: Level, rule: &str) -> Result<(), UnknownRule> {
        match rule {
            "all" => self.levels.values_mut().for_each(|old| *old = level),
            "warnings" => self.levels.values_mut().filter(|old| **old == Level::Warn).for_each(|old| *old = level),
            _ => {
                let found = find(rule).ok_or_else(|| UnknownRule { name: rule.to_owned() })?;
                self.levels.insert(found.code, level);
            }
        }
        Ok(())
    }

    /// Returns the level of a rule.
    pub fn level(&self, rule: &Rule) -> Level {
        self.levels.get(rule.code).copied().unwrap_or(Level::Allow)
    }

    /// Returns the severity of a rule's findings; `None` if they are not reported.
    pub(super) fn severity(&self, rule: &Rule) -> Option<Severity> {
        match self.level(rule) {
            Level::Allow => None,
            Level::Warn => Some(Severity::Warning),
            Level::Deny => Some(Severity::Error),
        }
    }
}

/// The error for an unknown rule name. Displays the most similar name.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct UnknownRule {
    name: String,
}

impl fmt::Display for UnknownRule {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "unknown lint `{}`", self.name)?;
        let known: Vec<&str> =
            RULES.iter().flat_map(|rule| [rule.name, rule.code]).chain(["all", "warnings"]).collect();
        match closest(&self.name.to_lowercase(), &known) {
            Some(name) => write!(f, "; did you mean `{name}`?"),
            None => f.write_str("; `apigen explain` lists all"),
        }
    }
}

impl std::error::Error for UnknownRule {}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn levels_are_set_in_order() {
        let level = |settings: &Settings, name: &str| settings.level(find(name).unwrap());
        let mut settings = Settings::default();
        assert_eq!(level(&settings, "unused-type"), Level::Warn);
        assert_eq!(level(&settings, "missing-description"), Level::Allow);
        settings.set(Level::Allow, "l001").unwrap();
        settings.set(Level::Deny, "warnings").unwrap();
        assert_eq!(level(&settings, "unused_type"), Level::Allow);
        assert_eq!(level(&settings, "unused-import"), Level::Deny);
        assert_eq!(level(&settings, "missing-description"), Level::Allow);
        settings.set(Level::Warn, "all").unwrap();
        assert_eq!(level(&settings, "missing-description"), Level::Warn);
    }

    #[test]
    fn unknown_rules_are_refused_with_advice() {
        let fault = Settings::default().set(Level::Warn, "unsed-type").unwrap_err().to_string();
        assert_eq!(fault, "unknown lint `unsed-type`; did you mean `unused-type`?");
        let fault = Settings::default().set(Level::Warn, "beauty").unwrap_err().to_string();
        assert_eq!(fault, "unknown lint `beauty`; `apigen explain` lists all");
    }
}
