//! From measures to a probability, and why.
//!
//! The logit of the score is a sum: a base, the likeness on a logarithmic
//! scale, the strongest rival, the event dates, and a deduction where the two
//! share too little to tell. The likeness is handed out to the facts that make
//! it up, so the weights of the evidence add up to the logit.

use super::calendar::PartialDate;
use super::profile::Said;
use super::score::{Measures, Weighed, shared};
use crate::finding::Evidence;

/// What each term of the logit counts.
///
/// Fitted on the development sets by logistic regression; documents that may
/// have one partner only are judged by their own weights, because there a
/// strong rival is a contradiction and otherwise it may be a second report.
#[derive(Clone, Copy, Debug)]
pub struct Judge {
    base: f32,
    likeness: f32,
    rival: f32,
}

/// For pairing many to many.
const MANY_TO_MANY: Judge = Judge { base: 6.5, likeness: 8.5, rival: -3.0 };

/// For pairing one to one.
const ONE_TO_ONE: Judge = Judge { base: 0.25, likeness: 5.65, rival: -4.0 };

/// Keeps the logarithm of a likeness of nothing finite.
const FLOOR: f32 = 0.01;

/// The day that both are about is the same, or it is not.
const SAME_DAY: f32 = 0.5;
const OTHER_DAY: f32 = -0.9;

/// Days that two papers may be apart in dating one event.
const NEAR_DAYS: i32 = 2;

/// What a pair must share, in nats, to be as likely as not whatever else is
/// said; a few common words and a name.
const ENOUGH: f32 = 16.0;

/// Nats that move the highest possible logit by one.
const NATS: f32 = 2.0;

/// Pairs below this logit are not looked at closer.
const HOPELESS: f32 = -2.0;

/// What the event dates of two documents say.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Days {
    /// Nothing: one is missing, or they are a day or two apart.
    Unknown,
    /// Both report of the same day.
    Same,
    /// They report of different days.
    Other,
}

impl Judge {
    /// The weights for pairing one to one, or many to many.
    pub fn of(one_to_one: bool) -> Self {
        if one_to_one { ONE_TO_ONE } else { MANY_TO_MANY }
    }

    /// The probability that two documents report one event; `surprise` is
    /// asked for, and kept as what they share, where it can make a difference.
    pub fn score(&self, days: Days, measures: &mut Measures, surprise: impl FnOnce() -> f32) -> f64 {
        if self.has_hope(measures) {
            measures.shared = surprise();
        }
        probability(self.logit(days, measures))
    }

    /// Whether a closer look could make a difference.
    fn has_hope(&self, measures: &Measures) -> bool {
        self.base + self.of_likeness(measures) + self.of_rival(measures) > HOPELESS
    }

    /// The logit that two documents report one event.
    fn logit(&self, days: Days, measures: &Measures) -> f64 {
        let sum = self.sum(days, measures);
        f64::from(sum + of_little(sum, measures))
    }

    fn sum(&self, days: Days, measures: &Measures) -> f32 {
        self.base + self.of_likeness(measures) + self.of_rival(measures) + of_days(days)
    }

    fn of_likeness(&self, measures: &Measures) -> f32 {
        self.likeness * (measures.likeness() + FLOOR).ln()
    }

    fn of_rival(&self, measures: &Measures) -> f32 {
        self.rival * measures.rival.ln()
    }

    /// The facts behind [`Judge::logit`], heaviest first, then what speaks of
    /// no single fact: the rival (`rival`), all other words (`other`) and the
    /// base (`base`).
    pub fn evidence(&self, left: &Weighed<'_>, right: &Weighed<'_>, measures: &Measures) -> Vec<Evidence> {
        // The likeness is counted from its floor, so that no fact is negative.
        let likeness = self.of_likeness(measures) - self.likeness * FLOOR.ln();
        let mut facts = facts(left, right);
        let total: f32 = facts.iter().map(|fact| fact.weight as f32).sum();
        for fact in &mut facts {
            fact.weight *= f64::from(likeness / total.max(1e-6));
        }
        facts.sort_by(|a, b| {
            b.weight.total_cmp(&a.weight).then_with(|| (&a.left, &a.right).cmp(&(&b.left, &b.right)))
        });
        let is_said = |fact: &Evidence| !fact.left.is_empty();
        let rest: f64 = facts
            .iter()
            .filter(|fact| !is_said(fact))
            .chain(facts.iter().filter(|fact| is_said(fact)).skip(N_FACTS))
            .map(|fact| fact.weight)
            .sum();
        facts.retain(is_said);
        facts.truncate(N_FACTS);
        let days = days(left.profile.event, right.profile.event);
        if days != Days::Unknown {
            let said =
                |side: &Weighed<'_>| side.profile.event.map(|date| date.to_string()).unwrap_or_default();
            let (left, right) = (said(left), said(right));
            let value = if days == Days::Same { "the same day".into() } else { "another day".into() };
            facts.insert(0, Evidence { kind: "event", value, left, right, weight: f64::from(of_days(days)) });
        }
        let little = of_little(self.sum(days, measures), measures);
        let mut add = |kind: &'static str, value: &str, weight: f32| {
            let (value, left, right) = (value.to_owned(), String::new(), String::new());
            facts.push(Evidence { kind, value, left, right, weight: f64::from(weight) });
        };
        add("other", "all other words", rest as f32);
        add("rival", &format!("likeness {:.2} to another document", measures.rival), self.of_rival(measures));
        if little < 0.0 {
            add("little", "little in common to judge by", little);
        }
        add("base", "before any fact", self.base + self.likeness * FLOOR.ln());
        facts
    }
}

