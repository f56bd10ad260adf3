"""Runs one corpus through the command line and through an engine and compares
the tables of clusters, or with --pair those of cross-language pairs, byte for
byte. `parity.sh` and `spark_cluster.sh` call it.

The digest printed is the SHA-256 of the table, sorted as `doppelt scan
--clusters` and `doppelt pair` sort it. Sorting on one machine is for the test's
sake; the job itself adds up hashes (`digest`), which is compared as well.
"""

from __future__ import annotations

import argparse
import hashlib
import json
import random
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq

@dataclass(frozen=True)
class Job:
    """What is compared: the same on the command line and on an engine."""

    pairs: bool
    threshold: float
    one_to_one: bool

    def command(self, corpus: Path, table: Path) -> list[str]:
        if self.pairs:
            only = ["--one-to-one"] if self.one_to_one else []
            return ["pair", str(corpus), "--output", str(table), "--quiet", *only]
        told = ["--clusters", str(table), "--quiet", "--threshold", str(self.threshold)]
        return ["scan", str(corpus), *told]

    def table(self, spark: Any, given: str, work: str, partitions: int) -> tuple[str, str, dict[str, Any]]:
        """The table as the command line writes it, its digest without order, and counts."""
        from doppelt.spark import dedup, pair

        df = spark.read.parquet(given)
        if self.pairs:
            found = pair(df, work=work, partitions=partitions, one_to_one=self.one_to_one)
            rows = sorted((-row.score, row.left, row.right) for row in found.pairs.collect())
            lines = ["left\tright\tscore"] + [f"{left}\t{right}\t{-score:.4f}" for score, left, right in rows]
        else:
            found = dedup(df, work=work, partitions=partitions, threshold=self.threshold)
            assert found.kept.count() == found.counts["documents"] - found.counts["removed"]
            rows = sorted((row.cluster, row.id, row.keep) for row in found.clusters.collect())
            lines = ["id\tcluster\tkeep"] + [f"{id}\t{cluster}\t{int(keep)}" for cluster, id, keep in rows]
        return "".join(line + "\n" for line in lines), found.digest, found.counts


def command_line(corpus: Path, folder: Path, job: Job) -> tuple[str, str, float]:
    """SHA-256 and order-free digest of the command line's table, and seconds."""
    from doppelt.spark import clusters_digest, pairs_digest

    table = folder / "expected.tsv"
    start = time.perf_counter()
    command = [sys.executable, "-m", "doppelt", *job.command(corpus, table)]
    subprocess.run(command, check=True, stdout=subprocess.DEVNULL)
    seconds = time.perf_counter() - start
    own = pairs_digest if job.pairs else clusters_digest
    return hashlib.sha256(table.read_bytes()).hexdigest(), own(str(table)), seconds


def parted(corpus: Path, folder: Path, n: int, seed: int) -> str:
    """The corpus as `n` Parquet files, its documents in another order."""
    records = [json.loads(line) for line in corpus.read_text(encoding="utf-8").split("\n") if line]
    random.Random(seed).shuffle(records)
    folder = folder / f"input-{n}"
    folder.mkdir()
    for i in range(n):
        part = [{"id": str(record["id"]), "text": record["text"]} for record in records[i::n]]
        pq.write_table(pa.Table.from_pylist(part), folder / f"part-{i}.parquet")
    return str(folder)


@contextmanager
def sail_server() -> Iterator[str]:
    from pysail.spark import SparkConnectServer

    server = SparkConnectServer("127.0.0.1", 0)
    server.start(background=True)
    try:
        yield f"sc://127.0.0.1:{server.listening_address[1]}"
    finally:
        server.stop()


@contextmanager
def sail() -> Iterator[Any]:
    from pyspark.sql import SparkSession

    with sail_server() as address:
        spark = SparkSession.builder.remote(address).getOrCreate()
        try:
            yield spark
        finally:
            spark.stop()


@contextmanager
def cluster(master: str) -> Iterator[Any]:
    from pyspark.sql import SparkSession

    builder = SparkSession.builder.master(master).appName("parity")
    for key, value in {
        "spark.driver.host": "127.0.0.1",
        "spark.driver.memory": "1g",
        "spark.executor.memory": "700m",
        "spark.executor.cores": "1",
        "spark.ui.enabled": "false",
    }.items():
        builder = builder.config(key, value)
    spark = builder.getOrCreate()
    try:
        yield spark
    finally:
        spark.stop()


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("corpus", type=Path)
    parser.add_argument("--engine", choices=["sail", "spark"], default="sail")
    parser.add_argument("--master", default="local[2]")
    parser.add_argument("--partitions", type=int, nargs="+", default=[1, 3, 8])
    parser.add_argument("--threshold", type=float, default=0.8)
    parser.add_argument("--pair", action="store_true", help="cross-language pairs, not clusters")
    parser.add_argument("--one-to-one", action="store_true", help="with --pair: at most one partner")
    parser.add_argument("--work", type=Path, help="folder for the stages, to watch from outside")
    arguments = parser.parse_args()
    same = True
    with tempfile.TemporaryDirectory() as temporary:
        folder = Path(temporary)
        job = Job(arguments.pair, arguments.threshold, arguments.one_to_one)
        expected, expected_own, seconds = command_line(arguments.corpus, folder, job)
        print(f"cli              {expected}  {seconds:.1f} s", flush=True)
        with sail() if arguments.engine == "sail" else cluster(arguments.master) as spark:
            for n in arguments.partitions:
                given = parted(arguments.corpus, folder, n, seed=n)
                work = str((arguments.work or folder / "work") / str(n))
                start = time.perf_counter()
                table, own, counts = job.table(spark, given, work, n)
                told = {"seconds": round(time.perf_counter() - start, 1), **counts}
                digest = hashlib.sha256(table.encode()).hexdigest()
                print(f"{arguments.engine:5} {n:3} parts  {digest}  {json.dumps(told)}", flush=True)
                same &= digest == expected and own == expected_own
    print("same" if same else "DIFFERENT")
    return 0 if same else 1


if __name__ == "__main__":
    sys.exit(main())
