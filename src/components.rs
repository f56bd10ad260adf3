//! Names what hangs together: the connected components of numbered things.
//!
//! Pairs are joined one after the other in any order; asked about a number,
//! the answer is the smallest one it hangs together with, so a component has
//! the same name however it was put together. This is union-find with path
//! halving: a million joins cost little more than a million steps.

/// The connected components of numbered things; what was never joined is a
/// component of its own.
#[derive(Clone, Debug, Default)]
pub struct Components {
    /// A smaller number of the same component, or the number itself.
    parents: Vec<u32>,
}

impl Components {
    /// The components that pairs make.
    #[must_use]
    pub fn of(pairs: impl IntoIterator<Item = (u32, u32)>) -> Self {
        let mut components = Self::default();
        pairs.into_iter().for_each(|(a, b)| components.join(a, b));
        components
    }

    /// Joins the components of two numbers.
    pub fn join(&mut self, a: u32, b: u32) {
        let n = self.parents.len().max(a.max(b) as usize + 1);
        self.parents.extend(self.parents.len() as u32..n as u32);
        let (a, b) = (self.name(a), self.name(b));
        self.parents[a.max(b) as usize] = a.min(b);
    }

    /// The smallest number of the component that `at` belongs to.
    pub fn name(&mut self, mut at: u32) -> u32 {
        while let Some(&parent) = self.parents.get(at as usize).filter(|&&parent| parent != at) {
            let above = self.parents[parent as usize];
            self.parents[at as usize] = above;
            at = above;
        }
        at
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn what_was_never_joined_stands_alone() {
        assert_eq!(Components::default().name(7), 7);
        assert_eq!(Components::of([(1, 3)]).name(2), 2);
    }

    #[test]
    fn a_component_is_named_after_its_smallest_member() {
        let mut components = Components::of([(9, 5), (5, 7), (2, 3)]);
        assert_eq!([2, 3, 5, 7, 9].map(|at| components.name(at)), [2, 2, 5, 5, 5]);
        components.join(9, 3);
        assert_eq!([2, 3, 5, 7, 9].map(|at| components.name(at)), [2; 5]);
    }

    proptest! {
        #[test]
        fn names_are_those_that_spread_along_the_pairs(
            pairs in proptest::collection::vec((0u32..40, 0u32..40), 0..60)
        ) {
            let mut spread: Vec<u32> = (0..40).collect();
            for _ in 0..40 {
                for &(a, b) in &pairs {
                    let least = spread[a as usize].min(spread[b as usize]);
                    (spread[a as usize], spread[b as usize]) = (least, least);
                }
            }
            let mut components = Components::of(pairs.iter().copied());
            let found: Vec<u32> = (0..40).map(|at| components.name(at)).collect();
            prop_assert_eq!(&found, &spread);
            let mut turned = Components::of(pairs.iter().rev().map(|&(a, b)| (b, a)));
            let found: Vec<u32> = (0..40).map(|at| turned.name(at)).collect();
            prop_assert_eq!(found, spread);
        }
    }
}
