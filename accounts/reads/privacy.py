"""What would go before it goes: counts by kind and the oldest day, for the managers' page."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.db.models import Count, Min, QuerySet

from accounts.models import Erasure, Organisation, Person
from core import retention
from core.models import JournalEntry, Tombstone
from core.personal import held
from core.security import words_of

DONE = (
    "export",
    "person.erased",
    "person.erased_whole",
    "organisation.closed",
    "organisation.reopened",
)


@dataclass(frozen=True)
class Amount:
    """So many rows of a kind, the oldest of that day. `becomes`: what an erasure does to them."""

    what: str
    count: int
    oldest: date | None
    becomes: str = ""


@dataclass(frozen=True)
class Doing:
    """What somebody did; `by` is empty for the desk itself."""

    words: str
    subject: str
    at: datetime
    by: str


@dataclass(frozen=True)
class Retained:
    """A kind with its days (0: for ever), and what its next sweep takes."""

    label: str
    goes: str
    setting: str
    days: int
    due: Amount


def about(person: Person) -> list[Amount]:
    """What the desk holds about somebody, by kind: the account first."""
    found = []
    for table in sorted(held(), key=lambda one: one.model != "accounts.Person"):
        if table.own is None:
            continue
        count, oldest = _measured(table.own(person), table.day)
        if not count:
            continue
        if table.is_deleted:
            becomes = "is removed"
        elif table.texts or table.texts_by_hand:
            becomes = "stays without their name; its words go if you choose so"
        else:
            becomes = "stays without their name"
        found.append(Amount(table.what, count, oldest, becomes))
    return found


def retained(at: datetime) -> list[Retained]:
    """Each kind that grows old."""
    return [
        Retained(
            one.label,
            one.goes,
            one.setting,
            one.days,
            Amount(one.label, *_measured(one.due(at), one.moment)),
        )
        for one in retention.kinds()
    ]


def closed_organisations() -> Iterable[Organisation]:
    return Organisation.objects.filter(closed_at__isnull=False).order_by("closed_at", "pk")


def tombstones() -> QuerySet[Tombstone]:
    return Tombstone.objects.select_related("by").order_by("-pk")


def doings(most: int) -> list[Doing]:
    """Who exported, erased, closed; the latest first, read over the index of security events."""
    found = JournalEntry.objects.filter(is_security=True, kind__in=DONE).select_related("by")
    return [
        Doing(words_of(one.kind), one.subject, one.at, str(one.by) if one.by else "")
        for one in found.order_by("-at", "-pk")[:most]
    ]


def _measured(rows: QuerySet[Any], day: str) -> tuple[int, date | None]:
    sums: dict[str, Any] = {"count": Count("pk", distinct=True)}
    if day:
        sums["oldest"] = Min(day)
    found = rows.order_by().aggregate(**sums)
    oldest = found.get("oldest")
    return found["count"], oldest.date() if isinstance(oldest, datetime) else oldest


def erasures() -> QuerySet[Erasure]:
    """Those that go on first, then the latest."""
    return Erasure.objects.select_related("person", "asked_by").order_by("-done_at", "-asked_at")
