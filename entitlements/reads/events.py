"""What happened to an organisation's contracts, newest first, in plain words.

The journal tells it (A1); the rows that it is about say which licence, which incident and which
currency. Reads only. Whoever calls has found the organisation and the licences through
`visible_to`.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from functools import reduce
from operator import or_
from typing import Any
from zoneinfo import ZoneInfo

from django.db.models import Exists, OuterRef, Q
from django.db.models.functions import TruncDate

from accounts.models import Organisation
from core.journal import label
from core.kinds import looks_of
from core.models import JournalEntry
from entitlements.enums import Edition, EntryKind, Level, RefundReason
from entitlements.levels import (
    CARRYING_LEVELS,
    PACK_LEVELS,
    PROJECT_LEVELS,
    REGISTERED_LEVELS,
)
from entitlements.models import (
    CoverageDecision,
    GoLiveProject,
    IncidentPack,
    LedgerEntry,
    LevelVersion,
    Licence,
    Order,
    RenewalProposal,
    Subscription,
)

Facts = Mapping[str, Any]

SIZE = 30  # events a page
LAST = 400  # an OFFSET reads what it skips; who looks further back narrows the list
CATALOGUE_NOTE = (
    "For reports from then on. Clocks that run keep the version they were opened under."
)

_KINDS = (
    "licence.",
    "subscription.",
    "pack.",
    "order.",
    "renewal.",
    "golive.",
    "technical_contract.",
    "incident.goodwill",
    "organisation.gold_default",
)
_ABOUT_CONTRACTS = reduce(or_, (Q(kind__startswith=kind) for kind in _KINDS))


@dataclass(frozen=True)
class Event:
    """One event. `actor` is "" for the desk itself; `price` is "" where nothing was paid."""

    at: datetime
    text: str
    detail: str = ""
    reason: str = ""
    price: str = ""
    actor: str = ""
    licence: str = ""
    incident: str = ""
    icon: str = "circle-dot"
    tone: str = ""


@dataclass(frozen=True)
class Page:
    """One page of events; `more` says whether older ones follow."""

    rows: Sequence[Event]
    number: int
    more: bool

    @property
    def next(self) -> int:
        return self.number + 1

    @property
    def previous(self) -> int | None:
        """The page before; None for the first, whose address needs no number."""
        return self.number - 1 if self.number > 2 else None


def events_of(
    organisation: Organisation, *, licences: Collection[Licence] | None = None, number: int = 1
) -> Page:
    """The events of an organisation, or only those of some of its licences; newest first.

    In eight queries at most for all of them, and in five more to find those of `licences`.
    Changes of the catalogue stand where they applied to somebody who held the level then; they
    are left out when some licences are asked for, and do not count as events of the page.
    """
    found = JournalEntry.objects.filter(_ABOUT_CONTRACTS, organisation=organisation)
    if licences is not None:
        found = found.filter(subject__in=_subjects_of(licences))
    number = number if 1 <= number <= LAST else 1
    start = (number - 1) * SIZE
    newest_first = found.select_related("by").order_by("-at", "-pk")
    entries = list(newest_first[start : start + SIZE + 1])
    more = len(entries) > SIZE and number < LAST
    shown = entries[:SIZE]
    told = _told(shown)
    if licences is None:
        since = shown[-1].at if more else None
        told += _catalogue(organisation, since, shown[0].at if number > 1 and shown else None)
        told.sort(key=lambda one: one.at, reverse=True)
    return Page(told, number, more)


def _subjects_of(licences: Collection[Licence]) -> list[str]:
    """The journal's names of these licences and of all that hangs on them."""
    rows: list[Any] = list(licences)
    for model in (Subscription, IncidentPack, Order, RenewalProposal):
        rows += model.objects.filter(licence__in=licences).only("pk")
    goodwill = CoverageDecision.objects.filter(licence__in=licences, goodwill=True)
    incidents = goodwill.exclude(incident=None).values_list("incident", flat=True)
    return [label(one) for one in rows] + [f"tickets.incident:{pk}" for pk in incidents]


@dataclass(frozen=True)
class _Known:
    """What the rows say that the journal does not."""

    licences: Mapping[str, str]  # by the journal's name of a row: the licence's key
    currencies: Mapping[str, str]
    numbers: Mapping[int, str]  # by incident
    refunds: Mapping[int, str]  # by incident: why, in words


def _told(entries: Sequence[JournalEntry]) -> list[Event]:
    known = _known(entries)
    return [_event(entry, known) for entry in entries]


def _known(entries: Sequence[JournalEntry]) -> _Known:
    licences, currencies = {}, {}
    for model in (Licence, Subscription, IncidentPack, Order, RenewalProposal):
        name = model._meta.label_lower
        pks = {_pk(one.subject) for one in entries if one.subject.startswith(f"{name}:")}
        if not pks:
            continue
        key = "key" if model is Licence else "licence__key"
        rows: Any = model.objects.filter(pk__in=pks).values_list("pk", key, "currency")
        for pk, licence, currency in rows:
            licences[f"{name}:{pk}"], currencies[f"{name}:{pk}"] = licence, currency
    numbers, refunds = _incidents(entries)
    return _Known(licences, currencies, numbers, refunds)


