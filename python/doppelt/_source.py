"""Tells apart what can be handed over as a source, by what it can do."""

from __future__ import annotations

import os
from collections.abc import Iterable, Iterator, Mapping
from itertools import chain
from typing import Any

Row = tuple["str | None", "str | None", "str | None", "str | None"]


def of(source: Any, options: Mapping[str, Any]) -> tuple[str, Any]:
    """What the core reads: ("paths", …), ("arrow", …) or ("records", …)."""
    if isinstance(source, (str, os.PathLike)):
        return "paths", [os.fspath(source)]
    if hasattr(source, "__arrow_c_stream__"):
        return "arrow", source
    if isinstance(source, Mapping) and source:
        raise TypeError(
            f"{type(source).__name__} is no source of documents\n"
            f"  hint: give one of its values, as source[{next(iter(source))!r}]"
        )
    if isinstance(source, Mapping) or not isinstance(source, Iterable):
        raise TypeError(
            f"{type(source).__name__} is no source of documents\n"
            "  hint: give a path, an Arrow table, or an iterable of strings or dicts"
        )
    items = iter(source)
    first = next(items, None)
    if hasattr(first, "__arrow_c_stream__") and hasattr(source, "with_format"):
        # A dataset that was formatted for tables hands out one a row.
        items = iter(source.with_format(None))
        first = next(items, None)
    if first is None:
        return "records", ()
    if isinstance(first, os.PathLike):
        return "paths", [os.fspath(path) for path in chain([first], items)]
    return "records", _rows(chain([first], items), options)


def in_memory(given: tuple[str, Any]) -> bool:
    """Whether there are no files behind it."""
    return given[0] != "paths"


def _rows(items: Iterable[Any], options: Mapping[str, Any]) -> Iterator[Row]:
    fields = [options["id"], options["text"], options["lang"], options["date"]]
    for place, item in enumerate(items):
        if isinstance(item, str):
            yield str(place), item, None, None
        elif isinstance(item, Mapping):
            row = [None if field is None else item.get(field) for field in fields]
            yield _name(row[0]), row[1], _name(row[2]), _name(row[3])
        else:
            raise TypeError(
                f"item {place} is a {type(item).__name__}\n  hint: give strings or dicts"
            )


def _name(value: Any) -> str | None:
    if value is None or isinstance(value, str):
        return value
    if isinstance(value, bool):
        return None
    return value.isoformat() if hasattr(value, "isoformat") else str(value)
