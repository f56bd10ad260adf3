"""The same result as the command line, on a cluster.

`dedup` finds near-duplicates in a DataFrame and `pair` finds reports of the
same event in two languages, both with the DataFrame API alone (no RDDs, no
SparkContext, nothing that grows with the corpus on the driver), so the same
call runs on Spark, on Spark Connect and on Sail. The workers need this wheel
and pyarrow. Whatever decides a result is the core's; the engine moves rows,
adds integers and takes minima.

    from doppelt import spark
    found = spark.dedup(df, text="text", id="id", work="s3://bucket/run-1")
    cleaned = df.join(found.kept, "id", "left_semi")
    events = spark.pair(df, text="text", id="id", work="s3://bucket/run-2").pairs
"""

from ._dedup import Deduplicated, clusters_digest, dedup
from ._pair import Paired, pair, pairs_digest

__all__ = ["Deduplicated", "Paired", "clusters_digest", "dedup", "pair", "pairs_digest"]