/// Facts that evidence names.
const N_FACTS: usize = 16;

/// What is deducted so that the logit stays within what the shared facts allow.
fn of_little(logit: f32, measures: &Measures) -> f32 {
    ((measures.shared - ENOUGH) / NATS - logit).min(0.0)
}

fn of_days(days: Days) -> f32 {
    match days {
        Days::Unknown => 0.0,
        Days::Same => SAME_DAY,
        Days::Other => OTHER_DAY,
    }
}

/// Whether two event dates are of one event. Dates a day or two apart are what
/// papers of different time zones and deadlines write, and say nothing.
pub fn days(left: Option<PartialDate>, right: Option<PartialDate>) -> Days {
    let (Some(left), Some(right)) = (left, right) else { return Days::Unknown };
    if left.agrees_with(right) {
        return Days::Same;
    }
    // Without a year both are taken to be of one year, a leap year.
    let year = left.year.or(right.year).or(Some(2000));
    let number = |date: PartialDate| PartialDate { year: date.year.or(year), ..date }.day_number();
    match (number(left), number(right)) {
        (Some(left), Some(right)) if (left - right).abs() <= NEAR_DAYS => Days::Unknown,
        _ => Days::Other,
    }
}

/// What both hold, each wording once; what has no wording kept is left without.
fn facts(left: &Weighed<'_>, right: &Weighed<'_>) -> Vec<Evidence> {
    let mut facts: Vec<Evidence> = vec![];
    shared(left, right, |i, j| {
        let weight = f64::from(left.weights[i] * right.weights[j]);
        let (Some(a), Some(b)) = (left.profile.said(i), right.profile.said(j)) else {
            let (value, left, right) = (String::new(), String::new(), String::new());
            facts.push(Evidence { kind: "word", value, left, right, weight });
            return;
        };
        match facts.iter_mut().find(|fact| fact.left == a.wording && fact.right == b.wording) {
            Some(fact) => fact.weight += weight,
            None => {
                let kind = left.profile.features[i].kind().name();
                facts.push(Evidence {
                    kind,
                    value: value(a, b),
                    left: a.wording.into(),
                    right: b.wording.into(),
                    weight,
                });
            }
        }
    });
    facts
}

/// The spelling common to both: the canonical value of a number or date
/// without its kind, else the word of the second language.
fn value(left: Said<'_>, right: Said<'_>) -> String {
    match left.value.split_once(' ') {
        Some((_, value)) => value.to_owned(),
        None => right.wording.to_lowercase(),
    }
}

/// The probability of a logit.
#[must_use]
pub fn probability(logit: f64) -> f64 {
    1.0 / (1.0 + (-logit).exp())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(left: (Option<i16>, u8, u8), right: (Option<i16>, u8, u8), expected: Days) {
        let date = |(year, month, day)| Some(PartialDate::of_day(year, month, day));
        assert_eq!(days(date(left), date(right)), expected);
    }

    #[test]
    fn days_of_one_event_may_be_two_apart() {
        check((Some(2024), 10, 3), (None, 10, 3), Days::Same);
        check((None, 10, 3), (None, 10, 5), Days::Unknown);
        check((None, 12, 31), (Some(2024), 1, 1), Days::Other);
        check((Some(2023), 12, 31), (Some(2024), 1, 1), Days::Unknown);
        check((None, 10, 3), (None, 11, 11), Days::Other);
        check((Some(2023), 10, 3), (Some(2024), 10, 3), Days::Other);
        assert_eq!(days(None, Some(PartialDate::of_day(None, 1, 1))), Days::Unknown);
    }

    #[test]
    fn probabilities_are_those_of_the_logit() {
        assert_eq!(probability(0.0), 0.5);
        assert!(probability(3.0) > 0.95 && probability(-700.0) >= 0.0);
    }
}
