//! The steps of pairing, one at a time.
//!
//! A cluster pairs documents that no machine holds together: an engine moves
//! rows between steps, and each step sees a document, a feature, or the
//! candidates of one document. The functions here work on such parts and call
//! what [`pair`](super::pair) calls on the whole, in the same order of
//! additions, so both give the same scores to the last bit. Where equal texts
//! are told apart by number there, they come sorted by number here.

pub use super::judge::Days;
pub use super::rarity::Sides;

use super::candidates::{self, Ranked, keep_best, keep_best_and_equals, worth};
use super::feature::Feature;
use super::judge::{Judge, days};
use super::profile::Profile;
use super::rarity::{capped, weighed};
use super::rivals::{Best, Candidate, Look, N_BEST};
use super::score::{Measures, Weighed, cosine, norm, surprise};
use ahash::AHashMap;

/// The features of a document, sorted, each with what the document adds to
/// the `holders` of [`rarity`].
pub fn holdings(profile: &Profile) -> impl Iterator<Item = (u32, u16)> {
    let features = profile.features.iter().map(|feature| feature.0);
    features.zip(profile.weights.iter().map(|&weight| capped(weight)))
}

/// How rare a feature is among the documents of both languages; `holders` is
/// the sum of what they add to it.
#[must_use]
pub fn rarity(sides: Sides, feature: u32, holders: u64) -> f32 {
    sides.rarity(Feature(feature), holders)
}

/// A document with the weights of its features in a corpus.
#[derive(Clone, Debug, PartialEq)]
pub struct Document {
    profile: Profile,
    weights: Box<[f32]>,
}

impl Document {
    /// Weighs a profile by the rarities of its features, one for each in
    /// their order; none where there are more or fewer.
    #[must_use]
    pub fn of(profile: Profile, rarities: &[f32]) -> Option<Self> {
        let weights = profile.weights.iter().zip(rarities).map(|(&weight, &rarity)| weighed(weight, rarity));
        let weights: Box<[f32]> = weights.collect();
        (rarities.len() == profile.features.len()).then_some(Self { profile, weights })
    }

    /// The document as bytes for [`Document::from_bytes`].
    #[must_use]
    pub fn to_bytes(&self) -> Vec<u8> {
        let mut bytes: Vec<u8> = self.weights.iter().flat_map(|weight| weight.to_le_bytes()).collect();
        bytes.extend(self.profile.to_bytes());
        bytes.extend((self.weights.len() as u32).to_le_bytes());
        bytes
    }

    /// The document that [`Document::to_bytes`] was called on; none for bytes
    /// that are no document.
    #[must_use]
    pub fn from_bytes(bytes: &[u8]) -> Option<Self> {
        let (rest, n) = bytes.split_last_chunk::<4>()?;
        let (weights, profile) = rest.split_at_checked((u32::from_le_bytes(*n) as usize).checked_mul(4)?)?;
        let (weights, _) = weights.as_chunks::<4>();
        let weights: Box<[f32]> = weights.iter().map(|&bytes| f32::from_le_bytes(bytes)).collect();
        let profile = Profile::from_bytes(profile)?;
        (weights.len() == profile.features.len()).then_some(Self { profile, weights })
    }

    /// The features with their weights, in their order.
    pub fn weights(&self) -> impl Iterator<Item = (u32, f32)> {
        self.profile.features.iter().map(|feature| feature.0).zip(self.weights.iter().copied())
    }

    /// The length of the vector of weights, above 0.
    #[must_use]
    pub fn norm(&self) -> f32 {
        norm(&self.weights)
    }

    /// Hash of the text.
    #[must_use]
    pub fn content(&self) -> u64 {
        self.profile.content
    }

    fn weighed(&self) -> Weighed<'_> {
        Weighed::of(&self.profile, self.weights.clone())
    }
}

/// What the right documents share with one left document by the features that
/// find candidates.
#[derive(Debug, Default)]
pub struct Sums(AHashMap<u64, (f32, f32)>);

