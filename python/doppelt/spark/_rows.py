"""What both jobs do with rows: the columns of the input, rows brought together
in order, and digests that need no order."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from pyspark.sql import Window
from pyspark.sql import functions as F

from doppelt import _core

from . import _map

if TYPE_CHECKING:
    from pyspark.sql import Column, DataFrame


@dataclass(frozen=True)
class Source:
    """The documents of a DataFrame: `id`, `content` and what else was asked for."""

    documents: DataFrame
    without_text: DataFrame

    @staticmethod
    def of(df: DataFrame, text: str, id: str, **further: str | None) -> Source:
        """Takes the columns named; `further` ones become strings, and null
        where none is named. Dates and times become seconds since 1970, as the
        command line reads them, whatever the time zone of the session."""
        kinds = dict(df.dtypes)
        kind = kinds.get(text)
        if kind != "string":
            raise ValueError(
                f"the column {text} holds {kind or 'nothing'}, not strings\n"
                f"  hint: name one of {', '.join(df.columns)} as text"
            )
        columns = [F.col(id).cast("string").alias("id"), F.col(text).alias("content")]
        for name, column in further.items():
            value = F.lit(None) if column is None else F.col(column)
            if column is not None and kinds.get(column) == "date":
                value = F.datediff(value, F.lit("1970-01-01").cast("date")).cast("long") * 86400
            elif column is not None and kinds.get(column) == "timestamp":
                value = value.cast("long")
            columns.append(value.cast("string").alias(name))
        rows = df.select(*columns)
        return Source(rows.where("content is not null"), rows.where("content is null"))

    def checked(self, documents: DataFrame) -> dict[str, int]:
        """Counts what was read; ids must tell documents apart."""
        repeated = documents.groupBy("id").agg(F.count("*").alias("n")).where("n > 1 or id is null")
        worst = repeated.orderBy(F.col("id").asc_nulls_first()).limit(1).collect()
        if worst and worst[0].id is None:
            raise ValueError(
                f"{worst[0].n} documents have no id\n  hint: ids come from the input; add a column"
            )
        if worst:
            raise ValueError(
                f"the id {worst[0].id} stands {worst[0].n} times\n  hint: ids must tell documents apart"
            )
        n = documents.count()
        if n == 0:
            raise ValueError("no document in the input\n  hint: is the right column named as text?")
        return {"documents": n, "skipped": self.without_text.count()}


def grouped(
    rows: DataFrame, by: list[str], order: list[str | Column], partitions: int | None
) -> DataFrame:
    """Brings rows of equal `by` together, in `order`. The number of a row
    is what makes engines keep the order: a sort that no operator asks for
    may be left out. The steps of the core check it."""
    if partitions:
        rows = rows.repartition(partitions, *(F.col(name) for name in by))
    return rows.withColumn("place", F.row_number().over(Window.partitionBy(*by).orderBy(*order)))


def order_free(table: DataFrame, parts: Callable[[Any], Any]) -> str:
    """The digest of a table: sums of hashes of rows, made by `parts`."""
    schema = "low long, high long, rows long"
    sums = table.mapInArrow(parts, schema).repartition(1).mapInArrow(_map.digest_sum, schema)
    digest = _core.Digest()
    for row in sums.collect():
        digest.join_sums(row.low, row.high, row.rows)
    return digest.hex()


def table_digest(path: str) -> str:
    """The same of a TSV file with a header."""
    digest = _core.Digest()
    with open(path, encoding="utf-8", newline="\n") as lines:
        next(lines, None)
        for line in lines:
            digest.add(line.removesuffix("\n"))
    return digest.hex()
