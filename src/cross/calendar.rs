//! Dates of which a part may be missing.
//!
//! Reports write "3 October" far more often than "3 October 2024", and a header
//! may give no more than a month. A `PartialDate` keeps what was said and agrees
//! with every date that contradicts none of it.

use serde::{Deserialize, Serialize};
use std::fmt;

/// A date in the Gregorian calendar; each part may be unknown.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
pub struct PartialDate {
    /// The year of our era.
    pub year: Option<i16>,
    /// From 1 to 12.
    pub month: Option<u8>,
    /// From 1 to 31.
    pub day: Option<u8>,
}

impl PartialDate {
    /// A day of a month, with its year where it is known.
    pub fn of_day(year: Option<i16>, month: u8, day: u8) -> Self {
        PartialDate { year, month: Some(month), day: Some(day) }
    }

    /// Whether the date names a day and its month.
    pub fn has_day(self) -> bool {
        self.day.is_some() && self.month.is_some()
    }

    /// Whether no part that both know differs, and both know at least one in common.
    pub fn agrees_with(self, other: Self) -> bool {
        fn part<T: PartialEq>(a: Option<T>, b: Option<T>) -> Option<bool> {
            Some(a? == b?)
        }
        let parts = [part(self.year, other.year), part(self.month, other.month), part(self.day, other.day)];
        parts.contains(&Some(true)) && !parts.contains(&Some(false))
    }

    /// Days since 1970-01-01; `None` while a part is unknown.
    pub fn day_number(self) -> Option<i32> {
        // Howard Hinnant's days_from_civil: years begin in March, eras have 400 years.
        let (year, month, day) = (i32::from(self.year?), i32::from(self.month?), i32::from(self.day?));
        let year = if month <= 2 { year - 1 } else { year };
        let era = year.div_euclid(400);
        let year_of_era = year.rem_euclid(400);
        let day_of_year = (153 * ((month + 9) % 12) + 2) / 5 + day - 1;
        let day_of_era = year_of_era * 365 + year_of_era / 4 - year_of_era / 100 + day_of_year;
        Some(era * 146_097 + day_of_era - 719_468)
    }

    /// The date a number of days after 1970-01-01.
    pub fn from_day_number(days: i32) -> Self {
        let days = days + 719_468;
        let era = days.div_euclid(146_097);
        let day_of_era = days.rem_euclid(146_097);
        let year_of_era = (day_of_era - day_of_era / 1460 + day_of_era / 36_524 - day_of_era / 146_096) / 365;
        let day_of_year = day_of_era - (365 * year_of_era + year_of_era / 4 - year_of_era / 100);
        let shifted_month = (5 * day_of_year + 2) / 153;
        let day = day_of_year - (153 * shifted_month + 2) / 5 + 1;
        let month = if shifted_month < 10 { shifted_month + 3 } else { shifted_month - 9 };
        let year = year_of_era + era * 400 + i32::from(month <= 2);
        PartialDate::of_day(i16::try_from(year).ok(), month as u8, day as u8)
    }

    /// The day some days later; `None` while a part is unknown.
    pub fn plus_days(self, days: i32) -> Option<Self> {
        Some(PartialDate::from_day_number(self.day_number()?.checked_add(days)?))
    }

    /// The month some months away, without a day.
    pub fn plus_months(self, months: i32) -> Option<Self> {
        let count = i32::from(self.year?) * 12 + i32::from(self.month?) - 1 + months;
        let year = i16::try_from(count.div_euclid(12)).ok()?;
        Some(PartialDate { year: Some(year), month: Some(count.rem_euclid(12) as u8 + 1), day: None })
    }

    /// The day of the week, Monday as 1.
    pub fn weekday(self) -> Option<u8> {
        Some((self.day_number()? + 3).rem_euclid(7) as u8 + 1)
    }
}

/// Days in the longest form of a month.
pub fn days_in(month: u8) -> u8 {
    match month {
        2 => 29,
        4 | 6 | 9 | 11 => 30,
        _ => 31,
    }
}

impl fmt::Display for PartialDate {
    /// `2024-10-03`, `--10-03`, `2024-10`, `--10`, `2024`.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.year {
            Some(year) => write!(f, "{year:04}")?,
            None => write!(f, "-")?,
        }
        if let Some(month) = self.month {
            write!(f, "-{month:02}")?;
        }
        if let Some(day) = self.day {
            write!(f, "-{day:02}")?;
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn date(year: i16, month: u8, day: u8) -> PartialDate {
        PartialDate::of_day(Some(year), month, day)
    }

    #[test]
    fn days_count_there_and_back() {
        assert_eq!(date(1970, 1, 1).day_number(), Some(0));
        for days in (-800_000..800_000).step_by(17) {
            assert_eq!(PartialDate::from_day_number(days).day_number(), Some(days));
        }
        assert_eq!(date(2024, 2, 28).plus_days(2), Some(date(2024, 3, 1)));
        assert_eq!(
            date(2024, 1, 9).plus_months(-1).map(|month| month.to_string()).as_deref(),
            Some("2023-12")
        );
    }

    #[test]
    fn weekdays_begin_on_monday() {
        assert_eq!(date(2024, 10, 3).weekday(), Some(4));
        assert_eq!(date(1969, 12, 29).weekday(), Some(1));
    }

    #[test]
    fn a_missing_part_contradicts_nothing() {
        let day = PartialDate::of_day(None, 10, 3);
        assert_eq!(day.to_string(), "--10-03");
        assert!(day.agrees_with(date(2024, 10, 3)));
        assert!(!day.agrees_with(date(2024, 10, 4)));
        assert!(!day.agrees_with(PartialDate { year: Some(2024), ..PartialDate::default() }));
    }
}
