"""Near-duplicates of one corpus by one tool, in one process and one thread,
from JSON Lines on disk to pairs: seconds, memory and how many of the true
pairs were found.

    pip install doppelt rensa datasketch text-dedup
    python peers.py doppelt|rensa|datasketch|text-dedup CORPUS.jsonl TRUTH.tsv

TRUTH.tsv is what `doppelt scan CORPUS.jsonl --exact --pairs TRUTH.tsv` writes.
All use word 5-grams, 128 permutations and a threshold of 0.8; those that
report pairs on an estimate report those estimated at 0.8 or more. text-dedup
reports no pairs but which documents stay.
"""

from __future__ import annotations

import json
import os
import re
import resource
import subprocess
import sys
import tempfile
import time
from pathlib import Path

THRESHOLD, PERMUTATIONS, NGRAM = 0.8, 128, 5
WORD = re.compile(r"\w+")

Pairs = set[tuple[str, str]]


def shingles(text: str) -> set[str]:
    words = WORD.findall(text.lower())
    n = max(1, len(words) - NGRAM + 1)
    return {" ".join(words[i : i + NGRAM]) for i in range(n)} if words else set()


def documents(corpus: Path):
    with corpus.open(encoding="utf-8") as lines:
        for line in lines:
            record = json.loads(line)
            yield record["id"], record["text"]


def doppelt(corpus: Path) -> tuple[Pairs, int]:
    import doppelt

    outcome = doppelt.scan(corpus, threshold=THRESHOLD, find="tables")
    return {(left, right) for left, right, *_ in outcome.pairs.rows()}, len(outcome.removed)


def datasketch(corpus: Path) -> tuple[Pairs, None]:
    from datasketch import MinHash, MinHashLSH

    index = MinHashLSH(threshold=THRESHOLD, num_perm=PERMUTATIONS)
    known: dict[str, MinHash] = {}
    pairs: Pairs = set()
    for id, text in documents(corpus):
        sketch = MinHash(num_perm=PERMUTATIONS)
        sketch.update_batch([shingle.encode() for shingle in shingles(text)])
        for other in index.query(sketch):
            if sketch.jaccard(known[other]) >= THRESHOLD:
                pairs.add((min(id, other), max(id, other)))
        index.insert(id, sketch)
        known[id] = sketch
    return pairs, None


def rensa(corpus: Path) -> tuple[Pairs, None]:
    from rensa import RMinHash, RMinHashLSH

    index = RMinHashLSH(threshold=THRESHOLD, num_perm=PERMUTATIONS, num_bands=16)
    names: list[str] = []
    known: list[RMinHash] = []
    pairs: Pairs = set()
    for id, text in documents(corpus):
        sketch = RMinHash(num_perm=PERMUTATIONS, seed=42)
        sketch.update(list(shingles(text)))
        for other in index.query(sketch):
            if sketch.jaccard(known[other]) >= THRESHOLD:
                pairs.add((min(id, names[other]), max(id, names[other])))
        index.insert(len(known), sketch)
        names.append(id)
        known.append(sketch)
    return pairs, None


def text_dedup(corpus: Path) -> tuple[None, int]:
    with tempfile.TemporaryDirectory() as folder:
        command = [
            sys.executable, "-m", "text_dedup.minhash", "--path", "json", "--data_files", str(corpus),
            "--split", "train", "--cache_dir", f"{folder}/cache", "--output", f"{folder}/out",
            "--column", "text", "--ngram", str(NGRAM), "--num_perm", str(PERMUTATIONS),
            "--threshold", str(THRESHOLD), "--num_proc", "1",
        ]
        subprocess.run(command, check=True, capture_output=True)
        from datasets import load_from_disk

        return None, sum(1 for _ in documents(corpus)) - len(load_from_disk(f"{folder}/out"))


def main(tool: str, corpus: Path, truth: Path) -> None:
    os.environ["RAYON_NUM_THREADS"] = "1"
    start = time.perf_counter()
    pairs, removed = {f.__name__: f for f in (doppelt, datasketch, rensa, text_dedup)}[tool](corpus)
    told: dict[str, object] = {"tool": tool, "wall": round(time.perf_counter() - start, 1)}
    usage = [resource.getrusage(who) for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN)]
    told["cpu"] = round(sum(use.ru_utime + use.ru_stime for use in usage), 1)
    told["MiB"] = max(use.ru_maxrss for use in usage) // 1024
    if pairs is not None:
        rows = truth.read_text(encoding="utf-8").splitlines()[1:]
        expected = {tuple(row.split("\t")[:2]) for row in rows}
        told["recall"] = round(len(pairs & expected) / len(expected), 4)
        told["precision"] = round(len(pairs & expected) / len(pairs), 4)
    if removed is not None:
        told["removed"] = removed
    print(json.dumps(told))


if __name__ == "__main__":
    main(sys.argv[1].replace("-", "_"), Path(sys.argv[2]), Path(sys.argv[3]))
