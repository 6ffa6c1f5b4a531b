"""What a query string asks of the figures: days, and what narrows them. A link keeps all of it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date, datetime, time, timedelta
from typing import Any
from urllib.parse import parse_qsl, urlencode
from zoneinfo import ZoneInfo

from django.conf import settings
from django.db.models import QuerySet

from accounts.models import Organisation, Person
from accounts.querysets import owned_by_visible
from entitlements.enums import Level
from office.models import DayFigure
from office.reads.figures.facts import FACTS

WEEKS = 13
NOTHING = "~"  # of a level, service or cause: that there is none; no key has such a letter
NOBODY = -1  # of a tier or an engineer: that there is none
LONGEST = timedelta(days=750)


@dataclass(frozen=True)
class Asked:
    """Days are whole ones of the desk's zone, both inclusive; "" and 0 narrow nothing.

    `NOTHING` and `NOBODY` ask for what has none.
    """

    since: date
    until: date
    level: str = ""
    tier: int = 0
    service: str = ""
    customer: str = ""
    engineer: int = 0
    cause: str = ""

    @property
    def query(self) -> str:
        """The same as a query string."""
        given = {key: value for key, value in vars(self).items() if value}
        return urlencode(given)

    @property
    def narrowing(self) -> str:
        """The same without its days."""
        days = {"since", "until"}
        given = {key: value for key, value in vars(self).items() if value and key not in days}
        return urlencode(given)

    def but(self, **changes: Any) -> Asked:
        return replace(self, **changes)

    @property
    def bounds(self) -> tuple[datetime, datetime]:
        zone = ZoneInfo(settings.DESK_TIMEZONE)
        after = self.until + timedelta(days=1)
        return datetime.combine(self.since, time(), zone), datetime.combine(after, time(), zone)


def asked_by(query: Mapping[str, str], *, at: datetime) -> Asked:
    """What can not be read is left out; without days the last 13 weeks until today."""
    today = at.astimezone(ZoneInfo(settings.DESK_TIMEZONE)).date()
    until = _day(query.get("until", "")) or today
    monday = until - timedelta(days=until.weekday())
    since = _day(query.get("since", "")) or monday - timedelta(weeks=WEEKS - 1)
    since, until = min(since, until), max(since, until)
    return Asked(
        since=max(since, until - LONGEST),
        until=until,
        level=query["level"] if query.get("level") in (*Level.values, NOTHING) else "",
        tier=_number(query.get("tier", ""), most=3),
        service=query.get("service", "")[:40].replace("\0", ""),
        customer=query.get("customer", "")[:80].replace("\0", ""),
        engineer=_number(query.get("engineer", "")),
        cause=query.get("cause", "")[:40].replace("\0", ""),
    )


def asked_by_text(query: str, *, at: datetime) -> Asked:
    """The same of a query string."""
    return asked_by(dict(parse_qsl(query)), at=at)


def _day(text: str) -> date | None:
    try:
        found = date.fromisoformat(text[:10])
    except ValueError:
        return None
    return found if 2000 <= found.year <= 2100 else None


def _number(text: str, most: int = 2**62) -> int:
    if text == str(NOBODY):
        return NOBODY
    is_whole = len(text) <= 19 and text.isascii() and text.isdigit()
    return int(text) if is_whole and int(text) <= most else 0


def sums_for(asked: Asked, person: Person) -> QuerySet[DayFigure]:
    """The sums by day of what is asked for."""
    found = DayFigure.objects.visible_to(person).filter(day__gte=asked.since, day__lte=asked.until)
    if asked.customer:
        found = found.filter(organisation__in=_customer(asked.customer))
    return found.filter(**_wanted(asked, "")).order_by()


def facts_for(asked: Asked, person: Person, figure: str, *, at: datetime) -> QuerySet[Any, Any]:
    """The facts that a number counts, the newest first: the same, one by one."""
    start, end = asked.bounds
    rows = owned_by_visible(FACTS[figure].rows(at), person)
    found = rows.filter(f_at__gte=start, f_at__lt=end, **_wanted(asked, "f_"))
    if asked.customer:
        found = found.filter(organisation__in=_customer(asked.customer))
    return found.order_by("-f_at", "-pk")


def _customer(slug: str) -> QuerySet[Organisation, Any]:
    return Organisation.objects.filter(slug=slug).values("pk")


def _wanted(asked: Asked, prefix: str) -> dict[str, Any]:
    """What has none is "" or 0 in the facts."""
    given: dict[str, Any] = {
        "level": asked.level,
        "tier": asked.tier,
        "service": asked.service,
        "cause": asked.cause,
        "person": asked.engineer,
    }
    without = {NOTHING: "", NOBODY: 0}
    return {f"{prefix}{key}": without.get(value, value) for key, value in given.items() if value}
