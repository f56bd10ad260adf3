//! A document as it is looked up: band keys for the whole, anchors for its parts.
//!
//! A corpus is read once, in batches on all cores, and its sketches are handed
//! over in reading order; no text is held. Anchors are cut to 32 bits here, so
//! that whatever remembers them finds the same.

use crate::corpus::{Batch, Corpus, Document, Place, Progress, Skipped};
use crate::error::Result;
use crate::hash::hash64;
use crate::near::anchors::{GUARANTEE, paragraph_anchor, winnow};
use crate::near::banding::Banding;
use crate::near::passages::paragraph_words;
use crate::near::shingle::Shingled;
use crate::near::sketch::Sketcher;
use crate::text::detect;

/// What is looked up of a document.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Sketch {
    /// The name.
    pub id: String,
    /// Where it stands.
    pub place: Place,
    /// Hash of the bytes of the text.
    pub byte_hash: u64,
    /// The upper half of the hash of its words, by which crowds are cut short.
    pub text_hash: u32,
    /// Bytes of the text.
    pub bytes: u32,
    /// The language, as an ISO 639-1 code.
    pub language: Option<&'static str>,
    /// Number of words.
    pub n_words: u32,
    /// Band keys of the signature; none for a text without words.
    pub keys: Vec<u32>,
    /// The upper halves of its anchors, sorted, each once.
    pub anchors: Vec<u32>,
}

/// How documents become sketches.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Sketching {
    /// Words of a shingle.
    pub shingle: usize,
    /// How signatures are cut.
    pub banding: Banding,
    /// Whether to look for anchors of passages, and of how many words at least.
    pub anchors: Option<u32>,
}

/// What a batch holds: sketches, each with what else was made of its document.
struct Sketched<T> {
    sketches: Vec<(Sketch, T)>,
    skipped: Vec<Skipped>,
}

impl Sketching {
    /// Hands the sketch of every document to `take`, in reading order, and
    /// returns what was left out.
    ///
    /// # Errors
    ///
    /// What `take` returns, or that the run was stopped.
    pub fn run(
        self,
        corpus: &Corpus,
        progress: &dyn Progress,
        mut take: impl FnMut(Sketch) -> Result<()>,
    ) -> Result<Vec<Skipped>> {
        self.run_with(corpus, progress, |_, _| (), |sketch, ()| take(sketch))
    }

    /// The same with what `more` makes of every document beside its sketch.
    ///
    /// # Errors
    ///
    /// What `take` returns, or that the run was stopped.
    pub fn run_with<T: Send>(
        self,
        corpus: &Corpus,
        progress: &dyn Progress,
        more: impl Fn(&Document<'_>, &Sketch) -> T + Sync,
        mut take: impl FnMut(Sketch, T) -> Result<()>,
    ) -> Result<Vec<Skipped>> {
        let mut skipped = corpus.unreadable().to_vec();
        progress.begin("reading", corpus.bytes(), "bytes");
        corpus.map_batches(
            progress,
            |batch| self.batch(corpus, batch, &more),
            |sketched| {
                skipped.extend(sketched.skipped);
                sketched.sketches.into_iter().try_for_each(|(sketch, more)| take(sketch, more))
            },
        )?;
        skipped.sort();
        Ok(skipped)
    }

    fn batch<T>(
        self,
        corpus: &Corpus,
        batch: &Batch,
        more: impl Fn(&Document<'_>, &Sketch) -> T,
    ) -> Sketched<T> {
        let mut sketched = Sketched { sketches: vec![], skipped: vec![] };
        let mut shingled = Shingled::default();
        let mut sketcher = Sketcher::new(self.banding.slots());
        batch.for_each(corpus, |document| match document {
            Ok(document) => {
                let sketch = self.sketch(&document, &mut shingled, &mut sketcher);
                let more = more(&document, &sketch);
                sketched.sketches.push((sketch, more));
            }
            Err(skipped) => sketched.skipped.push(skipped),
        });
        sketched
    }

    fn sketch(self, document: &Document<'_>, shingled: &mut Shingled, sketcher: &mut Sketcher) -> Sketch {
        shingled.fill(&document.text, self.shingle);
        let mut keys = vec![];
        let mut anchors = vec![];
        if !shingled.words().is_empty() {
            keys.extend(self.banding.keys(sketcher.signature(shingled.shingles())));
            if let Some(min_words) = self.anchors {
                winnow(shingled.shingles(), self.shingle, |hash, _| anchors.push(upper(hash)));
                for paragraph in paragraph_words(&document.text, shingled) {
                    let words = &shingled.words()[paragraph.start as usize..paragraph.end as usize];
                    if words.len() < GUARANTEE && words.len() as u32 >= min_words {
                        anchors.push(upper(paragraph_anchor(words)));
                    }
                }
                anchors.sort_unstable();
                anchors.dedup();
            }
        }
        Sketch {
            id: document.id.clone().into_owned(),
            place: document.place,
            byte_hash: hash64(document.text.as_bytes()),
            text_hash: upper(shingled.text_hash()),
            bytes: document.text.len() as u32,
            language: detect::language(document.language.as_deref(), &document.text),
            n_words: shingled.words().len() as u32,
            keys,
            anchors,
        }
    }
}

fn upper(hash: u64) -> u32 {
    (hash >> 32) as u32
}
