"""What the report of one organisation's month says, read through the walls.

Everything is counted in the organisation's own month: from its zone's midnight to the next
month's. Whoever calls has checked that the reader may see the organisation.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from django.conf import settings

from accounts.models import Organisation, Person
from core.journal import label
from core.models import JournalEntry
from entitlements.enums import Channel
from reports.reads.contracts import gold_of, levels_of
from reports.reads.delivered import contracts_of, findings_of, trainings_of
from reports.reads.engagements import engagements_of
from reports.reads.incidents import gathered
from reports.reads.past import RATED, Changes, Cut
from reports.reads.standing import standings
from reports.reads.trend import trend_of
from reports.reads.work import people_of, people_then
from reports.rules import figures as counting
from reports.rules.content import Comment, Manager, ReportContent, Satisfaction, Vendor
from reports.rules.engaged import Engaged
from reports.rules.months import Month
from tickets.enums import Priority
from tickets.models import Rating

Bounds = tuple[datetime, datetime]


def content_of(organisation: Organisation, month: Month, *, at: datetime) -> ReportContent:
    """What the report of `month` said or says at `at`, without the manager's own words (F1).

    What happened until the end of the month, or until `at` while it runs, as far as it was known
    at `at`: asked again later for the same `at`, the answer is the same to the letter.
    """
    then = _organisation_then(organisation, at)
    timezone = then["timezone"]
    start, end = month.bounds(timezone)
    cut = Cut(min(at, end), at)
    bounds = (start, cut.end)
    (standing,) = standings(organisation, [bounds], known_at=at)
    found = gathered(organisation, bounds, cut, standing)
    counts = counting.counts(
        found.rows,
        bounds,
        priorities=[str(one.label) for one in Priority],
        channels=[str(one.label) for one in Channel],
    )
    return ReportContent(
        organisation=then["name"],
        timezone=timezone,
        country=then["country"],
        month=str(month),
        as_of=cut.end,
        known_at=at,
        vendor=_vendor(),
        manager=_manager(then["tam_id"], at),
        levels=levels_of(organisation, month, timezone, at),
        counts=counts,
        first_answer=counting.first_answer(found.rows, bounds),
        solving=counting.solving(found.rows, bounds),
        incidents=found.rows,
        people=people_of(found.work, found.numbers, bounds),
        gold=gold_of(organisation, timezone, bounds),
        satisfaction=_satisfaction(organisation, bounds, found.changes, cut, counts.solved),
        weeks=counting.weeks(found.rows, month, timezone),
        trend=trend_of(organisation, month, timezone, known_at=at),
        engaged=Engaged(
            engagements=engagements_of(organisation, timezone, bounds, cut),
            contracts=contracts_of(organisation, month, timezone, bounds, cut),
            trainings=trainings_of(organisation, bounds, cut),
            findings=findings_of(organisation, timezone, cut),
        ),
    )


def _satisfaction(
    organisation: Organisation, bounds: Bounds, changes: Changes, cut: Cut, asked: int
) -> Satisfaction:
    """The answers of the month; one that was thought over counts as it was known."""
    given = Rating.objects.filter(
        organisation=organisation, given_at__gte=bounds[0], given_at__lt=bounds[1]
    )
    answers = []
    for one in given.select_related("incident").order_by("given_at", "pk"):
        was = changes.before(one.incident_id, cut, (), RATED) or {}
        said = was.get("comment", one.comment)
        answers.append(
            Comment(
                incident=one.incident.number,
                rating=was.get("score", one.score),
                text="" if one.incident.is_private else said,  # counts, without its words (F4)
            )
        )
    return Satisfaction(asked=asked, given=tuple(answers))


def _organisation_then(organisation: Organisation, at: datetime) -> Mapping[str, Any]:
    """Name, zone, country and account manager as they were at `at`."""
    now = {name: getattr(organisation, name) for name in ("name", "timezone", "country", "tam_id")}
    changed = JournalEntry.objects.filter(
        subject=label(organisation), kind="organisation.changed", at__gte=at
    )
    first = changed.order_by("at", "pk").values_list("facts", flat=True).first()
    before = first.get("before", {}) if first else {}
    return now | {name: before[name] for name in now if name in before}


def _vendor() -> Vendor:
    facts = settings.VENDOR
    return Vendor(
        name=facts["name"],
        address=tuple(line.strip() for line in facts["address"].split(",")),
        support_address=facts["support_address"],
        phone=facts["phone"],
        web=facts["web"],
    )


def _manager(tam: int | None, at: datetime) -> Manager | None:
    found = Person.objects.filter(pk=tam).first() if tam else None
    if found is None:
        return None
    name, _ = people_then([found.pk], at)[found.pk]
    return Manager(name=name, email=found.email)
