"""Pages of a list: counted ones, and those of which nobody counts how many rows there are."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Generic, TypeVar

from django.core.paginator import Page, Paginator
from django.db.models import Model, QuerySet
from django.http import HttpRequest

M = TypeVar("M", bound=Model)

LAST = 400  # an OFFSET reads what it skips; who looks further back narrows the list


@dataclass(frozen=True)
class Slice(Generic[M]):
    """One page of rows that nobody counts, since that would cost a full scan.

    `more` says whether another follows.
    """

    rows: Sequence[M]
    number: int
    first: int
    more: bool

    @property
    def last(self) -> int:
        return self.first + len(self.rows) - 1

    @property
    def next(self) -> int:
        return self.number + 1

    @property
    def previous(self) -> int | None:
        """The page before; None for the first, whose address needs no number."""
        return self.number - 1 if self.number > 2 else None


def slice_of(found: QuerySet[M], asked: str | None, *, size: int = 50) -> Slice[M]:
    """The page `asked` for, from 1; what is no page, or is past the end, is the first one."""
    number = int(asked) if asked and asked.isascii() and asked.isdigit() else 1
    number = number if 1 <= number <= LAST else 1
    start = (number - 1) * size
    rows = list(found[start : start + size + 1])
    if not rows and number > 1:
        return slice_of(found, None, size=size)
    return Slice(rows[:size], number, start + 1, len(rows) > size and number < LAST)


def paged(
    rows: QuerySet[M] | Sequence[M], request: HttpRequest, *, size: int, name: str = "page"
) -> Page[M]:
    """The page that `?page=` (or `?name=`) asks for, of rows that are counted; else the nearest."""
    return Paginator(rows, size).get_page(request.GET.get(name))
