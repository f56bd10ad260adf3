//! The cross wing: the same event in another language.
//!
//! A document becomes a [`Profile`] of features that no language owns: words
//! brought over by a lexicon, names by their sound, numbers, dates. [`pair`]
//! finds the documents that share rare features, scores them and says with
//! what probability both report one event.

pub mod amounts;
pub mod calendar;
pub mod clock;
pub mod codes;
pub mod dates;
pub mod decimal;
pub mod facts;
pub mod names;
pub mod numbers;
pub mod numerals;
pub mod opening;
pub mod reader;
pub mod relative;
pub mod results;
pub mod units;
mod sentences;
pub mod stem;
pub mod lexicon;
pub mod feature;
mod vocabulary;
mod reading;
mod profile;
mod stored;
mod background;
mod rarity;
mod index;
mod candidates;
mod score;
mod rivals;
mod judge;
mod assign;
pub mod steps;
mod explain;
mod learn;

pub use assign::CrossOptions;
pub use explain::{Explanation, explain};
pub use learn::{Learned, Learner};
pub use lexicon::Lexicon;
pub use profile::Profile;
pub use reading::{Mentioned, mentions};
pub use score::Measures;
pub use stored::FACTS_VERSION;

use crate::finding::Evidence;
use judge::Judge;
use rayon::prelude::*;
use score::Weighed;

/// Two documents that may report the same event.
#[derive(Clone, Debug, PartialEq)]
pub struct Pairing {
    /// The document of the first language, as an index into the profiles.
    pub left: u32,
    /// The document of the second language.
    pub right: u32,
    /// The probability that both report one event, in 0..=1.
    pub score: f64,
    /// Whether the pair is to be reported.
    pub accepted: bool,
    /// What the score stands on; the weights add up to its logit. Empty for
    /// candidates that are neither accepted nor the best of their left document,
    /// and where none was asked for.
    pub evidence: Vec<Evidence>,
    /// What was measured.
    pub measures: Measures,
}

/// Finds the pairs among `profiles`, best first.
///
/// Profiles of other languages than those of `options` are left out. The
/// result does not depend on the number of threads, nor on the order of the
/// profiles but for those with the same text, of which the first ones are
/// looked at where not all can be.
#[must_use]
pub fn pair(profiles: &[Profile], options: &CrossOptions) -> Vec<Pairing> {
    pair_and_explain(profiles, options, None)
}

/// What [`pair`] thinks of two of `profiles` among all of them, with the
/// evidence; none where other documents share so much more with each of the
/// two that they were not compared. `left` is in the first language.
#[must_use]
pub fn pair_among(profiles: &[Profile], left: u32, right: u32, options: &CrossOptions) -> Option<Pairing> {
    let options = CrossOptions { candidates: Some(usize::MAX), evidence: true, ..options.clone() };
    let pairings = pair_and_explain(profiles, &options, Some((left, right)));
    pairings.into_iter().find(|pairing| (pairing.left, pairing.right) == (left, right))
}

/// Pairs, and gives the evidence of `wanted` as well where it is a candidate.
fn pair_and_explain<'a>(
    profiles: &'a [Profile],
    options: &CrossOptions,
    wanted: Option<(u32, u32)>,
) -> Vec<Pairing> {
    let left_numbers = numbers(profiles, &options.languages.0);
    let right_numbers = numbers(profiles, &options.languages.1);
    let of = |numbers: &[u32]| -> Vec<&'a Profile> {
        numbers.iter().map(|&number| &profiles[number as usize]).collect()
    };
    let (left, right) = (of(&left_numbers), of(&right_numbers));
    let index = index::Index::of(&left, &right);
    let weigh = |profiles: Vec<&'a Profile>| -> Vec<Weighed<'a>> {
        profiles.into_par_iter().map(|profile| Weighed::of(profile, index.weigh(profile))).collect()
    };
    let (left, right) = (weigh(left), weigh(right));
    let candidates = candidates::candidates(&left, &right, &index);
    let mut measured = candidates::measure(&left, &right, &candidates);
    rivals::find(&left, &right, &candidates, &mut measured, options.one_to_one);
    let judge = Judge::of(options.one_to_one);
    let mut pairings = vec![];
    for (i, (numbers, measures)) in candidates.iter().zip(&measured).enumerate() {
        for (&j, measures) in numbers.iter().zip(measures) {
            let mut measures = *measures;
            let (a, b) = (&left[i], &right[j as usize]);
            let days = judge::days(a.profile.event, b.profile.event);
            let score = judge.score(days, &mut measures, || score::surprise(a, b));
            if score < options.min_score && options.candidates.is_none() {
                continue;
            }
            pairings.push(Pairing {
                left: left_numbers[i],
                right: right_numbers[j as usize],
                score,
                accepted: false,
                evidence: vec![],
                measures,
            });
        }
    }
    assign::assign(&mut pairings, profiles, options);
    if !options.evidence {
        return pairings;
    }
    // Of the candidates that were asked for only the best one of a document is explained.
    let mut explained = vec![false; profiles.len()];
    let mut is_best = |left: u32| !std::mem::replace(&mut explained[left as usize], true);
    let is_wanted: Vec<bool> = pairings
        .iter()
        .map(|pairing| is_best(pairing.left) || wanted == Some((pairing.left, pairing.right)))
        .collect();
    let place = |numbers: &[u32], document: u32| numbers.binary_search(&document).unwrap_or(0);
    pairings
        .par_iter_mut()
        .zip(is_wanted)
        .filter(|(pairing, is_wanted)| pairing.accepted || *is_wanted)
        .for_each(|(pairing, _)| {
            let (i, j) = (place(&left_numbers, pairing.left), place(&right_numbers, pairing.right));
            pairing.evidence = judge.evidence(&left[i], &right[j], &pairing.measures);
        });
    pairings
}

