//! What stands before the first sentence: a header with a date, and a dateline.
//!
//! `date 2024-10-03` and `BAKU, 11. November (BelTA) -` say when a report was
//! written, not what happened; the first gives the year, the second the day. The
//! language is not known yet, so every language is asked for its dates. Without a
//! date or an agency, only a place in capitals before a dash is a dateline: an
//! ordinary first sentence must never be eaten.

use super::calendar::PartialDate;
use super::dates;
use super::facts::{Fact, FactValue, Mention};
use super::reader::Reader;
use crate::text::language::Language;
use crate::text::meaning::{Link, Meaning};
use crate::text::tokens::{self, Gap, Shape};

/// What the opening of a text says.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Opening {
    /// The day of the document, as far as it is known.
    pub date: Option<PartialDate>,
    /// The byte at which the report itself begins.
    pub content_start: usize,
}

/// An opening is shorter than this many bytes.
const MAX_BYTES: usize = 240;

/// A place has at most this many words.
const MAX_PLACE_WORDS: usize = 6;

/// Reads the header and the dateline of `text`.
pub fn opening(text: &str) -> Opening {
    let head = &text[..text.floor_char_boundary(MAX_BYTES)];
    let mut tokens = Vec::with_capacity(MAX_BYTES / 4);
    tokens::scan(head, |token| tokens.push(token));
    let mut opening = Opening::default();
    for language in Language::all() {
        let reader = Reader::of_tokens(head, language, tokens.clone());
        let (header, start) = header(&reader).unwrap_or((PartialDate::default(), 0));
        let dateline = dateline(&reader, start);
        let (date, content) = match dateline {
            Some((date, content)) => (merge(header, date), content),
            None => (header, start),
        };
        let known = Opening {
            date: (date != PartialDate::default()).then_some(date),
            content_start: if content == 0 { 0 } else { content_byte(&reader, content, head.len()) },
        };
        if rank(&known) > rank(&opening) {
            opening = known;
        }
    }
    opening
}

/// A date with more parts is better read, and so is a longer opening.
fn rank(opening: &Opening) -> (bool, bool, usize) {
    let date = opening.date.unwrap_or_default();
    (date.has_day(), opening.date.is_some(), opening.content_start)
}

fn content_byte(reader: &Reader<'_>, token: usize, end: usize) -> usize {
    if token < reader.n_tokens() { reader.token(token).start as usize } else { end }
}

/// `date 2024-10-03` or `date: 2021-05` at the very start.
fn header(reader: &Reader<'_>) -> Option<(PartialDate, usize)> {
    let is_named = reader.means(0, |meaning| meaning == Meaning::Link(Link::DateLabel));
    let at = if reader.is_sign(1, ":") { 2 } else { 1 };
    if !is_named || reader.token(at).gap > Gap::Line {
        return None;
    }
    let (year, month) = (reader.digits(at, 4)?, reader.digits(at + 2, 2)?);
    let fits = reader.is_glued_sign(at + 1, "-")
        && reader.is_glued(at + 2)
        && (1..=12).contains(&month)
        && reader.slice(at).len() == 4;
    if !fits {
        return None;
    }
    let date = PartialDate { year: i16::try_from(year).ok(), month: u8::try_from(month).ok(), day: None };
    let day = reader
        .digits(at + 4, 2)
        .filter(|day| reader.is_glued_sign(at + 3, "-") && reader.is_glued(at + 4) && (1..=31).contains(day));
    Some(match day {
        Some(day) => (PartialDate { day: u8::try_from(day).ok(), ..date }, at + 5),
        None => (date, at + 3),
    })
}

/// A day of the dateline or the lead, in the year of the header.
fn merge(header: PartialDate, dateline: PartialDate) -> PartialDate {
    if dateline.month.is_none() {
        return header;
    }
    // A report of 31 December may be filed under January, but none is filed before
    // its day: a later month is last year's.
    let filed_later = header.month.is_some() && dateline.month > header.month;
    let year = dateline.year.or(header.year.map(|year| year - i16::from(filed_later)));
    PartialDate { year, ..dateline }
}

