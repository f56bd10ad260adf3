"""Reports of the same event in two languages, on a cluster: facts, features,
weights, candidates, measures, scores, partners. `pair` runs the stages of
docs/scale.md."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from pyspark.sql import functions as F

from doppelt import _core

from . import _map
from ._partners import partners
from ._rows import Source, grouped, order_free, table_digest
from ._work import Work

if TYPE_CHECKING:
    from pyspark.sql import Column, DataFrame

FACTS = "id string, key long, side int, profile binary"
HOLDINGS = "feature long, key long, side int, holders long"
FEATURES = "feature long, holders long, n_left long, n_right long"
RARITIES = "feature long, rarity float, finds boolean"
WEIGHED = "id string, key long, side int, document binary, finds binary"
POSTINGS = "feature long, kind int, key long, weight float, norm float"
MEETINGS = "left long, feature long, weight float, rights binary"
CANDIDATES = "left long, right long, worth float"
MEASURED = (
    "left long, right long, left_id string, right_id string, left_content long, right_content long, "
    "likeness float, similarity float, sentences float, surprise float, rival float, days int, "
    "wanted boolean"
)
SCORED = (
    "left string, right string, score double, exact double, left_content long, right_content long"
)

# A feature is common if more than one in so many documents holds it. There are
# at most so many times the features of a document, some hundred thousand.
COMMON = 1000

# Documents whose hashes may be shared by accident.
ACCIDENTS = 1000


@dataclass(frozen=True)
class Paired:
    """What `pair` found; the DataFrame reads the work directory."""

    pairs: DataFrame
    """One row a pair: `left` (id of the document in the first language),
    `right`, `score` (a probability with four digits). The rows of `doppelt
    pair --format tsv`."""
    digest: str
    """The same for the same pairs, in any order; `pairs_digest` tells that of
    a TSV file which `doppelt pair` wrote."""
    counts: dict[str, int]
    """`documents`, `skipped` (without a text), `left` and `right` (documents of
    either language), `candidates` and `pairs`."""
    resumed: list[str]
    """Stages that were there from an earlier run."""


def pair(
    df: DataFrame,
    text: str = "text",
    id: str = "id",
    *,
    work: str,
    languages: tuple[str, str] = ("de", "en"),
    language: str | None = None,
    date: str | None = None,
    min_score: float = 0.5,
    one_to_one: bool = False,
    partitions: int | None = None,
) -> Paired:
    """Finds the pairs of documents in two languages that report the same event.

    text, id: names of the columns; ids must be unique and not null. Documents
        without a text are left out and counted, those in other languages are
        left out.
    work: a directory for the stages, on storage that all workers see. Started
        again with the same one, a run goes on where it ended; it belongs to
        one input.
    languages: ISO 639-1 codes; documents of the first one are on the left.
    language, date: names of the columns that state them; the language of a
        text is detected where none is stated.
    min_score: pairs are listed from this score on, 0 to 1.
    one_to_one: at most one partner for a document, the best pair first; the
        default is many to many, since several agencies report one event.
    partitions: of every shuffle; those of the session (spark.sql.shuffle.partitions)
        unless given. The result does not depend on it.

    Raises ValueError for a parameter out of range and for ids that are
    missing or repeated, doppelt.Error if the input changes between stages.
    """
    left, right = languages
    _core.Facts(left, right)
    _core.Columns(min_score, one_to_one)
    parameters = {
        "algorithm": _core.ALGORITHM,
        "date": date,
        "facts": _core.FACTS_VERSION,
        "id": id,
        "language": language,
        "languages": [left, right],
        "min_score": min_score,
        "one_to_one": one_to_one,
        "text": text,
    }
    source = Source.of(df, text, id, language=language, date=date)
    work_ = Work(df.sparkSession, work, parameters)
    return _Job(work_, source, _Rule((left, right), min_score, one_to_one), partitions).run()


@dataclass(frozen=True)
class _Rule:
    """What is paired, and what is accepted."""

    languages: tuple[str, str]
    min_score: float
    one_to_one: bool


@dataclass(frozen=True)
class _Job:
    work: Work
    source: Source
    rule: _Rule
    partitions: int | None

    def run(self) -> Paired:
        work = self.work
        facts = work.stage("facts", FACTS, self.facts)
        counts = self.source.checked(facts.select("id"))
        facts = apart(facts)
        for side, name in enumerate(("left", "right")):
            counts[name] = facts.where(F.col("side") == side).count()
        features = work.stage("features", FEATURES, lambda: self.features(facts))
        n = counts["left"], counts["right"]
        weighed = work.stage("weighed", WEIGHED, lambda: self.weighed(facts, features, n))
        candidates = work.stage("candidates", CANDIDATES, lambda: self.candidates(weighed))
        measured = work.stage("measured", MEASURED, lambda: self.measured(weighed, candidates))
        counts["candidates"] = measured.count()
        scored = work.stage("scored", SCORED, lambda: self.scored(weighed, measured))
        pairs = partners(work, scored) if self.rule.one_to_one else scored
        pairs = pairs.select("left", "right", "score")
        counts["pairs"] = pairs.count()
        return Paired(pairs, order_free(pairs, _map.digest_pairs), counts, work.resumed)

    def grouped(self, rows: DataFrame, by: list[str], order: list[str | Column]) -> DataFrame:
        return grouped(rows, by, order, self.partitions)

    def facts(self) -> DataFrame:
        return self.source.documents.mapInArrow(_map.each("Facts", *self.rule.languages), FACTS)

    def features(self, facts: DataFrame) -> DataFrame:
        """How many hold each feature; integers, so that parts may be added up
        in any order."""
        return _holdings(facts).groupBy("feature").agg(
            F.sum("holders").alias("holders"),
            F.sum(1 - F.col("side")).alias("n_left"),
            F.sum("side").alias("n_right"),
        )

    def weighed(self, facts: DataFrame, features: DataFrame, n: tuple[int, int]) -> DataFrame:
        """Brings the rarities of features back to the documents that hold them;
        those that very many hold are known everywhere and move no rows."""
        is_common = (F.col("n_left") + F.col("n_right")) * COMMON > n[0] + n[1]
        common, rare = (
            part.mapInArrow(_map.each("Rarities", *n), RARITIES)
            for part in (features.where(is_common), features.where(~is_common))
        )
        own = _holdings(facts).select("feature", "key").join(F.broadcast(common), "feature", "left")
        rest = own.where("rarity is null").select("feature", "key").join(rare, "feature")
        own = own.where("rarity is not null").unionByName(rest)
        nothing = F.lit(None)
        rows = facts.where("side is not null").select(
            "key",
            F.lit(0).cast("int").alias("kind"),
            nothing.cast("long").alias("feature"),
            nothing.cast("float").alias("rarity"),
            nothing.cast("boolean").alias("finds"),
            "id",
            "side",
            "profile",
        )
        rows = rows.unionAll(
            own.select(
                "key",
                F.lit(1).cast("int").alias("kind"),
                "feature",
                "rarity",
                "finds",
                nothing.cast("string").alias("id"),
                nothing.cast("int").alias("side"),
                nothing.cast("binary").alias("profile"),
            )
        )
        rows = self.grouped(rows, ["key"], ["kind", "feature"])
        return rows.mapInArrow(_map.stream("Weigh"), WEIGHED)

    def candidates(self, weighed: DataFrame) -> DataFrame:
        """Hands the right documents of a feature to each left one, as one value
        a row, and adds up what a left document was handed."""
        rows = weighed.select("key", "side", "document", "finds")
        rows = rows.mapInArrow(_map.each("Postings"), POSTINGS)
        rows = self.grouped(rows, ["feature"], ["kind", "key"])
        rows = rows.mapInArrow(_map.stream("Meetings"), MEETINGS)
        rows = self.grouped(rows, ["left"], ["feature"])
        return rows.mapInArrow(_map.stream("Candidates"), CANDIDATES)

    def measured(self, weighed: DataFrame, candidates: DataFrame) -> DataFrame:
        """Sends the candidates of a left document to where it is."""
        rights = candidates.join(
            weighed.select(F.col("key").alias("right"), "id", "document"), "right"
        ).select(
            "left",
            F.lit(1).cast("int").alias("kind"),
            "id",
            F.col("right").alias("key"),
            "worth",
            "document",
        )
        lefts = weighed.join(candidates.select(F.col("left").alias("key")).distinct(), "key", "left_semi")
        rows = rights.unionAll(
            lefts.select(
                F.col("key").alias("left"),
                F.lit(0).cast("int").alias("kind"),
                "id",
                "key",
                F.lit(None).cast("float").alias("worth"),
                "document",
            )
        )
        rows = self.grouped(rows, ["left"], ["kind", "id"])
        return rows.mapInArrow(_map.stream("Rows", self.rule.one_to_one), MEASURED)

    def scored(self, weighed: DataFrame, measured: DataFrame) -> DataFrame:
        """Sends the candidates of a right document to one place, with the left
        documents that are to be compared with each other."""
        documents = weighed.where("side = 0").select(F.col("key").alias("left"), "document")
        columns = [name for name in measured.columns if name != "wanted"]
        wanted = measured.where("wanted").join(documents, "left").select(*columns, "document")
        others = measured.where("not wanted").select(
            *columns, F.lit(None).cast("binary").alias("document")
        )
        order = [F.col("likeness").desc(), F.col("left_content"), F.col("left_id")]
        rows = self.grouped(wanted.unionAll(others), ["right"], order)
        step = _map.stream("Columns", self.rule.min_score, self.rule.one_to_one)
        return rows.mapInArrow(step, SCORED)


def apart(facts: DataFrame) -> DataFrame:
    """Gives every document a `key` of its own. Hashes of ids are that but for
    accidents: of 10^9 ids two share one with a probability of 3 %, of 10^10
    some three pairs do. Those get the next number; nothing depends on which."""
    shared = facts.groupBy("key").agg(F.count("*").alias("n")).where("n > 1")
    rows = facts.join(shared, "key", "left_semi").select("key", "id").limit(ACCIDENTS + 1).collect()
    if not rows:
        return facts
    if len(rows) > ACCIDENTS:
        raise ValueError(f"more than {ACCIDENTS} ids share hashes\n  hint: were they made to? use others")
    key, taken = F.col("key"), set()
    for row in sorted(rows, key=lambda row: (row.key, row.id)):
        own = row.key
        while own in taken:
            own = (own + 1 + 2**63) % 2**64 - 2**63
        taken.add(own)
        key = F.when(F.col("id") == row.id, F.lit(own).cast("long")).otherwise(key)
    # Another document might have had the next number.
    return apart(facts.withColumn("key", key))


def _holdings(facts: DataFrame) -> DataFrame:
    """One row a feature of every document."""
    rows = facts.where("side is not null").select("key", "side", "profile")
    return rows.mapInArrow(_map.each("Features"), HOLDINGS)


def pairs_digest(path: str) -> str:
    """The digest of a table of pairs that `doppelt pair --format tsv` wrote."""
    return table_digest(path)
