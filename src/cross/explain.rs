//! What two documents have in common, and what only one of them says.
//!
//! The score and its evidence are those of [`pair`] on the two documents
//! alone; beside them stand the rarest facts that the other document lacks,
//! which is where a person sees why two reports are of two events.

use super::assign::CrossOptions;
use super::profile::Profile;
use super::{Pairing, background, pair};
use crate::finding::Evidence;

/// What two documents have in common, and what only one of them says.
#[derive(Clone, Debug, PartialEq)]
pub struct Explanation {
    /// The score with its evidence; none where the two share no rare feature
    /// or are not in the two languages.
    pub pairing: Option<Pairing>,
    /// The rarest facts that only the first document states, rarest first.
    /// They have no weight of their own.
    pub only_left: Vec<Evidence>,
    /// The same of the second document.
    pub only_right: Vec<Evidence>,
}

/// Facts of one side that are listed.
const N_FACTS: usize = 12;

/// Explains what is thought of two documents. In `pairing` index 0 is `left`.
#[must_use]
pub fn explain(left: &Profile, right: &Profile, options: &CrossOptions) -> Explanation {
    let options = CrossOptions { candidates: Some(1), ..options.clone() };
    let pairing = pair(&[left.clone(), right.clone()], &options).into_iter().next();
    let mut only_right = missing(right, left);
    only_right.iter_mut().for_each(|fact| std::mem::swap(&mut fact.left, &mut fact.right));
    Explanation { pairing, only_left: missing(left, right), only_right }
}

/// What of `profile` the `other` lacks, each wording once.
fn missing(profile: &Profile, other: &Profile) -> Vec<Evidence> {
    let mut found: Vec<(f32, Evidence)> = vec![];
    // A wording has several features: a word its translations, a date its parts.
    let mut shared = vec![];
    for (at, feature) in profile.features.iter().enumerate() {
        let Some(said) = profile.said(at) else { continue };
        if other.features.binary_search(feature).is_ok() {
            shared.push(said.wording);
        } else if !found.iter().any(|(_, fact)| fact.left == said.wording) {
            let value = said.value.split_once(' ').map_or(said.wording, |(_, value)| value).to_owned();
            let (left, right) = (said.wording.to_owned(), String::new());
            let fact = Evidence { kind: feature.kind().name(), value, left, right, weight: 0.0 };
            found.push((background::surprise(*feature), fact));
        }
    }
    found.retain(|(_, fact)| !shared.contains(&fact.left.as_str()));
    found.sort_by(|a, b| b.0.total_cmp(&a.0).then_with(|| a.1.left.cmp(&b.1.left)));
    found.into_iter().take(N_FACTS).map(|(_, fact)| fact).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::cross::Lexicon;

    #[test]
    fn what_only_one_side_says_is_named() {
        let lexicon = Lexicon::shipped("de", "en");
        let left = "Präsident Lukaschenko traf am 3. Oktober Premierminister Asadow in Minsk.";
        let right = "President Lukashenko met Prime Minister Asadov in Baku on 11 November.";
        let (left, right) =
            (Profile::of(left, "de", None, &lexicon), Profile::of(right, "en", None, &lexicon));
        let explanation = explain(&left, &right, &CrossOptions::default());
        let says = |facts: &[Evidence], wording: &str| {
            facts.iter().any(|fact| fact.left == wording || fact.right == wording)
        };
        assert!(says(&explanation.only_left, "Minsk") && says(&explanation.only_left, "3. Oktober"));
        assert!(says(&explanation.only_right, "Baku") && says(&explanation.only_right, "11 November"));
        assert!(!says(&explanation.only_left, "Lukaschenko"), "{explanation:?}");
        let weights: f64 =
            explanation.pairing.iter().flat_map(|pairing| &pairing.evidence).map(|fact| fact.weight).sum();
        let score = explanation.pairing.map_or(0.0, |pairing| pairing.score);
        assert!((1.0 / (1.0 + (-weights).exp()) - score).abs() < 1e-4, "{weights} gives not {score}");
    }
}