/// The documents of a language, in order.
fn numbers(profiles: &[Profile], language: &str) -> Vec<u32> {
    let is_it = |&(_, profile): &(usize, &Profile)| profile.language() == language;
    profiles.iter().enumerate().filter(is_it).map(|(number, _)| number as u32).collect()
}

#[cfg(test)]
mod tests {
    use super::judge::probability;
    use super::*;

    const REPORTS: [(&str, &str); 6] = [
        (
            "de",
            "Beim Absturz eines Flugzeugs nahe Kasan sind am 3. Mai 2019 41 Menschen gestorben, sagte Gouverneur Petrow.",
        ),
        ("en", "A plane crash near Kazan on 3 May 2019 killed 41 people, governor Petrov said on Friday."),
        (
            "de",
            "Der Konzern Lufthansa hat 1,2 Milliarden Euro Gewinn gemacht. Vorstandschef Spohr lobte die Piloten.",
        ),
        (
            "en",
            "Lufthansa made a profit of 1.2 billion euros, chief executive Spohr said, and praised its pilots.",
        ),
        ("de", "Das Wetter bleibt am Wochenende warm und trocken."),
        ("en", "Scientists found a new species of frog in Ecuador."),
    ];

    fn pairs(order: &[usize], options: &CrossOptions) -> Vec<(usize, usize, f64)> {
        let lexicon = Lexicon::shipped("de", "en");
        let profiles: Vec<Profile> =
            order.iter().map(|&at| Profile::of(REPORTS[at].1, REPORTS[at].0, None, &lexicon)).collect();
        let found = pair(&profiles, options).into_iter();
        found.map(|found| (order[found.left as usize], order[found.right as usize], found.score)).collect()
    }

    #[test]
    fn reports_of_one_event_are_paired_and_others_are_not() {
        let found = pairs(&[0, 1, 2, 3, 4, 5], &CrossOptions::default());
        let mut found: Vec<(usize, usize)> =
            found.into_iter().map(|(left, right, _)| (left, right)).collect();
        found.sort_unstable();
        assert_eq!(found, [(0, 1), (2, 3)]);
    }

    #[test]
    fn neither_order_nor_threads_change_a_bit() {
        for one_to_one in [false, true] {
            let options = CrossOptions { candidates: Some(9), one_to_one, ..CrossOptions::default() };
            let expected = pairs(&[0, 1, 2, 3, 4, 5], &options);
            assert_eq!(pairs(&[5, 3, 1, 4, 2, 0], &options), expected);
            let one = rayon::ThreadPoolBuilder::new().num_threads(1).build();
            let alone = one.map(|pool| pool.install(|| pairs(&[2, 3, 0, 1, 5, 4], &options)));
            assert_eq!(alone.ok(), Some(expected));
        }
    }

    #[test]
    fn a_pair_among_others_is_scored_as_in_the_list_of_all() {
        let lexicon = Lexicon::shipped("de", "en");
        let profiles = REPORTS.map(|(language, text)| Profile::of(text, language, None, &lexicon));
        let options = CrossOptions { candidates: Some(9), ..CrossOptions::default() };
        for listed in pair(&profiles, &options) {
            let alone = pair_among(&profiles, listed.left, listed.right, &CrossOptions::default());
            let alone = alone.expect("a listed pair is a candidate");
            assert_eq!((alone.score, alone.accepted), (listed.score, listed.accepted));
            let weights: f64 = alone.evidence.iter().map(|fact| fact.weight).sum();
            assert!((probability(weights) - alone.score).abs() < 1e-4, "{alone:?}");
        }
        assert_eq!(pair_among(&profiles, 4, 5, &CrossOptions::default()), None);
    }

    #[test]
    fn the_first_language_is_the_left_one() {
        let options = CrossOptions { languages: ("en".into(), "de".into()), ..CrossOptions::default() };
        let found = pairs(&[0, 1, 2, 3, 4, 5], &options);
        assert!(found.iter().any(|&(left, right, _)| (left, right) == (1, 0)), "{found:?}");
    }

    #[test]
    fn headlines_say_too_little() {
        let lexicon = Lexicon::shipped("de", "en");
        let headlines = [("de", "Neue Regierung in Wien"), ("en", "New government in Vienna")];
        let profiles = headlines.map(|(language, text)| Profile::of(text, language, None, &lexicon));
        assert_eq!(pair(&profiles, &CrossOptions::default()), []);
    }

    #[test]
    fn nothing_pairs_with_nothing() {
        let lexicon = Lexicon::shipped("de", "en");
        assert_eq!(pair(&[], &CrossOptions::default()), []);
        let empty = [Profile::of("", "de", None, &lexicon), Profile::of("", "en", None, &lexicon)];
        assert_eq!(pair(&empty, &CrossOptions::default()), []);
    }
}
