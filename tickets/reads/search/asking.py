"""A search as a page asks for it: from an address, with what it could have typed."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from accounts.models import Person
from core.search.results import Found, find
from core.search.words import Chosen, Word
from tickets.reads.search.conditions import fields_for, parsed_for

SUGGESTED = 8  # while somebody types


@dataclass(frozen=True)
class Chip:
    """One term that was understood, and the search without it."""

    text: str
    rest: str
    is_field: bool
    is_without: bool


@dataclass(frozen=True)
class Asked:
    """What was typed, what it found, and what else could be typed."""

    text: str
    found: Found
    examples: Sequence[tuple[str, str]]

    @property
    def chips(self) -> list[Chip]:
        parsed = self.found.parsed
        return [
            Chip(
                one.raw.removeprefix("-"),
                parsed.without(one),
                isinstance(one, Chosen),
                one.is_without,
            )
            for one in parsed.terms
        ]

    @property
    def has_words(self) -> bool:
        return any(isinstance(one, Word) for one in self.found.parsed.terms)


def asked_for(
    given: Mapping[str, str], person: Person, at: datetime, *, is_typing: bool = False
) -> Asked:
    """What `?q=` and `?page=` of an address find; a page that is none is the first one."""
    text = given.get("q", "")
    page = given.get("page", "")
    number = int(page) if page.isascii() and page.isdigit() and len(page) < 6 else 1
    parsed = parsed_for(text, person)
    if is_typing:
        found = find(parsed, person, at, size=SUGGESTED, is_typing=True)
    else:
        found = find(parsed, person, at, page=number)
    examples = [(one.name, one.examples) for one in fields_for(person).values()]
    return Asked(text.replace("\0", " ").strip(), found, examples)
