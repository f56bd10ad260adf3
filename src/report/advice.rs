//! What a person can do with an outcome: one sentence and one command each.

use super::figures::{n_below, n_removable};
use super::groups::{Group, Kind};
use crate::outcome::Outcome;
use crate::plural::counted;

/// Pairs below this similarity differ enough to be worth reading first.
const WORTH_READING: f64 = 0.9;
/// A passage in so many places is a footer or a byline rather than a copy.
const BOILERPLATE: usize = 5;

/// One thing to do next.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Advice {
    /// Why and what, as a sentence.
    pub text: String,
    /// The command that does it, where there is one.
    pub command: Option<&'static str>,
}

/// What to do next, the most useful first.
#[must_use]
pub fn advice(outcome: &Outcome, groups: &[Group<'_>]) -> Vec<Advice> {
    let count = |kind: Kind| groups.iter().filter(|group| group.kind == kind).count();
    let mut advice = vec![];
    let mut add = |text: String, command: Option<&'static str>| advice.push(Advice { text, command });
    let removable = n_removable(outcome);
    if removable > 0 {
        let text = format!(
            "{} can go: write a corpus without them, with a list of what was removed and why. The input stays as it is.",
            counted(removable, "document")
        );
        add(text, Some("doppelt clean PATH... --out DIR"));
    }
    let unsure = n_below(outcome, WORTH_READING);
    if unsure > 0 {
        let text = format!(
            "Read the {} below a similarity of {WORTH_READING} before anything is removed; that is where texts differ most.",
            counted(unsure, "pair")
        );
        add(text, Some("doppelt explain A B"));
    }
    let everywhere = groups
        .iter()
        .filter(|group| group.kind == Kind::Passage && group.first().places.len() >= BOILERPLATE);
    let everywhere = everywhere.count();
    if everywhere > 0 {
        let verb = if everywhere == 1 { "stands" } else { "stand" };
        let text = format!(
            "{} {verb} in {BOILERPLATE} places or more: bylines and footers rather than copies; cut them before training.",
            counted(everywhere, "passage")
        );
        add(text, None);
    }
    let events = count(Kind::Event);
    if events > 0 {
        let text = format!(
            "{} told in both languages: keep them, and take the pairs as a table for a parallel corpus.",
            counted(events, "event") + if events == 1 { " is" } else { " are" }
        );
        add(text, Some("doppelt pair PATH..."));
    }
    if !groups.is_empty() {
        let text =
            "Keep new duplicates out: check new texts against this corpus before they are added.".to_owned();
        add(text, Some("doppelt check NEW... --against PATH"));
    }
    let skipped = outcome.documents.skipped.len();
    if skipped > 0 {
        let rest = if skipped == 1 { "was left out; mend it" } else { "were left out; mend them" };
        add(format!("{} {rest} and run again.", counted(skipped, "input")), None);
    }
    advice
}
