"""`python -m doppelt.spark INPUT… --work DIR`, or the same with spark-submit.

Reads Parquet or JSON Lines, removes near-duplicates and writes below DIR what
`dedup` made: `clusters`, `removed` and `kept` as Parquet, and with --cleaned
the documents that stay. With --pair it finds reports of the same event in two
languages instead, and `pairs` below DIR is what `pair` made. Prints one JSON
object with the digest and the counts.
"""

from __future__ import annotations

import argparse
import json
import sys
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from pyspark.sql import DataFrame


def main() -> int:
    arguments = _parser().parse_args()
    _refuse_what_has_no_effect(arguments)
    from pyspark.sql import SparkSession

    # spark-submit runs this file as a script, so names are absolute.
    from doppelt import Error

    builder = SparkSession.builder.appName("doppelt")
    spark = (builder.remote(arguments.remote) if arguments.remote else builder).getOrCreate()
    reader = spark.read
    is_json = all(path.rstrip("/").endswith((".jsonl", ".ndjson", ".json", ".gz")) for path in arguments.input)
    try:
        df = reader.json(arguments.input) if is_json else reader.parquet(*arguments.input)
        told = _paired(df, arguments) if arguments.pair else _deduplicated(df, arguments)
    except (Error, ValueError) as error:
        print(f"doppelt: error: {error}", file=sys.stderr)
        return 2
    print(json.dumps(told))
    return 0


def _deduplicated(df: DataFrame, arguments: argparse.Namespace) -> dict[str, Any]:
    from doppelt.spark import dedup

    found = dedup(
        df,
        arguments.text,
        arguments.id,
        work=arguments.work,
        threshold=arguments.threshold,
        shingle=arguments.shingle,
        keep=arguments.keep,
        prefer=arguments.prefer,
        prefer_languages=[code for code in arguments.prefer_language.split(",") if code],
        per_language=arguments.per_language,
        language=arguments.language,
        date=arguments.date,
        partitions=arguments.partitions,
    )
    work = arguments.work.rstrip("/")
    for name, table in (("clusters", found.clusters), ("removed", found.removed), ("kept", found.kept)):
        table.write.mode("overwrite").parquet(f"{work}/{name}")
    if arguments.cleaned:
        kept = df.sparkSession.read.schema("id string").parquet(f"{work}/kept")
        key = df[arguments.id].cast("string")
        df.join(kept, key == kept["id"], "left_semi").write.parquet(arguments.cleaned)
    return {"digest": found.digest, **found.counts, "resumed": found.resumed}


def _paired(df: DataFrame, arguments: argparse.Namespace) -> dict[str, Any]:
    from doppelt.spark import pair

    left, _, right = arguments.languages.partition(",")
    found = pair(
        df,
        arguments.text,
        arguments.id,
        work=arguments.work,
        languages=(left, right),
        language=arguments.language,
        date=arguments.date,
        min_score=arguments.min_score,
        one_to_one=arguments.one_to_one,
        partitions=arguments.partitions,
    )
    found.pairs.write.mode("overwrite").parquet(f"{arguments.work.rstrip('/')}/pairs")
    return {"digest": found.digest, **found.counts, "resumed": found.resumed}


def _refuse_what_has_no_effect(arguments: argparse.Namespace) -> None:
    parser = _parser()
    of_pairs = {"languages", "min_score", "one_to_one"}
    of_copies = {"cleaned", "threshold", "shingle", "keep", "prefer", "prefer_language", "per_language"}
    for name in sorted(of_copies if arguments.pair else of_pairs):
        if getattr(arguments, name) != parser.get_default(name):
            flag = "--" + name.replace("_", "-")
            parser.error(f"{flag} has no effect {'with' if arguments.pair else 'without'} --pair")


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m doppelt.spark", description=__doc__)
    parser.add_argument("input", nargs="+", help="Parquet or JSON Lines, as the engine names paths")
    parser.add_argument("--work", required=True, help="directory for the stages, seen by all workers")
    parser.add_argument("--cleaned", help="write the documents that stay there, as Parquet")
    parser.add_argument("--text", default="text", help="column of the text [text]")
    parser.add_argument("--id", default="id", help="column of the id [id]")
    parser.add_argument("--threshold", type=float, default=0.8, help="Jaccard similarity [0.8]")
    parser.add_argument("--shingle", type=int, default=5, help="words of a shingle [5]")
    rules = ["longest", "first", "newest", "language", "path-priority"]
    parser.add_argument("--keep", default="longest", choices=rules, help="which copy stays [longest]")
    parser.add_argument(
        "--prefer", action="append", default=[], help="for path-priority: a pattern of ids; repeatable"
    )
    parser.add_argument("--prefer-language", default="", help="for language: codes, the best first")
    parser.add_argument("--per-language", action="store_true", help="never compare two languages")
    parser.add_argument("--language", help="column of the language [detected where it is needed]")
    parser.add_argument("--date", help="column of the date")
    parser.add_argument("--pair", action="store_true", help="find reports of the same event instead")
    parser.add_argument("--languages", default="de,en", help="with --pair: of the left and the right [de,en]")
    parser.add_argument("--min-score", type=float, default=0.5, help="with --pair: list from here on [0.5]")
    parser.add_argument("--one-to-one", action="store_true", help="with --pair: at most one partner")
    parser.add_argument("--partitions", type=int, help="of every shuffle [as the session has it]")
    parser.add_argument("--remote", help="a Spark Connect server or Sail, such as sc://localhost:50051")
    return parser


if __name__ == "__main__":
    sys.exit(main())
