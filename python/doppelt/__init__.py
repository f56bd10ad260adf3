"""Finds what a text corpus holds twice.

The same words again (`scan`, `clean`), the same event in another language
(`pair`), what each step makes of two texts (`explain`), and a corpus that is
remembered (`Index`). `doppelt.spark` finds documents and pairs on a cluster.

Everywhere a `source` is one of

- a path (`str` or `os.PathLike`) or a list of `os.PathLike`: files and folders
  as on the command line;
- anything with `__arrow_c_stream__` (pyarrow, polars, pandas): a row a document;
- an iterable of dicts, such as a list of records or a split of a Hugging Face
  dataset: a dict a document;
- an iterable of strings: a string a document, named by its place, from "0".

Columns and keys are named by `text`, `id`, `lang` and `date`; others are passed
over. A record without an id is called `records:N`, counted from 1. A document
whose text is missing, or whose id was there before, is left out and listed in
`skipped`. Similarities are exact: Jaccard and containment of the sets of
shingles (runs of `shingle` words), in 0..1.
"""

from __future__ import annotations

import json
import os
from collections.abc import Iterable, Sequence
from typing import Any

from . import _core
from ._core import Cleaning, Error, Outcome, Pairs, Table, __version__
from ._source import in_memory, of

__all__ = [
    "Cleaning",
    "Error",
    "Index",
    "Outcome",
    "Pairs",
    "Table",
    "__version__",
    "clean",
    "explain",
    "pair",
    "scan",
]

_DEFAULTS: dict[str, Any] = {
    "text": "text",
    "id": "id",
    "lang": None,
    "date": None,
    "threshold": 0.8,
    "shingle": 5,
    "min_words": 8,
    "min_run": 50,
    "languages": ("de", "en"),
    "find": ["all"],
    "keep": "longest",
    "prefer": [],
    "prefer_languages": [],
    "protect": [],
    "per_language": False,
    "exact": False,
    "memory": None,
    "include": [],
    "exclude": [],
    "temp_dir": None,
}


def _options(given: dict[str, Any]) -> dict[str, Any]:
    return {**_DEFAULTS, **given}


def _listed(names: str | Sequence[str]) -> list[str]:
    return [names] if isinstance(names, str) else list(names)


def scan(
    source: Any,
    *,
    text: str = "text",
    id: str = "id",
    lang: str | None = None,
    date: str | None = None,
    threshold: float = 0.8,
    shingle: int = 5,
    min_words: int = 8,
    min_run: int = 50,
    find: str | Sequence[str] = "all",
    keep: str = "longest",
    prefer: Sequence[str] = (),
    prefer_languages: Sequence[str] = (),
    protect: Sequence[str] = (),
    per_language: bool = False,
    exact: bool = False,
    languages: tuple[str, str] = ("de", "en"),
    memory: int | None = None,
    include: Sequence[str] = (),
    exclude: Sequence[str] = (),
    temp_dir: str | os.PathLike[str] | None = None,
) -> Outcome:
    """Looks for everything that a corpus holds twice.

    source: see the module.
    text, id, lang, date: names of the columns or keys.
    threshold: Jaccard similarity, above 0 and up to 1, from which documents
        are similar; a pair at exactly the threshold is in.
    shingle: words in a shingle, 1 to 64.
    min_words: paragraphs of fewer words are no repeated passage by themselves.
    min_run: a run of so many words is a repeated passage wherever it stands.
    find: "all", or some of "documents", "contained", "passages", "cross";
        "tables" alone gives pairs and clusters without findings and is fastest.
    keep: which document of a cluster stays: "longest", "first", "newest" (by
        `date`), "language" (by `prefer_languages`), "path-priority" (by `prefer`).
    protect: globs of ids or files that are kept before all others.
    exact: candidates by prefix filtering, so that no similar pair is missed.
    languages: the two languages of cross-language pairs.
    memory: bytes to get by with; what does not fit goes to temporary files.

    The number of threads is that of the cores, or RAYON_NUM_THREADS.

    Raises ValueError for a parameter out of range, OSError for a path that
    cannot be read, doppelt.Error if there is no document or the input changes.

    >>> text = "the quick brown fox jumps over the lazy dog near the river bank"
    >>> scan({"id": name, "text": text} for name in ("a", "b")).removed
    ['b']
    """
    options = _options({
        "text": text, "id": id, "lang": lang, "date": date, "threshold": threshold,
        "shingle": shingle, "min_words": min_words, "min_run": min_run,
        "find": _listed(find), "keep": keep, "prefer": list(prefer),
        "prefer_languages": list(prefer_languages), "protect": list(protect),
        "per_language": per_language, "exact": exact, "languages": tuple(languages),
        "memory": memory, "include": list(include), "exclude": list(exclude),
        "temp_dir": temp_dir,
    })
    return _core.scan(of(source, options), options)


def pair(
    source: Any,
    *,
    text: str = "text",
    id: str = "id",
    lang: str | None = None,
    date: str | None = None,
    languages: tuple[str, str] = ("de", "en"),
    min_score: float | None = None,
    one_to_one: bool = False,
    candidates: int | None = None,
    evidence: bool = True,
    include: Sequence[str] = (),
    exclude: Sequence[str] = (),
    temp_dir: str | os.PathLike[str] | None = None,
) -> Pairs:
    """Pairs documents in two languages that report the same event.

    source: see the module; languages of documents are detected where `lang`
        names no column.
    min_score: accept pairs from this probability on (0..1; default 0.5).
    one_to_one: at most one partner for a document; the default is many to many.
    candidates: list the best so many candidates of each document, accepted or not.
    evidence: whether `to_jsonl` shall tell the facts behind each score.

    >>> len(pair(["Neue Regierung in Wien", "New government in Vienna"]))
    0
    """
    options = _options({
        "text": text, "id": id, "lang": lang, "date": date, "languages": tuple(languages),
        "include": list(include), "exclude": list(exclude), "temp_dir": temp_dir,
    })
    wanted = {
        "min_score": min_score, "one_to_one": one_to_one, "candidates": candidates, "evidence": evidence,
    }
    return _core.pair(of(source, options), options, wanted)


