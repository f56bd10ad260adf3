//! How much each rule weighs, and from where on a check fails.

use crate::error::{Error, Result};
use crate::finding::{Rule, Severity};
use std::collections::BTreeMap;

/// The severity of every rule; a rule without one is switched off.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Severities(BTreeMap<Rule, Option<Severity>>);

impl Default for Severities {
    fn default() -> Self {
        Self(Rule::ALL.into_iter().map(|rule| (rule, Some(rule.severity()))).collect())
    }
}

impl Severities {
    /// Changes the severity of one rule, both by their names; `off` switches it off.
    ///
    /// # Errors
    ///
    /// When there is no such rule or severity.
    pub fn set(&mut self, rule: &str, severity: &str) -> Result<()> {
        let severity = match severity {
            "off" => None,
            name => Some(severity_named(name).ok_or_else(|| {
                Error::invalid_parameter(format!("no severity is called {name}"))
                    .hint("use error, warning, note or off")
            })?),
        };
        self.0.insert(rule_named(rule)?, severity);
        Ok(())
    }

    /// The severity of a rule; `None` if it is switched off.
    #[must_use]
    pub fn of(&self, rule: Rule) -> Option<Severity> {
        self.0.get(&rule).copied().flatten()
    }
}

/// Which findings make a check fail.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct FailOn {
    from: Option<Severity>,
    rules: Vec<Rule>,
}

impl Default for FailOn {
    fn default() -> Self {
        Self { from: Some(Severity::Warning), rules: vec![] }
    }
}

impl FailOn {
    /// Reads names of rules, of a severity (it and all above fail), `all` or `none`.
    ///
    /// # Errors
    ///
    /// When a name is neither.
    pub fn parse<'a>(names: impl IntoIterator<Item = &'a str>) -> Result<Self> {
        let mut fail_on = Self { from: None, rules: vec![] };
        for name in names {
            match name {
                "all" => fail_on.rules = Rule::ALL.to_vec(),
                "none" => {}
                _ => match severity_named(name) {
                    Some(severity) => {
                        fail_on.from = Some(fail_on.from.map_or(severity, |from| from.min(severity)));
                    }
                    None => fail_on.rules.push(rule_named(name)?),
                },
            }
        }
        Ok(fail_on)
    }

    /// Whether a finding of this rule and severity makes a check fail.
    #[must_use]
    pub fn is_met_by(&self, rule: Rule, severity: Severity) -> bool {
        self.rules.contains(&rule) || self.from.is_some_and(|from| severity >= from)
    }
}

fn severity_named(name: &str) -> Option<Severity> {
    match name {
        "note" => Some(Severity::Note),
        "warning" => Some(Severity::Warning),
        "error" => Some(Severity::Error),
        _ => None,
    }
}

/// The rule of this name.
///
/// # Errors
///
/// When there is none.
pub fn rule_named(name: &str) -> Result<Rule> {
    Rule::ALL.into_iter().find(|rule| rule.name() == name).ok_or_else(|| {
        let names: Vec<&str> = Rule::ALL.iter().map(|rule| rule.name()).collect();
        Error::invalid_parameter(format!("no rule is called {name}"))
            .hint(format!("rules are {}", names.join(", ")))
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_severity_fails_itself_and_all_above_and_a_rule_only_itself() {
        let fails = |names: &[&str]| {
            let fail_on = FailOn::parse(names.iter().copied()).unwrap();
            Rule::ALL.map(|rule| fail_on.is_met_by(rule, rule.severity()))
        };
        assert_eq!(fails(&["warning"]), [true, true, true, true, false]);
        assert_eq!(fails(&["error", "cross-language-pair"]), [true, false, false, false, true]);
        assert_eq!(fails(&["all"]), [true; 5]);
        assert_eq!(fails(&["none"]), [false; 5]);
        assert!(FailOn::parse(["warnings"]).is_err());
    }

    #[test]
    fn a_rule_can_be_raised_lowered_and_switched_off() {
        let mut severities = Severities::default();
        severities.set("cross-language-pair", "error").unwrap();
        severities.set("repeated-passage", "off").unwrap();
        assert_eq!(severities.of(Rule::CrossLanguagePair), Some(Severity::Error));
        assert_eq!(severities.of(Rule::RepeatedPassage), None);
        assert!(severities.set("repeated-passage", "fatal").is_err());
        assert!(severities.set("repeated", "note").is_err());
    }
}
