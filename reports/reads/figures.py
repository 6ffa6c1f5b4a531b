"""The figures of one organisation's month: one query a figure, read through the walls.

Everything is counted in the organisation's own month: from its zone's midnight to the next
month's. Whoever calls has checked that the reader may see the organisation.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from datetime import datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from django.conf import settings
from django.db.models import Count, F, Max, Prefetch, Q

from accounts.enums import Role
from accounts.models import Organisation
from entitlements.enums import Channel, EntryKind, Level
from entitlements.models import GoLiveProject, IncidentPack, LedgerEntry, Subscription
from entitlements.reads.current import working_calendar
from reports.reads.standing import Standing, standings
from reports.rules.figures import (
    Comment,
    Counts,
    GoldPack,
    IncidentRow,
    LevelHeld,
    Manager,
    PersonRow,
    ReportContent,
    Satisfaction,
    Spans,
    Tally,
    TrendMonth,
    Vendor,
    WeekCount,
)
from reports.rules.months import Month
from tickets.enums import PUBLIC_KINDS, MessageKind, Priority, Tier
from tickets.models import Handover, Incident, Message, Rating, ResponseTarget

TREND_MONTHS = 5
Bounds = tuple[datetime, datetime]


def content_of(organisation: Organisation, month: Month, *, at: datetime) -> ReportContent:
    """What the report of `month` says as of `at`, still without the manager's own words."""
    bounds = month.bounds(organisation.timezone)
    (standing,) = standings(organisation, [bounds])
    incidents = _incidents(organisation, bounds, standing)
    as_of = min(at, bounds[1])
    rows = tuple(_row(incident, as_of) for incident in incidents)
    reported = [one for one in incidents if _within(one.received_at, bounds)]
    answered = _first_answers(organisation, bounds)
    return ReportContent(
        organisation=organisation.name,
        timezone=organisation.timezone,
        country=organisation.country,
        month=str(month),
        computed_at=at,
        vendor=_vendor(),
        manager=_manager(organisation),
        levels=_levels(organisation, month),
        counts=_counts(organisation, bounds, reported, standing, as_of),
        first_answer=Spans.of(answered),
        solving=Spans.of(_solving(one) for one in incidents if one.pk in standing.solved),
        incidents=rows,
        people=_people(organisation, bounds),
        gold=_gold(organisation, bounds),
        satisfaction=_satisfaction(organisation, bounds, standing),
        weeks=_weeks(organisation, month, incidents, standing),
        trend=_trend(organisation, month),
    )


def _incidents(organisation: Organisation, bounds: Bounds, standing: Standing) -> list[Incident]:
    """Reported, written on, handed over or solved in the month, with all that a row says.

    In six queries, however many there are. What was solved in the month has that moment, also
    when it was opened again since.
    """
    said = Message.objects.filter(
        incident__organisation=organisation, sent_at__gte=bounds[0], sent_at__lt=bounds[1]
    )
    touched = Q(received_at__gte=bounds[0], received_at__lt=bounds[1])
    touched |= Q(pk__in=list(standing.solved))
    moved = Handover.objects.filter(organisation=organisation, at__gte=bounds[0], at__lt=bounds[1])
    touched |= Q(pk__in=said.values("incident")) | Q(pk__in=moved.values("incident"))
    targets = ResponseTarget.objects.filter(cycle=1).select_related("calendar")
    spoken = Message.objects.filter(kind=MessageKind.ANSWER).select_related("author")
    found: Any = Incident.objects.filter(
        touched, organisation=organisation, received_at__lt=bounds[1]
    )
    incidents = list(
        found.select_related("service", "decision__level", "owner")
        .prefetch_related(
            Prefetch("targets", targets, to_attr="first_targets"),
            Prefetch("messages", spoken, to_attr="answers"),
            Prefetch("handovers", Handover.objects.select_related("by"), to_attr="steps"),
        )
        .order_by("received_at", "pk")
    )
    for incident in incidents:
        incident.solved_at = standing.solved.get(incident.pk, incident.solved_at)
    return incidents


def _row(incident: Any, as_of: datetime) -> IncidentRow:
    target = next(iter(incident.first_targets), None)
    level = incident.decision.level
    met_at = target.met_at if target else None
    people = [one.author.name for one in incident.answers] + [one.by.name for one in incident.steps]
    reached = max((one.to_tier for one in incident.steps), default=Tier.TS1)
    return IncidentRow(
        number=incident.number,
        subject=incident.subject,
        reported_at=incident.received_at,
        level=level.get_level_display() if level else "Not covered",
        priority=incident.get_priority_display(),
        service=incident.service.name,
        channel=incident.get_channel_display(),
        state=incident.get_state_display(),
        first_answer_seconds=_on_its_clock(target) if met_at else None,
        target_seconds=round(target.target.total_seconds()) if target else None,
        in_working_time=bool(target and not working_calendar(target.calendar).is_round_the_clock),
        target_met=_verdict(target, as_of),
        solving_seconds=_solving(incident) if incident.solved_at else None,
        people=tuple(dict.fromkeys(people)),
        escalated_to=Tier(reached).label if reached > Tier.TS1 else "",
        gold_used=bool(level and level.level == Level.GOLD),
    )