def clean(
    source: Any,
    out: str | os.PathLike[str] | None = None,
    *,
    text: str = "text",
    id: str = "id",
    lang: str | None = None,
    date: str | None = None,
    threshold: float = 0.8,
    shingle: int = 5,
    min_words: int = 8,
    min_run: int = 50,
    keep: str = "longest",
    prefer: Sequence[str] = (),
    prefer_languages: Sequence[str] = (),
    protect: Sequence[str] = (),
    per_language: bool = False,
    passages: bool = False,
    include: Sequence[str] = (),
    exclude: Sequence[str] = (),
    temp_dir: str | os.PathLike[str] | None = None,
) -> Cleaning | dict[str, Any]:
    """Takes out of a corpus what it holds twice: copies, near-duplicates and
    documents that stand inside larger ones.

    With `out`, paths are cleaned into that folder as `doppelt clean` does, and
    the manifest comes back as a dict. Nothing is lost: `doppelt restore` puts
    the original together again. `passages` also cuts repeated passages.

    Without `out` nothing is written: a `Cleaning` names what stays (`kept`, in
    the order of the input) and what goes and why (`removed`).
    """
    options = _options({
        "text": text, "id": id, "lang": lang, "date": date, "threshold": threshold,
        "shingle": shingle, "min_words": min_words, "min_run": min_run,
        "find": ["documents", "contained", "passages"] if passages else ["documents", "contained"],
        "keep": keep, "prefer": list(prefer), "prefer_languages": list(prefer_languages),
        "protect": list(protect), "per_language": per_language, "include": list(include),
        "exclude": list(exclude), "temp_dir": temp_dir,
    })
    given = of(source, options)
    if out is None:
        if passages:
            raise ValueError("passages are cut from files only\n  hint: give paths and an output folder")
        return _core.clean_corpus(given, options)
    if in_memory(given):
        raise ValueError(
            "only files are cleaned into a folder\n  hint: without `out` the plan for the records comes back"
        )
    return json.loads(_core.clean_paths(given[1], out, passages, options))


def explain(
    left: str,
    right: str,
    *,
    threshold: float = 0.8,
    shingle: int = 5,
    languages: tuple[str, str] = ("de", "en"),
) -> str:
    """Says what each step makes of two texts, and why they are, or are not,
    near-duplicates or reports of the same event. The answer is for people."""
    options = _options({"threshold": threshold, "shingle": shingle, "languages": tuple(languages)})
    return _core.explain(("left", left), ("right", right), options)


class Index:
    """A corpus that is remembered in a folder, to ask which known documents
    resemble new ones without reading it again. The command line reads and
    writes the same folders (`doppelt index`, `doppelt check --against`)."""

    def __init__(self, folder: str | os.PathLike[str]) -> None:
        """Opens the index in `folder`."""
        self._core = _core.CoreIndex.open(folder)
        self.folder = os.fspath(folder)

    @classmethod
    def build(
        cls,
        folder: str | os.PathLike[str],
        source: Any,
        *,
        text: str = "text",
        id: str = "id",
        lang: str | None = None,
        date: str | None = None,
        threshold: float = 0.8,
        shingle: int = 5,
        min_words: int = 8,
        self_contained: bool | None = None,
    ) -> Index:
        """Makes an index of `source` in an empty folder. `self_contained`
        stores the texts; records in memory always are, paths by default not."""
        options = _options({
            "text": text, "id": id, "lang": lang, "date": date, "threshold": threshold,
            "shingle": shingle, "min_words": min_words,
        })
        given = of(source, options)
        if self_contained is None:
            self_contained = in_memory(given)
        elif in_memory(given) and not self_contained:
            raise ValueError("records in memory cannot be read again\n  hint: leave self_contained alone")
        _core.CoreIndex.build(folder, given, self_contained, options)
        return cls(folder)

    def add(self, source: Any) -> dict[str, int]:
        """Adds documents; one that is there with another text is replaced.
        Numbers of documents `added`, `replaced` and `unchanged`."""
        given = of(source, _DEFAULTS)
        counts = self._core.add(given, in_memory(given), _DEFAULTS)
        return dict(zip(("added", "replaced", "unchanged"), counts))

    def remove(self, ids: Iterable[str]) -> list[str]:
        """Removes documents by id; comes back with the ids that are not there."""
        return self._core.remove(list(ids))

    def query(self, source: Any) -> Table:
        """One row a known document that is similar to a new one: `document`
        (new), `known`, exact `jaccard` and `containment` in 0..1."""
        return self._core.query(of(source, _DEFAULTS), _DEFAULTS)

    def verify(self) -> None:
        """Checks every byte; raises doppelt.Error where one is damaged."""
        self._core.verify()

    @property
    def n_documents(self) -> int:
        """Number of documents."""
        return self._core.info()[0]

    @property
    def n_bytes(self) -> int:
        """Bytes on disk."""
        return self._core.info()[1]

    def __len__(self) -> int:
        return self.n_documents