/// `PLACE[, day][, (AGENCY)] -`: its date and the token after it.
fn dateline(reader: &Reader<'_>, start: usize) -> Option<(PartialDate, usize)> {
    let after_place = place_end(reader, start);
    let has_place = after_place > start;
    let is_loud = (start..after_place).filter(|i| reader.shape(*i) == Shape::Word).all(|i| {
        reader.slice(i).chars().all(char::is_uppercase)
            && (reader.slice(i).len() > 2 || after_place > start + 1)
    });
    let after_comma = skip_sign(reader, after_place, ",");
    let after_weekday = weekday_end(reader, after_comma);
    let (date, after_date) = match dates::stated(reader, after_weekday) {
        Some((date, next)) if date.has_day() => (Some(date), next),
        _ => (None, after_place),
    };
    let (agency, after_agency) = agency_end(reader, after_date);
    let end = dash_end(reader, after_agency);
    let is_line = reader.token(after_agency).gap >= Gap::Line && after_agency < reader.n_tokens();
    let has_comma = after_comma > after_place;
    let is_sentence = end
        .is_some_and(|end| reader.slice(end).len() > 1 && reader.slice(end).chars().all(char::is_uppercase));
    let fits = match (has_place, date, agency) {
        (true, ..) if reader.is_stop_word(start) => false,
        (true, Some(_), Agency::None) if !has_comma && !is_loud => false,
        (true, Some(_), Agency::Named) => {
            end.is_some() || is_line || reader.is_glued_sign(after_agency - 1, "./")
        }
        (true, Some(_), Agency::None) => end.is_some() || reader.token(after_agency).gap == Gap::Break,
        (true, None, Agency::Named) | (false, None, Agency::Named) => {
            end.is_some() && reader.is_sign(after_agency - 1, ")/")
        }
        (true, None, Agency::None) => {
            end.is_some() && is_loud && !is_sentence && !reader.is_glued(after_agency)
        }
        (false, Some(_), _) => (end.is_some() && !reader.is_glued(after_agency)) || is_line,
        (false, None, Agency::None) => false,
    };
    fits.then(|| (date.unwrap_or_default(), end.unwrap_or(after_agency)))
}

/// The end of a run of capitalised words, commas between them included.
fn place_end(reader: &Reader<'_>, start: usize) -> usize {
    let mut end = start;
    let mut at = start;
    let mut n_words = 0;
    while n_words < MAX_PLACE_WORDS && reader.shape(at) == Shape::Word && reader.is_capitalised(at) {
        let is_date =
            reader.means(at, |meaning| matches!(meaning, Meaning::Month { .. } | Meaning::Weekday(_)));
        if (at > start && reader.token(at).gap > Gap::Blank) || (is_date && n_words > 0) {
            break;
        }
        at += 1;
        end = at;
        n_words += 1;
        // "New York, NY", "St. Petersburg", "Baden-Baden", "BERLIN/PARIS"
        if reader.is_glued_sign(at, ",.-/") {
            at += 1;
        }
    }
    end
}

fn skip_sign(reader: &Reader<'_>, i: usize, signs: &str) -> usize {
    if reader.is_sign(i, signs) { i + 1 } else { i }
}

fn weekday_end(reader: &Reader<'_>, i: usize) -> usize {
    let weekday = reader.meaning(i, |meaning| matches!(meaning, Meaning::Weekday(_)).then_some(()));
    weekday.map_or(i, |((), next)| skip_sign(reader, next, ","))
}

#[derive(Clone, Copy, PartialEq)]
enum Agency {
    Named,
    None,
}

/// `(BelTA)`, `/TASS/.`, `, AZERTAC`, `(Reuters/dpa)`.
fn agency_end(reader: &Reader<'_>, i: usize) -> (Agency, usize) {
    let at = skip_sign(reader, i, ",.");
    for (open, close) in [("(", ")"), ("/", "/")] {
        if !reader.is_sign(at, open) || reader.is_glued(at) {
            continue;
        }
        for end in at + 2..at + 8 {
            if reader.is_sign(end, close) {
                return (Agency::Named, skip_glued(reader, end + 1, ".:"));
            }
            if reader.token(end).gap > Gap::Blank {
                break;
            }
        }
    }
    let name = reader.slice(at);
    let is_name =
        at > i && reader.shape(at) == Shape::Word && name.len() > 1 && name.chars().all(char::is_uppercase);
    if is_name { (Agency::Named, skip_glued(reader, at + 1, ".")) } else { (Agency::None, i) }
}

fn skip_glued(reader: &Reader<'_>, i: usize, signs: &str) -> usize {
    if reader.is_glued_sign(i, signs) { i + 1 } else { i }
}

/// The token after `-`, `--`, `–` or `—` that stands apart from what follows.
fn dash_end(reader: &Reader<'_>, i: usize) -> Option<usize> {
    let at = skip_glued(reader, i, ".");
    if !reader.is_sign(at, "-–—") || reader.token(at).gap > Gap::Wide {
        return None;
    }
    let end = skip_glued(reader, at + 1, "-");
    (!reader.is_glued(end) || reader.is_sign(at, "—")).then_some(end)
}

/// The lead of a report is over after this many sentences.
const N_LEAD_SENTENCES: usize = 3;

/// The day that a report is about, apart from days it merely mentions: that of
/// the dateline or header, else the first written in the lead, else the first
/// that the lead implies.
pub fn event_date(text: &str, facts: &[Fact], opening: &Opening) -> Option<PartialDate> {
    if let Some(date) = opening.date.filter(|date| date.has_day()) {
        return Some(date);
    }
    let lead = opening.content_start..lead_end(text, opening.content_start);
    let first = |mention: Mention| {
        let in_lead =
            facts.iter().filter(|fact| lead.contains(&(fact.span.start as usize)) && fact.mention == mention);
        in_lead
            .filter_map(|fact| match fact.value {
                FactValue::Date(date) if date.has_day() => Some(date),
                _ => None,
            })
            .next()
    };
    let date = first(Mention::Stated).or_else(|| first(Mention::Resolved))?;
    Some(merge(opening.date.unwrap_or_default(), date))
}