def _on_its_clock(target: Any) -> int:
    assert target.met_at is not None
    worked = working_calendar(target.calendar).worked(target.opened_at, target.met_at)
    return round(worked.total_seconds())


def _verdict(target: ResponseTarget | None, as_of: datetime) -> bool | None:
    """From the facts alone (T1): None while nobody can say, or where nothing is owed any more."""
    if target is None:
        return None
    if target.met_at is not None:
        return target.met_at <= target.due_at
    if target.abandoned_at is not None:
        return False if target.abandoned_at > target.due_at else None
    return False if target.due_at < as_of else None


def _first_answers(organisation: Organisation, bounds: Bounds) -> list[int]:
    met = ResponseTarget.objects.filter(
        organisation=organisation, cycle=1, met_at__gte=bounds[0], met_at__lt=bounds[1]
    )
    return [_on_its_clock(target) for target in met.select_related("calendar")]


def _counts(
    organisation: Organisation,
    bounds: Bounds,
    reported: list[Incident],
    standing: Standing,
    as_of: datetime,
) -> Counts:
    met, breached = _verdicts(organisation, bounds, as_of)
    return Counts(
        reported=len(reported),
        solved=len(standing.solved),
        open_at_end=standing.open_at_end,
        targets_met=met,
        targets_breached=breached,
        escalated=_escalated(organisation, bounds),
        by_priority=_tallies(
            (one.get_priority_display() for one in reported), [one.label for one in Priority]
        ),
        by_service=_tallies(one.service.name for one in reported),
        by_channel=_tallies(
            (one.get_channel_display() for one in reported), [one.label for one in Channel]
        ),
    )


def _verdicts(organisation: Organisation, bounds: Bounds, as_of: datetime) -> tuple[int, int]:
    """Targets met in time in the month, and those whose due moment passed in it unanswered.

    By the moments themselves, whether or not a sweep has noted the breach yet (T1).
    """
    start, end = bounds
    in_time = Q(met_at__gte=start, met_at__lt=end, met_at__lte=F("due_at"))
    owed_then = Q(met_at=None) | Q(met_at__gt=F("due_at"))
    owed_then &= Q(abandoned_at=None) | Q(abandoned_at__gt=F("due_at"))
    passed = Q(due_at__gte=start, due_at__lt=as_of) & owed_then
    found = ResponseTarget.objects.filter(organisation=organisation).aggregate(
        met=Count("pk", filter=in_time), breached=Count("pk", filter=passed)
    )
    return found["met"], found["breached"]


def _escalated(organisation: Organisation, bounds: Bounds) -> tuple[Tally, ...]:
    steps = Handover.objects.filter(
        organisation=organisation, at__gte=bounds[0], at__lt=bounds[1], to_tier__gt=Tier.TS1
    )
    highest = steps.values("incident").annotate(tier=Max("to_tier")).values_list("tier", flat=True)
    counted = Counter(highest)
    return tuple(
        Tally(label=str(tier.label), count=counted[tier])
        for tier in (Tier.TS2, Tier.TS3)
        if counted[tier]
    )


def _tallies(labels: Iterable[str], order: list[str] | None = None) -> tuple[Tally, ...]:
    """How often each label comes: in the given order, else the most frequent first."""
    counted = Counter(labels)
    known = order or [
        label for label, _ in sorted(counted.items(), key=lambda one: (-one[1], one[0]))
    ]
    return tuple(Tally(label=label, count=counted[label]) for label in known if counted[label])


def _people(organisation: Organisation, bounds: Bounds) -> tuple[PersonRow, ...]:
    said = Message.objects.filter(
        incident__organisation=organisation,
        kind__in=PUBLIC_KINDS,
        author__isnull=False,
        sent_at__gte=bounds[0],
        sent_at__lt=bounds[1],
    )
    found = said.values("author__name", "author__role").annotate(
        incidents=Count("incident", distinct=True), answers=Count("pk")
    )
    return tuple(
        PersonRow(
            name=one["author__name"],
            role=str(Role(one["author__role"]).label),
            incidents=one["incidents"],
            answers=one["answers"],
        )
        for one in found.order_by("-answers", "author__name")
    )


