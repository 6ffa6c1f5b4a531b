"""Whom a note mentions: `@` and a name, outside of code. Pure."""

from __future__ import annotations

import re
from collections.abc import Mapping

MOST = 20  # people of one note; a longer list is no note
_CODE = re.compile(r"```.*?(?:```|\Z)|`[^`\n]*`", re.DOTALL)
_AT = re.compile(r"(?<![\w@.])@(?=\w)")
_WORD = re.compile(r"[\w.'-]+")


def asks(body: str) -> bool:
    """Whether somebody may be mentioned at all: then their names are worth a look."""
    return _AT.search(_CODE.sub(" ", body)) is not None


def mentioned(body: str, people: Mapping[int, str]) -> list[int]:
    """The people (names by key) after an `@`, in the order of the text, each once.

    A name counts whatever its case and however its words are spaced. Of "Ana Pop" and "Ana Popescu"
    the longer one that fits is meant. A part of a name ("@Ana") is meant where only one has it.
    """
    text = " ".join(_CODE.sub(" ", body).split())
    names = sorted(
        ((_plain(name), key) for key, name in people.items()), key=lambda one: -len(one[0])
    )
    found: dict[int, None] = {}
    for at in _AT.finditer(text):
        key = _whole(text[at.end() :], names)
        if key is None:
            key = _part(text[at.end() :], names)
        if key is not None:
            found[key] = None
    return list(found)[:MOST]


def _whole(rest: str, names: list[tuple[str, int]]) -> int | None:
    rest = rest.casefold()
    for name, key in names:
        if name and rest.startswith(name) and not rest[len(name) : len(name) + 1].isalnum():
            return key
    return None


def _part(rest: str, names: list[tuple[str, int]]) -> int | None:
    word = _WORD.match(rest)
    if word is None:
        return None
    said = word[0].rstrip(".'-").casefold()
    fitting = {key for name, key in names if said in name.split()}
    return fitting.pop() if len(fitting) == 1 else None


def _plain(name: str) -> str:
    return " ".join(name.split()).casefold()