def _incidents(entries: Iterable[JournalEntry]) -> tuple[dict[int, str], dict[int, str]]:
    """The numbers of the incidents that the events name, and why Gold incidents came back."""
    spent, accepted = set(), set()
    for one in entries:
        if isinstance(one.facts.get("incident"), int):
            spent.add(one.facts["incident"])
        elif one.subject.startswith("tickets.incident:"):
            accepted.add(_pk(one.subject))
    numbers: dict[int, str] = {}
    refunds: dict[int, str] = {}
    if spent:
        moved = LedgerEntry.objects.filter(incident__in=spent)
        for pk, number, kind, why in moved.values_list(
            "incident", "incident__number", "kind", "reason"
        ):
            numbers[pk] = number
            if kind == EntryKind.REFUND:
                refunds[pk] = why
    if accepted:
        decided = CoverageDecision.objects.filter(incident__in=accepted)
        numbers |= dict(decided.values_list("incident", "incident__number"))
    return numbers, refunds


def _pk(subject: str) -> int:
    return int(subject.rpartition(":")[2])


def _event(entry: JournalEntry, known: _Known) -> Event:
    facts: Facts = entry.facts
    looks = looks_of(entry.kind)
    number = facts.get("incident") or (
        _pk(entry.subject) if entry.subject.startswith("tickets.incident:") else None
    )
    reason = str(facts.get("reason") or "")
    if entry.kind == "pack.refunded" and isinstance(number, int):
        reason = known.refunds.get(number, reason)
    return Event(
        at=entry.at,
        text=looks.text,
        detail=_detail(facts),
        reason=reason,
        price=_price(facts, known.currencies.get(entry.subject, "")),
        actor=str(entry.by) if entry.by else "",
        licence=known.licences.get(entry.subject, ""),
        incident=known.numbers.get(number, "") if isinstance(number, int) else "",
        icon=looks.icon,
        tone=looks.tone,
    )


def _detail(facts: Facts) -> str:
    """What a line says besides its text, who, why and the price."""
    parts = [_level(facts), _term(facts), _change(facts)]
    if quantity := facts.get("quantity"):
        parts.append(f"{quantity} Gold incident{'' if abs(int(quantity)) == 1 else 's'}")
    if day := _day(facts.get("registered_on")):
        parts.append(f"on {_written(day)}")
    if edition := facts.get("edition"):
        parts.append(str(dict(Edition.choices).get(edition, edition)))
    if why := facts.get("why"):
        parts.append(str(dict(RefundReason.choices).get(why, why)))
    parts += [str(facts[name]) for name in ("reference", "number") if facts.get(name)]
    return ", ".join(part for part in parts if part)


def _level(facts: Facts) -> str:
    return str(dict(Level.choices).get(str(facts.get("level")), ""))


def _term(facts: Facts) -> str:
    starts_on, ends_on = _day(facts.get("starts_on")), _day(facts.get("ends_on"))
    last = _written(ends_on - timedelta(days=1)) if ends_on else ""
    if starts_on and last:
        return f"{_written(starts_on)} to {last}"
    if last:
        return f"last day {last}"
    return f"from {_written(starts_on)}" if starts_on else ""


def _change(facts: Facts) -> str:
    """What it was before, and is now; days are written as days."""
    before, after = facts.get("before"), facts.get("after")
    words = [
        str(_written(day) if (day := _day(one)) else one)
        for one in (before, after)
        if isinstance(one, str) and one
    ]
    return f"{words[0]}, now {words[1]}" if len(words) == 2 else ""


def _price(facts: Facts, currency: str) -> str:
    return f"{facts['price']} {currency}".strip() if facts.get("price") is not None else ""


def _day(given: object) -> date | None:
    try:
        return date.fromisoformat(given) if isinstance(given, str) else None
    except ValueError:
        return None


def _written(day: date) -> str:
    return f"{day.day} {day:%b %Y}"


def _catalogue(
    organisation: Organisation, since: datetime | None, before: datetime | None
) -> list[Event]:
    """New versions of levels while the organisation held them, between two moments (R4)."""
    zone = ZoneInfo(organisation.timezone)
    paid = Subscription.objects.standing().filter(
        organisation=organisation,
        starts_on__lte=OuterRef("made_on"),
        ends_on__gt=OuterRef("made_on"),
    )
    projects = GoLiveProject.objects.filter(
        organisation=organisation,
        starts_on__lte=OuterRef("made_on"),
        ends_on__gt=OuterRef("made_on"),
    )
    owned = Licence.objects.filter(organisation=organisation, made_at__lte=OuterRef("made_at"))
    changes = LevelVersion.objects.filter(version__gt=1).annotate(
        made_on=TruncDate("made_at", tzinfo=zone)
    )
    changes = changes.filter(
        Q(Exists(paid.filter(level=OuterRef("level"))))
        | Q(Exists(paid.filter(level__in=CARRYING_LEVELS)), level__in=PACK_LEVELS)
        | Q(Exists(owned), level__in=REGISTERED_LEVELS)
        | Q(Exists(projects), level__in=PROJECT_LEVELS)
    )
    if since is not None:
        changes = changes.filter(made_at__gte=since)
    if before is not None:
        changes = changes.filter(made_at__lt=before)
    return [
        Event(
            at=one.made_at,
            text=f"The catalogue's {one.get_level_display()} changed to version {one.version}",
            detail=CATALOGUE_NOTE,
            actor=str(one.made_by) if one.made_by else "",
            icon="book-open",
        )
        for one in changes.select_related("made_by").order_by("-made_at", "-pk")
    ]