/// The byte after the first sentences. A point after a digit or a single letter
/// ends no sentence.
fn lead_end(text: &str, start: usize) -> usize {
    let Some(rest) = text.get(start..) else { return text.len() };
    let mut n_sentences = 0;
    let mut before = (' ', ' ');
    for (at, character) in rest.char_indices() {
        let is_point = matches!(before.1, '.' | '!' | '?' | '"' | '“' | '”' | '»')
            && !before.0.is_ascii_digit()
            && before.0 != ' ';
        if (character == '\n' && before.1 != '\n' && at > 0) || (character.is_whitespace() && is_point) {
            n_sentences += 1;
        }
        if n_sentences == N_LEAD_SENTENCES {
            return start + at;
        }
        before = (before.1, character);
    }
    text.len()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::cross::facts;

    #[track_caller]
    fn check(text: &str, date: &str, content: &str) {
        let opening = opening(text);
        let shown = opening.date.map(|date| date.to_string()).unwrap_or_default();
        assert_eq!((shown.as_str(), &text[opening.content_start..]), (date, content), "{text}");
    }

    #[test]
    fn headers_and_datelines_are_no_content() {
        check(" date 2024-10-03 Der Rest.", "2024-10-03", "Der Rest.");
        check("date 2021-05 Baku, 18. Mai, AZERTAC\n\nDer Rest.", "2021-05-18", "Der Rest.");
        check("BAKU, 11. November (BelTA) - Der Rest.", "--11-11", "Der Rest.");
        check("BAKU, 16. Mai (BelTA) – Der Rest.", "--05-16", "Der Rest.");
        check("WASHINGTON, Oct 3 (Reuters) - The rest.", "--10-03", "The rest.");
        check("WASHINGTON, Thursday, Oct. 3, 2024 (Reuters) -- The rest.", "2024-10-03", "The rest.");
        check("NEW YORK, July 8, 2019 /PRNewswire/ -- The rest.", "2019-07-08", "The rest.");
        check("MOSCOW, May 5. /TASS/. The rest.", "--05-05", "The rest.");
        check("МИНСК, 3 октября. /ТАСС/. Остальное.", "--10-03", "Остальное.");
        check("BERLIN (dpa) - Der Rest.", "", "Der Rest.");
        check("Frankfurt/Main (dpa/AFP) - Der Rest.", "", "Der Rest.");
        check("(Reuters) - The rest.", "", "The rest.");
        check("LONDON — The rest.", "", "The rest.");
        check("New York, July 8 (AP) -- A man left.", "--07-08", "A man left.");
        check("LONDON — A man left.", "", "A man left.");
    }

    #[test]
    fn a_december_report_filed_in_january_keeps_its_year() {
        check("date 2022-01 BAKU, 31. Dezember (BelTA) - Der Rest.", "2021-12-31", "Der Rest.");
    }

    #[test]
    fn ordinary_sentences_are_content() {
        for text in [
            "London - eine Stadt im Wandel.",
            "Das war - kurz gesagt - nichts.",
            "NATO says no.",
            "Berlin (Ost) war die Hauptstadt.",
            "Am 3. Oktober 2024 kamen sie.",
            "October 3, 2024 was a Thursday.",
            "Date of birth unknown.",
            "US-Präsident Trump kam am 3. Mai.",
            "Baku, 18. Mai und danach",
            "Am 3. Oktober – dem Tag der Einheit – kamen sie.",
            "Paris 3 October - a film.",
            "TRUMP - PUTIN: the summit",
            "",
        ] {
            check(text, "", text);
        }
    }

    #[track_caller]
    fn check_event(code: &str, text: &str, expected: &str) {
        let language = Language::find(code).expect("a shipped language");
        let opening = opening(text);
        let facts = facts::collect(text, language, opening.date);
        let date = event_date(text, &facts, &opening).map(|date| date.to_string());
        assert_eq!(date.unwrap_or_default(), expected, "{text}");
    }

    #[test]
    fn the_event_is_dated_by_opening_then_lead() {
        check_event("de", "BAKU, 11. November (BelTA) - Am 3. Mai war es anders.", "--11-11");
        check_event("de", "date 2024-10 Am 3. Oktober trafen sie sich.", "2024-10-03");
        check_event("en", "They met. He spoke. They left. It was not like October 3.", "");
        check_event("en", "date 2024-10 They met on 3 October.", "2024-10-03");
        check_event("en", "date 2024-10-03 They met on Monday.", "2024-10-03");
    }
}
