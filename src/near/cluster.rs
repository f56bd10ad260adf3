//! Decides which documents go together and which of them is kept.
//!
//! Documents are taken in the order of the keep rule; one that nobody has
//! claimed yet is kept and claims every unclaimed document that is itself
//! similar to it. So no chain of small steps can pull in a document that
//! resembles the kept one no more: every member was compared with it.

use super::verify::SimilarPair;

/// A kept document and those it stands for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Cluster {
    /// The document that is kept.
    pub keep: u32,
    /// The others, in the order of the keep rule.
    pub others: Vec<u32>,
}

/// Clusters similar pairs; `preference` is smallest for the best to keep,
/// and must be a total order that does not depend on reading order.
pub fn clusters<K: Ord>(pairs: &[SimilarPair], preference: impl Fn(u32) -> K) -> Vec<Cluster> {
    let mut edges: Vec<(u32, u32)> =
        pairs.iter().flat_map(|pair| [(pair.left, pair.right), (pair.right, pair.left)]).collect();
    edges.sort_unstable();
    let mut documents: Vec<u32> = edges.iter().map(|edge| edge.0).collect();
    documents.dedup();
    documents.sort_by_cached_key(|&document| preference(document));
    let neighbours = |document: u32| {
        let start = edges.partition_point(|edge| edge.0 < document);
        edges[start..].iter().take_while(move |edge| edge.0 == document).map(|edge| edge.1)
    };
    let mut claimed = ahash::AHashSet::new();
    let mut clusters = vec![];
    for keep in documents {
        if !claimed.insert(keep) {
            continue;
        }
        let mut others: Vec<u32> = neighbours(keep).filter(|other| claimed.insert(*other)).collect();
        others.sort_by_cached_key(|&document| preference(document));
        if !others.is_empty() {
            clusters.push(Cluster { keep, others });
        }
    }
    clusters
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::similarity::Overlap;
    use proptest::prelude::*;

    fn pair(left: u32, right: u32) -> SimilarPair {
        SimilarPair { left, right, overlap: Overlap { both: 9, left: 10, right: 9 } }
    }

    #[test]
    fn a_chain_does_not_pull_in_its_far_end() {
        let found = clusters(&[pair(1, 2), pair(2, 3), pair(3, 4)], |document| document);
        assert_eq!(found, [Cluster { keep: 1, others: vec![2] }, Cluster { keep: 3, others: vec![4] }]);
    }

    proptest! {
        #[test]
        fn every_member_is_similar_to_the_kept_one_and_in_one_cluster(
            edges in proptest::collection::btree_set((0u32..30, 0u32..30), 0..60)
        ) {
            let pairs: Vec<_> = edges.iter().filter(|(a, b)| a < b).map(|&(a, b)| pair(a, b)).collect();
            let found = clusters(&pairs, |document| document);
            let mut seen = std::collections::BTreeSet::new();
            for cluster in &found {
                prop_assert!(seen.insert(cluster.keep));
                for &other in &cluster.others {
                    prop_assert!(seen.insert(other));
                    prop_assert!(pairs.iter().any(|p| (p.left, p.right) == (cluster.keep.min(other), cluster.keep.max(other))));
                }
            }
            // Nobody who is left has a similar document that was kept before it.
            for p in &pairs {
                prop_assert!(seen.contains(&p.left) || seen.contains(&p.right));
            }
        }
    }
}
