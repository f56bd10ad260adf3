//! What a document is made of, without its language.
//!
//! A feature is a word of the shared language, the sound of a name, a number,
//! a date … as 28 bits of a frozen hash and four bits that say which kind it is.
//! Two features that fall on one number are as rare as they are harmless: no
//! pair rests on a single feature.

use crate::hash::hash64;

/// A feature: its kind in the lowest four bits, a hash above them.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Feature(pub u32);

/// What kind of thing a feature is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
#[repr(u8)]
pub enum Kind {
    /// A word both languages have or that the lexicon brings over.
    Word,
    /// The sound of a name.
    Name,
    /// A plain number.
    Number,
    /// An amount of money.
    Money,
    /// A share in percent.
    Percent,
    /// Something measured, in steps of some percent.
    Quantity,
    /// A day of a month.
    Day,
    /// A month of a year, a year, a decade.
    Period,
    /// A day of the week.
    Weekday,
    /// A time of day.
    Time,
    /// Letters and digits: `COP29`, `2.1.3`.
    Code,
    /// A result: `3:1`.
    Score,
    /// An ordinal, an age, a fraction.
    Count,
}

impl Kind {
    /// All kinds, in the order of their numbers.
    pub const ALL: [Self; 13] = [
        Self::Word,
        Self::Name,
        Self::Number,
        Self::Money,
        Self::Percent,
        Self::Quantity,
        Self::Day,
        Self::Period,
        Self::Weekday,
        Self::Time,
        Self::Code,
        Self::Score,
        Self::Count,
    ];

    /// The name that evidence uses.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::Word => "word",
            Self::Name => "name",
            Self::Number => "number",
            Self::Money => "money",
            Self::Percent => "percent",
            Self::Quantity => "quantity",
            Self::Day => "date",
            Self::Period => "period",
            Self::Weekday => "weekday",
            Self::Time => "time",
            Self::Code => "code",
            Self::Score => "result",
            Self::Count => "count",
        }
    }
}

impl Feature {
    /// The feature of a kind with a value, which is written alike everywhere.
    #[must_use]
    pub fn new(kind: Kind, value: &str) -> Self {
        Self(((hash64(value.as_bytes()) >> 32) as u32) & !0xF | kind as u32)
    }

    /// What kind of thing it is.
    #[must_use]
    pub fn kind(self) -> Kind {
        Kind::ALL[(self.0 & 0xF) as usize % Kind::ALL.len()]
    }
}

/// The kind of a fact by the first word of its key.
#[must_use]
pub fn kind_of_fact(key: &str) -> Kind {
    let (name, value) = key.split_once(' ').unwrap_or((key, ""));
    match name {
        "number" => Kind::Number,
        "money" => Kind::Money,
        "percent" => Kind::Percent,
        "date" if value.matches('-').count() >= 2 && value.len() >= 7 => Kind::Day,
        "date" | "year" | "decade" => Kind::Period,
        "weekday" => Kind::Weekday,
        "time" => Kind::Time,
        "code" => Kind::Code,
        "score" => Kind::Score,
        "age" | "ordinal" | "fraction" => Kind::Count,
        _ => Kind::Quantity,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_feature_knows_its_kind() {
        for (i, kind) in Kind::ALL.into_iter().enumerate() {
            assert_eq!(kind as usize, i);
            assert_eq!(Feature::new(kind, "x").kind(), kind);
        }
    }

    #[test]
    fn days_are_told_from_months() {
        assert_eq!(kind_of_fact("date 2024-10-03"), Kind::Day);
        assert_eq!(kind_of_fact("date --10-03"), Kind::Day);
        assert_eq!(kind_of_fact("date 2024-10"), Kind::Period);
        assert_eq!(kind_of_fact("date --10"), Kind::Period);
        assert_eq!(kind_of_fact("year 2024"), Kind::Period);
        assert_eq!(kind_of_fact("length 64000"), Kind::Quantity);
    }
}
