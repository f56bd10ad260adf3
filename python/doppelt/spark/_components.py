"""Connected components by large-star and small-star rounds.

Kiveris and others 2014: every text is joined, turn by turn, with the smallest
text among its larger and among its smaller neighbours, until nothing changes;
then each points at the smallest of its component. Only joins and minima are
used, so any engine gives the same; each round is a table of its own.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from pyspark.sql import functions as F

if TYPE_CHECKING:
    from pyspark.sql import DataFrame

    from ._work import Work

SCHEMA = "left long, right long"
# Primes just below 2^26: sums of remainders stay within 64 bits for 10^11 rows.
PRIMES = (67_108_859, 67_108_837, 67_108_819)


def components(work: Work, edges: DataFrame) -> DataFrame:
    """`text`, `component` (the smallest text of it) for every text that has an edge."""
    edges = work.stage("components-0", SCHEMA, lambda: _small_star(edges))
    known, done = _look(edges), False
    turn = 0
    while not done:
        turn += 1
        before = edges
        edges = work.stage(f"components-{turn}", SCHEMA, lambda: _small_star(_large_star(before)))
        look = _look(edges)
        known, done = look, look == known
    children = edges.select(F.col("left").alias("text"), F.col("right").alias("component"))
    roots = edges.select(F.col("right").alias("text"), F.col("right").alias("component")).distinct()
    return children.unionAll(roots)


def _large_star(edges: DataFrame) -> DataFrame:
    turned = edges.select(F.col("right").alias("left"), F.col("left").alias("right"))
    both = edges.unionAll(turned)
    smallest = both.groupBy("left").agg(F.min("right").alias("other"))
    smallest = smallest.select(F.col("left").alias("at"), F.least("left", "other").alias("smallest"))
    joined = both.join(smallest, both["left"] == smallest["at"])
    return joined.where("right > left").select(
        F.col("right").alias("left"), F.col("smallest").alias("right")
    )


def _small_star(edges: DataFrame) -> DataFrame:
    down = edges.select(
        F.greatest("left", "right").alias("left"), F.least("left", "right").alias("right")
    ).where("left != right")
    smallest = down.groupBy("left").agg(F.min("right").alias("smallest"))
    smallest = smallest.select(F.col("left").alias("at"), "smallest")
    joined = down.join(smallest, down["left"] == smallest["at"])
    others = joined.where("right != smallest").select(
        F.col("right").alias("left"), F.col("smallest").alias("right")
    )
    own = smallest.select(F.col("at").alias("left"), F.col("smallest").alias("right"))
    return others.unionAll(own).distinct()


def _look(edges: DataFrame) -> tuple[int, ...]:
    """Counts and sums that stay the same only when nothing changes any more."""
    parts = [F.count("*")]
    for name in ("left", "right"):
        for prime in PRIMES:
            parts.append(F.coalesce(F.sum((F.col(name) % prime + prime) % prime), F.lit(0)))
    return tuple(int(value) for value in edges.agg(*parts).collect()[0])
