//! What words say about numbers, dates and measures, the same in all languages.
//!
//! The rows of a language's tables are read into these meanings, and the rules
//! that find facts know nothing else of a language. So a language is added by
//! tables alone; only a new kind of meaning needs a line here.

/// What a phrase says, the same in all languages.
#[derive(Clone, Copy, Debug, PartialEq)]
#[allow(missing_docs)]
pub enum Meaning {
    /// `doubtful` is a month only beside a day, a year or a word such as "in".
    Month {
        number: u8,
        doubtful: bool,
    },
    /// Monday is 1.
    Weekday(u8),
    /// `part` counts only before a magnitude, a unit or a currency ("one").
    Cardinal {
        value: u64,
        part: bool,
    },
    /// `alone` needs no number before it ("tausend").
    Magnitude {
        value: u64,
        alone: bool,
    },
    /// A magnitude only of money ("m").
    MoneyMagnitude(u64),
    Ordinal(u32),
    /// `part` counts only before a magnitude or a unit ("halbe").
    Fraction {
        over: u32,
        under: u32,
        part: bool,
    },
    /// The lower half of a fraction whose upper half is a number ("thirds").
    Denominator(u32),
    /// `leads` may stand before its number.
    Currency {
        code: [u8; 3],
        leads: bool,
    },
    Unit(Unit),
    Percent,
    Clock(ClockWord),
    /// Counted from the day of the document.
    Relative {
        period: Period,
        offset: i32,
    },
    /// "last" is -1, "this" 0, "next" 1.
    Shift(i32),
    Link(Link),
}

impl Meaning {
    /// Whether a fact may begin with it; "of" and "per cent" begin none.
    pub fn begins_a_fact(self) -> bool {
        match self {
            Meaning::Link(link) => matches!(link, Link::OneIn | Link::Every | Link::AgeLead),
            Meaning::Clock(word) => matches!(word, ClockWord::At(_)),
            Meaning::Magnitude { alone, .. } => alone,
            Meaning::Currency { leads, .. } => leads,
            Meaning::Unit(_) | Meaning::Percent | Meaning::Denominator(_) => false,
            Meaning::MoneyMagnitude(_) | Meaning::Shift(_) => false,
            _ => true,
        }
    }
}

/// Words that join others.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[allow(missing_docs)]
pub enum Link {
    And,
    AndAHalf,
    Range,
    Of,
    OneIn,
    Every,
    Minus,
    Age,
    AgeLead,
    Decade,
    OrdinalMark,
    Times,
    /// Names the date in a header ("date 2024-10-03").
    DateLabel,
    /// Makes the month after it certain ("in May").
    TimeLead,
}

/// Words that make a number a time of day.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[allow(missing_docs)]
pub enum ClockWord {
    /// "Uhr", "o'clock"
    Hour,
    Am,
    Pm,
    /// Minutes since midnight: "noon".
    At(u16),
}

/// What a relative date counts in.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[allow(missing_docs)]
pub enum Period {
    Day,
    Month,
    Year,
}

/// A unit as its way to the base unit: `value * factor + offset`.
#[derive(Clone, Copy, Debug, PartialEq)]
#[allow(missing_docs)]
pub struct Unit {
    pub dimension: Dimension,
    pub factor: f64,
    pub offset: f64,
}

/// What is measured; beside each the base unit.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Dimension {
    /// Metre.
    Length,
    /// Square metre.
    Area,
    /// Cubic metre.
    Volume,
    /// Kilogram.
    Mass,
    /// Metre a second.
    Speed,
    /// Degree Celsius.
    Temperature,
    /// Degree of an angle, or of a scale that the text does not name.
    Degree,
    /// Second.
    Duration,
    /// Watt.
    Power,
    /// Joule.
    Energy,
    /// Byte.
    Storage,
    /// Hertz.
    Frequency,
}

const DIMENSIONS: [(&str, Dimension); 12] = [
    ("length", Dimension::Length),
    ("area", Dimension::Area),
    ("volume", Dimension::Volume),
    ("mass", Dimension::Mass),
    ("speed", Dimension::Speed),
    ("temperature", Dimension::Temperature),
    ("degree", Dimension::Degree),
    ("duration", Dimension::Duration),
    ("power", Dimension::Power),
    ("energy", Dimension::Energy),
    ("storage", Dimension::Storage),
    ("frequency", Dimension::Frequency),
];

impl Dimension {
    /// The name that the tables use.
    pub fn name(self) -> &'static str {
        DIMENSIONS.iter().find(|(_, dimension)| *dimension == self).map_or("", |(name, _)| name)
    }
}

/// Reads the meaning that a row of `table` gives to its form.
pub fn from_row(table: &str, columns: &[&str]) -> Option<Meaning> {
    let value = columns.first().copied()?;
    let flag = columns.get(1).copied().unwrap_or("");
    Some(match table {
        "months" => Meaning::Month {
            number: value.parse().ok().filter(|number| (1..=12).contains(number))?,
            doubtful: flag == "doubtful",
        },
        "weekdays" => Meaning::Weekday(value.parse().ok().filter(|day| (1..=7).contains(day))?),
        "numbers" => Meaning::Cardinal { value: value.parse().ok()?, part: flag == "part" },
        "magnitudes" if flag == "money" => Meaning::MoneyMagnitude(value.parse().ok()?),
        "magnitudes" => Meaning::Magnitude { value: value.parse().ok()?, alone: flag == "alone" },
        "ordinals" => Meaning::Ordinal(value.parse().ok()?),
        "fractions" => match value.split_once('/') {
            Some(("*", under)) => Meaning::Denominator(under.parse().ok()?),
            Some((over, under)) => Meaning::Fraction {
                over: over.parse().ok()?,
                under: under.parse().ok().filter(|under| *under > 0)?,
                part: flag == "part",
            },
            None => return None,
        },
        "currencies" => Meaning::Currency { code: value.as_bytes().try_into().ok()?, leads: flag == "leads" },
        "units" if value == "percent" => Meaning::Percent,
        "units" => Meaning::Unit(Unit {
            dimension: DIMENSIONS.iter().find(|(name, _)| *name == value)?.1,
            factor: flag.parse().ok()?,
            offset: columns.get(2).map_or(Some(0.0), |offset| offset.parse().ok())?,
        }),
        "clock" => Meaning::Clock(match value {
            "hour" => ClockWord::Hour,
            "am" => ClockWord::Am,
            "pm" => ClockWord::Pm,
            minutes => ClockWord::At(minutes.parse().ok()?),
        }),
        "relative" => relative(value, flag.parse().ok()?)?,
        "links" => Meaning::Link(link(value)?),
        _ => return None,
    })
}

fn relative(period: &str, offset: i32) -> Option<Meaning> {
    let period = match period {
        "day" => Period::Day,
        "month" => Period::Month,
        "year" => Period::Year,
        "shift" => return Some(Meaning::Shift(offset)),
        _ => return None,
    };
    Some(Meaning::Relative { period, offset })
}

fn link(name: &str) -> Option<Link> {
    Some(match name {
        "and" => Link::And,
        "and-a-half" => Link::AndAHalf,
        "range" => Link::Range,
        "of" => Link::Of,
        "one-in" => Link::OneIn,
        "every" => Link::Every,
        "minus" => Link::Minus,
        "age" => Link::Age,
        "age-lead" => Link::AgeLead,
        "decade" => Link::Decade,
        "ordinal-mark" => Link::OrdinalMark,
        "times" => Link::Times,
        "time-lead" => Link::TimeLead,
        "date-label" => Link::DateLabel,
        _ => return None,
    })
}
