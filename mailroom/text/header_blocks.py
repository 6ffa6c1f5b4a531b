"""Where a text quotes a mail with its header: From, Sent, To, Subject, in whatever language."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator, Sequence

from mailroom.text import markers

# Beyond these a line is taken as written text: bounds the time, not the text.
MAX_LINES = 3_000
MAX_LINE = 1_000
PREFIX = re.compile(r"[>\s]*>")


def header_blocks(lines: Sequence[str], fenced: Collection[int]) -> Iterator[tuple[int, int]]:
    """(first line, line behind the last) of each; `fenced` lines are code."""
    at, end = 0, min(len(lines), MAX_LINES)
    while at < end:
        if at in fenced:
            at += 1
            continue
        if length := _of_any_language(lines, at, end):
            yield at, at + length
            at += length
        elif markers.FIELD.match(bare(lines[at])):
            stop, fields = _known_fields(lines, at, end)
            if len(fields) >= 3 and not _is_shown(lines, at, stop):
                yield at, fields[-1] + 1
            at = stop
        else:
            at += 1


def bare(line: str) -> str:
    """`line` without quotation marks in front."""
    line = line[:MAX_LINE]
    match = PREFIX.match(line)
    return (line[match.end() :] if match else line).strip()


def _known_fields(lines: Sequence[str], start: int, end: int) -> tuple[int, list[int]]:
    """(where the paragraph ends, its lines with names that we know)."""
    stop = start
    while stop < end and bare(lines[stop]):
        stop += 1
    fields = [at for at in range(start, stop) if markers.FIELD.match(bare(lines[at]))]
    # The block ends where the text begins, which may follow without an empty line.
    while len(fields) > 2 and fields[-1] - fields[-2] > 3:
        fields.pop()
    return stop, fields


def _is_shown(lines: Sequence[str], start: int, stop: int) -> bool:
    """A pasted header of a mail with its transport fields is what the incident is about."""
    above = start
    while above > 0 and start - above < 30 and bare(lines[above - 1]):
        above -= 1
    return any(markers.TRANSPORT_FIELD.match(bare(lines[at])) for at in range(above, stop))


def _of_any_language(lines: Sequence[str], start: int, end: int) -> int:
    """The lines of a header block by its form alone; 0 if none begins here.

    It has three to seven fields: somebody's address in the first, a time, and our own subject.
    """
    if start and bare(lines[start - 1]) and not markers.DELIMITER.fullmatch(bare(lines[start - 1])):
        return 0
    fields: list[str] = []
    for line in map(bare, lines[start : min(end, start + 8)]):
        if not markers.ANY_FIELD.match(line):
            break
        fields.append(line)
    if not 3 <= len(fields) <= 7 or not markers.ADDRESS.search(fields[0]):
        return 0
    has_time = any(markers.TIME.search(one) for one in fields[1:])
    is_ours = any(markers.OUR_SUBJECT.search(one) for one in fields[1:])
    return len(fields) if has_time and is_ours else 0
