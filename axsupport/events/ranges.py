"""Which part of a file a request asks for (RFC 9110, section 14). Pure."""

from __future__ import annotations

import re
from dataclasses import dataclass

_ONE = re.compile(r"bytes\s*=\s*(\d{0,18})\s*-\s*(\d{0,18})", re.IGNORECASE | re.ASCII)


@dataclass(frozen=True)
class Part:
    """`count` bytes from `start` on."""

    start: int
    count: int


class Unsatisfiable(Exception):
    """The range lies outside of the file: 416."""


def part_of(header: str, size: int) -> Part | None:
    """The part that `Range` names; None for the whole file.

    What is no range of bytes, and several at once, are answered with the whole, as the standard
    lets us. Raises `Unsatisfiable`.
    """
    found = _ONE.fullmatch(header.strip())
    if found is None or found.groups() == ("", ""):
        return None
    first, last = found.groups()
    if not first:  # the last so many bytes
        count = min(int(last), size)
        if count == 0:
            raise Unsatisfiable
        return Part(size - count, count)
    start = int(first)
    end = min(int(last), size - 1) if last else size - 1
    if last and int(last) < start:
        return None  # not a range at all
    if start >= size:
        raise Unsatisfiable
    return Part(start, end - start + 1)
