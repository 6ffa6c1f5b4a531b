"""What a page shows of an attached file: a picture, a text line by line, a mail as a mail."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import PurePath

from core.registries import ReadFile, file_readers
from core.text import printable
from tickets.models import Attachment

MOST_BYTES = 4 * 2**20  # of a text; a longer one is looked at on one's own machine
MOST_LINES = 5000  # on one page


@dataclass(frozen=True)
class Lines:
    """Some lines of a text with their numbers; `before` and `after` begin the pages beside it."""

    rows: list[tuple[int, str]]
    total: int
    before: int | None
    after: int | None


@dataclass(frozen=True)
class Shown:
    """At most one of these; none of them for what can only be downloaded."""

    picture: bool = False
    mail: ReadFile | None = None
    lines: Lines | None = None


def shown(file: Attachment, *, first: int = 1) -> Shown:
    """What there is to see, the lines of a text from `first` on. Raises FileNotFoundError."""
    if file.is_picture:
        return Shown(picture=True)
    if file.size > MOST_BYTES:
        return Shown()
    reader = file_readers.get(PurePath(file.name).suffix.lower())
    if reader is None and not file.is_text:
        return Shown()
    with file.file.open("rb") as opened:
        raw: bytes = opened.read()
    if reader is not None:
        return Shown(mail=reader(raw))
    return Shown(lines=_lines(raw, first))


def _lines(raw: bytes, first: int) -> Lines:
    """UTF-8, else Latin-1: a log in another code is still read, a character of it wrong."""
    try:
        text = raw.decode("utf-8-sig")
    except UnicodeDecodeError:
        text = raw.decode("latin-1")
    rows = printable(text).rstrip("\n").split("\n")
    begin = max(min(first, len(rows)) - 1, 0) // MOST_LINES * MOST_LINES
    page = rows[begin : begin + MOST_LINES]
    end = begin + len(page)
    return Lines(
        [(begin + index, line) for index, line in enumerate(page, 1)],
        len(rows),
        begin - MOST_LINES + 1 if begin else None,
        end + 1 if end < len(rows) else None,
    )
