"""Near-duplicates on a cluster: documents, band keys, candidates, exact
comparison, clusters. `dedup` runs the stages of docs/scale.md."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from pyspark.sql import functions as F

from doppelt import _core

from . import _map
from ._components import components
from ._rows import Source, grouped, order_free, table_digest
from ._work import Work

if TYPE_CHECKING:
    from pyspark.sql import Column, DataFrame

# Digits of the greatest rank, 2^62.
RANK_DIGITS = 19
# Words of text whose shingle sets one task holds while it compares: 128 MB.
CELL_WORDS = 16_000_000
# Blocks of texts at least, so that several tasks share the comparing.
BLOCKS = 4

DOCUMENTS = "id string, text long, bytes long, n_words int, keys binary, rank long, language string"
TEXTS = (
    "text long, language string, id string, bytes long, n_words int, keys binary, rank long, copies long"
)
BUCKETS = "left long, right long, crowded long"
PAIRS = "left long, right long"
SIMILAR = "left long, right long, both int, n_left int, n_right int"
FATES = (
    "text long, language string, copies long, best string, kept long, kept_id string, kept_bytes long, "
    "both int, n_text int, n_kept int"
)
MEMBERS = "id string, cluster string, keep boolean, rule string, similarity double, containment double"


@dataclass(frozen=True)
class Deduplicated:
    """What `dedup` found; the DataFrames read the work directory."""

    clusters: DataFrame
    """One row a document in a cluster of two or more: `id`, `cluster` (the id
    of the kept document), `keep`. The rows of `doppelt scan --clusters`."""
    removed: DataFrame
    """One row a document that goes: `id`, `kept` (the one that stays for it),
    `rule`, exact `similarity` and `containment` in 0..1."""
    kept: DataFrame
    """The `id` of every document that stays."""
    digest: str
    """The same for the same table of clusters, in any order; `clusters_digest`
    tells that of a TSV file which `doppelt scan --clusters` wrote."""
    counts: dict[str, int]
    """`documents`, `skipped` (without a text), `candidates`, `pairs`,
    `clustered` and `removed`."""
    resumed: list[str]
    """Stages that were there from an earlier run."""


def dedup(
    df: DataFrame,
    text: str = "text",
    id: str = "id",
    *,
    work: str,
    threshold: float = 0.8,
    shingle: int = 5,
    keep: str = "longest",
    prefer: Sequence[str] = (),
    prefer_languages: Sequence[str] = (),
    per_language: bool = False,
    language: str | None = None,
    date: str | None = None,
    partitions: int | None = None,
) -> Deduplicated:
    """Finds the near-duplicates in `df` and which document of each cluster stays.

    text, id: names of the columns; ids must be unique and not null. Documents
        without a text are left out and counted.
    work: a directory for the stages, on storage that all workers see. Started
        again with the same one, a run goes on where it ended; it belongs to
        one input.
    threshold: Jaccard similarity, above 0 and up to 1, of sets of shingles.
    shingle: words in a shingle, 1 to 64.
    keep: "longest" (most words, then the first by id), "first" (by id),
        "newest" (by `date`, undated ones last), "language" (the first of
        `prefer_languages` that there is) or "path-priority" (the first of the
        patterns `prefer` that an id matches); of equals the longest.
    per_language: texts of different languages are never compared.
    language, date: names of the columns that state them; the language of a
        text is detected where none is stated.
    partitions: of every shuffle; those of the session (spark.sql.shuffle.partitions)
        unless given. The result does not depend on it.

    Raises ValueError for a parameter out of range and for ids that are
    missing or repeated, doppelt.Error if the input changes between stages.
    """
    rule = {
        "keep": keep, "prefer": list(prefer), "prefer_languages": list(prefer_languages), "date": date,
    }
    _core.Sketches(threshold, shingle, rule, per_language)
    parameters = {
        "algorithm": _core.ALGORITHM,
        "id": id,
        "language": language,
        "per_language": per_language,
        "shingle": shingle,
        "text": text,
        "threshold": threshold,
        **rule,
    }
    source = Source.of(df, text, id, language=language, date=date)
    work_ = Work(df.sparkSession, work, parameters)
    return _Job(work_, source, _Rule(threshold, shingle, rule, per_language), partitions).run()


@dataclass(frozen=True)
class _Rule:
    """What is similar, and what stays."""

    threshold: float
    shingle: int
    keep: dict[str, Any]
    per_language: bool


@dataclass(frozen=True)
class _Job:
    work: Work
    source: Source
    rule: _Rule
    partitions: int | None

    def run(self) -> Deduplicated:
        work = self.work
        documents = work.stage("documents", DOCUMENTS, self.documents)
        counts = self.source.checked(documents.select("id"))
        texts = work.stage("texts", TEXTS, lambda: self.texts(documents))
        all_texts = self.regardless(texts)
        buckets = work.stage("buckets", BUCKETS, lambda: self.buckets(all_texts))
        candidates = work.stage("candidates", PAIRS, lambda: self.candidates(all_texts, buckets))
        counts["candidates"] = candidates.count()
        similar = work.stage("similar", SIMILAR, lambda: self.similar(all_texts, candidates))
        counts["pairs"] = similar.count()
        forest = work.stage(
            "forest",
            PAIRS,
            lambda: similar.select("left", "right").mapInArrow(_map.stream("Forest"), PAIRS),
        )
        joined = components(work, forest)
        fates = work.stage("fates", FATES, lambda: self.fates(texts, similar, joined))
        members = work.stage("members", MEMBERS, lambda: self.members(documents, fates))
        clusters = members.select("id", "cluster", "keep")
        goes = members.where("not keep")
        removed = goes.select("id", F.col("cluster").alias("kept"), "rule", "similarity", "containment")
        kept = documents.select("id").join(removed.select("id"), "id", "left_anti")
        counts["clustered"], counts["removed"] = members.count(), removed.count()
        digest = order_free(clusters, _map.digest_clusters)
        return Deduplicated(clusters, removed, kept, digest, counts, work.resumed)

    def grouped(self, rows: DataFrame, by: list[str], order: list[str | Column]) -> DataFrame:
        return grouped(rows, by, order, self.partitions)

    def documents(self) -> DataFrame:
        rule = self.rule
        sketches = _map.sketches(rule.threshold, rule.shingle, rule.keep, rule.per_language)
        return self.source.documents.mapInArrow(sketches, DOCUMENTS)

    def texts(self, documents: DataFrame) -> DataFrame:
        """One row a text of equal words; the best copy stands for the others."""
        one = documents.where("text is not null").withColumn("best", _best())
        one = one.groupBy("text", "language").agg(
            F.min("best").alias("best"),
            F.min_by("bytes", "best").alias("bytes"),
            F.min("n_words").alias("n_words"),
            F.min("keys").alias("keys"),
            F.min("rank").alias("rank"),
            F.count("*").alias("copies"),
        )
        return one.select("text", "language", _best_id(), "bytes", "n_words", "keys", "rank", "copies")

    def regardless(self, texts: DataFrame) -> DataFrame:
        """The texts once each, of whatever language."""
        if not self.rule.per_language:
            return texts
        one = texts.withColumn("best", _best()).groupBy("text").agg(
            F.min("best").alias("best"),
            F.min("n_words").alias("n_words"),
            F.min("keys").alias("keys"),
            F.min("rank").alias("rank"),
        )
        return one.select("text", _best_id(), "n_words", "keys", "rank")

    def buckets(self, texts: DataFrame) -> DataFrame:
        rows = texts.select("text", "keys").mapInArrow(_map.bands(False), "key long, text long")
        # One more than fits is enough to know that a bucket is too full.
        rows = self.grouped(rows, ["key"], ["text"]).where(f"place <= {_core.BUCKET + 1}")
        return rows.mapInArrow(_map.stream("Buckets"), BUCKETS)

    def candidates(self, texts: DataFrame, buckets: DataFrame) -> DataFrame:
        pairs = buckets.where("crowded is null").select("left", "right")
        crowded = buckets.where("crowded is not null").select(F.col("crowded").alias("key")).distinct()
        if crowded.limit(1).count():
            schema = "key long, text long, next long, keys binary"
            rows = texts.select("text", "keys").mapInArrow(_map.bands(True), schema)
            rows = rows.join(crowded, "key", "left_semi")
            rows = rows.join(texts.select("text", "rank", "n_words", "id"), "text")
            best = rows.select("key", "text", "rank", "n_words", "id")
            best = self.grouped(best, ["key"], self.preference())
            pairs = pairs.unionAll(best.mapInArrow(_map.stream("Best"), PAIRS))
            rows = rows.select("key", "text", "next", "keys", "rank", "n_words", "id")
            rows = self.grouped(rows, ["key", "next"], self.preference())
            pairs = pairs.unionAll(rows.mapInArrow(_map.stream("Crowds"), PAIRS))
        return pairs.distinct()

    def preference(self) -> list[Column]:
        """The order of the keep rule; the best comes first."""
        words = [] if self.rule.keep["keep"] == "first" else [F.col("n_words").desc()]
        return [F.col("rank"), *words, F.col("id")]

    def similar(self, texts: DataFrame, candidates: DataFrame) -> DataFrame:
        """Sends every text once to each cell that has a pair with it."""
        ends = candidates.select(F.col("left").alias("text")).unionAll(
            candidates.select(F.col("right").alias("text"))
        )
        wanted = ends.distinct().join(texts.select("text", "id", "n_words"), "text")
        sizes = wanted.agg(F.count("*").alias("n"), F.sum("n_words").alias("words")).collect()[0]
        n_blocks = _blocks(candidates.count(), sizes.n, sizes.words or 0)

        def block(name: str) -> Any:
            return (F.col(name) % n_blocks + n_blocks) % n_blocks

        a, b = block("left"), block("right")
        pairs = candidates.select(
            (F.least(a, b) * n_blocks + F.greatest(a, b)).alias("cell"), "left", "right"
        )
        sent = pairs.select("cell", F.col("left").alias("text")).unionAll(
            pairs.select("cell", F.col("right").alias("text"))
        )
        contents = wanted.select("text", "id").join(self.source.documents, "id").select("text", "content")
        nothing = F.lit(None)
        rows = sent.distinct().join(contents, "text").select(
            "cell",
            F.lit(0).cast("int").alias("kind"),
            F.col("text").alias("left"),
            nothing.cast("long").alias("right"),
            "content",
        )
        rows = rows.unionAll(
            pairs.select(
                "cell",
                F.lit(1).cast("int").alias("kind"),
                "left",
                "right",
                nothing.cast("string").alias("content"),
            )
        )
        rows = self.grouped(rows, ["cell"], ["kind", "left", "right"])
        return rows.mapInArrow(_map.stream("Cells", self.rule.threshold, self.rule.shingle), SIMILAR)

    def fates(self, texts: DataFrame, similar: DataFrame, joined: DataFrame) -> DataFrame:
        """Runs the rule of clusters on every connected component."""
        nothing = F.lit(None)
        counts = ("both", "n_left", "n_right")
        nodes = texts.drop("keys").join(joined, "text", "left")
        nodes = nodes.where("component is not null or copies > 1").select(
            F.coalesce("component", "text").alias("component"),
            F.lit(0).cast("int").alias("kind"),
            F.col("text").alias("left"),
            nothing.cast("long").alias("right"),
            *(nothing.cast("int").alias(name) for name in counts),
            "n_words",
            "copies",
            "id",
            "bytes",
            "rank",
            "language",
        )
        edges = similar.join(joined, similar["left"] == joined["text"]).select(
            "component",
            F.lit(1).cast("int").alias("kind"),
            "left",
            "right",
            *counts,
            nothing.cast("int").alias("n_words"),
            nothing.cast("long").alias("copies"),
            nothing.cast("string").alias("id"),
            nothing.cast("long").alias("bytes"),
            nothing.cast("long").alias("rank"),
            nothing.cast("string").alias("language"),
        )
        rows = self.grouped(nodes.unionAll(edges), ["component"], ["kind", "left", "right"])
        return rows.mapInArrow(_map.stream("Clusters", self.rule.keep["keep"]), FATES)

    def members(self, documents: DataFrame, fates: DataFrame) -> DataFrame:
        """Spreads what was decided for texts over their copies."""
        own = documents.select("id", "text", "language", F.col("bytes").alias("own"))
        rows = own.join(fates, ["text", "language"])
        both, union = F.col("both"), F.col("n_text") + F.col("n_kept") - F.col("both")
        return rows.select(
            "id",
            F.col("kept_id").alias("cluster"),
            (F.col("id") == F.col("kept_id")).alias("keep"),
            F.when(F.col("own") == F.col("kept_bytes"), F.lit("exact-duplicate"))
            .otherwise(F.lit("near-duplicate"))
            .alias("rule"),
            (both.cast("double") / union).alias("similarity"),
            (both.cast("double") / F.least("n_text", "n_kept")).alias("containment"),
        )


def _best() -> Column:
    """Sorts copies of a text by the keep rule, as one string: rank, then id."""
    return F.concat(F.lpad(F.col("rank").cast("string"), RANK_DIGITS, "0"), "id")


def _best_id() -> Column:
    return F.expr(f"substring(best, {RANK_DIGITS + 1})").alias("id")


def _blocks(n_pairs: int, n_texts: int, n_words: int) -> int:
    """Into how many blocks to part the texts, so that the two blocks of a cell
    hold no more than CELL_WORDS: few where all are similar to all, more where
    each is similar to one."""
    if n_texts == 0:
        return 1
    crowded = 2 * n_words / CELL_WORDS
    sparse = math.sqrt(4 * n_pairs * (n_words / n_texts) / CELL_WORDS)
    return max(BLOCKS, math.ceil(min(crowded, sparse)))


def clusters_digest(path: str) -> str:
    """The digest of a table of clusters that `doppelt scan --clusters` wrote."""
    return table_digest(path)
