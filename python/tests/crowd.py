"""Writes the trap that broke other tools: near-copies of one text, all in one
bucket.   python crowd.py N OUT.jsonl"""

from __future__ import annotations

import json
import random
import sys

WORDS = 300


def main(n: int, path: str) -> None:
    draw = random.Random(5)
    text = [f"w{draw.randrange(5000)}" for _ in range(WORDS)]
    with open(path, "w", encoding="utf-8") as out:
        for i in range(n):
            words = list(text)
            words[draw.randrange(WORDS)] = f"x{i}"
            out.write(json.dumps({"id": f"n{i:07}", "text": " ".join(words)}) + "\n")


if __name__ == "__main__":
    main(int(sys.argv[1]), sys.argv[2])
