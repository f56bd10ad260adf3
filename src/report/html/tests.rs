//! What must hold of the page whatever the documents hold.

use super::*;
use crate::report::sample::{self, HOSTILE, Sample};

fn written(outcome: &Outcome, texts: &Texts, max_bytes: usize) -> String {
    let mut out = vec![];
    write(outcome, texts, max_bytes, &mut out).unwrap();
    String::from_utf8(out).unwrap()
}

#[test]
fn hostile_documents_stay_text() {
    let (sample, outcome) = sample::hostile();
    let page = written(&outcome, &sample.texts(), MAX_BYTES);
    assert_eq!(page.matches("<script>").count(), 1);
    assert_eq!(page.matches("</script>").count(), 1);
    assert_eq!(page.matches("<style>").count(), 1);
    for hostile in ["<img", "<b>bold", "<i>", "<svg onload", "href=\"http", "href=\"javascript", "]]><"] {
        assert!(!page.contains(hostile), "{hostile}");
    }
    assert!(!page.contains(['\0', '\x1b', '\u{202E}', '\u{2066}', '\r']));
    assert!(page.contains("&#60;script&#62;alert(1)"), "the text itself is shown");
    assert!(HOSTILE.len() > 10);
}

#[test]
fn the_page_asks_for_nothing() {
    let (sample, outcome) = sample::meeting();
    let page = written(&outcome, &sample.texts(), MAX_BYTES);
    for word in
        ["http:", "https:", " src=", "url(", "@import", " style=", " onclick=", " onload=", "innerHTML"]
    {
        assert!(!page.contains(word), "{word}");
    }
    assert!(page.contains("default-src &#39;none&#39;; script-src &#39;sha256-"));
}

#[test]
fn a_pair_marks_its_facts_in_both_texts() {
    let (sample, outcome) = sample::meeting();
    let page = written(&outcome, &sample.texts(), MAX_BYTES);
    assert!(page.contains("<mark class=\"agrees\" data-f=\"0\">3. Oktober</mark>"));
    assert!(page.contains("<mark class=\"agrees\" data-f=\"0\">October 3</mark>"));
    assert!(page.contains("<mark class=\"differs\" data-f=\"3\">12</mark>"));
    assert!(page.contains("id=\"p-event-1-1-l1\"") && page.contains("href=\"#p-event-1-1-r2\""));
}

#[test]
fn a_small_page_lists_less_and_says_so() {
    let mut sample = Sample::new();
    for i in 0..300 {
        sample.near(&format!("{i}"), &format!("{i}b"), 9, 10);
    }
    let outcome = sample.outcome();
    let max_bytes = 400_000;
    let page = written(&outcome, &sample.texts(), max_bytes);
    assert!(page.len() <= max_bytes, "{}", page.len());
    assert!(page.contains("Left out to keep the file small: "));
    assert!(!written(&outcome, &sample.texts(), MAX_BYTES).contains("Left out to keep"));
}

#[test]
fn a_page_without_texts_quotes_nothing() {
    let (_, mut outcome) = sample::meeting();
    outcome.forget_texts();
    let page = written(&outcome, &Texts::default(), MAX_BYTES);
    assert!(!page.contains("Alma") && !page.contains("Oktober") && !page.contains("percent"));
}

#[test]
fn hashes_are_written_as_policies_want_them() {
    let encoded = |bytes: &[u8]| base64(bytes);
    assert_eq!(encoded(b"Man"), "TWFu");
    assert_eq!(encoded(b"Ma"), "TWE=");
    assert_eq!(encoded(b"M"), "TQ==");
    assert_eq!(encoded(&[0xff, 0xfe, 0xfd]), "//79");
}
