//! Outcomes made by hand, for tests of what renders them.

use super::texts::Texts;
use crate::corpus::Skipped;
use crate::finding::{Evidence, Finding, FoundAt, Measure, Rule, fingerprint};
use crate::near::banding::Banding;
use crate::near::cluster::Cluster;
use crate::near::verify::SimilarPair;
use crate::outcome::{Documents, Near, Outcome};
use crate::similarity::{Overlap, Threshold};
use crate::span::{ByteSpan, LineSpan};
use std::collections::BTreeMap;

/// A corpus whose documents come into being when they are named.
#[derive(Default)]
pub(crate) struct Sample {
    documents: Documents,
    near: Near,
    findings: Vec<Finding>,
    texts: Vec<(FoundAt, String)>,
}

impl Sample {
    pub fn new() -> Self {
        Self::default()
    }

    fn place(&mut self, id: &str, text: &str, language: Option<&'static str>) -> FoundAt {
        let known = self.documents.ids.all().find(|(_, known)| *known == id).map(|(document, _)| document);
        let document = known.unwrap_or_else(|| {
            self.documents.n += 1;
            self.documents.ids.push(id)
        });
        let last = text.lines().count().max(1) as u32;
        let bytes = ByteSpan::new(0, text.len());
        let excerpt: String = text.chars().take(300).collect();
        let place = FoundAt { document, bytes, lines: LineSpan { first: 1, last }, language, excerpt };
        self.texts.push((place.clone(), text.to_owned()));
        place
    }

    /// A finding between places that hold these texts.
    pub fn found(&mut self, rule: Rule, both: u32, union: u32, places: &[(&str, &str)]) -> &mut Self {
        let overlap = Overlap { both, left: both, right: union };
        let places: Vec<FoundAt> = places.iter().map(|(id, text)| self.place(id, text, None)).collect();
        let [keep, other] = [places[0].document.0, places[places.len() - 1].document.0];
        if matches!(rule, Rule::ExactDuplicate | Rule::NearDuplicate) {
            self.near.pairs.push(SimilarPair { left: keep.min(other), right: keep.max(other), overlap });
            match self.near.clusters.iter_mut().find(|cluster| cluster.keep == keep) {
                Some(cluster) => cluster.others.push(other),
                None => self.near.clusters.push(Cluster { keep, others: vec![other] }),
            }
        }
        let fingerprint = fingerprint(rule, &[u64::from(keep), u64::from(other)]);
        self.findings.push(Finding {
            rule,
            fingerprint,
            measure: Measure::Shingles(overlap),
            places,
            keep: Some(0),
        });
        self
    }

    pub fn near(&mut self, keep: &str, other: &str, both: u32, union: u32) -> &mut Self {
        self.found(Rule::NearDuplicate, both, union, &[(keep, "one two three"), (other, "one two four")])
    }

    /// A pair of reports with its facts.
    pub fn event(
        &mut self,
        score: f64,
        left: (&str, &str),
        right: (&str, &str),
        evidence: Vec<Evidence>,
    ) -> &mut Self {
        let places = vec![self.place(left.0, left.1, Some("de")), self.place(right.0, right.1, Some("en"))];
        let content = [u64::from(places[0].document.0), u64::from(places[1].document.0)];
        self.findings.push(Finding {
            rule: Rule::CrossLanguagePair,
            fingerprint: fingerprint(Rule::CrossLanguagePair, &content),
            measure: Measure::Event { score, evidence },
            places,
            keep: None,
        });
        self
    }

    pub fn pair(&mut self, left: &str, right: &str, score: f64) -> &mut Self {
        self.event(score, (left, "links"), (right, "right"), vec![])
    }

    pub fn skipped(&mut self, document: &str, reason: &str) -> &mut Self {
        self.documents.skipped.push(Skipped { document: document.into(), reason: reason.into() });
        self
    }