def _levels(organisation: Organisation, month: Month) -> tuple[LevelHeld, ...]:
    """Paid levels and projects that were active on some day of the month."""
    during = {"starts_on__lte": month.last_on, "ends_on__gt": month.first_on}
    paid = Subscription.objects.standing().filter(organisation=organisation, **during)
    projects = GoLiveProject.objects.filter(organisation=organisation, **during)
    held = [
        LevelHeld(
            level=one.get_level_display(),
            licence=one.licence.key,
            starts_on=one.starts_on,
            ends_on=one.ends_on - timedelta(days=1),
        )
        for one in paid.select_related("licence").order_by("licence__key", "starts_on")
    ]
    held += [
        LevelHeld(
            level=Level.GOLIVE.label,
            licence=one.name,
            starts_on=one.starts_on,
            ends_on=one.ends_on - timedelta(days=1),
        )
        for one in projects
    ]
    return tuple(held)


def _gold(organisation: Organisation, bounds: Bounds) -> tuple[GoldPack, ...]:
    """Packs bought before the month's end that held something in it."""
    entries = LedgerEntry.objects.filter(at__lt=bounds[1]).order_by("at", "pk")
    packs = IncidentPack.objects.filter(organisation=organisation, purchased_at__lt=bounds[1])
    zone = ZoneInfo(organisation.timezone)
    found = []
    held: Any = packs.prefetch_related(Prefetch("entries", entries, to_attr="history"))
    for pack in held:
        before = [one for one in pack.history if one.at < bounds[0]]
        during = [one for one in pack.history if one.at >= bounds[0]]
        opening = before[-1].balance if before else 0
        if not (opening or during):
            continue
        found.append(
            GoldPack(
                bought_on=pack.purchased_at.astimezone(zone).date(),
                bought=pack.quantity,
                spent=_sum(during, EntryKind.CONSUME),
                refunded=_sum(during, EntryKind.REFUND),
                remaining=during[-1].balance if during else opening,
            )
        )
    return tuple(found)


def _sum(entries: list[LedgerEntry], kind: EntryKind) -> int:
    return sum(one.quantity for one in entries if one.kind == kind)


def _satisfaction(organisation: Organisation, bounds: Bounds, standing: Standing) -> Satisfaction:
    given = Rating.objects.filter(
        organisation=organisation, given_at__gte=bounds[0], given_at__lt=bounds[1]
    ).select_related("incident")
    answers = list(given.order_by("given_at"))
    counted = Counter(one.score for one in answers)
    return Satisfaction(
        asked=len(standing.solved),
        ratings=tuple(counted[score] for score in range(1, 6)),
        comments=tuple(
            Comment(incident=one.incident.number, rating=one.score, text=one.comment)
            for one in answers
            if one.comment
        ),
    )


def _weeks(
    organisation: Organisation, month: Month, incidents: list[Incident], standing: Standing
) -> tuple[WeekCount, ...]:
    zone = ZoneInfo(organisation.timezone)
    reported = [one.received_at.astimezone(zone).date() for one in incidents]
    solved = [at.astimezone(zone).date() for at in standing.solved.values()]
    return tuple(
        WeekCount(
            first_on=first,
            last_on=last,
            reported=sum(first <= day <= last for day in reported),
            solved=sum(first <= day <= last for day in solved),
        )
        for first, last in month.weeks()
    )


def _trend(organisation: Organisation, month: Month) -> tuple[TrendMonth, ...]:
    """The months before this one, in four queries for all of them."""
    months = [month.shifted(-back) for back in range(TREND_MONTHS, 0, -1)]
    bounds = [one.bounds(organisation.timezone) for one in months]
    start, end = bounds[0][0], bounds[-1][1]
    received = Incident.objects.filter(
        organisation=organisation, received_at__gte=start, received_at__lt=end
    )
    reported = list(received.values_list("received_at", flat=True))
    met = ResponseTarget.objects.filter(
        organisation=organisation, cycle=1, met_at__gte=start, met_at__lt=end
    )
    answers = [(one.met_at, _on_its_clock(one)) for one in met.select_related("calendar")]
    return tuple(
        TrendMonth(
            month=str(one),
            reported=sum(_within(at, span) for at in reported),
            solved=len(standing.solved),
            median_first_answer_seconds=Spans.of(
                seconds for at, seconds in answers if _within(at, span)
            ).median,
        )
        for one, span, standing in zip(months, bounds, standings(organisation, bounds), strict=True)
    )


def _vendor() -> Vendor:
    facts = settings.VENDOR
    return Vendor(
        name=facts["name"],
        address=tuple(line.strip() for line in facts["address"].split(",")),
        support_address=facts["support_address"],
        phone=facts["phone"],
        web=facts["web"],
    )


def _manager(organisation: Organisation) -> Manager | None:
    tam = organisation.tam
    return Manager(name=tam.name, email=tam.email) if tam else None


def _solving(incident: Incident) -> int:
    assert incident.solved_at is not None
    return round((incident.solved_at - incident.received_at).total_seconds())


def _within(at: datetime | None, bounds: Bounds) -> bool:
    return at is not None and bounds[0] <= at < bounds[1]
