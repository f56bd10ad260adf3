"""A small corpus with everything in it, from a seed."""

from __future__ import annotations

import json
import random
import subprocess
import sys
from pathlib import Path

import pytest

VOCABULARY = [a + b + c for a in ("ver", "mi", "stadt", "re") for b in ("la", "ter", "ung", "ko", "no")
              for c in ("haus", "gier", "nis", "tion", "ment", "ge", "rin", "bank")]


def planted(n: int, seed: int) -> list[dict[str, str]]:
    """Documents of which about half are edits of an earlier one; ids in no
    order that means anything."""
    draw = random.Random(seed)
    texts: list[list[str]] = []
    for _ in range(n):
        kind = draw.random()
        if kind < 0.5 or not texts:
            words = [draw.choice(VOCABULARY) for _ in range(draw.randint(3, 120))]
        else:
            words = list(draw.choice(texts))
            if kind < 0.6:
                pass
            elif kind < 0.7:
                words = [word.upper() for word in words]
            elif kind < 0.9:
                for _ in range(draw.randint(1, 3)):
                    words[draw.randrange(len(words))] = draw.choice(VOCABULARY)
            else:
                words = words[: max(1, len(words) * 9 // 10)]
        texts.append(words)
    texts += [[], []]
    names = [f"d{number:05}" for number in range(len(texts))]
    draw.shuffle(names)
    return [{"id": name, "text": " ".join(words)} for name, words in zip(names, texts)]


@pytest.fixture(scope="session")
def records() -> list[dict[str, str]]:
    return planted(600, 7)


@pytest.fixture(scope="session")
def corpus(records: list[dict[str, str]], tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("corpus") / "corpus.jsonl"
    path.write_text("".join(json.dumps(record) + "\n" for record in records))
    return path


@pytest.fixture(scope="session")
def command_line():
    """Runs `python -m doppelt` with some arguments."""

    def run(*arguments: object, code: int = 0) -> str:
        command = [sys.executable, "-m", "doppelt", *map(str, arguments)]
        done = subprocess.run(command, capture_output=True, text=True)
        assert done.returncode == code, done.stderr
        return done.stdout

    return run
