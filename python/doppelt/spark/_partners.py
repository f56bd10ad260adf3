"""At most one partner for a document, the best pair first.

Taking the best pair of all, leaving out what it settles, and so on, passes one
pair at a time. But a pair that is the best of both its documents is taken
whatever happens elsewhere, so each round takes all of these at once; the pairs
are the same. Each round is a table of its own.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from pyspark.sql import Window
from pyspark.sql import functions as F

if TYPE_CHECKING:
    from pyspark.sql import DataFrame

    from ._work import Work

SCHEMA = (
    "left string, right string, score double, exact double, left_content long, right_content long, "
    "is_taken int"
)
# Of equal scores the smaller texts come first by content, then by id.
ORDER = ("left_content", "right_content", "left", "right")


def partners(work: Work, scored: DataFrame) -> DataFrame:
    """The pairs of `scored` that are taken."""
    turn, is_open = 0, True
    taken: DataFrame | None = None
    while is_open:
        turn += 1
        before = scored
        table = work.stage(f"partners-{turn}", SCHEMA, lambda: _round(before))
        found = table.where("is_taken = 1").drop("is_taken")
        taken = found if taken is None else taken.unionAll(found)
        scored = table.where("is_taken = 0").drop("is_taken")
        is_open = bool(scored.limit(1).count())
    return taken


def _round(pairs: DataFrame) -> DataFrame:
    """Takes pairs that are the best of both documents and leaves out the other
    pairs of these documents."""
    for side in ("left", "right"):
        best_first = Window.partitionBy(side).orderBy(F.col("exact").desc(), *ORDER)
        pairs = pairs.withColumn(f"{side}_place", F.row_number().over(best_first))
    is_best = (F.col("left_place") == 1) & (F.col("right_place") == 1)
    pairs = pairs.withColumn("is_taken", is_best.cast("int"))
    for side in ("left", "right"):
        of_side = F.max("is_taken").over(Window.partitionBy(side))
        pairs = pairs.withColumn(f"{side}_taken", of_side)
    pairs = pairs.where("is_taken = 1 or (left_taken = 0 and right_taken = 0)")
    return pairs.select(
        "left", "right", "score", "exact", "left_content", "right_content", "is_taken"
    )
