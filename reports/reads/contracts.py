"""The levels held and the Gold incidents of a month, as they stood at its cut-off (F1)."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from django.db.models import Prefetch, Q

from accounts.models import Organisation
from core.journal import label
from core.models import JournalEntry
from entitlements.enums import EntryKind, Level
from entitlements.models import GoLiveProject, IncidentPack, LedgerEntry, Licence, Subscription
from entitlements.reads.current import current_levels
from entitlements.reads.holdings import registered_term
from entitlements.rules.terms import Term
from reports.rules.content import GoldPack, LevelHeld
from reports.rules.months import Month

Bounds = tuple[datetime, datetime]


def levels_of(
    organisation: Organisation, month: Month, timezone: str, known_at: datetime
) -> tuple[LevelHeld, ...]:
    """Levels and projects that were active on some day of the month, Basic with them."""
    held = [
        *_paid(organisation, month, known_at),
        *_projects(organisation, month, known_at),
        *_basic(organisation, month, timezone, known_at),
    ]
    return tuple(held)


def gold_of(organisation: Organisation, timezone: str, bounds: Bounds) -> tuple[GoldPack, ...]:
    """Packs bought before the month's end that held something in it, the oldest first."""
    entries = LedgerEntry.objects.filter(at__lt=bounds[1]).select_related("incident")
    packs = IncidentPack.objects.filter(organisation=organisation, purchased_at__lt=bounds[1])
    history = Prefetch("entries", entries.order_by("at", "pk"), to_attr="history")
    zone = ZoneInfo(timezone)
    held: Any = packs.prefetch_related(history).order_by("purchased_at", "pk")
    found = (_pack(one, one.history, zone, bounds) for one in held)
    return tuple(pack for pack in found if pack is not None)


def _pack(
    pack: IncidentPack, history: Sequence[LedgerEntry], zone: ZoneInfo, bounds: Bounds
) -> GoldPack | None:
    before = [one for one in history if one.at < bounds[0]]
    during = [one for one in history if one.at >= bounds[0]]
    opening = before[-1].balance if before else 0
    if not (opening or during):
        return None
    remaining = during[-1].balance if during else opening
    spent = _on(during, EntryKind.CONSUME, EntryKind.REINSTATE)
    refunded = _on(during, EntryKind.REFUND)
    bought = sum(one.quantity for one in during if one.kind == EntryKind.PURCHASE)
    return GoldPack(
        bought_on=pack.purchased_at.astimezone(zone).date(),
        size=pack.quantity,
        opening=opening,
        bought=bought,
        spent_on=spent,
        refunded_on=refunded,
        other=remaining - opening - bought + len(spent) - len(refunded),
        remaining=remaining,
    )


def _on(entries: Sequence[LedgerEntry], *kinds: EntryKind) -> tuple[str, ...]:
    """The incidents that these entries name, once for each Gold incident."""
    return tuple(
        one.incident.number if one.incident else "–"
        for one in entries
        if one.kind in kinds
        for _ in range(one.quantity)
    )


def _paid(organisation: Organisation, month: Month, known_at: datetime) -> list[LevelHeld]:
    """What was sold by then and not void then; one that corrects another is known since it does."""
    sold = Subscription.objects.filter(
        organisation=organisation, bought_at__lt=known_at, starts_on__lte=month.last_on
    )
    sold = sold.filter(Q(void_at=None) | Q(void_at__gte=known_at))
    sold = sold.exclude(corrects__void_at__gte=known_at)
    rows = list(sold.select_related("licence").order_by("licence__key", "starts_on", "pk"))
    ends = _ends_then(rows, known_at)
    return [
        LevelHeld(
            level=one.get_level_display(),
            licence=one.licence.key,
            starts_on=one.starts_on,
            ends_on=ends[one.pk] - timedelta(days=1),
        )
        for one in rows
        if ends[one.pk] > month.first_on
    ]


def _ends_then(rows: Sequence[Subscription], known_at: datetime) -> dict[int, date]:
    """The first day without it, as it stood: a later end, cut or correction has it as `before`."""
    ends = {one.pk: one.ends_on for one in rows}
    subjects = {label(one): one.pk for one in rows}
    changes = JournalEntry.objects.filter(
        subject__in=list(subjects), at__gte=known_at, kind__startswith="subscription."
    )
    for subject, facts in changes.order_by("-at", "-pk").values_list("subject", "facts"):
        if isinstance(facts.get("before"), str):
            ends[subjects[subject]] = date.fromisoformat(facts["before"])
    return ends


def _projects(organisation: Organisation, month: Month, known_at: datetime) -> list[LevelHeld]:
    projects = GoLiveProject.objects.filter(
        organisation=organisation,
        made_at__lt=known_at,
        starts_on__lte=month.last_on,
        ends_on__gt=month.first_on,
    )
    return [
        LevelHeld(
            level=Level.GOLIVE.label,
            licence=one.name,
            starts_on=one.starts_on,
            ends_on=one.ends_on - timedelta(days=1),
        )
        for one in projects.order_by("starts_on", "pk")
    ]


def _basic(
    organisation: Organisation, month: Month, timezone: str, known_at: datetime
) -> list[LevelHeld]:
    """Basic that comes with a registration (rule 1), once that is confirmed (K1).

    The Basic that comes with a paid level is not repeated.
    """
    levels = current_levels()
    licences = Licence.objects.filter(organisation=organisation, made_at__lt=known_at)
    start = month.bounds(timezone)[0]
    terms = [
        (one, registered_term(one, levels, timezone))
        for one in licences.held_at(start).order_by("key", "pk")
    ]
    return [
        LevelHeld(
            level=Level.BASIC.label,
            licence=one.key,
            starts_on=term.starts_on,
            ends_on=term.last_on,
        )
        for one, term in terms
        if term and _touches(term, month) and one.counted_at(known_at)
    ]


def _touches(term: Term, month: Month) -> bool:
    return term.starts_on <= month.last_on and term.ends_on > month.first_on
