"""The objects of a JSON file, one after the other, however long it is. Pure.

One object a line, one list of objects, or pages of an API ({"tickets": [...], "next_page": ...}).
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping
from typing import IO, Any

PIECE = 256 * 1024  # characters read at once
LONGEST = 64 * 1024 * 1024  # of one object
_BETWEEN = re.compile(r"[\s,\[\]\ufeff]*")


class NoJson(ValueError):
    """The file is no JSON, or one object of it is too long; its text says what helps."""


def objects_of(file: IO[str], name: str) -> Iterator[Mapping[str, Any]]:
    """Each object, with those of a page one by one. Error: `NoJson`."""
    decoder, waiting, at, count, piece = json.JSONDecoder(), "", 0, 0, PIECE
    while True:
        between = _BETWEEN.match(waiting, at)
        at = between.end() if between else at
        try:
            found, at = _decoded(decoder, waiting, at)
        except (RecursionError, ValueError) as error:  # nested, or a number, beyond all measure
            raise NoJson(f"{name} is no export after its object {count}: {error}.") from error
        if found is not None:
            piece = PIECE
            if isinstance(found, Mapping):
                count += 1
                yield from _of_page(found)
            continue
        more = file.read(piece)
        if not more:
            if waiting[at:].strip():
                raise NoJson(f"{name} is no JSON after its object {count}. Export it once more.")
            return
        waiting, at, piece = waiting[at:] + more, 0, piece * 2  # long ones are not tried each time
        if len(waiting) > LONGEST:
            raise NoJson(f"One object of {name} is too long. Export one object a line.")


def _decoded(decoder: json.JSONDecoder, waiting: str, at: int) -> tuple[Any, int]:
    """The next value and where it ends; None where it is not whole yet."""
    try:
        return decoder.raw_decode(waiting, at) if at < len(waiting) else (None, at)
    except json.JSONDecodeError:
        return None, at


def _of_page(found: Mapping[str, Any]) -> Iterator[Mapping[str, Any]]:
    """A page of an API is an object with one list and no key of its own."""
    lists = [
        value
        for value in found.values()
        if isinstance(value, list) and value and isinstance(value[0], Mapping)
    ]
    is_page = "id" not in found and "model" not in found and len(lists) == 1
    yield from (one for one in lists[0] if isinstance(one, Mapping)) if is_page else (found,)