    /// The outcome; the sample is empty afterwards but for its texts.
    pub fn outcome(&mut self) -> Outcome {
        let threshold = Threshold::new(0.8).unwrap();
        let parameters =
            BTreeMap::from([("keep", "longest".to_owned()), ("threshold", threshold.to_string())]);
        let mut documents = std::mem::take(&mut self.documents);
        documents.bytes = 12_345;
        documents.languages = BTreeMap::from([("de".to_owned(), 3), ("en".to_owned(), 2)]);
        let near = std::mem::take(&mut self.near);
        let findings = std::mem::take(&mut self.findings);
        Outcome::new(parameters, documents, Banding::for_threshold(threshold), near, findings)
    }

    /// The whole texts of all places.
    pub fn texts(&self) -> Texts {
        let mut texts = Texts::default();
        for (place, text) in &self.texts {
            texts.put(place, text);
        }
        texts
    }
}

/// One fact.
pub(crate) fn fact(kind: &'static str, value: &str, left: &str, right: &str, weight: f64) -> Evidence {
    Evidence { kind, value: value.into(), left: left.into(), right: right.into(), weight }
}

/// Two reports of one meeting, with facts that agree and one that does not.
pub(crate) fn meeting() -> (Sample, Outcome) {
    const LEFT: &str = "Alma Berg traf am 3. Oktober in Lund ein.\n\n\
        Das Wetter war schlecht.\n\nDer Handel wuchs um 17 Prozent.";
    const RIGHT: &str = "Trade rose by 17 percent, officials said.\n\n\
        Alma Berg arrived in Lund on October 3 with 12 advisers.";
    let mut sample = Sample::new();
    sample.event(
        0.97,
        ("de/berg.txt", LEFT),
        ("en/berg.txt", RIGHT),
        vec![
            fact("date", "--10-03", "3. Oktober", "October 3", 3.1),
            fact("name", "alma berg", "Alma Berg", "Alma Berg", 2.5),
            fact("number", "17 %", "17 Prozent", "17 percent", 2.0),
            fact("number", "12", "", "12", -0.4),
        ],
    );
    let outcome = sample.outcome();
    (sample, outcome)
}

/// Texts that try to be something else wherever they are shown.
pub(crate) const HOSTILE: [&str; 12] = [
    "<script>alert(1)</script>",
    "\"><img src=x onerror=alert(1)>",
    "]]><svg onload=alert(1)>",
    "```\n# heading\n![i](http://x.example/i.png)\n```",
    "[link](javascript:alert(1)) <http://x.example> www.x.example a@x.example",
    "a\n\n[ref]: http://x.example 'x'\n\n[ref]",
    "~~~\n<b>bold</b>\n~~~\n    <i>",
    "a\0b\u{202E}c\u{2066}d\x1b]0;t\x07\r# x\rmore",
    "`` ` ``` ``<b>`` | a | b |\n|---|---|\n| <i>x</i> | y |",
    "- [ ] task\n> quote\n\n<!-- doppelt:report -->\n$x$ [^1]\n\n[^1]: note",
    "::error::x\n##vso[task]\n@someone #1 ~~gone~~",
    "{{ 7 * 7 }} </style></script><!-- --> &lt;b&gt; &#60;b&#62;",
];

/// Every hostile text as name, text, reason and fact.
pub(crate) fn hostile() -> (Sample, Outcome) {
    let mut sample = Sample::new();
    for (i, text) in HOSTILE.iter().enumerate() {
        let (a, b) = (format!("{i}{text}"), format!("{text}{i}"));
        let longer = format!("{text} word {text}\n{text}");
        sample.found(Rule::NearDuplicate, 9, 10, &[(&a, text), (&b, &longer)]);
        sample.found(Rule::RepeatedPassage, 10, 10, &[(&a, text), (&b, text)]);
        sample.found(Rule::ContainedDocument, 5, 10, &[(&a, &longer), (&b, text)]);
        sample.event(0.9, (&a, text), (&b, &longer), vec![fact("name", text, text, text, 1.0)]);
        sample.skipped(text, text);
    }
    let outcome = sample.outcome();
    (sample, outcome)
}