impl Sums {
    /// Adds a feature that both hold, with its weight in each; features must
    /// come in their order. `norm` is that of the right document.
    pub fn add(&mut self, right: u64, weights: (f32, f32), norm: f32) {
        let product = weights.0 * weights.1;
        if product > 0.0 {
            self.0.entry(right).or_insert((0.0, norm)).0 += product;
        }
    }

    /// Ends a left document: the right ones that may be among its candidates,
    /// each with its worth, sorted. They are a few more than that only where
    /// some are worth the same.
    pub fn take(&mut self) -> Vec<(u64, f32)> {
        let ranked = |(number, (sum, norm))| Ranked { worth: worth(sum, norm), content: 0, number };
        let mut ranked: Vec<Ranked<u64>> = self.0.drain().map(ranked).collect();
        keep_best_and_equals(&mut ranked);
        ranked.sort_unstable_by_key(|ranked| ranked.number);
        ranked.into_iter().map(|ranked| (ranked.number, ranked.worth)).collect()
    }
}

/// A candidate pair before the other candidates of its right document are known.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Measured {
    /// Which of the documents given it is about.
    pub at: usize,
    /// Cosine of the whole documents, in 0..=1.
    pub similarity: f32,
    /// Mean cosine of the best sentence pairs, in 0..=1.
    pub sentences: f32,
    /// What both hold tells by itself, in nats.
    pub surprise: f32,
    /// Likeness of the strongest other candidate of the left document.
    pub rival: f32,
    /// What the event dates say.
    pub days: Days,
}

impl Measured {
    /// How alike the documents are, as one number from 0 to 1.4.
    #[must_use]
    pub fn likeness(&self) -> f32 {
        self.measures().likeness()
    }

    /// Whether the left document may be needed to find rivals in its column.
    #[must_use]
    pub fn is_wanted(&self, one_to_one: bool) -> bool {
        Look { likeness: self.likeness(), one_to_one }.may_be_compared()
    }

    /// The probability that both report one event, in 0..=1, with the strongest
    /// other candidate of the right document.
    #[must_use]
    pub fn score(&self, column_rival: f32, one_to_one: bool) -> f64 {
        let mut measures = Measures { rival: self.rival.max(column_rival), ..self.measures() };
        Judge::of(one_to_one).score(self.days, &mut measures, || self.surprise)
    }

    fn measures(&self) -> Measures {
        let (similarity, sentences) = (self.similarity, self.sentences);
        Measures { similarity, sentences, shared: f32::INFINITY, rival: 0.0 }
    }
}

/// Measures a left document with its candidates, which come with their worth
/// from [`Sums::take`] and sorted by number; those that are among the best,
/// by number.
#[must_use]
pub fn row(left: &Document, candidates: &[(Document, f32)], one_to_one: bool) -> Vec<Measured> {
    let ranked = |(number, (right, worth)): (usize, &(Document, f32))| {
        let (worth, content) = (*worth, right.profile.content);
        Ranked { worth, content, number }
    };
    let mut ranked: Vec<Ranked<usize>> = candidates.iter().enumerate().map(ranked).collect();
    keep_best(&mut ranked);
    ranked.sort_unstable_by_key(|ranked| ranked.number);
    let left = left.weighed();
    let rights: Vec<Weighed<'_>> =
        ranked.iter().map(|ranked| candidates[ranked.number].0.weighed()).collect();
    let measured = candidates::measure_row(&left, &rights.iter().collect::<Vec<_>>(), &mut vec![]);
    let mut best = Best::default();
    for ((right, measures), number) in rights.iter().zip(&measured).zip(0..) {
        best.add(Candidate { number, content: right.profile.content, likeness: measures.likeness() });
    }
    let rows = ranked.iter().zip(&rights).zip(&measured).zip(0..);
    rows.map(|(((ranked, right), measures), number)| {
        let look = Look { likeness: measures.likeness(), one_to_one };
        Measured {
            at: ranked.number,
            similarity: measures.similarity,
            sentences: measures.sentences,
            surprise: surprise(&left, right),
            rival: look.strongest(&best, number, |other| cosine(right, &rights[other as usize])),
            days: days(left.profile.event, right.profile.event),
        }
    })
    .collect()
}

