//! Patterns for names of documents and files, such as `archive/**/*.txt`.

use crate::error::{Error, Result};
use globset::{GlobBuilder, GlobSet, GlobSetBuilder};

/// Some patterns in an order of their own.
#[derive(Clone, Debug, Default)]
pub struct Globs {
    patterns: Vec<String>,
    set: GlobSet,
}

impl Globs {
    /// Takes patterns with `*`, `**`, `?`, `[…]` and `{…}`; `*` stops at `/`.
    /// One without a `/` matches at every depth, as in `.gitignore`.
    ///
    /// # Errors
    ///
    /// When one of them is no pattern.
    pub fn new(patterns: &[String]) -> Result<Self> {
        let mut set = GlobSetBuilder::new();
        let no_pattern = |error: &globset::Error| {
            Error::invalid_parameter(error.to_string()).hint("write patterns such as 'archive/**' or '*.txt'")
        };
        for pattern in patterns {
            let anywhere = format!("**/{pattern}");
            let whole = if pattern.contains('/') { pattern } else { &anywhere };
            set.add(
                GlobBuilder::new(whole)
                    .literal_separator(true)
                    .build()
                    .map_err(|error| no_pattern(&error))?,
            );
        }
        Ok(Self { patterns: patterns.to_vec(), set: set.build().map_err(|error| no_pattern(&error))? })
    }

    /// The number of the first pattern that one of `names` matches.
    #[must_use]
    pub fn first_match(&self, names: &[&str]) -> Option<usize> {
        names.iter().filter_map(|name| self.set.matches(name).first().copied()).min()
    }

    /// Whether one of `names` matches a pattern.
    #[must_use]
    pub fn is_match(&self, names: &[&str]) -> bool {
        names.iter().any(|name| self.set.is_match(name))
    }

    /// The patterns as they were given.
    #[must_use]
    pub fn patterns(&self) -> &[String] {
        &self.patterns
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_first_pattern_that_matches_counts() {
        let globs = Globs::new(&["new/**".into(), "*.txt".into()]).unwrap();
        assert_eq!(globs.first_match(&["new/x/a.txt"]), Some(0));
        assert_eq!(globs.first_match(&["a.txt"]), Some(1));
        assert_eq!(
            globs.first_match(&["old/a.txt"]),
            Some(1),
            "a pattern without a slash matches everywhere"
        );
        assert_eq!(globs.first_match(&["old/new/a.md"]), None);
        assert_eq!(globs.first_match(&["b.jsonl:7", "new/b.jsonl"]), Some(0));
        assert!(Globs::new(&["a[".into()]).is_err());
    }
}
