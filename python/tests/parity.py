"""Runs one corpus through the command line and through an engine and compares
the tables of clusters, byte for byte. `parity.sh` and `spark_cluster.sh` call it.

The digest printed is the SHA-256 of the table of clusters, sorted as `doppelt
scan --clusters` sorts it. Sorting on one machine is for the test's sake; the
job itself adds up hashes (`Deduplicated.digest`), which is compared as well.
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
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq

HEADER = "id\tcluster\tkeep\n"


def command_line(corpus: Path, folder: Path, threshold: float) -> tuple[str, str, float]:
    """SHA-256 and order-free digest of the command line's table, and seconds."""
    from doppelt.spark import clusters_digest

    table = folder / "clusters.tsv"
    start = time.perf_counter()
    command = [sys.executable, "-m", "doppelt", "scan", corpus, "--clusters", table, "--quiet"]
    subprocess.run(
        [*map(str, command), "--threshold", str(threshold)], check=True, stdout=subprocess.DEVNULL
    )
    seconds = time.perf_counter() - start
    return hashlib.sha256(table.read_bytes()).hexdigest(), clusters_digest(str(table)), seconds


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


def engine(spark: Any, given: str, work: str, partitions: int, threshold: float) -> tuple[str, str, dict]:
    """The same of an engine."""
    from doppelt.spark import dedup

    start = time.perf_counter()
    found = dedup(spark.read.parquet(given), work=work, partitions=partitions, threshold=threshold)
    seconds = time.perf_counter() - start
    rows = sorted((row.cluster, row.id, row.keep) for row in found.clusters.collect())
    lines = [f"{id}\t{cluster}\t{int(keep)}\n" for cluster, id, keep in rows]
    digest = hashlib.sha256("".join([HEADER, *lines]).encode()).hexdigest()
    assert found.kept.count() == found.counts["documents"] - found.counts["removed"]
    return digest, found.digest, {"seconds": round(seconds, 1), **found.counts}


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
    parser.add_argument("--work", type=Path, help="folder for the stages, to watch from outside")
    arguments = parser.parse_args()
    same = True
    with tempfile.TemporaryDirectory() as temporary:
        folder = Path(temporary)
        expected, job_digest, seconds = command_line(arguments.corpus, folder, arguments.threshold)
        print(f"cli              {expected}  {seconds:.1f} s", flush=True)
        with sail() if arguments.engine == "sail" else cluster(arguments.master) as spark:
            for n in arguments.partitions:
                given = parted(arguments.corpus, folder, n, seed=n)
                work = str((arguments.work or folder / "work") / str(n))
                digest, own, told = engine(spark, given, work, n, arguments.threshold)
                print(f"{arguments.engine:5} {n:3} parts  {digest}  {json.dumps(told)}", flush=True)
                same &= digest == expected and own == job_digest
    print("same" if same else "DIFFERENT")
    return 0 if same else 1


if __name__ == "__main__":
    sys.exit(main())
