//! The report is parsed back, as a reader's program would.

use super::*;
use crate::report::sample::{self, HOSTILE, Sample};
use pulldown_cmark::{Event, Options, Parser, Tag};

const GITHUB: Options = Options::ENABLE_TABLES
    .union(Options::ENABLE_STRIKETHROUGH)
    .union(Options::ENABLE_TASKLISTS)
    .union(Options::ENABLE_FOOTNOTES)
    .union(Options::ENABLE_GFM);

fn written(outcome: &Outcome, texts: &Texts, form: Form) -> String {
    let mut out = vec![];
    write(outcome, texts, form, &mut out).unwrap();
    String::from_utf8(out).unwrap()
}

/// Fails on anything that could act, unless it is the marker.
#[track_caller]
fn check_harmless(text: &str, options: Options) {
    for event in Parser::new_ext(text, options) {
        match event {
            Event::Html(html) | Event::InlineHtml(html) => assert_eq!(html.trim(), MARKER),
            Event::Start(Tag::Link { .. } | Tag::Image { .. } | Tag::FootnoteDefinition(_))
            | Event::FootnoteReference(_)
            | Event::TaskListMarker(_)
            | Event::InlineMath(_)
            | Event::DisplayMath(_)
            | Event::Start(Tag::Table(_) | Tag::BlockQuote(_) | Tag::Strikethrough)
            | Event::Rule => panic!("{event:?}"),
            Event::Text(text) | Event::Code(text) => {
                assert!(!text.contains(['\0', '\x1b', '\u{202E}', '\u{2066}', '\r']), "{text:?}");
            }
            _ => {}
        }
    }
}

#[test]
fn hostile_documents_stay_text() {
    let (sample, outcome) = sample::hostile();
    for texts in [sample.texts(), Texts::default()] {
        for form in [Form::FILE, Form::PULL_REQUEST] {
            let text = written(&outcome, &texts, form);
            check_harmless(&text, Options::empty());
            check_harmless(&text, GITHUB);
            check_harmless(&text, Options::all());
        }
    }
    let text = written(&outcome, &sample.texts(), Form::FILE);
    assert!(text.contains(HOSTILE[0]), "the text itself is shown");
}

#[test]
fn the_report_is_the_same_under_commonmark_and_github() {
    let meeting = sample::meeting();
    let hostile = sample::hostile();
    for (sample, outcome) in [&meeting, &hostile] {
        let text = written(outcome, &sample.texts(), Form::FILE);
        let plain: Vec<Event<'_>> = Parser::new_ext(&text, Options::empty()).collect();
        let github: Vec<Event<'_>> = Parser::new_ext(&text, GITHUB).collect();
        assert_eq!(plain, github);
    }
}

#[test]
fn the_comment_of_a_pull_request_stays_small_and_says_what_is_missing() {
    let mut sample = Sample::new();
    for i in 0..2_500 {
        let text = format!("{i} {}", "a few words of text that stand in both places ".repeat(20));
        let other = text.replace("few", "lot");
        let name = format!("some/folder/with/a/name/{i}.txt");
        sample.found(Rule::NearDuplicate, 9, 10, &[(&name, &text), (&format!("{name}.copy"), &other)]);
        sample.found(
            Rule::RepeatedPassage,
            10,
            10,
            &[(&format!("p{name}"), &text), (&format!("q{name}"), &text)],
        );
    }
    sample.pair("left", "right", 0.9);
    let outcome = sample.outcome();
    let text = written(&outcome, &sample.texts(), Form::PULL_REQUEST);
    assert!(text.len() <= 60_000, "{} bytes", text.len());
    assert!(text.len() > 50_000, "room is used: {} bytes", text.len());
    assert!(text.starts_with("<!-- doppelt:report -->\n\n# "));
    assert_eq!(text.matches("are left out here").count(), 2);
    assert!(text.contains("of 2,500 are left out here"));
    for heading in ["Duplicate documents", "Repeated passages", "Reports of one event"] {
        assert!(text.contains(&format!("## {heading}\n")), "{heading}");
    }
    assert!(written(&outcome, &sample.texts(), Form { max_bytes: 0, marked: false }).len() <= LEAST_BYTES);
}

#[test]
fn a_pair_shows_its_paragraphs_and_facts() {
    let (sample, outcome) = sample::meeting();
    let text = written(&outcome, &sample.texts(), Form::FILE);
    let expected = "\
### Event 1: `de/berg.txt` and `en/berg.txt`

Score 0.970.

- `de/berg.txt` (`de`), lines 1 to 5
- `en/berg.txt` (`en`), lines 1 to 3

Paragraphs that correspond:

```text
de 1  Alma Berg traf am 3. Oktober in Lund ein.
en 2  Alma Berg arrived in Lund on October 3 with 12 advisers.

de 3  Der Handel wuchs um 17 Prozent.
en 1  Trade rose by 17 percent, officials said.
```

```text
weight             fact    value      left        right
──────  ─────────  ──────  ─────────  ──────────  ──────────
 +3.10  agrees     date    --10-03    3. Oktober  October 3
 +2.50  agrees     name    alma berg  Alma Berg   Alma Berg
 +2.00  agrees     number  17 %       17 Prozent  17 percent
 -0.40  disagrees  number  12                     12
```
";
    assert!(text.contains(expected), "{text}");
}

#[test]
fn a_near_duplicate_shows_its_numbers_and_the_words_that_differ() {
    let mut sample = Sample::new();
    let text = "The council met on Monday and voted for the bridge.";
    sample.found(Rule::NearDuplicate, 104, 114, &[("a", text), ("b", &text.replace("Monday", "Tuesday"))]);
    let outcome = sample.outcome();
    let text = written(&outcome, &sample.texts(), Form::FILE);
    let expected = "\
- `a`, line 1: kept (rule `longest`: the most words, then the first name)
- `b`, line 1: near-duplicate, Jaccard 0.912281 (104 of 114 shingles), containment 1.000000

Only in `a` (`-`), only in `b` (`+`):

```diff
  The council met on
- Monday
+ Tuesday
  and voted for the bridge.
```
";
    assert!(text.contains(expected), "{text}");
}

#[test]
fn a_report_without_texts_quotes_nothing() {
    for (_, mut outcome) in [sample::meeting(), sample::hostile()] {
        outcome.forget_texts();
        let text = written(&outcome, &Texts::default(), Form::FILE);
        assert!(!text.contains("Alma") && !text.contains("Oktober") && !text.contains(" word "), "{text}");
        assert!(text.contains(", bytes 0 to "));
    }
}

#[test]
fn nothing_found_is_said() {
    let text = written(&Sample::new().outcome(), &Texts::default(), Form::FILE);
    assert!(text.contains("Nothing is held twice."));
    assert!(!text.contains("What to do next"));
}
