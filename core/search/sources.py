"""What search looks through: each app fills this registry with its kinds, when it starts.

A kind says what is indexed of its rows, which rows a person may see, and how a hit is shown. What
is found always goes through `visible`, whatever the index holds.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import TYPE_CHECKING, Any

from django.db.models import Q, QuerySet

from core.search.words import Chosen

if TYPE_CHECKING:
    from accounts.models import Person


@dataclass(frozen=True)
class Texts:
    """What one kind of reader may find: the heavier, the further up.

    `head` are names and numbers, `body` what was written, `quoted` what was only quoted again.
    """

    title: str = ""
    head: str = ""
    body: str = ""
    quoted: str = ""


@dataclass(frozen=True)
class Document:
    """What is indexed of one row. `of_staff` None: staff find just what customers find.

    Without an `organisation` everybody may find it. `language` is a code such as "de".
    """

    pk: int
    at: datetime
    of_customers: Texts
    organisation: int | None = None
    of_staff: Texts | None = None
    language: str = "en"


@dataclass(frozen=True)
class Shown:
    """How a hit is shown: `number` "" where the kind has none, `facts` for its row's template."""

    title: str
    url: str
    number: str = ""
    facts: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True)
class Source:
    """One kind of thing that can be found.

    `documents` gives what is indexed of the rows with these keys; a key without one is forgotten.
    `conditions` narrows by the fields that were typed, or is None for a kind that has no fields;
    `numbered` gives the rows that a word names outright, as a number does. `wall_is_enough`: this
    person sees all that the wall lets through, so that no more than the latest have to be asked
    for; `newest` is the order in which those are the first.
    """

    kind: str
    label: str
    documents: Callable[[Sequence[int]], Iterable[Document]]
    every: Callable[[], QuerySet[Any]]
    visible: Callable[[Person, datetime], QuerySet[Any]]
    shown: Callable[[QuerySet[Any], Person], Mapping[int, Shown]]
    conditions: Callable[[Sequence[Chosen], Person, datetime], Q] | None = None
    numbered: Callable[[str, datetime], Q | None] = lambda word, at: None
    wall_is_enough: Callable[[Person], bool] = lambda person: False
    newest: Sequence[str] = ("-pk",)


_sources: dict[str, Source] = {}


def add_source(source: Source) -> None:
    """Let this kind be found. Safe to repeat."""
    _sources[source.kind] = source


def sources() -> Sequence[Source]:
    """In the order in which the apps start, lowest first."""
    return tuple(_sources.values())


def source_of(kind: str) -> Source | None:
    return _sources.get(kind)
