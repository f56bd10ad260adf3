//! How rare a feature is in a corpus, and whether it finds candidates.
//!
//! A document holds a feature by its weight, at most as one; these capped
//! weights are integers, so their sum depends neither on their order nor on
//! how the corpus is parted. Only features that both languages have, and that
//! not too many documents share, find candidates.

use super::background;
use super::feature::{Feature, Kind};
use super::profile::ONE;

/// How many documents of the two languages there are.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Sides {
    /// Documents of the first language.
    pub n_left: u64,
    /// Documents of the second language.
    pub n_right: u64,
}

impl Sides {
    /// How rare a feature is; more is rarer. `holders` is the sum of its
    /// weights, capped at 1 each, over the documents of both languages.
    #[must_use]
    pub fn rarity(self, feature: Feature, holders: u64) -> f32 {
        let n_documents = (self.n_left + self.n_right) as f32;
        let background = background::DOCUMENTS;
        let holders = holders as f32 / ONE;
        let share = (background * background::share(feature) + holders) / (background + n_documents);
        importance(feature.kind()) * (1.0 / share.min(1.0)).ln().powf(RARE_IS_TELLING)
    }

    /// Whether candidates are found by a feature that so many documents of
    /// each language hold.
    #[must_use]
    pub fn finds_candidates(self, n_left: u64, n_right: u64) -> bool {
        n_left > 0 && n_right > 0 && n_right <= self.most_documents()
    }

    /// Features that more documents hold find no candidates.
    fn most_documents(self) -> u64 {
        (self.n_right / 20).clamp(50, 120)
    }
}

/// What a document adds to the holders of a feature that has this weight in it.
#[must_use]
pub fn capped(weight: u16) -> u16 {
    weight.min(ONE as u16)
}

/// The weight of a feature in a document of a corpus where it is so rare.
#[must_use]
pub fn weighed(weight: u16, rarity: f32) -> f32 {
    f32::from(weight) / ONE * rarity
}

/// Above 1, rare features count more than their information alone.
const RARE_IS_TELLING: f32 = 1.3;

/// What a kind counts beside a word of the same rarity.
fn importance(kind: Kind) -> f32 {
    match kind {
        Kind::Weekday | Kind::Period | Kind::Time | Kind::Count => 0.6,
        _ => 1.0,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_fewer_documents_hold_is_rarer() {
        let sides = Sides { n_left: 500, n_right: 500 };
        let word = Feature::new(Kind::Name, "asadow");
        let rarities = [1, 10, 100].map(|holders| sides.rarity(word, holders * ONE as u64));
        assert!(rarities.is_sorted_by(|a, b| a > b), "{rarities:?}");
        let all = sides.rarity(word, 100_000 * ONE as u64);
        assert_eq!(all, 0.0);
    }

    #[test]
    fn candidates_are_found_by_what_both_languages_have_and_few_documents() {
        let sides = Sides { n_left: 9, n_right: 2000 };
        assert!(sides.finds_candidates(9, 100) && !sides.finds_candidates(9, 101));
        assert!(!sides.finds_candidates(0, 1) && !sides.finds_candidates(1, 0));
        let many = Sides { n_left: 9, n_right: 1_000_000 };
        assert!(many.finds_candidates(1, 120) && !many.finds_candidates(1, 121));
    }
}