/// The candidates of one right document: the best first, of equals those with
/// the smaller content hash, then with the smaller number. It keeps the few
/// that may be rivals, however many candidates there are.
#[derive(Debug, Default)]
pub struct Column {
    best: Best,
    documents: Vec<Option<Document>>,
}

impl Column {
    /// Candidates that are taken in before [`Column::rival`] is asked for.
    pub const BEST: usize = N_BEST;

    /// Takes in the next of the best candidates, with its document if needed.
    pub fn add(&mut self, likeness: f32, document: Option<Document>) {
        let number = self.documents.len() as u32;
        self.best.add(Candidate { number, content: 0, likeness });
        self.documents.push(document);
    }

    /// Likeness of the strongest rival of the candidate at `place`, counted
    /// from 0, whose document is `own`; none where a document is missing that
    /// is wanted.
    #[must_use]
    pub fn rival(
        &self,
        place: usize,
        candidate: &Measured,
        own: Option<&Document>,
        one_to_one: bool,
    ) -> Option<f32> {
        let look = Look { likeness: candidate.likeness(), one_to_one };
        let own = own.map(Document::weighed);
        let mut is_missing = false;
        let rival =
            look.strongest(&self.best, place as u32, |other| match (&own, &self.documents[other as usize]) {
                (Some(own), Some(other)) => cosine(own, &other.weighed()),
                _ => {
                    is_missing = true;
                    0.0
                }
            });
        (!is_missing).then_some(rival)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::cross::{CrossOptions, Lexicon, pair};
    use std::collections::BTreeMap;

    const GERMAN: [&str; 8] = [
        "Beim Absturz eines Flugzeugs nahe Kasan sind am 3. Mai 2019 41 Menschen gestorben.",
        "Der Konzern Lufthansa hat 1,2 Milliarden Euro Gewinn gemacht.",
        "Vorstandschef Spohr lobte die Piloten in Frankfurt.",
        "Präsident Lukaschenko traf Premierminister Asadow in Minsk.",
        "Das Hochwasser der Elbe erreichte Magdeburg am Mittwoch.",
        "Gouverneur Petrow sprach von einem schweren Tag.",
        "Am 11. November begann in Baku die Klimakonferenz COP29.",
        "Die Bank senkte den Leitzins um 0,25 Prozent.",
    ];
    const ENGLISH: [&str; 8] = [
        "A plane crash near Kazan on 3 May 2019 killed 41 people.",
        "Lufthansa made a profit of 1.2 billion euros.",
        "Chief executive Spohr praised the pilots in Frankfurt.",
        "President Lukashenko met Prime Minister Asadov in Minsk.",
        "The flood of the Elbe reached Magdeburg on Wednesday.",
        "Governor Petrov spoke of a hard day.",
        "The climate conference COP29 opened in Baku on 11 November.",
        "The bank lowered its key rate by 0.25 per cent.",
    ];

    /// Reports of one to three sentences, many of them alike or the same.
    fn profiles(n: usize) -> Vec<Profile> {
        let lexicon = Lexicon::shipped("de", "en");
        let mut state = 7u64;
        let mut draw = |below: usize| {
            state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
            (state >> 33) as usize % below
        };
        (0..n)
            .map(|_| {
                let (language, sentences) = [("de", GERMAN), ("en", ENGLISH)][draw(2)];
                let n_sentences = 1 + draw(3);
                let text: Vec<&str> = (0..n_sentences).map(|_| sentences[draw(8)]).collect();
                Profile::bare(&text.join(" "), language, None, &lexicon)
            })
            .collect()
    }

    /// Pairs as a cluster does, with the numbers of documents as their ids.
    fn stepwise(profiles: &[Profile], one_to_one: bool) -> Vec<(u32, u32, f64)> {
        let side = |profile: &Profile| usize::from(profile.language() == "en");
        let mut counts: BTreeMap<u32, ([u64; 2], u64)> = BTreeMap::new();
        for profile in profiles {
            for (feature, weight) in holdings(profile) {
                let (holders, sum) = counts.entry(feature).or_default();
                holders[side(profile)] += 1;
                *sum += u64::from(weight);
            }
        }
        let n_right = profiles.iter().filter(|profile| side(profile) == 1).count() as u64;
        let sides = Sides { n_left: profiles.len() as u64 - n_right, n_right };
        let documents: Vec<Document> = profiles
            .iter()
            .map(|profile| {
                let features = holdings(profile).map(|(feature, _)| feature);
                let rarities: Vec<f32> =
                    features.map(|feature| rarity(sides, feature, counts[&feature].1)).collect();
                let document = Document::of(profile.clone(), &rarities).expect("one for each feature");
                Document::from_bytes(&document.to_bytes()).expect("its own bytes")
            })
            .collect();
        let of = |wanted: usize| (0..profiles.len()).filter(move |&at| side(&profiles[at]) == wanted);
        let mut columns: BTreeMap<usize, Vec<(usize, Measured)>> = BTreeMap::new();
        for left in of(0) {
            let mut sums = Sums::default();
            for (feature, weight) in documents[left].weights() {
                let ([l, r], _) = counts[&feature];
                for right in of(1).filter(|_| sides.finds_candidates(l, r)) {
                    let shared = documents[right].weights().find(|other| other.0 == feature);
                    let Some((_, other)) = shared else { continue };
                    sums.add(right as u64, (weight, other), documents[right].norm());
                }
            }
            let candidates: Vec<(u64, f32)> = sums.take();
            let with: Vec<(Document, f32)> =
                candidates.iter().map(|&(right, worth)| (documents[right as usize].clone(), worth)).collect();
            for measured in row(&documents[left], &with, one_to_one) {
                let right = candidates[measured.at].0 as usize;
                columns.entry(right).or_default().push((left, measured));
            }
        }
        let mut found = vec![];
        for (right, mut candidates) in columns {
            candidates.sort_by(|a, b| {
                let key = |at: &(usize, Measured)| (documents[at.0].content(), at.0);
                b.1.likeness().total_cmp(&a.1.likeness()).then_with(|| key(a).cmp(&key(b)))
            });
            let document = |(left, measured): &(usize, Measured)| {
                measured.is_wanted(one_to_one).then(|| documents[*left].clone())
            };
            let mut column = Column::default();
            for candidate in candidates.iter().take(Column::BEST) {
                column.add(candidate.1.likeness(), document(candidate));
            }
            for (place, candidate) in candidates.iter().enumerate() {
                let own = document(candidate);
                let rival = column.rival(place, &candidate.1, own.as_ref(), one_to_one);
                let rival = rival.expect("all that is wanted is there");
                found.push((candidate.0 as u32, right as u32, candidate.1.score(rival, one_to_one)));
            }
        }
        found.sort_by_key(|pair| (pair.0, pair.1));
        found
    }

    #[test]
    fn the_steps_give_the_scores_of_the_whole_to_the_last_bit() {
        let profiles = profiles(150);
        for one_to_one in [false, true] {
            let (candidates, evidence) = (Some(99), false);
            let options = CrossOptions { candidates, evidence, one_to_one, ..CrossOptions::default() };
            let whole = pair(&profiles, &options).into_iter();
            let mut whole: Vec<(u32, u32, f64)> =
                whole.map(|pair| (pair.left, pair.right, pair.score)).collect();
            whole.sort_by_key(|pair| (pair.0, pair.1));
            let best = whole.iter().map(|pair| pair.2).fold(0.0, f64::max);
            assert!(whole.len() > 1000 && best > 0.5, "{} pairs up to {best}", whole.len());
            assert_eq!(stepwise(&profiles, one_to_one), whole);
        }
    }

    #[test]
    fn other_bytes_are_no_document() {
        let profile = profiles(1).remove(0);
        let n = holdings(&profile).count();
        assert_eq!(Document::of(profile.clone(), &vec![1.0; n + 1]), None);
        let bytes = Document::of(profile, &vec![1.0; n]).map(|document| document.to_bytes());
        let bytes = bytes.expect("one for each feature");
        for cut in [0, 3, bytes.len() / 2, bytes.len() - 1] {
            assert_eq!(Document::from_bytes(&bytes[..cut]), None);
        }
        assert_eq!(Document::from_bytes(&[255; 8]), None);
    }
}
