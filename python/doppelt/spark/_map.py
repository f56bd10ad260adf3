"""The steps that the core does, as functions for `mapInArrow`.

Each builds its step on the worker, where the wheel is imported, and streams
the batches of one partition through it. Nothing here decides anything.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

Batches = Iterator[Any]


def sketches(*arguments: Any) -> Callable[[Batches], Batches]:
    def run(batches: Batches) -> Batches:
        from doppelt import _core

        step = _core.Sketches(*arguments)
        for batch in batches:
            yield step.sketch(batch)

    return run


def bands(with_keys: bool) -> Callable[[Batches], Batches]:
    def run(batches: Batches) -> Batches:
        from doppelt import _core

        step = _core.Bands(with_keys)
        for batch in batches:
            yield step.explode(batch)

    return run


def stream(name: str, *arguments: Any) -> Callable[[Batches], Batches]:
    """A step that keeps something from batch to batch: `push`, then `finish`."""

    def run(batches: Batches) -> Batches:
        from doppelt import _core

        step = getattr(_core, name)(*arguments)
        for batch in batches:
            answer = step.push(batch)
            if answer.num_rows:
                yield answer
        answer = step.finish()
        if answer.num_rows:
            yield answer

    return run


def each(name: str, *arguments: Any) -> Callable[[Batches], Batches]:
    """A step that keeps nothing from batch to batch."""

    def run(batches: Batches) -> Batches:
        from doppelt import _core

        step = getattr(_core, name)(*arguments)
        for batch in batches:
            yield step.each(batch)

    return run


def digest_clusters(batches: Batches) -> Batches:
    from doppelt import _core

    digest = _core.Digest()
    for batch in batches:
        digest.push(batch)
    yield digest.parts()


def digest_pairs(batches: Batches) -> Batches:
    from doppelt import _core

    digest = _core.Digest()
    for batch in batches:
        digest.push_pairs(batch)
    yield digest.parts()


def digest_sum(batches: Batches) -> Batches:
    from doppelt import _core

    digest = _core.Digest()
    for batch in batches:
        digest.join(batch)
    yield digest.parts()
