"""A work directory: each stage is a Parquet table beside a mark that it is done.

A run that is started again reads what is marked and makes the rest. The mark
carries the parameters, so that a directory is never continued with others.
"""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from pyspark.errors import PySparkException
from pyspark.sql import functions as F

if TYPE_CHECKING:
    from pyspark.sql import DataFrame, SparkSession


class Work:
    def __init__(self, spark: SparkSession, folder: str, parameters: dict[str, Any]) -> None:
        self.spark = spark
        self.folder = folder.rstrip("/")
        self.parameters = json.dumps(parameters, sort_keys=True)
        self.resumed: list[str] = []

    def stage(self, name: str, schema: str, make: Callable[[], DataFrame]) -> DataFrame:
        """The table of a stage, made unless it is there already."""
        path, mark = f"{self.folder}/{name}", f"{self.folder}/{name}.done"
        if self._is_done(name, mark):
            self.resumed.append(name)
        else:
            make().write.mode("overwrite").parquet(path)
            done = self.spark.range(1).select(F.lit(self.parameters).alias("parameters"))
            done.write.mode("overwrite").parquet(mark)
        return self.spark.read.schema(schema).parquet(path)

    def _is_done(self, name: str, mark: str) -> bool:
        try:
            rows = self.spark.read.schema("parameters string").parquet(mark).collect()
        except PySparkException:
            return False
        if rows and rows[0].parameters != self.parameters:
            raise ValueError(
                f"{self.folder} holds another run\n"
                f"  cause: its stage {name} was made with {rows[0].parameters}\n"
                "  hint: give another work directory, or empty this one"
            )
        return bool(rows)
