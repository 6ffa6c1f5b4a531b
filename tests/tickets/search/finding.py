"""What the tests of search share: indexing what is owed, and looking for it."""

from __future__ import annotations

from datetime import datetime

from accounts.models import Person
from core.models import SearchOwed
from core.search.indexing import work_off
from core.search.results import Found, find
from tests.factories import NINE, days
from tickets.reads.search.conditions import parsed_for

LATER = NINE + days(30)


def indexed() -> None:
    """Work off what the database says is owed."""
    work_off(list(SearchOwed.objects.values_list("pk", flat=True)))


def search(text: str, person: Person, *, at: datetime = LATER, is_typing: bool = False) -> Found:
    return find(parsed_for(text, person), person, at, is_typing=is_typing)


def titles(text: str, person: Person) -> list[str]:
    """The subjects that are found, best first."""
    return [one.shown.title for one in search(text, person).hits]
